"""Links that a page's own scripts make."""

import pytest

from gdfupin_spider.pages.dom.lines import parse
from gdfupin_spider.pages.links import extract

URL = "http://www.gdfupin.org.cn/list.asp?ClassID=5"


def found(markup: str) -> list[str]:
    return [link.url for link in extract.extract_links(parse(markup), URL, "utf-8")]


@pytest.mark.parametrize(
    "script",
    [
        "function show(id){window.open('show.asp?id='+id,'','width=700')}",
        'function show(id){location.href="show.asp?id=" + id;}',
        "function show(id) { var page = 'show.asp?id=' + id; window.location = page; }",
        "var show = function(id){ self.location.replace('show.asp?id='+id); };",
    ],
)
def test_a_link_that_calls_a_function_of_the_page_leads_where_the_function_jumps(script: str) -> None:
    markup = f"<script>{script}</script><a href='javascript:show(300)'>一</a><a href='#' onclick='show(301);return false'>二</a>"
    assert found(markup) == ["http://www.gdfupin.org.cn/show.asp?id=300", "http://www.gdfupin.org.cn/show.asp?id=301"]


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='javascript:show(300)'>一</a>",  # a function that is not in the page
        "<script>function show(id){window.open(base+id)}</script><a href='javascript:show(300)'>一</a>",
        "<script>function show(id){location='logout.asp?u='+id}</script><a href='javascript:show(300)'>退出</a>",
    ],
)
def test_a_call_that_is_not_understood_or_leads_into_a_trap_is_no_link(markup: str) -> None:
    assert found(markup) == []


def test_a_menu_that_a_script_writes_is_followed() -> None:
    script = """document.write("<td><a href='list.asp?ClassID=6'>定点连线</a></td>");
    document.write('<a href="list.asp?ClassID=7">地市联播</a>'); document.write("<a href='"+more+"'>更多</a><a href='#'>x</a>");"""
    assert found(f"<script>{script}</script>") == [
        "http://www.gdfupin.org.cn/list.asp?ClassID=6",
        "http://www.gdfupin.org.cn/list.asp?ClassID=7",
    ]


@pytest.mark.parametrize(
    ("markup", "role", "expected"),
    [
        ("<frameset rows='80,*'><frame src=main.asp?id=3></frameset>", "frame", "main.asp?id=3"),
        ("<p>广东扶贫网</p><iframe src=' news\\list.asp?id=3 ' width=100%></iframe>", "frame", "news/list.asp?id=3"),
        (
            "<META HTTP-EQUIV=REFRESH CONTENT=\"3;URL='new/index.asp'\">本站已改版，3秒后自动跳转",
            "refresh",
            "new/index.asp",
        ),
        ("<meta http-equiv='refresh' content='0; new/index.asp; url=new/index.asp'>", "refresh", "new/index.asp"),
        ("<script>top.location.replace('new/index.asp')</script>", "refresh", "new/index.asp"),
    ],
)
def test_frames_and_pages_that_lead_on_by_themselves_are_followed(markup: str, role: str, expected: str) -> None:
    made = [link for link in extract.extract_links(parse(markup), URL, "utf-8") if link.role == role]
    assert [link.url for link in made] == ["http://www.gdfupin.org.cn/" + expected]


ROW = "<li><a href='show.asp?id=3'>全县农业生产工作会议召开</a> 2012-03-05</li>"


@pytest.mark.parametrize(
    ("before", "role"),
    [
        ("<map name=m><area shape=rect coords='1,1,9,9' href='show.asp?id=3'></map>", "link"),
        ("<a href='show.asp?id=3'><img src='photo.jpg'></a>", "link"),
        ("<script>document.write('<a href=\"show.asp?id=3\">')</script>", "link"),
        ("<iframe src='show.asp?id=3'></iframe>", "frame"),
    ],
)
def test_a_link_without_text_leaves_the_text_to_a_later_one(before: str, role: str) -> None:
    page = f"{before}<p><a href='about.asp'>本站概况</a></p>{ROW}<a href='show.asp?id=3'>[详细]</a>"
    first, other = extract.extract_links(parse(page), URL, "utf-8")
    assert (first.url, first.role) == ("http://www.gdfupin.org.cn/show.asp?id=3", role)
    assert (first.text, first.date) == ("全县农业生产工作会议召开", "2012-03-05")
    assert other.text == "本站概况"
