"""An HTTP/1 client that reads what browsers read: header lines and chunks that strict parsers refuse.

It reads a response as bytes come, decides where a strict parser would stop, and lists what was odd. It follows no redirect,
keeps no connection and no cookie.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..messages.text import N_

LINE_LIMIT = 65_536
"""Bytes of one header line or chunk size."""
HEAD_LIMIT = 1_000_000
"""Bytes of all header lines."""
PIECE = 65_536
_STATUS = re.compile(rb"HTTP/(\d+(?:\.\d+)?)[ \t]+(\d{3})", re.IGNORECASE)
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CHUNK = re.compile(rb"[ \t]*(?:0x)?([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?")


class NotHttp(Exception):
    """The server does not respond with HTTP, or with too long headers."""


@dataclass
class ResponseHead:
    """Status and headers of a response."""

    status: int
    headers: list[tuple[bytes, bytes]]
    """In the order of the response; names without blanks."""
    oddities: list[str] = field(default_factory=list)
    """What a strict parser would refuse, with the bytes as received."""

    def values(self, name: bytes) -> list[bytes]:
        """Values of all headers of this name, in lower case."""
        return [value for key, value in self.headers if key.lower() == name]


async def connect(
    url: str, proxy: str | None, resolve: Callable[[str], Awaitable[str]]
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    """An open connection to the host of a URL or to its proxy, and the address that it was made to.

    `resolve` gives the IP address of a name, or raises: names that lead to private addresses are refused there.
    """
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    via = urlsplit(proxy) if proxy else parts
    host, port = via.hostname or "", via.port or (443 if via.scheme == "https" else 80)
    address = await resolve(host)
    tls = unverified() if secure and not proxy else None
    reader, writer = await asyncio.open_connection(
        address, port, ssl=tls, server_hostname=host if tls else None, limit=LINE_LIMIT
    )
    if proxy and secure:
        place = f"{parts.hostname}:{parts.port or 443}"
        writer.write(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode("ascii"))
        head = await read_head(reader)
        if head.status != 200:
            raise NotHttp(N_("the proxy responds to CONNECT with {status}", status=head.status))
        await writer.start_tls(unverified(), server_hostname=parts.hostname)
    return reader, writer, address


def unverified() -> ssl.SSLContext:
    """As Scrapy by default: certificates of old sites have expired, and the archive records what was served."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def request_bytes(
    method: str, url: str, headers: list[tuple[bytes, bytes]], body: bytes, *, through_proxy: bool
) -> bytes:
    """A request as it is sent."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    target = f"http://{parts.netloc.rpartition('@')[2]}{path}" if through_proxy and parts.scheme == "http" else path
    sent = {name.lower() for name, _ in headers}
    lines = [f"{method} {target} HTTP/1.1".encode("latin-1")]
    if b"host" not in sent:
        lines.append(b"Host: " + parts.netloc.rpartition("@")[2].encode("latin-1"))
    lines += [name + b": " + value for name, value in headers if name.lower() != b"connection"]
    lines.append(b"Connection: close")
    if body:
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])


async def read_head(reader: asyncio.StreamReader) -> ResponseHead:
    """Status and headers. Raises NotHttp."""
    while True:
        match = _STATUS.match(await _line(reader))
        if match is None:
            raise NotHttp(N_("the response does not begin with an HTTP status"))
        head = ResponseHead(int(match[2]), [])
        await _read_headers(reader, head)
        if not 100 <= head.status < 200:
            return head


async def _read_headers(reader: asyncio.StreamReader, head: ResponseHead) -> None:
    size = 0
    while line := await _line(reader):
        size += len(line)
        if size > HEAD_LIMIT:
            raise NotHttp(N_("headers of more than {limit} bytes", limit=HEAD_LIMIT))
        if line[:1] in (b" ", b"\t") and head.headers:
            name, value = head.headers[-1]
            head.headers[-1] = name, value + b" " + line.strip()
            continue
        name, colon, value = line.partition(b":")
        if not colon or _NAME.fullmatch(name.strip()) is None:
            head.oddities.append(N_("a header line without a name: {line!r}", line=line[:100]))
            continue
        if name != name.strip():
            head.oddities.append(N_("blanks before the colon of a header: {line!r}", line=line[:100]))
        head.headers.append((name.strip(), value.strip()))
    lengths = set(head.values(b"content-length"))
    if len(lengths) > 1:
        head.oddities.append(f"several lengths: {sorted(lengths)!r}")


async def read_body(reader: asyncio.StreamReader, head: ResponseHead, method: str = "GET") -> AsyncIterator[bytes]:
    """The pieces of a body without the framing of chunks.

    Raises IncompleteReadError where it ends before its declared end. A body with several lengths, or a chunk without a size,
    ends with the connection.
    """
    if method == "HEAD" or head.status in (204, 304):
        return
    if any(b"chunked" in value.lower() for value in head.values(b"transfer-encoding")):
        async for piece in _chunks(reader, head):
            yield piece
        return
    lengths = set(head.values(b"content-length"))
    length = int(next(iter(lengths))) if len(lengths) == 1 and next(iter(lengths)).isdigit() else None
    async for piece in _pieces(reader, length):
        yield piece


async def _chunks(reader: asyncio.StreamReader, head: ResponseHead) -> AsyncIterator[bytes]:
    while True:
        line = await _line(reader)
        match = _CHUNK.fullmatch(line)
        if match is None:
            raise NotHttp(N_("a chunk begins with {line!r} in place of its size", line=line[:40]))
        if line != match[1] and b";" not in line and not any("chunk" in odd for odd in head.oddities):
            head.oddities.append(N_("blanks around the size of a chunk: {line!r}", line=line[:40]))
        size = int(match[1], 16)
        if not size:
            while await _line(reader, at_end=True):
                pass  # trailers
            return
        async for piece in _pieces(reader, size):
            yield piece
        await _line(reader)


async def _pieces(reader: asyncio.StreamReader, length: int | None) -> AsyncIterator[bytes]:
    """`length` bytes; None: all until the connection ends."""
    left = length
    while left is None or left > 0:
        piece = await reader.read(PIECE if left is None else min(PIECE, left))
        if not piece:
            if left:
                raise asyncio.IncompleteReadError(b"", left)
            return
        left = None if left is None else left - len(piece)
        yield piece


async def _line(reader: asyncio.StreamReader, *, at_end: bool = False) -> bytes:
    """The next line without its end. `at_end`: the end of the connection is an empty line."""
    try:
        line = await reader.readuntil(b"\n")
    except asyncio.LimitOverrunError:
        raise NotHttp(N_("a line of more than {limit} bytes", limit=LINE_LIMIT)) from None
    except asyncio.IncompleteReadError as error:
        if at_end:
            return b""
        raise NotHttp(N_("the connection ended within the headers")) if not error.partial else error from None
    return line.rstrip(b"\r\n")
