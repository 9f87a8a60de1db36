"""The archive beside the release, where it is at hand: its crawls with their health, and what changed since a day.

What is computed is kept until the archive changes. Everything comes from the functions that `gdfupin diff` and `status` use.
"""

import contextlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice
from pathlib import Path
from typing import TypeVar, cast

from .. import clock, config, warc
from ..archive import open_archive
from ..catalog import Catalog, coverage
from ..catalog.coverage import MissingArticle
from ..catalog.sources import CATALOG
from ..catalog.window import last_look
from ..diff import Difference, DiffQuery
from ..dossier import dossier_of
from ..dossier.evidence import write_evidence
from ..errors import NobodyLooked, NoSuchCrawl
from ..items import Capture, Media, Proof, WrongShape, decode
from ..monitoring.completeness import completeness_of
from ..monitoring.status import CrawlStatus, Status, crawl_status, status
from ..pages import article_id
from ..profiles.layouts import Layout
from ..releases.records import VersionRow
from ..storage.aftermath import Completeness
from ..storage.archive_info import profile_of
from ..storage.counts import Counts
from ..storage.crawls import by_age, crawls, crawls_of_site
from ..storage.line_file import lines
from ..storage.lock import holder
from ..storage.report import read_crawl_report
from ..storage.reviews import FILE as REVIEWS
from ..storage.withdrawals import FILE as WITHDRAWALS
from .shown_changes import MOST_READ

DAYS = 7
"""Of the window that is shown first, up to the newest look."""
WEEKS = 53
"""Of the calendar."""
KEPT = 32
"""Results."""
_NAMED_BY_TIME = re.compile(r"\d{8}T\d{6}Z")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in a window, and who looked."""

    since: str
    """The day on which it begins, or a crawl."""
    last_look: str | None
    """The newest capture of all that proves something; UTC."""
    crawls: tuple[CrawlStatus, ...]
    """Those that began in it, newest first; also those that could not look."""
    changes: tuple[Difference, ...]
    has_more: bool
    """Whether there are more changes than are read."""
    nobody_looked: bool


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day in the profile's time zone."""

    day: str
    crawls: int
    failed: int
    """Of them those that could not look, or ended with an error."""
    changes: int
    crawl: str | None
    """The last crawl of the day."""


@dataclass(frozen=True, slots=True)
class CrawlHealth:
    """What the newest crawl reports of its pages."""

    crawl: str
    counts: Counts


class ArchiveSide:
    """An archive, only read."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._lock = threading.Lock()
        self._kept: dict[tuple[object, ...], object] = {}
        self._stamp = ""

    @property
    def is_there(self) -> bool:
        return (self._output / CATALOG).is_file()

    @property
    def stamp(self) -> str:
        """Another one whenever something may be shown otherwise; empty: there is no archive."""
        parts = [clock.stamp()[:10]] if self.is_there else []
        for name in (CATALOG, f"{CATALOG}-wal", WITHDRAWALS, "crawls.jsonl", REVIEWS) if parts else ():
            try:
                found = (self._output / name).stat()
            except OSError:
                continue
            parts.append(f"{found.st_mtime_ns:x}.{found.st_size:x}")
        return "-".join(parts)

    def activity(self, since: str = "", crawl: str = "") -> Activity:
        """Since a day, of one crawl, or in the last days up to the newest look. Raises NoSuchCrawl."""
        return self._once(("activity", since, crawl), lambda: self._activity(since, crawl))

    def calendar(self) -> tuple[CalendarDay, ...]:
        """The last weeks, Monday first, up to today; days in the profile's time zone."""
        return self._once(("calendar",), self._calendar)

    def not_held(self, id_: str) -> MissingArticle | None:
        """What a listing names under the address of this id, and is no article."""
        return self._once(("not held",), self._not_held).get(id_)

    def _not_held(self) -> Mapping[str, MissingArticle]:
        name = profile_of(self._output).name
        with Catalog(self._output / CATALOG) as catalog:
            return {article_id(name, each.url): each for each in coverage.missing_articles(catalog)}

    def completeness(self) -> Completeness:
        """What is held of each section, what is missing and why, and gaps in the numbers of addresses."""
        return self._once(("completeness",), lambda: completeness_of(self._output, clock.now().date()))

    def status(self) -> Status:
        """The figures of `gdfupin status`; while a crawl runs, at most a minute old."""
        minute = clock.stamp()[:16]
        return self._once(("status", minute), self._status)

    def health(self) -> CrawlHealth | None:
        """Issues and fit of layouts of the newest crawl of the site that ended; None where there is none."""
        return self._once(("health",), self._health)

    def layouts(self) -> Sequence[Layout]:
        """The layouts that the archive is read with."""
        return self._once(("layouts",), lambda: profile_of(self._output).layouts.all)

    def _status(self) -> Status:
        return status(self._output, profile_of(self._output), clock.now(), config.load(self._output).schedule)

    def _health(self) -> CrawlHealth | None:
        for crawl in reversed(crawls_of_site(self._output, clock.now())):
            if (report := read_crawl_report(crawl.path)) is not None:
                return CrawlHealth(crawl.name, report.counts)
        return None

    def pictures(self, version: VersionRow) -> Mapping[str, Proof]:
        """By URL: where the pictures of a version are, as far as the crawl that read it has captured them."""
        urls = {each["url"] for each in version["images"]}
        if not urls or not version["captures"]:
            return {}
        crawl = version["captures"][0]["warc"].partition("/")[0]
        return self._once(("pictures", version["id"], version["version"]), lambda: self._pictures(crawl, urls))

    def picture(self, place: Proof) -> Capture:
        """Raises ArchiveError."""
        return warc.read_at(self._output / "crawls" / place.warc, place.offset)

    def write_evidence(self, id_: str, to: Path) -> None:
        """As `gdfupin evidence`. Raises NotInstalled, GdfupinError."""
        profile = profile_of(self._output)
        with open_archive(self._output) as archive:
            write_evidence(archive, self._output, dossier_of(archive, profile, id_), profile, to)

    def _pictures(self, crawl: str, urls: Collection[str]) -> dict[str, Proof]:
        path = self._output / "crawls" / crawl / "media.jsonl"
        found: dict[str, Proof] = {}
        for _, line in lines(path, lambda damage: None) if path.is_file() else ():
            if line.get("url") in urls and line.get("status") == 200:
                with contextlib.suppress(WrongShape):
                    media = decode(Media, line)
                    if (self._output / "crawls" / media.capture.warc).is_file():
                        found[media.url] = media.capture
        return found

    def _activity(self, since: str, crawl: str) -> Activity:
        profile, now = profile_of(self._output), clock.now()
        with Catalog(self._output / CATALOG) as catalog:
            seen = last_look(catalog)
        if not since and not crawl:
            newest = datetime.fromisoformat(seen).astimezone(profile.zone).date() if seen else now.date()
            since = (newest - timedelta(days=DAYS - 1)).isoformat()
        known = [
            each for each in self._crawls() if (each.crawl == crawl if crawl else _day_of(each, profile.zone) >= since)
        ]
        if crawl and not known:
            raise NoSuchCrawl(self._output, crawl, [each.crawl for each in self._crawls()])
        found: list[Difference] = []
        nobody_looked = False
        try:
            with DiffQuery(self._output, (crawl or since,), None, now, profile.zone) as query:
                found = list(islice(query.changes(), MOST_READ + 1))
        except NobodyLooked:
            nobody_looked = True
        shown, has_more = tuple(found[:MOST_READ]), len(found) > MOST_READ
        return Activity(crawl or since, seen, tuple(reversed(known)), shown, has_more, nobody_looked)

    def _crawls(self) -> tuple[CrawlStatus, ...]:
        """All, oldest first."""
        return self._once(("crawls",), self._read_crawls)

    def _read_crawls(self) -> tuple[CrawlStatus, ...]:
        with Catalog(self._output / CATALOG) as catalog:
            happened: Mapping[str, Counter[str]] = {each.crawl: each.events for each in coverage.happened(catalog)}
        running = holder(self._output)
        there = by_age(crawls(self._output), clock.now())
        return tuple(crawl_status(each, running, happened.get(each.name, Counter())) for each in there)

    def _calendar(self) -> tuple[CalendarDay, ...]:
        zone = profile_of(self._output).zone
        today = clock.now().astimezone(zone).date()
        monday = today - timedelta(days=today.weekday() + 7 * (WEEKS - 1))
        by_day: dict[str, list[CrawlStatus]] = {}
        for each in self._crawls():
            by_day.setdefault(_day_of(each, zone), []).append(each)
        days = (monday + timedelta(days=number) for number in range((today - monday).days + 1))
        return tuple(_day(each, by_day.get(each.isoformat(), [])) for each in days)

    def _once(self, key: tuple[object, ...], made: Callable[[], T]) -> T:
        """A result, made once for each state of the archive."""
        stamp = self.stamp
        with self._lock:
            if stamp != self._stamp or len(self._kept) > KEPT:
                self._kept.clear()
                self._stamp = stamp
            if key in self._kept:
                return cast(T, self._kept[key])
        found = made()
        with self._lock:
            if stamp == self._stamp:
                self._kept[key] = found
        return found


def _day_of(crawl: CrawlStatus, zone: tzinfo) -> str:
    """The day on which it began; of one that was killed, by its name; empty: not known."""
    named = _NAMED_BY_TIME.match(crawl.crawl)
    began = crawl.started or (named[0] if named else "")
    return datetime.fromisoformat(began).astimezone(zone).date().isoformat() if began else ""


def _day(day: date, of_day: list[CrawlStatus]) -> CalendarDay:
    failed = sum(not each.could_look or each.state == "unfinished" for each in of_day)
    changes = sum(sum(each.changes.values()) for each in of_day)
    return CalendarDay(day.isoformat(), len(of_day), failed, changes, of_day[-1].crawl if of_day else None)
