"""Where the records of a WARC file begin and end, whatever happened to the file.

A `.warc.gz` is a row of gzip members, one for each record; a `.warc` is the records themselves. Where one cannot be
read, the next that can is looked for, and what lies between is named as damage.
"""

import functools
import os
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import DamagedRecord
from ..messages.text import N_

RECORD_LIMIT = 256 * 1024 * 1024  # a record is held in memory; a bomb in somebody's WARC must not fill it
LONGEST_HEAD = 64 * 1024  # bytes of a record's header; a few hundred are usual
LENGTH_DIGITS = 18  # of a Content-Length: more bytes than any file has
_GZIP = b"\x1f\x8b\x08"
_WINDOW = 1 << 20
Buffer = bytes | memoryview
_AHEAD = 1 << 18
"""Bytes that are read at once where records are read one behind the other."""
_PLAIN_START = re.compile(rb"\n(WARC/\d\.\d+\r?\n)")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d+)[ \t]*\r?\n", re.IGNORECASE)
HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Damage:
    """A place in a file of the archive that cannot be trusted."""

    path: Path
    offset: int
    reason: str
    tail: bool = False
    """Nothing whole stands behind it: what a crawl leaves that was killed while it wrote."""

    def error(self) -> DamagedRecord:
        """The same as an error, for those who cannot go on."""
        return DamagedRecord(self.path, self.reason, self.offset)


Report = Callable[[Damage], None]


@dataclass(frozen=True, slots=True)
class Frame:
    """One record as it stands in the file, uncompressed."""

    offset: int
    end: int
    """Where the next one begins."""
    data: bytes
    is_passed_over: bool = False
    """Whether its data was left out."""


def frame_at(file: int, offset: int, zipped: bool, passed_over: bytes | None = None) -> Frame | str:
    """The record that begins at this byte of an open file, or what is wrong with it.

    `passed_over`: a header line; the data of a zipped record with it is left out, so that it is not held in memory.
    """
    return _member(functools.partial(os.pread, file), offset, passed_over) if zipped else _plain(file, offset)


def is_zipped(file: int, path: Path) -> bool:
    """By its first bytes; by its name where these are gone."""
    start = os.pread(file, 5, 0)
    return start[:2] == _GZIP[:2] or (start != b"WARC/" and path.suffix == ".gz")


def frames(file: int, path: Path, report: Report, passed_over: bytes | None = None) -> Iterator[Frame]:
    """All records of an open file that can be read, in file order.

    `passed_over`: see `frame_at`; these records are checked as far as gzip does it, and are not given.
    """
    zipped = is_zipped(file, path)
    read = _Ahead(file).read
    at = 0
    while read(1, at):
        match _member(read, at, passed_over) if zipped else _plain(file, at):
            case Frame() as frame:
                if not frame.is_passed_over:
                    yield frame
                at = frame.end
            case reason:
                following = _next_member(file, at + 1) if zipped else _next_plain(file, at + 1)
                report(Damage(path, at, reason, tail=following is None))
                if following is None:
                    return
                at = following


class _Ahead:
    """Reads an open file ahead, so that many short records take one call of the system."""

    def __init__(self, file: int) -> None:
        self._file, self._start, self._data = file, 0, memoryview(b"")

    def read(self, size: int, at: int) -> memoryview:
        """The bytes from this one on, as `os.pread` gives them."""
        begin = at - self._start
        if begin < 0 or begin + size > len(self._data):
            self._data, self._start, begin = memoryview(os.pread(self._file, max(size, _AHEAD), at)), at, 0
        return self._data[begin : begin + size]


def _member(read: Callable[[int, int], Buffer], offset: int, passed_over: bytes | None = None) -> Frame | str:
    raw = read(16 * 1024, offset)
    if not _GZIP.startswith(bytes(raw[: len(_GZIP)])):
        return N_("no gzip member begins here")
    unzip = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    at, size = offset, 0
    is_passed_over = False
    while not unzip.eof:
        raw = raw or read(256 * 1024, at)
        if not raw:
            return N_("the file ends within a gzip member")
        try:
            part = unzip.decompress(raw, RECORD_LIMIT)
        except zlib.error as error:
            return N_("gzip: {error}", error=error)
        if not size and passed_over is not None:
            end = part.find(b"\r\n\r\n")
            is_passed_over = part.find(passed_over, 0, end if end >= 0 else len(part)) >= 0
        if not is_passed_over:
            parts.append(part)
        size += len(part)
        if size > RECORD_LIMIT or unzip.unconsumed_tail:
            return N_("the record is larger than {record_limit} bytes", record_limit=RECORD_LIMIT)
        at += len(raw)
        raw = b""
    return Frame(offset, at - len(unzip.unused_data), b"".join(parts), is_passed_over)


def _next_member(file: int, start: int) -> int | None:
    """The next byte at which a gzip member begins that holds a record: three bytes alone may be anybody's."""
    at = start
    while window := os.pread(file, _WINDOW, at):
        found = window.find(_GZIP)
        while found >= 0:
            if _begins_record(file, at + found):
                return at + found
            found = window.find(_GZIP, found + 1)
        if len(window) < _WINDOW:
            return None
        at += _WINDOW - len(_GZIP) + 1
    return None


def _begins_record(file: int, offset: int) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(os.pread(file, 4096, offset), 5) == b"WARC/"
    except zlib.error:
        return False


def _plain(file: int, offset: int) -> Frame | str:
    head = os.pread(file, LONGEST_HEAD, offset)
    if not head.startswith(b"WARC/"):
        return N_("the file ends within a record") if b"WARC/".startswith(head) else N_("no record begins here")
    end = HEAD_END.search(head)
    if end is None:
        return (
            N_("the file ends within a record header")
            if len(head) < LONGEST_HEAD
            else N_("the record header has no end")
        )
    length = _LENGTH.search(head, 0, end.end())
    if length is None:
        return N_("the record has no Content-Length")
    if len(length[1]) > LENGTH_DIGITS or int(length[1]) > RECORD_LIMIT:
        return N_("the record is larger than {record_limit} bytes", record_limit=RECORD_LIMIT)
    total = end.end() + int(length[1])
    data = os.pread(file, total, offset) if total > len(head) else head[:total]
    if len(data) < total:
        return N_("the file ends within a record")
    behind = os.pread(file, 8, offset + total)
    if behind[:1] not in (b"\r", b"\n") and behind:
        return N_("what follows the record is not an empty line; is its Content-Length right?")
    return Frame(offset, offset + total + len(behind) - len(behind.lstrip(b"\r\n")), data)


def _next_plain(file: int, start: int) -> int | None:
    at = start - 1  # the line end before a record is part of what is looked for
    while window := os.pread(file, _WINDOW, at):
        if found := _PLAIN_START.search(window):
            return at + found.start(1)
        if len(window) < _WINDOW:
            return None
        at += _WINDOW - 16
    return None
