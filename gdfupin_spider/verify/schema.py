"""Whether a line is a record of its kind: the fields of its dataclass, of their types. More fields are no harm."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from ..items import Article, Issue, Media, PageSeen, Proof, Sighting, digest_of_line

RECORDS: dict[str, type] = {
    "articles": Article,
    "sightings": Sighting,
    "pages": PageSeen,
    "media": Media,
    "issues": Issue,
}


def misshapen(record: Mapping[str, Any], kind: str) -> str | None:
    """What is wrong with a line as one of its kind, None where nothing is.

    >>> misshapen({"level": "note", "what": 7, "url": "http://g.cn/", "evidence": ""}, "issues")
    'what is 7'
    >>> misshapen({"level": "note", "what": "odd", "url": "http://g.cn/"}, "issues")
    'it has no evidence'
    """
    if wrong := _wrong(record, RECORDS[kind]):
        return wrong
    if kind == "articles" and record["content_sha256"] != _digest_of(record):
        return "its content_sha256 is not that of its content"
    return None


def proofs(record: Mapping[str, Any], kind: str) -> list[Proof]:
    """The captures that a well-shaped line refers to."""
    said = record["captures"] if kind == "articles" else [record.get("capture")]
    return [Proof(one["warc"], one["offset"], one["payload_sha256"]) for one in said if one is not None]


def _digest_of(line: Mapping[str, Any]) -> str:
    try:
        return digest_of_line(line)
    except UnicodeEncodeError:  # a lone surrogate: such an article has no digest that anybody could make again
        return str(line["content_sha256"])


def _wrong(value: Mapping[str, Any], record: type) -> str | None:
    for name, hint, needed in _fields(record):
        if name not in value:
            if needed:
                return f"it has no {name}"
        elif not _fits(value[name], hint):
            return f"{name} is {value[name]!r:.80}"
    return None


@cache
def _fields(record: type) -> tuple[tuple[str, Any, bool], ...]:
    hints = get_type_hints(record)
    return tuple(
        (field.name, hints[field.name], field.default is MISSING and field.default_factory is MISSING)
        for field in fields(record)
    )


def _fits(value: Any, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin is Literal:
        return isinstance(value, str) and value in get_args(hint)
    if origin in (Union, types.UnionType):
        return any(_fits(value, one) for one in get_args(hint))
    if origin is tuple:
        return isinstance(value, list) and all(_fits(one, get_args(hint)[0]) for one in value)
    if is_dataclass(hint):
        return isinstance(value, dict) and _wrong(value, hint if isinstance(hint, type) else type(hint)) is None
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)
