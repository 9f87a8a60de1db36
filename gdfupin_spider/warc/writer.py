"""Exchanges into WARC files: whole or absent, and on the disk before anybody says so.

Each exchange is appended by one write (response or revisit, then its request), so a crawl that is killed leaves at most
one torn exchange, at the very end. A write that fails is taken back.
"""

import os
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from urllib.parse import quote

from .. import __version__, clock
from ..errors import ArchiveError, CannotWrite
from ..items import Capture, Proof
from ..messages.text import N_, SEMICOLON, joined
from .digests import sha256 as digest
from .digests import sha256_of
from .exchange import Exchange, Headers
from .messages import address, request_message, response_head, stored_headers
from .record import (
    ORIGIN,
    PURPOSE,
    REFERS_TO,
    REVISIT_PROFILE,
    SOURCE,
    SOURCE_URI,
    long_member,
    member,
    record_at,
)

REVISIT_FROM = 1024  # bytes; the fields of a revisit cost about what gzip makes of less than this
_AS_NOTE = "".join(map(chr, range(0x20, 0x7F)))
_KEY = 16  # bytes of a digest that are remembered; what they find is compared in full

_ABOUT = {
    "software": f"gdfupin_spider/{__version__}",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "http-headers": (
        "rebuilt, not as received: names re-cased; order, HTTP version and reason phrase lost; request credentials "
        "left out; Transfer-Encoding is kept as X-Crawler-Transfer-Encoding, a Content-Length that was not the length "
        "of the stored body as X-Crawler-Content-Length"
    ),
    "http-payloads": "exact bytes, stored de-chunked without Transfer-Encoding, Content-Encoding untouched",
    "digests": "SHA-256 in hexadecimal digits",
    "revisits": f"identical payloads of {REVISIT_FROM} bytes and more; they refer within this crawl only",
    "extension-fields": (
        f"{PURPOSE}: what it was fetched as (page, robots, media, part, probe); {ORIGIN}: where the bytes came from, "
        f"if not from the live site; {REFERS_TO}: file and byte offset of the record with a revisit's payload; "
        f"{SOURCE}, {SOURCE_URI}: file and replay address of the record that this one is a copy of"
    ),
}


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


class WarcWriter:
    """Writes the `capture-00000.warc.gz` and following of one crawl. Whatever the disk refuses raises CannotWrite."""

    def __init__(
        self,
        folder: Path,
        crawl: str,
        info: Mapping[str, str],
        max_bytes: int = 1_000_000_000,
        *,
        revisits: bool = True,
        now: Callable[[], datetime] = clock.now,
        new_id: Callable[[], str] = _new_id,
    ) -> None:
        """`crawl` is the folder's name; `info` is what `warcinfo` says beside what is always true: the profile and
        whitelisted settings. Raises CannotWrite where the first file cannot be made or is there already.

        `revisits`: whether a payload that is in the crawl already is referred to; else each record has its own.
        """
        self._folder, self._crawl, self._max_bytes = folder, crawl, max_bytes
        self._info = _ABOUT | {"isPartOf": crawl} | {k: v for k, v in info.items() if k not in _ABOUT}
        self._now, self._new_id, self._revisits = now, new_id, revisits
        self._seen: dict[bytes, tuple[int, int]] = {}
        self._hash = sha256()
        self.closed: dict[str, tuple[int, str]] = {}
        """Bytes and SHA-256 of each file that is closed, by name."""
        self._number = self._file = -1
        self._size = self._synced = self._first = 0
        self._open_next()

    @property
    def path(self) -> Path:
        """The file that is written to now."""
        return self._path(self._number)

    def write(self, exchange: Exchange) -> Capture:
        """Appends the exchange and returns it as `read` will give it back. On CannotWrite nothing of it remains."""
        body = exchange.long_body
        payload_sha256 = body.sha256 if body else sha256(exchange.payload).hexdigest()
        size = body.size if body else len(exchange.payload)
        key = bytes.fromhex(payload_sha256)[:_KEY]
        payload_digest = "sha256:" + payload_sha256
        # A body that was cut off is neither a revisit nor referred to: WARC-Truncated of a revisit would be ambiguous. A long
        # one neither, because readers would hold it in memory to find a payload.
        repeatable = (
            self._revisits
            and size >= REVISIT_FROM
            and exchange.truncated is None
            and body is None
            and exchange.origin != "saved"
        )
        original = self._original(key, payload_digest) if repeatable else None

        headers = stored_headers(exchange.headers, size, exchange.method == "HEAD" or exchange.status in (204, 304))
        head = response_head(exchange.status, headers)
        url = address(exchange.url)
        response_id, request_id = self._new_id(), self._new_id()
        about = [("WARC-Date", exchange.captured_at), ("WARC-Target-URI", url)]
        if exchange.ip:
            about.append(("WARC-IP-Address", address(exchange.ip)))
        response = [("WARC-Record-ID", response_id), *about]
        if has_request := not exchange.is_copied or exchange.method != "GET":
            response.append(("WARC-Concurrent-To", request_id))
        response.append((PURPOSE, exchange.purpose))
        if exchange.origin != "live":
            response.append((ORIGIN, exchange.origin))
        if exchange.source_uri:
            response.append((SOURCE_URI, address(exchange.source_uri)))
        if exchange.source_note:
            response.append((SOURCE, quote(exchange.source_note, safe=_AS_NOTE)))
        if exchange.truncated:
            response.append(("WARC-Truncated", exchange.truncated))
        response.append(("WARC-Payload-Digest", payload_digest))
        if original:
            response.extend(original)
        request = [("WARC-Record-ID", request_id), *about, ("WARC-Concurrent-To", response_id)]
        asked = _http_member("request", request, request_message(exchange)) if has_request else b""
        if exchange.origin == "saved":
            headers = _content_type(exchange)
            pieces: Iterable[bytes] = [_resource_member(response, exchange)]
        elif original:
            pieces = [_http_member("revisit", response, head) + asked]
        elif body:
            fields = _http_fields("response", response, sha256_of(head, body.file), len(head) + body.size)
            pieces = chain(long_member(fields, head, body.file), [asked])
        else:
            pieces = [_http_member("response", response, head + exchange.payload) + asked]
        offset = self._append(pieces, len(pieces[0]) if isinstance(pieces, list) else size)
        if repeatable and not original:
            self._seen.setdefault(key, (self._number, offset))
        return Capture(
            url=url,
            captured_at=exchange.captured_at,
            status=exchange.status,
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers),
            payload=exchange.payload,
            proof=Proof(self._warc, offset, payload_sha256),
            origin=exchange.origin,
            truncated=exchange.truncated,
            method=exchange.method,
            request_body=exchange.request_body,
            purpose=exchange.purpose,
            length=body.size if body else None,
            source_uri=exchange.source_uri,
            source_note=exchange.source_note,
        )

    def sync(self, upto: Proof | None = None) -> None:
        """Forces to the disk what was written, or nothing where the capture `upto` is there already."""
        if self._synced == self._size:
            return
        if self._file < 0:
            raise CannotWrite(self.path, N_("the file is closed"))
        if upto and (upto.warc != self._warc or upto.offset < self._synced):
            return
        try:
            os.fsync(self._file)
            if not self._synced:
                _sync_folder(self._folder)
        except OSError as error:
            raise CannotWrite(self.path, _reason(error)) from error
        self._synced = self._size

    def close(self) -> None:
        """Syncs and closes. A writer that is closed twice does nothing the second time."""
        if self._file < 0:
            return
        try:
            self.sync()
            self.closed[self.path.name] = self._size, self._hash.hexdigest()
        finally:
            self._drop()

    def _path(self, number: int) -> Path:
        return self._folder / f"capture-{number:05}.warc.gz"

    def _open_next(self) -> None:
        path = self._path(self._number + 1)
        self.close()
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotWrite(path, _reason(error)) from error
        self._number += 1
        self._warc = f"{self._crawl}/{path.name}"
        self._size = self._synced = 0
        self._hash = sha256()
        try:
            self._put([self._warcinfo()])
        except CannotWrite:
            self._drop()
            path.unlink(missing_ok=True)
            raise
        self._first = self._size

    def _drop(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _warcinfo(self) -> bytes:
        block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in self._info.items()).encode()
        fields = [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", self._new_id()),
            ("WARC-Date", self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
            ("WARC-Filename", self.path.name),
            ("WARC-Block-Digest", digest(block)),
            ("Content-Type", "application/warc-fields"),
            ("Content-Length", str(len(block))),
        ]
        return member(fields, block)

    def _append(self, pieces: Iterable[bytes], size: int) -> int:
        """Offset at which the members of one exchange were written; never parted by a roll-over.

        `size`: their size, which may be an estimate.
        """
        if self._file < 0:
            raise CannotWrite(self.path, N_("the file is closed"))
        if self._size + size > self._max_bytes and self._size > self._first:
            self._open_next()
        offset = self._size
        self._put(pieces)
        return offset

    def _put(self, pieces: Iterable[bytes]) -> None:
        size, written = 0, self._hash.copy()
        try:
            for piece in pieces:
                written.update(piece)
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(self._file, rest) :]
                size += len(piece)
        except OSError as error:
            reason = _reason(error)
            try:
                os.ftruncate(self._file, self._size)
            except OSError as second:
                # Readers end at the torn record; anything written behind it would look like damage.
                torn = N_("half a record remains at byte {byte} ({reason})", byte=self._size, reason=_reason(second))
                reason = joined((reason, torn), SEMICOLON)
                self._drop()
            raise CannotWrite(self.path, reason) from error
        self._size += size
        self._hash = written

    def _original(self, key: bytes, payload_digest: str) -> list[tuple[str, str]] | None:
        """The fields that make a revisit of a payload that is in this crawl already.

        Only digest and place are remembered of each payload; the rest is read again, so that memory stays flat.
        """
        place = self._seen.get(key)
        if place is None:
            return None
        path = self._path(place[0])
        try:
            record = record_at(path, place[1])
        except ArchiveError:
            return None  # somebody touched the file; the payload is stored once more
        if record.field("WARC-Payload-Digest") != payload_digest:
            return None
        return [
            ("WARC-Profile", REVISIT_PROFILE),
            ("WARC-Refers-To", record.field("WARC-Record-ID") or ""),
            ("WARC-Refers-To-Target-URI", record.url),
            ("WARC-Refers-To-Date", record.captured_at or ""),
            (REFERS_TO, f"{path.name} {place[1]}"),
        ]


def _content_type(exchange: Exchange) -> Headers:
    """The only header that a saved page keeps: it may say the encoding."""
    kind = next((value for name, value in exchange.headers if name.lower() == b"content-type"), b"text/html")
    return ((b"Content-Type", kind),)


def _resource_member(fields: list[tuple[str, str]], exchange: Exchange) -> bytes:
    """A page that somebody saved: its bytes alone, without anything that a server said."""
    [(_, kind)] = _content_type(exchange)
    digests = ("WARC-Block-Digest", digest(exchange.payload))
    about = [("Content-Type", kind.decode("latin-1")), ("Content-Length", str(len(exchange.payload)))]
    return member([("WARC-Type", "resource"), *fields, digests, *about], exchange.payload)


def _http_member(kind: str, fields: list[tuple[str, str]], block: bytes) -> bytes:
    return member(_http_fields(kind, fields, digest(block), len(block)), block)


def _http_fields(kind: str, fields: list[tuple[str, str]], block_digest: str, block_size: int) -> list[tuple[str, str]]:
    role = "request" if kind == "request" else "response"
    return [
        ("WARC-Type", kind),
        *fields,
        ("WARC-Block-Digest", block_digest),
        ("Content-Type", f"application/http; msgtype={role}"),
        ("Content-Length", str(block_size)),
    ]


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
