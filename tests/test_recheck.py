"""Known articles are looked at again: what is edited, missing, gone and back is noticed."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.replica import Faults
from gdfupin_spider.replica.content import SECTIONS
from tests.extract import changes, serve, truth
from tests.sites import Crawl, crawl
from tests.test_replay import lines, replayed

MARKUP = "static-cms"
DAYS = [f"2031-01-{day:02}T03:00:00Z" for day in range(1, 8)]
EAGER = "[schedule]\nlongest_days = 1\nrecheck_min_budget = 1000\n"


@pytest.fixture
def output(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> Path:
    """An output with one whole crawl, of which everything is due every day."""
    folder = crawled_extract(MARKUP).folder
    assert folder is not None
    shutil.copytree(folder, tmp_path / "crawls" / folder.name)
    (tmp_path / "operator.toml").write_text(EAGER)
    return tmp_path


def again(output: Path, clock: str, *arguments: str, epoch: int = 0, faults: Faults | None = None) -> Crawl:
    with serve(MARKUP, epoch=epoch, faults=faults) as replica:
        return crawl(output, *arguments, proxy=replica.proxy, clock=clock)


def reported(found: Crawl) -> list[tuple[str, str]]:
    return sorted((change["kind"], change["title"]) for change in found.lines("changes"))


def meant(before: int, after: int, *kinds: str) -> list[tuple[str, str]]:
    return sorted((c.kind, c.title) for c in changes(MARKUP, before, after) if c.kind in kinds)


def test_what_is_as_it_was_costs_no_page_and_is_a_sighting(output: Path, tmp_path: Path) -> None:
    again(output, DAYS[0], "--full", "--recheck", "none")  # so that the next is none
    second = again(output, DAYS[1])
    assert second.exit_code == 0, second.log
    outcomes = Counter(line["outcome"] for line in second.lines("sightings"))
    several = sum(t.pages > 1 for t in truth(MARKUP))
    addresses = sum(len(t.urls) for t in truth(MARKUP))
    assert outcomes["not_modified"] >= len(truth(MARKUP)) - several + len(SECTIONS)  # first pages of listings, too
    assert outcomes["not_modified"] <= addresses + len(SECTIONS) + 1
    assert outcomes["read"] == len(second.lines("articles")) == several
    assert (second.answer["changes"], second.answer["catalog"]["versions"]) == ({}, len(truth(MARKUP)))
    assert second.answer["requests_by_reason"]["recheck"] >= len(truth(MARKUP))
    assert sum(second.answer["requests_by_reason"].values()) == second.answer["requests_total"]
    again_read = replayed(second, tmp_path / "again")
    for kind in ("articles", "sightings", "pages"):
        assert again_read[kind] == lines(second, kind), kind
    third = again(output, DAYS[2])  # what was not modified is still asked with its marks, listings are still known
    assert Counter(line["outcome"] for line in third.lines("sightings")) == outcomes
    assert third.answer["requests_by_reason"] == second.answer["requests_by_reason"]


def test_edits_are_found_and_a_page_that_is_missing_twice_is_gone(output: Path) -> None:
    second = again(output, DAYS[0], "--no-media", epoch=3)
    assert reported(second) == meant(0, 3, "added", "edited")
    assert second.answer["catalog"]["articles"]["suspected"] == len(meant(0, 3, "gone"))
    (output / "operator.toml").unlink()
    early = again(output, "2031-01-01T14:00:00Z", "--no-media", epoch=3)
    assert (reported(early), early.answer["requests_by_reason"].get("recheck")) == ([], None)
    third = again(output, "2031-01-01T16:00:00Z", "--no-media", epoch=3)
    assert reported(third) == meant(0, 3, "gone")
    looked_at = third.answer["looked"]["articles_requested"] - len(meant(0, 3, "gone"))
    assert looked_at == 10, "ten more; how many requests that are depends on which of them have several pages"


def test_a_domain_that_was_hijacked_takes_nothing_away(output: Path) -> None:
    before = again(output, DAYS[0], "--no-media", "--recheck", "none")
    poisoned = again(output, DAYS[1], "--no-media", "--recheck", "all", faults=Faults(site="gambling"))
    assert poisoned.exit_code == 4
    assert (poisoned.lines("articles"), reported(poisoned)) == ([], [])
    assert poisoned.answer["catalog"]["articles"] == before.answer["catalog"]["articles"]
    after = again(output, DAYS[2], "--no-media", "--recheck", "none")
    assert (after.exit_code, reported(after), after.answer["settings"]["full"]) == (0, [], False)


def test_nothing_is_looked_at_again_where_none_is_wanted(output: Path) -> None:
    assert "recheck" not in again(output, DAYS[0], "--recheck", "none").answer["requests_by_reason"]


def test_all_are_looked_at_again_where_all_are_wanted(output: Path) -> None:
    second = again(output, DAYS[0], "--no-media", "--recheck", "all")
    assert len({line["url"] for line in second.lines("sightings")}) >= sum(len(t.urls) for t in truth(MARKUP))
    assert (second.exit_code, second.answer["changes"]) == (0, {})
