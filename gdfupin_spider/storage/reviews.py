"""`output/reviews.jsonl`: what persons decided about single pages. One record a line, appended, never changed.

A decision belongs to the payload that was reviewed, not to a reading of it: it holds for every later reading of the same bytes,
and ends when the source changes. Where a field was decided several times, the newest decision counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from ..items import Proof, WrongShape, as_line, decode
from ..messages.text import N_
from ..warc import Damage, Report
from .line_file import append_whole, lines

FILE = "reviews.jsonl"
FIELDS: tuple[str, ...] = ("title", "date", "source", "author", "section", "body")
"""Fields that can be reviewed, in their order."""
PAGE = "page"
"""In place of a field: whether the page is an article."""
Verdict = Literal["accept", "correct", "reject"]


@dataclass(frozen=True, slots=True)
class Review:
    """One decision about one field of one page, or about the page."""

    id: str
    """Id of an article at the address of the page."""
    url: str
    payload_sha256: str
    """What was reviewed: see `payload_key`."""
    field: Literal["title", "date", "source", "author", "section", "body", "page"]
    decision: Verdict
    """accept: the value that was read is right; correct: `value` is right; reject (`page` only): the page is not an article."""
    value: str | None
    """The value that holds from now on; null: the page has none. Null for `page`."""
    reviewer: str
    reviewed_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC."""
    reader: str
    """The reader whose value was reviewed."""
    reviewed_value: str | None
    """The value of that reader; null where it had none."""
    capture: Proof
    """The capture that was looked at; of an article of several pages, that of the first."""
    held_back: bool = False
    """Whether the page was not an article for that reader."""
    note: str | None = None


def payload_key(digests: Sequence[str]) -> str:
    """The key of decisions: the payload digest of the page; of an article of several pages a SHA-256 over theirs.

    >>> payload_key(["ab"]), payload_key(["ab", "cd"])[:8]
    ('ab', '41b72d4b')
    """
    return digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()


def wrong_value(review: Review) -> str | None:
    """Why a decision makes no sense; None where it does."""
    if review.field == PAGE:
        return N_("a page has no value") if review.value is not None or review.decision == "correct" else None
    if review.decision == "reject":
        return N_(
            "only a page can be rejected; to say that there is no {field}, correct it to null", field=review.field
        )
    if review.field == "title" and not (review.value or "").strip():
        return N_("a title is not empty")
    if review.field == "body" and review.value is None:
        return N_("a body is text, perhaps empty")
    if review.value == "" and review.field != "body":
        return N_("{field} is null or not empty", field=review.field)
    if review.field == "date" and review.value is not None and not _is_date(review.value):
        return N_("{value!r} is not a date such as 2021-01-13", value=review.value)
    return None


def append(output: Path, reviews: Iterable[Review]) -> None:
    """Appends decisions: all in one write, forced to the disk. Raises CannotWrite; then none of them is in the file."""
    append_whole(output / FILE, map(as_line, reviews))


def load(output: Path, damage: Report | None = None) -> Iterator[tuple[int, Review]]:
    """All whole decisions of the file with their byte offsets, oldest first. Damaged lines are passed to `damage`, or logged."""
    path = output / FILE
    report = damage or (lambda found: None)
    for offset, value in lines(path, damage):
        try:
            review = decode(Review, value)
        except WrongShape as error:
            report(Damage(path, offset, N_("not a review: {error}", error=error)))
            continue
        if wrong := wrong_value(review):
            report(Damage(path, offset, wrong))
        else:
            yield offset, review


def decode_review(value: Mapping[str, object]) -> Review:
    """A decision from JSON. Raises WrongShape, also for one that makes no sense."""
    review = decode(Review, value)
    if wrong := wrong_value(review):
        raise WrongShape(wrong)
    return review


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
