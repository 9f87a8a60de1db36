"""`gdfupin catalog`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from .. import config
from ..storage.archive_info import profile_of
from ..terminal import shown
from .options import JSON, OUTPUT, PROFILE
from .output import say


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

    known = profile_of(output, profile)
    report = update.bring_up_to_date(output, known, config.load(output).rules, rebuild=rebuild, say=say)
    if dump:
        for line in update.dumped(output):
            click.echo(line)
    elif as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo("\n".join(map(shown, report_lines(report))))


def report_lines(report: dict[str, Any]) -> Sequence[str]:
    """The result for people."""
    standing = ", ".join(f"{count:,} {status}" for status, count in report["articles"].items()) or "no articles"
    lines = [
        f"{standing}; {report['versions']:,} versions, {report['sightings']:,} sightings, {report['crawls']} crawls",
        f"{report['new_lines']:,} new lines, {report['articles_told']:,} article histories recomputed",
    ]
    if report["folded_again"]:
        lines.append(f"everything was folded again: {report['folded_again']}")
    lines += map(doubt_line, report["doubted"])
    if report["problems"]:
        lines += [f"{report['problems']} lines were skipped:", *report["examples"]]
    return [*lines, report["catalog"]]


def doubt_line(doubt: Mapping[str, Any]) -> str:
    """Why the missing articles of a crawl were not marked gone."""
    if doubt["why"] == "home":
        return f"{doubt['crawl']}: its home page was foreign or blocked; treated as a site problem, nothing marked gone"
    return (
        f"{doubt['crawl']}: {doubt['missing']} of {doubt['known']} known articles missing at once; "
        "treated as a site problem, nothing marked gone"
    )
