"""A running crawl: its folder and lock, its lines, its counts, and its end."""

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from scrapy.crawler import Crawler
from scrapy.http import Response

from .. import clock, config, pages
from ..catalog import Catalog, set_aside
from ..catalog.sources import CATALOG
from ..catalog.update import CrawlSummary, catch_up, summary_of
from ..errors import CannotWrite, CatalogUnusable, ExitCode, GdfupinError, SiteForeign, SiteUnreachable, WrongClock
from ..frontier.build import number_at, plan
from ..frontier.limits import LimitKeeper
from ..frontier.plan import Plan
from ..frontier.scope import Scope
from ..frontier.traps import CrawlerTraps
from ..items import Origin
from ..ledger.gap_tracker import GapTracker
from ..ledger.ledger import Ledger
from ..ledger.provenance import versions
from ..monitoring.completeness import completeness_of
from ..monitoring.gaps import compared_gaps
from ..monitoring.history import earlier
from ..monitoring.monitors import held_by, monitored, with_acknowledged
from ..pages import host_of
from ..profiles import Profile, with_layouts
from ..replay.learning import keep, learned
from ..storage import acknowledgements, archive_info
from ..storage.aftermath import Aftermath, Completeness, Monitors, OpenGaps
from ..storage.crawl_folder import CrawlFolder
from ..storage.crawl_register import register
from ..storage.crawl_settings import to_warcinfo
from ..storage.crawls import crawls
from ..storage.durable import need_room
from ..storage.lock import OutputLock
from ..storage.open_gaps import OpenGap, issues_of, last_open_gaps
from ..storage.report import CrawlReport, ReadingReport, Run, read_reading_report
from ..terminal import without_credentials
from .capture_order import CaptureOrder
from .clock_check import ClockCheck
from .cookie_walls import CookieWalls
from .crawl_options import CrawlOptions
from .lookout import Lookout

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
        self.rebuilt = ""
        """Why the catalog was set aside and folded again; empty where it was not."""
        self._close = close
        self.uncatalogued: Exception | None = None
        """Why the catalog could not be brought up to date."""
        self.held: tuple[str, ...] = ()
        """Names of the alarms because of which the crawl is held back."""
        self._completeness: Completeness | None = None
        self._open_gaps: tuple[OpenGap, ...] = ()
        self.started = clock.now()
        self._began = time.monotonic()
        self.lock = OutputLock(options.output)
        self.lock.__enter__()
        try:
            need_room(options.output, options.free_bytes)
            self.config = config.load(options.output)
            archive_info.record(options.output, options.profile, "demo" if options.demo else "live")
            self._gaps_before = last_open_gaps(options.output)
            self.plan = self._plan()
            self.limits = LimitKeeper(self.config.limits, len(self.plan.articles))
            self.options = options = replace(options, full=self.plan.full)
            info = to_warcinfo(options.recorded())
            self.folder = CrawlFolder.create(options.output, self.started, self.origin, info)
            self.lock.name(self.folder.name)
        except BaseException:
            self.lock.__exit__(None, None, None)
            raise
        self.ledger = Ledger(self.folder, options.profile, GapTracker(self._gaps_before, clock.stamp(self.started)))
        self.lookout = Lookout(self.plan)
        reports = earlier(options.output, self.folder.name)
        offsets = [each.run.clock_offset for each in reports if each.run.reason == "finished"]
        began = [each.run.started for each in reports if each.run.started and each.run.reason != "WrongClock"]
        newest = datetime.fromisoformat(max(began)) if began else None
        self.clock = ClockCheck(self.started, newest, offsets[-1] if offsets else None)
        if self.rebuilt:
            self.ledger.note("catalog-rebuilt", str(options.output / CATALOG), self.rebuilt)

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
                self.ledger.note(what, url, f"{evidence}. Other addresses of this host are not named.")
            except CannotWrite as error:
                self.stop(error)

    def pass_cookie_wall(self, url: str, sent: str | None) -> bool:
        """Whether a request whose redirects lead back is made again with their cookies. `sent`: its Cookie header."""
        host = host_of(url)
        is_known = self.cookies.header(host) is not None
        if not self.cookies.pass_wall(host, sent):
            return False
        if not is_known:
            names = ", ".join(self.cookies.names(host))
            self.note_once(
                "cookie-wall", url, f"leads back to itself without the cookie {names}; it is sent from now on"
            )
        return True

    def given_up(self, templates: Iterable[str], url: str) -> None:
        """Writes a note for each URL template that was given up after this URL."""
        for template in templates:
            evidence = "many pages of this shape in a row led to nothing new; the others of it are left out"
            self.ledger.note("endless-space", url, f"{template}: {evidence}")

    def finish(self, reason: str) -> None:
        """Ends the crawl: closes its files, folds them, writes changes and at last the report. Sets `error` if that fails.

        A crawl whose lines cannot be folded is complete; the next crawl folds them.
        """
        try:
            if not isinstance(self.error, CannotWrite):
                self.ledger.finish()
            self.folder.finish()
            self._hold(reason)
            self._learn(reason)
            summary = self._fold()
            self.report = self._report(reason, summary)
            if summary is not None:
                self.folder.changes(summary.lines)
            self.folder.gaps(self._open_gaps)
            self.folder.close(self.report)
            register(
                self.options.output, [each.name for each in crawls(self.options.output) if each.whole], clock.stamp()
            )
        except GdfupinError as error:
            self.error = self.error or error
            report = self.report or self._report(reason, None)
            self.report = replace(report, run=replace(report.run, exit_code=self.error.exit_code))
        finally:
            self.lock.__exit__(None, None, None)

    def _plan(self) -> Plan:
        """Folds earlier crawls and makes the plan. If the catalog cannot be folded, everything is fetched.

        Raises CannotWrite, and CatalogUnusable for a file that another process holds or that may not be opened.
        """
        options = self.options
        try:
            return self._with_catalog(
                lambda: plan(
                    options.output, self.profile, self.config.schedule, self.started,
                    full=options.full, recheck=options.recheck, media=options.media, gaps=self._gaps_before,
                ),
                running=None,
            )  # fmt: skip
        except (CannotWrite, CatalogUnusable):
            raise
        except (GdfupinError, sqlite3.Error) as error:
            log.error("The catalog cannot be folded, so everything is fetched: %s", error)
            return Plan(partial(number_at, self.profile))

    def _with_catalog(self, result: Callable[[], T], running: str | None) -> T:
        """Brings the catalog up to date and returns a result that reads it.

        A damaged or foreign file is set aside and folded again, once: it is made of the lines of the crawls, and without it
        every crawl would fetch the whole site.
        """
        path = self.options.output / CATALOG
        for last in (False, True):
            try:
                catch_up(self.options.output, self.profile, self.config.rules, running=running, say=log.info)
                return result()
            except (CatalogUnusable, sqlite3.DatabaseError) as error:
                cause = error.__cause__ if isinstance(error, CatalogUnusable) else error
                if getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_IOERR", "SQLITE_FULL")):
                    raise CannotWrite(path, str(error)) from error  # the disk fails, not the file
                if last or (isinstance(error, CatalogUnusable) and error.held):
                    raise
                reason = error.reason if isinstance(error, CatalogUnusable) else str(error)
                set_aside(path)
                why = f"could not be used ({reason.partition('. ')[0]}); it was set aside and folded again"
                self.rebuilt = f"the catalog {why}"
                log.warning("The catalog %s", why)
        raise AssertionError("the second attempt returns or raises")

    def _learn(self, reason: str) -> None:
        """Learns the layouts of a site that has none yet, or of which this crawl saw twice as many pages as taught them.

        The crawl is read again with them when it is folded.
        """
        output, enough = self.options.output, self.options.layout_pages
        if (
            self.error is not None or self.held or not enough or reason == "shutdown"
        ):  # whoever interrupts does not want to wait
            return
        if self.ledger.kinds.total() < max(enough, 2 * self.profile.layouts.site.pages):
            return
        try:
            whole = reason == "finished" and not self.limit_reached
            layouts = learned(self.profile, crawls(output), whole=whole, say=log.info)
            if layouts:
                keep(output, layouts)
                self.profile = with_layouts(self.profile, layouts)
                log.info("%d layouts learned; the crawl is read again with what was learned", len(layouts.all))
        except GdfupinError as error:
            log.error("No layouts can be learned: %s", error)

    @property
    def _has_learned(self) -> bool:
        """Whether the lines of this crawl are of another reader than the one that counts now."""
        return self.profile.digest != self.options.profile.digest

    def _reading(self) -> ReadingReport | None:
        """The reading of this crawl with the layouts that it learned; None where it learned none."""
        return read_reading_report(self._reading_folder) if self._has_learned else None

    @property
    def _reading_folder(self) -> Path:
        return self.options.output / "readings" / pages.reader(self.profile) / self.folder.name

    def _fold(self) -> CrawlSummary | None:
        """Folds this crawl. Returns its changes and the state of the catalog; None if that failed."""
        output, name = self.options.output, self.folder.name
        try:
            if self.held:
                with Catalog(output / CATALOG) as catalog:
                    return CrawlSummary(catalog.counts(), {}, ())
            return self._with_catalog(self._folded, running=None if self._has_learned else name)
        except GdfupinError as error:
            log.error("The catalog cannot be folded: %s", error)
            self.uncatalogued = error
        except Exception as error:  # noqa: BLE001  it is logged
            self.internal_error("The catalog cannot be folded", error)
            self.uncatalogued = error
        return None

    def _folded(self) -> CrawlSummary:
        self._completeness = completeness_of(self.options.output, self.started.date())
        return summary_of(self.options.output, self.folder.name)

    def _outcome(self, reason: str) -> CrawlReport:
        """The report as far as it is known before the crawl is folded: without exit code and monitors."""
        reading = self._reading()
        counts = reading.counts if reading is not None else self.ledger.counts()
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
            if reason == "shutdown"
            else ("limit" if self.limit_reached and reason == "finished" else reason),
            requests=requests,
            requests_total=self.requests.total(),
            requests_by_reason={reason: self.reasons[reason] for reason in REASONS if self.reasons[reason]},
            forbidden_by_robots=dict(sorted(self.forbidden.items())),
            forbidden_articles=self.forbidden_articles,
            forbidden_known=self.forbidden_known,
            given_up=self.traps.given_up(),
            payload_bytes=self.bytes,
            limits_reached=self.limits.reached(),
            looked=self.lookout.result(),
            new_articles=self.lookout.new_articles,
            identity=self.lookout.identity,
            clock_offset=self.clock.offset,
            held=self.held,
        )
        return CrawlReport(run, counts, settings=self.options.recorded(), versions=versions(self.options.profile))

    def _hold(self, reason: str) -> None:
        """Decides whether the crawl is held back: then it is not folded, and nothing is learned from it."""
        try:
            reports = earlier(self.options.output, self.folder.name)
            self.held = held_by(reports, self._outcome(reason), self.config.monitors)
        except Exception as error:  # noqa: BLE001  it is logged
            self.internal_error("The crawl cannot be compared with earlier ones", error)
        if self.held:
            log.error("The crawl is held back (%s): nothing of it is published", ", ".join(self.held))

    def _report(self, reason: str, summary: CrawlSummary | None) -> CrawlReport:
        """The report of the crawl. `summary`: None where the catalog could not be updated."""
        report = self._outcome(reason)
        again = f"readings/{pages.reader(self.profile)}/{self.folder.name}" if self._reading() is not None else None
        gaps = self._compare_gaps(reason)
        after = Aftermath(open_gaps=gaps, read_again=again)
        if summary is not None:
            after = Aftermath(summary.counts, summary.catalog, self._completeness, open_gaps=gaps, read_again=again)
        report = replace(report, run=replace(report.run, message=self._message()), after=after)
        monitors = self._compare(report)
        run = replace(report.run, exit_code=self._exit_code(reason == "shutdown", gaps, monitors))
        return replace(report, run=run, after=replace(after, monitors=monitors))

    def _message(self) -> str | None:
        """What a person should know about the end of the crawl; None: nothing."""
        if self.error is not None:
            return without_credentials(str(self.error))
        if self.uncatalogued is not None:
            return f"the crawl is complete, but the catalog cannot be folded: {self.uncatalogued}"
        if self.internal_errors:
            return f"{self.internal_errors} internal errors; their tracebacks are in the log, or in gdfupin-error-*.txt"
        return None

    def _compare_gaps(self, reason: str) -> OpenGaps | None:
        """The gaps after this crawl; None where it read nothing of the site, is held back, or that failed: all stay as they were."""
        self._open_gaps = tuple(self._gaps_before)
        if self.held or isinstance(self.error, SiteUnreachable | SiteForeign | WrongClock):
            return None
        try:
            return self._gaps_now(reason)
        except Exception as error:  # noqa: BLE001  it is logged
            self.internal_error("The gaps cannot be compared with earlier ones", error)
        return None

    def _gaps_now(self, reason: str) -> OpenGaps:
        whole = reason == "finished" and self.plan.full and not self.limit_reached
        tracker = self.ledger.open_gaps
        if self.error is None and self._reading() is not None:
            tracker.read_again(issues_of(self._reading_folder))
        answered = sum(self.ledger.outcomes[outcome] for outcome in ("read", "not_modified", "missing"))
        changes = partial(tracker.changes, whole=whole, articles_answered=answered)
        if self.uncatalogued is None and (self.options.output / CATALOG).exists():
            with Catalog(self.options.output / CATALOG) as catalog:
                found = changes(is_article=partial(is_article, catalog, self.profile))
        else:
            found = changes()
        self._open_gaps = found.open
        return compared_gaps(found, acknowledgements.load(self.options.output))

    def _exit_code(self, interrupted: bool, gaps: OpenGaps | None, monitors: Monitors | None) -> int:
        """The worst of what happened counts."""
        if self.error is not None:
            return self.error.exit_code
        if self.internal_errors:
            return ExitCode.INTERNAL
        if isinstance(self.uncatalogued, GdfupinError):
            return self.uncatalogued.exit_code
        if monitors is not None and any(alarm.acknowledged is None for alarm in monitors.alarms):
            return ExitCode.ALARM
        return ExitCode.GAPS if interrupted or (gaps is not None and gaps.new) else ExitCode.COMPLETE

    def _compare(self, report: CrawlReport) -> Monitors | None:
        """The report compared with earlier ones; None if that failed, which does not harm the crawl."""
        try:
            output = self.options.output
            found = monitored(earlier(output, self.folder.name), report, self.config.monitors)
            return with_acknowledged(found, acknowledgements.load(output))
        except Exception as error:  # noqa: BLE001  it is logged
            self.internal_error("The crawl cannot be compared with earlier ones", error)
        return None


def is_article(catalog: Catalog, profile: Profile, url: str) -> bool:
    """Whether the archive has an article at this address."""
    state = catalog.address(pages.article_id(profile.name, url))
    return state is not None and state.article is not None


def session_of(crawler: Crawler) -> Session | None:
    """The running crawl; None in `scrapy shell`, `fetch` and `parse`, which write nothing."""
    session = getattr(crawler.spider, "session", None)
    return session if isinstance(session, Session) else None
