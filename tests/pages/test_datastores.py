"""Lists whose rows are XML data for a script."""

import pytest

from gdfupin_spider import read_page
from gdfupin_spider.pages import Page

URL = "http://a.cn/col/col7/index.html"
ROWS = "".join(
    f"<record><![CDATA[<li><a href='/art/{number}.html'>第{number}次全县农业生产工作会议</a><span>2012-03-0{number}</span></li>]]></record>"
    for number in range(1, 6)
)
NEXT = '<nextgroup><![CDATA[<a href="/dataproxy.jsp?page=1&columnid=7"></a>]]></nextgroup>'
TOTAL = "<totalrecord>104</totalrecord>"
STORE = f"<datastore>{TOTAL}{NEXT}<recordset>{ROWS}</recordset></datastore>"


def listed(main: str) -> Page:
    page = f"<html><body><p><a href='/'>首页</a> <a href='/about.html'>概况</a></p><div id=7>{main}</div><p>版权所有</p></body></html>"
    return read_page(page.encode(), URL, profile="general")


@pytest.mark.parametrize(
    "main",
    [
        f'<script type="text/xml">{STORE}</script>',
        f"<SCRIPT type=text/xml>\n<?xml version='1.0'?>\n{STORE}\n</SCRIPT>",
        f'<script type="text/xml"><!-- {STORE} --></script>',
        f'<script type="text/xml">{STORE.removesuffix("</datastore>")}</script>',
        f'<script type="text/xml">{STORE.replace("</record>", "")}</script>',
        '<script type="text/xml">'
        + STORE.replace("<![CDATA[", "").replace("]]>", "").replace("<li>", "&lt;li&gt;")
        + "</script>",
    ],
    ids=["plain", "with a declaration", "in a comment", "not closed", "records not closed", "without CDATA"],
)
def test_rows_in_a_datastore_are_rows_of_the_page(main: str) -> None:
    page = listed(main)
    assert (page.kind, len(page.rows), page.rows[0].date) == ("listing", 5, "2012-03-01")
    assert page.printed_total == 104
    assert page.next_page is not None
    assert page.next_page.url == "http://a.cn/dataproxy.jsp?page=1&columnid=7"
    assert not page.issues


def test_several_datastores_give_their_rows_but_no_number() -> None:
    other = STORE.replace("/art/", "/news/").replace("104", "66")
    page = listed(f'<script type="text/xml">{STORE}</script><h3>通知</h3><script type="text/xml">{other}</script>')
    assert page.printed_total is None
    assert len([link for link in page.links if "/art/" in link.url or "/news/" in link.url]) == 10


def test_code_that_only_names_a_datastore_is_code() -> None:
    code = "<script>var empty = '<datastore><record><a href=\"/x.html\">甲乙丙丁</a></record></datastore>'; load(empty)</script>"
    page = listed(code)
    assert [link.url for link in page.links] == ["http://a.cn/", "http://a.cn/about.html"]


@pytest.mark.parametrize(
    "data",
    [
        "<list><row><![CDATA[<a href='/art/1.html'>全县农业生产工作会议</a>]]></row></list>",
        "<datastore><rows><row href='/art/1.html'/></rows></datastore>",
    ],
)
def test_data_of_another_form_is_noted(data: str) -> None:
    assert [issue.what for issue in listed(f'<script type="text/xml">{data}</script>').issues] == ["unread-data"]


def test_an_answer_of_data_needs_no_name_of_the_site() -> None:
    page = read_page(STORE.encode(), "http://www.gdfupin.org.cn/dataproxy.jsp?page=1", profile="gdfupin")
    assert (page.kind, len(page.rows)) == ("listing", 5)
