"""The pages for people: from a request to a template and its values. Each page is also named as the command that gives the same."""

import contextlib
import functools
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request

from ..catalog.changes import FIELDS
from ..diff.difference import ComparedArticle
from ..diff.edits import field, field_runs, shortened, text_edits
from ..diff.text_diff import TextBlock, TextRun, runs, text_diff
from ..dossier import citation
from ..errors import NoSuchCrawl, NotInstalled
from ..releases.cards.readme import LOADING
from ..releases.edit_table import Edit
from ..releases.records import VersionRow
from ..releases.released_tables import TABLES
from ..search import trends
from ..search.folding import fold
from ..search.selection import PERIOD, is_reversed
from ..search.trend_chart import linked_chart
from ..search.trends import Trend
from . import as_code, memento
from .archive_side import CalendarDay, Looks
from .edition import Edition, Row, short
from .facets import Facet
from .library import Library
from .parameters import (
    CompareQuery,
    GoneQuery,
    HomeQuery,
    LookupQuery,
    Paged,
    ReaderQuery,
    SearchQuery,
    TrendQuery,
    VersionQuery,
    WrongQuery,
    query_of,
)
from .shown_changes import MOST_EDITS, MOST_READ, by_kind, difference_of

NEWEST = 20
KEPT_CHARTS = 64
"""Of trends; some 60 kB each."""
MOST_LISTED = 300
"""Rows of a list on one page."""
_SHORT_FIELDS = ("title", "date", "source", "author", "section")
Values = Mapping[str, object]


class NoSuchThing(Exception):
    """Raised where there is no such article, version or section."""


@dataclass(frozen=True, slots=True)
class RoomPage:
    """What a template gets, and the code that gives the same."""

    template: str
    values: Values
    command: str = ""
    """Empty, as the next ones: there is none."""
    api: str = ""
    """Path and query."""
    sql: str = ""
    """For `articles.sqlite` of the release."""
    python: str = ""
    """An expression, behind its imports."""
    original: str = ""
    """The address on the site whose captures Memento finds."""


View = Callable[[Edition, Request], RoomPage]


def home(edition: Edition, request: Request) -> RoomPage:
    """What is new, and who looked."""
    query = query_of(request.query_params, HomeQuery)
    archive = _library(request).archive_of(edition)
    looks: Looks | None = None
    calendar: Sequence[CalendarDay] = ()
    command = "gdfupin diff"
    if archive is not None:
        try:
            looks, calendar = archive.looks(query.since, query.crawl), archive.calendar()
        except NoSuchCrawl:
            raise NoSuchThing(query.crawl) from None
        changes, has_more = by_kind(looks.changes), looks.has_more
        command = shlex.join(["gdfupin", "diff", looks.since])
    else:
        rows, more_rows = short(edition.table("changes", MOST_READ + 1), MOST_READ)
        changes, has_more = by_kind(map(difference_of, rows)), bool(more_rows)
        if edition.manifest.previous is not None:
            command = shlex.join(["gdfupin", "diff", edition.manifest.previous.name, edition.name])
    ids = [each.id for kind in changes for shown in (*kind.changes, *kind.cosmetic) for each in (shown, *shown.others)]
    values = {
        "newest": edition.newest(NEWEST),
        "sections": edition.table("sections"),
        "looks": looks,
        "calendar": calendar,
        "query": query,
        "kinds": changes,
        "has_more": has_more,
        "released": edition.held(ids),
        "most": MOST_LISTED,
        "known_fields": FIELDS,
        "counts": edition.manifest.counts,
    }
    if archive is not None and looks is not None:
        python = f"from gdfupin_spider import open_archive; list(open_archive('output').changes({looks.since!r}))"
        return RoomPage("home.html", values, command, python=python)
    return RoomPage("home.html", values, command, "/api/v1/changes", "SELECT * FROM changes ORDER BY id, kind")


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
    archive = _library(request).archive_of(edition)
    pictures = archive.pictures(shown) if archive is not None else {}
    values = {
        "has_archive": archive is not None,
        "figures": [(number, each, each["url"] in pictures) for number, each in enumerate(shown["images"], 1)],
        "article": found,
        "shown": shown,
        "has_section": edition.has_section(shown["section"]),
        "is_newest": shown["version"] == found["version"],
        "versions": versions,
        "newer": newer,
        "older": older,
        "reprints": [each for each in edition.reprints(group) if each["id"] != id_] if group else [],
        "captures": edition.captures(id_),
    }
    number = query.version
    return RoomPage(
        "article.html",
        values,
        f"gdfupin show {id_}" + (f" --version {number}" if number else ""),
        f"/api/v1/articles/{id_}" + ("/versions" if number else ""),
        f"SELECT * FROM versions WHERE id = '{id_}' AND version = {number}"
        if number
        else f"SELECT * FROM articles WHERE id = '{id_}'",
        original=found["url"] if memento.mementos(_library(request), edition, found["url"]) else "",
    )


def cite(edition: Edition, request: Request) -> RoomPage:
    """Citations of a version, in the forms of `gdfupin cite`."""
    id_ = _resolved(edition, request.path_params["id"])
    query = query_of(request.query_params, VersionQuery)
    versions = edition.versions(id_)
    shown = _version(versions, query.version)
    cited = citation.citation_of_row(shown, len(versions), edition.manifest)
    forms: list[tuple[str, str]] = []
    with contextlib.suppress(NotInstalled):
        forms.append(("GB/T 7714—2015", citation.styled(cited, citation.STYLE)))
    forms += [(_FORMS[name], form(cited)) for name, form in citation.FORMATS.items()]
    command = f"gdfupin cite {id_}" + (f" --version {query.version}" if query.version else "")
    return RoomPage("cite.html", {"shown": shown, "forms": forms}, command)


_FORMS = {"plain": "", "bibtex": "BibLaTeX", "ris": "RIS", "csl-json": "CSL-JSON"}
"""What the forms are called; empty: by a phrase."""


def compared(edition: Edition, request: Request) -> RoomPage:
    """Two versions of an article, one against the other."""
    id_ = _resolved(edition, request.path_params["id"])
    query = query_of(request.query_params, CompareQuery)
    versions = edition.versions(id_)
    new = _version(versions, query.new)
    old = _version(versions, query.old or max(1, new["version"] - 1))
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
        "versions": versions,
        "view": query.view,
        "body": _paragraphs(runs(old["body"], new["body"])) if query.view == "inline" else (),
        "sides": _sides(old["body"], new["body"]) if query.view == "side" else (),
    }
    sql = f"SELECT * FROM versions WHERE id = '{id_}' AND version IN ({old['version']}, {new['version']})"
    return RoomPage("compare.html", values, f"gdfupin history {id_}", f"/api/v1/articles/{id_}/versions", sql)


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


def gone_and_edited(edition: Edition, request: Request) -> RoomPage:
    """What the site rewrote, and what it does not show any more."""
    query = query_of(request.query_params, GoneQuery)
    if is_reversed(query.since, query.until):
        raise WrongQuery(f"since is {query.since} and until is {query.until}: the first one is the later one")
    gone, edits = edition.not_live(), edition.edits
    values: dict[str, object] = {"query": query, "gone_total": len(gone), "edits_total": len(edits), "period": PERIOD}
    if query.what == "gone":
        some = [
            each
            for each in gone
            if _is_within(str(each["last_seen"]), query) and query.section in ("", each["section"])
        ]
        facets = [Facet.of("section", "section", _counted(each["section"] for each in gone))]
        shown: Sequence[object] = some[query.offset : query.offset + query.limit]
        total, command = len(some), "gdfupin articles --status gone"
    else:
        found = [each for each in edits if _has_edit(query, each)]
        facets = [
            Facet.of("section", "section", _counted(each.section for each in edits)),
            Facet.of("field", "field", _counted(name for each in edits for name in each.fields), is_phrase=True),
            Facet.of("weight", "weight", _counted(each.weight for each in edits), is_phrase=True),
        ]
        shown = [(each, *_edit(edition, each)) for each in found[query.offset : query.offset + query.limit]]
        total, command = (
            len(found),
            shlex.join(["gdfupin", "search", "--edited", *as_code.selected_section(query.section)]),
        )
    chosen = [(name, str(getattr(query, name)), name in ("field", "weight")) for name in ("section", "field", "weight", "since", "until")
              if getattr(query, name)]  # fmt: skip
    values |= {"facets": facets, "shown": shown, "total": total, "chosen": chosen}
    sql = (
        "SELECT * FROM articles WHERE status IN ('gone', 'suspected') ORDER BY last_seen DESC, id" if query.what == "gone"
        else "SELECT * FROM versions WHERE id IN (SELECT id FROM versions GROUP BY id HAVING count(*) > 1) ORDER BY id, version"
    )  # fmt: skip
    return RoomPage("gone.html", values, command, sql=sql)


def _counted(values: Iterable[object]) -> dict[str, int]:
    return dict(Counter(str(value) for value in values if value).most_common())


def _is_within(at: str, query: GoneQuery) -> bool:
    return at >= query.since and (not query.until or at[: len(query.until)] <= query.until)


def _has_edit(query: GoneQuery, edit: Edit) -> bool:
    return (
        query.section in ("", edit.section)
        and query.weight in ("", edit.weight)
        and (not query.field or query.field in edit.fields)
        and _is_within(edit.at, query)
    )


def _edit(edition: Edition, edit: Edit) -> tuple[list[tuple[str, tuple[TextRun, ...]]], list[tuple[TextRun, ...]], int]:
    """Short fields that changed, the first sentences of the body that did, and how many more."""
    old, new = (
        cast(ComparedArticle, _version(edition.versions(edit.id), number))
        for number in (edit.version - 1, edit.version)
    )
    fields = [(name, field_runs(name, field(old, name), field(new, name))) for name in edit.fields if name != "body"]
    sentences = text_edits(old["body"], new["body"]).sentences if "body" in edit.fields else ()
    return fields, [tuple(shortened(each.runs)) for each in sentences[:MOST_EDITS]], max(0, len(sentences) - MOST_EDITS)


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
    return RoomPage("reprints.html", values, "gdfupin sources", "/api/v1/reprints", "SELECT * FROM reprints")


def sections(edition: Edition, request: Request) -> RoomPage:
    """How much of the site is here, and why some of it is not."""
    query_of(request.query_params, ReaderQuery)
    archive = _library(request).archive_of(edition)
    rows, origins = edition.by_year(), edition.by_origin()
    of_year = {(row["section"] or "", str(row["year"] or "")): row["articles"] for row in rows}
    of_origin = {(row["section"] or "", str(row["origin"])): row["articles"] for row in origins}
    values = {
        "sections": edition.table("sections"),
        "years": sorted({str(row["year"]) for row in rows if row["year"]}),
        "of_year": of_year,
        "most": max((int(str(row["articles"])) for row in rows), default=1),
        "origins": sorted({str(row["origin"]) for row in origins}),
        "of_origin": of_origin,
        "completeness": archive.completeness() if archive is not None else None,
    }
    return RoomPage("sections.html", values, "gdfupin status", "/api/v1/sections", "SELECT * FROM sections")


def status(edition: Edition, request: Request) -> RoomPage:
    """For the operator: what is wrong, and what is owed."""
    query_of(request.query_params, ReaderQuery)
    archive = _library(request).archive_of(edition)
    if archive is None:
        raise NoSuchThing("status")
    values = {"status": archive.status(), "health": archive.health(), "layouts": archive.layouts()}
    return RoomPage("status.html", values, "gdfupin status")


def section(edition: Edition, request: Request) -> RoomPage:
    """The articles of one section."""
    query = query_of(request.query_params, Paged)
    name = request.path_params["name"]
    found = [each for each in edition.table("sections") if each["section"] == name]
    if not found:
        raise NoSuchThing(name)
    rows = edition.of_section(name, query.limit + 1, query.offset)
    values = {"section": found[0], "rows": rows[: query.limit], "query": query, "has_more": len(rows) > query.limit}
    asked = urlencode({"section": name, "sort": "date"})
    sql = f"SELECT * FROM articles WHERE section = {as_code.sql_text(name)} ORDER BY date DESC, id"
    command = shlex.join(["gdfupin", "search", "--section", name, "--sort", "date"])
    return RoomPage("section.html", values, command, f"/api/v1/search?{asked}", sql)


def data(edition: Edition, request: Request) -> RoomPage:
    """The files of the release."""
    query_of(request.query_params, ReaderQuery)
    return RoomPage(
        "data.html",
        {
            "manifest": edition.manifest,
            "releases": [each for each in edition.beside() if each.date <= edition.manifest.date],
            "tables": tuple(TABLES.values()),
            "loading": LOADING,
        },
        "gdfupin release --verify latest",
        "/api/v1/release",
    )


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
    archive = _library(request).archive_of(edition)
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


def _library(request: Request) -> Library:
    return cast(Library, request.app.state.library)


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


Paragraphs = list[list[TextRun]]


def _sides(old: str, new: str) -> list[tuple[Paragraphs, Paragraphs]]:
    """Rows of both texts: paragraphs of the old one, and those of the new one."""
    blocks = text_diff(old, new) or [TextBlock("same", range(1), range(1), (TextRun("same", new),))]
    return [
        (
            _paragraphs([run for run in block.runs if run.kind != "put"]) if block.old else [],
            _paragraphs([run for run in block.runs if run.kind != "cut"]) if block.new else [],
        )
        for block in blocks
    ]


def _paragraphs(some: Sequence[TextRun]) -> Paragraphs:
    """Runs of characters, by paragraph of either text."""
    found: Paragraphs = [[]]
    for run in some:
        first, *rest = run.text.split("\n")
        found[-1] += [TextRun(run.kind, first)] if first else []
        found.extend([TextRun(run.kind, text)] if text else [] for text in rest)
    return [each for each in found if each]


VIEWS: Mapping[str, View] = {
    "/": home,
    "/articles/{id:path}/compare": compared,
    "/articles/{id:path}/cite": cite,
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


STATUS = ("status-of-archive", "/status")
"""The page of the operator, which is off unless asked for."""


def template_values(page: RoomPage) -> dict[str, object]:
    """For Jinja2."""
    return {**page.values, "page": page}
