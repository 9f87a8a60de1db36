"""`gdfupin probe`."""

import shlex
from pathlib import Path

import click

from ..messages.text import N_, T_
from ..storage.archive_info import profile_of
from ..terminal import shown
from .options import JSON, OUTPUT, PROFILE, address
from .output import resolved, say, show, typed, write


@click.command("probe")
@click.argument("what", metavar="[URL|FILE]", required=False, callback=address)
@PROFILE
@click.option("--url", help="The address a FILE was saved from, or of the page wanted from a WARC file.")
@click.option("--offset", type=click.IntRange(0), metavar="N", help="The record of a WARC file that begins at byte N.")
@click.option(
    "--crawl", metavar="CRAWL", help="A whole crawl: latest, its name, or a folder. With a URL: its page there."
)
@click.option("--worst", type=click.IntRange(1), default=20, show_default=True, help="So many pages of a crawl.")
@OUTPUT
@click.option("--html", "sheet", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to look at.")
@click.option(
    "--save-to",
    type=click.Path(path_type=Path, file_okay=False),
    help="Save the page as one of the corpus: tests/corpus/PROFILE/WHAT-IT-SHOWS.",
)
@JSON
def probe_command(
    what: str | None,
    profile: str | None,
    url: str | None,
    offset: int | None,
    crawl: str | None,
    worst: int,
    output: Path,
    sheet: Path | None,
    save_to: Path | None,
    as_json: bool,
) -> None:
    """Show how a page is read: each line with its role, what each landmark matched, fields with the evidence that
    decided them, links, issues, unknown labels, and what the profile could add. Of a crawl: the address patterns of the
    site and what their pages are, what to put into the profile, and the pages whose reading is least certain.

    \b
    gdfupin probe http://www.gdfupin.org.cn/
    gdfupin probe saved.html --url http://www.gdfupin.org.cn/news.asp?id=7
    gdfupin probe capture-00000.warc.gz --offset 48213 --html look.html
    gdfupin probe --crawl latest                     after a bad crawl: what to put into the profile
    gdfupin probe --crawl latest --worst 20 --html worst.html
    gdfupin probe --crawl latest http://www.gdfupin.org.cn/news.asp?id=7

    A URL is fetched once, as asked for, by this machine or its http_proxy; redirects are shown, not followed.
    Nothing is kept but what --html and --save-to name, and no lock is taken. Suggestions for the profile are checked on
    the whole crawl before they are offered; Ctrl-C ends the check, and what was not checked is not offered.
    """
    from .. import probe

    known = profile_of(output, profile)
    if crawl is not None and what is None:
        if offset is not None or url is not None or save_to is not None:
            raise click.UsageError(N_("--offset, --url and --save-to are about one page: name it"))
        found = probe.survey(resolved(output, crawl), known, worst, say)
        show(
            probe.overview(found),
            probe.survey_as_json(found) if as_json else None,
        )
        if arguments := probe.command_for_worst(found):  # whole on one line, to be copied
            arguments += [] if output == Path("output") else ["--output", str(output)]
            arguments += [] if profile is None else ["--profile", profile]
            click.echo(
                shown(
                    T_(
                        "the first of them: {command}",
                        command=f"{typed('gdfupin')} {shlex.join(arguments)}",
                    )
                ),
                err=as_json,
            )
        if sheet is not None:
            write(sheet, probe.survey_sheet(found))
        return
    if what is None:
        raise click.UsageError(N_("name a URL or FILE, or a whole crawl by --crawl"))
    folder = resolved(output, crawl).path if crawl is not None else None
    obtained = probe.obtain(what, url, offset, folder, next(iter(known.start_urls), None))
    inspection = probe.inspect_capture(obtained.capture, known, obtained.remarks)
    show(probe.rendered(inspection), probe.as_json(inspection) if as_json else None)
    if sheet is not None:
        write(sheet, probe.page_sheet(inspection))
    if save_to is not None:
        probe.save(obtained.capture, save_to)
        click.echo(
            T_("saved to {save_to}; next: pytest tests/pages/test_corpus.py --write-expected", save_to=save_to),
            err=True,
        )
