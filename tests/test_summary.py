"""What a person reads when a crawl has ended."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from gdfupin_spider.commands.summary import summary
from gdfupin_spider.storage.report import decode_crawl_report

YEARS = {str(year): 111 for year in range(2009, 2022)}
REPORT: dict[str, Any] = {
    "crawl": "20261123T030000Z-live",
    "articles": 14430,
    "seconds": 15000.0,
    "requests_total": 20000,
    "payload_bytes": 600_000_000,
    "exit_code": 0,
    "gaps": 0,
    "message": None,
    "reason": "finished",
    "issues": [],
    "years": {f"扶贫要闻{number}": {**YEARS, "": 2} for number in range(10)},
}


def printed(report: Mapping[str, Any], folder: Path, *verbs: tuple[str, str]) -> str:
    terminal = Console(width=80, file=io.StringIO())
    with terminal.capture() as captured:
        terminal.print(summary(decode_crawl_report(report), folder, list(verbs)))
    return captured.get()


def test_thirteen_years_of_ten_sections_fit_a_terminal_of_eighty_columns(tmp_path: Path) -> None:
    answer = printed(REPORT, tmp_path)
    assert "…" not in answer
    assert all(f"’{year[2:]}" in answer for year in YEARS)
    assert "1445" in answer


def test_a_crawl_that_had_nothing_to_read_says_what_the_archive_has(tmp_path: Path) -> None:
    catalog = {"articles": {"suspected": 4, "live": 316}, "versions": 327, "sightings": 1285, "doubt": None}
    answer = printed(REPORT | {"articles": 0, "years": {}, "changes": {}, "catalog": catalog}, tmp_path)
    assert "nothing changed; the archive: 316 live, 4 suspected" in answer
    assert "No articles" not in answer


def test_an_exit_code_that_is_not_0_says_why(tmp_path: Path) -> None:
    alarm = {"name": "nothing-new", "message": "nothing new for 20 days", "since": "2026-11-23T00:00:00Z"}
    worse = {"exit_code": 1, "gaps": 2, "reason": "interrupted", "monitors": {"compared_with": 3, "alarms": [alarm]}}
    answer = printed(REPORT | worse, tmp_path)
    assert "exit code 1: interrupted, 2 new gaps, 1 alarm\n" in answer
    assert "alarm nothing-new: nothing new for 20 days (since 2026-11-23)" in answer


def test_a_catalog_that_could_not_be_folded_is_said_at_the_end(tmp_path: Path) -> None:
    answer = printed(REPORT | {"exit_code": 1, "message": "the catalog cannot be folded", "catalog": None}, tmp_path)
    assert "exit code 1: the catalog cannot be folded\n" in answer


def test_what_to_type_next_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    command = "gdfupin status --output " + "o" * 50
    assert command in [line.strip() for line in printed(REPORT, tmp_path, (command, "why")).splitlines()]
