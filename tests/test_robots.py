"""robots.txt as in RFC 9309: 4xx allows everything, 5xx forbids everything, a redirect is followed."""

from pathlib import Path

import pytest

from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import crawl

PAGES: dict[str, bytes | Answer] = {
    "/": page(f"<p>村里的新闻都在这里。</p>{links('/1.htm')}"),
    "/1.htm": article("村里的路修好了"),
}
RULES = b"User-agent: *\nDisallow: /1.htm\n"


def crawled(robots: Answer | bytes, folder: Path, **more: Answer | bytes) -> tuple[int, list[str], str]:
    """Exit code, the paths that were requested, and the log."""
    with Handmade({**PAGES, "/robots.txt": robots, **{f"/{name}": body for name, body in more.items()}}) as site:
        done = crawl(folder, "--start-url", site.url, "--no-media")
        return done.exit_code, sorted(set(site.paths)), done.log


@pytest.mark.parametrize("status", [500, 503, 599])
def test_a_robots_txt_that_fails_forbids_everything(status: int, tmp_path: Path) -> None:
    exit_code, paths, log = crawled((status, {"Retry-After": "0"}, b""), tmp_path)
    assert (exit_code, paths) == (3, [])
    assert f"robots.txt responds with {status}, so nothing may be fetched there" in log


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_robots_txt_that_is_not_there_allows_everything(status: int, tmp_path: Path) -> None:
    exit_code, paths, log = crawled((status, {}, b"Disallow: /"), tmp_path)
    assert (exit_code, paths) == (0, ["/", "/1.htm"]), log


def test_the_rules_are_obeyed_also_behind_a_redirect(tmp_path: Path) -> None:
    assert crawled(RULES, tmp_path / "direct")[:2] == (0, ["/"])
    redirect = (301, {"Location": "/rules.txt"}, b"")
    exit_code, paths, log = crawled(redirect, tmp_path / "redirect", **{"rules.txt": RULES})
    assert (exit_code, paths) == (0, ["/", "/rules.txt"]), log
