"""`gdfupin replay`."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import NothingReadable
from ..messages.text import N_, T_
from ..profiles import Profile
from ..storage.archive_info import profile_of
from ..storage.lookup import every as every_crawl
from ..terminal import plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE
from .output import resolved, say

if TYPE_CHECKING:
    from ..replay.page_readers import PageReaders  # imports all of reading


@click.command("replay")
@click.argument("crawl", required=False)
@OUTPUT
@PROFILE
@click.option(
    "--all", "every", is_flag=True, help="Read all crawls that have no complete reading by the current reader."
)
@click.option("--again", is_flag=True, help="With --all: also those that have one.")
@click.option("--dry-run", is_flag=True, help="Only show which fields of which articles would change; writes nothing.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes that read pages.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers read the pages, such as tcp://10.0.0.5:8786."
)
@JSON
def replay_command(
    crawl: str | None,
    output: Path,
    profile: str | None,
    every: bool,
    again: bool,
    dry_run: bool,
    workers: int,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Parse the WARC of a crawl again into OUTPUT/readings/. CRAWL: latest, a crawl's name, or a folder.

    \b
    gdfupin replay latest
    gdfupin replay 20261123T030000Z-live --profile my-site.toml
    gdfupin replay --all --dry-run    effects of a changed reader or profile
    gdfupin replay --all --workers 8  all crawls, on eight cores

    The result is the same for any number of workers. On a cluster, which needs `pip install 'gdfupin_spider[cluster]'`, each
    machine has the archive under the same path. Ctrl-C leaves no half-written reading.
    """
    from ..diff import reader_changes
    from ..replay import readings

    if (crawl is None) != every:
        raise click.UsageError(N_("give a CRAWL, or --all"))
    if again and (dry_run or not every):
        raise click.UsageError(N_("--again needs --all, and excludes --dry-run"))
    if scheduler is not None and workers > 1:
        raise click.UsageError(N_("--workers and --scheduler exclude each other"))
    if dry_run and (scheduler is not None or workers > 1):
        raise click.UsageError(N_("--dry-run reads in one process"))
    known = profile_of(output, profile)
    wanted = every_crawl(output) if crawl is None else [resolved(output, crawl)]
    if dry_run:
        would = reader_changes.would_change(output, known, wanted, say=say)
        click.echo(plain_json(would.encode()) if as_json else "\n".join(map(shown, reader_changes.report_lines(would))))
        return
    with _readers(known, workers, scheduler) as readers:
        done = readings.read_again(output, known, wanted, again=again or not every, readers=readers, say=say)
    for report in done.read if not every else ():
        if report.damage and not (report.counts.pages or report.counts.sightings):
            first = report.damage[0]
            raise NothingReadable(
                wanted[0].path,
                N_("none of its records can be read; {file}: {reason}", file=first.file, reason=first.reason),
            )
    if as_json:
        click.echo(plain_json((done if every else done.read[0]).encode()))
        return
    for report in done.read:
        click.echo(
            T_(
                "{articles}, {gaps}, read into {folder}",
                articles=pluralized(report.counts.articles, "article"),
                gaps=pluralized(report.counts.gaps, "gap"),
                folder=report.folder,
            )
        )
    if every:
        click.echo(
            T_(
                "{crawls} read, {there_already} had a reading already",
                crawls=pluralized(len(done.read), "crawl"),
                there_already=len(done.there_already),
            )
        )


def _readers(profile: Profile, workers: int, scheduler: str | None) -> "AbstractContextManager[PageReaders | None]":
    """The processes that read pages besides this one."""
    if scheduler is not None:
        from ..replay.cluster import ClusterReaders

        return ClusterReaders(profile, scheduler)
    if workers > 1:
        from ..replay.page_readers import LocalReaders

        return LocalReaders(profile, workers)
    return nullcontext()
