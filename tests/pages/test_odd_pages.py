"""Whatever a server sends is a page of some kind: reading never raises, and never makes an article of nothing."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.profiles import load

from .prose import paragraphs

_PIECES = (
    *(
        "<html>",
        "</html>",
        "<body>",
        "</body>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<ul>",
        "<li>",
        "<div>",
    ),
    *("</div>", "<p>", "</p>", "<br>", "<hr>", "<font>", "<a href=a.asp?id=1>", "<a href='javascript:go(2)'>", "</a>"),
    *(
        "<a href=list.asp?page=2>下一页</a>",
        "<img src=1.jpg>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<select>",
        "<option>",
    ),
    *("<form action=x method=post>", "<input name=page>", "<frameset>", "<frame src=a>", "<iframe src=b></iframe>"),
    *(
        "<title>",
        "</title>",
        "<base href='http://[::1'>",
        "<meta http-equiv=refresh content='0;url='>",
        "<h1>",
        "</h1>",
    ),
    *(
        "当前位置:首页->>扶贫前沿->>扶贫要闻",
        "加入时间:2021-1-13",
        "来源:中国组织人事报",
        "来源:",
        "加入时间:2013-2-30",
        "正文",
    ),
    *(
        "广东省扶贫开发协会",
        "欢迎访问广东扶贫网",
        "版权所有:广东省扶贫开发协会",
        "上一篇：",
        "下一页",
        "【打印】",
        "责任编辑：张三",
    ),
    *("页次:3/27页", "共104条", "该文章不存在", "访问过于频繁", "2015-03-01", "createPageHTML(5,0,'index','html')"),
    *(
        "【1】【2】",
        "<a href=a_2.asp>2</a>",
        "<a href=1.doc>附件</a>",
        "<span style='display:none'>",
        "</span>",
        "&nbsp;",
        "\x00",
    ),
)
_markup = st.lists(st.sampled_from(_PIECES) | paragraphs, max_size=40).map("".join)
_types = st.sampled_from(
    [None, "", "text/html", "text/html; charset=gb2312", "application/pdf", "image/jpeg", "nonsense"]
)
_statuses = st.sampled_from(
    [0, 100, 200, 200, 200, 204, 206, 301, 302, 304, 400, 403, 404, 410, 429, 500, 503, 521, 999]
)
_urls = st.sampled_from(
    ["http://www.gdfupin.org.cn/", "http://www.gdfupin.org.cn/a.asp?id=1", "http://x/", "http://[::1]/%zz"]
)
_headers = st.lists(
    st.sampled_from(
        [
            ("Location", "/"),
            ("Location", ""),
            ("Location", "http://["),
            ("Content-Encoding", "gzip"),
            ("Retry-After", "x"),
        ]
    ),
    max_size=2,
)


@settings(max_examples=500)
@given(
    _markup.map(lambda text: text.encode("gb18030")) | st.binary(max_size=200), _statuses, _types, _headers, _urls,
    st.sampled_from(["gdfupin", "general"]),
)  # fmt: skip
@example(b"", 200, None, [], "http://x/", "general")
@example(b"<", 200, "text/html", [], "http://x/", "general")
@example("加入时间:2021-1-13".encode(), 200, "text/html", [], "http://x/", "gdfupin")
def test_any_answer_is_a_page_of_some_kind(
    payload: bytes, status: int, content_type: str | None, headers: list[tuple[str, str]], url: str, profile: str
) -> None:
    result = [*headers, *([("Content-Type", content_type)] if content_type is not None else [])]
    capture = Capture(url, "2026-01-01T00:00:00Z", status, tuple(result), payload, Proof("w", 0, ""))
    page = pages.read(capture, load(profile))
    assert page.why
    assert page.kind in ("home", "listing", "article", "gone", "blocked", "foreign", "moved", "file", "unknown")
    assert (page.to is not None) == (page.kind == "moved")
    for link in page.links + page.rows:
        assert link.url.isascii()
        assert link.url.startswith(("http://", "https://"))
    made = pages.article([page])
    assert made.article is not None or any(issue.level == "refusal" for issue in made.issues)
    if made.article is not None:
        article = made.article
        assert article.title
        assert article.body or article.images or article.attachments
        assert all(value != "" for value in (article.date, article.source, article.author, article.section))
        assert "\n\n" not in article.body
        assert article.body == article.body.strip("\n ")
        article.line().encode("utf-8")
    pages.next_part([page])
    pages.read_article(payload, content_type, url, profile)


@given(_markup)
def test_reading_is_the_same_every_time(markup: str) -> None:
    capture = Capture("http://a.cn/1.asp", "2026-01-01T00:00:00Z", 200, (), markup.encode(), Proof("w", 0, ""))
    one, two = (pages.read(capture, load("general")) for _ in range(2))
    assert (one.kind, one.why, one.links, one.rows) == (two.kind, two.why, two.links, two.rows)
    assert pages.article([one]) == pages.article([two])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_moved_whatever_its_body_says(status: int) -> None:
    capture = Capture(
        "http://a.cn/1.asp",
        "2026-01-01T00:00:00Z",
        status,
        (("Location", "2.asp"),),
        "该文章不存在".encode(),
        Proof("w", 0, ""),
    )
    page = pages.read(capture, load("general"))
    assert (page.kind, page.to) == ("moved", "http://a.cn/2.asp")


def test_a_page_of_any_depth_and_size_is_read_in_time() -> None:
    deep = "<div><table><tr><td><font>" * 5000 + "一句话。" + "<p>" * 20000
    capture = Capture("http://a.cn/1.asp", "2026-01-01T00:00:00Z", 200, (), deep.encode(), Proof("w", 0, ""))
    assert pages.read(capture, load("general")).kind == "unknown"
