"""A running crawl: its folder and lock, its plan, its lines and counts. `conclusion.py` has its end."""

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from scrapy.crawler import Crawler
from scrapy.http import Response

from .. import clock, config
from ..catalog.sources import CATALOG
from ..errors import CannotWrite, CatalogUnusable, GdfupinError, WrongClock
from ..frontier.build import number_at, plan
from ..frontier.limits import LimitKeeper
from ..frontier.plan import Plan
from ..frontier.scope import Scope
from ..frontier.traps import CrawlerTraps
from ..items import Origin
from ..ledger.gap_tracker import GapTracker
from ..ledger.ledger import Ledger
from ..messages.text import COLON, N_, enumeration, joined
from ..monitoring.history import earlier
from ..monitoring.killed_crawls import untold
from ..monitoring.lookout import Lookout
from ..pages import host_of
from ..storage import archive_info
from ..storage.crawl_folder import CrawlFolder
from ..storage.crawl_settings import to_warcinfo
from ..storage.durable import need_room
from ..storage.lock import OutputLock
from ..storage.open_gaps import last_open_gaps
from ..storage.report import CrawlReport
from .capture_order import CaptureOrder
from .catalog_keeper import CatalogKeeper
from .clock_check import ClockCheck
from .cookie_walls import CookieWalls
from .crawl_options import CrawlOptions

log = logging.getLogger(__name__)
T = TypeVar("T")

REASONS = ("home", "listing", "new", "recheck", "media", "retry", "robots", "other")
ROOM_AFTER = 20_000_000
"""Bytes that are written between two checks of the free disk space."""
ROOM_EVERY = 5.0
"""Maximum number of seconds between two of these checks: other programs write to the same disk, too."""


class Session:
    """Created when a crawl begins; `scrapy shell`, `fetch` and `parse` have no session and write nothing."""

    def __init__(self, options: CrawlOptions, close: Callable[[str], None]) -> None:
        """`close` ends the crawl; its argument is the reason. Raises CrawlRunning, CannotWrite."""
        self.options, self.profile = options, options.profile
        self.scope = Scope(options.profile, options.given, private=options.private_hosts)
        self.order = CaptureOrder()
        self.traps = CrawlerTraps()
        self.cookies = CookieWalls()
        self._noted: set[tuple[str, str]] = set()
        self.requests: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[str] = Counter()
        """Exchanges by reason; see REASONS."""
        self.forbidden: Counter[str] = Counter()
        """URLs that robots.txt forbids, by host."""
        self.forbidden_articles = self.forbidden_known = 0
        """Those to which a listing links as to an article, or that are known; and the known articles and listings alone."""
        self.bytes = 0
        self._room_seen = (0, 0.0)  # bytes and seconds at the last check of the free disk space
        self.limit_reached = False
        """Whether `limit` articles are written; no more pages are read then."""
        self.ending = asyncio.Event()
        """Set when the crawl is asked to end: nobody sleeps any longer."""
        self.exchanges: set[asyncio.Future[Response]] = set()
        """Exchanges on the wire."""
        self.odd_hosts: dict[str, bool] = {}
        """Hosts whose responses the strict client could not read, and whether the tolerant one can."""
        self.broken_off = False
        """Whether exchanges on the wire were broken off because the crawl ended."""
        self.error: GdfupinError | None = None
        """What broke the crawl off."""
        self.internal_errors = 0
        """Errors that the program did not foresee; the log, or a file, has their tracebacks."""
        self.report: CrawlReport | None = None
        self.failed_in_a_row = 0
        """Addresses in a row that could not be fetched."""
        self._close = close
        self.started = clock.now()
        self._began = time.monotonic()
        self.lock = OutputLock(options.output)
        self.lock.__enter__()
        try:
            need_room(options.output, options.free_bytes)
            self.config = config.load(options.output)
            archive_info.record(options.output, options.profile, "demo" if options.demo else "live")
            self.gaps_before = last_open_gaps(options.output)
            self.catalog = CatalogKeeper(options.output, self.config.rules, self.config.monitors)
            self.plan = self._plan()
            self.killed_held = untold(options.output)
            self.limits = LimitKeeper(self.config.limits, len(self.plan.articles))
            self.options = options = replace(options, full=self.plan.full)
            info = to_warcinfo(options.recorded())
            self.folder = CrawlFolder.create(options.output, self.started, self.origin, info)
            self.lock.name(self.folder.name)
        except BaseException:
            self.lock.__exit__(None, None, None)
            raise
        self.ledger = Ledger(self.folder, options.profile, GapTracker(self.gaps_before, clock.stamp(self.started)))
        self.lookout = Lookout(self.plan)
        reports = earlier(options.output, self.folder.name)
        offsets = [each.run.clock_offset for each in reports if each.run.reason == "finished"]
        began = [each.run.started for each in reports if each.run.started and each.run.reason != "WrongClock"]
        newest = datetime.fromisoformat(max(began)) if began else None
        self.clock = ClockCheck(self.started, newest, offsets[-1] if offsets else None)
        if self.catalog.rebuilt:
            self.ledger.note("catalog-rebuilt", str(options.output / CATALOG), self.catalog.rebuilt)

    @property
    def origin(self) -> Origin:
        """Of everything that is captured."""
        return "demo" if self.options.demo else "live"

    def clock_error(self) -> WrongClock | None:
        """Why the clock of this machine cannot be believed; None where it can, or --clock-ok was given."""
        return None if self.options.clock_ok else self.clock.error()

    @property
    def seconds(self) -> float:
        """Since the crawl began."""
        return time.monotonic() - self._began

    def captured(self, purpose: str, status: str, size: int) -> None:
        """Counts an exchange that was written; ends the crawl if the disk is nearly full.

        `status`: the HTTP status, or how the response was truncated.
        """
        self.requests[purpose, status] += 1
        self.bytes += size
        self.keep_limits()
        bytes_then, seconds_then = self._room_seen
        if self.bytes - bytes_then > ROOM_AFTER or self.seconds - seconds_then > ROOM_EVERY:
            self._room_seen = self.bytes, self.seconds
            try:
                need_room(self.options.output, self.options.free_bytes)
            except CannotWrite as error:
                self.stop(error)

    def keep_limits(self) -> None:
        """Ends the crawl if it has requested as many pages or bytes as it may, or runs as long."""
        requested = sum(count for (purpose, _), count in self.requests.items() if purpose != "media")
        if self.options.pages and requested >= self.options.pages:
            self._close("max-pages")
            return
        if (reason := self.limits.ending(requested, self.bytes, self.seconds)) is not None:
            self._close(reason)

    def count_failure(self) -> None:
        """Counts an address that could not be fetched. Ends the crawl after too many in a row: the site is down."""
        self.failed_in_a_row += 1
        if self.failed_in_a_row == self.options.give_up_after:
            log.error("%d addresses in a row could not be fetched: the crawl ends", self.failed_in_a_row)
            self._close("gave-up")

    def stop(self, error: GdfupinError) -> None:
        """Ends the crawl because of an error. If there are several, the first one is reported."""
        if self.error is None:
            self.error = error
            self._close(type(error).__name__)

    def internal_error(self, what: str, error: BaseException) -> None:
        """Logs an error that the program did not foresee. The crawl goes on, and ends with exit code 70."""
        self.internal_errors += 1
        log.error("%s", what, exc_info=error)

    def break_off(self) -> None:
        """Breaks off the exchanges that are on the wire."""
        self.broken_off = True
        for exchange in tuple(self.exchanges):
            exchange.cancel()

    def note_once(self, what: str, url: str, evidence: str) -> None:
        """Writes a note about a habit of a server; only for the first URL of its host, as all others would repeat it."""
        key = what, host_of(url)
        if key not in self._noted:
            self._noted.add(key)
            try:
                self.ledger.note(
                    what, url, N_("{evidence}. Other addresses of this host are not named.", evidence=evidence)
                )
            except CannotWrite as error:
                self.stop(error)

    def pass_cookie_wall(self, url: str, sent: str | None) -> bool:
        """Whether a request whose redirects lead back is made again with their cookies. `sent`: its Cookie header."""
        host = host_of(url)
        is_known = self.cookies.header(host) is not None
        if not self.cookies.pass_wall(host, sent):
            return False
        if not is_known:
            names = enumeration(self.cookies.names(host))
            self.note_once(
                "cookie-wall",
                url,
                N_("leads back to itself without the cookie {names}; it is sent from now on", names=names),
            )
        return True

    def given_up(self, templates: Iterable[str], url: str) -> None:
        """Writes a note for each URL template that was given up after this URL."""
        for template in templates:
            evidence = N_("many pages of this shape in a row led to nothing new; the others of it are left out")
            self.ledger.note("endless-space", url, joined((template, evidence), COLON))

    def _plan(self) -> Plan:
        """Folds earlier crawls and makes the plan. If the catalog cannot be folded, everything is fetched.

        Raises CannotWrite, and CatalogUnusable for a file that another process holds or that may not be opened.
        """
        options = self.options
        try:
            return self.catalog.current(
                self.profile,
                lambda: plan(
                    options.output, self.profile, self.config.schedule, self.started,
                    full=options.full, recheck=options.recheck, media=options.media, gaps=self.gaps_before,
                ),
            )  # fmt: skip
        except (CannotWrite, CatalogUnusable):
            raise
        except (GdfupinError, sqlite3.Error) as error:
            log.error("The catalog cannot be folded, so everything is fetched: %s", error)
            return Plan(partial(number_at, self.profile))


def session_of(crawler: Crawler) -> Session | None:
    """The running crawl; None in `scrapy shell`, `fetch` and `parse`, which write nothing."""
    session = getattr(crawler.spider, "session", None)
    return session if isinstance(session, Session) else None
