"""The pages for people: from a request to a template and its values. Each page is also named as the command that gives the same.

Those of one article are in `version_pages`, those that are asked for something in `search_pages`.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from urllib.parse import urlencode

from starlette.requests import Request

from ..catalog.changes import FIELDS
from ..diff.difference import ComparedArticle
from ..diff.edits import field, field_runs, shortened, text_edits
from ..diff.text_diff import TextRun
from ..errors import NoSuchCrawl
from ..releases.cards.readme import LOADING
from ..releases.edit_table import Edit
from ..releases.released_tables import TABLES
from ..search.selection import PERIOD
from . import as_code
from .archive_side import Activity, CalendarDay
from .edition import Edition, short
from .facets import Facet
from .parameters import GoneQuery, HomeQuery, Paged, ReaderQuery, need_order, query_of
from .room_page import MOST_LISTED, NoSuchThing, RoomPage, View, library_of, version_of
from .search_pages import lookup, search, trend
from .shown_changes import MOST_EDITS, MOST_READ, by_kind, difference_of
from .version_pages import article, cite, compared

NEWEST = 20


def home(edition: Edition, request: Request) -> RoomPage:
    """What is new, and who looked."""
    query = query_of(request.query_params, HomeQuery)
    archive = library_of(request).archive_of(edition)
    activity: Activity | None = None
    calendar: Sequence[CalendarDay] = ()
    command = "gdfupin diff"
    if archive is not None:
        try:
            activity, calendar = archive.activity(query.since, query.crawl), archive.calendar()
        except NoSuchCrawl:
            raise NoSuchThing(query.crawl) from None
        changes, has_more = by_kind(activity.changes), activity.has_more
        command = shlex.join(["gdfupin", "diff", activity.since])
    else:
        rows, more_rows = short(edition.table("changes", MOST_READ + 1), MOST_READ)
        changes, has_more = by_kind(map(difference_of, rows)), bool(more_rows)
        if edition.manifest.previous is not None:
            command = shlex.join(["gdfupin", "diff", edition.manifest.previous.name, edition.name])
    ids = [each.id for kind in changes for shown in (*kind.changes, *kind.cosmetic) for each in (shown, *shown.others)]
    values = {
        "newest": edition.newest(NEWEST),
        "sections": edition.table("sections"),
        "activity": activity,
        "calendar": calendar,
        "query": query,
        "kinds": changes,
        "has_more": has_more,
        "released": edition.held(ids),
        "most": MOST_LISTED,
        "known_fields": FIELDS,
        "counts": edition.manifest.counts,
    }
    if archive is not None and activity is not None:
        python = f"from gdfupin_spider import open_archive; list(open_archive('output').changes({activity.since!r}))"
        return RoomPage("home.html", values, command, python=python)
    return RoomPage("home.html", values, command, "/api/v1/changes", "SELECT * FROM changes ORDER BY id, kind")


def gone_and_edited(edition: Edition, request: Request) -> RoomPage:
    """What the site rewrote, and what it does not show any more."""
    query = query_of(request.query_params, GoneQuery)
    need_order(query.since, query.until)
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
        cast(ComparedArticle, version_of(edition.versions(edit.id), number))
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
    archive = library_of(request).archive_of(edition)
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
    archive = library_of(request).archive_of(edition)
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
