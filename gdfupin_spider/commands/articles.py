"""`gdfupin articles`."""

import csv
import json
import sys
from pathlib import Path

import click

from .options import OUTPUT

COLUMNS = (
    "id", "url", "title", "date", "source", "author", "section", "status", "versions", "first_seen", "last_seen", "body",
)  # fmt: skip
"""Columns of CSV; the other keys of a record are lists."""


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

    The keys are those of articles.jsonl, with status, versions, first_seen, last_seen (UTC) and missing_since.
    """
    from ..archive import open_archive

    with open_archive(output) as archive:
        if form == "jsonl":
            for record in archive.articles(status):
                click.echo(json.dumps(record, ensure_ascii=False))
            return
        table = csv.DictWriter(sys.stdout, COLUMNS, extrasaction="ignore", lineterminator="\n")
        table.writeheader()
        table.writerows(archive.articles(status))
