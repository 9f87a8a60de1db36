"""Files that may come from a stranger, opened as data: regular files only, within limits.

Every refusal is an OSError with a `strerror` for people, so that a reader treats it as a file that cannot be read.
"""

import errno
import gzip
import json
import os
import re
import sqlite3
import stat
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, cast

from .messages.text import N_

LONGEST_LINE = 64_000_000
"""Bytes of a line of JSON Lines: six times the longest page that is read."""
PAGE = 100_000_000
"""Bytes of a saved page; a crawl cuts pages far below."""
SETTINGS = 1_000_000
"""Bytes of a file that people write: a profile, the operator's settings."""
METADATA = 64_000_000
"""Bytes of a file that programs write about others: a manifest, digests, a report."""
_TOO_NESTED = re.compile(rb"""(?:[\[{]\s*){40}|(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){40}""")
"""Nested values and dotted keys: the parser of TOML takes time and stack for each level."""
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISLNK, N_("a symbolic link")),
    (stat.S_ISSOCK, "a socket"),
)


def opened(path: Path, *, follow_links: bool = True) -> BufferedReader:
    """A regular file, open for reading. Raises OSError, also for a pipe or a device, without waiting for it.

    `follow_links`: a symbolic link is opened; False for files whose names come from a stranger's folder.
    """
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | (0 if follow_links else os.O_NOFOLLOW)
    try:
        number = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ELOOP and path.is_symlink() and not follow_links:
            raise OSError(errno.ELOOP, N_("it is a symbolic link, not a file"), str(path)) from None
        raise
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "a device")
        raise OSError(errno.EINVAL, N_("it is {kind}, not a file", kind=kind), str(path))
    return os.fdopen(number, "rb")


@contextmanager
def unpacked(path: Path) -> Iterator[BinaryIO]:
    """A regular file, decompressed where it begins as gzip. Raises OSError; reading raises EOFError or zlib.error, too."""
    with opened(path) as file:
        if file.peek(2)[:2] != b"\x1f\x8b":
            yield file
            return
        with gzip.open(file, "rb") as inner:
            yield cast(BinaryIO, inner)


def content(path: Path, limit: int, *, follow_links: bool = True) -> bytes:
    """The bytes of a regular file. Raises OSError, also if it has more than `limit` bytes."""
    with opened(path, follow_links=follow_links) as file:
        return limited(file, limit)


def limited(file: BinaryIO, limit: int) -> bytes:
    """The rest of a file or pipe. Raises OSError if it has more than `limit` bytes."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, N_("it is longer than {limit} MB", limit=limit // 1_000_000))
    return data


def lines(file: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """The lines of a file with their ends. Raises OSError for a longer one."""
    while line := file.readline(longest + 1):
        if len(line) > longest:
            raise OSError(errno.EFBIG, N_("a line is longer than {longest} MB", longest=longest // 1_000_000))
        yield line


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """An SQLite file, for reading. Its schema is not trusted: no function of it has an effect. Raises OSError,
    sqlite3.DatabaseError."""
    opened(path).close()  # SQLite waits for a pipe
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_LINE)
        db.execute("PRAGMA trusted_schema = OFF")
        yield db


def is_plain_table(db: sqlite3.Connection, name: str) -> bool:
    """Whether rows of a table are what the file holds: no view, which may compute for ever, no virtual table."""
    rows = db.execute("SELECT type, sql FROM sqlite_schema WHERE name = ?", (name,)).fetchall()
    return [kind for kind, _ in rows] == ["table"] and not rows[0][1].upper().startswith("CREATE VIRTUAL")


def toml(data: bytes) -> dict[str, Any]:
    """The table of a TOML file. Raises ValueError with a reason for people."""
    if _TOO_NESTED.search(data):
        raise ValueError(N_("has too many nested values or keys"))
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(N_("is not UTF-8 at byte {start}", start=error.start)) from None
    except (ValueError, RecursionError) as error:
        raise ValueError(N_("is not TOML: {error}", error=error)) from None


def json_value(data: bytes | str) -> object:
    """A value from JSON. Raises ValueError, also for values that are nested too deep."""
    try:
        value: object = json.loads(data)
    except RecursionError:
        raise ValueError(N_("has too many nested values")) from None
    return value
