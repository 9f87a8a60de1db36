"""The file of the catalog: created, opened, checked. It is never deleted or migrated: a file of an older version is emptied, one of a
newer version set aside, and folded again in one transaction, so readers see the old catalog until the new one is complete."""

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from ..errors import CannotWrite, CatalogUnusable
from ..messages.text import N_
from .integrity import damage

VERSION = 4
"""Incremented when schema.sql or the meaning of its columns changes."""
APPLICATION = 0x67646670  # "gdfp": tells our files from those of other programs
PATIENCE = 30.0
"""Seconds to wait for another writer."""

_TEMPORARY = (
    "CREATE TEMP TABLE IF NOT EXISTS dirty (n INTEGER PRIMARY KEY, alone INTEGER)",  # addresses with new facts
    "CREATE TEMP TABLE IF NOT EXISTS stale (n INTEGER PRIMARY KEY, once INTEGER)",  # articles to be recomputed
)


@contextlib.contextmanager
def writing(path: Path, *, rebuild: bool = False) -> Iterator[sqlite3.Connection]:
    """The catalog for a fold: one transaction, committed if the block ends well. Created if there is none.

    A file of a newer version of the program is renamed. `rebuild`: emptied first; a file that cannot be opened is renamed.
    Raises CatalogUnusable if the file is not a catalog, is damaged or locked by another process, CannotWrite if the
    disk refuses.
    """
    db = _open(path)
    if _is_newer(db, path):
        db.close()
        set_aside(path)
        db = _open(path)
    try:
        empty = _check(db, path) or rebuild
        if rebuild:
            _check_pages(db, path)
    except CatalogUnusable as error:
        db.close()
        if not rebuild or error.held:
            raise
        set_aside(path)
        db, empty = _open(path), True
    try:
        with _translated_errors(path):
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")  # a power cut may lose the last fold, but not the file
            db.execute("PRAGMA cache_size = -16384")
            db.execute("PRAGMA secure_delete = OFF")
            db.execute("PRAGMA temp_store = MEMORY")  # some bytes an address
            # A table that foreign keys refer to cannot be dropped; foreign keys are checked below.
            db.execute(f"PRAGMA foreign_keys = {'OFF' if empty else 'ON'}")
            db.execute("BEGIN IMMEDIATE")
            if empty:
                _empty(db)
            for statement in _TEMPORARY:
                db.execute(statement)
            yield db
            if empty and (broken := db.execute("PRAGMA foreign_key_check").fetchone()):
                raise sqlite3.IntegrityError(
                    N_(
                        "foreign key of {table}, row {row}, to {target}",
                        table=broken[0],
                        row=broken[1],
                        target=broken[2],
                    )
                )
            db.execute("COMMIT")
    finally:
        db.close()  # rolls back without COMMIT


def reading(path: Path) -> sqlite3.Connection:
    """The catalog, read-only. Raises CatalogUnusable, also if there is none yet or it is of another version."""
    if not path.exists():
        raise CatalogUnusable(path, N_("there is no catalog yet: run `gdfupin catalog`"))
    with _translated_errors(path):
        uri = f"{path.absolute().as_uri()}?{_access(path)}"
        db = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
        db.execute("PRAGMA query_only = ON")
    try:
        if _check(db, path):
            raise CatalogUnusable(
                path, N_("it is of another version: run `gdfupin catalog` to fold it again"), outdated=True
            )
    except CatalogUnusable:
        db.close()
        raise
    return db


def _access(path: Path) -> str:
    """URI parameters to open a catalog read-only.

    The last connection to a file in WAL mode removes `-wal` and `-shm` only if it may write. On a read-only disk neither
    file is needed.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    return "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"


def clear(db: sqlite3.Connection) -> None:
    """Deletes all rows, in a transaction of `writing`."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    for table in (
        "event",
        "version",
        "article",
        "alike",
        "encoding",
        "failure",
        "listed",
        "absence",
        "gone_page",
        "page",
        "sighting",
        "content",
        "address",
    ):
        db.execute(f"DELETE FROM {table}")
    for table in ("folded", "crawl", "meta", "dirty", "stale"):
        db.execute(f"DELETE FROM {table}")


def _open(path: Path) -> sqlite3.Connection:
    with _translated_errors(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite(path.parent, error.strerror or str(error)) from error
        return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)


def _check(db: sqlite3.Connection, path: Path) -> bool:
    """Whether the file must be emptied first: it is new, or of another version. Raises CatalogUnusable."""
    with _translated_errors(path):
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION:
        raise CatalogUnusable(path, N_("it is a database of another program"))
    return not tables or int(version) != VERSION


def _is_newer(db: sqlite3.Connection, path: Path) -> bool:
    """Whether a newer version of the program made the file. False for a file that cannot be opened."""
    try:
        with _translated_errors(path):
            (application,) = db.execute("PRAGMA application_id").fetchone()
            (version,) = db.execute("PRAGMA user_version").fetchone()
    except CatalogUnusable:
        return False
    return application == APPLICATION and int(version) > VERSION


def _check_pages(db: sqlite3.Connection, path: Path) -> None:
    """Raises CatalogUnusable for damage inside a file that opens well; it could not even be emptied."""
    with _translated_errors(path):
        found = damage(db, "quick_check")
    if found is not None:
        raise CatalogUnusable(path, found)


def _empty(db: sqlite3.Connection) -> None:
    """Drops everything and creates our tables. Foreign keys are off."""
    for kind in ("trigger", "view", "table"):
        names = db.execute("SELECT name FROM sqlite_master WHERE type = ? AND name NOT LIKE 'sqlite_%'", (kind,))
        for (name,) in names.fetchall():
            db.execute(f'DROP {kind} "{name}"')
    statement = ""
    for line in files(__package__).joinpath("schema.sql").read_text("utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {VERSION}")


def set_aside(path: Path) -> None:
    """Renames the file with its `-wal` and `-shm`, to `catalog.sqlite.aside-1` and so on."""
    aside = next(name for n in itertools.count(1) if not (name := path.with_name(f"{path.name}.aside-{n}")).exists())
    try:
        for end in ("-wal", "-shm", ""):
            part = path.with_name(path.name + end)
            if part.exists():
                part.rename(aside.with_name(aside.name + end))
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error


@contextlib.contextmanager
def _translated_errors(path: Path) -> Iterator[None]:
    """Translates errors of SQLite into ours; IntegrityError and the like, which are bugs, stay."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")):
            raise CannotWrite(path, f"{error} ({name})") from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise CatalogUnusable(path, N_("another process has locked it; wait for it to end"), held=True) from error
        if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            raise CatalogUnusable(
                path, N_("{error}; check the permissions of the file", error=error), held=True
            ) from error
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_FORMAT")):
            raise CatalogUnusable(
                path,
                N_("{error}. It was not changed; `gdfupin catalog --rebuild` renames it and folds again", error=error),
            ) from error
        raise
