"""One file of lines, held against the captures its lines refer to and against what reading these again gives."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from ..items import Proof
from ..storage.line_file import Seal
from .findings import Finding, Part, Report
from .schema import misshapen, proofs

Place = tuple[str, int]
"""File (`<crawl>/capture-00000.warc.gz`) and byte of a capture."""
KEPT = 500
"""So many lines that reading again gives and the file does not have are remembered whole, to say what differs."""
_KEY = 16  # bytes of a digest that are remembered of each line


class LineFile:
    """Goes through the file once; what must come of reading again is remembered as digests, so memory stays small."""

    def __init__(self, path: Path, kind: str, part: Part, crawl: str, report: Report) -> None:
        self.path, self.kind, self.lines = path, kind, 0
        self.last: dict[str, int] = {}
        """By WARC file: the last byte at which a capture begins that a line refers to."""
        self.more = 0
        """Lines that reading again gives and the file does not have."""
        self._part, self._crawl, self._report = part, crawl, report
        self._pending: dict[bytes, int] = {}
        self._may: set[bytes] = set()
        self._more: dict[Place, bytes] = {}

    def check(self, places: Mapping[Place, bytes], seal: Seal | None, *, whole: bool, again: bool) -> None:
        """Line by line: is it one of its kind, are its captures there? `places`: digests of payloads.

        `whole`: nothing may be half. `again`: `gives` will tell what reading the captures again makes.
        """
        if not self.path.exists():
            if whole:
                self.found(None, "the file is not there")
            return
        digest, offset, once = sha256(), 0, set[bytes]()
        try:
            with self.path.open("rb", buffering=1 << 20) as file:
                for line in file:
                    digest.update(line)
                    self._line(offset, line, places, whole=whole, again=again, once=once)
                    offset += len(line)
        except OSError as error:
            self.found(offset, f"it cannot be read: {error.strerror}")
            return
        if seal is not None and (seal.bytes, seal.sha256) != (offset, digest.hexdigest()):
            had = seal.bytes
            size = "as many bytes, and others" if had == offset else f"it had {had} bytes and has {offset}"
            self.found(None, f"the file is not what was sealed: {size}")

    def may_have(self, line: bytes) -> None:
        """Before the check: a line that may stand in a file of media."""
        self._may.add(_key(line))

    def gives(self, place: Place, line: bytes) -> None:
        """Reading again gives this line."""
        if self._pending.pop(_key(line), None) is None:
            self.more += 1
            if len(self._more) < KEPT:
                self._more[place] = line

    def left(self) -> Iterator[tuple[int, str]]:
        """Offset of each line that reading again does not give, and what it gives instead."""
        if not self._pending:
            return
        with self.path.open("rb") as file:
            for offset in sorted(self._pending.values()):
                file.seek(offset)
                line = json.loads(file.readline())
                first = proofs(line, self.kind)[0]
                other = self._more.pop((first.warc, first.offset), None)
                if other is None:
                    yield offset, "reading its capture again does not give this line"
                    continue
                self.more -= 1
                made = json.loads(other)
                names = [name for name in {**line, **made} if line.get(name) != made.get(name)]
                yield offset, f"reading its capture again gives another {', '.join(names)}"

    def found(self, offset: int | None, reason: str, *, damage: bool = True) -> None:
        """Reports something about this file."""
        self._report(Finding(self._part, self.path, offset, reason, damage, self._crawl))

    def _line(
        self, offset: int, line: bytes, places: Mapping[Place, bytes], *, whole: bool, again: bool, once: set[bytes]
    ) -> None:
        if not line.endswith(b"\n"):
            self.found(offset, "half a last line", damage=whole)
            return
        self.lines += 1
        try:
            record = json.loads(line)
        except ValueError as error:
            self.found(offset, f"no JSON: {error}")
            return
        wrong = misshapen(record, self.kind) if isinstance(record, dict) else "no JSON object"
        if wrong:
            self.found(offset, f"no line of {self.path.name}: {wrong}")
            return
        needed = proofs(record, self.kind)
        for proof in needed:
            self.last[proof.warc] = max(self.last.get(proof.warc, -1), proof.offset)
            if missing := _missing(proof, places):
                self.found(offset, missing)
                return
        key = _key(line)
        if self.kind in ("articles", "sightings"):
            if key in once or key in self._pending:
                self.found(offset, "the same line stands in this file already")
                return
            if not again:
                once.add(key)
        if again and self.kind == "media":
            if key not in self._may:
                self.found(offset, "its capture says something else")
        elif again and needed and self.is_read_again(places, needed[0]):
            self._pending[key] = offset

    def is_read_again(self, places: Mapping[Place, bytes], first: Proof) -> bool:
        """Whether reading again speaks of the line: not of failures to get a picture, which is no page."""
        return places[first.warc, first.offset][-1:] == b"p"


def place_of(digest: str, is_page: bool) -> bytes:
    """What is remembered of a capture."""
    return bytes.fromhex(digest)[:_KEY] + (b"p" if is_page else b"-")


def _missing(proof: Proof, places: Mapping[Place, bytes]) -> str | None:
    there = places.get((proof.warc, proof.offset))
    if there is None:
        return f"its capture is not there: none that can be read begins at byte {proof.offset} of {proof.warc}"
    try:
        said = bytes.fromhex(proof.payload_sha256)
    except ValueError:
        said = b""
    if len(said) != 32 or said[:_KEY] != there[:_KEY]:
        return f"the payload of its capture has another digest: byte {proof.offset} of {proof.warc}"
    return None


def _key(line: bytes) -> bytes:
    return sha256(line).digest()[:_KEY]
