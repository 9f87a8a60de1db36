"""`gdfupin cite`."""

from pathlib import Path

import click

from ..storage.archive_info import profile_of
from ..terminal import shown
from .options import OUTPUT, PROFILE, address


@click.command("cite")
@click.argument("name", metavar="ID|URL", callback=address)
@OUTPUT
@PROFILE
@click.option("--version", "number", type=click.IntRange(1), metavar="N", help="This version instead of the newest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["style", "plain", "bibtex", "ris", "csl-json"]),
    default="plain",
    show_default=True,
    help="Form; `style` needs the extra `cite`.",
)
@click.option(
    "--style",
    metavar="NAME|FILE",
    help="A citation style: gb-t-7714-2015, apa, chicago, mla, any name of the CSL project, or a .csl file.",
)
def cite_command(
    name: str, output: Path, profile: str | None, number: int | None, form: str, style: str | None
) -> None:
    """Print a citation of one version of an article, with what is needed to check it.

    \b
    gdfupin cite gdfupin-1a2b3c4d5e6f
    gdfupin cite gdfupin-1a2b3c4d5e6f --style gb-t-7714-2015
    gdfupin cite gdfupin-1a2b3c4d5e6f --style my-journal.csl
    gdfupin cite gdfupin-1a2b3c4d5e6f --format bibtex >> references.bib

    The date of access is that of the capture. Styles need `pip install 'gdfupin_spider[cite]'`.
    """
    from ..archive import open_archive
    from ..dossier import dossier_of
    from ..dossier.citation import FORMATS, STYLE, citation_of, styled
    from ..releases.folder import ReleasesFolder

    if style is not None and form not in ("plain", "style"):
        raise click.UsageError("--style and --format exclude each other")
    known = profile_of(output, profile)
    with open_archive(output) as archive:
        dossier = dossier_of(archive, known, name)
    cited = citation_of(dossier, dossier.version(number), known, ReleasesFolder(output).latest())
    text = styled(cited, style or STYLE) if style is not None or form == "style" else FORMATS[form](cited)
    click.echo("\n".join(map(shown, text.split("\n"))))
