"""The file of the catalog: made, opened, checked. It is never deleted and never migrated: what is not ours of today is
emptied and folded again within one transaction, so that readers see the old catalog until the new one is whole."""

import contextlib
import itertools
import os
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from ..errors import CannotWrite, CatalogUnusable

VERSION = 2
"""Raised when schema.sql or what it means changes."""
APPLICATION = 0x67646670  # "gdfp", so that another program's file is not taken for ours
PATIENCE = 30.0
"""Seconds to wait for another process that writes."""

_TEMPORARY = (
    "CREATE TEMP TABLE IF NOT EXISTS dirty (n INTEGER PRIMARY KEY, alone INTEGER)",  # addresses with new facts
    "CREATE TEMP TABLE IF NOT EXISTS stale (n INTEGER PRIMARY KEY, once INTEGER)",  # articles to be told again
)


@contextlib.contextmanager
def writing(path: Path, *, rebuild: bool = False) -> Iterator[sqlite3.Connection]:
    """The catalog, to be folded into: one transaction, kept if the block ends well. Made where there is none.

    `rebuild`: emptied first; and a file that cannot be opened is set aside, under a name of its own.
    Raises CatalogUnusable where the file is no catalog, is damaged or is held by another process, CannotWrite where
    the disk refuses.
    """
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
            db.execute("PRAGMA synchronous = NORMAL")  # derived; a power cut may take the last fold, not the file
            db.execute("PRAGMA cache_size = -16384")
            db.execute("PRAGMA secure_delete = OFF")
            db.execute("PRAGMA temp_store = MEMORY")  # some bytes an address
            # A table that others point to cannot be dropped; the check below makes up for it.
            db.execute(f"PRAGMA foreign_keys = {'OFF' if empty else 'ON'}")
            db.execute("BEGIN IMMEDIATE")
            if empty:
                _empty(db)
            for statement in _TEMPORARY:
                db.execute(statement)
            yield db
            if empty and (broken := db.execute("PRAGMA foreign_key_check").fetchone()):
                raise sqlite3.IntegrityError(f"foreign key of {broken[0]}, row {broken[1]}, to {broken[2]}")
            db.execute("COMMIT")
    finally:
        db.close()  # rolls back what was not committed


def reading(path: Path) -> sqlite3.Connection:
    """The catalog, to be read. Raises CatalogUnusable, also where there is none yet or it is another version's."""
    if not path.exists():
        raise CatalogUnusable(path, "there is none yet: run `gdfupin catalog`")
    with _translated_errors(path):
        uri = f"{path.absolute().as_uri()}?{_access(path)}"
        db = sqlite3.connect(uri, uri=True, timeout=PATIENCE, isolation_level=None)
        db.execute("PRAGMA query_only = ON")
    try:
        if _check(db, path):
            raise CatalogUnusable(path, "it is another version's: run `gdfupin catalog`, which folds it again")
    except CatalogUnusable:
        db.close()
        raise
    return db


def _access(path: Path) -> str:
    """How a catalog is opened to be read.

    Whoever closes a file in WAL mode last takes `-wal` and `-shm` away, but only if they might write. Where nobody can,
    as on a disk mounted read-only, there is no need of either.
    """
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return "mode=rw"
    return "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "immutable=1"


def clear(db: sqlite3.Connection) -> None:
    """Takes everything out, within a transaction of `writing`."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    for table in (
        "event",
        "version",
        "article",
        "alike",
        "encoding",
        "failure",
        "listed",
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
    """Whether it must be emptied first: it is new, or an older or newer version's. Raises CatalogUnusable."""
    with _translated_errors(path):
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and application != APPLICATION:
        raise CatalogUnusable(path, "it is a database of another program")
    return not tables or int(version) != VERSION


def _check_pages(db: sqlite3.Connection, path: Path) -> None:
    """A file may open well and be damaged farther in; then it cannot even be emptied. Raises CatalogUnusable."""
    with _translated_errors(path):
        (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise CatalogUnusable(path, found)


def _empty(db: sqlite3.Connection) -> None:
    """Drops whatever there is and makes our tables. Foreign keys are off."""
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
    """Renames the file and what belongs to it; whoever wants to look finds it."""
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
    """SQLite's errors in our words. A broken promise of our own (IntegrityError and the like) is not among them."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")):
            raise CannotWrite(path, f"{error} ({name})") from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise CatalogUnusable(path, "another process holds it; wait for it to end", held=True) from error
        if name.startswith(("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            raise CatalogUnusable(path, f"{error}; look at the permissions of the file", held=True) from error
        if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_FORMAT")):
            raise CatalogUnusable(
                path, f"{error}. It was left as it is; `gdfupin catalog --rebuild` sets it aside and folds again"
            ) from error
        raise
