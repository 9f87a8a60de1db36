"""`gdfupin evidence`."""

from pathlib import Path

import click

from ..errors import WrongArgument
from ..messages.text import N_, T_
from ..storage.archive_info import profile_of
from ..terminal import plain_json, pluralized, shown
from .options import JSON, OUTPUT, PROFILE, address


@click.command("evidence")
@click.argument("name", metavar="ID|URL", callback=address)
@OUTPUT
@PROFILE
@click.option(
    "--to", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The file to write."
)
@JSON
def evidence_command(name: str, output: Path, profile: str | None, to: Path, as_json: bool) -> None:
    """Pack the captures and records of one article into a WACZ file that anybody can check without this program.

    \b
    gdfupin evidence gdfupin-1a2b3c4d5e6f --to evidence.wacz
    unzip -q evidence.wacz -d files && sh files/evidence/verify.sh

    It has of each version the first capture, the last one, and those that its record was read from, and the captures since then that
    did not find the article, at most 100; others are named in it. It also has the record of each version, the line of the newest
    release that has the article, a citation, the time stamps (`gdfupin stamp`) that cover the captures, and a page that explains
    in Chinese and English how to check all of it. It opens in ReplayWeb.page. A file that exists is not overwritten. Needs
    `pip install 'gdfupin_spider[wacz]'`.
    """
    from ..archive import open_archive
    from ..dossier import dossier_of
    from ..dossier.evidence import write_evidence

    if to.exists():
        raise WrongArgument("--to", N_("{to} exists, and evidence is not overwritten; name another file", to=to))
    known = profile_of(output, profile)
    with open_archive(output) as archive:
        dossier = dossier_of(archive, known, name)
        done = write_evidence(archive, output, dossier, known, to)
    if as_json:
        click.echo(plain_json({"file": str(to), "id": dossier.state.id, **done._asdict()}))
        return
    figures = {
        "to": to,
        "captures": pluralized(done.captures, "capture"),
        "versions": pluralized(len(dossier.versions), "version"),
    }
    click.echo(
        T_("{to}: {captures} of {versions}, {stamped} with a time stamp", stamped=done.stamped, **figures)
        if done.stamped
        else T_("{to}: {captures} of {versions}", **figures)
    )
    if done.left_out:
        click.echo(
            T_(
                "{captures} named in it, not packed: evidence/not-packed.jsonl",
                captures=pluralized(done.left_out, "more capture"),
            )
        )
    if done.withheld:
        stamps = T_("time stamps of {crawls} left out", crawls=pluralized(len(done.withheld), "crawl"))
        click.echo(T_("{stamps}: what leads to them names withdrawn articles", stamps=stamps))
    click.echo(
        T_("line of release {release}", release=shown(done.release))
        if done.release
        else T_("no release has the article")
    )
