"""The index that searches of a release need: that of an archive, built from `articles.sqlite` and kept in a folder for such files."""

import contextlib
import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from .. import data_files
from ..errors import ArchiveError, CannotWrite
from ..messages.text import N_
from ..profiles.gazetteer import PlaceRow
from ..search.index_build import VERSION, IndexedVersion, write_index
from . import contents, manifest
from .edit_table import write_edits
from .manifest import SUMS

_VERSIONS = """
SELECT versions.rowid, versions.id, versions.version, versions.date, versions.first_seen, versions.last_seen, articles.url,
       articles.version = versions.version, articles.status, articles.sections, articles.first_seen, articles.places
FROM versions JOIN articles USING (id)
"""
_RECORD = "SELECT title, body, section, source, author FROM versions WHERE rowid = ?"

RELEASED_VERSION = 3
"""Incremented when what a release gives the index changes: its edits, its reprints, what it does not hold."""
Say = Callable[[str], None]


def index_of(release: Path, cache: Path, say: Say = lambda text: None) -> Path:
    """The index of a release, in `cache`; built once. Raises ArchiveError, CannotWrite."""
    path = cache / f"{_name(release)}.sqlite"
    if path.is_file():
        return path
    say(N_("indexing the release for search"))
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as db:
            _write(db, release, say)
        draft.replace(path)
    except OSError as error:
        raise CannotWrite(error.filename or cache, error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return path


def remove_others(release: Path, cache: Path) -> None:
    """Deletes the indexes of other releases of the same archive: they are large, and may have what was withdrawn."""
    for path in cache.glob(f"{_place(release)}-*.sqlite"):
        if path.name != f"{_name(release)}.sqlite":
            path.unlink(missing_ok=True)


def _place(release: Path) -> str:
    """Of the folder of releases that it is in."""
    return "search-" + hashlib.sha256(bytes(release.absolute().parent)).hexdigest()[:12]


def _name(release: Path) -> str:
    """Of where it is, what is indexed, and how."""
    try:
        sums = data_files.content(release / SUMS, 1_000_000)
    except OSError as error:
        raise ArchiveError(release / SUMS, error.strerror or str(error)) from error
    return f"{_place(release)}-{VERSION}.{RELEASED_VERSION}-{hashlib.sha256(sums).hexdigest()[:24]}"


def _write(db: sqlite3.Connection, folder: Path, say: Say) -> None:
    database, not_held = folder / contents.SQLITE, manifest.load(folder).not_held
    try:
        with data_files.database(database) as release:

            def record_of(row: int) -> Callable[[], Mapping[str, object]]:
                def record() -> Mapping[str, object]:
                    values = release.execute(_RECORD, (row,)).fetchone()
                    return dict(zip(("title", "body", "section", "source", "author"), values, strict=True))

                return record

            found = [
                IndexedVersion(
                    date or "", id_, url, number, bool(is_newest), status,
                    tuple(cast(list[str], data_files.json_value(sections))), first, last, article_first, record_of(row),
                    _names(places) if is_newest else None,
                )
                for row, id_, number, date, first, last, url, is_newest, status, sections, article_first, places in release.execute(_VERSIONS)
            ]  # fmt: skip
            write_index(
                db,
                found,
                {(each.section, each.month): each.articles for each in not_held},
                0,
                None,
                say,
                with_places=True,
            )
            db.execute("BEGIN")  # or SQLite ends a transaction after each row
            write_edits(db, release)
            _write_reprints(db, release)
            db.execute("COMMIT")
    except OSError as error:
        raise ArchiveError(database, error.strerror or str(error)) from error
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        raise ArchiveError(database, N_("it is no database of a release: {error}", error=error)) from error


def _write_reprints(db: sqlite3.Connection, release: sqlite3.Connection) -> None:
    """The groups of reprints of the release, in place of those that `search` would look for: rank 0 is the oldest article."""
    groups: dict[str, int] = {}
    ranks: dict[str, tuple[int, int]] = {}
    sizes: Counter[str] = Counter()
    rows = release.execute(
        "SELECT id, reprint_group FROM articles WHERE reprint_group IS NOT NULL ORDER BY date IS NULL, date, first_seen, id"
    )
    for id_, group in rows:
        ranks[id_] = groups.setdefault(group, len(groups)), sizes[group]
        sizes[group] += 1
    numbers = ((n, *ranks[id_]) for n, id_ in db.execute("SELECT n, id FROM record").fetchall() if id_ in ranks)
    db.executemany("INSERT INTO reprint VALUES (?, ?, ?)", numbers)
    db.execute("UPDATE meta SET value = 'yes' WHERE key = 'reprints'")


def _names(places: str) -> tuple[str, ...]:
    """Of the column `places` of an article, as `names_of_places` gives them."""
    return tuple(sorted({each["name"] for each in cast(list[PlaceRow], data_files.json_value(places))}))
