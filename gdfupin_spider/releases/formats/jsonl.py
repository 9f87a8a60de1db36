"""JSON Lines, gzipped or plain: the canonical form, with which all others are compared."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from ... import data_files
from ...errors import ArchiveError
from ...messages.text import N_, as_string

LEVEL = 6
_encoder = msgspec.json.Encoder(enc_hook=as_string)


class JsonLinesWriter:
    """Writes a file; compressed if the name ends in `.gz`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._raw = path.open("wb")
        self._zip = gzip.GzipFile("", "wb", LEVEL, self._raw, mtime=0) if path.suffix == ".gz" else None
        self._digest = hashlib.sha256()
        self.rows = 0

    @property
    def lines_sha256(self) -> str:
        """Of all lines so far, uncompressed."""
        return self._digest.hexdigest()

    def write(self, records: Sequence[Mapping[str, object]]) -> None:
        data = b"".join([_encoder.encode(record) + b"\n" for record in records])
        self._digest.update(data)
        (self._zip or self._raw).write(data)
        self.rows += len(records)

    def close(self) -> None:
        try:
            if self._zip is not None:
                self._zip.close()
        finally:
            self._raw.close()

    abandon = close


def compact(value: object) -> str:
    """A record as its canonical line, without the line end: the bytes that `json` gives without ASCII escapes and blanks.

    >>> compact({"title": "扶贫“要闻”\\n", "version": 1, "places": []})
    '{"title":"扶贫“要闻”\\\\n","version":1,"places":[]}'
    """
    return _encoder.encode(value).decode()


def read_lines(path: Path) -> Iterator[str]:
    """The lines without their ends. Raises ArchiveError if the file is damaged or missing."""
    try:
        with data_files.unpacked(path) as file:
            for line in data_files.lines(file):
                yield line.decode().rstrip("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise ArchiveError(path, N_("cannot be read: {error}", error=error)) from error
