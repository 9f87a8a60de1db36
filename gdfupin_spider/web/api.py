"""`/api/v1/`: the same as JSON. Names are those of the release's tables and of the Python API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request

from ..items import as_dict
from ..search import output_formats, trends
from . import schemas
from .cursors import after, cursor
from .edition import Edition
from .exports import KINDS
from .parameters import Listed, ReaderQuery, SearchPart, SearchQuery, TrendQuery, WrongQuery, query_of
from .room_page import NoSuchThing, RoomPage
from .schemas import Schema
from .search_pages import trend_of

ROOT = "/api/v1"
Answer = dict[str, object] | list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a list."""

    answer: Answer
    following: str | None = None
    """The cursor of the next part; None: this is the last one."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API."""

    path: str
    summary: str
    """One English sentence."""
    answer: Callable[[Edition, Request], Part]
    schema: Schema
    """Of the answer."""
    query: type[ReaderQuery] = ReaderQuery
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    """By name: what it is."""


def _article(edition: Edition, request: Request) -> Part:
    found = edition.article(_id(edition, request))
    if found is None:
        raise NoSuchThing(request.path_params["id"])
    return Part(dict(found))


def _versions(edition: Edition, request: Request) -> Part:
    return Part([dict(each) for each in edition.versions(_id(edition, request))])


def _captures(edition: Edition, request: Request) -> Part:
    return Part(edition.captures(_id(edition, request)))


def _search(edition: Edition, request: Request) -> Part:
    query = query_of(request.query_params, SearchPart)
    offset = _after(edition, query.cursor, query.offset)
    asked = msgspec.structs.replace(query, offset=offset).request(with_counts=True)
    with edition.searching() as index:
        result = index.search(asked)
    end = offset + len(result.hits)
    return Part(
        output_formats.encode(asked, result), cursor(edition.name, end) if end < result.total and result.hits else None
    )


def _trends(edition: Edition, request: Request) -> Part:
    query = query_of(request.query_params, TrendQuery)
    found = trend_of(edition, query)
    if found is None:
        return Part({"queries": [], "by": query.by, "reprints": query.reprints, "points": []})
    return Part(trends.encode(found, query.by, query.reprints))


def _listed(name: str) -> Callable[[Edition, Request], Part]:
    """A large table, part by part."""

    def answer(edition: Edition, request: Request) -> Part:
        query = query_of(request.query_params, Listed)
        begin = _after(edition, query.cursor, query.offset)
        rows = edition.part(name, begin, query.limit + 1)
        is_last = len(rows) <= query.limit
        return Part(list(rows[: query.limit]), None if is_last else cursor(edition.name, begin + query.limit))

    return answer


def _table(name: str) -> Callable[[Edition, Request], Part]:
    return lambda edition, _: Part(edition.table(name))


def _release(edition: Edition, _: Request) -> Part:
    return Part(as_dict(edition.manifest))


def _releases(edition: Edition, _: Request) -> Part:
    """Those beside the one that is shown; of a copy this one alone."""
    return Part(
        [
            {
                "release": each.release,
                "date": each.date,
                "records_sha256": each.records_sha256,
                "counts": dict(each.counts),
            }
            for each in edition.beside()
        ]
    )


def _after(edition: Edition, text: str, offset: int) -> int:
    """Where a part begins. Raises WrongQuery, StaleCursor."""
    if not text:
        return offset
    try:
        return after(text, edition.name)
    except ValueError as error:
        raise WrongQuery(str(error)) from None


def _id(edition: Edition, request: Request) -> str:
    id_ = edition.resolve(request.path_params["id"])
    if id_ is None:
        raise NoSuchThing(request.path_params["id"])
    return id_


_OF_ARTICLE = {"id": "Any id that the article ever had."}


def _rows(table: str) -> Schema:
    return schemas.list_of(schemas.row(table))


ENDPOINTS = (
    Endpoint("/articles", "All articles, in the order of the release.", _listed("articles"), _rows("articles"), Listed),
    Endpoint("/articles/{id}", "The newest version of an article.", _article, schemas.row("articles"), path_parameters=_OF_ARTICLE),
    Endpoint("/articles/{id}/versions", "All versions of an article, oldest first.", _versions, _rows("versions"), path_parameters=_OF_ARTICLE),
    Endpoint("/articles/{id}/captures", "The WARC records that prove an article.", _captures, _rows("captures"), path_parameters=_OF_ARTICLE),
    Endpoint("/versions", "All versions of all articles.", _listed("versions"), _rows("versions"), Listed),
    Endpoint("/captures", "The WARC records that prove all articles.", _listed("captures"), _rows("captures"), Listed),
    Endpoint("/search", "Articles that have all words, with counts; as `gdfupin search --json`.", _search, schemas.search(), SearchPart),
    Endpoint("/trends", "Articles that have a word, by month or year; as `gdfupin trend --json`.", _trends, schemas.trends(), TrendQuery),
    Endpoint("/changes", "Changes since the release before, by id.", _listed("changes"), _rows("changes"), Listed),
    Endpoint("/sections", "Every section, with its counts.", _table("sections"), _rows("sections")),
    Endpoint("/sources", "Every source as printed, with its canonical name.", _table("sources"), _rows("sources")),
    Endpoint("/reprints", "Groups of articles with nearly the same text.", _table("reprints"), _rows("reprints")),
    Endpoint("/tombstones", "Articles that were withdrawn.", _table("tombstones"), _rows("tombstones")),
    Endpoint("/release", "The manifest of the release that is shown.", _release, schemas.ANY_OBJECT),
    Endpoint("/releases", "All releases of the archive, the newest first.", _releases, schemas.releases()),
)  # fmt: skip
_PROBLEMS = {
    400: "The query makes no sense.",
    404: "There is no such article.",
    409: "The cursor is of another release: begin again.",
    429: "Too many requests of one client in a second.",
    501: "A library for this form is not installed.",
    503: "It took too long, or a new release is being made.",
}


def openapi(edition: Edition, prefix: str) -> dict[str, object]:
    """OpenAPI 3.1 of all this."""
    paths: dict[str, object] = {}
    for each in ENDPOINTS:
        parameters: list[object] = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "description": what,
                "schema": {"type": "string", "minLength": 1},
            }
            for name, what in each.path_parameters.items()
        ]
        problems = [400, 429, 503]
        problems += [404] if each.path_parameters else []
        problems += [409] if issubclass(each.query, Listed | SearchPart) else []
        name = each.path.strip("/").replace("/", "_").replace("{", "").replace("}", "")
        found = {"description": "Found.", "content": {"application/json": {"schema": each.schema}}}
        paths[f"{ROOT}{each.path}"] = _operation(
            name, each.summary, [*parameters, *_parameters(each.query)], found, problems
        )
    for form, kind in KINDS.items():
        found = {"description": "Found.", "content": {kind.partition(";")[0]: {}}}
        summary = f"All that a search finds, as {form}, from the offset on; without a limit."
        paths[f"{ROOT}/search.{form}"] = _operation(
            f"search_{form}", summary, _parameters(SearchQuery), found, [400, 429, 501, 503]
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": edition.manifest.title,
            "version": edition.name,
            "description": "Reading only; see also /data. The link `next` (RFC 8288) of a part of a list leads to the following part.",
        },
        "servers": [{"url": prefix or "/"}],
        "paths": paths,
    }


def described(edition: Edition, request: Request) -> RoomPage:
    """The same for people."""
    query_of(request.query_params, ReaderQuery)
    document = openapi(edition, request.scope.get("root_path", ""))
    return RoomPage("api.html", {"document": document}, api="/api/v1/openapi.json")


def _operation(
    name: str, summary: str, parameters: list[object], found: object, problems: list[int]
) -> dict[str, object]:
    responses: dict[str, object] = {"200": found, "304": {"description": "As before: see If-None-Match."}}
    for status in problems:
        content = {"application/json": {"schema": schemas.ERROR}}
        responses[str(status)] = {"description": _PROBLEMS[status], "content": content}
    return {"get": {"summary": summary, "operationId": name, "parameters": parameters, "responses": responses}}


def _parameters(query: type[ReaderQuery]) -> list[object]:
    schema = msgspec.json.schema(query)
    found: list[object] = []
    for name, what in schema["$defs"][query.__name__]["properties"].items():
        if name != "lang":
            about = {key: what[key] for key in ("description",) if key in what}
            found.append({"name": name, "in": "query", "required": False, **about, "schema": what})
    return found
