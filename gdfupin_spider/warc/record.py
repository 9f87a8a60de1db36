"""One WARC record: named fields and a block of bytes."""

import io
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecordLoader  # type: ignore[import-untyped]

from .. import data_files
from ..errors import ArchiveError, DamagedRecord
from ..messages.text import N_
from .frames import HEAD_END, LENGTH_DIGITS, LONGEST_HEAD, Damage, Frame, Report, frame_at, frames, is_zipped

PURPOSE = "Gdfupin-Purpose"
ORIGIN = "Gdfupin-Origin"
REFERS_TO = "Gdfupin-Refers-To"
SOURCE = "Gdfupin-Source"
"""Our own fields (the standard lets readers ignore those they do not know): what the crawl fetched it as; where the
bytes came from unless live; file and offset of the record that holds a revisit's payload; file and record that a copy
was made of."""
SOURCE_URI = "WARC-Source-URI"
"""Address at which a web archive replayed the record; pywb writes the same field."""

REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

_loader = ArcWarcRecordLoader(verify_http=False, arc2warc=False)
_PLAIN_HEAD = re.compile(rb"WARC/1\.[01]\r\n((?:[A-Za-z-]+: [!-~](?:[ -~]*[!-~])?\r\n)+)\r\n")
"""A record header of one ASCII line a field, as nearly all are: read here at a fifth of the library's time."""
_PIECE = 1 << 18
"""Bytes of a long body that are held at once."""
_PAYS = 0.95
"""Share of its size that a packed body may have at most; else it is stored as it is."""
_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?Z?)?)?)?")
_Fields = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read: the fields are text, the block is untouched."""

    offset: int
    end: int
    fields: Mapping[str, tuple[str, ...]]
    """Values by name in lower case, in file order."""
    block: bytes

    def field(self, name: str) -> str | None:
        """The first value of a field, whatever its case; None where it is absent."""
        values = self.fields.get(name.lower())
        return values[0] if values else None

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a field that may be repeated."""
        return self.fields.get(name.lower(), ())

    @property
    def type(self) -> str:
        """`response`, `request`, `revisit`, `warcinfo` ...; empty where the record has no type."""
        return (self.field("WARC-Type") or "").lower()

    @property
    def url(self) -> str:
        """Empty where the record is about no address."""
        return self.field("WARC-Target-URI") or ""

    @property
    def captured_at(self) -> str | None:
        """WARC-Date in seconds (fractions cut off, what is left out taken as its first); None where it is no date."""
        found = _MOMENT.fullmatch(self.field("WARC-Date") or "")
        if found is None:
            return None
        year, month, day, hour, minute, second = found.groups()
        moment = f"{year}-{month or '01'}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}"
        return f"{moment}Z" if is_moment(moment) else None


def is_moment(text: str) -> bool:
    """Whether this is a time of the calendar.

    >>> is_moment("2012-02-29T00:00:00"), is_moment("2013-02-29T00:00:00")
    (True, False)
    """
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def parse(frame: Frame) -> Record | str:
    """The record in a frame, or what is wrong with it."""
    if not frame.data.startswith(b"WARC/"):
        return N_("no WARC record: it begins in another way") if frame.data else N_("no WARC record: it is empty")
    if HEAD_END.search(frame.data, 0, LONGEST_HEAD) is None:
        return N_("the record header has no end within {longest_head:,} bytes", longest_head=LONGEST_HEAD)
    head = _plain_fields(frame.data) or _fields(frame.data)
    if isinstance(head, str):
        return head
    fields, start = head
    length = fields.get("content-length", (None,))[0]
    if length is None or not (length.isascii() and length.isdigit() and len(length) <= LENGTH_DIGITS):
        return N_("Content-Length is {length!r}", length=length and length[:60])
    stop = start + int(length)
    if stop > len(frame.data):
        return N_("the record says {length} bytes and has {data}", length=length, data=len(frame.data) - start)
    if frame.data[stop : stop + 64].strip(b"\r\n"):
        return N_("more than one record in a gzip member (`warcio recompress` mends that), or a wrong Content-Length")
    return Record(frame.offset, frame.end, fields, frame.data[start:stop])


def _plain_fields(data: bytes) -> tuple[_Fields, int] | None:
    """The fields of a record header and where its block begins; None for a header that only the library reads."""
    head = _PLAIN_HEAD.match(data, 0, LONGEST_HEAD)
    if head is None:
        return None
    fields: _Fields = {}
    for line in head[1].decode("ascii").split("\r\n"):
        name, _, value = line.partition(": ")
        name = name.lower()
        fields[name] = (*fields[name], value) if name in fields else (value,)
    del fields[""]  # behind the last line end
    url = fields.get("warc-target-uri", ("",))[0]
    return None if " " in url or url.startswith("<") else (fields, head.end())


def _fields(data: bytes) -> tuple[_Fields, int] | str:
    """The same of any header, or what is wrong with it."""
    stream = io.BytesIO(data)
    try:
        head = _loader.parse_record_stream(stream, known_format="warc", no_record_parse=True).rec_headers
    except (ArchiveLoadFailed, EOFError) as error:
        return N_("no WARC record: {error}", error=str(error) or "it is empty")
    fields: _Fields = {}
    for name, value in head.headers:
        fields[name.lower()] = (*fields.get(name.lower(), ()), value)
    return fields, stream.tell()


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        opened = data_files.opened(path)
    except OSError as error:
        raise ArchiveError(path, error.strerror or str(error)) from error
    with opened:
        yield opened.fileno()


def records(path: Path, report: Report, without: str | None = None) -> Iterator[Record]:
    """All records of a file that can be read, of every type, in file order. Raises ArchiveError where it is no file.

    `without`: responses that were fetched for this purpose are left out.
    """
    passed_over = f"\r\n{PURPOSE}: {without}\r\n".encode() if without else None
    with _opened(path) as file:
        for frame in frames(file, path, report, passed_over):
            match parse(frame):
                case Record() as record:
                    yield record
                case reason:
                    report(Damage(path, frame.offset, reason))


def record_at(path: Path, offset: int) -> Record:
    """The record that begins at this byte. Raises DamagedRecord where none does that can be read."""
    with _opened(path) as file:
        frame = frame_at(file, offset, is_zipped(file, path))
    record = parse(frame) if isinstance(frame, Frame) else frame
    if isinstance(record, str):
        raise DamagedRecord(path, record, offset)
    return record


def _head(fields: list[tuple[str, str]]) -> bytes:
    return "".join(["WARC/1.1\r\n", *(f"{name}: {value}\r\n" for name, value in fields), "\r\n"]).encode("utf-8")


def member(fields: list[tuple[str, str]], block: bytes) -> bytes:
    """A record as a gzip member. The values must be without line ends."""
    whole = b"%b%b\r\n\r\n" % (_head(fields), block)
    # Level 6: on real pages level 9 takes 1.4 times as long for 0.4 % less. zlib writes no clock and no name into it.
    return zlib.compress(whole, 6, 31)


def long_member(fields: list[tuple[str, str]], begin: bytes, body: BinaryIO) -> Iterator[bytes]:
    """The pieces of a record as a gzip member. Its block is `begin` and the content of a file.

    Pictures and archives are packed already; where packing does not pay, the body is only stored, at ten times the speed.
    """
    body.seek(0)
    sample = body.read(_PIECE)
    level = 1 if len(zlib.compress(sample, 1)) < _PAYS * len(sample) else 0
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    yield packer.compress(_head(fields) + begin + sample)
    while piece := body.read(_PIECE):
        yield packer.compress(piece)
    yield packer.compress(b"\r\n\r\n") + packer.flush()
