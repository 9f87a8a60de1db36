"""The decisions of persons that hold, and the one place where they are applied to records.

Whoever shows the record of an article, of today or of an older version, passes its line through `Decisions.applied`. A
correction is no edit of the source: the catalog is folded from what was read. Only whether a page is an article at all is
decided before the fold (`sources`, `admitted`).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..items import as_line
from ..storage.json_rows import ContentRow, digest_of
from ..storage.reviews import FIELDS, PAGE, Review, load, payload_key
from ..warc import Report


@dataclass(frozen=True, slots=True)
class Applied:
    """A record with the decisions about its payload."""

    record: dict[str, object]
    reviewed: tuple[str, ...]
    """Fields that a person accepted or corrected, in the order of FIELDS."""


class Decisions:
    """Of each payload and field the newest decision."""

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        self._by_payload: dict[str, dict[str, Review]] = {}
        for review in sorted(reviews, key=lambda review: review.reviewed_at):  # stable: of one second, the later line
            self._by_payload.setdefault(review.payload_sha256, {})[review.field] = review

    def __bool__(self) -> bool:
        return bool(self._by_payload)

    def of(self, payload: str) -> Mapping[str, Review]:
        """Decisions about a payload, by field; `page` is one of them."""
        return self._by_payload.get(payload, {})

    def all(self) -> list[Review]:
        """All decisions that hold, by address, payload and field."""
        found = [review for fields in self._by_payload.values() for review in fields.values()]
        return sorted(found, key=lambda review: (review.id, review.payload_sha256, review.field))

    @property
    def digest(self) -> str:
        """Hex SHA-256 of all decisions that hold; empty where there are none."""
        text = "\n".join(map(as_line, self.all()))
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest() if text else ""

    @property
    def rejected(self) -> frozenset[str]:
        """Payloads that are not articles."""
        return frozenset(key for key, fields in self._by_payload.items() if _page(fields) == "reject")

    @property
    def admitted(self) -> list[Mapping[str, Review]]:
        """Decisions about each payload that is an article although a reader did not read it as one."""
        return [
            fields
            for _, fields in sorted(self._by_payload.items())
            if _page(fields) == "accept" and fields[PAGE].held_back
        ]

    def applied(self, record: Mapping[str, object]) -> Applied:
        """A line of `articles.jsonl` with the decisions about its payload; its content digest is that of the result."""
        fields = self.of(key_of(record)) if self._by_payload else {}
        names = tuple(name for name in FIELDS if name in fields)
        values: dict[str, object] = {name: fields[name].value for name in names}
        changed: dict[str, object] = {**record, **values}
        if any(record.get(name) != value for name, value in values.items()):
            changed["content_sha256"] = digest_of(cast(ContentRow, changed))
        return Applied(changed, names)


def decisions_of(output: Path, damage: Report | None = None) -> Decisions:
    """The decisions in `output/reviews.jsonl`. Damaged lines are passed to `damage`, or left out."""
    return Decisions(review for _, review in load(output, damage or (lambda found: None)))


def key_of(record: Mapping[str, object]) -> str:
    """The key of decisions about a line of `articles.jsonl`; empty where it has no captures."""
    captures = cast(Sequence[Mapping[str, str]], record.get("captures") or ())
    return payload_key([capture["payload_sha256"] for capture in captures]) if captures else ""


def _page(fields: Mapping[str, Review]) -> str | None:
    return fields[PAGE].decision if PAGE in fields else None
