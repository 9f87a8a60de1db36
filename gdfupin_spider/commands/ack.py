"""`gdfupin ack`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import clock
from ..items import as_dict
from ..messages.record_words import word
from ..messages.recorded import recorded
from ..messages.text import COLON, N_, T_, enumeration, joined, translated
from ..terminal import plain_json, pluralized, shown, without_credentials
from .options import JSON, OUTPUT
from .output import print_lines

if TYPE_CHECKING:
    from ..storage.acknowledgements import Acknowledgement


FOLDERS = ("crawls", "readings", "releases", "layouts")
"""Folders of an archive whose files can be lost."""


@click.command("ack")
@click.argument("what", nargs=-1)
@OUTPUT
@click.option("--reason", metavar="TEXT", help="Why it is known; kept in the archive.")
@click.option("--list", "listed", is_flag=True, help="List all acknowledgements that hold, and open gaps and alarms.")
@click.option("--undo", is_flag=True, help="Take an acknowledgement back, named as in --list.")
@JSON
def ack_command(
    what: tuple[str, ...], output: Path, reason: str | None, listed: bool, undo: bool, as_json: bool
) -> None:
    """Acknowledge gaps, alarms and losses that are known, so that they are not reported again.

    \b
    gdfupin ack http://site.cn/old.asp?id=7 --reason "deleted, the keeper knows"
    gdfupin ack "http://site.cn/bbs/*" --reason "the forum is for members"
    gdfupin ack nothing-new --reason "the site has ended"
    gdfupin ack crawls/20261123T030000Z-live/capture-00001.warc.gz --reason "disk failure"
    gdfupin ack --list
    gdfupin ack "http://site.cn/bbs/*" --undo

    WHAT is an address, an address with * for any characters, the name of an alarm, or a damaged file as `gdfupin verify`
    names it. Acknowledged gaps and alarms do not change the exit code of a crawl and are not in messages; reports and
    `gdfupin status` still have them. The acknowledgement of an alarm ends with the alarm, that of a file with its next change.
    """
    from ..errors import NoSuchCrawl
    from ..storage import acknowledgements
    from ..storage.crawls import crawls
    from ..storage.lock import OutputLock

    if listed and (what or undo or reason):
        raise click.UsageError(N_("--list excludes other options and arguments"))
    if not listed and not what:
        raise click.UsageError(N_("name what is acknowledged, or use --list"))
    if not listed and undo == (reason is not None):
        raise click.UsageError(N_("give --reason TEXT, or --undo"))
    if not crawls(output):
        raise NoSuchCrawl(output, "", ())
    known = acknowledgements.load(output)
    if listed:
        _print_list(output, known.all(), as_json)
        return
    if undo and (unknown := [each for each in what if each not in {one.what for one in known.all()}]):
        raise click.UsageError(
            N_("{unknown}: not acknowledged; `gdfupin ack --list` lists all", unknown=enumeration(unknown))
        )
    now = clock.stamp()
    written = [_acknowledgement(output, without_credentials(each), reason or "", now, undo) for each in what]
    with OutputLock(output, "gdfupin ack"):
        acknowledgements.append(output, written)
    if as_json:
        click.echo(plain_json({"written": [as_dict(each) for each in written]}))
    else:
        for each in written:
            text = T_("taken back: {what}", what=each.what) if undo else T_("acknowledged: {what}", what=each.what)
            click.echo(shown(text))


def _acknowledgement(output: Path, what: str, reason: str, now: str, undone: bool) -> "Acknowledgement":
    """With the digest of the file, if it is one below the output, which may be missing."""
    from ..storage.acknowledgements import Acknowledgement, digest_of_start

    path = output / what
    is_file = path.is_file() or what.partition("/")[0] in FOLDERS
    if undone or "*" in what or "@" in what or not is_file or not path.resolve().is_relative_to(output.resolve()):
        return Acknowledgement(what, reason, now, undone)
    return Acknowledgement(what, reason, now, undone, *digest_of_start(path))


def _print_list(output: Path, known: "list[Acknowledgement]", as_json: bool) -> None:
    from ..storage.acknowledgements import Acknowledgements
    from ..storage.crawls import crawls_of_site
    from ..storage.open_gaps import last_open_gaps
    from ..storage.report import read_crawl_report

    holding = Acknowledgements(known)
    gaps = [gap for gap in last_open_gaps(output) if gap.level != "note" and holding.of_url(gap.url) is None]
    reports = (read_crawl_report(crawl.path) for crawl in reversed(crawls_of_site(output, clock.now())))
    monitors = next((report.after.monitors for report in reports if report is not None), None)
    alarms = (
        [] if monitors is None else [each for each in monitors.alarms if not holding.of_alarm(each.name, each.since)]
    )
    if as_json:
        data = {
            "acknowledged": [as_dict(each) for each in known],
            "open_gaps": [as_dict(gap) for gap in gaps],
            "alarms": [as_dict(alarm) for alarm in alarms],
        }
        click.echo(plain_json(data))
        return
    lines = [f"{each.at[:10]}  {each.what}{translated(COLON)}{each.reason}" for each in known] or [
        T_("Nothing is acknowledged.")
    ]
    if gaps or alarms:
        lines += ["", T_("Open:")]
    lines += [
        f"{alarm.since[:10]}  {translated(joined((alarm.name, recorded(alarm.message)), COLON))}" for alarm in alarms
    ]
    lines += [
        T_(
            "{since}  {url}: {what}, requested by {crawls} in vain",
            since=gap.since[:10],
            url=gap.url,
            what=word(gap.what),
            crawls=pluralized(gap.tries, "crawl"),
        )
        for gap in gaps
    ]
    print_lines(lines)
