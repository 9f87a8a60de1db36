"""Which articles a release has, asked of its database by id."""

import json
import sqlite3
from collections.abc import Collection
from pathlib import Path

from .. import data_files
from ..errors import ArchiveError
from . import contents
from .folder import ReleasesFolder

_BY_ID = "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(:ids))"
_BY_ALIAS = """
SELECT articles.id FROM articles, json_each(articles.aliases) AS part
WHERE json_extract(part.value, '$.id') IN (SELECT value FROM json_each(:ids))
"""


def held_ids(release: Path, ids: Collection[str]) -> frozenset[str]:
    """The ids, in this release, of the articles that have one of these ids at one of their addresses. Raises ArchiveError."""
    path, values = release / contents.SQLITE, {"ids": json.dumps(sorted(ids))}
    try:
        with data_files.database(path) as db:
            if not data_files.is_plain_table(db, "articles"):
                raise ArchiveError(path, "there is no table `articles`")
            return frozenset(id_ for query in (_BY_ID, _BY_ALIAS) for (id_,) in db.execute(query, values))
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    except sqlite3.Error as error:
        raise ArchiveError(path, f"cannot be read: {error}") from error


def releases_with(folder: ReleasesFolder, ids: Collection[str]) -> list[str]:
    """The releases that have one of these articles, by name; also those that cannot be read."""

    def may_have(name: str) -> bool:
        try:
            return bool(held_ids(folder.path(name), ids))
        except ArchiveError:
            return True

    return [name for name in folder.names() if may_have(name)]
