"""Whether the formats of a release have the same records: each is read back and compared with the canonical text of its table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ArchiveError, NotInstalled
from . import contents
from .formats import cells, compact, read_csv, read_lines, read_parquet, read_sqlite
from .released_tables import TABLES, ReleasedTable


@dataclass(slots=True)
class Copy:
    """A table as another format has it, and how that differs from its text."""

    file: str
    table: ReleasedTable
    records: Iterator[Mapping[str, object]]
    difference: str | None = None
    """The first one, as a sentence."""
    missing: str | None = None
    """Why it could not be read: a library is missing."""
    _rows: int = field(default=0, init=False)

    def compare(self, line: str | None) -> None:
        """Reads the next record and compares it with a line, None: the end. Reads nothing after a difference."""
        if self.difference or self.missing:
            return
        self._rows += 1
        try:
            record = next(self.records, None)
        except ArchiveError as error:
            self.difference = str(error)
            return
        except NotInstalled as error:
            self.missing = str(error)
            return
        if record is None:
            self.difference = f"it ends before record {self._rows:,}" if line is not None else None
        elif line is None:
            self.difference = f"it has more than the {self._rows - 1:,} records there are"
        elif (read_back := as_line(self.table, record)) != line:
            at = next(
                (n for n, (a, b) in enumerate(zip(line, read_back, strict=False)) if a != b),
                min(len(line), len(read_back)),
            )
            start = max(0, at - 40)
            self.difference = f"record {self._rows:,} is {read_back[start : at + 40]}, not {line[start : at + 40]}"


def unequal(folder: Path) -> dict[str, str]:
    """By file of a release of this program: the first difference from the text of a table. Equal ones are left out.

    Raises NotInstalled.
    """
    found: dict[str, str] = {}
    for table in TABLES.values():
        for copy in compared(folder, table):
            if copy.missing is not None:
                raise NotInstalled("pyarrow", "Parquet", "datasets")
            if copy.difference is not None:
                found.setdefault(copy.file, f"table {table.name}: {copy.difference}")
    return found


def compared(folder: Path, table: ReleasedTable, files: Sequence[str] = ()) -> list[Copy]:
    """Parquet and SQLite, or those of these files, compared with the text of the table, which is read once for both."""
    copies = [
        Copy(table.parquet, table, read_parquet(folder / table.parquet, table.fields)),
        Copy(contents.SQLITE, table, read_sqlite(folder / contents.SQLITE, table.name, table.fields)),
    ]
    copies = [copy for copy in copies if not files or copy.file in files]
    _compare(_text(folder, table), copies)
    return copies


def as_line(table: ReleasedTable, record: Mapping[str, object]) -> str:
    """A record of a table as its text has it: the line of JSON, or the cells of CSV as JSON."""
    return compact(record) if ".jsonl" in table.text else compact(cells(table.fields, record))


def _text(folder: Path, table: ReleasedTable) -> Iterator[str]:
    path = folder / table.text
    return read_lines(path) if ".jsonl" in table.text else map(compact, read_csv(path, table.fields))


def _compare(lines: Iterable[str], copies: Sequence[Copy]) -> None:
    try:
        for line in lines:
            for copy in copies:
                copy.compare(line)
        for copy in copies:
            copy.compare(None)
    except ArchiveError as error:  # of the text
        for copy in copies:
            copy.difference = copy.difference or str(error)
