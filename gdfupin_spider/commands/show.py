"""`gdfupin show`."""

import sys
from pathlib import Path

import click

from ..messages.text import N_
from ..storage.archive_info import profile_of
from ..terminal import plain_json
from .options import JSON, OUTPUT, PROFILE, address
from .output import paged


@click.command("show")
@click.argument("name", metavar="ID|URL", callback=address)
@OUTPUT
@PROFILE
@click.option("--version", "number", type=click.IntRange(1), metavar="N", help="This version instead of the newest.")
@click.option("--proof", is_flag=True, help="Also print the captures that show it: file, byte, digest.")
@click.option("--raw", is_flag=True, help="Write the page as it was captured to stdout, and nothing else.")
@JSON
def show_command(
    name: str, output: Path, profile: str | None, number: int | None, proof: bool, raw: bool, as_json: bool
) -> None:
    """Print one article, found by any id or address that it ever had.

    \b
    gdfupin show gdfupin-1a2b3c4d5e6f
    gdfupin show 'http://www.gdfupin.org.cn/ShowArticle.asp?ArticleID=365' --version 1
    gdfupin show gdfupin-1a2b3c4d5e6f --proof
    gdfupin show gdfupin-1a2b3c4d5e6f --raw > page.html
    """
    from ..archive import open_archive
    from ..dossier import dossier_of
    from ..dossier.dossier import payload_of
    from ..dossier.views import article

    if raw and (proof or as_json):
        raise click.UsageError(N_("--raw excludes --proof and --json"))
    with open_archive(output) as archive:
        dossier = dossier_of(archive, profile_of(output, profile), name)
        version = dossier.version(number)
        if raw:
            sys.stdout.buffer.write(payload_of(archive, version).payload)
            return
    if as_json:
        captures = next(each for each in dossier.encode()["versions"] if each["version"] == version.number)  # type: ignore[attr-defined]
        status = {"status": dossier.state.status, "versions": dossier.state.versions}
        click.echo(plain_json({**version.record, **status, "proof": captures["captures"]}))
        return
    with paged() as screen:
        screen.print(article(dossier, version, proof), soft_wrap=True)
