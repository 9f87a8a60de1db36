"""One crawl under way: its folder and lock, the lines it writes, what it counts, and how it ends."""

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from scrapy.crawler import Crawler

from .. import clock, config
from ..catalog.update import CrawlSummary, catch_up, summary_of
from ..errors import CannotWrite, GdfupinError
from ..frontier.build import number_at, plan
from ..frontier.plan import Plan
from ..frontier.scope import Hosts
from ..frontier.traps import Templates
from ..items import Origin
from ..ledger.ledger import Ledger
from ..ledger.provenance import versions
from ..monitoring.completeness import completeness_of
from ..monitoring.history import earlier
from ..monitoring.monitors import monitored
from ..profiles import Profile
from ..storage import archive_info
from ..storage.crawl_folder import CrawlFolder
from ..storage.crawl_settings import CrawlSettings, Scalar, to_warcinfo
from ..storage.durable import FREE_FLOOR, need_room
from ..storage.lock import OutputLock
from ..storage.report import Aftermath, Completeness, CrawlReport, Monitors, Run
from .capture_order import Turns

log = logging.getLogger(__name__)

TOLD = (  # the settings that are written into warcinfo and report.json; no other ever is
    "DOWNLOAD_DELAY",
    "CONCURRENT_REQUESTS",
    "DOWNLOAD_TIMEOUT",
    "ROBOTSTXT_OBEY",
    "USER_AGENT",
    "GDFUPIN_PAGE_BYTES",
    "GDFUPIN_MEDIA_BYTES",
)
REASONS = ("home", "listing", "new", "recheck", "media", "retry", "robots", "other")
ROOM_AFTER = 20_000_000
"""Bytes; so much is written between two looks at the free disk, but"""
ROOM_EVERY = 5.0
"""seconds; so often it is looked at anyway: others write to the same disk, too."""


@dataclass(frozen=True)
class Wish:
    """What this crawl was asked for."""

    output: Path
    profile: Profile
    start_urls: tuple[str, ...]
    given: tuple[str, ...] = ()
    """Those of the start URLs that the operator gave, not the profile."""
    limit: int = 0
    """So many articles are enough; 0: all of them."""
    minutes: float = 0
    """So many minutes are enough; 0: no end."""
    media: bool = True
    demo: bool = False
    """The site is the replica: everything that is captured is marked as demo data."""
    full: bool = False
    """Everything is walked, and what is no article is looked at again."""
    recheck: str = "due"
    """Which articles are looked at again: those that are `due`, `all`, or `none`."""
    free_bytes: int = FREE_FLOOR
    """The crawl ends before the disk has less left than this."""
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    """Those of TOLD."""

    def told(self) -> CrawlSettings:
        """What reports and WARC files record of it."""
        return CrawlSettings(
            self.profile.name,
            self.start_urls,
            self.limit,
            self.minutes,
            self.media,
            self.full,
            self.recheck,
            self.settings,
        )


class Session:
    """Made when a crawl begins; `scrapy shell`, `fetch`, `parse` have none, and so write nothing."""

    def __init__(self, wish: Wish, close: Callable[[str], None]) -> None:
        """`close` ends the crawl, for a reason. Raises CrawlRunning and CannotWrite."""
        self.wish, self.profile = wish, wish.profile
        self.hosts = Hosts(wish.profile, wish.given)
        self.turns = Turns()
        self.templates = Templates()
        self.requests: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[str] = Counter()
        """Exchanges by what they were for."""
        self.forbidden: Counter[str] = Counter()
        self.bytes = 0
        self._room_seen = (0, 0.0)  # bytes written and seconds gone when the free disk was last looked at
        self.limit_reached = False
        """Whether `limit` articles are written, so that no more pages are read."""
        self.ending = asyncio.Event()
        """Set when the crawl is asked to end: nobody sleeps any longer."""
        self.error: GdfupinError | None = None
        """What broke the crawl off."""
        self.report: CrawlReport | None = None
        self._close = close
        self.uncatalogued: Exception | None = None
        """Why the catalog could not be brought up to date."""
        self._completeness: Completeness | None = None
        self.started = clock.now()
        self._began = time.monotonic()
        self.lock = OutputLock(wish.output)
        self.lock.__enter__()
        try:
            need_room(wish.output, wish.free_bytes)
            self.orders = config.load(wish.output)
            archive_info.record(wish.output, wish.profile, "demo" if wish.demo else "live")
            self.plan = self._plan()
            self.wish = wish = replace(wish, full=self.plan.full)
            info = to_warcinfo(wish.told())
            self.folder = CrawlFolder.create(wish.output, self.started, self.origin, info)
            self.lock.name(self.folder.name)
        except BaseException:
            self.lock.__exit__(None, None, None)
            raise
        self.ledger = Ledger(self.folder, wish.profile)

    @property
    def origin(self) -> Origin:
        """Of everything that is captured."""
        return "demo" if self.wish.demo else "live"

    @property
    def seconds(self) -> float:
        """Since the crawl began."""
        return time.monotonic() - self._began

    def captured(self, purpose: str, answer: str, size: int) -> None:
        """Counts an exchange that was written, and ends the crawl in time where the disk is nearly full."""
        self.requests[purpose, answer] += 1
        self.bytes += size
        then, at = self._room_seen
        if self.bytes - then > ROOM_AFTER or self.seconds - at > ROOM_EVERY:
            self._room_seen = self.bytes, self.seconds
            try:
                need_room(self.wish.output, self.wish.free_bytes)
            except CannotWrite as error:
                self.stop(error)

    def stop(self, error: GdfupinError) -> None:
        """Ends the crawl by an error; the first one counts."""
        if self.error is None:
            self.error = error
            self._close(type(error).__name__)

    def given_up(self, templates: Iterable[str], url: str) -> None:
        """Notes the templates that were given up after this address."""
        for template in templates:
            said = "many pages of this shape in a row led to nothing new; the others of it are left out"
            self.ledger.note("endless-space", url, f"{template}: {said}")

    def finish(self, reason: str) -> None:
        """Ends the crawl: closes its files, folds them, writes changes and, last, the report. `error` is set if that fails.

        If the catalog cannot be folded, the crawl is complete all the same; the next crawl folds it.
        """
        try:
            self.folder.finish()
            summary = self._fold()
            self.report = self._report(reason, summary)
            if summary is not None:
                self.folder.changes(summary.lines)
            self.folder.close(self.report)
        except GdfupinError as error:
            self.error = self.error or error
            report = self.report or self._report(reason, None)
            self.report = replace(report, run=replace(report.run, exit_code=self.error.exit_code))
        finally:
            self.lock.__exit__(None, None, None)

    def _plan(self) -> Plan:
        """Folds earlier crawls and makes the plan. If the catalog cannot be folded, everything is fetched.

        Raises CannotWrite.
        """
        wish = self.wish
        try:
            catch_up(wish.output, self.profile, self.orders.rules, say=log.info)
            return plan(
                wish.output, self.profile, self.orders.schedule, self.started,
                full=wish.full, recheck=wish.recheck, media=wish.media,
            )  # fmt: skip
        except CannotWrite:
            raise
        except (GdfupinError, sqlite3.Error) as error:
            log.error("The catalog cannot be folded, so everything is fetched: %s", error)
            return Plan(partial(number_at, self.profile))

    def _fold(self) -> CrawlSummary | None:
        """Folds this crawl. Returns its changes and the state of the catalog; None where that failed."""
        output, name = self.wish.output, self.folder.name
        try:
            catch_up(output, self.profile, self.orders.rules, running=name, say=log.info)
            self._completeness = completeness_of(output, self.started.date())
            return summary_of(output, name)
        except GdfupinError as error:
            log.error("The catalog cannot be folded: %s", error)
            self.uncatalogued = error
        except Exception as error:
            log.exception("The catalog cannot be folded")
            self.uncatalogued = error
        return None

    def _report(self, reason: str, summary: CrawlSummary | None) -> CrawlReport:
        """The report of the crawl. `summary`: None where the catalog could not be updated."""
        interrupted = reason == "shutdown"
        if self.error is not None:
            code = self.error.exit_code
        elif isinstance(self.uncatalogued, GdfupinError):
            code = self.uncatalogued.exit_code
        else:
            code = 1 if interrupted or self.ledger.gaps or self.uncatalogued else 0
        message = str(self.error) if self.error else None
        if message is None and self.uncatalogued is not None:
            message = f"the crawl is complete, but the catalog cannot be folded: {self.uncatalogued}"
        requests: dict[str, dict[str, int]] = {}
        for (purpose, status), count in sorted(self.requests.items()):
            requests.setdefault(purpose, {})[status] = count
        run = Run(
            crawl=self.folder.name,
            origin=self.origin,
            started=clock.stamp(self.started),
            finished=clock.stamp(),
            seconds=round(self.seconds, 1),
            reason="interrupted"
            if interrupted
            else ("limit" if self.limit_reached and reason == "finished" else reason),
            message=message,
            exit_code=code,
            requests=requests,
            requests_total=self.requests.total(),
            requests_by_reason={reason: self.reasons[reason] for reason in REASONS if self.reasons[reason]},
            forbidden_by_robots=dict(sorted(self.forbidden.items())),
            given_up=self.templates.given_up(),
            payload_bytes=self.bytes,
        )
        after = Aftermath(summary.counts, summary.catalog, self._completeness) if summary else Aftermath()
        settings = self.wish.told()
        report = CrawlReport(run, self.ledger.counts(), after, settings, versions(self.profile))
        monitors = self._compare(report)
        if monitors is None or monitors.alarms:
            run = replace(run, exit_code=code or 1)
        return replace(report, run=run, after=replace(after, monitors=monitors))

    def _compare(self, report: CrawlReport) -> Monitors | None:
        """The report, compared with earlier ones; None where that failed, which does not harm the crawl."""
        try:
            return monitored(earlier(self.wish.output, self.folder.name), report, self.orders.monitors)
        except Exception:
            log.exception("The crawl cannot be compared with earlier ones")
        return None


def session_of(crawler: Crawler) -> Session | None:
    """The crawl under way, None where there is none to be kept (`scrapy shell`, `fetch`, `parse`)."""
    session = getattr(crawler.spider, "session", None)
    return session if isinstance(session, Session) else None
