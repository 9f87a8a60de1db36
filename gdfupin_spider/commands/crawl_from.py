"""`gdfupin crawl --from`: captures of web archives in place of the live site."""

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .. import clock, config
from ..errors import ArchiveRefuses, CannotWrite, ExitCode, WrongArchive
from ..items import as_dict
from ..messages.record_words import counts as counts_of
from ..messages.record_words import word
from ..messages.text import N_, T_, joined, reason_of, translated
from ..profiles import Profile
from ..sources.archives.address_kinds import addresses_missing
from ..sources.archives.archive_import import ArchiveImport, ImportLimits
from ..sources.archives.capture_plan import ArchivePlan, Wanted
from ..sources.archives.fetching import FetchProgress
from ..sources.archives.web_archive import all_options, archive_named
from ..sources.intake import Taken
from ..sources.joining import join_pages
from ..sources.scouting.ranking import RankedSource, ranked
from ..storage.archive_info import is_demo, with_learned
from ..terminal import at, console, plain_json, pluralized, shown
from .output import runnable, say, typed

PLAIN_EVERY = 30.0
"""Seconds between two lines of progress where stderr is no terminal."""
FIRST_AFTER = 2.0
REDRAW_EVERY = 0.5


@dataclass(frozen=True)
class FromOptions:
    """Options of `gdfupin crawl --from`."""

    source: str
    """wayback, commoncrawl, commoncrawl=NAMES, cdx=URL, best"""
    wanted: Wanted
    limits: ImportLimits
    plan_only: bool = False
    refresh: bool = False
    """The inventory is made again, whatever its age."""
    wait: bool = False
    """Blocks of an archive are waited for."""
    profile: str = ""
    """The option for the profile, with a leading space, where commands need it."""
    quiet: bool = False
    log_file: Path | None = None
    as_json: bool = False


def crawl_from(output: Path, profile: Profile, options: FromOptions) -> None:
    """Plans, and fetches unless only the plan is wanted. Exits with the exit code. Raises WrongArchive for a demo archive."""
    if is_demo(output):
        raise WrongArchive(output, N_("it holds demo data, and web archives have the real site; name another --output"))
    voice = _Voice(options)
    if options.source == "best":
        data, code = _Best(output, profile, options, voice).run()
    else:
        data, code = _import(options.source, output, profile, options, voice)
    if options.as_json:
        click.echo(plain_json(data))
    sys.exit(code)


class _Best:
    """`--from best`: one archive after the other, the one with most of what is missing first."""

    def __init__(self, output: Path, profile: Profile, options: FromOptions, voice: "_Voice") -> None:
        wanted = replace(options.wanted, missing_only=True)
        self._output, self._profile, self._voice = output, profile, voice
        self._options = replace(options, wanted=wanted)
        self._settings = config.load(output).archives
        self._results: list[dict[str, object]] = []
        self._codes: list[int] = []

    def run(self) -> tuple[dict[str, object], int]:
        """Its JSON and exit code."""
        plan_only, limits = self._options.plan_only, self._options.limits
        order = waiting = self._ranked(all_options(self._settings))
        known = addresses_missing(self._output)
        is_over = False
        while waiting and not is_over:
            first, *waiting = waiting
            is_over = not self._ask(first.source)
            if len(waiting) > 1 and not (plan_only or is_over):
                waiting = self._ranked([each.source for each in waiting if not each.refused], ask=False) + [
                    each for each in waiting if each.refused
                ]
        whole = not (plan_only or is_over or limits.captures or limits.minutes)
        if whole and addresses_missing(self._output) - known:
            # A 404 of one archive raises the question whether another saw the page later.
            for each in order:
                is_over = is_over or not self._ask(each.source, again=True)
        joined = None if plan_only or is_over else join_pages(self._output, self._read_by(), say=self._voice.say)
        # what one archive refuses, another may have given
        codes = self._codes
        if ExitCode.COMPLETE in codes:
            codes = [code for code in codes if code != ExitCode.ARCHIVE_REFUSES]
        data: dict[str, object] = {
            "source": "best",
            "order": [as_dict(each) for each in order],
            "sources": self._results,
            "joined": joined.encode() if joined is not None else None,
            "exit_code": int(max(codes)),
        }
        return data, max(codes)

    def _ranked(self, sources: Sequence[str], *, ask: bool = True) -> list[RankedSource]:
        """The order, which is printed with its reasons."""
        order = ranked(sources, self._output, self._read_by(), self._settings, ask=ask, say=self._voice.say)
        self._voice.say(N_("sources, most of the missing articles first:") if ask else N_("sources that are left:"))
        for number, each in enumerate(order, 1):
            self._voice.say(f"{number}. {each.source}: {each.why}")
        return order

    def _read_by(self) -> Profile:
        """The profile with what the sources before taught."""
        return with_learned(self._output, self._profile)

    def _ask(self, source: str, *, again: bool = False) -> bool:
        """Fetches from one archive. False: the user ended it. `again`: its result counts only if it had something."""
        self._voice.say(
            N_("source: {source}, again", source=source) if again else N_("source: {source}", source=source)
        )
        try:
            data, code = _import(source, self._output, self._read_by(), self._options, self._voice, again=again)
        except ArchiveRefuses as refused:
            self._voice.say(reason_of(refused))
            data, code = (
                {"source": source, "error": str(refused), "exit_code": int(refused.exit_code)},
                refused.exit_code,
            )
        if not again or data.get("taken"):
            self._results.append(data)
            self._codes.append(code)
        return not data.get("interrupted")


def _import(
    source: str, output: Path, profile: Profile, options: FromOptions, voice: "_Voice", *, again: bool = False
) -> tuple[dict[str, object], int]:
    """One archive. Returns its JSON and exit code; prints the rest unless JSON is wanted. `again`: nothing where it has nothing."""
    settings = config.load(output).archives
    connections = options.limits.connections
    archive = archive_named(source, settings, connections=connections, patient=options.wait, say=voice.say)
    try:
        taking = ArchiveImport(output, profile, archive, options.wanted, refresh=options.refresh, say=voice.say)
        if options.plan_only:
            if not options.as_json:
                console().print(Group(*_plan_tables(taking)))
                command = typed(f"gdfupin crawl --from {taking.archive.option}{_given(options)}{at(output)}")
                click.echo(T_("Next: {command}", command=command))
            return taking.encode(), ExitCode.COMPLETE
        if again and not taking.plan.captures:
            return taking.encode(), ExitCode.COMPLETE
        for line in plan_lines(taking.plan):
            voice.say(line)
        taken = taking.run(options.limits, voice.progress)
    finally:
        archive.close()
        voice.close()
    if not options.as_json and not options.quiet:
        _show_result(output, taking, taken)
    progress = taking.progress
    fetched = {
        "planned": progress.planned,
        "taken": progress.taken,
        "refused": dict(taking.outcomes.counts()),
        "left": progress.left,
    }
    return {**taking.encode(), **fetched, **taken.encode()}, taken.exit_code


def plan_lines(planned: ArchivePlan) -> list[str]:
    """The plan in two lines."""
    groups = counts_of(planned.by_group())
    line = N_(
        "plan: {captures} of {rows}, {minutes}",
        captures=pluralized(len(planned.captures), "capture"),
        rows=pluralized(planned.rows, "row"),
        minutes=_span(planned.minutes),
    )
    left_out = _left_out(planned)
    return [
        N_("{plan} ({groups})", plan=line, groups=groups) if groups else line,
        *([N_("not fetched: {left_out}", left_out=left_out)] if left_out else []),
    ]


def _left_out(planned: ArchivePlan) -> str:
    return counts_of({reason: count for reason, count in planned.left_out.items() if count})


def _given(options: FromOptions) -> str:
    """Options that limit a plan, each with a leading space, as they were given."""
    wanted = options.wanted
    named = {"since": wanted.since, "until": wanted.until, "only": wanted.only}
    text = "".join(f" --{name} {value}" for name, value in named.items() if value is not None)
    return f"{text}{' --media' if wanted.media else ''}{options.profile}"


def _plan_tables(taking: ArchiveImport) -> list[RenderableType]:
    inventories = Table(
        title=T_("Inventory of {name}", name=taking.archive.name), title_justify="left", box=None, pad_edge=False
    )
    for name in ("domain", "rows", "walks", "added by the last", "malformed"):
        inventories.add_column(translated(word(name)), justify="left" if name == "domain" else "right")
    for inventory in taking.inventories:
        rows = sum(1 for _ in inventory.rows())
        counts = rows, len(inventory.walks), inventory.added(), inventory.malformed
        inventories.add_row(inventory.domain, *(f"{count:,}" for count in counts))
    table = Table(title=T_("Plan, in this order"), title_justify="left", box=None, pad_edge=False)
    table.add_column(T_("captures"), min_width=20)
    table.add_column(T_("number"), justify="right")
    for group, count in taking.plan.by_group().items():
        table.add_row(translated(word(group)), f"{count:,}")
    table.add_row(T_("all"), f"{len(taking.plan.captures):,}", style="bold")
    parts: list[RenderableType] = [Text(), inventories]
    parts += [
        Text(T_("Warning: {text}", text=shown(text))) for inventory in taking.inventories for text in inventory.warnings
    ]
    parts += [Text(), table, Text()]
    if taking.plan.captures:
        parts.append(
            Text(
                T_(
                    "By year: {counts}",
                    counts=joined(f"{year} {count:,}" for year, count in taking.plan.by_year().items()),
                )
            )
        )
    if left_out := _left_out(taking.plan):
        parts.append(Text(T_("Not fetched: {left_out}", left_out=left_out)))
    parts.append(Text(T_("Time at the archive's pace: {minutes}", minutes=_span(taking.plan.minutes))))
    return parts


def _show_result(output: Path, taking: ArchiveImport, taken: Taken) -> None:
    if taken.report is not None and taken.crawl is not None:
        from .summary import summary  # imports all of reading

        steps = [
            (
                f"gdfupin status{at(output)}",
                T_("how much of the site is archived, what is missing and why"),
            ),
            (f"gdfupin diff{at(output)}", T_("the changes it found")),
        ]
        steps = [(typed(verb), what) for verb, what in steps]
        console().print(summary(taken.report, output / "crawls" / taken.crawl, steps))
    else:
        nothing = T_("nothing new from {name}: `gdfupin status` shows what is archived", name=taking.archive.name)
        click.echo(runnable(nothing, output))
    if refused := taking.outcomes.counts():
        reasons = counts_of(refused)
        click.echo(
            T_(
                "not available: {reasons}; see {output}",
                reasons=reasons,
                output=taking.archive.folder(output) / "outcomes.jsonl",
            )
        )


class _Voice:
    """Lines to stderr and the log file; progress as one line that is redrawn on a terminal."""

    def __init__(self, options: FromOptions) -> None:
        self._quiet, self._file = options.quiet, options.log_file
        self._terminal = sys.stderr.isatty() and not options.quiet
        self._drawn, self._next = False, time.monotonic() + (0 if self._terminal else FIRST_AFTER)

    def say(self, text: str) -> None:
        self.close()
        if not self._quiet:
            say(text)
        if self._file is None:
            return
        try:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{clock.stamp()} INFO {shown(text)}\n")
        except OSError as error:
            raise CannotWrite(self._file, error.strerror or str(error)) from error

    def progress(self, progress: FetchProgress) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        if self._terminal:
            line = progress.line(now)[: shutil.get_terminal_size().columns - 1]
            click.echo(f"\r\x1b[K{line}", nl=False, err=True)
            self._drawn, self._next = True, now + REDRAW_EVERY
        else:
            self._next = now + PLAIN_EVERY
            self.say(progress.line(now))

    def close(self) -> None:
        """Removes the line of progress."""
        if self._drawn:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._drawn = False


def _span(minutes: float) -> str:
    """A duration for people.

    >>> _span(0.2), _span(42), _span(300)
    ('less than a minute', '42 min', '5.0 h')
    """
    if minutes < 1:
        return T_("less than a minute")
    return T_("{hours:.1f} h", hours=minutes / 60) if minutes >= 90 else T_("{minutes:.0f} min", minutes=minutes)
