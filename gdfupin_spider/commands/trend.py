"""`gdfupin trend`."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from rich.table import Table

from ..messages.text import N_, T_
from ..terminal import cell_text, plain_json, shown
from .options import FOLD_SCRIPT, JSON, OUTPUT
from .output import paged, say, write
from .search import WordsCommand, selecting

if TYPE_CHECKING:
    from ..search import ArticleSelection


@click.command("trend", cls=WordsCommand)
@click.argument("queries", nargs=-1, required=True, type=click.UNPROCESSED, metavar="QUERY...")
@OUTPUT
@click.option(
    "--by", type=click.Choice(["month", "year"]), default="month", show_default=True, help="Length of a period."
)
@click.option(
    "--reprints",
    type=click.Choice(["all", "once"]),
    default="all",
    show_default=True,
    help="Count every reprint, or of articles with nearly the same text only the oldest one.",
)
@click.option("--share", is_flag=True, help="Also print the share of all articles.")
@selecting
@FOLD_SCRIPT
@click.option("--format", "form", type=click.Choice(["text", "csv"]), default="text", show_default=True, help="Format.")
@click.option("--svg", type=click.Path(path_type=Path), metavar="FILE", help="Also draw a chart.")
@JSON
def trend_command(
    queries: tuple[str, ...],
    output: Path,
    by: Literal["month", "year"],
    reprints: Literal["all", "once"],
    share: bool,
    selected: "ArticleSelection",
    column: Literal["title", "body"] | None,
    any_script: bool,
    form: str,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Count the articles that have a word, by month or year.

    \b
    gdfupin trend 产业扶贫 消费扶贫 --by month --share
    gdfupin trend '产业扶贫 -协会' '村 OR 镇' --by year --format csv > trend.csv

    Each argument is a query of its own, as in `gdfupin search`. The share is that of all articles of the period that the
    options select. `--reprints once` counts both in the same way; it needs the extra `datasets`, and minutes for a large
    archive the first time after a crawl.
    """
    from ..search import SearchIndex, bring_up_to_date
    from ..search.trend_chart import chart
    from ..search.trends import encode, table, trend_of

    if as_json and form != "text":
        raise click.UsageError(N_("--json excludes --format"))
    extras = {"with_reprints": reprints == "once", "with_places": bool(selected.places)}
    with SearchIndex(bring_up_to_date(output, say, **extras)) as index:
        trend = trend_of(index, queries, by, selected, column, any_script=any_script, reprints=reprints)
    if svg is not None:
        write(svg, chart(trend, share=share))
    if as_json:
        click.echo(plain_json(encode(trend, by, reprints)))
        return
    head, *rows = table(trend, share=share, shown_share=".6f" if form == "csv" else ".1%")
    if form == "csv":
        sheet = csv.writer(sys.stdout, lineterminator="\n")
        sheet.writerow([cell_text(shown(str(name))) for name in head])
        sheet.writerows(rows)
        return
    printed = Table(*map(shown, head), box=None, pad_edge=False)
    for column_ in printed.columns[1:]:
        column_.justify = "right"
    for row in rows:
        printed.add_row(row[0] or T_("no date"), *row[1:])
    with paged() as screen:
        screen.print(printed)
