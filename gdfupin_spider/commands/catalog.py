"""`gdfupin catalog`."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from .. import config, profiles
from ..terminal import shown
from .options import JSON, OUTPUT, PROFILE
from .output import say


@click.command("catalog")
@OUTPUT
@PROFILE
@click.option("--rebuild", is_flag=True, help="Fold everything again; a file that cannot be opened is set aside.")
@click.option("--dump", is_flag=True, help="Print the catalog as lines of JSON, equal where catalogs are equal.")
@JSON
def catalog_command(output: Path, profile: str, rebuild: bool, dump: bool, as_json: bool) -> None:
    """Fold all crawls of OUTPUT into OUTPUT/catalog.sqlite: articles, their versions, what changed.

    \b
    gdfupin catalog                   take in what is new
    gdfupin catalog --rebuild         the same from nothing

    Crawls that an older reader or profile read are read again first. Nothing is lost with the catalog: it can be
    deleted and folded again.
    """
    from ..catalog import update

    known = profiles.load(profile)
    report = update.bring_up_to_date(output, known, config.load(output).rules, rebuild=rebuild, say=say)
    if dump:
        for line in update.dumped(output):
            click.echo(line)
    elif as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo("\n".join(map(shown, report_lines(report))))


def report_lines(report: dict[str, Any]) -> Sequence[str]:
    """What a person reads of it."""
    standing = ", ".join(f"{count:,} {status}" for status, count in report["articles"].items()) or "no articles"
    lines = [
        f"{standing}; {report['versions']:,} versions, {report['sightings']:,} sightings, {report['crawls']} crawls",
        f"{report['new_lines']:,} new lines, {report['articles_told']:,} articles told anew",
    ]
    if report["folded_again"]:
        lines.append(f"Everything was folded again: {report['folded_again']}")
    lines += map(doubt_line, report["doubted"])
    if report["problems"]:
        lines += [f"{report['problems']} lines were passed over:", *report["examples"]]
    return [*lines, report["catalog"]]


def doubt_line(doubt: Mapping[str, Any]) -> str:
    """Why no disappearance is taken from a crawl."""
    home = doubt["why"] == "home"
    many = f"{doubt['missing']} of {doubt['known']} articles were missing at once"
    return f"No disappearance is taken from {doubt['crawl']}: " + (
        "its home page was foreign or blocked" if home else many
    )
