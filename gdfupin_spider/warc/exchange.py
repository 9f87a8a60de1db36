"""One HTTP request with its response, as the crawl hands it over to be kept."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Literal, get_args

from ..items import Capture, Origin, Proof
from ..messages.text import N_
from .record import is_moment

Purpose = Literal["page", "robots", "media", "part", "probe"]
Truncation = Literal["length", "time", "disconnect"]
Headers = tuple[tuple[bytes, bytes], ...]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_METHOD = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class LongBody:
    """A body that is too long to be held in memory, in a file."""

    file: BinaryIO
    """It has the body and nothing else."""
    size: int
    sha256: str
    """Hex SHA-256 of the body."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over the wire, as far as it can be known. Raises ValueError where a value could not be a WARC's."""

    url: str
    """As sent. What is not printable ASCII is stored percent-encoded."""
    captured_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: when the bytes left the server (Wayback: when the archive took them)."""
    status: int
    headers: Headers
    """Names and values in order, as bytes: whatever the server sent survives, but for CR, LF and NUL."""
    payload: bytes
    """The body, de-chunked, content encoding untouched."""
    method: str = "GET"
    request_headers: Headers = ()
    """Credentials (`Authorization`, `Proxy-Authorization`) among them are not stored."""
    request_body: bytes = b""
    origin: Origin = "live"
    truncated: Truncation | None = None
    """Why the body is not whole: cut at a length, given up after a time, or the connection broke; None where it is."""
    ip: str | None = None
    """Address of the server, where it is known."""
    purpose: Purpose = "page"
    """What the crawl fetched it as; kept in the record, so that a replay reads it as the same."""
    long_body: LongBody | None = None
    """The body where it is too long to be held; `payload` is empty then."""
    source_uri: str | None = None
    """Where a web archive replayed it (`WARC-Source-URI`); None: it does not come from a web archive."""
    source_note: str | None = None
    """File and record from which it was copied, as far as known (`Gdfupin-Source`): of the archive, or of an imported file."""

    @property
    def is_copied(self) -> bool:
        """Whether it comes from another archive: what we asked for is then no part of the exchange."""
        return self.source_uri is not None or self.source_note is not None

    def __post_init__(self) -> None:
        if not (_MOMENT.fullmatch(self.captured_at) and is_moment(self.captured_at)):
            raise ValueError(
                N_("captured_at must be YYYY-MM-DDTHH:MM:SSZ, not {captured_at!r}", captured_at=self.captured_at)
            )
        if not 100 <= self.status <= 999:
            raise ValueError(N_("status must have three digits, not {status!r}", status=self.status))
        if not _METHOD.fullmatch(self.method):
            raise ValueError(N_("method must be capital letters, not {method!r}", method=self.method))


def unkept(exchange: Exchange) -> Capture:
    """The exchange as a capture that is stored in no WARC file: `scrapy shell`, `scrapy parse` and `gdfupin probe`."""
    return Capture(
        url=exchange.url,
        captured_at=exchange.captured_at,
        status=exchange.status,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in exchange.headers),
        payload=exchange.payload,
        proof=Proof("", 0, sha256(exchange.payload).hexdigest()),
        truncated=exchange.truncated,
        method=exchange.method,
        request_body=exchange.request_body,
        purpose=exchange.purpose,
    )


def copy_of(capture: Capture, note: str, *, origin: Origin | None = None, purpose: Purpose | None = None) -> Exchange:
    """A capture of another file as an exchange to be kept. Raises ValueError where its date or status cannot be stored.

    `note`: file and byte of its record. `origin`, `purpose`: in place of those of the capture.
    """
    return Exchange(
        url=capture.url,
        captured_at=capture.captured_at,
        status=capture.status,
        headers=tuple((_bytes(name), _bytes(value)) for name, value in capture.headers),
        payload=capture.payload,
        method=capture.method if _METHOD.fullmatch(capture.method) else "GET",
        request_body=capture.request_body,
        origin=origin or capture.origin,
        truncated=_truncation(capture.truncated),
        purpose=purpose or _PURPOSES.get(capture.purpose, "page"),
        source_uri=capture.source_uri,
        source_note=note if capture.source_note is None else f"{note}; {capture.source_note}",
    )


_PURPOSES: dict[str, Purpose] = {name: name for name in get_args(Purpose)}


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _truncation(reason: str | None) -> Truncation | None:
    """Reasons that other programs write beside the standard ones mean that the connection broke."""
    match reason:
        case None:
            return None
        case "length" | "time":
            return reason
        case _:
            return "disconnect"
