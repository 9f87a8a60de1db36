"""One site: its command in a process of its own, and the state of its archive behind it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Literal

from .. import clock
from ..errors import ExitCode
from ..items import WrongShape, decode
from ..messages.record_words import word
from ..messages.text import COLON, N_, SEMICOLON, joined
from ..storage.crawls import by_age, crawls
from ..storage.durable import refusals
from ..storage.report import read_crawl_report
from ..terminal import without_credentials
from .fleet_report import Counted, Visit
from .members import LOGS, Member
from .stop import Stop

AFTER_CRAWL = 1_800.0
"""Seconds that a command gets beyond the time of its crawl, for what it does afterwards; then it gets SIGTERM,"""
TO_END = 240.0
"""and this number of seconds later SIGKILL."""


@dataclass(frozen=True, slots=True)
class VisitOptions:
    """What is done at each site."""

    command: Literal["crawl", "daily"] = "crawl"
    minutes: float | None = 60.0
    """A crawl ends after this time and the next one goes on; None: no limit of its own."""


@dataclass(frozen=True, slots=True)
class _PrintedStep:
    step: str
    state: str
    summary: str = ""


@dataclass(frozen=True, slots=True)
class _Printed:
    """What `gdfupin crawl --json` and `gdfupin daily --json` print, as far as it is needed here."""

    error: str | None = None
    message: str | None = None
    stopped: str | None = None
    steps: tuple[_PrintedStep, ...] = ()


def visit(member: Member, options: VisitOptions, stop: Stop | None = None) -> Visit:
    """Runs the command of a site to its end. Raises nothing that a site can cause: a failure is a visit with its exit code.

    Raises CannotWrite where there can be no log.
    """
    started, began = clock.stamp(), time.monotonic()
    if member.problem is not None:
        return Visit(
            member.name, member.title, ExitCode.USAGE, started, message=member.problem, counted=counted(member)
        )
    log = member.archive.parent / LOGS / f"{member.name}.log"
    with refusals(log):
        log.parent.mkdir(exist_ok=True)
        log.touch()
    with log.open("wb") as errors, tempfile.TemporaryFile() as result:
        process = subprocess.Popen(
            _command(member, options),
            env=_environment(options),
            stdin=subprocess.DEVNULL,
            stdout=result,
            stderr=errors,
            start_new_session=True,  # Ctrl-C on a terminal goes to the fleet, which passes it on once
        )
        with (stop or Stop()).covers(process):
            code = _wait(process, options)
        result.seek(0)
        message = _message(result.read().decode("utf-8", "replace"))
    if code < 0:
        message, code = (
            N_("ended by signal {code}; the next run goes on where it ended. Its log: {log}", code=-code, log=log),
            ExitCode.INTERNAL,
        )
    elif code != ExitCode.COMPLETE and message is None:
        message = _last_line(log.read_text("utf-8", "replace"))
    return Visit(
        member.name, member.title, code, started, round(time.monotonic() - began, 1), message, counted(member)
    )  # fmt: skip


def _command(member: Member, options: VisitOptions) -> list[str]:
    place = ["--output", str(member.archive), "--profile", str(member.profile)]
    return [sys.executable, "-m", "gdfupin_spider", options.command, *place, "--json"]


def _environment(options: VisitOptions) -> dict[str, str]:
    """That of this process. Options of crawls can be given in it, as docs/operating.md has them."""
    limit = {} if options.minutes is None else {"GDFUPIN_CRAWL_MAX_MINUTES": f"{options.minutes:g}"}
    return {**os.environ, **limit}


def _wait(process: "subprocess.Popen[bytes]", options: VisitOptions) -> int:
    try:
        return process.wait(None if options.minutes is None else options.minutes * 60 + AFTER_CRAWL)
    except subprocess.TimeoutExpired:
        process.terminate()
    try:
        return process.wait(TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def _message(printed: str) -> str | None:
    """The sentences in the JSON of a command: why a crawl ended so, or which steps of a daily run failed."""
    try:
        found = decode(_Printed, json.loads(printed))
    except (ValueError, WrongShape):
        return None
    failed = [joined((word(each.step), each.summary), COLON) for each in found.steps if each.state == "failed"]
    why = found.error or found.message or found.stopped or joined(failed, SEMICOLON)
    return without_credentials(why) if why else None


def _last_line(log: str) -> str | None:
    return next((without_credentials(line) for line in reversed(log.splitlines()) if line.strip()), None)


def counted(member: Member) -> Counted | None:
    """The archive of a site behind its newest crawl with a report."""
    for crawl in reversed(by_age(crawls(member.archive), clock.now())):
        report = read_crawl_report(crawl.path)
        if report is None:
            continue
        after = report.after
        articles = after.catalog.articles if after.catalog is not None else None
        return Counted(
            crawl.name,
            report.run.started,
            sum(count for status, count in articles.items() if status != "gone") if articles is not None else None,
            articles.get("gone", 0) if articles is not None else None,
            {kind: count for kind, count in (after.changes or {}).items() if count},
            after.open_gaps.open if after.open_gaps is not None else None,
            tuple(
                alarm.message
                for alarm in (after.monitors.alarms if after.monitors is not None else ())
                if alarm.acknowledged is None
            ),
        )
    return None
