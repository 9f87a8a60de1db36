"""`gdfupin replay`."""

from pathlib import Path

import click

from ..errors import NothingReadable
from ..storage.archive_info import profile_of
from ..storage.lookup import every as every_crawl
from ..terminal import plain_json, shown
from .options import JSON, OUTPUT, PROFILE
from .output import resolved, say


@click.command("replay")
@click.argument("crawl", required=False)
@OUTPUT
@PROFILE
@click.option(
    "--all", "every", is_flag=True, help="Read all crawls that have no complete reading by the current reader."
)
@click.option("--again", is_flag=True, help="With --all: also those that have one.")
@click.option("--dry-run", is_flag=True, help="Only show which fields of which articles would change; writes nothing.")
@JSON
def replay_command(
    crawl: str | None, output: Path, profile: str | None, every: bool, again: bool, dry_run: bool, as_json: bool
) -> None:
    """Parse the WARC of a crawl again into OUTPUT/readings/. CRAWL: latest, a crawl's name, or a folder.

    \b
    gdfupin replay latest
    gdfupin replay 20261123T030000Z-live --profile my-site.toml
    gdfupin replay --all --dry-run    effects of a changed reader or profile
    gdfupin replay --all              all crawls

    Ctrl-C leaves no half-written reading.
    """
    from ..diff import reader_changes
    from ..replay import readings

    if (crawl is None) != every:
        raise click.UsageError("give a CRAWL, or --all")
    if again and (dry_run or not every):
        raise click.UsageError("--again needs --all, and excludes --dry-run")
    known = profile_of(output, profile)
    wanted = every_crawl(output) if crawl is None else [resolved(output, crawl)]
    if dry_run:
        would = reader_changes.would_change(output, known, wanted, say=say)
        click.echo(plain_json(would.encode()) if as_json else "\n".join(map(shown, reader_changes.report_lines(would))))
        return
    done = readings.read_again(output, known, wanted, again=again or not every, say=say)
    for report in done.read if not every else ():
        if report.damage and not (report.counts.pages or report.counts.sightings):
            first = report.damage[0]
            raise NothingReadable(wanted[0].path, f"none of its records can be read; {first.file}: {first.reason}")
    if as_json:
        click.echo(plain_json((done if every else done.read[0]).encode()))
        return
    for report in done.read:
        click.echo(f"{report.counts.articles} articles, {report.counts.gaps} gaps, read into {report.folder}")
    if every:
        click.echo(f"{len(done.read)} crawls read, {len(done.there_already)} had a reading already")
