"""The pages for people: from a request to a template and its values. Each page is also named as the command that gives the same."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from ..diff.edits import field_runs, text_edits
from ..diff.text_diff import TextRun, runs
from ..releases.records import VersionRow
from ..search import trends
from ..search.folding import fold
from ..search.trends import Trend
from .edition import Edition, Row, short
from .parameters import (
    CompareQuery,
    LookupQuery,
    Paged,
    ReaderQuery,
    SearchQuery,
    TrendQuery,
    VersionQuery,
    query_of,
)

NEWEST = 20
MOST_LISTED = 300
"""Rows of a list on one page."""
MOST_FACETS = 12
_SHORT_FIELDS = ("title", "date", "source", "author", "section")
Values = Mapping[str, object]


class NoSuchThing(Exception):
    """Raised where there is no such article, version or section."""


@dataclass(frozen=True, slots=True)
class RoomPage:
    """What a template gets."""

    template: str
    values: Values
    command: str = ""
    """The command that gives the same; empty: there is none."""


View = Callable[[Edition, Request], RoomPage]


def home(edition: Edition, request: Request) -> RoomPage:
    """What is here, and what is new."""
    query_of(request.query_params, ReaderQuery)
    changes, more = short(edition.table("changes", MOST_LISTED + 1), MOST_LISTED)
    values = {
        "newest": edition.newest(NEWEST),
        "sections": edition.table("sections"),
        "changes": changes,
        "more_changes": bool(more),
        "counts": edition.manifest.counts,
    }
    return RoomPage("home.html", values, "gdfupin diff --since last")


def article(edition: Edition, request: Request) -> RoomPage:
    """One article, in its newest version or another one."""
    id_ = _resolved(edition, request.path_params["id"])
    found = edition.article(id_)
    if found is None:
        raise NoSuchThing(id_)
    query = query_of(request.query_params, VersionQuery)
    versions = edition.versions(id_)
    shown = _version(versions, query.version)
    newer, older = edition.neighbours(found)
    group = found["reprint_group"]
    values = {
        "article": found,
        "shown": shown,
        "is_newest": shown["version"] == found["version"],
        "versions": versions,
        "newer": newer,
        "older": older,
        "reprints": [each for each in edition.reprints(group) if each["id"] != id_] if group else [],
        "captures": edition.captures(id_),
    }
    return RoomPage(
        "article.html", values, f"gdfupin show {id_}" + (f" --version {query.version}" if query.version else "")
    )


def compared(edition: Edition, request: Request) -> RoomPage:
    """Two versions of an article, one against the other."""
    id_ = _resolved(edition, request.path_params["id"])
    query = query_of(request.query_params, CompareQuery)
    versions = edition.versions(id_)
    old, new = _version(versions, query.old), _version(versions, query.new)
    before, after = cast(Mapping[str, object], old), cast(Mapping[str, object], new)
    fields = [
        (name, field_runs(name, str(before[name] or ""), str(after[name] or "")))
        for name in _SHORT_FIELDS
        if before[name] != after[name]
    ]
    values = {
        "article": edition.article(id_),
        "old": old,
        "new": new,
        "fields": fields,
        "body": _paragraphs(runs(old["body"], new["body"])),
        "edits": text_edits(old["body"], new["body"]),
    }
    return RoomPage("compare.html", values, f"gdfupin history {id_}")


def search(edition: Edition, request: Request) -> RoomPage:
    """What is found, with counts."""
    query = query_of(request.query_params, SearchQuery)
    with edition.searching() as index:
        result = index.search(query.request(with_counts=True))
    counts = result.counts
    assert counts is not None
    facets = [
        ("section", "section", list(counts.section.items())),
        ("years", "year", list(counts.year.items())),
        ("sources", "source", list(counts.source_name.items())),
    ]
    values = {
        "query": query,
        "result": result,
        "facets": [(name, key, *short([{"v": v, "n": n} for v, n in rows if v], MOST_FACETS)) for name, key, rows in facets],
    }  # fmt: skip
    return RoomPage("search.html", values, search_command(query))


def search_command(query: SearchQuery) -> str:
    """The command that finds the same."""
    words = ["gdfupin", "search", *query.q.split()]
    for option, value in (("--section", query.section), ("--source", query.source), ("--status", query.status)):
        words += [option, value] if value else []
    if query.since or query.until:
        words += ["--year", query.since if query.since == query.until else f"{query.since}..{query.until}"]
    words += ["--in", query.column] if query.column else []
    words += ["--versions"] if query.versions else []
    words += ["--fold-script"] if query.script else []
    words += ["--sort", "date"] if query.sort == "date" else []
    return shlex.join(words)


def trend(edition: Edition, request: Request) -> RoomPage:
    """Queries over time."""
    query = query_of(request.query_params, TrendQuery)
    found = trend_of(edition, query)
    command = shlex.join(["gdfupin", "trend", *query.queries, "--by", query.by, *(["--share"] if query.share else [])])
    return RoomPage("trends.html", {"query": query, "trend": found}, command if query.queries else "")


def trend_of(edition: Edition, query: TrendQuery) -> Trend | None:
    """None where nothing is asked."""
    if not query.queries:
        return None
    with edition.searching() as index:
        selection = SearchQuery(section=query.section).selection
        return trends.trend_of(index, query.queries, query.by, selection)


def gone_and_edited(edition: Edition, request: Request) -> RoomPage:
    """What the site does not show any more, and what it rewrote."""
    query_of(request.query_params, ReaderQuery)
    gone, more_gone = short(edition.not_live(), MOST_LISTED)
    edited, more_edited = short(edition.edited(), MOST_LISTED)
    values = {"gone": gone, "more_gone": more_gone, "edited": edited, "more_edited": more_edited}
    return RoomPage("gone.html", values, "gdfupin articles --status gone")


def reprints(edition: Edition, request: Request) -> RoomPage:
    """Who is copied most, and who prints what."""
    query_of(request.query_params, ReaderQuery)
    groups, more_groups = short(edition.table("reprints"), MOST_LISTED)
    titles = {each["id"]: each for group in groups for each in edition.reprints(str(group["reprint_group"]))[:1]}
    sources, more_sources = short(edition.table("sources"), MOST_LISTED)
    values = {
        "groups": [(group, titles.get(group["reprint_group"])) for group in groups],
        "more_groups": more_groups,
        "sources": sources,
        "more_sources": more_sources,
    }
    return RoomPage("reprints.html", values, "gdfupin sources")


def sections(edition: Edition, request: Request) -> RoomPage:
    """How much of the site is here."""
    query_of(request.query_params, ReaderQuery)
    return RoomPage("sections.html", {"sections": edition.table("sections")}, "gdfupin status")


def section(edition: Edition, request: Request) -> RoomPage:
    """The articles of one section."""
    query = query_of(request.query_params, Paged)
    name = request.path_params["name"]
    found = [each for each in edition.table("sections") if each["section"] == name]
    if not found:
        raise NoSuchThing(name)
    rows = edition.of_section(name, query.limit + 1, query.offset)
    values = {"section": found[0], "rows": rows[: query.limit], "query": query, "has_more": len(rows) > query.limit}
    return RoomPage("section.html", values, shlex.join(["gdfupin", "search", "--section", name, "--sort", "date"]))


def data(edition: Edition, request: Request) -> RoomPage:
    """The files of the release."""
    query_of(request.query_params, ReaderQuery)
    return RoomPage("data.html", {"manifest": edition.manifest}, "gdfupin release --verify latest")


def lookup(edition: Edition, request: Request) -> RoomPage:
    """Whether an address or a text is held."""
    query = query_of(request.query_params, LookupQuery)
    asked = query.q.strip()
    name = edition.id_of(asked)
    id_ = edition.resolve(asked)
    if id_ is not None:
        held = edition.rows("SELECT id, title, date, section, status FROM articles WHERE id = ?", id_)
        command = shlex.join(["gdfupin", "show", asked])
    else:
        held = _with_text(edition, asked) if asked else []
        command = shlex.join(["gdfupin", "search", _as_query(asked), "--versions"]) if held else ""
    withdrawn = [
        each for each in edition.table("tombstones") if name in (each["id"], *cast(list[str], each["aliases"]))
    ]
    values = {"query": query, "asked": asked, "held": held, "withdrawn": withdrawn}
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


def _resolved(edition: Edition, name: str) -> str:
    id_ = edition.resolve(name)
    if id_ is None:
        raise NoSuchThing(name)
    return id_


def _version(versions: Sequence[VersionRow], number: int) -> VersionRow:
    """0: the newest one."""
    if number == 0 and versions:
        return versions[-1]
    for each in versions:
        if each["version"] == number:
            return each
    raise NoSuchThing(str(number))


def _paragraphs(some: Sequence[TextRun]) -> list[list[TextRun]]:
    """Runs of characters, by paragraph of either text."""
    found: list[list[TextRun]] = [[]]
    for run in some:
        first, *rest = run.text.split("\n")
        found[-1] += [TextRun(run.kind, first)] if first else []
        found.extend([TextRun(run.kind, text)] if text else [] for text in rest)
    return [each for each in found if each]


VIEWS: Mapping[str, View] = {
    "/": home,
    "/articles/{id:path}/compare": compared,
    "/articles/{id:path}": article,
    "/search": search,
    "/trends": trend,
    "/gone": gone_and_edited,
    "/reprints": reprints,
    "/sections": sections,
    "/sections/{name:path}": section,
    "/data": data,
    "/lookup": lookup,
}
Menu = Sequence[tuple[str, str]]
MENU: Menu = (
    ("home", "/"), ("search", "/search"), ("trends", "/trends"), ("gone-and-edited", "/gone"),
        ("reprints-and-sources", "/reprints"), ("sections", "/sections"), ("lookup", "/lookup"), ("data", "/data"))  # fmt: skip
"""Phrase and address of each page that the menu has."""


def template_values(page: RoomPage) -> dict[str, object]:
    """For Jinja2."""
    return {**page.values, "command": page.command}
