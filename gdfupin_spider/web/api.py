"""`/api/v1/`: the same as JSON. Names are those of the release's tables and of the Python API."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import msgspec
from starlette.requests import Request

from ..items import as_dict
from ..search import output_formats, trends
from .edition import Edition
from .pages import NoSuchThing, trend_of
from .parameters import Paged, ReaderQuery, SearchQuery, TrendQuery, query_of

ROOT = "/api/v1"
Answer = dict[str, object] | list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API."""

    path: str
    summary: str
    """One English sentence."""
    answer: Callable[[Edition, Request], Answer]
    query: type[ReaderQuery] = ReaderQuery
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    """By name: what it is."""


def _article(edition: Edition, request: Request) -> Answer:
    found = edition.article(_id(edition, request))
    if found is None:
        raise NoSuchThing(request.path_params["id"])
    return dict(found)


def _versions(edition: Edition, request: Request) -> Answer:
    return [dict(each) for each in edition.versions(_id(edition, request))]


def _captures(edition: Edition, request: Request) -> Answer:
    return edition.captures(_id(edition, request))


def _search(edition: Edition, request: Request) -> Answer:
    query = query_of(request.query_params, SearchQuery)
    asked = query.request(with_counts=True)
    with edition.searching() as index:
        return output_formats.encode(asked, index.search(asked))


def _trends(edition: Edition, request: Request) -> Answer:
    query = query_of(request.query_params, TrendQuery)
    found = trend_of(edition, query)
    return (
        {"queries": [], "by": query.by, "points": []}
        if found is None
        else trends.encode(found, query.by, query.reprints)
    )


def _changes(edition: Edition, request: Request) -> Answer:
    query = query_of(request.query_params, Paged)
    return edition.table("changes")[query.offset : query.offset + query.limit]


def _table(name: str) -> Callable[[Edition, Request], Answer]:
    return lambda edition, _: edition.table(name)


def _release(edition: Edition, _: Request) -> Answer:
    return as_dict(edition.manifest)


def _id(edition: Edition, request: Request) -> str:
    id_ = edition.resolve(request.path_params["id"])
    if id_ is None:
        raise NoSuchThing(request.path_params["id"])
    return id_


_OF_ARTICLE = {"id": "Any id that the article ever had."}
ENDPOINTS = (
    Endpoint("/articles/{id}", "The newest version of an article.", _article, path_parameters=_OF_ARTICLE),
    Endpoint("/articles/{id}/versions", "All versions of an article, oldest first.", _versions, path_parameters=_OF_ARTICLE),
    Endpoint("/articles/{id}/captures", "The WARC records that its versions were read from.", _captures, path_parameters=_OF_ARTICLE),
    Endpoint("/search", "Articles that have all words, with counts; as `gdfupin search --json`.", _search, SearchQuery),
    Endpoint("/trends", "Articles that have a word, by month or year.", _trends, TrendQuery),
    Endpoint("/changes", "Changes since the release before, by id.", _changes, Paged),
    Endpoint("/sections", "Every section, with its counts.", _table("sections")),
    Endpoint("/sources", "Every source as printed, with its canonical name.", _table("sources")),
    Endpoint("/reprints", "Groups of articles with nearly the same text.", _table("reprints")),
    Endpoint("/tombstones", "Articles that were withdrawn.", _table("tombstones")),
    Endpoint("/release", "The manifest of the release.", _release),
)  # fmt: skip


def require_known(edition: Edition, query: SearchQuery) -> None:
    """Raises WrongArgument for a section or source that no article has, TookTooLong."""
    with edition.searching() as index:
        index.search(replace(query.request(with_counts=False), limit=0))


def exported(edition: Edition, query: SearchQuery, form: str) -> Iterator[str]:
    """All that a search finds, line by line, as `jsonl` or `csv`: from the offset on, and without a limit."""
    request = replace(query.request(with_counts=False), limit=-1)
    if form == "csv":
        yield output_formats.csv_header()
    with edition.search_apart() as index:
        for hit in index.hits(request):
            if form == "csv":
                yield output_formats.csv_row(hit)
            else:
                yield json.dumps({**output_formats.as_record(hit), "body": hit.body}, ensure_ascii=False) + "\n"


def openapi(edition: Edition, prefix: str) -> dict[str, object]:
    """OpenAPI 3.1 of all this."""
    paths: dict[str, object] = {}
    for each in ENDPOINTS:
        parameters = [
            {"name": name, "in": "path", "required": True, "description": what, "schema": {"type": "string"}}
            for name, what in each.path_parameters.items()
        ]
        schema = msgspec.json.schema(each.query)
        for name, what in schema["$defs"][each.query.__name__]["properties"].items():
            if name != "lang":
                about = {key: what[key] for key in ("description",) if key in what}
                parameters.append({"name": name, "in": "query", "required": False, **about, "schema": what})
        responses: dict[str, object] = {
            "200": {"description": "Found.", "content": {"application/json": {"schema": {}}}},
            "304": {"description": "As before: see If-None-Match."},
        }
        for status, what in (
            (400, "The query makes no sense."),
            (404, "There is no such article."),
            (503, "It took too long."),
        ):
            responses[str(status)] = {
                "description": what,
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        paths[f"{ROOT}{each.path}"] = {
            "get": {
                "summary": each.summary,
                "operationId": each.path.strip("/").replace("/", "_").replace("{", "").replace("}", ""),
                "parameters": parameters,
                "responses": responses,
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": edition.manifest.title,
            "version": edition.name,
            "description": "Reading only; see also /data.",
        },
        "servers": [{"url": prefix or "/"}],
        "paths": paths,
    }
