"""Runs: the table of steps, what a killed run left, and how a run ends."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .. import clock, config
from ..errors import CrawlRunning, ExitCode, GdfupinError, NotInstalled
from ..items import as_dict
from ..messages.record_words import word
from ..messages.text import COLON, N_, SEMICOLON, joined, reason_of
from ..monitoring.daily_settings import DailySettings
from ..monitoring.notify import after
from ..storage.crawls import need_crawls
from ..storage.error_report import ErrorReport, command_line, details_of
from ..storage.lock import OutputLock
from ..terminal import without_credentials
from . import crawl_steps, message_steps, publishing_steps
from .day import Day, Options, Outcome
from .outbox import Outbox
from .run_log import logged
from .state import DailyRun, DailyState, StepResult

LOCK = ".daily.lock"
STALE = timedelta(hours=12)
"""A killed run that began earlier is not resumed: the next run covers what it left, except the message about its crawl."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run."""

    name: str
    is_on: Callable[[DailySettings], bool]
    do: Callable[[Day], Outcome]


STEPS = (
    Step("crawl", lambda asked: asked.crawl, crawl_steps.crawl),
    Step("archives", lambda asked: bool(asked.archives), crawl_steps.from_archives),
    Step("verify", lambda asked: asked.verify, publishing_steps.verify),
    Step("release", lambda asked: asked.release, publishing_steps.release),
    Step("feeds", lambda asked: bool(asked.feeds), publishing_steps.feeds),
    Step("site", lambda asked: bool(asked.site), publishing_steps.site),
    Step("notify", lambda asked: asked.notify, message_steps.notify),
    Step("alerts", lambda asked: asked.alerts, message_steps.alerts),
    Step("digest", lambda asked: asked.digest, message_steps.digest),
    Step("send", lambda asked: True, message_steps.send),
    Step("ping", lambda asked: asked.ping, message_steps.ping),
)
"""In this order. Steps that send come last, so that their messages cover all the others."""
WORST_FIRST = (
    ExitCode.RUNNING, ExitCode.CANNOT_WRITE, ExitCode.USAGE, ExitCode.FOREIGN, ExitCode.UNREACHABLE,
    ExitCode.ARCHIVE_REFUSES, ExitCode.INTERNAL, ExitCode.NEEDS_REPAIR, ExitCode.ALARM, ExitCode.GAPS,
)  # fmt: skip
"""Of several steps the first of these codes is that of the run."""


@dataclass(frozen=True, slots=True)
class DailyReport:
    """What came of a run."""

    run: DailyRun
    seconds: float
    """Of this process."""
    is_resumed: bool
    """Whether an earlier process began it."""
    stopped: str = ""
    """Why it is not complete: the next one goes on. Empty: it is."""

    @property
    def exit_code(self) -> ExitCode:
        codes = {each.exit_code for each in self.run.results} | ({ExitCode.RUNNING} if self.stopped else set())
        return next((code for code in WORST_FIRST if code in codes), ExitCode.COMPLETE)

    def line(self) -> str:
        """The run in one line."""
        steps = [
            joined((word(each.step), each.summary), COLON)
            for each in self.run.results
            if each.state in ("done", "failed")
        ]
        if self.stopped:
            steps.append(self.stopped)
        figures = {
            "name": self.run.name,
            "meaning": N_(self.exit_code.meaning),
            "code": self.exit_code.value,
            "seconds": self.seconds,
        }
        head = (
            N_("daily {name}, resumed: {meaning} ({code}), {seconds:,.0f} s", **figures)
            if self.is_resumed
            else N_("daily {name}: {meaning} ({code}), {seconds:,.0f} s", **figures)
        )
        return joined([head, *steps], SEMICOLON)

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "run": self.run.name,
            "started": self.run.started,
            "finished": self.run.finished or None,
            "resumed": self.is_resumed,
            "seconds": round(self.seconds, 1),
            "steps": [as_dict(each) for each in self.run.results],
            "stopped": self.stopped or None,
            "exit_code": int(self.exit_code),
        }


def run(options: Options, say: Callable[[str], None]) -> DailyReport:
    """Goes through the steps of a run, or through what a killed one left of them. `say`: progress.

    Raises CrawlRunning, WrongArchive, WrongSetting, CannotWrite: then no step was begun, or its result could not be kept.
    """
    began, output = time.monotonic(), options.output
    if options.existing:
        need_crawls(output)
    with ExitStack() as stack:
        stack.enter_context(OutputLock(output, "gdfupin daily", LOCK))
        settings = config.load(output)
        log = stack.enter_context(logged(output, settings.daily))

        def tell(text: str, *, always: bool = False) -> None:
            log.info(_one_line(text))
            if always or not options.quiet:
                say(text)

        outbox = Outbox(output, DailyState.load(output))
        left = outbox.state.run
        is_resumed = left is not None and not left.finished and _age(left) < STALE
        day = Day(options, settings, outbox, tell, is_resumed)
        if left is not None and not left.finished and not is_resumed:
            tell(N_("run {name} was not completed; what it left is done now", name=left.name))
            _tell_of_old(day)
        if not is_resumed:
            outbox.save(outbox.state.new_run(clock.now()))
        stopped = _steps(day, lambda text: tell(text, always=True))
        report = DailyReport(day.run, time.monotonic() - began, is_resumed, stopped)
        log.info(_one_line(report.line()))
        return report


def _one_line(text: str) -> str:
    """As the log has it: English, without passwords."""
    return " ".join(without_credentials(str(text)).split())


def tell_failure(options: Options, error: Exception) -> list[str]:
    """Sends a message where no run could begin, or go on: a broken setting, a missing mount, an unwritable disk.

    Returns what failed, a sentence each.
    """
    try:
        settings = config.load(options.output)
    except GdfupinError:
        settings = config.OperatorSettings()  # the environment may have recipients
    if not settings.daily.notify or isinstance(error, CrawlRunning):
        return []
    code = error.exit_code if isinstance(error, GdfupinError) else ExitCode.INTERNAL
    text = (
        reason_of(error)
        if isinstance(error, GdfupinError)
        else N_("internal error: {kind}: {error}", kind=type(error).__name__, error=error)
    )
    file = options.output / config.FILE
    return after(settings.notify, file, code, None, None, without_credentials(text), options.complete)


def _steps(day: Day, warn: Callable[[str], None]) -> str:
    """Does what is not done yet. Returns why it stopped; empty: all is done. `warn`: of what failed."""
    for step in STEPS:
        if day.run.result(step.name) is not None:
            continue
        if not step.is_on(day.daily):
            _finish(day, StepResult(step.name, "off"))
            continue
        day.say(joined((word(step.name), "…"), " "))
        began = time.monotonic()
        try:
            outcome = _done(day, step)
        except CrawlRunning as running:
            return N_("{name}: {running} The next run goes on here.", name=word(step.name), running=running)
        except KeyboardInterrupt:
            warn(N_("interrupted in step {name}; the next `gdfupin daily` goes on there", name=word(step.name)))
            raise
        seconds = round(time.monotonic() - began, 2)
        code, summary = int(outcome.exit_code), without_credentials(outcome.summary)
        _finish(day, StepResult(step.name, outcome.state, summary, code, seconds, outcome.crawl))
        tell = warn if outcome.state == "failed" else day.say
        tell(
            N_(
                "{step}: {state}: {summary} ({seconds:.1f} s)",
                step=word(step.name),
                state=word(outcome.state),
                summary=summary,
                seconds=seconds,
            )
        )
    run = replace(day.run, finished=clock.stamp())
    day.outbox.save(replace(day.outbox.state, run=run))
    return ""


def _done(day: Day, step: Step) -> Outcome:
    """What came of a step, also of one that failed. Raises CrawlRunning: another process has the archive."""
    try:
        return step.do(day)
    except CrawlRunning:
        raise
    except NotInstalled as error:
        return Outcome(reason_of(error), "skipped")
    except GdfupinError as error:
        return Outcome(reason_of(error), "failed", error.exit_code)
    except Exception as error:  # noqa: BLE001  the other steps do not depend on it
        report = ErrorReport(day.output, command_line())
        report.add(details_of(error))
        return Outcome(report.sentence(f"{type(error).__name__}: {error}"), "failed", ExitCode.INTERNAL)


def _finish(day: Day, result: StepResult) -> None:
    run = replace(day.run, results=(*day.run.results, result))
    day.outbox.save(replace(day.outbox.state, run=run))


def _tell_of_old(day: Day) -> None:
    """The message of a crawl whose run was killed before it could tell of it."""
    if day.daily.notify and day.run.result("crawl") is not None and day.run.result("notify") is None:
        _done(day, Step("notify", lambda asked: asked.notify, message_steps.notify))


def _age(run: DailyRun) -> timedelta:
    """How long ago it began; a run of a clock that was ahead is older than any."""
    age = clock.now() - datetime.fromisoformat(run.started)
    return age if age > -timedelta(hours=1) else timedelta.max
