"""`gdfupin cite`."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ..errors import ExitCode
from ..messages.text import N_, T_
from ..storage.archive_info import profile_of
from ..terminal import plain_json, shown
from .options import FOLD_SCRIPT, OUTPUT, PROFILE, address
from .search import NO_LONGER, selecting

if TYPE_CHECKING:
    from ..search import ArticleSelection

FORMS = ("style", "plain", "bibtex", "ris", "csl-json", "json")


@click.command("cite")
@click.argument("name", metavar="[ID|URL]", required=False, callback=address)
@OUTPUT
@PROFILE
@click.option("--version", "number", type=click.IntRange(1), metavar="N", help="This version instead of the newest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    default="plain",
    show_default=True,
    help="Form; `style` needs the extra `cite`, `json` is of a query.",
)
@click.option(
    "--style",
    metavar="NAME|FILE",
    help="A citation style: gb-t-7714-2015, apa, chicago, mla, any name of the CSL project, or a .csl file; gb-t-7714-2025 says where to get its file.",
)
@click.option("--query", metavar="WORDS", help="Cite a query of a release and its result instead of an article.")
@click.option("--release", metavar="NAME|DIR", default="latest", show_default=True, help="The release that is asked.")
@NO_LONGER
@selecting
@FOLD_SCRIPT
@click.option(
    "--check",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Ask a cited query again (FILE: made with --format json) and compare.",
)
def cite_command(
    name: str | None,
    output: Path,
    profile: str | None,
    number: int | None,
    form: str,
    style: str | None,
    query: str | None,
    release: str,
    selected: "ArticleSelection",
    column: Literal["title", "body"] | None,
    any_script: bool,
    check: Path | None,
) -> None:
    """Print a citation of one version of an article, or of a query, with what is needed to check it.

    \b
    gdfupin cite gdfupin-1a2b3c4d5e6f
    gdfupin cite gdfupin-1a2b3c4d5e6f --style gb-t-7714-2015
    gdfupin cite gdfupin-1a2b3c4d5e6f --style my-journal.csl
    gdfupin cite gdfupin-1a2b3c4d5e6f --format bibtex >> references.bib
    gdfupin cite --query '产业扶贫 -协会' --year 2019..2021 --format json > query.json
    gdfupin cite --check query.json

    The date of access is that of the capture. The line after the citation has the digests and the newest release that has this version. Styles need `pip install 'gdfupin_spider[cite]'`. A query is asked of a release,
    which never changes: its citation has the normalised query, release, time, count, and a digest of the result. --check ends
    with exit code 1 where the result is another one.
    """
    from ..releases import cited_query
    from ..releases.folder import ReleasesFolder
    from ..search import ArticleSelection

    if [name, query, check].count(None) != 2:
        raise click.UsageError(N_("name one thing to cite: ID or URL, --query, or --check"))
    if query is None and (selected != ArticleSelection() or column is not None or any_script):
        raise click.UsageError(N_("options that select articles belong to --query"))
    if query is not None or check is not None:
        if style is not None or number is not None or form not in ("plain", "json"):
            raise click.UsageError(N_("a query has the formats plain and json, and no --style or --version"))
    elif form == "json":
        raise click.UsageError(N_("--format json belongs to --query; csl-json is for articles"))
    if check is not None:
        cited = cited_query.load_cited(check)
        wrong = cited_query.differences(
            cited, ReleasesFolder(output).find(cited.release if release == "latest" else release)
        )
        for each in wrong or [
            T_("the same: {articles:,} found in release {release}", articles=cited.articles, release=cited.release)
        ]:
            click.echo(shown(each))
        raise SystemExit(ExitCode.GAPS if wrong else ExitCode.COMPLETE)
    if query is not None:
        found = cited_query.cite_query(
            ReleasesFolder(output).find(release), query, column, selected, any_script=any_script
        )
        if form == "json":
            click.echo(plain_json(cited_query.encode(found)))
        else:
            click.echo("\n".join(map(shown, cited_query.sentences(found))))
        return
    assert name is not None
    _article(name, output, profile, number, form, style)


def _article(name: str, output: Path, profile: str | None, number: int | None, form: str, style: str | None) -> None:
    from ..archive import open_archive
    from ..dossier import dossier_of
    from ..dossier.citation import FORMATS, STYLE, citation_of, styled
    from ..releases.folder import ReleasesFolder
    from ..releases.held_ids import newest_with

    if style is not None and form not in ("plain", "style"):
        raise click.UsageError(N_("--style and --format exclude each other"))
    known = profile_of(output, profile)
    with open_archive(output) as archive:
        dossier = dossier_of(archive, known, name)
        version, ids = dossier.version(number), archive.ids(dossier.state.id)
    released = newest_with(ReleasesFolder(output), ids, str(version.record["content_sha256"]))
    cited = citation_of(dossier, version, known, released)
    text = styled(cited, style or STYLE) if style is not None or form == "style" else FORMATS[form](cited)
    click.echo(shown(text))
