"""JSON Lines files: written by whole lines, read with damage reported as data."""

import contextlib
import hashlib
import logging
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from .. import data_files
from ..errors import ArchiveError, CannotWrite
from ..items import WrongShape, decode
from ..messages.text import N_
from ..warc import Damage, Report
from .durable import refusals, sync_folder

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seal:
    """What a finished line file must be from then on."""

    lines: int
    bytes: int
    sha256: str


class LineFile:
    """An append-only file of JSON lines; a line is written whole or not at all."""

    def __init__(self, path: Path, held: int = 0) -> None:
        """Creates the file, which must not exist. Raises CannotWrite.

        `held`: bytes of lines that are kept until there are more, for a file that counts only when it is complete.
        """
        self.path = path
        self.count = 0
        self._size = self._synced = 0
        self._hash = hashlib.sha256()
        self._most_held, self._held = held, bytearray()
        with refusals(path):
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def append(self, line: bytes) -> None:
        """Writes a line, given without its end, in one write. Raises CannotWrite, and then removes what was written of it."""
        self._held += line
        self._held += b"\n"
        if len(self._held) > self._most_held:
            self._write()
        self.count += 1

    def _write(self) -> None:
        data, self._held = bytes(self._held), bytearray()
        if self._file < 0:
            raise CannotWrite(self.path, N_("the file is closed"))
        with refusals(self.path):
            written = os.write(self._file, data)
            if written < len(data):
                self._take_back()
                raise CannotWrite(
                    self.path,
                    N_(
                        "the disk took {written} of {data} bytes of a line; is it full?",
                        written=written,
                        data=len(data),
                    ),
                )
        self._size += len(data)
        self._hash.update(data)

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._file, self._size)
        except OSError:
            # Half a line remains. Nothing may follow it, as `lines` stops there.
            os.close(self._file)
            self._file = -1
            raise

    def seal(self) -> Seal:
        """The seal of the lines until now. Raises CannotWrite."""
        if self._held:
            self._write()
        return Seal(self.count, self._size, self._hash.hexdigest())

    def sync(self) -> None:
        """Forces the lines to the disk."""
        if self._held:
            self._write()
        if self._synced < self._size and self._file >= 0:
            with refusals(self.path):
                os.fsync(self._file)
            self._synced = self._size

    def close(self) -> None:
        """Syncs and closes the file; can be called again."""
        if self._file >= 0:
            try:
                self.sync()
            finally:
                os.close(self._file)
                self._file = -1


def append_whole(path: Path, lines: Iterable[str]) -> None:
    """Appends lines to a file that persons' decisions are kept in: all in one write, forced to the disk.

    Raises CannotWrite; then none of them is in the file.
    """
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace")
    if not data:
        return
    with refusals(path):
        new = not path.exists()
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            size = os.fstat(file).st_size
            if size and os.pread(file, 1, size - 1) != b"\n":
                data = b"\n" + data  # half a line of an interrupted write stays alone, as one damaged line
            written = os.write(file, data)
            if written < len(data):
                os.ftruncate(file, size)
                raise CannotWrite(
                    path, N_("the disk took {written} of {data} bytes; is it full?", written=written, data=len(data))
                )
            os.fsync(file)
        finally:
            os.close(file)
    if new:
        sync_folder(path.parent)


def lines(path: Path, damage: Report | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The whole lines of a file, each with its byte offset; none if the file does not exist.

    Half a last line, as a killed crawl leaves it, is skipped (`Damage.tail`), and so is any other line that is not a JSON
    object. Both are passed to `damage`, or logged.
    """
    report = damage or _log
    if not path.exists():
        return
    offset = 0
    with data_files.opened(path) as file:
        for line in data_files.lines(file):
            if not line.endswith(b"\n"):
                report(Damage(path, offset, N_("half a last line"), tail=True))
                return
            try:
                record = data_files.json_value(line)
            except ValueError as error:
                report(Damage(path, offset, N_("not JSON: {error}", error=error)))
            else:
                if isinstance(record, dict):
                    yield offset, record
                else:
                    report(Damage(path, offset, N_("not a JSON object")))
            offset += len(line)


def records(path: Path, kind: type[T]) -> Iterator[T]:
    """The lines of a file as records. Lines that are damaged or of another shape are skipped."""
    for _, line in lines(path, lambda damage: None):
        with contextlib.suppress(WrongShape):
            yield decode(kind, line)


def line_at(path: Path, offset: int) -> dict[str, Any]:
    """The record whose line begins at a byte. Raises ArchiveError where there is none."""
    try:
        with data_files.opened(path) as file:
            file.seek(offset)
            record = data_files.json_value(next(data_files.lines(file), b""))
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    except ValueError as error:
        raise ArchiveError(path, N_("no line of JSON: {error}; run `gdfupin verify`", error=error), offset) from error
    if not isinstance(record, dict):
        raise ArchiveError(path, N_("no JSON object; run `gdfupin verify`"), offset)
    return record


def seal_of_file(path: Path) -> Seal:
    """The seal of a line file on the disk."""
    with path.open("rb") as file:
        lines = sum(1 for _ in file)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Seal(lines, file.tell(), digest)


def _log(damage: Damage) -> None:
    log.warning("%s at byte %d: %s; skipped", damage.path, damage.offset, damage.reason)
