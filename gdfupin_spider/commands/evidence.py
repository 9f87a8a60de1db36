"""`gdfupin evidence`."""

from pathlib import Path

import click

from ..errors import WrongArgument
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
        raise WrongArgument("--to", f"{to} exists, and evidence is not overwritten; name another file")
    known = profile_of(output, profile)
    with open_archive(output) as archive:
        dossier = dossier_of(archive, known, name)
        done = write_evidence(archive, output, dossier, known, to)
    if as_json:
        click.echo(plain_json({"file": str(to), "id": dossier.state.id, **done._asdict()}))
        return
    count, stamped = done.captures, f", {done.stamped} with a time stamp" if done.stamped else ""
    versions = len(dossier.versions)
    click.echo(f"{to}: {pluralized(count, 'capture')} of {pluralized(versions, 'version')}{stamped}")
    if done.left_out:
        click.echo(f"{pluralized(done.left_out, 'more capture')} named in it, not packed: evidence/not-packed.jsonl")
    if done.withheld:
        stamps = f"time stamps of {pluralized(len(done.withheld), 'crawl')} left out"
        click.echo(f"{stamps}: what leads to them names withdrawn articles")
    click.echo(f"line of release {shown(done.release)}" if done.release else "no release has the article")
