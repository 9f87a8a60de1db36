"""SQLite with indexes, views and full-text search; the table `about` has the queries for it (`search.sql`).

Lists stand in the table as JSON, as the record has them; the views `images`, `attachments`, `aliases`, `captures` and `places` have
a row for each part of them.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import data_files
from ...errors import ArchiveError
from ...search import folding, sql
from ..records import Field
from .jsonl import compact

APPLICATION = 0x67647273  # "gdrs"
INDEXED = ("date", "section", "source", "source_name", "status", "url", "reprint_group")
_LISTS = ("strings", "structs")
_COUNTS = {
    "by_year": "SELECT substr(date, 1, 4) AS year, count(*) AS articles FROM articles GROUP BY 1 ORDER BY 1",
    "by_section": "SELECT section, count(*) AS articles, min(date) AS first, max(date) AS last FROM articles"
    " GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_source": "SELECT source, count(*) AS articles FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_source_name": "SELECT source_name, count(*) AS articles, count(DISTINCT source) AS variants FROM articles"
    " GROUP BY 1 ORDER BY 2 DESC, 1",
    "reprints": "SELECT reprint_group, count(*) AS articles, count(DISTINCT source_name) AS sources, min(date) AS first, max(date) AS last"
    " FROM articles WHERE reprint_group IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1",
}


class SqliteWriter:
    """Writes one: into a draft beside it, of which `close` makes the file, packed."""

    def __init__(self, path: Path, fields: Sequence[Field], about: Mapping[str, str]) -> None:
        """`about`: rows of the table of that name."""
        self.path, self._fields = path, fields
        self._draft = path.with_name(f".{path.name}.draft")
        self._db = sqlite3.connect(self._draft, isolation_level=None)
        for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "cache_size = -16384"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("PRAGMA temp_store = FILE")
        self._db.execute(f"PRAGMA application_id = {APPLICATION}")
        columns = ", ".join(f"{_quoted(field.name)} {_declared(field)}" for field in fields)
        self._db.execute(f"CREATE TABLE articles (n INTEGER PRIMARY KEY, {columns})")
        self._db.execute(folding.TABLE)
        self._db.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 8388608)")
        self._db.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        self._db.executemany("INSERT INTO about VALUES (?, ?)", {**about, **sql.QUERIES}.items())
        self._db.execute(sql.TOKEN_FORM)
        self._db.executemany("INSERT INTO token_form VALUES (?, ?)", folding.token_forms())
        self._insert = f"INSERT INTO articles VALUES (?, {', '.join('?' * len(fields))})"
        self.rows = 0

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        numbered = list(enumerate(records, self.rows + 1))
        self._db.execute("BEGIN")
        self._db.executemany(
            self._insert,
            ((n, *(_to_sql(field, record[field.name]) for field in self._fields)) for n, record in numbered),
        )
        self._db.executemany(
            "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)",
            (
                (n, folding.index_text(str(record["title"])), folding.index_text(str(record["body"])))
                for n, record in numbered
            ),
        )
        self._db.execute("COMMIT")
        self.rows += len(records)

    def add_table(self, name: str, fields: Sequence[Field], rows: Sequence[Mapping[str, object]]) -> None:
        """A small table beside the articles."""
        columns = ", ".join(f"{_quoted(field.name)} {_declared(field)}" for field in fields)
        self._db.execute(f"CREATE TABLE {_quoted(name)} ({columns})")
        self._db.executemany(
            f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(fields))})",
            [[row[field.name] for field in fields] for row in rows],
        )

    def close(self) -> None:
        for column in INDEXED:
            self._db.execute(f"CREATE INDEX articles_{column} ON articles ({_quoted(column)})")
        for name, query in {**_parts(self._fields), **_COUNTS}.items():
            self._db.execute(f"CREATE VIEW {_quoted(name)} AS {query}")
        self._db.execute("INSERT INTO search (search) VALUES ('optimize')")
        self._db.execute("VACUUM INTO ?", (str(self.path),))
        self.abandon()

    def abandon(self) -> None:
        """Deletes the draft."""
        self._db.close()
        self._draft.unlink(missing_ok=True)


def read_sqlite(path: Path, fields: Sequence[Field]) -> Iterator[dict[str, object]]:
    """The records of the table `articles`, in its order. Raises ArchiveError."""
    columns = ", ".join(_quoted(field.name) for field in fields)
    try:
        with data_files.database(path) as db:
            if not data_files.is_plain_table(db, "articles"):
                raise ArchiveError(path, "there is no table `articles`")
            for row in db.execute(f"SELECT {columns} FROM articles ORDER BY n"):
                yield {field.name: _from_sql(field, value) for field, value in zip(fields, row, strict=True)}
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    except (sqlite3.Error, ValueError) as error:
        raise ArchiveError(path, f"cannot be read: {error}") from error


def _declared(field: Field) -> str:
    kind = "INTEGER" if field.type in ("integer", "boolean") else "TEXT"
    return kind + ("" if field.nullable else " NOT NULL") + (" UNIQUE" if field.name == "id" else "")


def _parts(fields: Sequence[Field]) -> dict[str, str]:
    """A view for each list of records: a row for each of them, numbered from 1."""
    return {
        field.name: "SELECT articles.id AS article, part.key + 1 AS number, "
        + ", ".join(f"json_extract(part.value, '$.{part.name}') AS {_quoted(part.name)}" for part in field.parts)
        + f" FROM articles, json_each(articles.{_quoted(field.name)}) AS part"
        for field in fields
        if field.type == "structs"
    }


def _quoted(name: str) -> str:
    return f'"{name}"'


def _to_sql(field: Field, value: Any) -> Any:
    return compact(value) if field.type in _LISTS else value


def _from_sql(field: Field, value: Any) -> Any:
    if field.type == "boolean":
        return bool(value)
    return data_files.json_value(value) if field.type in _LISTS else value
