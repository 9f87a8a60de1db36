"""Obtaining the page to inspect: from the network, a saved file, or a WARC record. Writes nothing, takes no lock.

A live page is one GET with this package's user agent, without Scrapy. The user names the URL, so scope and private
addresses are the user's choice; a redirect is shown and not followed, and robots.txt is only read to report what a
crawl would do. The usual proxy variables are respected.
"""

import http.client
import mimetypes
import socket
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO
from urllib.parse import quote, urljoin

from .. import data_files, warc
from ..errors import NoSuchPage, SiteUnreachable
from ..frontier.robots_rules import RobotsRules
from ..items import Capture
from ..pages import absolute, identity_key
from ..settings import DEFAULT_REQUEST_HEADERS, DOWNLOAD_TIMEOUT, GDFUPIN_PAGE_BYTES, USER_AGENT
from ..warc import Exchange, Truncation, unkept

ROBOTS_BYTES, ROBOTS_TIMEOUT = 500_000, 10
FORBIDDEN = "robots.txt forbids this URL: a crawl will not fetch it."
CHUNK = 65536
LISTED = 40
"""Maximum number of captures listed if the user must choose one."""


@dataclass(frozen=True, slots=True)
class ObtainedPage:
    """A capture, and remarks on how it was obtained."""

    capture: Capture
    remarks: tuple[str, ...] = ()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Does not follow redirects."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def obtain(
    what: str,
    url: str | None = None,
    offset: int | None = None,
    crawl: Path | None = None,
    site: str | None = None,
) -> ObtainedPage:
    """The page of a URL or of the path of a file. `crawl` is the folder of a crawl to take the URL's page from.

    `site` is the base URL of a saved page without `url`. Raises NoSuchPage, SiteUnreachable, DamagedRecord.
    """
    if what.startswith(("http://", "https://")):
        return from_url(what) if crawl is None else from_warc(crawl, url=what)
    path = Path(what) if crawl is None else crawl / what
    if is_warc(path):
        return from_warc(path, url=url, offset=offset)
    return from_file(path, url, site)


def from_url(url: str, *, timeout: float = DOWNLOAD_TIMEOUT, limit: int = GDFUPIN_PAGE_BYTES) -> ObtainedPage:
    """The response to one GET, cut off at `limit` bytes or after `timeout` seconds in all. Raises SiteUnreachable."""
    written = absolute(url, url) or url
    capture = _get(written, timeout, limit)
    remarks = []
    if capture.truncated:
        why = {"length": f"after {limit} bytes", "time": f"after {timeout:g} seconds", "disconnect": "by the server"}
        remarks.append(
            f"The response was cut off {why[capture.truncated]}. A crawl would fetch it again instead of reading it."
        )
    if (robots_note := _robots(written)) is not None:
        remarks.append(robots_note)
    return ObtainedPage(capture, tuple(remarks))


def _reason(error: Exception) -> str:
    """Why a request failed, in the words of the system."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, socket.gaierror):
        return f"its host name has no address ({cause.strerror})"
    return (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or type(cause).__name__


def _get(url: str, timeout: float, limit: int) -> Capture:
    request = urllib.request.Request(url, headers={**DEFAULT_REQUEST_HEADERS, "User-Agent": USER_AGENT})
    unverified = ssl.create_default_context()  # like a crawl: certificates of old sites expired long ago
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=unverified))
    deadline = time.monotonic() + timeout
    try:
        with opener.open(request, timeout=timeout) as response:
            return _capture(url, response.status, response.headers, *_body(response, deadline, limit))
    except urllib.error.HTTPError as error:
        with error:
            return _capture(url, error.code, error.headers, *_body(error, deadline, limit))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise SiteUnreachable(
            f"{url} cannot be fetched: {_reason(error)}. Check the address and the network (a proxy is taken from http_proxy)."
        ) from None


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


def _robots(url: str) -> str | None:
    """A remark on what robots.txt means for a crawl of this URL; None if it is allowed without delay."""
    place = urljoin(url, "/robots.txt")
    try:
        answer = _get(place, ROBOTS_TIMEOUT, ROBOTS_BYTES)
    except SiteUnreachable as error:
        return f"robots.txt: {error}; a crawl would fetch nothing from this host."
    if answer.status >= 500:
        return f"robots.txt has status {answer.status}: a crawl would fetch nothing from this host."
    if answer.status != 200:
        return None
    rules = RobotsRules(answer.payload, USER_AGENT, answer.header("content-type"), answer.header("content-encoding"))
    if not rules.allowed(url):
        return FORBIDDEN
    delay = rules.crawl_delay
    return f"robots.txt asks for {delay:g} s between requests, and a crawl will respect that." if delay else None


def from_file(path: Path, url: str | None, site: str | None = None) -> ObtainedPage:
    """A saved page, as if it had just come from `url`, or without that from `site`. Raises NoSuchPage."""
    try:
        payload = data_files.content(path, data_files.PAGE)
    except OSError as error:
        raise NoSuchPage(path, f"cannot be read: {error.strerror}") from None
    headers = Message()
    headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or "text/html"
    if url:
        return ObtainedPage(_capture(url, 200, headers, payload))
    guessed = urljoin(site or "http://localhost/", quote(path.name))
    remark = (
        f"Read as if it came from {guessed}, so links, id and scope may be wrong. Give --url, the "
        "URL that it was saved from."
    )
    return ObtainedPage(_capture(guessed, 200, headers, payload), (remark,))


def from_warc(path: Path, *, url: str | None = None, offset: int | None = None) -> ObtainedPage:
    """A record of a WARC file or of a folder of them: the one at `offset`, or the last good one of a URL.

    Raises DamagedRecord, and NoSuchPage if there is none, or if neither is given; its message lists the captures.
    """
    if not path.exists():
        raise NoSuchPage(path, "no such file")
    if offset is not None:
        return ObtainedPage(warc.read_at(path, offset))
    found: list[Capture] = []
    seen: list[str] = []
    damages: list[warc.Damage] = []
    for capture in warc.read(path, damages.append):
        if url is None and capture.purpose in ("page", "part", "probe"):
            seen.append(f"{capture.proof.offset:>12}  {capture.status}  {capture.url}")
        elif url is not None and identity_key(capture.url) == identity_key(url):
            found.append(capture)
    if url is None:
        more = f"\n… and {len(seen) - LISTED} more" if len(seen) > LISTED else ""
        raise NoSuchPage(
            path,
            f"which page? Give --offset or --url.{_unread(damages)} The file has\n" + "\n".join(seen[:LISTED]) + more,
        )
    if not found:
        raise NoSuchPage(path, f"has no capture of {url}.{_unread(damages)}")
    whole = [capture for capture in found if not capture.truncated and capture.status < 500] or found
    return ObtainedPage(whole[-1], _others(found, whole[-1]))


def _unread(damages: Sequence[warc.Damage]) -> str:
    """A sentence about records that could not be read, with a leading space; empty where there are none."""
    if not damages:
        return ""
    first, count = damages[0], len(damages)
    what = "1 record cannot be read" if count == 1 else f"{count:,} records cannot be read; the first"
    return f" {what}: {first.path.name} at byte {first.offset}: {first.reason}."


def _others(found: Iterable[Capture], chosen: Capture) -> tuple[str, ...]:
    offsets = [f"{one.proof.warc}:{one.proof.offset} ({one.status})" for one in found if one.proof != chosen.proof]
    return (f"Other captures of this URL: {', '.join(offsets[:8])}",) if offsets else ()


def is_warc(path: Path) -> bool:
    """True if a path is a WARC file or a folder of them. Decided by name, because a saved page may contain anything."""
    return path.name.lower().endswith((".warc", ".warc.gz")) or (path.is_dir() and bool(warc.files(path)))


def _capture(url: str, status: int, headers: Message, payload: bytes, truncated: Truncation | None = None) -> Capture:
    pairs = tuple(
        (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers.items()
    )
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    exchange = Exchange(
        url=url,
        captured_at=now,
        status=status,
        headers=pairs,
        payload=payload,
        truncated=truncated,
        purpose="probe",
    )
    return unkept(exchange)
