"""Changes as tables, JSON Lines and CSV: with the old and new text of each field, and the captures that prove both sides."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from ..catalog.rereads import FIELDS_READ, FieldValues, values_between
from ..items import as_dict
from ..storage.json_rows import ContentRow
from ..storage.proven_capture import ProvenCapture
from ..terminal import cell_text, plain_json, shown
from .difference import KEYS, Difference
from .proofs import ChangeProofs

TABLE_KEYS = (*KEYS, "date", "source", "proof_before", "proof_after")
"""Keys of a line."""
PROOF_KEYS = ("captured_at", "url", "status", "warc", "offset", "payload_sha256")
"""Keys of `proof_before` and `proof_after`."""
PROOF_COLUMNS = tuple(f"{side}_{key}" for side in ("proof_before", "proof_after") for key in PROOF_KEYS)
LENGTH = 200
"""Characters of a value in the column `values`."""
CELL = 32_000
"""Characters of a text in one cell; a spreadsheet takes 32,767."""
CUT = "… (cut; --format jsonl has all)"


def jsonl(changes: Iterable[Difference], proofs: ChangeProofs) -> Iterator[str]:
    """Lines of JSON, each with its line end."""
    for change in changes:
        before, after = (_proof(capture) for capture in proofs.of(change))
        yield f"{plain_json({**_facts(change), 'proof_before': before, 'proof_after': after})}\n"


def row(change: Difference, proofs: ChangeProofs) -> dict[str, object]:
    """A row of a table: the keys of a line, both proofs as a column for each of their keys (`proof_before_status`)."""
    return {**_facts(change), **dict.fromkeys(PROOF_COLUMNS), **_proof_cells(change, proofs)}


def unread_proofs(row: Mapping[str, object]) -> int:
    """How many sides of a row have a capture whose WARC file could not be read."""
    sides = ("proof_before", "proof_after")
    return sum(row[f"{side}_captured_at"] is not None and row[f"{side}_url"] is None for side in sides)


def cells(changes: Iterable[Difference], proofs: ChangeProofs) -> Iterator[str]:
    """CSV for Excel: a byte order mark, and no cell that is a formula.

    Columns are the keys of a change, `old_` and `new_` of each field, and both captures, a column for each of their keys.
    """
    columns = [*KEYS, "date", "source", *(f"{side}_{_column(name)}" for name in FIELDS_READ for side in ("old", "new"))]
    columns += PROOF_COLUMNS
    yield "\ufeff" + _row(columns)
    for change in changes:
        values = values_of(change)
        pairs = "; ".join(f"{each.field}: {_short(each.before)} -> {_short(each.after)}" for each in change.values)
        cell = change.as_dict() | {"fields": "; ".join(change.fields), "values": pairs} | _printed(change)
        for each in values:
            cell |= {f"old_{_column(each.field)}": _cut(each.before), f"new_{_column(each.field)}": _cut(each.after)}
        cell |= _proof_cells(change, proofs)
        yield _row(["" if (value := cell.get(name)) is None else shown(str(value)) for name in columns])


def values_of(change: Difference) -> tuple[FieldValues, ...]:
    """Each field that the change is about, before and after; of a new article all that it has, of one that is gone all that it had."""
    old, new = (cast(ContentRow | None, record) for record in (change.old, change.new))
    match change.kind:
        case "reread":
            return change.values
        case "added" | "reappeared":
            return values_between(None, new) if new else ()
        case "gone":
            return values_between(old, None) if old else ()
    if old is None or new is None:
        return ()
    names = ("section",) if change.kind == "moved" else change.fields
    return tuple(each for each in values_between(old, new) if each.field in names)


def _facts(change: Difference) -> dict[str, object]:
    """The keys of a line but the proofs."""
    return {**change.as_dict(), "values": [as_dict(each) for each in values_of(change)], **_printed(change)}


def _proof_cells(change: Difference, proofs: ChangeProofs) -> dict[str, object]:
    """Both proofs by column; a side without one is left out."""
    sides = zip(("proof_before", "proof_after"), proofs.of(change), strict=True)
    return {f"{side}_{key}": value for side, capture in sides for key, value in (_proof(capture) or {}).items()}


def _printed(change: Difference) -> dict[str, object]:
    article = change.newest
    return {"date": article["date"] if article else None, "source": article["source"] if article else None}


def _proof(capture: ProvenCapture | None) -> dict[str, object] | None:
    return {key: getattr(capture, key) for key in PROOF_KEYS} if capture is not None else None


def _column(field: str) -> str:
    return field.replace(" ", "_")


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= CELL else text[:CELL] + CUT


def _short(value: str | None) -> str:
    return "" if value is None else value if len(value) <= LENGTH else f"{value[:LENGTH]}…"


def _row(values: Iterable[str]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow(map(cell_text, values))
    return row.getvalue()
