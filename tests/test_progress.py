"""The progress line fits the terminal."""

import io

import pytest
from rich.console import Console

from gdfupin_spider.crawl.progress import progress_line

CRAWL = "20261123T030000Z-live"
TEXT = "12345/23456 pages, 123 gaps, 12.3/s, 10 h 20 min left, 12000 articles"


def printed(width: int, text: str = TEXT) -> list[str]:
    terminal = Console(width=width, file=io.StringIO(), force_terminal=True, color_system=None, legacy_windows=False)
    with terminal.capture() as captured:
        terminal.print(progress_line(width, CRAWL, 12345, 23456, text, 3725))
    return captured.get().splitlines()


def test_eighty_columns_have_all_figures_and_the_clock() -> None:
    (line,) = printed(80)
    assert TEXT in line
    assert line.rstrip().endswith("1:02:05")
    assert CRAWL not in line
    assert len(line) <= 80


def test_a_wide_terminal_has_the_name_of_the_crawl_and_a_bar() -> None:
    (line,) = printed(140)
    assert line.startswith(CRAWL)
    assert "━" * 5 in line
    assert TEXT in line
    assert len(line) <= 140


@pytest.mark.parametrize("width", range(40, 180, 7))
def test_it_is_one_line_in_any_width(width: int) -> None:
    for text in (TEXT, "0/1 pages, 0 gaps, 0.0/s, ? left, 0 articles"):
        (line,) = printed(width, text)
        assert len(line) <= width


def test_forty_columns_have_pages_gaps_rate_and_time_left() -> None:
    (line,) = printed(64)
    assert line.startswith("12345/23456 pages, 123 gaps, 12.3/s, 10 h 20 min left")
