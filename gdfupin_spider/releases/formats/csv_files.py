"""CSV: for Excel and its like (`articles.csv`), and plain (`captures.csv.gz` and other tables).

Cells that a spreadsheet might run as a formula get a `'` in front (`terminal.cell_text`). A cell of Excel holds no more than
CELL characters; longer text is cut. So `articles.csv` is for people, not for programs.
"""

import csv
import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

from ... import data_files
from ...errors import ArchiveError
from ...messages.text import N_
from ...terminal import cell_text
from ..dictionary import Field
from .jsonl import LEVEL

CELL = 32_767
"""Most characters of a cell of Excel, in UTF-16 units."""
BODY_CUT = "body_cut"


class SpreadsheetWriter:
    """Writes `articles.csv`: a byte order mark, lists in one cell, formulas guarded, `body_cut` after the body."""

    def __init__(self, path: Path, fields: Sequence[Field]) -> None:
        self.path, self._fields = path, fields
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file)
        self._csv.writerow(columns(fields))
        self.rows = 0

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        self._csv.writerows(self._row(record) for record in records)
        self.rows += len(records)

    def close(self) -> None:
        self._file.close()

    abandon = close

    def _row(self, record: Mapping[str, object]) -> Iterable[str]:
        for field in self._fields:
            guarded = cell_text(as_text(field, record[field.name]))
            shown = cut(guarded)
            yield shown
            if field.name == "body":
                yield "1" if shown != guarded else "0"


class CsvWriter:
    """Writes a gzipped CSV of records without lists, for programs: no mark, no guard."""

    def __init__(self, path: Path, fields: Sequence[Field]) -> None:
        self.path, self._fields = path, fields
        self._raw = path.open("wb")
        self._zip = gzip.GzipFile("", "wb", LEVEL, self._raw, mtime=0)
        self._write([[field.name for field in fields]])
        self.rows = 0

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        self._write(cells(self._fields, record) for record in records)
        self.rows += len(records)

    def close(self) -> None:
        try:
            self._zip.close()
        finally:
            self._raw.close()

    abandon = close

    def _write(self, rows: Iterable[Sequence[object]]) -> None:
        text = StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._zip.write(text.getvalue().encode())


def cells(fields: Sequence[Field], record: Mapping[str, object]) -> list[str]:
    """The cells of a row of texts, numbers and truth values; null is empty.

    >>> cells([Field("name", "string", True, ""), Field("in_title", "boolean", False, "")], {"name": None, "in_title": True})
    ['', 'true']
    """
    return [as_text(field, record[field.name]) for field in fields]


def read_csv(path: Path, fields: Sequence[Field]) -> Iterator[list[str]]:
    """The cells of each row. Raises ArchiveError if the file is damaged or missing or has other columns."""
    csv.field_size_limit(sys.maxsize)
    try:
        with data_files.unpacked(path) as file, TextIOWrapper(file, "utf-8", newline="") as text:
            rows = csv.reader(text)
            if next(rows, None) != [field.name for field in fields]:
                raise ArchiveError(path, N_("has other columns"))
            yield from rows
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
        raise ArchiveError(path, N_("cannot be read: {error}", error=error)) from error


def columns(fields: Sequence[Field]) -> list[str]:
    """The header of `articles.csv`."""
    return [name for field in fields for name in ((field.name, BODY_CUT) if field.name == "body" else (field.name,))]


def as_text(field: Field, value: Any) -> str:
    """A value in one cell: steps of a breadcrumb by ` > `, texts of another list by `; `, records of a list a line each,
    their values by a space.

    >>> as_text(Field("breadcrumb", "strings", False, ""), ["扶贫前沿", "扶贫要闻"])
    '扶贫前沿 > 扶贫要闻'
    >>> as_text(Field("sections", "strings", False, ""), ["扶贫要闻", "部门动态"])
    '扶贫要闻; 部门动态'
    """
    if value is None:
        return ""
    if field.type in ("string", "date", "time"):
        return value  # type: ignore[no-any-return]
    if field.type == "boolean":
        return "true" if value else "false"
    if field.type == "strings":
        return (" > " if field.name == "breadcrumb" else "; ").join(value)
    if field.type == "structs":
        return "\n".join(
            " ".join(filter(None, (as_text(each, part[each.name]) for each in field.parts))) for part in value
        )
    return str(value)


def cell(text: str) -> str:
    """The text of a cell: guarded, and cut to CELL characters.

    >>> cell("=1+1"), cell("扶贫"), len(cell("-" * 40_000))
    ("'=1+1", '扶贫', 32767)
    """
    return cut(cell_text(text))


def cut(guarded: str) -> str:
    """The text cut to CELL characters."""
    if len(guarded) <= CELL // 2:
        return guarded
    units = guarded.encode("utf-16-le", "surrogatepass")
    return guarded if len(units) <= 2 * CELL else units[: 2 * CELL].decode("utf-16-le", "ignore")
