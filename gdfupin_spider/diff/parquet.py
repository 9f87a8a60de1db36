"""Articles in Parquet. Needs pyarrow (extra `datasets`)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from ..errors import NotArticles
from ..messages.text import N_, enumeration
from .article_check import MORE, WANTED, aliases_of, is_as_released, record_of
from .difference import ComparedArticle
from .sets import HeadFields

try:
    import pyarrow
    from pyarrow import parquet
except ImportError:  # an extra
    pyarrow = None

BUFFER = 1 << 16  # bytes; else a whole row group of bodies is read at once
BATCH = 100  # rows; of 5 KB each, so a processor's cache holds what is unpacked
SHORT = 16384  # rows of short columns
_ALWAYS = ("id", "content_sha256", "url")
_APART = ("body", "aliases")  # bodies are read in pieces, aliases asked for by themselves


class ParquetArticles:
    """`articles.parquet`."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises NotArticles."""
        self.path, self.name = path, name
        if pyarrow is None:
            raise NotArticles(path, N_("Parquet needs pyarrow: pip install 'gdfupin_spider[datasets]'"))
        try:
            self._file = parquet.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER)
            self._names = set(self._file.schema_arrow.names)
        except (pyarrow.ArrowException, OSError) as error:
            raise NotArticles(path, N_("damaged Parquet: {error}", error=error)) from error
        if missing := [name for name in WANTED if name not in self._names]:
            raise NotArticles(path, N_("no articles: there is no column {missing}", missing=enumeration(missing)))

    def heads(self) -> Iterator[HeadFields]:
        if is_as_released(self.path):
            for _, columns in self._columns("id", "content_sha256", "url", "status"):
                yield from zip(*columns, strict=True)
            return
        for _ in self._columns(*_ALWAYS):
            pass  # raises where one is null
        for group in range(self._file.num_row_groups):
            for record in self._records(group, range(self._file.metadata.row_group(group).num_rows)):
                yield record["id"], record["content_sha256"], record["url"], record.get("status")

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        if "aliases" not in self._names:
            return
        start = 0
        try:
            for batch in self._file.iter_batches(SHORT, columns=["id", "url", "aliases"], use_threads=False):
                ids, urls, aliases = (batch.column(name) for name in ("id", "url", "aliases"))
                ends = aliases.offsets.to_pylist()
                # `{id, url}` is how releases write them, its own first: one alone tells nothing.
                least = 2 if pyarrow.types.is_struct(aliases.type.value_type) else 1
                for row in (n for n, (a, b) in enumerate(pairwise(ends)) if b - a >= least):
                    value = {"id": ids[row].as_py(), "url": urls[row].as_py(), "aliases": aliases[row].as_py()}
                    yield start + row, aliases_of(value, self.path, f"row {start + row}")
                start += batch.num_rows
        except (pyarrow.ArrowException, OSError, AttributeError) as error:
            raise NotArticles(
                self.path, N_("aliases cannot be read: {error}", error=error), N_("behind row {start}", start=start)
            ) from error

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        start = at = 0
        for group in range(self._file.num_row_groups):
            end = start + self._file.metadata.row_group(group).num_rows
            to = bisect_left(rows, end, at)
            if to > at:
                yield from self._records(group, [row - start for row in rows[at:to]])
            start, at = end, to

    def _records(self, group: int, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        """Some rows of one row group; only a batch of bodies is in memory at once."""
        short = [name for name in (*WANTED, *MORE) if name in self._names and name not in _APART]
        try:
            table = self._file.read_row_group(group, columns=short, use_threads=False)
            [batch] = table.combine_chunks().to_batches()
            columns = [(name, batch.column(name)) for name in short]
            for row, body in zip(rows, self._bodies(group, rows), strict=True):
                plain = {name: _plain(column[row].as_py()) for name, column in columns}
                yield record_of(plain | {"body": body}, self.path, f"row group {group}")
        except (pyarrow.ArrowException, OSError) as error:
            raise NotArticles(
                self.path, N_("damaged Parquet: {error}", error=error), N_("row group {group}", group=group)
            ) from error

    def _bodies(self, group: int, rows: Sequence[int]) -> Iterator[str]:
        start = at = 0
        for batch in self._file.iter_batches(BATCH, row_groups=[group], columns=["body"], use_threads=False):
            end = start + batch.num_rows
            to = bisect_left(rows, end, at)
            if to > at:
                bodies = batch.column(0)
                yield from (bodies[row - start].as_py() for row in rows[at:to])
            start, at = end, to

    def _columns(self, *names: str) -> Iterator[tuple[int, list[list[Any]]]]:
        """These columns as Python values, some thousand rows at once, with the number of the first; None where there is
        no such column."""
        start = 0
        present = [name for name in names if name in self._names]
        try:
            for batch in self._file.iter_batches(SHORT, columns=present, use_threads=False):
                nothing = [None] * batch.num_rows
                if any(batch.column(name).null_count for name in present if name in _ALWAYS):
                    raise NotArticles(
                        self.path,
                        N_("no article: an id, a digest or a URL is null"),
                        N_("behind row {start}", start=start),
                    )
                yield start, [batch.column(name).to_pylist() if name in present else nothing for name in names]
                start += batch.num_rows
        except (pyarrow.ArrowException, OSError) as error:
            raise NotArticles(
                self.path,
                N_("damaged Parquet: {error}", error=error),
                N_("columns {present}", present=enumeration(present)),
            ) from error


def _plain(value: Any) -> Any:
    """Dates and times in the form of article lines; a time without a zone is UTC."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value
