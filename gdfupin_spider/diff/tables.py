"""Changes as JSON Lines and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from ..terminal import cell_text, plain_json, shown
from .difference import KEYS, Difference

LENGTH = 200
"""Characters of a value in one cell."""


def jsonl(changes: Iterable[Difference]) -> Iterator[str]:
    """Lines of JSON, each with its line end."""
    for change in changes:
        yield f"{plain_json(change.as_dict())}\n"


def cells(changes: Iterable[Difference]) -> Iterator[str]:
    """CSV for Excel: a byte order mark, and no cell that is a formula."""
    yield "\ufeff" + _row(KEYS)
    for change in changes:
        pairs = "; ".join(f"{each.field}: {_short(each.before)} -> {_short(each.after)}" for each in change.values)
        values = change.as_dict() | {"fields": "; ".join(change.fields), "values": pairs}
        yield _row(["" if value is None else shown(str(value)) for value in values.values()])


def _short(value: str | None) -> str:
    return "" if value is None else value if len(value) <= LENGTH else f"{value[:LENGTH]}…"


def _row(values: Iterable[str]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow(map(cell_text, values))
    return row.getvalue()
