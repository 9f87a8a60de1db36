"""The payload that a revisit refers to: a record of the same folder, and of no other."""

import contextlib
from pathlib import Path

from ..errors import ArchiveError, DamagedRecord
from ..messages.text import N_
from .digests import holds
from .messages import payload_of
from .record import REFERS_TO, Record, record_at, records

_SUFFIXES = (".warc", ".warc.gz")


class Originals:
    """Finds payloads for the revisits of one file.

    Our revisits say in which file and at which byte their payload lies. For those of other tools, this file and then
    its neighbours are searched once, by digest, then by address and date.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, tuple[Path, int]] = {}
        self._unsearched: list[Path] | None = None

    def block(self, revisit: Record) -> bytes:
        """The response of which this is a revisit, as stored. Raises DamagedRecord where it is not in the folder, or is not the one meant."""
        wanted = revisit.field("WARC-Payload-Digest")
        for place in (self._pointed(revisit), self._found(revisit)):
            if place is None:
                continue
            try:
                block = record_at(*place).block
            except ArchiveError:
                continue
            if wanted is None or holds(wanted, payload_of(block)) is not False:
                return block
        raise DamagedRecord(self._path, N_("the payload this revisit refers to is not in its folder"), revisit.offset)

    def _pointed(self, revisit: Record) -> tuple[Path, int] | None:
        name, _, offset = (revisit.field(REFERS_TO) or "").rpartition(" ")
        if not name or "/" in name or not offset.isdecimal():
            return None
        return self._path.parent / name, int(offset)

    def _found(self, revisit: Record) -> tuple[Path, int] | None:
        keys = [
            _digest_key(revisit.field("WARC-Payload-Digest")),
            _visit_key(revisit.field("WARC-Refers-To-Target-URI"), revisit.field("WARC-Refers-To-Date")),
        ]
        while True:
            for key in keys:
                if key and key in self._places:
                    return self._places[key]
            if self._unsearched is None:
                folder = self._path.parent
                others = (path for path in folder.iterdir() if path.name.endswith(_SUFFIXES) and path != self._path)
                self._unsearched = [*sorted(others, reverse=True), self._path]
            if not self._unsearched:
                return None
            with contextlib.suppress(ArchiveError):  # not a file, or not readable
                self._search(self._unsearched.pop())

    def _search(self, path: Path) -> None:
        for record in records(path, lambda _: None):
            if record.type == "response":
                for key in (
                    _digest_key(record.field("WARC-Payload-Digest")),
                    _visit_key(record.url, record.field("WARC-Date")),
                ):
                    if key:
                        self._places.setdefault(key, (path, record.offset))


def _digest_key(digest: str | None) -> str | None:
    return digest.strip().rstrip("=").lower() if digest else None


def _visit_key(url: str | None, date: str | None) -> str | None:
    return f"{date} {url}" if url and date else None
