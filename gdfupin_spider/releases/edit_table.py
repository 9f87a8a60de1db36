"""The edits of a release, weighed once when its index is made: each version against the one before, by the rules of `gdfupin diff`."""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import msgspec

from .. import data_files
from ..diff.difference import ComparedArticle, content_fields, edited
from ..diff.edits import rank_of
from ..diff.significance import weight
from ..errors import ArchiveError

_SCHEMA = """
CREATE TABLE edit (id TEXT NOT NULL, version INTEGER NOT NULL, title TEXT NOT NULL, section TEXT, status TEXT NOT NULL, at TEXT NOT NULL,
                   fields TEXT NOT NULL, weight TEXT NOT NULL, rank INTEGER NOT NULL)
"""
_VERSIONS = """
SELECT versions.id, versions.version, versions.title, versions.date, versions.source, versions.author, versions.section, versions.body,
       versions.images, versions.attachments, versions.first_seen, articles.status
FROM versions JOIN articles USING (id) WHERE articles.id IN (SELECT id FROM versions GROUP BY id HAVING count(*) > 1)
ORDER BY versions.id, versions.version
"""


@dataclass(frozen=True, slots=True)
class Edit:
    """A version against the one before."""

    id: str
    version: int
    title: str
    section: str | None
    status: str
    at: str
    """UTC: when it was first seen."""
    fields: tuple[str, ...]
    """That changed."""
    weight: str
    """See `diff.significance`."""
    rank: int
    """0: numbers changed; 1: words such as names; 2: others."""


def write_edits(db: sqlite3.Connection, release: sqlite3.Connection) -> None:
    """Adds the table `edit` to an index."""
    db.execute(_SCHEMA)
    db.executemany("INSERT INTO edit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _edits(release))


def _edits(release: sqlite3.Connection) -> Iterator[tuple[object, ...]]:
    before: ComparedArticle | None = None
    for id_, number, title, date, source, author, section, body, images, attachments, at, status in release.execute(
        _VERSIONS
    ):
        now = cast(
            ComparedArticle,
            {
                "id": id_, "title": title, "date": date, "source": source, "author": author, "section": section, "body": body,
                "images": data_files.json_value(images), "attachments": data_files.json_value(attachments),
            },
        )  # fmt: skip
        if before is not None and before["id"] == id_ and content_fields(before) != content_fields(now):
            fields = edited(before, now)
            ranked = rank_of(before, now, fields)
            names = json.dumps(fields, ensure_ascii=False)
            yield id_, number, title, section, status, at, names, weight(before, now), ranked
        before = now


def read_edits(index: Path) -> tuple[Edit, ...]:
    """All edits by rank, each newest first. Raises ArchiveError."""
    try:
        with contextlib.closing(sqlite3.connect(f"{index.absolute().as_uri()}?immutable=1", uri=True)) as db:
            rows = db.execute("SELECT * FROM edit ORDER BY rank, at DESC, id, version DESC").fetchall()
    except sqlite3.Error as error:
        raise ArchiveError(index, str(error)) from error
    return tuple(
        Edit(id_, version, title, section, status, at, msgspec.json.decode(names, type=tuple[str, ...]), how, rank)
        for id_, version, title, section, status, at, names, how, rank in rows
    )
