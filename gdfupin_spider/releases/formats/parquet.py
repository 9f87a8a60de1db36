"""Apache Parquet: dates are dates, times are times in UTC, lists are lists. Needs pyarrow (the extra `datasets`)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ...errors import ArchiveError, NotInstalled
from ..records import Field

ROWS = 1024
"""Of a row group: some 5 MB of articles; more would take more memory to write and to read."""


class ParquetWriter:
    """Writes one. Raises NotInstalled without pyarrow."""

    def __init__(self, path: Path, fields: Sequence[Field]) -> None:
        arrow, parquet = _libraries()
        self.path, self._fields, self._arrow = path, fields, arrow
        self.schema = arrow.schema([_column(arrow, field) for field in fields])
        self._writer = parquet.ParquetWriter(path, self.schema, compression="zstd", version="2.6")
        self._waiting: list[Mapping[str, object]] = []
        self.rows = 0

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        self._waiting += records
        self.rows += len(records)
        while len(self._waiting) >= ROWS:
            self._group(self._waiting[:ROWS])
            del self._waiting[:ROWS]

    def close(self) -> None:
        if self._waiting:
            self._group(self._waiting)
            self._waiting = []
        self._writer.close()

    def abandon(self) -> None:
        """Closes the file."""
        self._waiting = []
        self._writer.close()

    def _group(self, records: Sequence[Mapping[str, object]]) -> None:
        columns = [
            self._arrow.array([_to_arrow(field, record[field.name]) for record in records], type=column.type)
            for field, column in zip(self._fields, self.schema, strict=True)
        ]
        table = self._arrow.Table.from_arrays(columns, schema=self.schema)
        self._writer.write_table(table, row_group_size=ROWS)


def read_parquet(path: Path, fields: Sequence[Field]) -> Iterator[dict[str, object]]:
    """The records, with times and dates as strings. Raises ArchiveError, NotInstalled."""
    arrow, parquet = _libraries()
    try:
        with parquet.ParquetFile(path, pre_buffer=False) as file:  # it would hold the whole file
            if (names := tuple(file.schema_arrow.names)) != tuple(field.name for field in fields):
                raise ArchiveError(path, f"has other columns: {', '.join(names)}")
            for batch in file.iter_batches(batch_size=1024):
                for row in batch.to_pylist():
                    yield {field.name: _from_arrow(field, row[field.name]) for field in fields}
    except (arrow.ArrowException, OSError) as error:
        raise ArchiveError(path, f"cannot be read: {error}") from error


def _libraries() -> tuple[Any, Any]:
    try:
        import pyarrow
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


def _to_arrow(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.type == "date":
        return date.fromisoformat(value)
    if field.type == "time":
        return datetime.fromisoformat(value)
    return value


def _from_arrow(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if field.type == "date":
        return value.isoformat()
    if field.type == "time":
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value
