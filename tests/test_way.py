"""Finding the way on sites of a few pages: redirects, frames, scope, spellings, endless spaces."""

from collections import Counter
from pathlib import Path

import pytest

from gdfupin_spider.frontier.scope import Scope
from gdfupin_spider.frontier.traps import FEW, CrawlerTraps
from gdfupin_spider.profiles import load
from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import Crawl, crawl, run

GAMBLING = "<html><body><h1>澳门金沙娱乐场</h1><p>百家乐老虎机注册送彩金二十四小时在线客服</p></body></html>".encode()


def walk(output: Path, site: Handmade, *arguments: str) -> Crawl:
    return crawl(output, "--start-url", site.url, *arguments)


def titles(done: Crawl) -> list[str]:
    return [line["title"] for line in done.lines("articles")]


def test_a_redirect_is_followed_and_the_article_goes_by_its_new_address(tmp_path: Path) -> None:
    pages = {
        "/": page(links("/old.htm")),
        "/old.htm": (301, {"Location": "/new.htm"}, b""),
        "/new.htm": article("修路"),
    }
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    [line] = done.lines("articles")
    assert line["url"] == site.url + "new.htm"
    outcomes = {sighting["url"]: sighting["outcome"] for sighting in done.lines("sightings")}
    assert outcomes == {site.url + "old.htm": "moved", site.url + "new.htm": "read"}
    assert done.exit_code == 0


def test_a_redirect_to_the_home_page_means_missing(tmp_path: Path) -> None:
    pages = {"/": page(links("/gone.htm")), "/gone.htm": (302, {"Location": "/"}, b"")}
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    assert [sighting["outcome"] for sighting in done.lines("sightings")] == ["missing"]
    assert site.paths == ["/", "/gone.htm"]


def test_a_redirect_to_another_spelling_of_the_same_address_is_followed(tmp_path: Path) -> None:
    pages = {
        "/": page(links("/News.asp?ID=1")),
        "/News.asp?ID=1": (302, {"Location": "/news.asp?id=1&sid=0a1b2c3d4e5f60718293"}, b""),
        "/news.asp?id=1&sid=0a1b2c3d4e5f60718293": article("修路"),
    }
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    assert titles(done) == ["修路"]
    assert done.exit_code == 0


def test_redirects_that_never_end_are_given_up_and_named(tmp_path: Path) -> None:
    def onwards(path: str) -> tuple[int, dict[str, str], bytes]:
        return 302, {"Location": f"/hop.htm?n={int(path.rpartition('=')[2]) + 1}"}, b""

    pages = {
        "/": page(links("/hop.htm?n=1", "/a.htm")),
        "/hop.htm": onwards,
        "/a.htm": (302, {"Location": "/b.htm"}, b""),
        "/b.htm": (302, {"Location": "/a.htm"}, b""),
    }
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    assert done.exit_code == 8, "nothing was found"
    assert {what for what, _ in done.issues("failure")} == {"too-many-redirects", "redirect-loop"}
    assert len(site.paths) < 24


def test_what_a_frameset_shows_decides_whether_the_site_is_foreign(tmp_path: Path) -> None:
    frames = b"<html><frameset cols='20%,*'><frame src='/menu.htm'><frame src='/main.htm'></frameset></html>"
    menu = f"<html><body><p>栏目导航</p>{links('/a.htm')}</body></html>".encode()
    with Handmade({"/": frames, "/menu.htm": menu, "/main.htm": page(""), "/a.htm": article("修路")}) as site:
        ours = walk(tmp_path / "ours", site)
    assert (ours.exit_code, titles(ours)) == (0, ["修路"]), ours.log
    with Handmade({"/": frames, "/menu.htm": menu, "/main.htm": GAMBLING, "/a.htm": article("修路")}) as site:
        theirs = walk(tmp_path / "theirs", site)
    assert (theirs.exit_code, theirs.lines("articles")) == (4, []), theirs.log
    assert sorted(site.paths) == ["/", "/main.htm", "/menu.htm"]


@pytest.mark.parametrize(
    "start",
    [
        (302, {"Location": "/home.htm"}, b""),
        b"<html><head><meta http-equiv='refresh' content='0;url=/home.htm'></head></html>",
        b"<html><script>window.location.href='/home.htm'</script></html>",
    ],
    ids=["redirect", "refresh", "script"],
)
def test_what_the_start_page_leads_to_is_judged(start: bytes, tmp_path: Path) -> None:
    with Handmade({"/": start, "/home.htm": page(links("/a.htm")), "/a.htm": article("修路")}) as site:
        ours = walk(tmp_path / "ours", site)
    assert (ours.exit_code, titles(ours)) == (0, ["修路"]), ours.log
    with Handmade({"/": start, "/home.htm": GAMBLING}) as site:
        theirs = walk(tmp_path / "theirs", site)
    assert theirs.exit_code == 4, theirs.log


def test_a_foreign_page_in_the_midst_of_the_site_is_not_followed(tmp_path: Path) -> None:
    spoilt = GAMBLING.replace(b"</body>", b"<a href='/more.htm'>more</a></body>")
    pages = {"/": page(links("/a.htm", "/x.htm")), "/a.htm": article("修路"), "/x.htm": spoilt}
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    assert titles(done) == ["修路"]
    assert "/more.htm" not in site.paths
    assert [line["kind"] for line in done.lines("pages") if line["url"].endswith("x.htm")] == ["foreign"]


def test_nothing_outside_the_scope_is_fetched(tmp_path: Path) -> None:
    with Handmade({"/": page("")}) as elsewhere:
        away = elsewhere.url.replace("127.0.0.1", "localhost")
        picture = f"<img src='{away}p.jpg'>"
        pages = {
            "/": page(links(away, "/away.htm", "/a.htm", "ftp://127.0.0.1/x", "javascript:alert(1)")),
            "/away.htm": (302, {"Location": away + "trap"}, b""),
            "/a.htm": article("修路", body=f"这一段里有一张别处的图片，还有许多别的话要说给乡亲们听。{picture}"),
        }
        with Handmade(pages) as site:
            done = walk(tmp_path, site)
    assert elsewhere.asked == []
    assert titles(done) == ["修路"]
    assert {what for what, _ in done.issues("note")} >= {"media-elsewhere"}
    assert done.exit_code == 0


def test_one_article_under_many_spellings_is_fetched_once(tmp_path: Path) -> None:
    spellings = ("/Show.asp?ID=7", "/show.asp?id=7", "/show.asp?id=7#top", "/show.asp?id=7&sid=0123456789abcdef0123")
    with Handmade({"/": page(links(*spellings)), "/Show.asp?ID=7": article("修路")}) as site:
        done = walk(tmp_path, site)
    assert titles(done) == ["修路"]
    assert site.paths == ["/", "/Show.asp?ID=7"]


def test_the_same_article_in_two_sections_is_one_line_under_the_first_capture(tmp_path: Path) -> None:
    other = article("修路").replace("->>扶贫要闻".encode(), "->>部门动态".encode())
    with Handmade({"/": page(links("/a.htm", "/b.htm")), "/a.htm": article("修路"), "/b.htm": other}) as site:
        done = walk(tmp_path, site, "--concurrency", "1")
    [line] = done.lines("articles")
    assert line["url"] == site.url + "a.htm"
    assert [(s["url"][-5:], s["same_as"]) for s in done.lines("sightings")] == [("a.htm", None), ("b.htm", line["url"])]


def test_an_article_of_several_pages_keeps_its_turn(tmp_path: Path) -> None:
    """Its first page stands in the WARC before the other article's, though its last page comes after that."""
    parts = "<p><a href='/a.htm'>【1】</a><a href='/a_2.htm'>【2】</a></p>"
    pages = {
        "/": page(links("/a.htm", "/b.htm")),
        "/a.htm": article("修路", parts, "第一页说的是修路的由来，村里开了三次会才定下来要修这条路。"),
        "/a_2.htm": article("修路", parts, "第二页说的是修路的经过，男女老少齐上阵，三个月就把路修通了。"),
        "/b.htm": article("种果"),
    }
    with Handmade(pages) as site:
        done = walk(tmp_path, site, "--concurrency", "1")
    first, second = done.lines("articles")
    assert (first["title"], second["title"]) == ("修路", "种果")
    assert len(first["captures"]) == 2
    assert "由来" in first["body"]
    assert "经过" in first["body"]


def test_half_an_article_is_no_article(tmp_path: Path) -> None:
    parts = "<p><a href='/a.htm'>【1】</a><a href='/a_2.htm'>【2】</a></p>"
    pages = {
        "/": page(links("/a.htm")),
        "/a.htm": article("修路", parts, "第一页说的是修路的由来，村里开了三次会才定下来要修这条路。"),
        "/a_2.htm": (500, {}, b""),
    }
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    assert done.lines("articles") == []
    assert {what for what, _ in done.issues("refusal")} == {"missing-part"}
    assert [sighting["outcome"] for sighting in done.lines("sightings")] == ["unreadable"]
    assert done.exit_code == 8, "nothing was found"


def test_an_endless_calendar_is_left_and_named(tmp_path: Path) -> None:
    def month(path: str) -> bytes:
        number = int(path.rpartition("=")[2])
        return page("<p>活动日历</p>" + links(f"/calendar.asp?m={number + 1}", f"/calendar.asp?m={number - 1}"))

    with Handmade(
        {"/": page(links("/calendar.asp?m=5", "/a.htm")), "/a.htm": article("修路"), "/calendar.asp": month}
    ) as site:
        done = walk(tmp_path, site)
    assert len([path for path in site.paths if path.startswith("/calendar")]) <= FEW + 5
    assert {what for what, _ in done.issues("note")} == {"endless-space"}
    assert done.answer["given_up"]
    assert (titles(done), done.exit_code) == (["修路"], 0)


def test_a_long_listing_whose_articles_were_found_before_is_walked_to_its_end(tmp_path: Path) -> None:
    """Its articles link to each other, so that its pages lead to nothing that was not asked for."""

    def listing(path: str) -> bytes:
        page_number = int(path.rpartition("=")[2])
        if page_number == 60:
            return page("")
        numbers = range(3 * page_number, 3 * page_number + 3)
        rows = "".join(f"<li><a href='/show.asp?id={n}'>第{n}个村修路</a>2013-5-6</li>" for n in numbers)
        following = f"<p><a href='/list.asp?page={page_number + 1}'>下一页</a></p>"
        return page(f"<p>当前位置:首页->>扶贫要闻</p><ul>{rows}</ul>{following}")

    def show(path: str) -> bytes:
        number = int(path.rpartition("=")[2])
        return article(f"第{number}个村修路", links(*(f"/show.asp?id={number + n}" for n in range(1, 180 - number))))

    pages = {"/": page(links("/show.asp?id=0", "/list.asp?page=0")), "/list.asp": listing, "/show.asp": show}
    with Handmade(pages) as site:
        done = walk(tmp_path, site)
    assert "/list.asp?page=60" in site.paths
    assert not done.answer["given_up"]


def test_relative_links_that_grow_end(tmp_path: Path) -> None:
    with Handmade({"/": page(links("/news/a.htm"))}) as site:
        pass
    grown = page(links("news/a.htm"))
    pages = {"/": page(links("/news/a.htm")), **{"/" + "news/" * n + "a.htm": grown for n in range(1, 40)}}
    with Handmade(pages) as site:
        walk(tmp_path, site)
    assert len(site.paths) < 8


def test_a_server_that_dies_ends_the_crawl_after_a_while_with_named_gaps(tmp_path: Path) -> None:
    dead = (500, {}, b"")
    pages = {"/": page(links(*(f"/{n}.htm" for n in range(60)))), **{f"/{n}.htm": dead for n in range(60)}}
    with Handmade(pages) as site:
        done = walk(tmp_path, site, "--concurrency", "8")
    assert (done.exit_code, done.answer["reason"]) == (8, "gave-up"), done.log
    assert 30 <= len(done.issues("failure")) <= 60


def test_templates_that_bring_articles_have_patience_with_those_that_do_not() -> None:
    traps = CrawlerTraps()
    for number in range(50):
        assert traps.article(f"http://a.cn/show.asp?id={number}", new=True) == []
    named = [traps.page(f"http://a.cn/show.asp?id={number}", []) for number in range(100, 180)]
    assert [n for n, names in enumerate(named) if names] == [FEW + 50 - 1]
    assert Counter(traps.allows(f"http://a.cn/show.asp?id={number}") for number in range(9)) == {False: 9}
    assert traps.allows("http://a.cn/list.asp?id=1")


def test_pages_that_lead_to_another_template_are_fruitful() -> None:
    traps = CrawlerTraps()
    for number in range(200):
        assert traps.page(f"http://a.cn/list.asp?page={number}", [f"http://a.cn/show.asp?id={number}"]) == []


@pytest.mark.parametrize(
    ("url", "inside"),
    [
        ("http://www.gdfupin.org.cn/a", True),
        ("https://gdfupin.org.cn:8080/a", True),
        ("HTTP://WWW.GDFUPIN.ORG.CN./a", True),
        ("http://www.gdfupin.org.cn.evil.cn/a", False),
        ("http://evil.cn/www.gdfupin.org.cn", False),
        ("http://www.gdfupin.org.cn@evil.cn/", False),
        ("http://www.gdfupin.org.cn\\@evil.cn/", False),
        ("ftp://www.gdfupin.org.cn/", False),
        ("http://www.gdfupin.org.cn/" + "a" * 3000, False),
    ],
)
def test_the_scope_is_a_matter_of_the_host(url: str, inside: bool) -> None:
    assert Scope(load("gdfupin")).page(url) is inside


def test_a_start_url_names_a_private_address_and_the_profile_does_not() -> None:
    assert Scope(load("gdfupin")).named == frozenset()
    assert Scope(load("gdfupin"), ["http://10.0.0.7:8080/"]).named == {"10.0.0.7"}


def listing(*urls: str) -> bytes:
    rows = "".join(
        f"<tr><td>·<a href='{url}'>村里的第{n}条路修好了</a></td><td>[2021-1-{n + 10}]</td></tr>"
        for n, url in enumerate(urls)
    )
    return page(f"<p>当前位置:<a href='/'>首页</a>->><a href='/list.htm'>扶贫要闻</a></p><table>{rows}</table>")


ROWS = {
    f"/r{n}.htm": article(f"村里的第{n}条路修好了", body=f"第{n}条路有{n + 3}里长，通到{n + 5}个村子，全是水泥铺的。")
    for n in range(1, 4)
}


@pytest.mark.parametrize(
    "forward",
    [
        b"<html><head><meta http-equiv=refresh content='0;url=/new.htm'></head></html>",
        b"<html><script>window.location.replace('/new.htm')</script></html>",
        b"<html><script>top.location='/new.htm'</script>Please wait.</html>",
        (200, {"Refresh": "0; url=/new.htm"}, b"<html><body></body></html>"),
    ],
    ids=["refresh", "replace", "script", "header"],
)
def test_a_row_that_leads_on_without_a_redirect_is_no_gap(forward: bytes | Answer, tmp_path: Path) -> None:
    site_pages: dict[str, bytes | Answer] = {
        "/": page(f"<p>村里的新闻都在这里。</p>{links('/list.htm')}"),
        "/list.htm": listing("/old.htm", *ROWS),
        "/old.htm": forward,
        "/new.htm": article("村里的第0条路修好了"),
        **ROWS,
    }
    with Handmade(site_pages) as site:
        done = crawl(tmp_path, "--start-url", site.url)
        again = crawl(tmp_path, "--start-url", site.url)
        replayed = run("replay", "latest", "--output", str(tmp_path))
        asked = site.paths.count("/old.htm")
    assert (done.exit_code, again.exit_code, replayed.returncode) == (0, 0, 0), (done.issues(), replayed.stdout)
    assert len(done.lines("articles")) == 4
    [moved] = [line for line in done.lines("sightings") if line["url"].endswith("/old.htm")]
    assert (moved["outcome"], moved["to"]) == ("moved", f"{site.url}new.htm")
    assert asked == 1


def test_a_row_that_leads_on_to_no_article_stays_a_gap(tmp_path: Path) -> None:
    forward = b"<html><head><meta http-equiv=refresh content='0;url=/new.htm'></head></html>"
    site_pages: dict[str, bytes | Answer] = {
        "/": page(f"<p>村里的新闻都在这里。</p>{links('/list.htm')}"),
        "/list.htm": listing("/old.htm", *ROWS),
        "/old.htm": forward,
        "/new.htm": page("<p>这里什么也没有，只有一句话。</p>"),
        **ROWS,
    }
    with Handmade(site_pages) as site:
        done = crawl(tmp_path, "--start-url", site.url)
    assert done.exit_code == 1
    assert done.issues("refusal") == {("not-an-article", f"{site.url}new.htm")}


def test_a_location_that_is_no_address_leads_nowhere_and_ends_nothing(tmp_path: Path) -> None:
    nowhere: Answer = (302, {"Location": "http://["}, b"")
    site = {
        "/": page(links("/a.htm", "/b.htm")),
        "/a.htm": nowhere,
        "/b.htm": article("修路", body="村里修路的人多了。<img src=/p.jpg>"),
        "/p.jpg": nowhere,
    }
    with Handmade(site) as served:
        done = crawl(tmp_path, "--start-url", served.url, demo=False)
    assert (done.exit_code, "Traceback" in done.log) == (0, False), done.log
    assert [line["title"] for line in done.lines("articles")] == ["修路"]
    assert [line["status"] for line in done.lines("media")] == [302]
    assert {what for what, url in done.issues("note") if url.endswith("/p.jpg")} == {"media-missing"}
