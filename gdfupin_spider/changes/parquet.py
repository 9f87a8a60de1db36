"""Articles in Parquet. Needs pyarrow (extra `datasets`)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path
from typing import Any

from ..errors import NotArticles
from .checking import MORE, WANTED, record_of
from .difference import Record
from .sets import Head

try:
    import pyarrow
    from pyarrow import parquet
except ImportError:  # an extra
    pyarrow = None

BATCH = 1000  # rows; of 5 KB each, so some 5 MB at once


class Parquet:
    """`articles.parquet`."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises NotArticles."""
        self.path, self.name = path, name
        if pyarrow is None:
            raise NotArticles(path, "Parquet needs pyarrow: pip install 'gdfupin_spider[datasets]'")
        try:
            self._file = parquet.ParquetFile(path, memory_map=True)
            self._names = set(self._file.schema_arrow.names)
        except (pyarrow.ArrowException, OSError) as error:
            raise NotArticles(path, f"damaged Parquet: {error}") from error
        if missing := [name for name in WANTED if name not in self._names]:
            raise NotArticles(path, f"no articles: there is no column {', '.join(missing)}")

    def heads(self) -> Iterator[Head]:
        for group in range(self._file.num_row_groups):
            columns = [self._column(group, name) for name in ("id", "content_sha256", "url", "status", "aliases")]
            for row, head in enumerate(map(Head._make, zip(*columns, strict=False))):
                if head.id is None or head.sha256 is None or head.url is None:
                    raise NotArticles(
                        self.path, "no article: id, url or digest is null", f"row group {group}, row {row}"
                    )
                yield head

    def records(self, rows: Sequence[int]) -> Iterator[Record]:
        names = [name for name in (*WANTED, *MORE) if name in self._names]
        start = 0
        wanted = iter(rows)
        row = next(wanted, None)
        for group in range(self._file.num_row_groups):
            count = self._file.metadata.row_group(group).num_rows
            if row is None:
                return
            if row >= start + count:
                start += count
                continue
            end = start
            try:
                for batch in self._file.iter_batches(BATCH, row_groups=[group], columns=names):
                    end += batch.num_rows
                    indices = []
                    while row is not None and row < end:
                        indices.append(row - (end - batch.num_rows))
                        row = next(wanted, None)
                    if indices:
                        for value in batch.take(pyarrow.array(indices)).to_pylist():
                            yield record_of(
                                {name: _plain(value[name]) for name in names}, self.path, f"row group {group}"
                            )
            except (pyarrow.ArrowException, OSError) as error:
                raise NotArticles(self.path, f"damaged Parquet: {error}", f"row group {group}") from error
            start += count

    def _column(self, group: int, name: str) -> Any:
        """One column of a row group as Python values; None for ever where the file has no such column."""
        if name not in self._names:
            return repeat(None)
        try:
            return self._file.read_row_group(group, columns=[name]).column(0).to_pylist()
        except (pyarrow.ArrowException, OSError) as error:
            raise NotArticles(self.path, f"damaged Parquet: {error}", f"row group {group}, column {name}") from error


def _plain(value: Any) -> Any:
    """Dates and times as the lines write them."""
    if isinstance(value, datetime):
        return (
            value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            if value.tzinfo
            else value.strftime("%Y-%m-%dT%H:%M:%SZ")
        )
    return value.isoformat() if isinstance(value, date) else value
