"""Changes as JSON Lines and as CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from ..terminal import cell_text, plain_json, shown
from .difference import KEYS, Difference


def jsonl(changes: Iterable[Difference]) -> Iterator[str]:
    """Lines of JSON, each with its line end."""
    for change in changes:
        yield f"{plain_json(change.as_dict())}\n"


def cells(changes: Iterable[Difference]) -> Iterator[str]:
    """CSV for Excel: a byte order mark, and no cell that is a formula."""
    yield "\ufeff" + _row(KEYS)
    for change in changes:
        values = change.as_dict() | {"fields": "; ".join(change.fields)}
        yield _row(["" if value is None else shown(str(value)) for value in values.values()])


def _row(values: Iterable[str]) -> str:
    row = io.StringIO()
    csv.writer(row).writerow(map(cell_text, values))
    return row.getvalue()
