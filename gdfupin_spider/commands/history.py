"""`gdfupin history`."""

from pathlib import Path

import click

from ..messages.text import N_
from ..storage.archive_info import profile_of
from ..terminal import plain_json
from .options import JSON, OUTPUT, PROFILE, address
from .output import paged, write


@click.command("history")
@click.argument("name", metavar="ID|URL", callback=address)
@OUTPUT
@PROFILE
@click.option(
    "--between", nargs=2, type=click.IntRange(1), metavar="N M", help="Only the difference between two versions."
)
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write one HTML file without scripts.")
@JSON
def history_command(
    name: str,
    output: Path,
    profile: str | None,
    between: tuple[int, int] | None,
    html: Path | None,
    as_json: bool,
) -> None:
    """Print all versions of one article, what changed between them, and the captures that prove each.

    \b
    gdfupin history gdfupin-1a2b3c4d5e6f
    gdfupin history 'http://www.gdfupin.org.cn/ShowArticle.asp?ArticleID=365' --html history.html
    gdfupin history gdfupin-1a2b3c4d5e6f --between 1 3

    Of an article that is gone, the captures that did not find it are printed, too.
    """
    if between is not None and between[0] == between[1]:
        raise click.BadParameter(N_("name two different versions"), param_hint="--between")
    from ..archive import open_archive
    from ..dossier import dossier_of, views

    with open_archive(output) as archive:
        dossier = dossier_of(archive, profile_of(output, profile), name)
    for number in between or ():
        dossier.version(number)
    if html is not None:
        write(html, views.html_page(dossier))
    if as_json:
        click.echo(plain_json(dossier.encode()))
    elif html is None:
        with paged() as screen:
            for line in views.history(dossier, between):
                screen.print(line, soft_wrap=True)
