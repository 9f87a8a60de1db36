"""robots.txt as in RFC 9309: 4xx allows everything, 5xx forbids everything, a redirect is followed."""

from pathlib import Path

import pytest

from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import crawl, run

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
    assert crawled(RULES, tmp_path / "direct")[:2] == (8, ["/"])
    redirect = (301, {"Location": "/rules.txt"}, b"")
    exit_code, paths, log = crawled(redirect, tmp_path / "redirect", **{"rules.txt": RULES})
    assert (exit_code, paths) == (8, ["/", "/rules.txt"]), log


def test_a_first_crawl_that_robots_txt_keeps_from_all_articles_is_an_alarm_that_names_it(tmp_path: Path) -> None:
    with Handmade({**PAGES, "/robots.txt": RULES}) as site:
        done = run("crawl", "--output", str(tmp_path), "--start-url", site.url, "--delay", "0")
    status = run("status", "--output", str(tmp_path))
    assert done.returncode != 0
    for text in (done.stdout, status.stdout):
        assert "forbidden-by-robots" in text
        assert "gdfupin crawl --start-url" in " ".join(text.split())


def test_rules_that_forbid_what_they_allowed_are_an_alarm(tmp_path: Path) -> None:
    rules: list[bytes] = [b""]
    pages = {**PAGES, "/2.htm": article("山上的果树挂果了"), "/robots.txt": lambda _: rules[0] or (404, {}, b"")}
    with Handmade(pages) as site:
        assert crawl(tmp_path, "--start-url", site.url).exit_code == 0
        rules[0] = RULES
        again = crawl(tmp_path, "--start-url", site.url, "--recheck", "all")
    assert again.exit_code != 0
    assert [alarm["name"] for alarm in again.answer["monitors"]["alarms"]] == ["forbidden-by-robots"]


def test_one_forbidden_page_among_others_is_no_alarm(tmp_path: Path) -> None:
    home = page(f"<p>村里的新闻都在这里。</p>{links('/1.htm', '/2.htm')}")
    with Handmade({**PAGES, "/": home, "/2.htm": article("山上的果树挂果了"), "/robots.txt": RULES}) as site:
        codes = [crawl(tmp_path, "--start-url", site.url).exit_code for _ in range(2)]
    assert codes == [0, 0]
