"""What was named or requested and never answered: one answer for planner, status and release card."""

from pathlib import Path

import pytest

from gdfupin_spider.catalog import Catalog
from gdfupin_spider.catalog.coverage import missing_articles
from gdfupin_spider.catalog.frontier_state import known
from gdfupin_spider.ledger.response_faults import HOPELESS
from gdfupin_spider.monitoring.completeness import sections
from gdfupin_spider.releases.publish import known_gaps
from tests.catalog.lines import HOME, OTHER, Crawl, X, Y, Z, folded

LIST = f"{HOME}list.asp"


def listing(*rows: str) -> Crawl:
    return Crawl(0).page(LIST, "listing", section="扶贫要闻", article_links=rows, end=True)


def answers(catalog: Catalog) -> tuple[set[str], dict[str, int], dict[str, int]]:
    """What the planner requests again, what status counts as missing, and what the release card does."""
    status = dict(sections(catalog)["扶贫要闻"].missing)
    card = {gap.what: gap.count for gap in known_gaps(catalog) if gap.section == "扶贫要闻"}
    return set(known(catalog, HOPELESS).owed.values()), status, card


def test_rows_that_nobody_requested_and_rows_that_failed_are_owed(tmp_path: Path) -> None:
    crawl = listing(X, Y, Z).read(X).failure(Y)
    with folded(tmp_path, crawl) as catalog:
        missing = {"failed": 1, "not-asked": 1}
        assert answers(catalog) == ({Y, Z}, missing, missing)
        assert [(each.url, each.why) for each in missing_articles(catalog)] == [(Y, "failed"), (Z, "not-asked")]
    with folded(tmp_path, crawl, Crawl(1).missing(Y).read(Z, OTHER)) as catalog:
        assert answers(catalog) == (set(), {"missing": 1}, {"missing": 1})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda crawl: crawl.page(X, "unknown"), "unreadable"),
        (lambda crawl: crawl.page(X, "file"), "no-article"),
        (lambda crawl: crawl.missing(X), "missing"),
        (lambda crawl: crawl.moved(X, Y), "moved"),
    ],
)
def test_what_failed_and_was_answered_within_one_crawl_is_not_owed(tmp_path: Path, answer, reason: str) -> None:  # type: ignore[no-untyped-def]
    with folded(tmp_path, answer(listing(X).failure(X))) as catalog:
        assert answers(catalog) == (set(), {reason: 1}, {reason: 1})


def test_the_sighting_of_the_failed_response_is_no_answer(tmp_path: Path) -> None:
    crawl = listing(X).failure(X, "status-503").look(X, "unreadable")
    with folded(tmp_path, crawl) as catalog:
        assert answers(catalog) == ({X}, {"failed": 1}, {"failed": 1})
    with folded(tmp_path, crawl, Crawl(1).look(X, "unreadable")) as catalog:
        assert answers(catalog) == (set(), {"unreadable": 1}, {"unreadable": 1})


def test_what_failed_after_it_was_answered_is_owed_again(tmp_path: Path) -> None:
    with folded(tmp_path, listing(X).missing(X), Crawl(1).failure(X)) as catalog:
        assert answers(catalog) == ({X}, {"failed": 1}, {"failed": 1})


def test_a_blocked_address_is_owed_until_it_is_answered(tmp_path: Path) -> None:
    crawl = listing(X).look(X, "blocked")
    with folded(tmp_path, crawl) as catalog:
        assert answers(catalog) == ({X}, {"blocked": 1}, {"blocked": 1})
    with folded(tmp_path, crawl, Crawl(1).page(X, "unknown")) as catalog:
        assert answers(catalog) == (set(), {"unreadable": 1}, {"unreadable": 1})


@pytest.mark.parametrize(("failure", "reason"), [("oversize", "oversize"), ("no-access", "blocked")])
def test_a_hopeless_failure_is_missing_but_not_requested_again(tmp_path: Path, failure: str, reason: str) -> None:
    with folded(tmp_path, listing(X).failure(X, failure).look(X, "unreadable")) as catalog:
        assert answers(catalog) == (set(), {reason: 1}, {reason: 1})


def test_an_address_of_an_article_is_never_owed(tmp_path: Path) -> None:
    with folded(tmp_path, listing(X).read(X), Crawl(1).failure(X).look(X, "blocked")) as catalog:
        assert answers(catalog) == (set(), {}, {})
