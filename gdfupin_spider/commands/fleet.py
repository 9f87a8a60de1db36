"""`gdfupin fleet`."""

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .. import clock
from ..items import as_dict
from ..messages.record_words import counted as counted_by
from ..messages.text import N_, SEMICOLON, joined
from ..terminal import plain_json, pluralized, shown
from .options import JSON
from .output import say

if TYPE_CHECKING:
    from ..fleet.fleet_report import FleetReport, Visit
    from ..fleet.stop import Stop

LOST_WORKERS = 3
"""Times that a cluster gives a site to another worker."""


@click.command("fleet")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--only", multiple=True, metavar="NAME", help="Only this site. Repeatable.")
@click.option(
    "--at-once", type=click.IntRange(1, 256), default=4, show_default=True, help="Number of sites crawled at once."
)
@click.option(
    "--stagger",
    type=click.FloatRange(0, 3600),
    default=2.0,
    show_default=True,
    help="Seconds between their beginnings.",
)
@click.option(
    "--max-minutes",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="A crawl ends after this time, and the next run goes on: no site takes the place of others for long.",
)
@click.option(
    "--command",
    type=click.Choice(["daily", "crawl"]),
    default="daily",
    show_default=True,
    help="What is done at each site.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Crawl on the machines of this Dask cluster, tcp://HOST:PORT.")
@JSON
def fleet_command(
    folder: Path,
    only: tuple[str, ...],
    at_once: int,
    stagger: float,
    max_minutes: float,
    command: Literal["crawl", "daily"],
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Crawl many sites: FOLDER/NAME.toml is the profile of each, FOLDER/NAME/ its archive.

    \b
    gdfupin fleet sites                         all of them, four at once
    gdfupin fleet sites --at-once 16            more at once
    gdfupin fleet sites --only county           one of them
    gdfupin fleet sites --scheduler tcp://10.0.0.5:8786

    Sites of one host are never crawled at once. A site that fails does not delay others: its state is in FOLDER/fleet.json and
    on the page FOLDER/index.html, and its log in FOLDER/logs/. Options of crawls are given in the environment, such as
    GDFUPIN_CRAWL_DELAY=3. Ctrl-C ends all crawls with their reports; the next run begins with the sites that it left out.
    The exit code is that of the most urgent site.
    """
    from ..fleet import fleet_report
    from ..fleet.fleet_page import PAGE, page
    from ..fleet.members import members
    from ..fleet.rounds import VisitPace, in_turn, visit_all
    from ..fleet.stop import Stop
    from ..fleet.visit import VisitOptions, visit
    from ..storage.durable import write_whole
    from ..storage.lock import OutputLock

    only = tuple(dict.fromkeys(only))
    sites = members(folder)
    names = [each.name for each in sites]
    chosen = members(folder, only) if only else sites
    stop = Stop()
    with OutputLock(folder, "gdfupin fleet"), _executor(scheduler, at_once) as executor, _signals(stop):
        report = replace(
            fleet_report.read(folder),
            started=clock.stamp(),
            ended=None,
            waiting=tuple(each.name for each in chosen),
        )
        made: list[Visit] = []

        def keep() -> None:
            fleet_report.write(folder, report)
            write_whole(folder / PAGE, page(report, names))

        def ended(each: "Visit") -> None:
            nonlocal report
            made.append(each)
            report = _with(report, each)
            keep()
            say(joined((f"[{len(made)}/{len(chosen)}] {each.site}", _sentence(each)), ": "))

        keep()
        options = VisitOptions(command, max_minutes)
        call = partial(visit, options=options) if scheduler else partial(visit, options=options, stop=stop)
        visit_all(
            in_turn(chosen, report.visits), VisitPace(at_once, stagger), executor, call, ended, lambda: stop.is_set
        )
        report = replace(report, ended=clock.stamp())
        keep()
    line: str = fleet_report.summary(made)
    if stop.is_set and report.waiting:
        line = N_("{line}; interrupted, {sites} not visited", line=line, sites=pluralized(len(report.waiting), "site"))
    click.echo(plain_json(as_dict(report)) if as_json else f"{shown(line)}\n{shown(str(folder / PAGE))}")
    sys.exit(fleet_report.exit_code(made) or int(stop.is_set))


def _with(report: "FleetReport", visit: "Visit") -> "FleetReport":
    return replace(
        report,
        visits={**report.visits, visit.site: visit},
        waiting=tuple(name for name in report.waiting if name != visit.site),
    )


def _sentence(visit: "Visit") -> str:
    counted = visit.counted
    parts: list[str] = [visit.meaning]
    if counted is not None and counted.articles is not None:
        parts.append(pluralized(counted.articles, "article"))
        parts += [counted_by(count, kind) for kind, count in counted.changes.items()]
    parts.append(N_("{seconds:,.0f} s", seconds=visit.seconds))
    return joined((joined(parts), visit.message), SEMICOLON) if visit.message else joined(parts)


@contextmanager
def _signals(stop: "Stop") -> Iterator[None]:
    """The first Ctrl-C or SIGTERM ends all crawls in order, the second one ends this process."""

    def end(number: int, _frame: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        stop.now()
        for each in before:
            signal.signal(each, signal.SIG_DFL)  # an exception would wait for the threads, and they for the crawls
        say(N_("ending: crawls that run write their reports; once more to end at once"))

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, end)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _executor(scheduler: str | None, at_once: int) -> Iterator[Executor]:
    """Threads that wait for processes on this machine, or the workers of a Dask cluster.

    Raises as `cluster_client`.
    """
    if scheduler is None:
        with ThreadPoolExecutor(at_once) as threads:
            yield threads
        return
    from ..replay.cluster import cluster_client  # imports all of reading

    with cluster_client(scheduler, N_("a fleet on a cluster")) as client:
        yield client.get_executor(pure=False, retries=LOST_WORKERS)
