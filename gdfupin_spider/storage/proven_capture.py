"""One capture as evidence: what was answered, where it is kept, and the digests by which it is verified."""

from dataclasses import dataclass
from pathlib import Path

from .. import warc
from ..errors import ArchiveError
from ..items import Origin


@dataclass(frozen=True, slots=True)
class ProvenCapture:
    """One capture of one of the addresses of an article."""

    captured_at: str
    """UTC."""
    outcome: str
    """What it showed: `read`, `not_modified`, `missing`, `moved`, `blocked`, `unreadable`."""
    origin: Origin
    url: str | None
    """As requested; None where the WARC file cannot be read."""
    status: int | None
    """HTTP; None where the WARC file cannot be read."""
    warc: str
    """`<crawl>/capture-00000.warc.gz`, below `crawls/`."""
    offset: int
    """Byte offset of the record."""
    payload_sha256: str | None
    """Hex SHA-256 of the body as stored; None where the WARC file cannot be read."""
    source: str | None
    """Replay address, or file, of which the record is a copy; None where the program asked the site."""
    problem: str | None = None
    """Why the WARC file cannot be read."""


def proven(output: Path, captured_at: str, outcome: str, origin: Origin, file: str, offset: int) -> ProvenCapture:
    """The capture at a place, with what its record says. `file`: below `crawls/`.

    `captured_at`: for a record that cannot be read.
    """
    try:
        capture = warc.read_at(output / "crawls" / file, offset)
    except ArchiveError as error:
        return ProvenCapture(captured_at, outcome, origin, None, None, file, offset, None, None, error.reason)
    return ProvenCapture(
        capture.captured_at,
        outcome,
        origin,
        capture.url,
        capture.status,
        file,
        offset,
        capture.proof.payload_sha256,
        capture.source_uri or capture.source_note,
    )
