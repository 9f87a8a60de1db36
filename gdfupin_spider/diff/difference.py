"""One thing that changed about one article, with what it said before and after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from ..catalog.changes import FIELDS
from ..catalog.history_types import EventKind

Record = Mapping[str, Any]
"""An article as its line of `articles.jsonl` says it, or as a release does, which adds some fields."""
Weight = Literal["substantive", "cosmetic"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change; an article that was edited and moved at once has two."""

    kind: EventKind
    """added, edited, moved, gone, reappeared"""
    id: str
    """The article's id: after, or before where it is gone."""
    url: str
    """Where it is after; where it was, if it is gone."""
    title: str
    """After."""
    section: str | None
    """After."""
    fields: tuple[str, ...]
    """Of edited: which of title, date, source, author, body, captions, attachment names."""
    before: str | None
    """Content digest before."""
    after: str | None
    """Content digest after."""
    seen_before: str | None
    """A look at the state before, the last one that is known."""
    seen_after: str | None
    """A look that found the state after; null where two files were compared that do not say when."""
    url_before: str | None
    """Of moved."""
    section_before: str | None
    """Of moved."""
    missing_since: str | None
    """Of gone: the first look that found nothing; null where it is not known."""
    weight: Weight | None
    """Of edited: cosmetic where only white space, width or punctuation changed, else substantive."""
    evidence: str
    """What was seen, in words, and never more than that."""
    old: Record | None = field(default=None, repr=False, compare=False)
    """What it said before; None where it was added."""
    new: Record | None = field(default=None, repr=False, compare=False)
    """What it says after; None where it is gone."""

    def as_dict(self) -> dict[str, Any]:
        """The change without what the article said, keys in the order of the fields."""
        return {name: list(value) if isinstance(value := getattr(self, name), tuple) else value for name in KEYS}

    def line(self) -> str:
        """One line of JSON without a line end."""
        return json.dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))


KEYS = tuple(each.name for each in fields(Difference) if each.name not in ("old", "new"))


def content_fields(record: Record) -> tuple[Any, ...]:
    """What an article says, the section left out; in the order of FIELDS."""
    return (
        record["title"], record["date"], record["source"], record["author"], record["body"],
        tuple(image["caption"] for image in record["images"]), tuple(file["name"] for file in record["attachments"]),
    )  # fmt: skip


def edited(old: Record, new: Record) -> tuple[str, ...]:
    """Names of the fields that do not say the same."""
    return tuple(name for name, a, b in zip(FIELDS, content_fields(old), content_fields(new), strict=True) if a != b)
