"""The lock of an output folder, so that one crawl writes to it at a time."""

import errno
import fcntl
import json
import os
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from .. import clock
from ..errors import CannotWrite, CrawlRunning


class OutputLock:
    """Keeps a second crawl off one output. The kernel's lock, not the file, is what counts: it ends with its process.

    >>> import tempfile
    >>> with OutputLock(Path(tempfile.mkdtemp()), "a test"):
    ...     pass
    """

    def __init__(self, output: Path, what: str = "a crawl") -> None:
        """`what`: who the next one who comes is told about, such as the name of the crawl."""
        self._output, self._what = output, what
        self._since = ""
        self._file = -1

    def __enter__(self) -> Self:
        """Raises CrawlRunning where another holds the lock, CannotWrite where there can be none."""
        path = self._output / ".lock"
        try:
            self._output.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotWrite(path, error.strerror or str(error)) from error
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # perhaps only `holder` that looked just now
                time.sleep(0.05)
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(os.pread(file, 1000, 0))
            os.close(file)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise CrawlRunning(self._output, holder) from None
            raise CannotWrite(path, error.strerror or str(error)) from error
        self._file = file
        self._since = clock.stamp()
        self.name(self._what)
        return self

    def name(self, what: str) -> None:
        """Says what holds the lock from now on."""
        holder = {"pid": os.getpid(), "what": what, "since": self._since, "host": socket.gethostname()}
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(holder).encode() + b"\n", 0)
        except OSError as error:
            raise CannotWrite(self._output / ".lock", error.strerror or str(error)) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The file stays: to remove it would let two crawls lock two files of one name.
        os.close(self._file)
        self._file = -1


def holder(output: Path) -> dict[str, Any] | None:
    """Who holds the lock of an output now (`what`, `pid`, `host`, `since`; empty where it has not said so yet), or None.

    Nothing is written. To know, it takes the lock itself for a moment, which OutputLock allows for.
    """
    try:
        file = os.open(output / ".lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        try:
            said = json.loads(os.pread(file, 1000, 0))
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}
    finally:
        os.close(file)
    return None


def _holder(content: bytes) -> str:
    try:
        said = json.loads(content)
        return f"{said['what']}, pid {said['pid']} on {said['host']}, since {said['since']}"
    except (ValueError, KeyError, TypeError):
        return "it has not said who it is yet"
