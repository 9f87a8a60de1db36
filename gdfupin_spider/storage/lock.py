"""The lock of an output folder, so that one process writes to it at a time, and the record of who holds it."""

import errno
import fcntl
import json
import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from .. import clock
from ..errors import CannotWrite, CrawlRunning
from ..items import as_dict, decode
from ..messages.text import N_

LOCK = ".lock"
"""Name of the file in the output."""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """The process that holds a lock, as it wrote itself into the file. All are None until it has written."""

    pid: int | None = None
    what: str | None = None
    """Name of the running crawl, or a command."""
    since: str | None = None
    """UTC."""
    host: str | None = None

    def __str__(self) -> str:
        return str(self.sentence())

    def sentence(self) -> str:
        """Who it is, for people."""
        if self.what is None:
            return N_("it has not written its name yet")
        return N_(
            "{what}, pid {pid} on {host}, since {since}", what=self.what, pid=self.pid, host=self.host, since=self.since
        )


class OutputLock:
    """Excludes a second writer from an output. It is a lock of the kernel (flock), so it ends with its process.

    >>> import tempfile
    >>> with OutputLock(Path(tempfile.mkdtemp()), "a test"):
    ...     pass
    """

    def __init__(self, output: Path, what: str = "a crawl", file: str = LOCK) -> None:
        """`what`: name of the holder in messages to others, such as the name of the crawl. `file`: of another lock in the output."""
        self._output, self._what, self._path = output, what, output / file
        self._since = ""
        self._file = -1

    def __enter__(self) -> Self:
        """Raises CrawlRunning where another holds the lock, CannotWrite where there can be none."""
        path = self._path
        try:
            self._output.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotWrite(path, error.strerror or str(error)) from error
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # perhaps `holder` in another process has it for a moment
                time.sleep(0.05)
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            other = _decode(os.pread(file, 1000, 0))
            os.close(file)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise CrawlRunning(self._output, str(other)) from None
            raise CannotWrite(path, error.strerror or str(error)) from error
        self._file = file
        self._since = clock.stamp()
        self.name(self._what)
        return self

    def name(self, what: str) -> None:
        """Changes the name of the holder."""
        holder = LockHolder(os.getpid(), what, self._since, socket.gethostname())
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(as_dict(holder)).encode() + b"\n", 0)
        except OSError as error:
            raise CannotWrite(self._path, error.strerror or str(error)) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The file stays: if it were removed, two crawls could lock two files of one name.
        os.close(self._file)
        self._file = -1


def holder(output: Path) -> LockHolder | None:
    """The process that holds the lock of an output now; None where none does. Writes nothing.

    It takes a shared lock for a moment, which OutputLock allows for.
    """
    try:
        file = os.open(output / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _decode(os.pread(file, 1000, 0))
    finally:
        os.close(file)
    return None


def _decode(content: bytes) -> LockHolder:
    """From the content of the file, which may be empty or half written."""
    try:
        return decode(LockHolder, json.loads(content))
    except ValueError:
        return LockHolder()
