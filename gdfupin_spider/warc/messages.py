"""HTTP header blocks, to bytes and from bytes.

Scrapy hands over names and values, not the block that was received, so a block is rebuilt here: standard reason
phrase, order and case of names as handed over. Three rules keep a stored block true to the body stored behind it:

- the body is stored de-chunked, so `Transfer-Encoding` is kept as `X-Crawler-Transfer-Encoding`;
- a `Content-Length` that is not the length of the stored body (cut off, wrong, a HEAD, a 304) is kept as
  `X-Crawler-Content-Length`, and the stored length takes its place where such a response can have a body. Both names
  are those of Common Crawl. Where no `Content-Length` was sent none is added: the record knows where it ends;
- CR, LF and NUL in a value become spaces (RFC 9110, 5.5); in a name these, other controls, spaces and `:` become `_`.
"""

import re
from http import HTTPStatus
from urllib.parse import quote

from .exchange import Exchange, Headers

_PHRASES = {status.value: status.phrase.encode() for status in HTTPStatus}
_NOT_IN_NAMES = re.compile(rb"[\x00-\x20:\x7f]")
_NOT_IN_VALUES = re.compile(rb"[\r\n\0]")
_SECRET = frozenset((b"authorization", b"proxy-authorization"))
_AS_IT_IS = "".join(map(chr, range(0x21, 0x7F)))
_PLAIN = re.compile(r"[!-~]*")
_STATUS_LINE = re.compile(rb"HTTP/\d+(?:\.\d+)? +(\d{3})(?: |$)")
_CHUNK_LINE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")


def address(url: str) -> str:
    """The URL as it may stand in a header line: what is not printable ASCII is percent-encoded, the rest untouched.

    >>> address("http://a/b c?x=%B9%E3&y=%7e#z\\r\\nEvil: 1")
    'http://a/b%20c?x=%B9%E3&y=%7e#z%0D%0AEvil:%201'
    """
    return url if _PLAIN.fullmatch(url) else quote(url, safe=_AS_IT_IS, errors="surrogatepass")


def _clean(headers: Headers) -> Headers:
    return tuple(
        (_NOT_IN_NAMES.sub(b"_", name) or b"_", _NOT_IN_VALUES.sub(b" ", value).strip(b" \t"))
        for name, value in headers
    )


def stored_headers(headers: Headers, length: int, bodiless: bool = False) -> Headers:
    """The headers as they are stored before a body of this length.

    >>> stored_headers(((b"transfer-encoding", b"chunked"), (b"A", b"1\\r\\nB: 2")), 3)
    ((b'X-Crawler-Transfer-Encoding', b'chunked'), (b'A', b'1  B: 2'))
    >>> stored_headers(((b"Content-Length", b"9"),), 3)
    ((b'X-Crawler-Content-Length', b'9'), (b'Content-Length', b'3'))
    """
    right = b"%d" % length
    stored: list[tuple[bytes, bytes]] = []
    kept = wrong = False
    for name, value in _clean(headers):
        match name.lower():
            case b"transfer-encoding":
                stored.append((b"X-Crawler-Transfer-Encoding", value))
            case b"content-length" if kept or value != right:
                stored.append((b"X-Crawler-Content-Length", value))
                wrong = True
            case b"content-length":
                stored.append((name, value))
                kept = True
            case _:
                stored.append((name, value))
    if wrong and not kept and not bodiless:
        stored.append((b"Content-Length", right))
    return tuple(stored)


def _lines(first: bytes, headers: Headers) -> bytes:
    return b"".join([first, b"\r\n", *(b"%b: %b\r\n" % header for header in headers), b"\r\n"])


def response_head(status: int, headers: Headers) -> bytes:
    """Status line and headers, with the empty line at the end. The headers must be `stored_headers`."""
    return _lines(b"HTTP/1.1 %d %b" % (status, _PHRASES.get(status, b"")), headers)


def request_message(exchange: Exchange) -> bytes:
    """The whole request: request line, headers (`Host` added where it is absent, credentials left out) and body."""
    authority, target = _split(address(exchange.url))
    body = exchange.request_body
    headers = tuple(
        header for header in stored_headers(exchange.request_headers, len(body)) if header[0].lower() not in _SECRET
    )
    names = {name.lower() for name, _ in headers}
    if b"host" not in names:
        headers = ((b"Host", authority.encode()), *headers)
    if body and b"content-length" not in names:
        headers = (*headers, (b"Content-Length", b"%d" % len(body)))
    return _lines(f"{exchange.method} {target} HTTP/1.1".encode(), headers) + body


def _split(url: str) -> tuple[str, str]:
    """Host (with port, without credentials) and request target of an absolute URL."""
    rest = url.partition("://")[2].partition("#")[0]
    cut = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    target = rest[cut:]
    return rest[:cut].rpartition("@")[2], target if target.startswith("/") else "/" + target


def split_head(block: bytes) -> tuple[bytes, tuple[tuple[str, str], ...], bytes]:
    """First line, headers (Latin-1, folded lines joined) and body of an HTTP message as any tool may have stored it."""
    end = _HEAD_END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    first, *lines = head.split(b"\n")
    headers: list[tuple[str, list[str]]] = []
    for line in lines:
        line = line.removesuffix(b"\r")
        if line[:1] in (b" ", b"\t") and headers:
            headers[-1][1].append(line.strip(b" \t").decode("latin-1"))
            continue
        name_bytes, colon, value_bytes = line.partition(b":")
        if colon:
            headers.append((name_bytes.rstrip(b" \t").decode("latin-1"), [value_bytes.strip(b" \t").decode("latin-1")]))
    return first.removesuffix(b"\r"), tuple((name, " ".join(filter(None, parts))) for name, parts in headers), body


def has_no_body(message: bytes, method: bytes) -> bool:
    """Whether a request is of this method and ends with its header, as nearly all do."""
    end = _HEAD_END.search(message) if message.startswith(method + b" ") else None
    return end is not None and end.end() == len(message)


def payload_of(block: bytes) -> bytes:
    """The body of an HTTP message, de-chunked where another tool stored it chunked."""
    _, headers, body = split_head(block)
    return dechunked(headers, body)


def dechunked(headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """The body without chunk lines; unchanged where none was announced or where it is in truth not chunked."""
    codings = ",".join(value for name, value in headers if name.lower() == "transfer-encoding")
    return _dechunk(body) if codings.lower().rpartition(",")[2].strip() == "chunked" else body


def _dechunk(body: bytes) -> bytes:
    """Takes what is there of a body that was cut off. A body that has anything but chunks is none, and stays as it is.

    >>> _dechunk(b"3;x=y\\r\\nabc\\r\\n2\\r\\nde\\r\\n0\\r\\n\\r\\n")
    b'abcde'
    >>> _dechunk(b"3\\r\\nabc\\r\\n2"), _dechunk(b"<p>\\n")
    (b'abc', b'<p>\\n')
    """
    chunks: list[bytes] = []
    at = 0
    while at < len(body):
        line = _CHUNK_LINE.match(body, at)
        if line is None:
            is_cut_off = chunks and b"\n" not in body[at:]
            return b"".join(chunks) if is_cut_off else body
        size = int(line[1], 16)
        if size == 0:
            break
        chunks.append(body[line.end() : line.end() + size])
        at = line.end() + size
        if body[at : at + 1] == b"\r":
            at += 1
        if at < len(body) and body[at : at + 1] != b"\n":
            return body
        at += 1
    return b"".join(chunks)


def status_of(first_line: bytes) -> int | None:
    """The status, or None where this is no status line (HTTP/0.9, another protocol, junk)."""
    found = _STATUS_LINE.match(first_line)
    return int(found[1]) if found else None
