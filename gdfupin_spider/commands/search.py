"""`gdfupin search`."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ..terminal import plain_json
from .options import FOLD_SCRIPT, JSON, OUTPUT
from .output import paged, say

if TYPE_CHECKING:
    from ..search import ArticleSelection

_YEARS = re.compile(r"(?P<since>\d{4})?(?P<range>\.\.)?(?P<until>\d{4})?")
PAGE = 20
"""Hits that are printed where no limit is given."""


class WordsCommand(click.Command):
    """A command whose arguments are words to search: `-word` is one of them, `--word` is a mistyped option."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        # Without short options, `-hectare` is not -h.
        self.context_settings = {"ignore_unknown_options": True, "help_option_names": ["--help"]}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args == ["-h"]:
            args = ["--help"]
        options = {option for parameter in self.params for option in parameter.opts} | {"--help"}
        for word in args[: args.index("--") if "--" in args else None]:
            name = word.partition("=")[0]
            if re.match(r"--[a-z]", name) and name not in options:
                raise click.NoSuchOption(
                    name, ctx=ctx, possibilities=sorted(option for option in options if option[:5] == name[:5])
                )
        return super().parse_args(ctx, args)


def years(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, str]:
    """The callback of --year: the first and the last one; empty: none."""
    if value is None:
        return "", ""
    found = _YEARS.fullmatch(value)
    if found is None or value == ".." or (found["since"] and found["until"] and not found["range"]):
        raise click.BadParameter(f"{value}: neither a year nor a period such as 2019..2021, 2019.. or ..2021")
    since, until = found["since"] or "", found["until"] or ""
    until = until if found["range"] else since
    if since and until and since > until:
        raise click.BadParameter(f"{value}: the first year is the later one; is {until}..{since} meant?")
    return since, until


_SELECTING = (
    click.option("--section", "sections", multiple=True, metavar="NAME", help="Only articles of this section; repeatable."),
    click.option("--year", callback=years, metavar="YEAR|FROM..TO", help="Only articles dated so: 2019, 2019..2021, 2019.."),
    click.option("--source", "sources", multiple=True, metavar="NAME", help="Only articles of this source, as printed or by canonical name; repeatable."),
    click.option("--in", "column", type=click.Choice(["title", "body"]), help="Where the words must be. Default: anywhere."),
    click.option(
        "--status", "statuses", multiple=True, type=click.Choice(["live", "suspected", "gone", "archived"]),
        help="Only articles with this status; repeatable.",
    ),
    click.option("--versions", "all_versions", is_flag=True, help="Search every version, not only the newest ones."),
)  # fmt: skip


def selecting(command: Callable[..., None]) -> Callable[..., None]:
    """Decorator: the options that select articles."""
    for option in reversed(_SELECTING):
        command = option(command)
    return command


def selection(
    sections: tuple[str, ...],
    year: tuple[str, str],
    sources: tuple[str, ...],
    statuses: tuple[str, ...],
    all_versions: bool,
) -> "ArticleSelection":
    """What those options select."""
    from ..search import ArticleSelection

    return ArticleSelection(sections, sources, statuses, *year, all_versions=all_versions)


@click.command("search", cls=WordsCommand)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[WORD]...")
@OUTPUT
@selecting
@FOLD_SCRIPT
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance", show_default=True, help="Order.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N; 20 by default, all as jsonl or csv.")
@click.option("--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N.")
@click.option("--facets", is_flag=True, help="Also count by section, year and source.")
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True,
    help="jsonl and csv have the bodies.",
)  # fmt: skip
@JSON
def search_command(
    words: tuple[str, ...],
    output: Path,
    sections: tuple[str, ...],
    year: tuple[str, str],
    sources: tuple[str, ...],
    column: Literal["title", "body"] | None,
    statuses: tuple[str, ...],
    all_versions: bool,
    any_script: bool,
    sort: Literal["relevance", "date"],
    limit: int | None,
    offset: int,
    facets: bool,
    form: str,
    as_json: bool,
) -> None:
    """Search the texts of an archive: articles that have all words.

    \b
    gdfupin search 扶贫 产业 -协会
    gdfupin search '"两不愁 三保障" 村 OR 镇' --year 2019..2021 --facets
    gdfupin search 产业扶贫 --in title --format csv > found.csv

    A word is any string, also one character, a number or punctuation; it is found wherever it occurs, width and case folded.
    -WORD excludes, "WORDS" are a phrase, A OR B is either; nothing is a syntax error. Quotes need quotes of the shell around
    them. The first search after a crawl builds the index, OUTPUT/search.sqlite.
    """
    from ..search import SearchIndex, SearchRequest, bring_up_to_date
    from ..search import output_formats as formats

    if as_json and form != "text":
        raise click.UsageError("--json excludes --format")
    selected = selection(sections, year, sources, statuses, all_versions)
    request = SearchRequest(" ".join(words), selected, column, sort, PAGE, offset, facets, any_script)
    with SearchIndex(bring_up_to_date(output, say)) as index:
        if form == "text":
            request = replace(request, limit=PAGE if limit is None else limit)
            result = index.search(request)
            if as_json:
                click.echo(plain_json(formats.encode(request, result)))
                return
            with paged() as screen:
                for line in formats.lines(request, result):
                    screen.print(line, soft_wrap=True)
            return
        result = index.search(replace(request, limit=0))
        if form == "csv":
            click.echo(formats.csv_header(), nl=False)
        for hit in index.hits(replace(request, order=result.order, limit=-1 if limit is None else limit)):
            if form == "csv":
                click.echo(formats.csv_row(hit), nl=False)
            else:
                click.echo(plain_json({**formats.as_record(hit), "body": hit.body}))
        for text in (*formats.counts(result), *formats.summary(request, result)):
            say(text)
