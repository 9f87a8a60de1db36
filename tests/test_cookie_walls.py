"""Sites that let in only visitors who send back the cookie of a redirect."""

from pathlib import Path

import pytest

from gdfupin_spider.crawl.cookie_walls import CookieWalls
from tests.handmade import article, links, page
from tests.raw_site import Site, response
from tests.sites import Crawl, crawl, run

ARTICLE = response(article("修路"))


def redirect(to: str, *cookies: str) -> bytes:
    return response(b"", "302 Found", f"Location: {to}", *(f"Set-Cookie: {cookie}" for cookie in cookies))


def walled(site: Site, output: Path, *arguments: str) -> Crawl:
    with site.serve() as url:
        return crawl(output, "--start-url", url, "--no-media", *arguments)


def home(*urls: str) -> bytes:
    return response(page(f"<p>村里的新闻都在这里。</p>{links(*urls)}"))


def test_a_redirect_to_itself_is_passed_with_its_cookie(tmp_path: Path) -> None:
    site = Site({"/": home("/a.htm", "/b.htm")})
    site.answers["/a.htm"] = lambda sent: ARTICLE if b"Cookie: seen=1" in sent else redirect("/a.htm", "seen=1; path=/")
    site.answers["/b.htm"] = lambda sent: response(article("种果"))
    done = walled(site, tmp_path, "--concurrency", "1")
    assert (done.exit_code, len(done.lines("articles"))) == (0, 2), done.log
    assert {what for what, _ in done.issues()} == {"cookie-wall"}
    assert site.paths.count("/a.htm") == 2
    assert run("verify", "--output", str(tmp_path)).returncode == 0
    assert run("replay", "latest", "--output", str(tmp_path)).returncode == 0


def test_a_wall_around_the_whole_site_is_passed_by_way_of_another_address(tmp_path: Path) -> None:
    def wall(path: str, content: bytes) -> None:
        site.answers[path] = lambda sent: (
            content if b"v=a7; t=1" in sent else redirect("/check.asp?to=x", "v=a7", "t=1")
        )
        site.answers["/check.asp?to=x"] = lambda sent: redirect("/")

    site = Site({})
    wall("/", home("/a.htm", "/b.htm"))
    wall("/a.htm", ARTICLE)
    wall("/b.htm", response(article("种果")))
    done = walled(site, tmp_path)
    assert (done.exit_code, len(done.lines("articles"))) == (0, 2), done.log


def test_a_loop_that_no_cookie_ends_is_a_gap(tmp_path: Path) -> None:
    site = Site({"/": home("/a.htm", "/b.htm"), "/b.htm": response(article("种果"))})
    site.answers["/a.htm"] = lambda sent: redirect("/a.htm", f"n={len(site.paths)}")
    done = walled(site, tmp_path)
    assert done.exit_code == 1
    assert {what for what, _ in done.issues("failure")} == {"redirect-loop"}
    assert site.paths.count("/a.htm") == 5


def test_cookies_of_a_site_without_a_wall_are_not_sent(tmp_path: Path) -> None:
    sent: list[bytes] = []
    site = Site({"/": home("/a.htm", "/b.htm"), "/a.htm": redirect("/c.htm", "id=1"), "/c.htm": ARTICLE})
    site.answers["/b.htm"] = lambda request: (sent.append(request), response(article("种果")))[1]
    done = walled(site, tmp_path, "--concurrency", "1")
    assert done.exit_code == 0
    assert b"cookie" not in sent[0].lower()


@pytest.mark.parametrize(
    ("values", "header"),
    [
        (["a=1; Path=/; HttpOnly"], "a=1"),
        (["a=1", "b=2;secure", "a=3"], "a=3; b=2"),
        (["a=1", "a=; Max-Age=0"], None),
        (["a=1\r\nX: y", "=1", "no pair", ""], None),
        (["a=x y"], None),
    ],
)
def test_which_cookies_are_kept(values: list[str], header: str | None) -> None:
    walls = CookieWalls()
    walls.set_by_redirect("a.cn", values)
    assert walls.header("a.cn") is None
    assert walls.pass_wall("a.cn", None) is (header is not None)
    assert walls.header("a.cn") == header
    assert walls.header("b.cn") is None
    assert not walls.pass_wall("a.cn", header)
