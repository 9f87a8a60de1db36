"""Whether SQLite finds damage in a catalog file, without a false alarm of SQLite before 3.41."""

import re
import sqlite3
from typing import Literal

_NULL = re.compile(r"NULL value in (\w+)\.(\w+)")
_ALL = 1_000_000
"""Messages: a real one may come after many false ones."""


def damage(db: sqlite3.Connection, check: Literal["integrity_check", "quick_check"] = "integrity_check") -> str | None:
    """The first problem that SQLite reports and that is real; None for an intact file.

    In a WITHOUT ROWID table whose primary key is not the first columns in order, such as `failure`, SQLite before 3.41 looks
    at the wrong column and reports a NULL value where there is none. A query shows whether the value is there.
    """
    for (message,) in db.execute(f"PRAGMA {check}({_ALL})").fetchall():
        if message == "ok":
            return None
        found = _NULL.fullmatch(message)
        if found is None or _has_null(db, *found.groups()):
            return str(message)
    return None


def _has_null(db: sqlite3.Connection, table: str, column: str) -> bool:
    # IS NULL would be optimized away, as the column is declared NOT NULL
    row = db.execute(f"""SELECT EXISTS (SELECT 1 FROM "{table}" WHERE typeof("{column}") = 'null')""").fetchone()
    return bool(row[0])
