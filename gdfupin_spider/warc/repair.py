"""A damaged WARC file without its damage: every whole record stays at its byte, so that whatever refers to it holds."""

import struct
import uuid
import zlib
from collections.abc import Container
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from .record import records

_CHUNK = 1 << 20


def mend(path: Path, draft: Path, bad: Container[int], aside: str) -> list[tuple[int, int]]:
    """Writes a mended copy to `draft` and returns what was taken out: where each stretch begins and ends.

    `bad`: bytes at which records begin that read well and may not stay: a digest does not hold, a payload is gone.
    A stretch in the middle becomes a `metadata` record of the same length that says so (one too short for that stays
    as it is); what is torn at the end is cut off. `aside`: name under which the damaged file is kept. Raises ArchiveError where the file cannot be opened, OSError.
    """
    size, at = path.stat().st_size, 0
    gaps: list[tuple[int, int]] = []
    for record in records(path, lambda damage: None):
        if record.offset in bad:
            continue
        if record.offset > at:
            gaps.append((at, record.offset))
        at = record.end
    with path.open("rb") as old, draft.open("xb") as new:
        taken: list[tuple[int, int]] = []
        for start, end in gaps:
            _copy(old, new, start)
            stand_in = _stand_in(aside, start, end - start)
            if stand_in is not None:
                new.write(stand_in)
                old.seek(end)
                taken.append((start, end))
        _copy(old, new, at)
        if at < size:
            taken.append((at, size))
    return taken


def _copy(old: BinaryIO, new: BinaryIO, upto: int) -> None:
    while chunk := old.read(min(_CHUNK, upto - old.tell())):
        new.write(chunk)


def _stand_in(aside: str, start: int, length: int) -> bytes | None:
    """A record of just this length, None where it is too short for one."""
    note = f"bytes {start} to {start + length} could not be read; they are kept beside this file, in {aside}\n"
    head = "\r\n".join([
        "WARC/1.1",
        "WARC-Type: metadata",
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid4()}>",
        f"WARC-Date: {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Content-Type: text/plain",
        f"Content-Length: {len(note)}",
    ])  # fmt: skip
    whole = f"{head}\r\n\r\n{note}\r\n\r\n".encode()
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = deflate.compress(whole) + deflate.flush()
    spare = length - (10 + 1 + len(data) + 8)
    if spare < 0:
        return None
    # The comment in a gzip header may be as long as one likes, and readers pass it over.
    start_of_member = b"\x1f\x8b\x08\x10\0\0\0\0\0\xff"
    return start_of_member + b"." * spare + b"\0" + data + struct.pack("<LL", zlib.crc32(whole), len(whole))
