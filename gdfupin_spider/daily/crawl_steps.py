"""The steps that fetch: each crawl is a process of its own, as a reactor starts only once in one."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO

from .. import clock
from ..errors import CrawlRunning, ExitCode
from ..items import WrongShape, decode
from ..messages.record_words import counts
from ..messages.text import N_, SEMICOLON, enumeration, joined
from ..monitoring.message import WELL
from ..storage.archive_info import is_demo
from ..storage.crawls import Crawl, crawls, crawls_of_site
from ..storage.lock import holder
from ..storage.report import CrawlReport, read_crawl_report
from ..terminal import pluralized
from .day import Day, Outcome
from .run_log import LOG

LOOK_AGAIN = 1.0
"""Seconds between two looks whether the crawl of a killed run has ended."""


@dataclass(frozen=True, slots=True)
class _CrawlResult:
    """What `gdfupin crawl --json` prints, as far as it is needed here."""

    exit_code: int
    folder: str | None = None
    message: str | None = None
    error: str | None = None


def crawl(day: Day) -> Outcome:
    """Crawls the live site. What a killed run began is waited for, and what it finished is not done again."""
    _wait_for_orphan(day)
    if (own := _own_crawl(day)) is not None:
        return _outcome(own[1].run.exit_code, own[0].name, own[1], own[1].run.message)
    # settings of a crawl come from GDFUPIN_CRAWL_…, as of any other; messages are sent by later steps
    arguments = ["crawl", "--no-messages", *(["--existing"] if day.options.existing else [])]
    code, result = _gdfupin(day, arguments)
    folder = result.folder if result is not None else None
    name = folder.rsplit("/", 1)[-1] if folder else None
    report = read_crawl_report(day.output / "crawls" / name) if name else None
    reason = (result.message or result.error) if result is not None else None
    if code == ExitCode.RUNNING:
        raise CrawlRunning(day.output, _holder(day))
    if code < 0:
        code, reason = (
            ExitCode.GAPS,
            N_("the crawl was killed by {code}; the next one goes on where it ended", code=_signal(-code)),
        )
    return _outcome(code, name, report, reason)


def from_archives(day: Day) -> Outcome:
    """Asks web archives, where the live site could not be read for some days. What they refuse is asked for by the next run."""
    days = day.daily.archives_after_days
    since = _unread_since(day)
    if is_demo(day.output):
        return Outcome(N_("demo data: web archives have the real site"), "skipped")
    if days and since is None:
        return Outcome(N_("the live site answers"), "skipped")
    if since is not None and clock.now() - since < timedelta(days=days):
        return Outcome(N_("the live site was read on {since:%Y-%m-%d}", since=since), "skipped")
    _wait_for_orphan(day)
    before = {each.name for each in crawls(day.output)}
    code, result = _gdfupin(day, ["crawl", "--from", day.daily.archives])
    if code == ExitCode.RUNNING:
        raise CrawlRunning(day.output, _holder(day))
    new = sum(each.name not in before for each in crawls(day.output))
    if code in (*WELL, ExitCode.ARCHIVE_REFUSES):
        is_refused = code == ExitCode.ARCHIVE_REFUSES
        imports = pluralized(new, "import")
        return Outcome(joined((imports, N_("refused for now")), SEMICOLON) if is_refused else imports)
    reason = (result.error or result.message) if result is not None else None
    return Outcome(reason or N_("ended with {code}", code=code), "failed", code if code > 0 else ExitCode.GAPS)


def crawl_of(day: Day) -> tuple[Crawl, CrawlReport] | None:
    """The crawl of this run with its report; where the step is off, the newest one of the site that has a report."""
    result = day.run.result("crawl")
    known = crawls_of_site(day.output, clock.now())
    if result is not None and result.state != "off":
        known = [each for each in known if each.name == result.crawl]
    found = ((each, read_crawl_report(each.path)) for each in reversed(known))
    return next(((each, report) for each, report in found if report is not None), None)


def _outcome(code: int, name: str | None, report: CrawlReport | None, reason: str | None) -> Outcome:
    if report is None:
        return Outcome(reason or N_("the crawl gave no reason"), "failed", code, name)
    changes = counts({kind: count for kind, count in (report.after.changes or {}).items() if count})
    if report.run.held:
        changes = N_("held back: {held}", held=enumeration(report.run.held))
    bad = code not in (ExitCode.COMPLETE, ExitCode.GAPS, ExitCode.ALARM)
    words = reason if bad and reason else changes or N_("nothing changed")
    return Outcome(words, "failed" if bad else "done", code, name)


def _unread_since(day: Day) -> datetime | None:
    """The end of the last crawl that could read the site; None where nothing is known, or the newest one could."""
    reports = [read_crawl_report(each.path) for each in crawls_of_site(day.output, clock.now())]
    known = [report for report in reports if report is not None]
    if not known or known[-1].run.exit_code in WELL:
        return None
    good = [report.run.finished for report in known if report.run.exit_code in WELL]
    return datetime.fromisoformat(good[-1] if good else known[0].run.finished)


def _own_crawl(day: Day) -> tuple[Crawl, CrawlReport] | None:
    """The crawl that this run made before it was killed and could note it; None where that was ended, too."""
    if not day.is_resumed:
        return None
    for each in reversed(crawls_of_site(day.output, clock.now())):
        if each.name[: len(day.run.stamp)] < day.run.stamp:
            return None
        report = read_crawl_report(each.path)
        if report is not None and report.run.reason != "interrupted":
            return each, report
    return None


def _wait_for_orphan(day: Day) -> None:
    """A run that was killed alone leaves its crawl running."""
    is_reported = False
    while day.is_resumed and (running := holder(day.output)) is not None:
        if (running.what or "")[: len(day.run.stamp)] < day.run.stamp:
            return  # not of this run: the crawl will end with 5
        if not is_reported:
            day.say(N_("waiting for {running}, which the run before began", running=running))
            is_reported = True
        time.sleep(LOOK_AGAIN)


def _gdfupin(day: Day, arguments: Sequence[str]) -> tuple[int, _CrawlResult | None]:
    """Runs a command with its own progress on a terminal. Returns its exit code and what it printed as JSON.

    Ctrl-C and SIGTERM are passed on, so that the command ends in order, and raised when it has.
    """
    is_loud = sys.stderr.isatty() and not day.options.quiet
    options = ["--output", str(day.output), "--json", "--log-file", str(day.output / LOG)]
    options += [*([] if is_loud else ["--quiet"]), *(["--profile", day.options.profile] if day.options.profile else [])]
    known = {clock.VARIABLE: clock.stamp()} if clock.VARIABLE in os.environ else {}
    with tempfile.TemporaryFile() as out:
        child = start([*arguments, *options], os.environ | known, out)
        is_interrupted = False
        while child.returncode is None:
            try:
                child.wait()
            except KeyboardInterrupt:
                is_interrupted = True
                child.send_signal(signal.SIGTERM)
        if is_interrupted:
            raise KeyboardInterrupt
        out.seek(0)
        try:
            return child.returncode, decode(_CrawlResult, json.loads(out.read()))
        except (ValueError, WrongShape):
            return child.returncode, None


def start(arguments: Sequence[str], environment: Mapping[str, str], out: IO[bytes]) -> "subprocess.Popen[bytes]":
    """`gdfupin …` in a session of its own, so that Ctrl-C reaches it once, from here."""
    command = [sys.executable, "-m", "gdfupin_spider", *arguments]
    return subprocess.Popen(command, stdout=out, env=environment, start_new_session=True)


def _holder(day: Day) -> str:
    """Who has the archive."""
    running = holder(day.output)
    return N_("another process") if running is None else running.sentence()


def _signal(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else N_("signal {number}", number=number)
