"""Crawls that are held back until a person decides, and `output/decisions.jsonl`: the decisions.

A crawl that found something alarming (`HOLDING`) names it in its report as `held`. Its captures and lines stay where they are,
but the catalog does not fold it, so that no release, feed, `diff` or status shows anything of it, and later crawls are not
compared with it. `gdfupin accept` writes a decision: the newest one of a crawl counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..items import as_line
from .crawls import crawls
from .line_file import append_whole, records
from .report import CrawlReport, read_crawl_report

FILE = "decisions.jsonl"


@dataclass(frozen=True, slots=True)
class HoldDecision:
    """One line of `decisions.jsonl`."""

    crawl: str
    decision: Literal["accept", "reject"]
    """accept: the crawl is folded like any other; reject: it is never folded."""
    reason: str
    decided_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC."""


@dataclass(frozen=True, slots=True)
class HeldCrawl:
    """A crawl that is held back, or was rejected."""

    crawl: str
    alarms: tuple[str, ...]
    """Names of the alarms because of which it is held."""
    rejected: HoldDecision | None = None
    """None: nobody has decided yet."""


def decisions(output: Path) -> dict[str, HoldDecision]:
    """The newest decision about each crawl. Damaged lines are skipped."""
    return {decision.crawl: decision for decision in records(output / FILE, HoldDecision)}


def append(output: Path, decision: HoldDecision) -> None:
    """Appends a decision. The caller holds the lock of the output. Raises CannotWrite."""
    append_whole(output / FILE, [as_line(decision)])


def is_held(report: CrawlReport | None, decided: Mapping[str, HoldDecision]) -> bool:
    """Whether a crawl is left out of everything that is published."""
    if report is None or not report.run.held:
        return False
    decision = decided.get(report.run.crawl)
    return decision is None or decision.decision != "accept"


def held_crawls(output: Path) -> Iterator[HeldCrawl]:
    """Crawls that are held back or rejected, oldest first."""
    decided = decisions(output)
    for crawl in crawls(output):
        report = read_crawl_report(crawl.path)
        if report is not None and is_held(report, decided):
            yield HeldCrawl(crawl.name, report.run.held, decided.get(crawl.name))
