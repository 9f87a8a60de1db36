"""Writes all data files of a release in one pass; memory is one batch of articles."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import CannotWrite
from ..profiles import source_names
from . import contents
from .formats import JsonLinesWriter, ParquetWriter, SpreadsheetWriter, SqliteWriter, compact
from .formats.csv_files import CsvWriter
from .records import ReleasedRow, VersionRow

BATCH = 256
"""Articles in a batch."""


class Writers:
    """Takes articles and versions in the order of ids."""

    def __init__(self, folder: Path, about: Mapping[str, str], sample: frozenset[str]) -> None:
        """`about`: rows of the table `about` of articles.sqlite; `sample`: ids of the sample.

        Raises NotInstalled without pyarrow.
        """
        self._parquet = ParquetWriter(folder / contents.PARQUET, contents.ARTICLES)  # first: it may not be installed
        self.lines = JsonLinesWriter(folder / contents.LINES)
        self._sqlite = SqliteWriter(folder / contents.SQLITE, contents.ARTICLES, about)
        self._sheet = SpreadsheetWriter(folder / contents.SHEET, contents.ARTICLES)
        self.versions = JsonLinesWriter(folder / contents.OLDER)
        self._captures = CsvWriter(folder / contents.PROOF, contents.CAPTURES)
        self._source_rows = CsvWriter(folder / contents.SOURCES, contents.CONTENTS[contents.SOURCES][2])
        self._sources = Counter[str]()
        self.sample = JsonLinesWriter(folder / contents.SAMPLE)
        self._chosen = sample
        self._articles: list[ReleasedRow] = []
        self._versions: list[VersionRow] = []
        self._all = (
            self._parquet, self.lines, self._sqlite, self._sheet, self.versions, self._captures, self._source_rows,
            self.sample,
        )  # fmt: skip

    @property
    def rows(self) -> dict[str, int]:
        """Number of records of each file."""
        return {writer.path.name: writer.rows for writer in self._all}

    def add(self, article: ReleasedRow | None, versions: tuple[VersionRow, ...]) -> None:
        """An article with all its versions."""
        if article is not None:
            self._articles.append(article)
            if article["source"] is not None:
                self._sources[article["source"]] += 1
        self._versions += versions
        if len(self._versions) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Writes the current batch."""
        lines = [compact(article) for article in self._articles]
        self.lines.write(lines)
        self.sample.write(
            [line for line, each in zip(lines, self._articles, strict=True) if each["id"] in self._chosen]
        )
        for writer in (self._parquet, self._sqlite, self._sheet):
            writer.write(self._articles)
        self.versions.write([compact(version) for version in self._versions])
        self._captures.write([row for version in self._versions for row in _captures(version)])
        self._articles, self._versions = [], []

    def close(self) -> None:
        """Writes the current batch and completes every file."""
        self.flush()
        rows = list(_sources(self._sources))
        self._source_rows.write(rows)
        self._sqlite.add_table("sources", contents.CONTENTS[contents.SOURCES][2], rows)
        for writer in self._all:
            writer.close()

    def abandon(self) -> None:
        """Closes all files, complete or not; nobody will read them."""
        for writer in self._all:
            with suppress(OSError, sqlite3.Error):
                writer.abandon()


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


def _sources(articles: Counter[str]) -> Iterator[dict[str, object]]:
    """The fields of ReleasedSource, most frequent first."""
    for source, count in sorted(articles.items(), key=lambda each: (-each[1], each[0])):
        found = source_names.bundled().found(source)
        yield {
            "source": source,
            "source_name": found.name,
            "kind": found.kind,
            "region": found.region,
            "rule": found.rule,
            "articles": count,
        }


def _captures(version: VersionRow) -> Iterator[dict[str, object]]:
    """The fields of ReleasedCapture, by page."""
    for page, capture in enumerate(version["captures"], 1):
        yield {
            "id": version["id"],
            "version": version["version"],
            "page": page,
            "url": version["url"],
            "captured_at": version["captured_at"],
            "origin": version["origin"],
            **capture,
        }
