"""What a person reads when a crawl has ended."""

import io
from pathlib import Path

from rich.console import Console

from gdfupin_spider.summary import summary

YEARS = {str(year): 111 for year in range(2009, 2022)}
REPORT = {
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


def test_thirteen_years_of_ten_sections_fit_a_terminal_of_eighty_columns(tmp_path: Path) -> None:
    terminal = Console(width=80, file=io.StringIO())
    with terminal.capture() as captured:
        terminal.print(summary(REPORT, tmp_path, []))
    said = captured.get()
    assert "…" not in said
    assert all(f"’{year[2:]}" in said for year in YEARS)
    assert "1445" in said
