"""`gdfupin evidence`."""

from pathlib import Path

import click

from ..storage.archive_info import profile_of
from ..terminal import plain_json, pluralized
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
    unzip evidence.wacz evidence/verify.py && python3 evidence/verify.py evidence.wacz

    It has each page that was captured of the article, also those that did not find it any more, the record of each version, a
    citation, the time stamps (`gdfupin stamp`) that cover the captures, and a page that explains in Chinese and English how to
    check all of it. It opens in ReplayWeb.page. Needs
    `pip install 'gdfupin_spider[wacz]'`.
    """
    from ..archive import open_archive
    from ..dossier import dossier_of
    from ..dossier.citation import citation_of
    from ..dossier.evidence import write_evidence
    from ..releases.folder import ReleasesFolder

    known = profile_of(output, profile)
    with open_archive(output) as archive:
        dossier = dossier_of(archive, known, name)
        cited = citation_of(dossier, dossier.version(None), known, ReleasesFolder(output).latest_manifest())
        done = write_evidence(archive, dossier, cited, to)
    if as_json:
        click.echo(plain_json({"file": str(to), "id": dossier.state.id, **done._asdict()}))
        return
    count, stamped = done.captures, f", {done.stamped} with a time stamp" if done.stamped else ""
    versions = len(dossier.versions)
    click.echo(f"{to}: {pluralized(count, 'capture')} of {pluralized(versions, 'version')}{stamped}")
