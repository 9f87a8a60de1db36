"""Rules of robots.txt: the cases of RFC 9309 and of Google's parser, in words and paths of our own."""

import time
from pathlib import Path

import pytest

from gdfupin_spider.frontier.robots_rules import SIZE_LIMIT, RobotsRules
from tests.handmade import Handmade, article, links, page
from tests.sites import crawl

SITE = "http://a.cn"


def allowed(
    text: str, path: str, agent: str = "gdfupin_spider/1.0 (archive of www.a.cn; one polite visitor; x@y.cn)"
) -> bool:
    return RobotsRules(text.encode(), agent).allowed(SITE + path)


@pytest.mark.parametrize(
    ("agent", "ours"),
    [
        ("gdfupin_spider", True),
        ("GDFUPIN_Spider", True),
        ("gdfupin_spider/9", True),
        ("gdfupin_spider  # us", True),
        ("gdfupin", False),
        ("gdfupin_spider_news", False),
        ("gdfupin_spider-images", False),
        ("spider", False),
        ("archive", False),
        ("www", False),
        ("polite", False),
        ("x", False),
        ("0", False),
        ("", False),
    ],
)
def test_a_group_is_ours_only_by_the_product_token(agent: str, ours: bool) -> None:
    text = f"User-agent: {agent}\nDisallow: /\n\nUser-agent: *\nDisallow: /b\n"
    assert (allowed(text, "/a"), allowed(text, "/b")) == (not ours, False)
    assert allowed(f"User-agent: {agent}\nDisallow: /\n", "/a") is not ours


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "/a", True),
        ("user-agent: *\ndisallow: /", "/a", False),
        ("USER-AGENT: *\nDISALLOW: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("Disallow: /\nUser-agent: *\nAllow: /", "/a", True),  # a rule before any group
        ("User-agent: gdfupin_spider\nDisallow:\n\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: gdfupin_spider\nAllow: /", "/a", True),
        ("User-agent: other\nUser-agent: gdfupin_spider\nDisallow: /a", "/a", False),  # two names for one group
        ("User-agent: gdfupin_spider\nDisallow: /a\n\nUser-agent: gdfupin_spider\nDisallow: /b", "/b", False),
        ("User-agent: *\nDisallow: /list\nAllow: /list/a", "/list/a1", True),  # the longest rule counts
        ("User-agent: *\nAllow: /list\nDisallow: /list", "/list", True),  # the milder of two equal ones
        ("User-agent: *\nDisallow: /a", "/A", True),
        ("User-agent: *\nDisallow: /*.asp$", "/x/1.asp", False),
        ("User-agent: *\nDisallow: /*.asp$", "/x/1.asp?id=2", True),
        ("User-agent: *\nDisallow: /fish*", "/fish/salmon", False),
        ("User-agent: *\nDisallow: /fish/", "/fish", True),
        ("User-agent: *\nDisallow: /a?b=", "/a?b=1", False),
        ("User-agent: *\nDisallow: /%e4%b8%ad", "/%E4%B8%AD/1", False),
        ("User-agent: *\nDisallow: /中", "/%E4%B8%AD/1", False),
        ("User-agent: *\nDisallow: /%b9%e3", "/%B9%E3%B6%AB/", False),
        ("User-agent: *\nDisallow: /%b9%e3", "/%B7%F6%C6%B6/", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\rDisallow: /a\rDisallow: /b", "/b", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\nDisallow: /a # why", "/a", False),
        ("Sitemap: http://a.cn/map.xml\nUser-agent: *\nSitemap: x\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("<html><body>404</body></html>", "/a", True),
    ],
)
def test_which_urls_are_allowed(text: str, path: str, expected: bool) -> None:
    assert allowed(text, path) is expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16", "big5"])
def test_the_file_may_have_any_encoding(encoding: str) -> None:
    text = "# 我的天，不要到以下地方去，那是大家的家，今天天水很大\nUser-agent: *\nDisallow: /中文/\n"
    rules = RobotsRules(text.encode(encoding), content_type=f"text/plain; charset={encoding}")
    assert not rules.allowed(f"{SITE}/%E4%B8%AD%E6%96%87/1.htm")
    assert rules.allowed(f"{SITE}/%E4%B8%AD/1.htm")


def test_a_path_in_gbk_is_a_rule_for_its_bytes(tmp_path: Path) -> None:
    rules = RobotsRules("# 机器人请勿访问下列目录\nUser-agent: *\nDisallow: /中文/\n".encode("gbk"))
    assert not rules.allowed(f"{SITE}/%D6%D0%CE%C4/1.htm")
    assert rules.allowed(f"{SITE}/%B9%E3%B6%AB/1.htm")


def test_only_the_first_500_kibibytes_count_and_a_cut_line_does_not() -> None:
    begin = "User-agent: *\nDisallow: /a\n"
    filler = "#" * (SIZE_LIMIT - len(begin) - len("\nDisallow: /")) + "\nDisallow: /b\nDisallow: /c\n"
    rules = RobotsRules((begin + filler).encode())
    assert [rules.allowed(SITE + path) for path in ("/a", "/b", "/c", "/")] == [False, True, True, True]


def test_a_huge_file_does_not_slow_down_each_request() -> None:
    rules = RobotsRules(b"User-agent: *\n" + b"".join(b"Disallow: /%d/*/x$\n" % n for n in range(500_000)))
    begin = time.process_time()
    for _ in range(10):
        rules.allowed(f"{SITE}/a.htm")
    assert time.process_time() - begin < 1


def test_a_long_crawl_delay_is_bounded_and_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_CRAWL_DELAY_MAX", "0.2")
    robots = b"User-agent: *\nCrawl-delay: 86400\n"
    with Handmade({"/": page(links("/a.htm")), "/a.htm": article("修路"), "/robots.txt": robots}) as site:
        done = crawl(tmp_path, "--start-url", site.url)
    assert done.exit_code == 0, done.log
    assert "asks for 86400 s between requests; the crawl waits 0.2 s (GDFUPIN_CRAWL_DELAY_MAX)" in done.log
    assert {what for what, _ in done.issues("note")} == {"crawl-delay"}
