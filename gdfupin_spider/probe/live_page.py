"""One GET request for a page of a live site, with this package's user agent, without Scrapy.

A redirect is shown and not followed, and robots.txt is only read to report what a crawl would do. The usual proxy variables
are respected. Whoever calls this decides whether the host may be asked.
"""

import http.client
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import IO
from urllib.parse import urljoin

from .. import clock, settings
from ..frontier.robots_rules import RobotsRules
from ..items import Capture
from ..messages.text import N_
from ..warc import Exchange, Truncation, unkept

ROBOTS_BYTES, ROBOTS_TIMEOUT = 500_000, 10
FORBIDDEN = N_("robots.txt forbids this URL: a crawl will not fetch it.")
CHUNK = 65536


class NoResponse(Exception):
    """Raised where a server gives no response; its text is the reason, for people."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def response_to(url: str, timeout: float, limit: int) -> Capture:
    """The response, cut off at `limit` bytes or after `timeout` seconds in all. It is stored nowhere. Raises NoResponse."""
    request = urllib.request.Request(
        url, headers={**settings.DEFAULT_REQUEST_HEADERS, "User-Agent": settings.USER_AGENT}
    )
    unverified = ssl.create_default_context()  # like a crawl: certificates of old sites expired long ago
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=unverified))
    deadline = time.monotonic() + timeout
    try:
        with opener.open(request, timeout=timeout) as response:
            return unstored(url, response.status, response.headers.items(), *_body(response, deadline, limit))
    except urllib.error.HTTPError as error:
        with error:
            return unstored(url, error.code, error.headers.items(), *_body(error, deadline, limit))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise NoResponse(_reason(error)) from None


def _body(response: IO[bytes], deadline: float, limit: int) -> tuple[bytes, Truncation | None]:
    """The body as received within time and limit, and why it was cut off or None."""
    body = bytearray()
    try:
        while chunk := response.read1(min(CHUNK, limit + 1 - len(body))):  # type: ignore[attr-defined]
            body += chunk
            if len(body) > limit:
                return bytes(body[:limit]), "length"
            if time.monotonic() > deadline:
                return bytes(body), "time"
    except TimeoutError:
        return bytes(body), "time"
    except (OSError, http.client.HTTPException):
        return bytes(body), "disconnect"
    missing = getattr(response, "length", None)  # bytes that Content-Length declares and that did not arrive
    return bytes(body), "disconnect" if missing else None


def _reason(error: Exception) -> str:
    """Why there is no response, without names of classes and objects."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    match cause:
        case socket.gaierror():
            return N_("its name does not resolve")
        case ConnectionRefusedError():
            return N_("the connection is refused")
        case TimeoutError():
            return N_("no response in time")
        case OSError() if cause.strerror:
            return cause.strerror
        case _:
            return str(cause)[:200] or type(cause).__name__


def robots_remark(url: str) -> str | None:
    """A remark on what robots.txt means for a crawl of this URL; None if it is allowed without delay."""
    try:
        answer = response_to(urljoin(url, "/robots.txt"), ROBOTS_TIMEOUT, ROBOTS_BYTES)
    except NoResponse as error:
        return N_("robots.txt cannot be fetched: {error}; a crawl would fetch nothing from this host.", error=error)
    if answer.status >= 500:
        return N_("robots.txt has status {status}: a crawl would fetch nothing from this host.", status=answer.status)
    if answer.status != 200:
        return None
    rules = RobotsRules(
        answer.payload, settings.USER_AGENT, answer.header("content-type"), answer.header("content-encoding")
    )
    if not rules.allowed(url):
        return FORBIDDEN
    delay = rules.crawl_delay
    return (
        N_("robots.txt asks for {delay:g} s between requests, and a crawl will respect that.", delay=delay)
        if delay
        else None
    )


def unstored(
    url: str,
    status: int,
    headers: Iterable[tuple[str, str]],
    payload: bytes,
    truncated: Truncation | None = None,
) -> Capture:
    """A response as a capture of now that is stored in no WARC file."""
    pairs = tuple((name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers)
    return unkept(Exchange(url, clock.stamp(), status, pairs, payload, truncated=truncated, purpose="probe"))
