"""SQLite: all tables of a release with their keys, indexes, views, and full-text search of articles; the table `about` has the
queries for it (`search.sql`).

Lists stand in a table as JSON, as the record has them; the views `images`, `attachments`, `aliases` and `article_sections` have a row
for each element of those of articles.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from ... import data_files
from ...errors import ArchiveError
from ...messages.text import N_
from ...search import folding, sql
from ..dictionary import Field
from ..released_tables import ReleasedTable
from .jsonl import compact

APPLICATION = 0x67647273  # "gdrs"
ARTICLES = "articles"
"""The table that is searched."""
INDEXED = {
    "articles": ("date", "section", "source", "source_name", "status", "url", "reprint_group"),
    "places": ("code",),
    "captures": ("payload_sha256", "warc, offset"),
}
"""Columns, or columns together, that have an index, by table."""
_VIEWS = ("images", "attachments", "aliases")
"""Lists of articles that have a view instead of a table."""
_FILLING = {"hashsize": 4 << 20, "automerge": 0, "crisismerge": 1999}
"""Options of the index while it is filled: it is written in parts of this size, which are merged once, at the end. To merge them as
they come, which is the default, takes half as long again."""
_LISTS = ("strings", "structs")
_DECODERS: Mapping[str, Callable[[Any], object]] = {
    "boolean": bool,
    "strings": msgspec.json.Decoder().decode,
    "structs": msgspec.json.Decoder().decode,
}
"""Of values that SQLite holds as something else, by type of the field."""
_COUNTS = {
    "by_year": "SELECT substr(date, 1, 4) AS year, count(*) AS articles FROM articles GROUP BY 1 ORDER BY 1",
    "by_section": "SELECT section, count(*) AS articles, min(date) AS first, max(date) AS last FROM articles"
    " GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_source": "SELECT source, count(*) AS articles FROM articles GROUP BY 1 ORDER BY 2 DESC, 1",
    "by_source_name": "SELECT source_name, count(*) AS articles, count(DISTINCT source) AS variants FROM articles"
    " GROUP BY 1 ORDER BY 2 DESC, 1",
    "article_sections": "SELECT articles.id AS article, part.key + 1 AS number, part.value AS section"
    " FROM articles, json_each(articles.sections) AS part",
    "changed_fields": "SELECT changes.id AS article, changes.kind, json_extract(part.value, '$.field') AS field,"
    " json_extract(part.value, '$.before') AS before, json_extract(part.value, '$.after') AS after"
    ' FROM changes, json_each(changes."values") AS part',
}


class SqliteWriter:
    """Writes one: into a draft beside it, of which `close` makes the file, packed."""

    def __init__(self, path: Path, tables: Sequence[ReleasedTable], about: Mapping[str, str]) -> None:
        """`about`: rows of the table of that name."""
        self.path, self._tables = path, {table.name: table for table in tables}
        self._draft = path.with_name(f".{path.name}.draft")
        self._db = sqlite3.connect(self._draft, isolation_level=None)
        for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "cache_size = -16384"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("PRAGMA temp_store = FILE")
        self._db.execute(f"PRAGMA application_id = {APPLICATION}")
        self._db.execute("BEGIN")  # or SQLite ends a transaction after each row
        for table in tables:
            self._db.execute(_create(table))
        self._db.execute(folding.TABLE)
        self._db.executemany("INSERT INTO search (search, rank) VALUES (?, ?)", _FILLING.items())
        self._db.execute("CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        self._db.executemany("INSERT INTO about VALUES (?, ?)", {**about, **sql.QUERIES}.items())
        self._db.execute(sql.TOKEN_FORM)
        self._db.executemany("INSERT INTO token_form VALUES (?, ?)", folding.token_forms())
        self._db.execute("COMMIT")
        self.rows = 0

    def write(self, table: str, records: Sequence[Mapping[str, object]]) -> None:
        """Rows of a table. Those of `articles` are numbered and indexed for the search."""
        fields = self._tables[table].fields
        self._db.execute("BEGIN")
        lists = [(field.name, field.type in _LISTS) for field in fields]
        rows = ([_as_json(record[name]) if is_list else record[name] for name, is_list in lists] for record in records)
        columns, values = _names([field.name for field in fields]), ", ".join("?" * len(fields))
        self._db.executemany(f"INSERT INTO {_quoted(table)} ({columns}) VALUES ({values})", rows)
        if table == ARTICLES:
            self._index(records)
        self._db.execute("COMMIT")

    def _index(self, records: Sequence[Mapping[str, object]]) -> None:
        self._db.executemany(
            "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)",
            (
                (n, folding.index_text(str(record["title"])), folding.index_text(str(record["body"])))
                for n, record in enumerate(records, self.rows + 1)
            ),
        )
        self.rows += len(records)

    def close(self) -> None:
        for table, columns in INDEXED.items():
            for column in columns:
                self._db.execute(f"CREATE INDEX {table}_{column.replace(', ', '_')} ON {table} ({column})")
        for name, query in {**_parts(self._tables[ARTICLES].fields), **_COUNTS}.items():
            self._db.execute(f"CREATE VIEW {_quoted(name)} AS {query}")
        self._db.execute("INSERT INTO search (search) VALUES ('optimize')")
        self._db.execute("VACUUM INTO ?", (str(self.path),))
        self.abandon()

    def abandon(self) -> None:
        """Deletes the draft."""
        self._db.close()
        self._draft.unlink(missing_ok=True)


def read_sqlite(path: Path, table: str, fields: Sequence[Field]) -> Iterator[dict[str, object]]:
    """The records of a table, in its order. Raises ArchiveError."""
    columns = ", ".join(_quoted(field.name) for field in fields)
    try:
        with data_files.database(path) as db:
            if not data_files.is_plain_table(db, table):
                raise ArchiveError(path, N_("there is no table `{table}`", table=table))
            names = [field.name for field in fields]
            decoded = [(field.name, _DECODERS[field.type]) for field in fields if field.type in _DECODERS]
            for row in db.execute(f"SELECT {columns} FROM {_quoted(table)} ORDER BY rowid"):
                record = dict(zip(names, row, strict=True))
                for name, decode in decoded:
                    if record[name] is not None:
                        record[name] = decode(record[name])
                yield record
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    except (sqlite3.Error, msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        raise ArchiveError(path, N_("cannot be read: {error}", error=error)) from error


def _create(table: ReleasedTable) -> str:
    """The statement, with key and references: Datasette makes links of them. SQLite does not check references."""
    columns = [f"{_quoted(field.name)} {_declared(field)}" for field in table.fields]
    key = f"PRIMARY KEY ({_names(table.key)})"
    if table.name == ARTICLES:  # the index of the search needs a number for each row
        columns.insert(0, "n INTEGER PRIMARY KEY")
        key = f"UNIQUE ({_names(table.key)})"
    references = [
        f"FOREIGN KEY ({_names(each.columns)}) REFERENCES {_quoted(each.table)} ({_names(each.key)})"
        for each in table.references
    ]
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join([*columns, key, *references])})"


def _declared(field: Field) -> str:
    kind = "INTEGER" if field.type in ("integer", "boolean") else "TEXT"
    return kind + ("" if field.nullable else " NOT NULL")


def _names(columns: Sequence[str]) -> str:
    return ", ".join(map(_quoted, columns))


def _parts(fields: Sequence[Field]) -> dict[str, str]:
    """A view for each list of records: a row for each of them, numbered from 1."""
    return {
        field.name: "SELECT articles.id AS article, part.key + 1 AS number, "
        + ", ".join(f"json_extract(part.value, '$.{part.name}') AS {_quoted(part.name)}" for part in field.parts)
        + f" FROM articles, json_each(articles.{_quoted(field.name)}) AS part"
        for field in fields
        if field.name in _VIEWS
    }


def _quoted(name: str) -> str:
    return f'"{name}"'


def _as_json(value: object) -> str | None:
    if value is None:
        return None
    return compact(value) if value else "[]"  # most lists are empty
