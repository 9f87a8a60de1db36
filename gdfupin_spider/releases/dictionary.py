"""Descriptions of the fields of records, made of their types and docstrings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from ..items import field_docs


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record, for people and for schemas."""

    name: str
    type: str
    """`string`, `date`, `time` (UTC), `integer`, `boolean`, `strings` (a list of them), `structs` (a list of records)."""
    nullable: bool
    meaning: str
    """Its docstring."""
    parts: tuple["Field", ...] = ()
    """Of `structs`: the fields of each."""
    meaning_zh: str = ""
    """In Chinese; see `chinese_meanings`."""


_DATES = frozenset({"date", "first_date", "last_date"})
_TIMES = frozenset(
    {
        "captured_at",
        "first_seen",
        "last_seen",
        "seen_before",
        "seen_after",
        "missing_since",
        "reviewed_at",
        "walked_at",
    }
)


@cache
def dictionary(record: type) -> tuple[Field, ...]:
    """The fields of a record in order, with the docstrings under them.

    >>> from .records import Released, ReleasedSection
    >>> [field.type for field in dictionary(Released) if field.name in ("date", "breadcrumb", "images", "version")]
    ['date', 'strings', 'structs', 'integer']
    >>> [field.type for field in dictionary(ReleasedSection) if field.name == "printed_total"]
    ['integer']
    """
    docs = field_docs(record)
    hints = get_type_hints(record)
    return tuple(_field(each.name, hints[each.name], docs[each.name]) for each in fields_of(record))


def prefixed(fields: tuple[Field, ...], prefix: str) -> Iterator[Field]:
    """The same fields with longer names."""
    return (replace(field, name=f"{prefix}{field.name}") for field in fields)


def _field(name: str, hint: Any, meaning: str) -> Field:
    nullable = NoneType in get_args(hint)
    if get_origin(hint) is tuple:
        part = get_args(hint)[0]
        if part is str:
            return Field(name, "strings", nullable, meaning)
        return Field(name, "structs", nullable, meaning, dictionary(part))
    if bool in (hint, *get_args(hint)):
        return Field(name, "boolean", nullable, meaning)
    if int in (hint, *get_args(hint)):
        return Field(name, "integer", nullable, meaning)
    kind = "date" if name in _DATES else "time" if name in _TIMES else "string"
    return Field(name, kind, nullable, meaning)
