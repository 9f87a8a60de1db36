"""The pages that are asked for something: words, words over time, an address or a text that may be held."""

import functools
import re
import shlex
from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request

from ..search import trends
from ..search.folding import fold
from ..search.selection import PERIOD
from ..search.trend_chart import linked_chart
from ..search.trends import Trend
from . import as_code
from .edition import Edition, Row
from .facets import Facet
from .parameters import LookupQuery, SearchQuery, TrendQuery, query_of
from .room_page import MOST_LISTED, RoomPage, library_of

KEPT_CHARTS = 64
"""Of trends; some 60 kB each."""


def search(edition: Edition, request: Request) -> RoomPage:
    """What is found, with counts."""
    query = query_of(request.query_params, SearchQuery)
    with edition.searching() as index:
        result = index.search(query.request(with_counts=True))
    counts = result.counts
    assert counts is not None
    chosen = [
        (name, str(getattr(query, name)), False)
        for name in ("section", "source", "place", "since", "until")
        if getattr(query, name)
    ]
    chosen += [("status", query.status, True)] if query.status else []
    chosen += [(name, phrase, True) for name, phrase in _FLAGS.items() if getattr(query, name)]
    values = {
        "query": query,
        "result": result,
        "of_versions": query.selection.finds_versions,
        "chosen": chosen,
        "is_open": bool(query.column),
        "period": PERIOD,
        "facets": (
            Facet.of("section", "section", counts.section),
            Facet.of("years", "year", dict(sorted(counts.year.items())), most=100, is_chart=True),
            Facet.of("status", "status", counts.status, is_phrase=True),
            Facet.of("edits", "edited", {"only-edited": counts.edited}, is_phrase=True),
            Facet.of("place", "place", counts.place),
            Facet.of("sources", "source", counts.source_name),
        ),
    }
    return RoomPage(
        "search.html",
        values,
        as_code.search_command(query),
        api=as_code.api("search", request.query_params),
        python=as_code.search_python(query),
    )


_FLAGS = {"edited": "only-edited", "versions": "versions-too", "then": "said-then", "script": "either-script"}
"""Parameters that are on or off, with their phrases."""


def trend(edition: Edition, request: Request) -> RoomPage:
    """Queries over time."""
    query = query_of(request.query_params, TrendQuery)
    found, sets = trend_of(edition, query), None
    if len(query.queries) == 2:
        with edition.searching() as index:
            sets = trends.overlap(index, *query.queries, SearchQuery(section=query.section).selection)

    def chart(address: Callable[..., str]) -> Markup:
        drawn = _chart(found, address("/search"), query.section, share=query.share == "1") if found is not None else ""
        return Markup(drawn)  # escaped by lxml

    values = {"query": query, "trend": found, "sets": sets, "both": " ".join(query.queries), "chart": chart}
    if not query.queries:
        return RoomPage("trends.html", values)
    command, python = as_code.trend_command(query), as_code.trend_python(query)
    return RoomPage("trends.html", values, command, as_code.api("trends", request.query_params), python=python)


@functools.lru_cache(maxsize=KEPT_CHARTS)
def _chart(found: Trend, search_page: str, section: str, *, share: bool) -> str:
    """To draw one of 150 months takes 20 ms of CPU, and readers ask for the same words."""

    def link(words: str, period: str) -> str:
        asked = {"q": words, "section": section, "since": period, "until": period, "sort": "date"}
        return f"{search_page}?{urlencode({name: value for name, value in asked.items() if value})}"

    return linked_chart(found, link, share=share)


def trend_of(edition: Edition, query: TrendQuery) -> Trend | None:
    """None where nothing is asked."""
    if not query.queries:
        return None
    with edition.searching() as index:
        selection = SearchQuery(section=query.section).selection
        return trends.trend_of(index, query.queries, query.by, selection, reprints=query.reprints)


def lookup(edition: Edition, request: Request) -> RoomPage:
    """Whether an address or a text is held."""
    query = query_of(request.query_params, LookupQuery)
    asked = query.q.strip()
    name = edition.id_of(asked)
    id_ = edition.resolve(asked)
    if id_ is not None:
        held = edition.rows(
            "SELECT id, title, date, section, status, first_seen, last_seen, version AS versions FROM articles WHERE id = ?",
            id_,
        )
        command = shlex.join(["gdfupin", "show", asked])
    elif re.fullmatch("[0-9a-f]{64}", asked.lower()):
        held = edition.of_digest(asked.lower(), MOST_LISTED)
        command = shlex.join(["gdfupin", "show", str(held[0]["id"])]) if held else ""
    else:
        held = _with_text(edition, asked) if asked else []
        command = shlex.join(["gdfupin", "search", _as_query(asked), "--versions"]) if held else ""
    withdrawn = [
        each for each in edition.table("tombstones") if name in (each["id"], *cast(list[str], each["aliases"]))
    ]
    archive = library_of(request).archive_of(edition)
    listed = archive.not_held(name) if archive is not None and not held and not withdrawn else None
    values = {"query": query, "asked": asked, "held": held, "withdrawn": withdrawn, "listed": listed}
    return RoomPage("lookup.html", values, command)


def _as_query(text: str) -> str:
    """Each line of a text as a phrase, as far as a query may be long."""
    return " ".join(f'"{line.strip()}"' for line in text.replace('"', " ").splitlines() if line.strip())[:400]


def _with_text(edition: Edition, text: str) -> list[Row]:
    """Versions that have every line of a text, title or body."""
    lines = [fold(line.strip()) for line in text.splitlines() if line.strip()]
    with edition.searching() as index:
        hits = index.search(SearchQuery(q=_as_query(text), versions="1").request(with_counts=False)).hits
    return [
        {"id": hit.id, "title": hit.title, "date": hit.date, "section": hit.section, "status": hit.status, "version": hit.version}
        for hit in hits
        if all(line in fold(f"{hit.title}\n{hit.body}") for line in lines)
    ]  # fmt: skip
