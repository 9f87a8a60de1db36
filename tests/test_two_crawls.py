"""What the fold at both ends of a crawl makes of crawls that follow each other."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.catalog import Catalog
from tests.extract import serve, truth
from tests.sites import Crawl, crawl

MARKUP = "asp-tables"
FIRST, SECOND = "2026-11-23T03:00:00Z", "2026-11-24T03:00:00Z"


@pytest.fixture
def crawl_at(tmp_path: Path) -> Callable[..., Crawl]:
    """Crawls the replica into one output."""

    def at(clock: str, *arguments: str, epoch: int = 0) -> Crawl:
        with serve(MARKUP, epoch=epoch) as replica:
            return crawl(tmp_path, "--no-media", *arguments, proxy=replica.proxy, clock=clock)

    return at


def test_a_crawl_is_named_and_dated_by_the_clock_and_tells_what_changed(crawl_at: Callable[..., Crawl]) -> None:
    first = crawl_at(FIRST)
    assert first.folder is not None, first.log
    assert first.folder.name == "20261123T030000Z-live" or first.folder.name.startswith("20261123T0300")
    assert {line["captured_at"][:13] for line in first.lines("articles")} == {"2026-11-23T03"}
    changes = first.lines("changes")
    assert {change["kind"] for change in changes} == {"added"}
    assert sorted(change["title"] for change in changes) == sorted(record.title for record in truth(MARKUP))
    assert first.answer["changes"] == {"added": len(changes)}
    assert first.answer["catalog"]["articles"] == {"live": len(changes)}
    assert first.answer["catalog"]["doubt"] is None


def test_a_crawl_that_was_killed_is_folded_by_the_next(crawl_at: Callable[..., Crawl]) -> None:
    killed = crawl_at(FIRST, "--limit", "30")
    assert killed.folder is not None
    for name in ("report.json", "changes.jsonl", "../../catalog.sqlite"):
        (killed.folder / name).unlink()
    second = crawl_at(SECOND)
    assert len(second.lines("changes")) == len(truth(MARKUP)) - 30


def test_a_crawl_of_another_reader_is_read_again_before_the_next(crawl_at: Callable[..., Crawl]) -> None:
    old = crawl_at(FIRST, "--limit", "30")
    assert old.folder is not None
    report = json.loads((old.folder / "report.json").read_text())
    report["versions"]["reader"] = "0+gdfupin.00000000"
    (old.folder / "report.json").write_text(json.dumps(report))
    second = crawl_at(SECOND)
    assert (second.exit_code, second.answer["changes"]) == (0, {"added": len(truth(MARKUP)) - 30})
    assert f"parsing {old.folder.name} again" in second.log


def test_a_catalog_that_is_no_database_is_set_aside_and_takes_nothing_from_the_crawl(
    crawl_at: Callable[..., Crawl], tmp_path: Path
) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"no database " * 100)
    done = crawl_at(FIRST)
    assert done.folder is not None
    assert (done.exit_code, len(done.lines("articles"))) == (0, len(truth(MARKUP)))
    assert done.answer["changes"] == {"added": len(truth(MARKUP))}
    assert "catalog-rebuilt" in {issue["what"] for issue in done.lines("issues")}
    assert (tmp_path / "catalog.sqlite.aside-1").read_bytes() == b"no database " * 100


def test_the_catalog_knows_what_the_crawls_of_two_days_saw(crawl_at: Callable[..., Crawl], tmp_path: Path) -> None:
    crawl_at(FIRST, "--limit", "20")
    crawl_at(SECOND, "--limit", "60")  # several requests at once: two crawls of twenty may find the same twenty
    with Catalog(tmp_path / "catalog.sqlite") as catalog:
        assert {article.first_seen[:10] for article in catalog.articles()} == {"2026-11-23", "2026-11-24"}
