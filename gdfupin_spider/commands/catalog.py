"""`gdfupin catalog`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import config
from ..messages.record_words import counts as counts_of
from ..messages.text import N_, T_
from ..storage.archive_info import profile_of
from ..terminal import plain_json, plain_line, pluralized, shown
from .options import JSON, OUTPUT, PROFILE
from .output import say

if TYPE_CHECKING:
    from ..catalog.update import CatalogState
    from ..storage.aftermath import MassLoss


@click.command("catalog")
@OUTPUT
@PROFILE
@click.option(
    "--rebuild", is_flag=True, help="Fold everything again. A file that cannot be opened is renamed, not deleted."
)
@click.option("--dump", is_flag=True, help="Print the catalog as JSON Lines; equal catalogs print equal lines.")
@JSON
def catalog_command(output: Path, profile: str | None, rebuild: bool, dump: bool, as_json: bool) -> None:
    """Fold all crawls of OUTPUT into OUTPUT/catalog.sqlite: articles, their versions, what changed.

    \b
    gdfupin catalog                   add what is new
    gdfupin catalog --rebuild         fold everything from scratch

    Crawls that were parsed by an older reader or profile are parsed again first. The catalog can be deleted at any
    time and folded again.
    """
    from ..catalog import update
    from ..monitoring.killed_crawls import judge_killed_crawls

    known, settings = profile_of(output, profile), config.load(output)
    judge = partial(judge_killed_crawls, output, known, settings.rules, settings.monitors)
    state = update.bring_up_to_date(output, known, settings.rules, rebuild=rebuild, judge=judge, say=say)
    if dump:
        for line in update.dumped(output):
            click.echo(plain_line(line))
    elif as_json:
        click.echo(plain_json(state.encode()))
    else:
        click.echo("\n".join(map(shown, state_lines(state))))


def state_lines(state: "CatalogState") -> list[str]:
    """The catalog and its update, for people."""
    known, folded = state.counts, state.update.folded
    by_status = counts_of(known.articles) or N_("no articles")
    lines = [
        T_(
            "{statuses}; {versions}, {sightings}, {crawls}",
            statuses=by_status,
            versions=pluralized(known.versions, "version"),
            sightings=pluralized(known.sightings, "sighting"),
            crawls=pluralized(state.crawls, "crawl"),
        ),
        T_(
            "{lines}, {histories} recomputed",
            lines=pluralized(folded.lines, "new line"),
            histories=pluralized(folded.articles, "article history", "article histories"),
        ),
    ]
    if folded.again:
        lines.append(T_("everything was folded again: {again}", again=folded.again))
    lines += map(doubt_line, state.doubted)
    if folded.problems:
        lines += [T_("skipped: {lines}", lines=pluralized(len(folded.problems), "line")), *state.update.examples]
    return [*lines, str(state.path)]


def doubt_line(doubt: "MassLoss") -> str:
    """Why the missing articles of a crawl were not marked gone."""
    if doubt.why == "home":
        return T_(
            "{crawl}: its home page was foreign or blocked; treated as a site problem, nothing marked gone",
            crawl=doubt.crawl,
        )
    return T_(
        "{crawl}: {missing} of {known} known articles missing at once; treated as a site problem, nothing marked gone",
        crawl=doubt.crawl,
        missing=doubt.missing,
        known=doubt.known,
    )
