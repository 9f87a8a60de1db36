"""`gdfupin crawl --from`: captures of web archives in place of the live site."""

import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from .. import clock, config
from ..errors import CannotWrite
from ..frontier.scope import Scope
from ..profiles import Profile
from ..sources.archives.address_kinds import AddressKinds
from ..sources.archives.capture_plan import ArchivePlan, Wanted, plan
from ..sources.archives.fetching import ArchiveFetch, FetchProgress
from ..sources.archives.outcomes import Outcomes
from ..sources.archives.web_archive import WebArchive, archive_named
from ..sources.held import Held
from ..sources.intake import LAYOUT_PAGES, Source, Taken, take
from ..storage.lock import OutputLock
from ..terminal import console, plain_json, shown
from .output import at, runnable, say, typed

PLAIN_EVERY = 30.0
"""Seconds between two lines of progress where stderr is no terminal."""
FIRST_AFTER = 2.0
CONNECTIONS = 4
"""Captures that are fetched at once: one takes a second or two, and 480 a minute are allowed."""


@dataclass(frozen=True)
class FromOptions:
    """Options of `gdfupin crawl --from`."""

    source: str
    """wayback, commoncrawl, cdx=URL, best"""
    wanted: Wanted
    plan_only: bool = False
    refresh: bool = False
    """The inventory is walked again, whatever its age."""
    wait: bool = False
    """Blocks of an archive are waited for."""
    limit: int | None = None
    minutes: float | None = None
    connections: int = CONNECTIONS
    quiet: bool = False
    log_file: Path | None = None
    as_json: bool = False


def crawl_from(output: Path, profile: Profile, options: FromOptions) -> None:
    """Plans, and fetches unless only the plan is wanted. Exits with the exit code."""
    voice = _Voice(options)
    settings = config.load(output).archives
    archive = archive_named(
        options.source, settings, connections=options.connections, patient=options.wait, say=voice.say
    )
    try:
        taking = _Import(output, profile, archive, options, voice)
        if options.plan_only:
            _show_plan(taking, options)
            return
        taken = taking.run()
    finally:
        archive.close()
        voice.close()
    _show_result(output, taking, taken, options)
    sys.exit(taken.exit_code)


class _Import:
    """One import from one archive."""

    def __init__(
        self, output: Path, profile: Profile, archive: WebArchive, options: FromOptions, voice: "_Voice"
    ) -> None:
        """Makes the inventory where there is none, and the plan. Raises ArchiveRefuses, CannotWrite."""
        self.output, self.profile, self.archive, self.options, self.voice = output, profile, archive, options, voice
        settings = config.load(output).archives
        folder = archive.folder(output)
        self.inventories = archive.inventories(output, profile)
        with OutputLock(output, f"the inventory of {archive.name}"):
            for inventory in self.inventories:
                days = 0 if options.refresh else settings.inventory_days
                inventory.walk(archive.index, walks=archive.walks, days=days, say=voice.say)
        self.outcomes = Outcomes(folder, settings.retry_days)
        self.held = Held.of(output, voice.say)
        self.kinds, self.scope = AddressKinds(output, profile), Scope(profile)
        self.plan = self.planned()

    def planned(self) -> ArchivePlan:
        rows = (row for inventory in self.inventories for row in inventory.rows())
        return plan(
            rows,
            self.options.wanted,
            self.kinds,
            self.held,
            self.outcomes,
            self.scope,
            self.archive.per_minute,
            clock.now(),
        )

    def run(self) -> Taken:
        """Raises ArchiveRefuses after what was taken was folded, and what `take` raises."""
        for line in plan_lines(self.plan):
            self.voice.say(line)
        self.fetch = ArchiveFetch(
            self.archive,
            self.plan,
            self.planned,
            self.held,
            self.outcomes,
            connections=self.options.connections,
            limit=self.options.limit,
            minutes=self.options.minutes,
            report=self.voice.progress,
        )
        source = Source(
            self.archive.origin, self.fetch.exchanges(), self.fetch.description, lambda: list(self.outcomes.issues())
        )
        pages = int(os.environ.get("GDFUPIN_LAYOUT_PAGES") or LAYOUT_PAGES)
        return take(self.output, self.profile, source, layout_pages=pages, say=self.voice.say)


def plan_lines(planned: ArchivePlan) -> list[str]:
    """The plan in two lines."""
    groups = ", ".join(f"{count:,} {group}" for group, count in planned.by_group().items())
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in planned.left_out.items() if count)
    lines = [f"plan: {len(planned.captures):,} captures of {planned.rows:,} rows, some {_span(planned.minutes)}"]
    if groups:
        lines[0] += f" ({groups})"
    return [*lines, f"not fetched: {left_out}"] if left_out else lines


def _show_plan(taking: _Import, options: FromOptions) -> None:
    if options.as_json:
        click.echo(plain_json(_plan_json(taking)))
        return
    parts: list[RenderableType] = [Text()]
    inventories = Table(title="Inventory", title_justify="left", box=None, pad_edge=False)
    for name in ("domain", "rows", "walks", "added by the last", "malformed", "warnings"):
        inventories.add_column(name, justify="left" if name in ("domain", "warnings") else "right")
    for inventory in taking.inventories:
        rows = sum(1 for _ in inventory.rows())
        malformed = sum(sum((walk.malformed or {}).values()) for walk in inventory.walks)
        warnings = "; ".join(dict.fromkeys(text for walk in inventory.walks for text in walk.warnings))
        inventories.add_row(
            inventory.domain, f"{rows:,}", str(len(inventory.walks)), f"{inventory.added():,}", f"{malformed:,}", shown(warnings)
        )  # fmt: skip
    table = Table(title="Plan, in this order", title_justify="left", box=None, pad_edge=False)
    table.add_column("captures")
    table.add_column("number", justify="right")
    for group, count in taking.plan.by_group().items():
        table.add_row(group, f"{count:,}")
    table.add_row("all", f"{len(taking.plan.captures):,}", style="bold")
    parts += [inventories, Text(), table, Text()]
    if taking.plan.captures:
        years = ", ".join(f"{year} {count:,}" for year, count in taking.plan.by_year().items())
        parts.append(Text(f"By year: {years}"))
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in taking.plan.left_out.items() if count)
    if left_out:
        parts.append(Text(f"Not fetched: {left_out}"))
    command = typed(f"gdfupin crawl --from {options.source}{at(taking.output)}")
    parts.append(Text(f"Time at the archive's pace: {_span(taking.plan.minutes)}. Next: {command}"))
    console().print(Group(*parts))


def _plan_json(taking: _Import) -> dict[str, object]:
    walks = [
        {
            "domain": inventory.domain,
            "walks": len(inventory.walks),
            "added_by_last_walk": inventory.added(),
            "malformed": sum(sum((walk.malformed or {}).values()) for walk in inventory.walks),
            "warnings": list(dict.fromkeys(text for walk in inventory.walks for text in walk.warnings)),
        }
        for inventory in taking.inventories
    ]
    return {"source": taking.options.source, "inventories": walks, "plan": taking.plan.encode()}


def _show_result(output: Path, taking: _Import, taken: Taken, options: FromOptions) -> None:
    refused = dict(taking.outcomes.counts())
    progress = taking.fetch.progress
    if options.as_json:
        fetched = {"planned": progress.planned, "taken": progress.taken, "refused": refused, "left": progress.left}
        click.echo(plain_json({**_plan_json(taking), **fetched, **taken.encode()}))
        return
    if options.quiet:
        return
    if taken.report is not None and taken.crawl is not None:
        from .summary import summary  # imports all of reading

        verbs = [
            (f"gdfupin status{at(output)}", "how much of the site is archived, what is missing and why"),
            (f"gdfupin diff{at(output)}", "the changes it found"),
        ]
        steps = [(typed(verb), what) for verb, what in verbs]
        console().print(summary(taken.report, output / "crawls" / taken.crawl, steps))
    else:
        click.echo(runnable(f"nothing new from {taking.archive.name}: `gdfupin status` shows what is archived", output))
    if refused:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in refused.items())
        click.echo(f"not to be had: {reasons}; see {taking.archive.folder(output) / 'outcomes.jsonl'}")


class _Voice:
    """Lines to stderr and the log file; progress as one line that is redrawn on a terminal."""

    def __init__(self, options: FromOptions) -> None:
        self._quiet, self._file = options.quiet, options.log_file
        self._terminal = sys.stderr.isatty() and not options.quiet
        self._drawn, self._next = False, time.monotonic() + FIRST_AFTER

    def say(self, text: str) -> None:
        self._clear()
        if not self._quiet:
            say(text)
        self._log(text)

    def progress(self, progress: FetchProgress) -> None:
        now = time.monotonic()
        if self._terminal:
            if now >= self._next - FIRST_AFTER:
                line = progress.line(now)[: shutil.get_terminal_size().columns - 1]
                click.echo(f"\r\x1b[K{line}", nl=False, err=True)
                self._drawn, self._next = True, now + FIRST_AFTER + 0.5
        elif now >= self._next:
            self._next = now + PLAIN_EVERY
            self.say(progress.line(now))

    def close(self) -> None:
        self._clear()

    def _clear(self) -> None:
        if self._drawn:
            click.echo("\r\x1b[K", nl=False, err=True)
            self._drawn = False

    def _log(self, text: str) -> None:
        if self._file is None:
            return
        try:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{clock.stamp()} INFO {shown(text)}\n")
        except OSError as error:
            raise CannotWrite(self._file, error.strerror or str(error)) from error


def _span(minutes: float) -> str:
    """A duration for people.

    >>> _span(0.2), _span(42), _span(300)
    ('1 min', '42 min', '5.0 h')
    """
    return f"{minutes / 60:.1f} h" if minutes >= 90 else f"{max(minutes, 1):.0f} min"
