"""Takes the captures of a source into an archive: a crawl folder of their own, at their true dates.

The folder has what a live crawl has: WARC files first, then the lines that the replayer reads from them, the report last.
Whatever ends an intake, captures that were written stay; the same command goes on, because what is held is skipped.
"""

import contextlib
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .. import clock, config
from ..catalog.update import CrawlSummary, catch_up, summary_of
from ..errors import ExitCode, GdfupinError, WrongArchive
from ..items import REPLICA_HEADER, REPLICA_MARK, Capture, Issue, Media, Origin, as_dict
from ..ledger.ledger import Ledger
from ..ledger.provenance import versions
from ..messages.text import N_
from ..monitoring.completeness import completeness_of
from ..monitoring.killed_crawls import judge_killed_crawls
from ..profiles import Profile, with_layouts
from ..replay.learning import keep, learned, pages_counted
from ..replay.replayer import replaying
from ..replay.running_count import RunningCount
from ..storage import archive_info, report_chain
from ..storage.aftermath import Aftermath
from ..storage.crawl_folder import CrawlFolder
from ..storage.crawl_register import register
from ..storage.crawl_settings import CrawlSettings, to_warcinfo
from ..storage.crawls import crawls
from ..storage.durable import need_room
from ..storage.lock import OutputLock
from ..storage.report import CrawlReport, Run
from ..warc import Exchange
from .held import Held

ROOM_EVERY = 200
"""Captures between two checks of the free disk space, and two forced writes."""
LAYOUT_PAGES = 10
"""Minimum number of pages of an intake that learns layouts."""


@dataclass(frozen=True)
class Taken:
    """The result of an intake."""

    crawl: str | None
    """Name of its folder; None: nothing was new, and no folder was made."""
    captures: int
    """Captures that were written."""
    held: int
    """Captures that were held already."""
    replicas: int
    """Captures of the replica that were left out: the archive is of a site."""
    of_site: int
    """Captures of a site that were left out: the archive is of the replica."""
    report: CrawlReport | None = None
    summary: CrawlSummary | None = None
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        if self.interrupted:
            return ExitCode.GAPS
        return self.report.run.exit_code if self.report is not None else ExitCode.COMPLETE

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "crawl": self.crawl,
            "captures": self.captures,
            "held": self.held,
            "interrupted": self.interrupted,
            "changes": self.summary.counts if self.summary else {},
            "exit_code": self.exit_code,
            "catalog": as_dict(self.summary.catalog) if self.summary else None,
        }


@dataclass(frozen=True)
class Source:
    """Where exchanges come from, and how the crawl folder is named and described."""

    origin: Origin
    exchanges: Iterable[Exchange]
    description: Callable[[], str]
    """What was taken from where, a sentence; asked for at the end."""
    issues: Callable[[], Iterable[Issue]] = tuple
    """What could not be taken; asked for at the end."""
    is_again: Callable[[Exchange], bool] = lambda exchange: False
    """Whether a capture is taken although it is held: the pages of an article must be in one folder."""


def take(
    output: Path,
    profile: Profile,
    source: Source,
    *,
    layout_pages: int = LAYOUT_PAGES,
    say: Callable[[str], None] = lambda text: None,
) -> Taken:
    """Takes all exchanges of a source that are not held, then reads and folds them.

    Ctrl-C ends the taking: what was taken is read and folded; a second one leaves that to the next command. `layout_pages`:
    minimum number of pages from which layouts are learned; 0: never. Raises CrawlRunning, CannotWrite, WrongArchive (also where
    all captures are of the replica and the archive is of a site, or the reverse), ArchiveError, and what the source raises
    after it was folded.
    """
    started, began = clock.now(), time.monotonic()
    with OutputLock(output, f"gdfupin: captures of {source.origin}") as lock:
        need_room(output)
        demo = archive_info.is_demo(output)
        archive_info.record(output, profile, "demo" if demo else "live")
        intake = _Intake(output, profile, source, started, demo)
        error: GdfupinError | None = None
        try:
            intake.run(say, lock.name)
        except KeyboardInterrupt:
            intake.interrupted = True
            say(N_("interrupted: what was taken is read now; Ctrl-C again leaves that to the next command"))
        except GdfupinError as raised:
            error = raised
        if intake.folder is None:
            if error is not None:
                raise error
            if (intake.replicas or intake.of_site) and not intake.held_already:
                raise WrongArchive(output, _OF_REPLICA if intake.replicas else _OF_SITE)
            _fold_the_rest(output, profile, say)
            return Taken(None, 0, intake.held_already, intake.replicas, intake.of_site, interrupted=intake.interrupted)
        try:
            taken = _read(intake, began, layout_pages, error, say)
        except KeyboardInterrupt:
            say(N_("interrupted: the same command reads what was taken"))
            raise
    if error is not None:
        raise error
    return taken


def _fold_the_rest(output: Path, profile: Profile, say: Callable[[str], None]) -> None:
    """Reads and folds what an intake took that was killed, or interrupted while it read."""
    if crawls(output):
        settings = config.load(output)
        judge_killed_crawls(output, profile, settings.rules, settings.monitors)
        catch_up(output, profile, settings.rules, say=say)


class _Intake:
    """Writes what is new into a crawl folder, which is made with the first capture."""

    def __init__(self, output: Path, profile: Profile, source: Source, started: datetime, demo: bool) -> None:
        self.output, self.profile, self.source, self.started, self.demo = output, profile, source, started, demo
        self.folder: CrawlFolder | None = None
        self.captures = self.held_already = self.replicas = self.of_site = self.bytes = 0
        self.statuses: Counter[str] = Counter()
        self.interrupted = False

    def run(self, say: Callable[[str], None], name: Callable[[str], None]) -> None:
        held = Held.of(self.output, say)
        progress = RunningCount(say)
        for exchange in self.source.exchanges:
            progress.count(N_("captures found, {captures:,} of them new", captures=self.captures))
            if held.has_exchange(exchange) and not self.source.is_again(exchange):
                self.held_already += 1
                continue
            if self.demo != _is_replica(exchange):
                self.replicas += not self.demo
                self.of_site += self.demo
                continue
            if self.folder is None:
                settings = CrawlSettings(self.profile.name, self.profile.start_urls)
                self.folder = CrawlFolder.create(self.output, self.started, self.source.origin, to_warcinfo(settings))
                name(self.folder.name)
            with _uninterrupted():
                held.add(self._write(self.folder, exchange))
            if self.captures % ROOM_EVERY == 0:
                need_room(self.output)
                self.folder.warc.sync()

    def _write(self, folder: CrawlFolder, exchange: Exchange) -> Capture:
        capture = folder.warc.write(exchange)
        if capture.purpose == "media":
            folder.media(Media.of(capture))
        self.captures += 1
        self.bytes += capture.size
        self.statuses[str(capture.status)] += 1
        return capture


def _read(
    intake: _Intake, began: float, layout_pages: int, error: GdfupinError | None, say: Callable[[str], None]
) -> Taken:
    """Reads what was taken, writes lines and report, and folds it."""
    output, source, folder = intake.output, intake.source, intake.folder
    assert folder is not None
    folder.warc.close()
    say(N_("reading {captures:,} captures", captures=intake.captures))
    profile = _with_what_it_teaches(intake, layout_pages, say)
    progress = RunningCount(say)

    def on_page(*_: object) -> None:
        progress.count(N_("pages of {captures:,} captures read", captures=intake.captures))

    reading, ledger = replaying(folder.path, profile, folder, on_page)
    reading.run([])
    for issue in source.issues():
        ledger.issue(issue)
    folder.finish()
    settings = config.load(output)
    rules = settings.rules
    judge_killed_crawls(output, profile, rules, settings.monitors)
    catch_up(output, profile, rules, running=folder.name, say=say)
    summary = summary_of(output, folder.name)
    report = _report(intake, profile, ledger, began, summary, error)
    folder.changes(summary.lines)
    folder.close(report)
    register(output, [each.name for each in crawls(output) if each.whole], clock.stamp())
    return Taken(
        folder.name,
        intake.captures,
        intake.held_already,
        intake.replicas,
        intake.of_site,
        report,
        summary,
        intake.interrupted,
    )


def _with_what_it_teaches(intake: _Intake, layout_pages: int, say: Callable[[str], None]) -> Profile:
    """The profile with layouts learned from all captures, if there are twice as many as taught the present ones.

    The templates of each era are layouts of their own, so that a capture of 2012 is read by what its neighbours teach.
    """
    profile, known = intake.profile, crawls(intake.output)
    enough = max(layout_pages, 2 * profile.layouts.site.pages)
    if not layout_pages or intake.captures + pages_counted(known) < enough:
        return profile
    layouts = learned(profile, known, whole=True, say=say)
    if layouts.site.pages < enough or not layouts:
        return profile
    keep(intake.output, layouts)
    return with_layouts(profile, layouts)


def _report(
    intake: _Intake,
    profile: Profile,
    ledger: Ledger,
    began: float,
    summary: CrawlSummary,
    error: GdfupinError | None,
) -> CrawlReport:
    folder = intake.folder
    assert folder is not None
    counts = ledger.counts()
    reason = "interrupted" if intake.interrupted else type(error).__name__ if error is not None else "finished"
    code = error.exit_code if error is not None else ExitCode.GAPS if intake.interrupted else ExitCode.COMPLETE
    run = Run(
        crawl=folder.name,
        origin=intake.source.origin,
        started=clock.stamp(intake.started),
        finished=clock.stamp(),
        seconds=round(time.monotonic() - began, 1),
        reason=reason,
        message=intake.source.description() if error is None else str(error),
        exit_code=int(code),
        requests={"page": dict(sorted(intake.statuses.items()))},
        requests_total=intake.captures,
        payload_bytes=intake.bytes,
    )
    completeness = completeness_of(intake.output, intake.started.date())
    after = Aftermath(summary.counts, summary.catalog, completeness)
    settings = CrawlSettings(profile.name, profile.start_urls)
    previous = report_chain.newest(intake.output)
    return CrawlReport(run, counts, after, settings, versions(profile), previous=previous)


_OF_REPLICA = N_(
    "it is the archive of a site, and all these captures are of the replica, which is invented; "
    "import them into an archive of `gdfupin demo`"
)
_OF_SITE = N_("it holds demo data, and none of these captures is of the replica; name another --output")


def _is_replica(exchange: Exchange) -> bool:
    """By its origin, its headers, or what `gdfupin replica` writes into its pages."""
    if REPLICA_MARK in exchange.payload:
        return True
    name = REPLICA_HEADER.lower().encode()
    return exchange.origin == "demo" or any(header.lower() == name for header, _ in exchange.headers)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until a capture is written whole. Only the main thread hears it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
