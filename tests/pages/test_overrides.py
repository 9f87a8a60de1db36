"""A profile's overrides: CSS or XPath for the day somebody sees the real markup."""

from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Article, Capture, Issue, Proof
from gdfupin_spider.profiles import load

PAGE = """
<html><head><title>某县水务局</title></head><body>
<div id=top>某县水务局</div>
<div class=path>当前位置:<a href=/>首页</a>&gt;<a href=/l.asp>要闻</a></div>
<table><tr><td class=head>抗旱一线见闻<br>——记双河水库</td></tr>
<tr><td class=info>发布时间:2013-4-5 来源:县报</td></tr>
<tr><td class=when>2014年5月6日</td><td class=who><b>供稿:</b><span>水保站</span></td></tr>
<tr><td><font id=text><p>今年入春以来，我县降水偏少，双河水库蓄水不足。</p><p>全局干部下到一线，帮助群众抽水灌溉。</p>
<img src="a.jpg" width=400><script>var x = "不印";</script>
<p><a href="b.doc">附件：名单</a></p></font></td></tr></table>
<div class=tail>收藏本站的人也看了很多别的内容。</div></body></html>
"""


def read(tmp_path: Path, page: str = PAGE, **overrides: str) -> tuple[pages.Page, Article | None, tuple[Issue, ...]]:
    """The page, its article and its issues, read with these overrides."""
    profile = tmp_path / "county.toml"
    lines = "".join(f"{name} = '''{expression}'''\n" for name, expression in overrides.items())
    profile.write_text(f'name = "county"\ntitle = "某县水务局"\n[overrides]\n{lines}', "utf-8")
    head = (("Content-Type", "text/html; charset=utf-8"),)
    url = "http://county.cn/show.asp?id=1"
    capture = Capture(url, "2026-01-01T00:00:00Z", 200, head, page.encode(), Proof("", 0, ""))
    made = pages.read(capture, load(profile))
    if made.kind != "article":
        return made, None, made.issues
    reading = pages.article([made])
    return made, reading.article, reading.issues


@pytest.mark.parametrize(
    ("field", "expression", "value"),
    [
        ("title", "div#top", "某县水务局"),
        ("title", "td.head", "抗旱一线见闻 ——记双河水库"),
        ("title", "//td[@class='head']/text()", "抗旱一线见闻 ——记双河水库"),
        ("title", "string(//title)", "某县水务局"),
        ("title", "//td[@class='head']/text()[1]", "抗旱一线见闻"),
        ("date", ".when", "2014-05-06"),
        ("source", ".who span", "水保站"),
        ("source", "string(//td[@class='who']/span)", "水保站"),
        ("source", ".info", "县报"),
        ("author", ".who", "水保站"),
        ("author", ".who span::text", "水保站"),
        ("breadcrumb", ".path", ("要闻",)),
        ("breadcrumb", ".path a", ("要闻",)),
        ("body", "#text p:first-child", "今年入春以来，我县降水偏少，双河水库蓄水不足。"),
        ("info_line", ".when", "2014年5月6日"),
    ],
)
def test_an_override_wins_over_what_the_lines_say(field: str, expression: str, value: Any, tmp_path: Path) -> None:
    _, article, issues = read(tmp_path, **{field: expression})
    assert article is not None
    assert getattr(article, field) == value
    assert "override-finds-nothing" not in {issue.what for issue in issues}


def test_the_other_fields_stay_what_the_lines_say(tmp_path: Path) -> None:
    _, article, _ = read(tmp_path, date=".when", author=".who")
    assert article is not None
    assert (article.source, article.breadcrumb) == ("县报", ("要闻",))
    assert article.body.startswith("今年入春以来"), "what is date and author is no body"


def test_an_info_line_brings_its_date_and_source(tmp_path: Path) -> None:
    _, article, _ = read(tmp_path, info_line="//td[@class='when']/..")
    assert article is not None
    assert (article.date, article.source, article.author) == ("2014-05-06", None, "水保站")


@pytest.mark.parametrize(
    "expression", [".nowhere", "//td[@class='nowhere']", "string(//nowhere)", "//script", "nowhere:thing()"]
)
@pytest.mark.parametrize("field", ["title", "date", "source", "author", "info_line", "breadcrumb", "body"])
def test_an_expression_that_finds_nothing_is_a_note_and_the_lines_decide(
    field: str, expression: str, tmp_path: Path
) -> None:
    if expression == "nowhere:thing()":
        expression = "//*[nowhere(.)]"
    _, plain, before = read(tmp_path)
    _, article, issues = read(tmp_path, **{field: expression})
    assert article is not None
    assert plain is not None
    assert article.content_sha256 == plain.content_sha256
    [note] = [issue for issue in issues if issue not in before]
    assert (note.level, note.what) == ("note", "override-finds-nothing")
    assert f"overrides.{field}" in note.evidence


def test_a_date_override_without_a_date_is_a_note(tmp_path: Path) -> None:
    _, article, issues = read(tmp_path, date="div#top")
    assert article is not None
    assert article.date == "2013-04-05"
    assert "override-finds-nothing" in {issue.what for issue in issues}


def test_a_body_has_the_pictures_and_files_in_it_and_no_scripts(tmp_path: Path) -> None:
    _, article, _ = read(tmp_path, body="#text")
    assert article is not None
    assert article.body == (
        "今年入春以来，我县降水偏少，双河水库蓄水不足。\n全局干部下到一线，帮助群众抽水灌溉。\n附件：名单"
    )
    assert [image.url for image in article.images] == ["http://county.cn/a.jpg"]
    assert [file.url for file in article.attachments] == ["http://county.cn/b.doc"]


WORDLESS = """
<html><body><div class=m><a href=a.asp>甲</a> <a href=b.asp>乙</a></div>
<p class=t>通水了</p><p class=d>癸巳年五月 (20130506)</p>
<div class=c>本月六日，渠道通水。群众奔走相告，纷纷到渠边观看。</div><div>电话</div></body></html>
"""


def test_a_page_whose_words_say_nothing_is_an_article_by_title_and_body(tmp_path: Path) -> None:
    page, _, _ = read(tmp_path, WORDLESS)
    assert page.kind != "article"
    page, article, _ = read(tmp_path, WORDLESS, title=".t", body=".c", date="string(substring(//p[@class='d'], 8))")
    assert page.kind == "article", page.why
    assert article is not None
    assert (article.title, article.body) == ("通水了", "本月六日，渠道通水。群众奔走相告，纷纷到渠边观看。")


def test_a_page_where_the_body_finds_nothing_is_what_its_words_say(tmp_path: Path) -> None:
    assert read(tmp_path, WORDLESS, title=".t", body=".nowhere")[0].kind != "article"


def test_roles_follow_the_overrides(tmp_path: Path) -> None:
    page, _, _ = read(tmp_path, WORDLESS, title=".t", body=".c")
    roles = {line.text: line.role for line in page.lines}
    assert roles["通水了"] == "title"
    assert roles["本月六日，渠道通水。群众奔走相告，纷纷到渠边观看。"] == "body"


def test_the_door_for_measuring_knows_overrides(tmp_path: Path) -> None:
    read(tmp_path, date=".when")
    result = pages.read_article(PAGE.encode(), None, None, str(tmp_path / "county.toml"))
    assert result["date"] == "2014-05-06"
