"""What a crawl says of itself when it ends: real crawls of the replica."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.commands.output import end
from gdfupin_spider.commands.process import Crawled
from gdfupin_spider.storage.report import read_crawl_report
from tests.extract import crawl_replica
from tests.sites import Crawl


def report_of(crawl: Crawl) -> dict[str, Any]:
    assert crawl.folder is not None
    return json.loads((crawl.folder / "report.json").read_text("utf-8"))  # type: ignore[no-any-return]


def with_history(output: Path, report: dict[str, Any], crawls: int = 4) -> None:
    """Makes an output in which such a crawl has ended on each of the days before today."""
    for day in range(crawls, 0, -1):
        began = datetime.now(UTC) - timedelta(days=day)
        folder = output / "crawls" / f"{began:%Y%m%dT%H%M%SZ}-live"
        folder.mkdir(parents=True)
        answer = {**report, "crawl": folder.name, "started": f"{began:%Y-%m-%dT%H:%M:%SZ}"}
        (folder / "report.json").write_text(json.dumps(answer), "utf-8")


def test_a_first_crawl_knows_how_much_of_the_site_it_has_and_alarms_nobody(
    crawled_extract: Callable[[str], Crawl],
) -> None:
    crawl = crawled_extract("asp-tables")
    report = report_of(crawl)
    assert report["monitors"] == {"compared_with": 0, "alarms": []}
    assert crawl.exit_code == 0
    ledger = report["completeness"]
    assert {section: one["printed_total"] for section, one in ledger["sections"].items()} == {
        section: one["printed_total"] for section, one in report["coverage"].items() if one["listing_pages"]
    }
    assert all(one["articles"] == one["listed"] and not one["missing"] for one in ledger["sections"].values())
    (run,) = ledger["runs"]
    assert run["articles"] + run["unknown"] == run["last"] - run["first"] + 1
    assert ledger["encodings"] == report["encodings"]
    assert sum(report["encodings"].values()) == report["articles"] == ledger["fields"]["articles"]


def test_a_crawl_like_those_before_it_alarms_nobody_and_one_that_is_unlike_them_ends_with_8(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = report_of(crawled_extract("asp-tables"))
    with_history(tmp_path / "same", usual)
    same, _ = crawl_replica(tmp_path / "same", "asp-tables", "--full")
    assert (same.exit_code, same.answer["monitors"]) == (0, {"compared_with": 4, "alarms": []})

    with_history(tmp_path / "other", {**usual, "requests": {"page": {"200": usual["articles"] + 5}}})
    (tmp_path / "other" / "operator.toml").write_text("[monitors]\ncount_rise = 0.8\n", "utf-8")
    other, _ = crawl_replica(tmp_path / "other", "asp-tables", "--full")
    assert other.exit_code == 8
    (alarm,) = other.answer["monitors"]["alarms"]
    assert alarm["name"] == "requests-more"
    assert alarm["since"] == other.answer["started"]
    assert report_of(other)["exit_code"] == 8
    assert other.folder is not None
    ended = Crawled(8, other.folder, read_crawl_report(other.folder))
    with pytest.raises(SystemExit, match="8"):
        end(ended, tmp_path / "other", as_json=False, verbs=[], quiet=True)
    assert capsys.readouterr().err.startswith("gdfupin: alarm requests-more: ")


def test_broken_reports_of_earlier_crawls_do_no_harm(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> None:
    with_history(tmp_path, {**report_of(crawled_extract("asp-tables")), "leaks": None, "fields": 7}, 1)
    for day, text in enumerate(("{", "[1]", "{}", ""), 1):
        folder = tmp_path / "crawls" / f"2020010{day}T000000Z-live"
        folder.mkdir()
        (folder / "report.json").write_text(text, "utf-8")
    crawl, _ = crawl_replica(tmp_path, "asp-tables", "--limit", "5")
    assert (crawl.exit_code, crawl.answer["monitors"]) == (0, {"compared_with": 0, "alarms": []})
