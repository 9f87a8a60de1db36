"""`gdfupin search`."""

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ..messages.text import N_
from ..terminal import plain_json
from .options import FOLD_SCRIPT, JSON, OUTPUT
from .output import paged, say

if TYPE_CHECKING:
    from ..search import ArticleSelection

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


def period(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, str]:
    """The callback of --date: the first and the last period; empty: none."""
    from ..search.selection import is_reversed, period_of

    if value is None:
        return "", ""
    if (found := period_of(value)) is None:
        raise click.BadParameter(
            N_(
                "{value}: neither a year, month or day nor a period such as 2019..2021, 2019-03.., ..2021 or "
                "2019-03-05",
                value=value,
            )
        )
    since, until = found
    if is_reversed(since, until):
        raise click.BadParameter(
            N_(
                "{value}: the first one is the later one; is {until}..{since} meant?",
                value=value,
                until=until,
                since=since,
            )
        )
    return found


_SELECTING = (
    click.option("--section", "sections", multiple=True, metavar="NAME", help="Only articles of this section; repeatable."),
    click.option(
        "--date", "--year", "dated", callback=period, metavar="DATE|FROM..TO",
        help="Only articles dated so: 2019, 2019..2021, 2019-03.., 2019-03-05.",
    ),
    click.option("--source", "sources", multiple=True, metavar="NAME", help="Only articles of this source, as printed or by canonical name; repeatable."),
    click.option("--place", "places", multiple=True, metavar="NAME", help="Only articles that name this county, city or prefecture of the gazetteer; repeatable."),
    click.option("--in", "column", type=click.Choice(["title", "body"]), help="Where the words must be. Default: anywhere."),
    click.option(
        "--status", "statuses", multiple=True, type=click.Choice(["live", "suspected", "gone", "archived"]),
        help="Only articles with this status; repeatable.",
    ),
    click.option("--edited", "is_edited", is_flag=True, help="Only articles with several versions."),
    click.option("--versions", "all_versions", is_flag=True, help="Search every version, not only the newest ones."),
)  # fmt: skip


NO_LONGER = click.option(
    "--no-longer", is_flag=True, help="Only older versions that have the words where the newest one does not."
)


def selecting(command: Callable[..., None]) -> Callable[..., None]:
    """Decorator: the options that select articles. The command gets them as `selected`, an ArticleSelection."""

    @functools.wraps(command)
    def with_selection(**values: Any) -> None:
        from ..search import ArticleSelection

        names = ("sections", "sources", "statuses", "places", "all_versions", "is_edited")
        since, until = values.pop("dated")
        asked = {name: values.pop(name) for name in names}
        selected = ArticleSelection(since=since, until=until, no_longer=values.pop("no_longer", False), **asked)
        command(selected=selected, **values)

    for option in reversed(_SELECTING):
        with_selection = option(with_selection)
    return with_selection


@click.command("search", cls=WordsCommand)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[WORD]...")
@OUTPUT
@NO_LONGER
@selecting
@FOLD_SCRIPT
@click.option("--sort", type=click.Choice(["relevance", "date"]), default="relevance", show_default=True, help="Order.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N; 20 by default, all as jsonl or csv.")
@click.option("--offset", type=click.IntRange(0), default=0, metavar="N", help="Leave out the first N.")
@click.option("--facets", is_flag=True, help="Also count by section, year, source, status and place.")
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl", "csv"]), default="text", show_default=True,
    help="jsonl and csv have the bodies.",
)  # fmt: skip
@JSON
def search_command(
    words: tuple[str, ...],
    output: Path,
    selected: "ArticleSelection",
    column: Literal["title", "body"] | None,
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
    gdfupin search '"两不愁 三保障" 村 OR 镇' --date 2019-03..2021 --facets
    gdfupin search 产业扶贫 --in title --format csv > found.csv

    A word is any string, also one character, a number or punctuation; it is found wherever it occurs, width and case folded.
    -WORD excludes, "WORDS" are a phrase, A OR B is either; nothing is a syntax error. Quotes need quotes of the shell around
    them. The first search after a crawl builds the index, OUTPUT/search.sqlite.
    """
    from ..search import SearchIndex, SearchRequest, bring_up_to_date
    from ..search import output_formats as formats

    if as_json and form != "text":
        raise click.UsageError(N_("--json excludes --format"))
    request = SearchRequest(" ".join(words), selected, column, sort, PAGE, offset, facets, any_script)
    with SearchIndex(bring_up_to_date(output, say, with_places=facets or bool(selected.places))) as index:
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
