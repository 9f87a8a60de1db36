"""`gdfupin articles`."""

import csv
import sys
from pathlib import Path

import click

from ..terminal import plain_json
from .options import OUTPUT

COLUMNS = (
    "id", "url", "title", "date", "source", "author", "section", "status", "versions", "first_seen", "last_seen", "body",
    "sections",
)  # fmt: skip
"""Columns of CSV; the other keys of a record are lists of records."""
SEPARATOR = "; "
"""Between the elements of a list in one cell of CSV."""


@click.command("articles")
@OUTPUT
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="Format."
)
@click.option(
    "--status", type=click.Choice(["live", "suspected", "gone", "archived"]), help="Only articles with this status."
)
def articles_command(output: Path, form: str, status: str | None) -> None:
    """Print the articles of an archive: of each the best reading of its newest version.

    \b
    gdfupin articles > articles.jsonl
    gdfupin articles --format csv --status live > articles.csv

    The keys are those of articles.jsonl, with status, versions, first_seen, last_seen (UTC), missing_since and sections:
    the sections of all listings that link to the article. In CSV they are separated by "; ".
    """
    from ..archive import open_archive

    with open_archive(output) as archive:
        if form == "jsonl":
            for record in archive.articles(status):
                click.echo(plain_json(record))
            return
        table = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        for record in archive.articles(status):
            table.writerow({name: _cell(value) for name, value in record.items()})


def _cell(value: object) -> object:
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else value
