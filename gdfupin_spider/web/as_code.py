"""Queries of the reading room as code that gives the same: a command, an address of the API, Python, SQL."""

import shlex
from dataclasses import MISSING, fields
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from ..search import ArticleSelection, SearchRequest
from .parameters import SearchQuery, TrendQuery

_NAMES = "ArticleSelection, SearchIndex, SearchRequest, bring_up_to_date"


def search_python(query: SearchQuery) -> str:
    """The line of Python that finds the same."""
    asked = query.request(with_counts=False)
    return (
        f"from pathlib import Path; from gdfupin_spider.search import {_NAMES}; "
        f"SearchIndex(bring_up_to_date(Path('output'), with_places={bool(query.place)})).search({_written(asked)})"
    )


def _written(asked: SearchRequest | ArticleSelection) -> str:
    """As Python, without what is as it is by itself."""
    found: list[str] = []
    for each in fields(asked):
        value = getattr(asked, each.name)
        default = each.default_factory() if each.default_factory is not MISSING else each.default
        if value != default:
            found.append(f"{each.name}={_written(value) if isinstance(value, ArticleSelection) else repr(value)}")
    return f"{type(asked).__name__}({', '.join(found)})"


def api(name: str, parameters: QueryParams) -> str:
    """The address that answers the same, without host."""
    asked = urlencode([(key, value) for key, value in parameters.multi_items() if key != "lang" and value])
    return f"/api/v1/{name}{f'?{asked}' if asked else ''}"


def sql_text(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def search_command(query: SearchQuery) -> str:
    """The command that finds the same."""
    words = ["gdfupin", "search", *query.q.split()]
    named = (
        ("--section", query.section),
        ("--source", query.source),
        ("--place", query.place),
        ("--status", query.status),
    )
    for option, value in named:
        words += [option, value] if value else []
    if query.since or query.until:
        words += ["--date", query.since if query.since == query.until else f"{query.since}..{query.until}"]
    words += ["--in", query.column] if query.column else []
    flags = (
        ("--edited", query.edited),
        ("--versions", query.versions),
        ("--no-longer", query.then),
        ("--fold-script", query.script),
    )
    words += [option for option, value in flags if value]
    words += ["--sort", "date"] if query.sort == "date" else []
    return shlex.join(words)


def trend_command(query: TrendQuery) -> str:
    """The command that counts the same."""
    options = [*selected_section(query.section), *(["--reprints", "once"] if query.reprints == "once" else [])]
    return shlex.join(
        ["gdfupin", "trend", *query.queries, "--by", query.by, *options, *(["--share"] if query.share else [])]
    )


def trend_python(query: TrendQuery) -> str:
    """The line of Python that counts the same."""
    reprinted = ", with_reprints=True" if query.reprints == "once" else ""
    return (
        f"from pathlib import Path; from gdfupin_spider.search import {_NAMES}; from gdfupin_spider.search.trends import trend_of; "
        f"trend_of(SearchIndex(bring_up_to_date(Path('output'){reprinted})), {query.queries!r}, {query.by!r}, "
        f"{_written(SearchQuery(section=query.section).selection)}, reprints={query.reprints!r})"
    )


def selected_section(section: str) -> list[str]:
    return ["--section", section] if section else []
