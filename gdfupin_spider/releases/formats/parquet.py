"""Apache Parquet: dates are dates, times are times in UTC, lists are lists. Needs pyarrow (the extra `datasets`)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import ArchiveError, NotInstalled
from ...messages.text import N_, enumeration
from ..dictionary import Field
from ..released_tables import ReleasedTable

ROWS = 4096
"""Of a row group of a table with bodies: some 20 MB. A query of other columns reads a range of each group, so fewer groups are fewer
requests where the file is far away; more rows would take more memory to write, and more bytes to read one body."""
SMALL_ROWS = 8192
"""Of a row group of another table."""


class ParquetWriter:
    """Writes one. Raises NotInstalled without pyarrow."""

    def __init__(self, path: Path, table: ReleasedTable) -> None:
        arrow, parquet = _libraries()
        self.path, self._fields, self._arrow = path, table.fields, arrow
        self.schema = arrow.schema([_column(arrow, field) for field in table.fields])
        self._writer = parquet.ParquetWriter(path, self.schema, compression="zstd", version="2.6")
        self._group_rows = ROWS if table.has_bodies else SMALL_ROWS
        self._waiting: list[Any] = []
        """Tables that wait until there is a row group: they take a third of what their records take."""
        self._count = self.rows = 0

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        if not records:
            return
        columns = [
            self._to_column(field, column.type, [record[field.name] for record in records])
            for field, column in zip(self._fields, self.schema, strict=True)
        ]
        self._waiting.append(self._arrow.Table.from_arrays(columns, schema=self.schema))
        self._count += len(records)
        self.rows += len(records)
        while self._count >= self._group_rows:
            self._group()

    def close(self) -> None:
        """Without rows there is no row group either: `datasets` cannot read an empty one."""
        if self._count:
            self._group()
        self._writer.close()

    def abandon(self) -> None:
        """Closes the file."""
        self._waiting = []
        self._writer.close()

    def _group(self) -> None:
        """Writes one row group; what is left waits."""
        waiting = self._arrow.concat_tables(self._waiting)
        # In one piece, so that the bytes do not depend on how many records came at once.
        self._writer.write_table(waiting.slice(0, self._group_rows).combine_chunks(), row_group_size=self._group_rows)
        self._count = max(0, self._count - self._group_rows)
        self._waiting = [waiting.slice(self._group_rows).combine_chunks()] if self._count else []

    def _to_column(self, field: Field, kind: Any, values: list[object]) -> Any:
        if field.type in ("date", "time"):  # arrow parses them in a tenth of the time
            return self._arrow.array(values, self._arrow.string()).cast(kind)
        return self._arrow.array(values, type=kind)


def read_parquet(path: Path, fields: Sequence[Field]) -> Iterator[dict[str, object]]:
    """The records, with times and dates as strings. Raises ArchiveError, NotInstalled."""
    arrow, parquet = _libraries()
    try:
        with parquet.ParquetFile(path, pre_buffer=False) as file:  # it would hold the whole file
            if (names := tuple(file.schema_arrow.names)) != tuple(field.name for field in fields):
                raise ArchiveError(path, N_("has other columns: {names}", names=enumeration(names)))
            for batch in file.iter_batches(batch_size=256):
                columns = [_from_column(arrow, field, batch.column(field.name)) for field in fields]
                yield from arrow.Table.from_arrays(columns, names=list(names)).to_pylist()
    except (arrow.ArrowException, OSError) as error:
        raise ArchiveError(path, N_("cannot be read: {error}", error=error)) from error


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.compute
        import pyarrow.parquet
    except ImportError:
        raise NotInstalled("pyarrow", "Parquet", "datasets") from None
    return pyarrow, pyarrow.parquet


def _column(arrow: Any, field: Field) -> Any:
    return arrow.field(field.name, _type(arrow, field), nullable=field.nullable)


def _type(arrow: Any, field: Field) -> Any:
    match field.type:
        case "string":
            return arrow.string()
        case "integer":
            return arrow.int64()
        case "boolean":
            return arrow.bool_()
        case "date":
            return arrow.date32()
        case "time":
            return arrow.timestamp("ms", "UTC")
        case "strings":
            return arrow.list_(arrow.string())
        case "structs":
            return arrow.list_(arrow.struct([_column(arrow, part) for part in field.parts]))
    raise ValueError(field.type)


def _from_column(arrow: Any, field: Field, column: Any) -> Any:
    if field.type == "date":
        return column.cast(arrow.string())
    if field.type == "time":
        text = column.cast(arrow.timestamp("s")).cast(arrow.string())  # 2026-11-23 03:00:00
        return arrow.compute.binary_join_element_wise(arrow.compute.replace_substring(text, " ", "T"), "Z", "")
    return column
