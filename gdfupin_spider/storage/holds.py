"""Crawls that are held back until a person decides, and `output/decisions.jsonl`: the decisions.

A crawl that found something alarming (`HOLDING`) names it in its report as `held`. A killed crawl has no report: the program
judges it before it is folded for the first time, and its verdict is a decision, too. Its captures and lines stay where they are,
but the catalog does not fold it, so that no release, feed, `diff` or status shows anything of it, and later crawls are not
compared with it. `gdfupin accept` writes a decision: the newest one of a crawl counts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from ..items import as_line
from .crawl_settings import settings_of
from .crawls import Crawl, crawls, crawls_of_site
from .line_file import append_whole, records
from .report import CrawlReport, read_crawl_report

FILE = "decisions.jsonl"


@dataclass(frozen=True, slots=True)
class HoldDecision:
    """One line of `decisions.jsonl`."""

    crawl: str
    decision: Literal["accept", "reject", "hold", "pass"]
    """accept: the crawl is folded like any other; reject: it is never folded. Those of the program about a killed crawl:
    hold: it is held back; pass: it is not."""
    reason: str
    decided_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC."""
    alarms: tuple[str, ...] = ()
    """Of `hold`: names of the alarms because of which the crawl is held back."""


@dataclass(frozen=True, slots=True)
class HeldCrawl:
    """A crawl that is held back, or was rejected."""

    crawl: str
    alarms: tuple[str, ...]
    """Names of the alarms because of which it is held."""
    rejected: HoldDecision | None = None
    """None: nobody has decided yet."""
    killed: bool = False
    """Whether it was killed, and judged by the program afterwards."""


def decisions(output: Path) -> dict[str, HoldDecision]:
    """The newest decision about each crawl. Damaged lines are skipped."""
    return {decision.crawl: decision for decision in records(output / FILE, HoldDecision)}


def append(output: Path, decision: HoldDecision) -> None:
    """Appends a decision. The caller holds the lock of the output. Raises CannotWrite."""
    append_whole(output / FILE, [as_line(decision)])


def is_held(crawl: str, report: CrawlReport | None, decided: Mapping[str, HoldDecision]) -> bool:
    """Whether a crawl is left out of everything that is published. `report`: None where it was killed."""
    decision = decided.get(crawl)
    if decision is None or decision.decision == "pass":
        return report is not None and bool(report.run.held)
    return decision.decision != "accept"


def held_crawls(output: Path) -> Iterator[HeldCrawl]:
    """Crawls that are held back or rejected, oldest first."""
    decided = decisions(output)
    for crawl in crawls(output):
        report, decision = read_crawl_report(crawl.path), decided.get(crawl.name)
        if not is_held(crawl.name, report, decided):
            continue
        if decision is not None and decision.decision == "hold":
            yield HeldCrawl(crawl.name, decision.alarms, killed=True)
        else:
            yield HeldCrawl(crawl.name, report.run.held if report is not None else (), decision)


def unjudged(output: Path, now: datetime, running: str | None = None) -> list[Crawl]:
    """Killed crawls without a verdict, oldest first.

    Those before the newest crawl that ended were judged by it, or are of a program that judged none. Folders of other programs
    are left to whoever put them there, and captures of other archives say nothing of how the site usually is.
    """
    decided, found = decisions(output), list[Crawl]()
    for crawl in crawls_of_site(output, now):
        if crawl.whole and crawl.name != running:
            found.clear()
        elif crawl.name != running and crawl.name not in decided and settings_of(crawl.path).profile is not None:
            found.append(crawl)
    return found
