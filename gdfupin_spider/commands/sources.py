"""`gdfupin sources`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from ..messages.record_words import named, word
from ..messages.text import COLON, N_, T_, translated
from ..terminal import plain_json, shown
from .options import JSON, OUTPUT
from .output import paged

if TYPE_CHECKING:
    from ..monitoring.source_variants import NameChange, SourceVariant
    from ..profiles.source_names import SourceRow


@click.command("sources")
@OUTPUT
@click.option("--unknown", is_flag=True, help="Only sources that have no canonical name.")
@click.option(
    "--add",
    "lines",
    multiple=True,
    metavar="LINE",
    help="Show what this line of the table would change, new or in place of that of its variant: variant,name,kind,region,reason. Repeatable.",
)
@JSON
def sources_command(output: Path, unknown: bool, lines: tuple[str, ...], as_json: bool) -> None:
    """List the sources (来源) that articles print, with the number of articles and their canonical names.

    \b
    gdfupin sources
    gdfupin sources --unknown
    gdfupin sources --add '清远扶贫信息网,清远扶贫网,website,清远,its old name'

    The names are those of `source_name` in releases. They come from a table of the program, gdfupin_spider/profiles/sources.csv,
    and a few rules for what is printed beside a name: dates, reporters, 讯, editions. This command edits nothing.
    """
    from ..archive import open_archive
    from ..errors import WrongArgument
    from ..monitoring.source_variants import changes
    from ..profiles.source_names import bundled, rows_of

    with open_archive(output) as archive:
        known = archive.sources()
    if lines:
        if unknown:
            raise click.UsageError(N_("--add excludes --unknown"))
        rows = tuple(row for line in lines for row in rows_of(line))
        if not rows:
            raise WrongArgument("--add", N_("needs variant,name,kind,region,reason"))
        changed = list(changes(known, bundled(), rows))
        _print_changes(changed, bundled().replaced(rows), as_json)
        return
    listed = [variant for variant in known if variant.name is None] if unknown else known
    _print_variants(listed, as_json)


def _print_variants(listed: list["SourceVariant"], as_json: bool) -> None:
    from ..items import as_dict

    if as_json:
        click.echo(plain_json({"sources": [as_dict(variant) for variant in listed]}))
        return
    table = Table(
        *(translated(word(name)) for name in ("articles", "source as printed", "canonical name", "by")),
        box=None,
        pad_edge=False,
    )
    table.columns[0].justify = "right"
    for each in listed:
        table.add_row(f"{each.articles:,}", shown(each.printed), each.name or "-", named(each.rule))
    with paged() as screen:
        screen.print(table)


def _print_changes(changed: list["NameChange"], replaced: list["SourceRow"], as_json: bool) -> None:
    from ..items import as_dict

    if as_json:
        found = {"changes": [as_dict(change) for change in changed], "replaces": [as_dict(row) for row in replaced]}
        click.echo(plain_json(found))
        return
    for row in replaced:
        click.echo(
            T_(
                "in place of {variant},{name},{kind},{region},{reason}",
                variant=row.variant,
                name=row.name,
                kind=row.kind,
                region=row.region,
                reason=row.reason,
            )
        )
    for each in changed:
        before, after = (name or T_("no name") for name in (each.before, each.after))
        click.echo(f"{each.articles:,}  {shown(each.printed)}{translated(COLON)}{before} -> {after}")
    total = sum(each.articles for each in changed)
    click.echo(
        T_(
            "printed sources that would change: {changed:,}, in articles: {total:,}; nothing was edited",
            changed=len(changed),
            total=total,
        )
    )
