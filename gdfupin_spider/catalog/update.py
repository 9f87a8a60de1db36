"""Updates the catalog of an output: at both ends of a crawl, and by `gdfupin catalog`."""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from .. import pages
from ..items import as_dict
from ..messages.text import N_
from ..profiles import Profile
from ..replay.replayer import replay
from ..storage.aftermath import CatalogCounts, MassLoss
from ..storage.lock import OutputLock
from ..storage.lookup import every
from ..storage.retired import require_captures
from . import Catalog, EventKind, FoldResult, Rules, changes_of, dump
from .admitted import NAME as ADMITTED
from .sources import CATALOG, SourceChoice, choose, fold

SHOWN = 20
"""Problems listed in a report."""


@dataclass(frozen=True)
class CatalogUpdate:
    """The result of an update."""

    read_again: tuple[str, ...]
    """Crawls that were parsed again because their lines were of another reader."""
    folded: FoldResult
    choice: SourceChoice

    @property
    def examples(self) -> list[str]:
        """The first SHOWN lines that were skipped: place and reason."""
        return [f"{p.folder}/{p.kind}.jsonl at byte {p.offset}: {p.reason}" for p in self.folded.problems[:SHOWN]]

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "read_again": list(self.read_again),
            "folded_again": self.folded.again,
            "new_lines": self.folded.lines,
            "articles_told": self.folded.articles,
            "problems": len(self.folded.problems),
            "examples": self.examples,
        }


@dataclass(frozen=True)
class CatalogState:
    """The catalog of an output after an update."""

    path: Path
    reader: str
    update: CatalogUpdate
    counts: CatalogCounts
    doubted: tuple[MassLoss, ...]
    """Crawls whose missing articles were not taken as gone, oldest first."""

    @property
    def crawls(self) -> int:
        return sum(source.name != ADMITTED for source in self.update.choice.sources)

    def encode(self) -> dict[str, object]:
        """For JSON."""
        counts = as_dict(self.counts)
        del counts["doubt"]
        return {
            "catalog": str(self.path),
            "reader": self.reader,
            "crawls": self.crawls,
            **self.update.encode(),
            **counts,
            "doubted": [as_dict(crawl) for crawl in self.doubted],
        }


def catch_up(
    output: Path,
    profile: Profile,
    rules: Rules,
    *,
    running: str | None = None,
    without: Container[str] = (),
    rebuild: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> CatalogUpdate:
    """Parses crawls of other readers again, then folds new lines. The caller holds the lock of the output.

    `running`: the crawl that is running now. `without`: names of crawls that are left out. Raises CatalogUnusable, CannotWrite,
    ArchiveError.
    """
    unread = choose(output, profile, running, without=without).unread
    for crawl in unread:
        say(
            N_(
                "parsing {name} again: its lines are not of reader {profile}",
                name=crawl.name,
                profile=pages.reader(profile),
            )
        )
        require_captures(crawl.path)
        replay(crawl, profile, output, say=say)
    folded, choice = fold(
        output, profile, rules, running=running, without=without, rebuild=rebuild, progress=_every_50_000(say)
    )
    return CatalogUpdate(tuple(crawl.name for crawl in unread), folded, choice)


def bring_up_to_date(
    output: Path,
    profile: Profile,
    rules: Rules,
    *,
    rebuild: bool = False,
    judge: Callable[[], object] = lambda: None,
    say: Callable[[str], None] = lambda text: None,
) -> CatalogState:
    """Updates the catalog of an output under its lock. `judge`: judges killed crawls before they are folded.

    Raises NoSuchCrawl if there are no crawls, CrawlRunning, WrongSetting, CatalogUnusable, CannotWrite,
    ArchiveError.
    """
    every(output)  # so that a mistyped output is not created
    with OutputLock(output, "gdfupin catalog"):
        judge()
        done = catch_up(output, profile, rules, rebuild=rebuild, say=say)
    with Catalog(output / CATALOG) as catalog:
        return CatalogState(output / CATALOG, catalog.reader, done, catalog.counts(), tuple(catalog.doubted()))


@dataclass(frozen=True)
class CrawlSummary:
    """What the catalog knows of one crawl after it was folded."""

    catalog: CatalogCounts
    """What the catalog holds after it, and whether its disappearances were believed."""
    counts: dict[str, int]
    """Changes that it found, by kind."""
    lines: tuple[bytes, ...]
    """These changes as JSON lines with line ends; after a first crawl one for each article."""


def summary_of(output: Path, crawl: str) -> CrawlSummary:
    """Of a crawl that was folded. Raises CatalogUnusable."""
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
    """A progress callback that reports each 50,000 lines."""
    reported = 0

    def report(lines: int) -> None:
        nonlocal reported
        if lines - reported >= 50_000:
            reported = lines
            say(N_("{lines:,} lines folded", lines=lines))

    return report


def dumped(output: Path) -> Iterator[str]:
    """The canonical dump of the catalog, line by line. Raises CatalogUnusable."""
    with Catalog(output / CATALOG) as catalog:
        yield from dump(catalog)
