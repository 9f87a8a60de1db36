"""The state of an archive: the figures of `gdfupin status`. It only reads, also while a crawl runs."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from .. import pages
from ..catalog import Catalog, coverage
from ..catalog.admitted import NAME as ADMITTED
from ..catalog.sources import CATALOG, LineFolder, choose
from ..clock import stamp
from ..errors import NothingThere, SiteForeign, SiteUnreachable
from ..frontier.recheck import Schedule, due
from ..items import as_dict
from ..messages.text import N_
from ..profiles import Profile
from ..profiles.source_names import bundled
from ..storage.aftermath import Alarm, CatalogCounts, Completeness, MassLoss, OpenGaps
from ..storage.archive_info import is_demo
from ..storage.crawls import AHEAD, Crawl, by_age, crawls, crawls_of_site
from ..storage.durable import free_bytes
from ..storage.holds import HeldCrawl, held_crawls
from ..storage.live_progress import LiveProgress, read_progress
from ..storage.lock import LockHolder, holder
from ..storage.report import Looked, read_crawl_report
from .completeness import completeness
from .source_variants import UnnamedSources, unnamed, variants

SHOWN = 7
"""Number of the newest crawls that are shown."""
KINDS = ("added", "edited", "moved", "gone", "reappeared")


@dataclass(frozen=True, slots=True)
class CrawlStatus:
    """One crawl. What its report has is None where there is none."""

    crawl: str
    state: Literal["whole", "running", "unfinished"]
    started: str | None
    seconds: float | None
    reason: str | None
    exit_code: int | None
    requests: int | None
    gaps: int | None
    changes: Mapping[str, int]
    """By kind; the changes that this crawl was the first to see, from the catalog."""
    alarms: tuple[Alarm, ...] | None
    looked: Looked | None
    """What it looked at, of what was known. None also where its report is of an older program."""

    @property
    def could_look(self) -> bool:
        """Whether the site could be looked at: if not, no change means nothing."""
        if self.exit_code in (SiteUnreachable.exit_code, SiteForeign.exit_code):
            return False
        return self.looked is None or self.looked.listings_known == 0 or self.looked.listings_read > 0


@dataclass(frozen=True, slots=True)
class Rechecks:
    """Articles that are due for another request."""

    due: int
    """In a crawl that begins now."""
    within_a_day: int
    within_a_week: int
    most_in_a_crawl: int
    """The maximum for one crawl."""


@dataclass(frozen=True, slots=True)
class LastSeen:
    """How old the knowledge of the archive is: articles that are not gone, by their last look."""

    articles: int
    within_7_days: int
    within_30_days: int
    within_90_days: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes."""

    used: int
    """By the output."""
    free: int
    """For an ordinary user."""


@dataclass(frozen=True)
class Status:
    """All figures of `gdfupin status`."""

    output: str
    data: Literal["live", "demo"]
    """Whether the archive is of the site, or of the replica: invented."""
    reader: str | None
    running: LockHolder | None
    """The process that writes to the output now."""
    progress: LiveProgress | None
    """How far the running crawl is; None where none runs, or in its first seconds."""
    stale: tuple[str, ...]
    """Why the catalog differs from the crawls; empty where it is up to date."""
    catalog: CatalogCounts
    completeness: Completeness
    sources: UnnamedSources
    """Printed sources that have no canonical name."""
    rechecks: Rechecks
    seen: LastSeen
    doubted: tuple[MassLoss, ...]
    """Crawls whose missing articles are not believed to be gone."""
    crawls: int
    newest_crawls: tuple[CrawlStatus, ...]
    alarms: tuple[Alarm, ...]
    """Of the newest crawl of the site that ended."""
    open_gaps: OpenGaps | None
    """After the newest crawl that read something of the site; None in archives of older programs."""
    held: tuple[HeldCrawl, ...]
    """Crawls that are held back until `gdfupin accept` decides about them."""
    disk: Disk

    def encode(self) -> dict[str, object]:
        """As one JSON object; the figures of the catalog are on its first level."""
        catalog = as_dict(self.catalog)
        del catalog["doubt"]
        return {
            "output": self.output,
            "data": self.data,
            "reader": self.reader,
            "running": as_dict(self.running) if self.running is not None else None,
            "progress": as_dict(self.progress) if self.progress is not None else None,
            "stale": list(self.stale),
            **catalog,
            **as_dict(self.completeness),
            "sources": as_dict(self.sources),
            "rechecks": as_dict(self.rechecks),
            "seen": as_dict(self.seen),
            "doubted": [as_dict(loss) for loss in self.doubted],
            "crawls": self.crawls,
            "newest_crawls": [as_dict(crawl) for crawl in self.newest_crawls],
            "alarms": [as_dict(alarm) for alarm in self.alarms],
            "open_gaps": as_dict(self.open_gaps) if self.open_gaps is not None else None,
            "held": [as_dict(held) for held in self.held],
            "disk": as_dict(self.disk),
        }


def status(output: Path, profile: Profile, now: datetime, schedule: Schedule | None = None) -> Status:
    """The figures of an output at `now` (aware). Raises NothingThere, which names the next step, and CatalogUnusable."""
    there = by_age(crawls(output), now)
    if not there:
        raise NothingThere(output, 0)
    if not (output / CATALOG).exists():
        raise NothingThere(output, len(there))
    running = holder(output)
    disk = Disk(_used(output), free_bytes(output))
    with Catalog(output / CATALOG) as catalog:
        happened = {crawl.crawl: crawl.events for crawl in coverage.happened(catalog)}
        newest = [
            crawl_status(crawl, running, happened.get(crawl.name, Counter())) for crawl in there[: -SHOWN - 1 : -1]
        ]
        of_site = crawls_of_site(output, now)
        looked = (crawl_status(crawl, running, Counter()) for crawl in reversed(of_site))
        return Status(
            output=str(output),
            data="demo" if is_demo(output) else "live",
            reader=catalog.reader,
            running=running,
            progress=_progress(there, running),
            stale=tuple(dict.fromkeys(stale(output, profile, catalog, running.what if running is not None else None))),
            catalog=catalog.counts(),
            completeness=completeness(catalog, now.date()),
            sources=unnamed(variants(catalog, bundled())),
            rechecks=rechecks(catalog, now, schedule or Schedule()),
            seen=last_seen(catalog, now),
            doubted=tuple(catalog.doubted()),
            crawls=len(there),
            newest_crawls=tuple(newest),
            alarms=next((each.alarms for each in looked if each.alarms is not None), ()),
            open_gaps=_open_gaps(of_site),
            held=tuple(held for held in held_crawls(output) if held.rejected is None),
            disk=disk,
        )


def last_look(output: Path, now: datetime) -> tuple[str | None, bool]:
    """When the newest crawl began that could look at the site, UTC, and whether the newest one could. Imports look at no site."""
    of_site = (crawl_status(crawl, None, Counter()) for crawl in reversed(crawls_of_site(output, now)) if crawl.whole)
    is_newest = True
    for each in of_site:
        if each.could_look and each.started is not None:
            return each.started, is_newest
        is_newest = False
    return None, is_newest


def _open_gaps(known: list[Crawl]) -> OpenGaps | None:
    reports = (read_crawl_report(crawl.path) for crawl in known[: -SHOWN - 1 : -1])
    gaps = (report.after.open_gaps for report in reports if report is not None)
    return next((each for each in gaps if each is not None), None)


def _progress(known: list[Crawl], running: LockHolder | None) -> LiveProgress | None:
    crawl = next((crawl for crawl in known if running is not None and crawl.name == running.what), None)
    return read_progress(crawl.path) if crawl is not None else None


def rechecks(catalog: Catalog, now: datetime, schedule: Schedule) -> Rechecks:
    """How many articles a crawl would request again that begins now, tomorrow, or in a week."""
    articles, failed = list(catalog.articles(until=stamp(now + AHEAD))), catalog.failed_looks()
    unbound = replace(schedule, recheck_min_budget=len(articles))
    at = (now, now + timedelta(days=1), now + timedelta(days=7))
    today, tomorrow, next_week = (len(due(articles, when, unbound, failed)) for when in at)
    return Rechecks(today, tomorrow, next_week, schedule.budget(len(articles)))


def last_seen(catalog: Catalog, now: datetime) -> LastSeen:
    """How many articles were looked at lately. Looks of a clock that was ahead do not count."""
    seen = [each.looked_at for each in catalog.articles(until=stamp(now + AHEAD)) if each.status != "gone"]
    within = (sum(at is not None and at >= stamp(now - timedelta(days=days)) for at in seen) for days in (7, 30, 90))
    return LastSeen(len(seen), *within)


DECIDED = N_("whole pages were reviewed since it was folded")


def stale(output: Path, profile: Profile, catalog: Catalog, running: str | None) -> Iterator[str]:
    """Why the catalog differs from the crawls, a reason each; none where it is up to date.

    `running`: name of the crawl that writes now, which is not expected in it.
    """
    reader = pages.reader(profile)
    if pages.same_reader(catalog.reader) != reader:
        yield N_("it was made by reader {reader}, the current one is {current}", reader=catalog.reader, current=reader)
        return
    known = {each.crawl: each for each in catalog.folded()}
    choice = choose(output, profile, running)
    yield from (N_("{crawl} must be read again", crawl=crawl.name) for crawl in choice.unread if crawl.name != running)
    for source in choice.sources:
        if source.name == running:
            continue
        folded = known.get(source.name)
        if folded is None:
            yield N_("{crawl} is not in it", crawl=source.name) if source.name != ADMITTED else DECIDED
        elif folded.folder != source.folder:
            yield N_("{crawl} was read again", crawl=source.name)
        elif folded.stamp != source.stamp:
            yield DECIDED
        elif _has_more(source, folded.bytes):
            yield N_("{crawl} has grown", crawl=source.name)
    gone = known.keys() - {source.name for source in choice.sources} - {crawl.name for crawl in choice.unread}
    yield from (N_("{crawl} no longer exists", crawl=name) for name in sorted(gone))


def _has_more(source: LineFolder, ends: Mapping[str, int]) -> bool:
    """Whether there are whole lines after those that were folded; half a last line is never folded."""
    for kind in ("articles", "sightings", "pages", "issues"):
        end = ends.get(kind, 0)
        if source.size(kind) > end and next(source.lines(kind, end), None) is not None:
            return True
    return False


def crawl_status(crawl: Crawl, running: LockHolder | None, happened: Counter[str]) -> CrawlStatus:
    """`happened`: changes that the crawl was the first to see, by kind."""
    report = read_crawl_report(crawl.path)
    runs = running is not None and running.what == crawl.name
    alarms = report.after.monitors.alarms if report is not None and report.after.monitors is not None else None
    run = report.run if report is not None else None
    return CrawlStatus(
        crawl=crawl.name,
        state="whole" if crawl.whole else ("running" if runs else "unfinished"),
        started=run.started if run else None,
        seconds=run.seconds if run else None,
        reason=run.reason if run else None,
        exit_code=run.exit_code if run else None,
        requests=run.requests_total if run else None,
        gaps=report.counts.gaps if report else None,
        changes={kind: happened[kind] for kind in KINDS},
        alarms=() if alarms is None and crawl.whole else alarms,
        looked=run.looked if run is not None and run.looked != Looked() else None,
    )


def _used(folder: Path) -> int:
    """Bytes of all files below a folder; files that are deleted meanwhile are not counted."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    total += _used(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return total
    return total
