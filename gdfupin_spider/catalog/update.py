"""Bringing the catalog of an output up to date, and what is said of it: at both ends of a crawl, and by `gdfupin catalog`."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from .. import pages
from ..items import as_dict
from ..profiles import Profile
from ..replay.replayer import replay
from ..storage.lock import OutputLock
from ..storage.lookup import every
from ..storage.report import CatalogCounts
from . import Catalog, EventKind, FoldResult, Rules, changes_of, dump
from .sources import CATALOG, SourceChoice, choose, fold

SHOWN = 20
"""Problems named in a report."""


@dataclass(frozen=True)
class CatalogUpdate:
    """What it took to bring the catalog up to date."""

    read_again: tuple[str, ...]
    """Crawls whose lines were not of today's reader."""
    folded: FoldResult
    choice: SourceChoice

    def as_dict(self) -> dict[str, Any]:
        """For people and machines."""
        problems = self.folded.problems
        return {
            "read_again": list(self.read_again),
            "folded_again": self.folded.again,
            "new_lines": self.folded.lines,
            "articles_told": self.folded.articles,
            "problems": len(problems),
            "examples": [f"{p.folder}/{p.kind}.jsonl at byte {p.offset}: {p.reason}" for p in problems[:SHOWN]],
        }


def catch_up(
    output: Path,
    profile: Profile,
    rules: Rules,
    *,
    running: str | None = None,
    rebuild: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> CatalogUpdate:
    """Reads again what today's reader has not read, then folds what is new. The caller holds the lock of the output.

    `running`: the crawl that writes now. Raises CatalogUnusable, CannotWrite, ArchiveError.
    """
    unread = choose(output, profile, running).unread
    for crawl in unread:
        say(f"reading {crawl.name} again: its lines are not of {pages.reader(profile)}")
        replay(crawl, profile, output)
    folded, choice = fold(output, profile, rules, running=running, rebuild=rebuild, progress=_every_50_000(say))
    return CatalogUpdate(tuple(crawl.name for crawl in unread), folded, choice)


def bring_up_to_date(
    output: Path,
    profile: Profile,
    rules: Rules,
    *,
    rebuild: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Catches up, and says how the catalog stands then.

    Raises NoSuchCrawl where there is none at all, CrawlRunning, WrongSetting, CatalogUnusable, CannotWrite,
    ArchiveError.
    """
    every(output)  # a mistyped output is not made
    with OutputLock(output, "gdfupin catalog"):
        done = catch_up(output, profile, rules, rebuild=rebuild, say=say)
    with Catalog(output / CATALOG) as catalog:
        return {
            "catalog": str(output / CATALOG),
            "reader": catalog.reader,
            "crawls": len(done.choice.sources),
            **done.as_dict(),
            **{name: value for name, value in as_dict(catalog.counts()).items() if name != "doubt"},
            "doubted": [as_dict(crawl) for crawl in catalog.doubted()],
        }


@dataclass(frozen=True)
class CrawlSummary:
    """What the fold knows of one crawl."""

    catalog: CatalogCounts
    """What the catalog holds after it, and whether its disappearances were believed."""
    counts: dict[str, int]
    """Changes that came to light by it, by kind."""
    lines: tuple[bytes, ...]
    """Those changes as lines of JSON with their ends: a first crawl brings as many as there are articles."""


def summary_of(output: Path, crawl: str) -> CrawlSummary:
    """What the catalog says of a crawl that was folded into it. Raises CatalogUnusable."""
    with Catalog(output / CATALOG) as catalog:
        doubt = next((each for each in catalog.doubted() if each.crawl == crawl), None)
        counts: Counter[str] = Counter()
        lines = []
        for change in changes_of(catalog, crawl):
            counts[change.kind] += 1
            lines.append(f"{change.line()}\n".encode("utf-8", "backslashreplace"))
        by_kind = {kind: counts[kind] for kind in get_args(EventKind) if counts[kind]}
        return CrawlSummary(replace(catalog.counts(), doubt=doubt), by_kind, tuple(lines))


def _every_50_000(say: Callable[[str], None]) -> Callable[[int], None]:
    """Says a count of lines each time another fifty thousand are done."""
    reported = 0

    def report(lines: int) -> None:
        nonlocal reported
        if lines - reported >= 50_000:
            reported = lines
            say(f"{lines:,} lines folded")

    return report


def dumped(output: Path) -> Iterator[str]:
    """The canonical dump of the catalog, line by line. Raises CatalogUnusable."""
    with Catalog(output / CATALOG) as catalog:
        yield from dump(catalog)
