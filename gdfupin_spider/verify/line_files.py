"""Checks a line file against the captures its lines refer to, and against what parsing these again gives."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from ..items import Proof, WrongShape
from ..messages.text import N_, enumeration
from ..storage.line_file import Seal
from .findings import Finding, OnFinding, Part
from .schema import proofs, record_of

Place = tuple[str, int]
"""File (`<crawl>/capture-00000.warc.gz`) and byte of a capture."""
KEPT = 500
"""Maximum number of lines kept whole that parsing again gives and the file lacks, to report what differs."""
_KEY = 16  # bytes of the digest that is kept of each line


class LineFileCheck:
    """Reads the file once. Of lines to compare it keeps digests only, so that memory stays small."""

    def __init__(self, path: Path, kind: str, part: Part, crawl: str, on_finding: OnFinding) -> None:
        self.path, self.kind, self.lines = path, kind, 0
        self.last: dict[str, int] = {}
        """The last offset of a capture that a line refers to, by WARC file."""
        self.more = 0
        """Number of lines that parsing again gives and the file lacks."""
        self._part, self._crawl, self._on_finding = part, crawl, on_finding
        self._pending: dict[bytes, int] = {}
        self._may: set[bytes] = set()
        self._more: dict[Place, bytes] = {}

    def check(self, places: Mapping[Place, bytes], seal: Seal | None, *, whole: bool, again: bool) -> None:
        """Checks every line, and the seal. `places`: the captures that exist, see `place_of`.

        `whole`: the file must exist and have no half line. `again`: `gives` will be called with every line that parsing
        the captures again gives.
        """
        if not self.path.exists():
            if whole:
                self.found(None, N_("the file does not exist"))
            return
        digest, offset, once = sha256(), 0, set[bytes]()
        try:
            with self.path.open("rb", buffering=1 << 20) as file:
                for line in file:
                    digest.update(line)
                    self._line(offset, line, places, whole=whole, again=again, once=once)
                    offset += len(line)
        except OSError as error:
            self.found(offset, N_("it cannot be read: {reason}", reason=error.strerror))
            return
        if seal is not None and (seal.bytes, seal.sha256) != (offset, digest.hexdigest()):
            had = seal.bytes
            size = (
                N_("the same size, other content")
                if had == offset
                else N_("it had {had} bytes and has {offset}", had=had, offset=offset)
            )
            self.found(None, N_("the file does not match its seal: {size}", size=size))

    def may_have(self, line: bytes) -> None:
        """Before the check: a line that a file of media may have."""
        self._may.add(_key(line))

    def gives(self, place: Place, line: bytes) -> None:
        """Called with a line that parsing again gives, after the check. `place`: of its first capture."""
        if self._pending.pop(_key(line), None) is None:
            self.more += 1
            if len(self._more) < KEPT:
                self._more[place] = line

    def left(self) -> Iterator[tuple[int, str]]:
        """Offset of each line that parsing again does not give, and the difference."""
        if not self._pending:
            return
        with self.path.open("rb") as file:
            for offset in sorted(self._pending.values()):
                file.seek(offset)
                line = json.loads(file.readline())
                first = proofs(record_of(line, self.kind))[0]
                other = self._more.pop((first.warc, first.offset), None)
                if other is None:
                    yield offset, N_("parsing its capture again does not give this line")
                    continue
                self.more -= 1
                made = json.loads(other)
                names = [name for name in {**line, **made} if line.get(name) != made.get(name)]
                yield offset, N_("parsing its capture again gives another {names}", names=enumeration(names))

    def found(self, offset: int | None, reason: str, *, damage: bool = True) -> None:
        """Reports a finding about this file."""
        self._on_finding(Finding(self._part, self.path, offset, reason, damage, self._crawl))

    def _line(
        self, offset: int, line: bytes, places: Mapping[Place, bytes], *, whole: bool, again: bool, once: set[bytes]
    ) -> None:
        if not line.endswith(b"\n"):
            self.found(offset, N_("half a last line"), damage=whole)
            return
        self.lines += 1
        try:
            record = record_of(json.loads(line), self.kind)
        except WrongShape as error:
            self.found(offset, N_("not a line of {name}: {error}", name=self.path.name, error=error))
            return
        except ValueError as error:
            self.found(offset, N_("not JSON: {error}", error=error))
            return
        needed = proofs(record)
        for proof in needed:
            self.last[proof.warc] = max(self.last.get(proof.warc, -1), proof.offset)
            if missing := _missing(proof, places):
                self.found(offset, missing)
                return
        key = _key(line)
        if self.kind in ("articles", "sightings"):
            if key in once or key in self._pending:
                self.found(offset, N_("the same line is in this file already"))
                return
            if not again:
                once.add(key)
        if again and self.kind == "media":
            if key not in self._may:
                self.found(offset, N_("it differs from its capture"))
        elif again and needed and self.is_read_again(places, needed[0]):
            self._pending[key] = offset

    def is_read_again(self, places: Mapping[Place, bytes], first: Proof) -> bool:
        """Whether parsing again can give the line: not for issues of media, which are not parsed."""
        return places[first.warc, first.offset][-1:] == b"p"


def place_of(digest: str, is_page: bool) -> bytes:
    """What is kept of a capture: the first bytes of its payload digest, and whether it is a page."""
    return bytes.fromhex(digest)[:_KEY] + (b"p" if is_page else b"-")


def _missing(proof: Proof, places: Mapping[Place, bytes]) -> str | None:
    place = places.get((proof.warc, proof.offset))
    if place is None:
        return N_(
            "its capture does not exist: no readable record begins at byte {offset} of {warc}",
            offset=proof.offset,
            warc=proof.warc,
        )
    try:
        digest = bytes.fromhex(proof.payload_sha256)
    except ValueError:
        digest = b""
    if len(digest) != 32 or digest[:_KEY] != place[:_KEY]:
        return N_(
            "the payload of its capture has another digest: byte {offset} of {warc}",
            offset=proof.offset,
            warc=proof.warc,
        )
    return None


def _key(line: bytes) -> bytes:
    return sha256(line).digest()[:_KEY]
