"""One change of one article, with its records before and after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal, NotRequired, TypedDict

from ..catalog.changes import FIELDS
from ..catalog.history_types import EventKind
from ..catalog.rereads import FieldValues
from ..items import as_dict
from ..storage.json_rows import AttachmentRow, ImageRow, ProofRow


class ComparedArticle(TypedDict):
    """An article of a set, with the fields that are compared or shown.

    A dictionary, as 100,000 of them are compared. `article_check.record_of` makes it of a row of a file.
    """

    id: str
    url: str
    title: str
    date: str | None
    source: str | None
    author: str | None
    section: str | None
    body: str
    images: Sequence[ImageRow]
    attachments: Sequence[AttachmentRow]
    content_sha256: str
    captured_at: str
    version: NotRequired[int]
    first_seen: NotRequired[str]
    last_seen: NotRequired[str]
    status: NotRequired[str]
    origin: NotRequired[str]
    reader: NotRequired[str]
    captures: NotRequired[Sequence[ProofRow]]
    reviewed: NotRequired[Sequence[str]]
    aliases: NotRequired[Sequence[Mapping[str, str] | str]]
    """Of articles in memory only; files give aliases by themselves."""


DifferenceKind = EventKind | Literal["reread"]
KINDS: tuple[DifferenceKind, ...] = ("added", "edited", "moved", "gone", "reappeared", "reread")
"""In the order in which they are shown."""
Weight = Literal["substantive", "cosmetic"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. An article that was edited and moved has two."""

    kind: DifferenceKind
    """added, edited, moved, gone, reappeared, reread"""
    id: str
    """Id of the article after the change; of `gone`, before it."""
    url: str
    """Address after the change; of `gone`, the last one."""
    title: str
    """After."""
    section: str | None
    """After."""
    fields: tuple[str, ...]
    """Of `edited` and `reread`: changed fields, of title, date, source, author, body, captions, attachment names; of `reread`
    also section."""
    before: str | None
    """Content digest before."""
    after: str | None
    """Content digest after."""
    seen_before: str | None
    """The last known observation of the old state."""
    seen_after: str | None
    """An observation of the new state; null if two files were compared that do not record it."""
    url_before: str | None
    """Of moved."""
    section_before: str | None
    """Of moved."""
    missing_since: str | None
    """Of `gone`: the first observation that did not find it at its place; null if unknown."""
    weight: Weight | None
    """Of `edited`: cosmetic if only white space, width or punctuation changed, else substantive."""
    evidence: str
    """What was observed, as a sentence."""
    reader_before: str | None = None
    """Of `reread`: the reader before."""
    reader_after: str | None = None
    """Of `reread`: the reader after."""
    values: tuple[FieldValues, ...] = ()
    """Each field that the change is about, before and after; of a new article all that it has, of one that is gone all that it
    had. Tables have it (`tables.values_of`); in `changes.jsonl` of a crawl it is empty but for `reread`."""
    old: ComparedArticle | None = field(default=None, repr=False, compare=False)
    """The record before; None if the article was added."""
    new: ComparedArticle | None = field(default=None, repr=False, compare=False)
    """The record after; None if the article is gone."""

    @property
    def newest(self) -> ComparedArticle | None:
        """The record after the change, else the one before; None if neither was kept."""
        return self.new or self.old

    def as_dict(self) -> dict[str, object]:
        """The change without the records, keys in the order of the fields."""
        return {name: value for name, value in as_dict(replace(self, old=None, new=None)).items() if name in KEYS}

    def line(self) -> str:
        """One line of JSON without a line end."""
        return json.dumps(self.as_dict(), ensure_ascii=False, separators=(",", ":"))


KEYS = tuple(each.name for each in fields(Difference) if each.name not in ("old", "new"))


def content_fields(record: ComparedArticle) -> tuple[object, ...]:
    """The content of an article without the section, in the order of FIELDS."""
    return (
        record["title"], record["date"], record["source"], record["author"], record["body"],
        tuple(image["caption"] for image in record["images"]), tuple(file["name"] for file in record["attachments"]),
    )  # fmt: skip


def edited(old: ComparedArticle, new: ComparedArticle) -> tuple[str, ...]:
    """Names of the fields that differ."""
    return tuple(name for name, a, b in zip(FIELDS, content_fields(old), content_fields(new), strict=True) if a != b)
