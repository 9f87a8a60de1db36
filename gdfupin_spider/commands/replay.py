"""`gdfupin replay`."""

import json
from pathlib import Path

import click

from .. import profiles
from ..storage.lookup import every as every_crawl
from ..terminal import shown
from .options import JSON, OUTPUT, PROFILE
from .output import resolved, say


@click.command("replay")
@click.argument("crawl", required=False)
@OUTPUT
@PROFILE
@click.option("--all", "every", is_flag=True, help="Every crawl that has no whole reading by today's reader yet.")
@click.option("--again", is_flag=True, help="With --all: those that have one, too.")
@click.option("--dry-run", is_flag=True, help="Only show which fields of which articles would change.")
@JSON
def replay_command(
    crawl: str | None, output: Path, profile: str, every: bool, again: bool, dry_run: bool, as_json: bool
) -> None:
    """Read a crawl's WARC again, alone, into OUTPUT/readings/. CRAWL: latest, a crawl's name, or a folder.

    \b
    gdfupin replay latest
    gdfupin replay 20261123T030000Z-live --profile my-site.toml
    gdfupin replay --all --dry-run    what a changed reader or profile would tell otherwise
    gdfupin replay --all              all of them

    Ctrl-C leaves whole readings or none.
    """
    from ..diff import reader_changes
    from ..replay import readings

    if (crawl is None) != every:
        raise click.UsageError("name a CRAWL, or --all of them")
    if again and (dry_run or not every):
        raise click.UsageError("--again belongs to --all, and not to --dry-run")
    known = profiles.load(profile)
    asked = every_crawl(output) if crawl is None else [resolved(output, crawl)]
    if dry_run:
        would = reader_changes.would_change(output, known, asked, say=say)
        click.echo(
            json.dumps(would, ensure_ascii=False)
            if as_json
            else "\n".join(map(shown, reader_changes.report_lines(would)))
        )
        return
    done = readings.read_again(output, known, asked, again=again or not every, say=say)
    if as_json:
        click.echo(json.dumps((done if every else done.read[0]).encode(), ensure_ascii=False))
        return
    for report in done.read:
        click.echo(f"{report.counts.articles} articles, {report.counts.gaps} gaps, read into {report.folder}")
    if every:
        click.echo(f"{len(done.read)} crawls read, {len(done.there_already)} were there already")
