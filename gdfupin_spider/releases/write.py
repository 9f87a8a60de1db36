"""Writes all data files of a release in one pass; memory is one batch of articles, and what Parquet holds for a row group."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ..catalog import ListingState
from ..errors import CannotWrite
from . import contents
from .derived_tables import DerivedTables, places
from .formats import CsvWriter, JsonLinesWriter, ParquetWriter, SpreadsheetWriter, SqliteWriter
from .records import ReleasedRow, VersionRow
from .released_tables import TABLES, ReleasedTable

BATCH = 256
"""Versions in a batch."""
MOST_CAPTURES = 16 * BATCH
"""Captures that end a batch early: an article that is gone has one for each look that did not find it."""


class TableFiles:
    """The files of one table; each gets the same rows."""

    def __init__(self, folder: Path, table: ReleasedTable, database: SqliteWriter) -> None:
        """Raises NotInstalled without pyarrow."""
        self._name, self._database = table.name, database
        self.parquet = ParquetWriter(folder / table.parquet, table)
        path = folder / table.text
        self.text = JsonLinesWriter(path) if ".jsonl" in table.text else CsvWriter(path, table.fields)

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        for writer in (self.text, self.parquet):
            writer.write(records)
        self._database.write(self._name, records)


class Writers:
    """Takes articles and versions in the order of ids, then the rows of other tables."""

    def __init__(self, folder: Path, about: Mapping[str, str], sample: frozenset[str]) -> None:
        """`about`: rows of the table `about` of articles.sqlite; `sample`: ids of the sample.

        Raises NotInstalled without pyarrow.
        """
        self._sqlite = SqliteWriter(folder / contents.SQLITE, tuple(TABLES.values()), about)
        try:
            self._tables = {name: TableFiles(folder, table, self._sqlite) for name, table in TABLES.items()}
        except BaseException:
            self._sqlite.abandon()
            raise
        self._sheet = SpreadsheetWriter(folder / contents.SHEET, contents.ARTICLES)
        self._sample, self._chosen = JsonLinesWriter(folder / contents.SAMPLE), sample
        self._derived = DerivedTables()
        self._articles: list[ReleasedRow] = []
        self._versions: list[VersionRow] = []
        self._captures: list[Mapping[str, object]] = []
        texts, parquets = ([getattr(each, kind) for each in self._tables.values()] for kind in ("text", "parquet"))
        self._all = (*texts, *parquets, self._sqlite, self._sheet, self._sample)

    @property
    def rows(self) -> dict[str, int]:
        """Number of records of each file; of the database that of its articles."""
        return {writer.path.name: writer.rows for writer in self._all}

    @property
    def digests(self) -> dict[str, str]:
        """By file of JSON Lines: SHA-256 of its lines."""
        return {each.path.name: each.lines_sha256 for each in self._all if isinstance(each, JsonLinesWriter)}

    def add(
        self,
        article: ReleasedRow | None,
        versions: tuple[VersionRow, ...],
        captures: Sequence[Mapping[str, object]],
    ) -> None:
        """An article with all its versions, and the rows of `captures` of both."""
        if article is not None:
            self._articles.append(article)
            self._derived.add(article)
        self._versions += versions
        self._captures += captures
        if len(self._versions) >= BATCH or len(self._captures) >= MOST_CAPTURES:
            self._flush()

    def finish_articles(self, listings: Iterable[ListingState]) -> None:
        """All articles were added: writes the tables that are made of them, and completes their lines, for readers."""
        self._flush()
        self.write("sections", list(self._derived.sections(listings)))
        self.write("sources", list(self._derived.sources()))
        self.write("reprints", list(self._derived.reprints()))
        self._tables["articles"].text.close()

    def write(self, table: str, records: Sequence[Mapping[str, object]]) -> None:
        """Rows of a table that is not made of articles."""
        self._tables[table].write(records)

    def close(self) -> None:
        """Completes every file."""
        for writer in self._all:
            writer.close()

    def abandon(self) -> None:
        """Closes all files, complete or not; nobody will read them."""
        for writer in self._all:
            with suppress(OSError, sqlite3.Error):
                writer.abandon()

    def _flush(self) -> None:
        self.write("articles", self._articles)
        self.write("versions", self._versions)
        self.write("captures", self._captures)
        self.write("places", [row for article in self._articles for row in places(article)])
        self._sheet.write(self._articles)
        self._sample.write([each for each in self._articles if each["id"] in self._chosen])
        self._articles, self._versions, self._captures = [], [], []


@contextmanager
def writers(folder: Path, about: Mapping[str, str], sample: frozenset[str]) -> Iterator[Writers]:
    """Completes all files if the block ends well. Raises CannotWrite if SQLite cannot write, NotInstalled."""
    every = Writers(folder, about, sample)
    try:
        yield every
        every.close()
    except BaseException as error:
        every.abandon()
        if isinstance(error, sqlite3.OperationalError):
            raise CannotWrite(folder / contents.SQLITE, str(error)) from error
        raise
