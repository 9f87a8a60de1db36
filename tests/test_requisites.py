"""`crawl --requisites` fetches what pages need to look as they did, once, and nothing of other hosts."""

import json
import time
import zlib
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.pages.links import requisites
from tests import handmade
from tests.sites import crawl, run

HEAD = b"""<head><link rel='Stylesheet' href='/css/main.css'><link rel="shortcut icon" href="/favicon.ico">
<script src="/js/menu.js"></script><script src="http://counter.example/c.js"></script><style>td {background:url(/img/td.gif)}</style>"""
CSS = b"@import 'more.css'; body {background: url(\"../img/bg.gif\")} p {background: url(data:image/png;base64,AA)}"
FILES = {
    "/css/main.css": (200, {"Content-Type": "text/css", "Content-Encoding": "deflate"}, zlib.compress(CSS)),
    "/css/more.css": (200, {"Content-Type": "text/css; charset=gb2312"}, b"i {background:url(/img/i.gif)}"),
    "/favicon.ico": (200, {"Content-Type": "image/x-icon"}, b"icon"),
    "/js/menu.js": (200, {"Content-Type": "text/javascript"}, b"document.write('<p>x</p>')"),
    **{f"/img/{name}.gif": (200, {"Content-Type": "image/gif"}, name.encode()) for name in ("td", "bg", "i", "logo")},
}


def dressed(body: bytes) -> bytes:
    """A page with a template that needs files."""
    return body.replace(b"<head>", HEAD, 1).replace(
        b"<body>", b"<body background='/img/bg.gif'><img src='img/logo.gif'>", 1
    )


def test_each_file_of_the_template_is_fetched_once_in_an_archive(tmp_path: Path) -> None:
    rows = "".join(f"<p><a href='/show.asp?id={n}'>修路的消息第{n}号</a> 2021-1-{n}</p>" for n in range(1, 7))
    crumb = "<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>扶贫要闻</p>"
    articles = {f"/show.asp?id={n}": dressed(handmade.article(f"修路的消息第{n}号")) for n in range(1, 7)}
    pages = {
        "/": dressed(handmade.page("<p><a href='/list.asp'>扶贫要闻</a></p>" + rows)),
        "/list.asp": dressed(handmade.page(crumb + rows)),
    }
    with handmade.Handmade({**pages, **articles, **FILES}) as site:
        first = crawl(tmp_path, "--requisites", "--start-url", site.url, demo=False)
        asked = [path for _, path, _ in site.asked]
        assert first.exit_code in (0, 1), first.log
        assert sorted(path for path in asked if path in FILES) == sorted(FILES), "each once, of style sheets, too"
        assert {line["url"].removeprefix(site.url.rstrip("/")) for line in first.lines("media")} == set(FILES)
        assert not any("counter.example" in url for _, url in first.issues()), "no part of the site"
        crawl(tmp_path, "--requisites", "--full", "--recheck", "all", "--start-url", site.url, demo=False)
        assert not set(FILES) & {path for _, path, _ in site.asked[len(asked) :]}
    assert run("verify", "--output", str(tmp_path)).returncode == 0


def test_without_the_option_no_style_sheet_is_fetched(tmp_path: Path) -> None:
    with handmade.Handmade({"/": dressed(handmade.page("<p><a href='/a.asp'>甲</a></p>")), **FILES}) as site:
        crawl(tmp_path, "--start-url", site.url, demo=False)
        assert not set(FILES) & {path for _, path, _ in site.asked}


@given(st.text(alphabet="<>='\" \\/urlimportsc@()abc\n\t高", max_size=300))
def test_any_markup_gives_absolute_addresses(text: str) -> None:
    found = [
        *requisites.of_page(f"<style>{text}</style><img src='{text}'>", "http://a.cn/b/", "utf-8"),
        *requisites.of_style_sheet(text, "http://a.cn/b/", "utf-8"),
    ]
    assert all(url.startswith(("http://", "https://")) for url in found)
    json.dumps(found)


def test_a_requisite_performs_no_action() -> None:
    page = "<img src=img/login.gif><img src=vote.asp?id=1><script src=js/search.js?v=2></script><script src=user/logout.asp>"
    found = requisites.of_page(page, "http://a.cn/", "utf-8")
    assert found == ("http://a.cn/img/login.gif", "http://a.cn/js/search.js?v=2")


def test_hostile_markup_does_not_stop_a_crawl() -> None:
    began = time.process_time()
    for page in (
        f"<img {' '.join(f'a{n}=1' for n in range(100_000))} src=a.gif>",
        "<div>" * 300_000,
        "<style>" + "url(" * 300_000,
    ):
        requisites.of_page(page, "http://a.cn/", "utf-8")
    assert time.process_time() - began < 5, "libxml2 takes the square of the number of attributes"
