"""Articles in SQLite: a table `articles` with the fields of the record, lists as JSON."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .. import data_files
from ..errors import NotArticles
from ..messages.text import N_, enumeration
from .article_check import MORE, WANTED, aliases_of, head_of, is_as_released, record_of
from .difference import ComparedArticle
from .sets import Head

_LISTS = ("images", "attachments", "aliases", "captures", "reviewed")


class SqliteArticles:
    """`articles.sqlite`."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises NotArticles."""
        self.path, self.name = path, name
        self._names = {row[1] for row in self._rows("PRAGMA table_info(articles)")}
        if missing := [name for name in WANTED if name not in self._names]:
            raise NotArticles(
                path, N_("no articles: a table `articles` with {missing} is not there", missing=enumeration(missing))
            )

    def heads(self) -> Iterator[Head]:
        is_trusted = is_as_released(self.path)
        names = ("id", "content_sha256", "url", "status") if is_trusted else (*WANTED, "status")
        for row, values in self._values(names):
            yield head_of(self._listed(values, row), self.path, f"row {row}", is_trusted=is_trusted)

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        for row, values in self._values(("id", "url", "aliases")):
            yield row, aliases_of(self._listed(values, row), self.path, f"row {row}")

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        wanted = iter(rows)
        row = next(wanted, None)
        if row is None:
            return
        for number, values in self._values((*WANTED, *MORE)):
            if number == row:
                yield record_of(self._listed(values, row), self.path, f"row {row}")
                row = next(wanted, None)
                if row is None:
                    return

    def _values(self, names: Sequence[str]) -> Iterator[tuple[int, dict[str, object]]]:
        """These columns of all rows; missing columns are left out."""
        names = [name for name in names if name in self._names]
        rows = self._rows(f"SELECT {', '.join(names)} FROM articles ORDER BY rowid")
        for row, values in enumerate(rows):
            yield row, dict(zip(names, values, strict=True))

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        try:
            with data_files.database(self.path) as db:
                if not data_files.is_plain_table(db, "articles"):
                    raise NotArticles(self.path, N_("no articles: there is no table `articles`"))
                yield from db.execute(sql)
        except sqlite3.DatabaseError as error:
            raise NotArticles(self.path, N_("damaged SQLite: {error}", error=error)) from error
        except OSError as error:
            raise NotArticles(self.path, error.strerror or str(error)) from error

    def _listed(self, values: dict[str, object], row: int) -> dict[str, object]:
        for name in _LISTS:
            if isinstance(text := values.get(name), str):
                try:
                    values[name] = data_files.json_value(text)
                except ValueError as error:
                    raise NotArticles(
                        self.path, N_("{name} is no JSON: {error}", name=name, error=error), N_("row {row}", row=row)
                    ) from error
        return values
