"""Which articles and versions a release has, asked of its database by id."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from .. import data_files
from ..errors import ArchiveError
from ..messages.text import N_
from . import contents
from .folder import ReleasesFolder
from .manifest import Manifest
from .released_lines import released_versions

_BY_ID = "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(:ids))"
_BY_ALIAS = """
SELECT articles.id FROM articles, json_each(articles.aliases) AS part
WHERE json_extract(part.value, '$.id') IN (SELECT value FROM json_each(:ids))
"""
_VERSION = "SELECT 1 FROM versions WHERE id IN (SELECT value FROM json_each(:ids)) AND content_sha256 = :content_sha256"


def held_ids(release: Path, ids: Collection[str]) -> frozenset[str]:
    """The ids, in this release, of the articles that have one of these ids at one of their addresses. Raises ArchiveError."""
    with _asked(release) as db:
        return _held_ids(db, ids)


def newest_with(folder: ReleasesFolder, ids: Collection[str], content_sha256: str) -> Manifest | None:
    """The newest release that has this version of the article with one of these ids; None: no release has it. Raises ArchiveError,
    NoSuchRelease."""
    name = next((name for name in folder.newest_first() if _has_version(folder.path(name), ids, content_sha256)), None)
    return folder.manifest(name) if name is not None else None


def _has_version(release: Path, ids: Collection[str], content_sha256: str) -> bool:
    with _asked(release) as db:
        held = _held_ids(db, ids)
        if not held or data_files.is_plain_table(db, "versions"):
            values = {"ids": json.dumps(sorted(held)), "content_sha256": content_sha256}
            return bool(held) and db.execute(_VERSION, values).fetchone() is not None
    # A release of format 1 has its versions in a text file alone.
    return any(row["id"] in held and row["content_sha256"] == content_sha256 for row in released_versions(release))


def _held_ids(db: sqlite3.Connection, ids: Collection[str]) -> frozenset[str]:
    values = {"ids": json.dumps(sorted(ids))}
    return frozenset(id_ for query in (_BY_ID, _BY_ALIAS) for (id_,) in db.execute(query, values))


@contextmanager
def _asked(release: Path) -> Iterator[sqlite3.Connection]:
    """The database of a release. Raises ArchiveError."""
    path = release / contents.SQLITE
    try:
        with data_files.database(path) as db:
            if not data_files.is_plain_table(db, "articles"):
                raise ArchiveError(path, N_("there is no table `articles`"))
            yield db
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        raise ArchiveError(path, N_("cannot be read: {error}", error=error)) from error


def releases_with(folder: ReleasesFolder, ids: Collection[str]) -> list[str]:
    """The releases that have one of these articles, by name; also those that cannot be read."""

    def may_have(name: str) -> bool:
        try:
            return bool(held_ids(folder.path(name), ids))
        except ArchiveError:
            return True

    return [name for name in folder.names() if may_have(name)]
