"""Faults of responses. A response with a fault is fetched again and is not used as content.

The functions are pure, because a crawl and its replay must agree which of several captures of one address counts.
"""

import re
import zlib

from ..items import Capture
from ..messages.record_words import word
from ..messages.text import N_
from ..pages import Page
from ..pages.notices import PASSWORD_FIELD, asks_for_login

PIECE = 1_000_000
"""Bytes that are unpacked at once while a checksum is verified."""
LONGEST = 50_000_000
"""Bytes that are unpacked at most; a longer body is not proven whole."""

RETRY_STATUSES = frozenset({408, 425, 429})
"""Retried in addition to all 5xx except 501 and 505, which are permanent."""

NO_ACCESS = frozenset({401, 405, 406, 451})
"""Statuses of a permanent refusal, unlike 403 and 429, which a firewall sends to clients that it considers too fast."""

LOGIN = "login-page"
LINKS = 3
"""Minimum number of links by which a page with a message is in the dress of its site."""

HOPELESS = frozenset({"oversize", "no-access", "too-costly", LOGIN})
"""Faults that are not retried."""

THROTTLING = frozenset({"blocked", "status-429", "status-503"})
"""Faults after which the crawl slows down."""

FAILED_SERVER = "kind-failed-server"
"""The rule that recognises error messages with status 200."""
DEFAULT_PAGE = re.compile(
    r"welcome to nginx|^it works!|^iis\s*\d|iis windows server|apache2? (?:debian|ubuntu|http server) (?:default|test) page"
    r"|^apache tomcat/\d|welcome to openresty|站点创建成功|网站建设中|^under construction",
    re.IGNORECASE,
)
"""Default pages of web servers, which are shown while a site is set up or repaired; the domain is not lost."""
MOST_CHARACTERS = 1500
"""A default page has no more text than this."""


def response_fault(capture: Capture, page: Page | None = None) -> str | None:
    """The name of the fault of a response; None for a good one. `page`: the parsed page, if it is a page.

    Of the capture: `oversize`, `cut-off` (the connection broke), `stalled`, `no-access`, `status-503` and the like. Of the
    page: `too-costly` (reading exceeds the deadline), `blocked`, `login-page`, `redirect-loop` (to itself, as unstable servers
    do), `empty`, `error-page` (a server that failed, or the default page of its program, with status 200).
    """
    match capture.truncated:
        case "length":
            return "oversize"
        case "disconnect" if not is_proven_whole(capture):
            return "cut-off"
        case "time":
            return "stalled"
    if capture.status in NO_ACCESS:
        return "no-access"
    if page is not None and page.unread is not None:
        return "too-costly"
    if page is not None and page.kind == "blocked":
        return LOGIN if is_login(page) else "blocked"
    if page is not None and page.to is not None and page.to == capture.url and capture.method == "GET":
        return "redirect-loop"
    if is_retry_status(capture.status):
        return f"status-{capture.status}"
    if page is not None and capture.status == 200 and not capture.payload.strip():
        return "empty"
    if page is not None and (page.rule == FAILED_SERVER or is_default_page(page)):
        return "error-page"
    return None


def is_login(page: Page) -> bool:
    """Whether a page that refuses us is for members of the site: a form for a password, or a message in the dress of the site."""
    if page.kind != "blocked" or page.capture.status != 200 or not asks_for_login(page.why):
        return False
    return PASSWORD_FIELD in page.why or sum(len(line.anchors) for line in page.lines) >= LINKS


def is_default_page(page: Page) -> bool:
    """Whether a page is what a web server shows while its site is not configured."""
    if page.kind != "foreign" or sum(line.size for line in page.lines) > MOST_CHARACTERS:
        return False
    return any(DEFAULT_PAGE.search(text) for text in (page.doc.title, *(line.text for line in page.lines)))


def is_proven_whole(capture: Capture) -> bool:
    """Whether a body is complete although the connection ended before its declared end.

    Some servers declare the length of the plain text of a gzip body, count line ends twice, or send no last chunk. Proof is
    a gzip stream that ends with its checksum and with the body, or `</html>` as the last thing in a page.

    >>> from ..items import Proof
    >>> def is_whole(payload):
    ...     return is_proven_whole(Capture("http://a.cn/", "", 200, (), payload, Proof("", 0, "")))
    >>> is_whole(b"<html><p>a</p></html> "), is_whole(b"<html><p>a</p>"), is_whole(zlib.compress(b"a", wbits=31))
    (True, False, True)
    >>> is_whole(zlib.compress(b"a", wbits=31)[:-1])
    False
    """
    if capture.length is not None:
        return False
    payload = capture.payload
    if payload[:2] == b"\x1f\x8b":
        return _is_whole_gzip(payload)
    if capture.header("content-encoding") not in (None, "", "identity", "gzip", "x-gzip"):
        return False
    tail = payload[-200:].rstrip(b"\0 \t\r\n").lower()
    return tail.endswith(b"</html>") and b"<" in payload[:1000]


def _is_whole_gzip(payload: bytes) -> bool:
    stream, size = zlib.decompressobj(31), 0
    try:
        while payload and not stream.eof and size <= LONGEST:
            size += len(stream.decompress(payload, PIECE))
            payload = stream.unconsumed_tail
        return stream.eof and not stream.unused_data.strip(b"\0\r\n")
    except zlib.error:
        return False


def is_retry_status(status: int) -> bool:
    """Whether a later request may have another status.

    >>> [status for status in (200, 302, 404, 408, 429, 500, 501, 503, 599) if is_retry_status(status)]
    [408, 429, 500, 503, 599]
    """
    return status in RETRY_STATUSES or (500 <= status <= 599 and status not in (501, 505))


def every_try(fault: str, capture: Capture) -> str:
    """The evidence of a failure with a response: the result of its last try."""
    if fault == "too-costly":
        return N_(
            "status {status:d}, {size:d} bytes: reading takes too much time or memory; the response is in the WARC, and "
            "`gdfupin replay` reads it once a newer version can",
            status=capture.status,
            size=len(capture.payload),
        )
    return N_(
        "{fault}: status {status:d}, {size:d} bytes; every try ended like this",
        fault=word(fault),
        status=capture.status,
        size=capture.size,
    )
