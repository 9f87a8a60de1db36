"""JSON Schemas of the answers of the API, made from the descriptions of tables and columns."""

from collections.abc import Mapping, Sequence
from typing import get_type_hints

from ..releases.dictionary import Field
from ..releases.released_tables import TABLES
from ..search import HitCounts
from ..search.output_formats import COLUMNS

Schema = dict[str, object]
_TYPES: Mapping[str, Schema] = {
    "string": {"type": "string"},
    "date": {"type": "string"},
    "time": {"type": "string", "format": "date-time"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "strings": {"type": "array", "items": {"type": "string"}},
}
_NUMBERS: Schema = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
_STRING: Schema = {"type": "string"}
_INTEGER: Schema = {"type": "integer", "minimum": 0}
ANY_OBJECT: Schema = {"type": "object"}
ERROR: Schema = {
    "type": "object",
    "properties": {"error": _STRING},
    "required": ["error"],
    "additionalProperties": False,
}


def record(properties: Mapping[str, Schema]) -> Schema:
    """An object that has all of these and nothing else."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def row(table: str) -> Schema:
    """A row of a table of a release."""
    return _record(TABLES[table].fields)


def _record(fields: Sequence[Field]) -> Schema:
    return record({field.name: {**_field(field), "description": field.meaning} for field in fields})


def _field(field: Field) -> Schema:
    schema = list_of(_record(field.parts)) if field.type == "structs" else _TYPES[field.type]
    return nullable(schema) if field.nullable else schema


def search() -> Schema:
    """What `gdfupin search --json` prints."""
    marks = list_of({"type": "array", "items": _INTEGER, "minItems": 2, "maxItems": 2})
    columns: dict[str, Schema] = {
        name: nullable(_STRING) if name in ("date", "source", "author", "section") else _STRING
        for name in COLUMNS
        if name not in ("version", "body")
    }
    hit = record({**columns, "version": {"type": "integer", "minimum": 1}, "marks": marks, "title_marks": marks})
    counts = record({name: _INTEGER if kind is int else _NUMBERS for name, kind in get_type_hints(HitCounts).items()})
    return record(
        {
            "query": _STRING, "total": _INTEGER, "offset": _INTEGER, "sort": {"enum": ["relevance", "date"]}, "hits": list_of(hit),
            "counts": nullable(counts), "not_held": _NUMBERS, "not_held_undated": _INTEGER, "lost_versions": _INTEGER,
        }
    )  # fmt: skip


def trends() -> Schema:
    """What `gdfupin trend --json` prints."""
    share = nullable({"type": "number", "minimum": 0, "maximum": 1})
    point = record(
        {
            "period": nullable(_STRING),
            "articles": _INTEGER,
            "counts": list_of(_INTEGER),
            "shares": list_of(share),
            "not_held": _INTEGER,
            "is_gap": {"type": "boolean"},
        }
    )
    return record(
        {
            "queries": list_of(_STRING), "by": {"enum": ["month", "year"]}, "reprints": {"enum": ["all", "once"]}, "points": list_of(point),
        }
    )  # fmt: skip


def releases() -> Schema:
    return list_of(record({"release": _STRING, "date": _STRING, "records_sha256": _STRING, "counts": _NUMBERS}))
