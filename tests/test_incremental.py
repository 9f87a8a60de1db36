"""What a crawl does not fetch again, and that nothing is lost by that."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider import replica
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import MARKUPS, Faults, Replica
from gdfupin_spider.replica.content import SECTIONS
from tests import forked
from tests.extract import changes, serve, truth
from tests.sites import Crawl, crawl, environment

SECOND, THIRD = "2026-12-01T03:00:00Z", "2026-12-02T03:00:00Z"
every_markup = pytest.mark.parametrize("markup", sorted(MARKUPS))


@pytest.fixture
def output(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> Callable[[str], Path]:
    """An output in which one whole crawl of the replica lies."""

    def of(markup: str) -> Path:
        folder = crawled_extract(markup).folder
        assert folder is not None
        shutil.copytree(folder, tmp_path / "crawls" / folder.name)
        return tmp_path

    return of


def again(output: Path, markup: str, *arguments: str, epoch: int = 0, clock: str = SECOND) -> tuple[Crawl, Replica]:
    with serve(markup, epoch=epoch) as site:
        return crawl(output, "--recheck", "none", *arguments, proxy=site.proxy, clock=clock), site


def numbers(found: Crawl, markup: str, epoch: int = 0) -> set[int]:
    """Running numbers of the articles of a crawl."""
    by_key = {identity_key(url): t.number for t in truth(markup, epoch=epoch) for url in t.urls}
    return {by_key[identity_key(line["url"])] for line in found.lines("articles")}


@every_markup
def test_of_an_unchanged_site_home_and_first_pages_are_fetched(output: Callable[[str], Path], markup: str) -> None:
    second, site = again(output(markup), markup)
    frames = 3 if markup == "frames" else 0
    assert second.exit_code == 0, second.log
    assert len(site.requests) == second.answer["requests_total"] <= len(SECTIONS) + 3 + frames
    assert (second.answer["changes"], second.lines("articles")) == ({}, [])
    assert second.answer["catalog"]["versions"] == len(truth(markup))


@every_markup
def test_what_is_new_on_top_is_found_at_little_cost(output: Callable[[str], Path], markup: str) -> None:
    second, _ = again(output(markup), markup, "--no-media", epoch=1)
    added = {change.number for change in changes(markup, 0, 1) if change.kind == "added"}
    assert numbers(second, markup, 1) == added
    assert second.answer["requests_total"] <= len(SECTIONS) + 6 + 3 * len(added)


@pytest.mark.parametrize("markup", sorted(set(MARKUPS) - {"static-cms"}))
def test_what_is_backdated_is_found_by_the_printed_total(output: Callable[[str], Path], markup: str) -> None:
    second, _ = again(output(markup), markup, "--no-media", epoch=2)
    assert numbers(second, markup, 2) == {change.number for change in changes(markup, 0, 2) if change.kind == "added"}


def test_what_is_backdated_where_no_total_is_printed_is_found_by_a_full_crawl(
    crawled: Callable[[str], Crawl], tmp_path: Path
) -> None:
    """In the whole replica, whose listings have several pages."""
    folder = crawled("static-cms").folder
    assert folder is not None
    shutil.copytree(folder, tmp_path / "crawls" / folder.name)
    with replica.serve("static-cms", epoch=2) as site:
        options = ("--recheck", "none", "--no-media")
        second = crawl(tmp_path, *options, proxy=site.proxy, clock=SECOND)
        third = crawl(tmp_path, *options, "--full", proxy=site.proxy, clock=THIRD)
    added = {change.url for change in replica.changes("static-cms", 0, 2) if change.kind == "added"}
    found = [{line["url"] for line in each.lines("articles")} for each in (second, third)]
    assert found[0] < added == found[0] | found[1]
    assert (second.answer["settings"]["full"], third.answer["settings"]["full"]) == (False, True)


def test_a_crawl_is_full_by_itself_after_thirty_days_or_so_many_as_are_set(output: Callable[[str], Path]) -> None:
    there = output("frames")
    (there / "operator.toml").write_text("[schedule]\nfull_days = 5\n")
    fulls = [
        again(there, "frames", "--no-media", clock=f"2031-01-{day:02}T03:00:00Z")[0].answer["settings"]["full"]
        for day in (1, 5, 6)
    ]
    assert fulls == [True, False, True]


@pytest.mark.parametrize("markup", ["asp-tables", "static-cms"])
def test_what_a_limit_left_is_fetched_by_the_next_crawl(tmp_path: Path, markup: str) -> None:
    first, _ = again(tmp_path, markup, "--limit", "40")
    second, _ = again(tmp_path, markup, clock=THIRD)
    got = [*first.lines("articles"), *second.lines("articles")]
    assert len(got) == len({line["id"] for line in got})
    assert numbers(first, markup) | numbers(second, markup) == {t.number for t in truth(markup)}
    shown = {file["url"] for line in got for file in (*line["images"], *line["attachments"])}
    assert {line["url"] for line in (*first.lines("media"), *second.lines("media"))} == shown


def test_what_a_killed_crawl_left_is_fetched_by_the_next(tmp_path: Path) -> None:
    markup = "shtml"
    with serve(markup) as site:
        arguments = ["crawl", "--output", str(tmp_path), "--delay", "0", "--concurrency", "4", "--clock-ok"]
        known = environment(site.proxy) | {"GDFUPIN_CLOCK": SECOND}
        with forked.start(forked.GDFUPIN, arguments, environment=known) as process:
            while len(site.requests) < 60 and process.returncode is None:
                time.sleep(0.02)
    [killed] = (tmp_path / "crawls").iterdir()
    first = Crawl(-9, killed, {}, "")
    assert not (killed / "report.json").exists()
    second, _ = again(tmp_path, markup, clock=THIRD)
    assert second.exit_code == 0, second.log
    assert second.answer["catalog"]["articles"] == {"live": len(truth(markup))}
    assert numbers(first, markup) | numbers(second, markup) == {t.number for t in truth(markup)}
    assert len(second.lines("articles")) < len(truth(markup))


def test_pictures_that_were_left_out_are_fetched_when_they_are_wanted(tmp_path: Path) -> None:
    first, _ = again(tmp_path, "asp-tables", "--no-media")
    shown = {file["url"] for line in first.lines("articles") for file in (*line["images"], *line["attachments"])}
    second, _ = again(tmp_path, "asp-tables", clock=THIRD)
    assert {line["url"] for line in second.lines("media")} == shown
    third, _ = again(tmp_path, "asp-tables", clock="2026-12-03T03:00:00Z")
    assert third.lines("media") == []


def test_an_address_that_failed_is_asked_again(output: Callable[[str], Path]) -> None:
    there, markup = output("static-cms"), "static-cms"
    new = next(change for change in changes(markup, 0, 1) if change.kind == "added")
    path = "/" + new.url.split("/", 3)[3]
    with serve(markup, epoch=1, faults=Faults(always={path: "500"})) as site:
        second = crawl(there, "--no-media", "--recheck", "none", proxy=site.proxy, clock=SECOND)
    assert ("status-500", new.url) in second.issues("failure")
    third, _ = again(there, markup, "--no-media", epoch=1, clock=THIRD)
    assert numbers(third, markup, 1) == {new.number}
