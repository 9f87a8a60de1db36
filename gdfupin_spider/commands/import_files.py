"""`gdfupin import`."""

import sys
from pathlib import Path

import click

from ..messages.record_words import counted
from ..messages.text import N_, T_, enumeration, joined
from ..pages import host_of
from ..storage.archive_info import profile_of
from ..terminal import at, plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE, address
from .output import say, typed


@click.command("import")
@click.argument("path", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@OUTPUT
@PROFILE
@click.option(
    "--url-prefix",
    metavar="URL",
    callback=address,
    help="URL of a folder of saved pages, for pages that do not say their own.",
)
@click.option(
    "--provenance",
    metavar="TEXT",
    help="Where the files come from, as far as you know; kept in the report of the crawl.",
)
@JSON
def import_command(
    path: tuple[Path, ...],
    output: Path,
    profile: str | None,
    url_prefix: str | None,
    provenance: str | None,
    as_json: bool,
) -> None:
    """Take captures that other programs made into the archive, each at its true date.

    \b
    gdfupin import old-crawl.warc.gz                  of wget, Heritrix, Browsertrix, ArchiveWeb.page ...
    gdfupin import crawls-of-2013/                    all WARC, ARC and WACZ files below a folder
    gdfupin import "saved pages/" --url-prefix http://www.gdfupin.org.cn/
    gdfupin import nas.wacz --provenance "provincial library, 2013"

    Only pages of the hosts of the profile are taken, and none that is held already, so the same command can be given again.
    Each loss is named: damaged records are issues of the new crawl. In a folder of saved pages the URL comes from the page
    (saved from, HTTrack), from tppabs (Teleport), from a folder named like a host (wget), or from --url-prefix; such pages
    are marked as `saved`, because no server answered. Ctrl-C reads what was taken so far; the same command goes on later.
    """
    from ..sources.imports import import_paths

    if url_prefix is not None and not host_of(url_prefix):
        raise click.BadParameter(
            N_("{url_prefix!r} is no URL; it must be like http://www.gdfupin.org.cn/", url_prefix=url_prefix),
            param_hint="--url-prefix",
        )
    known = profile_of(output, profile)
    done = import_paths(output, known, path, prefix=url_prefix, provenance=provenance, say=say)
    taken, tally = done.taken, done.tally
    if as_json:
        click.echo(plain_json(done.encode()))
        sys.exit(taken.exit_code)
    click.echo(
        T_(
            "{captures} taken, {held:,} were held already; {files} read",
            captures=pluralized(taken.captures, "capture"),
            held=taken.held,
            files=pluralized(tally.files, "file"),
        )
    )
    if taken.summary is not None and taken.report is not None:
        counts = taken.report.counts
        changes = joined(counted(str(count), kind) for kind, count in taken.summary.counts.items()) or N_("nothing new")
        click.echo(
            T_(
                "{lines}: {changes}; in {folder}",
                lines=pluralized(counts.articles, "article line"),
                changes=changes,
                folder=shown(f"crawls/{taken.crawl}"),
            )
        )
    if done.other_hosts:
        hosts = enumeration(f"{shown(host)} ({count:,})" for host, count in done.other_hosts)
        click.echo(
            T_("left out, of other hosts: {hosts}. A host of the site belongs into the profile (`hosts`)", hosts=hosts)
        )
    if taken.replicas:
        click.echo(
            T_(
                "left out, of the demo's replica: {replicas:,}. They can be imported into an archive of `gdfupin demo`",
                replicas=taken.replicas,
            )
        )
    if taken.of_site:
        click.echo(
            T_("left out, of a real site: {of_site:,}, because this archive holds demo data", of_site=taken.of_site)
        )
    if tally.losses:
        click.echo(T_("lost: {records}, for example:", records=pluralized(len(tally.losses), "record")))
        for issue in tally.losses[:3]:
            click.echo(f"  {shown(issue.url)}: {shown(issue.evidence)}")
    if taken.crawl is not None:
        click.echo(T_("next: {command}", command=typed(f"gdfupin status{at(output)}")))
    sys.exit(taken.exit_code)
