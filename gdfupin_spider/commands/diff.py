"""`gdfupin diff`."""

import os
import sys
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import click

from .. import clock, diff
from ..messages.text import N_, T_, joined
from ..search.chinese_scripts import folding
from ..search.query_text import contradiction, parse
from ..storage.archive_info import is_demo, profile_of
from ..terminal import pluralized
from .options import FOLD_SCRIPT, OUTPUT, PROFILE, address
from .output import paged, say, write


@click.command("diff")
@click.argument("what", nargs=-1)
@OUTPUT
@PROFILE
@click.option(
    "--since", metavar="7d|DAY|last[:NAME]", help="Changes since then, or since the last `--since last:NAME`."
)
@click.option(
    "--match",
    multiple=True,
    metavar="WORDS",
    help='Only articles with these words in title or body, before or after: words, -word, "phrases", OR. Repeatable.',
)
@click.option(
    "--in",
    "where",
    type=click.Choice(["anywhere", "changed"]),
    default="anywhere",
    show_default=True,
    help="Where the words of --match must be; changed: in text that was added or deleted.",
)
@FOLD_SCRIPT
@click.option("--section", multiple=True, metavar="NAME", help="Only this section. Repeatable.")
@click.option(
    "--source",
    multiple=True,
    metavar="NAME",
    help="Only this source (来源), as printed or by canonical name. Repeatable.",
)
@click.option("--kind", multiple=True, type=click.Choice(diff.KINDS), help="Only changes of this kind. Repeatable.")
@click.option("--stat", is_flag=True, help="Show only counts by section.")
@click.option("--format", "form", type=click.Choice(diff.FORMATS), default="text", show_default=True)
@click.option("-o", "--to", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to FILE.")
@click.option(
    "--feeds",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write Atom and JSON feeds to DIR, one per section.",
)
@click.option(
    "--base-url",
    metavar="URL",
    callback=address,
    help="Where the folder of the feeds is published: for links of feeds to themselves, and for feeds.opml.",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there are changes, as git diff does.")
def diff_command(
    what: tuple[str, ...],
    output: Path,
    profile: str | None,
    since: str | None,
    match: tuple[str, ...],
    where: Literal["anywhere", "changed"],
    any_script: bool,
    section: tuple[str, ...],
    source: tuple[str, ...],
    kind: tuple[str, ...],
    stat: bool,
    form: diff.Format,
    to: Path | None,
    feeds: Path | None,
    base_url: str | None,
    exit_code: bool,
) -> None:
    """Show what changed: in the last crawl, since a day, or between two crawls, days, releases or files.

    \b
    gdfupin diff                                changes found by the last crawl
    gdfupin diff --since 7d --match 扶贫 --stat
    gdfupin diff --match '乡村振兴 -协会' --in changed
    gdfupin diff --since last                   changes since the last time this was run
    gdfupin diff 2026-11-01 2026-11-08          between the beginnings of two days
    gdfupin diff old.jsonl.gz new.parquet       two files; no archive is needed
    gdfupin diff 20261123T030000Z-live --format html -o changes.html

    A day begins at 00:00 in the time zone of the profile. Exits with 0 whether there are changes or not, with 2 if an input
    is missing or cannot be read, and with 10 if no crawl looked in the time that was asked for.
    """
    if len(what) > 2 or (what and since):
        raise click.UsageError(N_("name two inputs to compare, or one crawl or day, or use --since"))
    if stat and (form != "text" or feeds is not None):
        raise click.UsageError(N_("--stat needs --format text"))
    if where == "changed" and not match:
        raise click.UsageError(N_("--in changed needs --match"))
    if any_script and not match:
        raise click.UsageError(N_("--fold-script needs --match"))
    for query in match:
        clauses = parse(query, folding(any_script=any_script))
        if not clauses:
            raise click.BadParameter(N_("is empty"), param_hint="--match")
        if (never := contradiction(clauses)) is not None:
            raise click.BadParameter(
                N_("{query!r}: {never!r} is wanted and excluded", query=query, never=never), param_hint="--match"
            )
    if base_url is not None:
        if feeds is None and (to is None or form not in ("atom", "jsonfeed")):
            raise click.UsageError(N_("--base-url needs --feeds, or --format atom or jsonfeed with --to"))
        if not base_url.startswith(("http://", "https://")):
            raise click.BadParameter(
                N_("{base_url!r} must begin with http:// or https://", base_url=base_url), param_hint="--base-url"
            )
        base_url = f"{base_url.rstrip('/')}/"
    is_feed = feeds is not None or form in ("atom", "jsonfeed")
    known = profile_of(output, profile)
    wanted = diff.ChangeFilter(match, section, source, kind, where, any_script)
    with diff.DiffQuery(output, what, since, clock.now(), known.zone, wanted) as question:
        question.check_names(known.all_sections)
        title, home = joined((question.before, question.after), " → "), ""
        if profile is not None or _is_archive(output):  # else files of any site are compared
            title, home = _site(known.title, output), next(iter(known.start_urls), "")
        feed = diff.Feed(
            title,
            home,
            question.newest_capture if is_feed else "",
            file=to.name if to else None,
            base=base_url,
            query=wanted,
        )
        if feeds is not None or form != "text":
            say(question.coverage.text())
        if feeds is not None:
            tally = diff.ChangeCounts()
            paths = diff.write_feeds(feeds, feed, diff.counted(diff.for_readers(question.changes()), tally))
            click.echo(T_("written: {files} in {feeds}", files=pluralized(len(paths), "file"), feeds=feeds), err=True)
            if base_url is None:
                say(N_("without --base-url there is no feeds.opml, and no feed has a link to itself"))
        elif form == "text" and to is None:
            with paged() as screen:
                tally = diff.show(question, screen, stat=stat)
        else:
            tally = diff.ChangeCounts()
            pieces = diff.pieces(question, form, feed, tally, stat=stat, warcs=_warcs(output, to))
            if to is None:
                for piece in pieces:
                    click.echo(piece, nl=False)
            else:
                write(to, "".join(pieces))
        if feeds is not None or form not in ("text", "html"):
            for each in diff.withdrawn_lines(question.withdrawn):
                say(each)
        sys.stdout.flush()  # only output that was written counts as seen
        question.remember()
    sys.exit(1 if exit_code and tally.total else 0)


def _site(title: str, output: Path) -> str:
    return joined((title, N_(" (demo data)")), "") if is_demo(output) else title


def _warcs(output: Path, to: Path | None) -> str | None:
    """The folder of the captures as seen from the file that is written; None where there is no file or no archive."""
    if to is None or not _is_archive(output):
        return None
    return f"{quote(Path(os.path.relpath(output / 'crawls', to.parent)).as_posix())}/"


def _is_archive(output: Path) -> bool:
    return (output / "crawls").is_dir()
