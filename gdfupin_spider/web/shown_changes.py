"""Changes as pages show them: what was cut and put, in context; the same edit of many pages and a redesign as one item."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ..catalog.rereads import FieldValues
from ..diff.difference import KINDS, ComparedArticle, Difference, DifferenceKind, Weight
from ..diff.edits import beginning, field, field_runs, shortened, text_edits
from ..diff.grouping import ChangeGroup, arranged
from ..diff.text_diff import TextRun
from .edition import Row

MOST_EDITS = 3
"""Sentences of one change that are shown; its page has all."""
MOST_READ = 2_000
"""Changes of a window that are read; more are counted as `more`."""
_ORDER: Sequence[DifferenceKind] = ("gone", "edited", "reappeared", "added", "moved", "reread")
"""In which kinds stand on a page: what was lost comes first."""


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One change."""

    id: str
    kind: DifferenceKind
    title: str
    section: str | None
    section_before: str | None
    seen_at: str
    """UTC; empty where it is not known."""
    weight: Weight | None
    fields: tuple[tuple[str, tuple[TextRun, ...]], ...]
    """Name and runs of each short field that changed."""
    edits: tuple[tuple[TextRun, ...], ...]
    """Sentences of the body that changed, those with numbers and names first."""
    more_edits: int
    """Sentences that are not shown."""
    text: str
    """Of an article that came or went: its beginning."""
    evidence: str
    others: tuple["ShownChange", ...] = ()
    """Of the same edit on several pages, or of many moves: the other ones."""


@dataclass(frozen=True, slots=True)
class ShownKind:
    """All changes of a kind."""

    kind: DifferenceKind
    count: int
    changes: tuple[ShownChange, ...]
    """By section; without those of `cosmetic`."""
    cosmetic: tuple[ShownChange, ...]
    """Edits of white space, width or punctuation alone."""


def by_kind(changes: Iterable[Difference]) -> tuple[ShownKind, ...]:
    """What gone, edited, new and moved articles there are. Better readings of the same captures are no news."""
    some = [change for change in changes if change.kind != "reread"]
    items = [_shown_group(each) if isinstance(each, ChangeGroup) else _shown(each) for each in arranged(some)]
    kinds: list[ShownKind] = []
    for kind in _ORDER:
        of_kind = [each for each in items if each.kind == kind]
        if of_kind:
            count = sum(1 + len(each.others) for each in of_kind)
            cosmetic = tuple(each for each in of_kind if each.weight == "cosmetic")
            kinds.append(ShownKind(kind, count, tuple(each for each in of_kind if each.weight != "cosmetic"), cosmetic))
    return tuple(kinds)


def difference_of(row: Row) -> Difference:
    """A row of the table `changes` of a release, as the change that it was made of. It has the fields that changed alone."""
    values = tuple(
        FieldValues(str(each["field"]), *(cast(str | None, each[side]) for side in ("before", "after")))
        for each in cast(list[Mapping[str, object]], row["values"])
    )
    kind = cast(DifferenceKind, row["kind"])
    old = _record(row, {each.field: each.before for each in values}) if kind not in ("added", "reappeared") else None
    new = _record(row, {each.field: each.after for each in values}) if kind != "gone" else None
    names = {name: row[name] for name in _PLAIN}
    fields = tuple(cast(list[str], row["fields"]))
    return Difference(kind=kind, fields=fields, values=values, old=old, new=new, **names)  # type: ignore[arg-type]


_PLAIN = (
    "id", "url", "title", "section", "before", "after", "seen_before", "seen_after", "url_before", "section_before", "missing_since",
    "weight", "evidence", "reader_before", "reader_after",
)  # fmt: skip


def _record(row: Row, values: Mapping[str, str | None]) -> ComparedArticle:
    captions = (values.get("captions") or "").split("\n") if values.get("captions") else []
    names = (values.get("attachment names") or "").split("\n") if values.get("attachment names") else []
    return {
        "id": str(row["id"]),
        "url": str(row["url"]),
        "title": values.get("title") or str(row["title"]),
        "date": values.get("date") or cast(str | None, row["date"]),
        "source": values.get("source"),
        "author": values.get("author"),
        "section": values.get("section"),
        "body": values.get("body") or "",
        "images": [{"url": "", "caption": each} for each in captions],
        "attachments": [{"url": "", "name": each} for each in names],
        "content_sha256": "",
        "captured_at": "",
    }


def _shown_group(group: ChangeGroup) -> ShownChange:
    first, *others = (_shown(each) for each in group.changes)
    return ShownChange(
        first.id, first.kind, first.title, first.section, first.section_before, first.seen_at, first.weight, first.fields,
        first.edits, first.more_edits, first.text, first.evidence, tuple(others),
    )  # fmt: skip


def _shown(change: Difference) -> ShownChange:
    newest = change.newest
    fields: list[tuple[str, tuple[TextRun, ...]]] = []
    edits: list[tuple[TextRun, ...]] = []
    text = ""
    if change.kind == "edited" and change.old is not None and change.new is not None:
        fields = list(_fields(change, change.old, change.new))
        if "body" in change.fields:
            found = text_edits(change.old["body"], change.new["body"]).sentences
            edits = [tuple(shortened(each.runs)) for each in found]
    elif newest is not None and change.kind != "moved":
        text = beginning(newest["body"])
    return ShownChange(
        change.id, change.kind, change.title, change.section, change.section_before, change.seen_after or change.seen_before or "",
        change.weight, tuple(fields), tuple(edits[:MOST_EDITS]), max(0, len(edits) - MOST_EDITS), text, change.evidence,
    )  # fmt: skip


def _fields(
    change: Difference, old: ComparedArticle, new: ComparedArticle
) -> Iterator[tuple[str, tuple[TextRun, ...]]]:
    for name in change.fields:
        if name != "body":
            yield name, field_runs(name, field(old, name), field(new, name))


assert set(_ORDER) == set(KINDS)
