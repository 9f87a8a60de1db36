"""Where a page to be probed comes from: the network, a saved file, a WARC record. Nothing is kept, no lock is taken.

A live page is one GET with this package's own user agent, past Scrapy: the person at the keyboard names the address, so
scope and private addresses are theirs to judge, a redirect is shown and not followed, and robots.txt is asked only to
say what a crawl would be allowed. The usual proxy variables are honoured.
"""

import http.client
import mimetypes
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urljoin

from .. import warc
from ..errors import NoSuchPage, SiteUnreachable
from ..frontier.robots_rules import RobotsRules
from ..items import Capture
from ..pages import absolute, identity_key
from ..settings import DEFAULT_REQUEST_HEADERS, DOWNLOAD_TIMEOUT, GDFUPIN_PAGE_BYTES, USER_AGENT
from ..warc import Exchange, Truncation, unkept

ROBOTS_BYTES, ROBOTS_TIMEOUT = 500_000, 10
CHUNK = 65536
LISTED = 40
"""So many captures are named where it is not said which one is meant."""


_UNVERIFIED = ssl.create_default_context()  # as a crawl does: certificates of old sites have expired long ago
_UNVERIFIED.check_hostname = False
_UNVERIFIED.verify_mode = ssl.CERT_NONE


@dataclass(frozen=True, slots=True)
class ObtainedPage:
    """A capture, and what there is to say about how it was come by."""

    capture: Capture
    remarks: tuple[str, ...] = ()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer, too."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def obtain(
    what: str,
    url: str | None = None,
    offset: int | None = None,
    crawl: Path | None = None,
    site: str | None = None,
) -> ObtainedPage:
    """What is meant by a URL or the path of a file; `crawl`: the folder of a crawl to take the URL's page from.

    `site`: where a saved page without `url` is taken to come from. Raises NoSuchPage, SiteUnreachable, DamagedRecord.
    """
    if what.startswith(("http://", "https://")):
        return from_url(what) if crawl is None else from_warc(crawl, url=what)
    path = Path(what) if crawl is None else crawl / what
    if is_warc(path):
        return from_warc(path, url=url, offset=offset)
    return from_file(path, url, site)


def from_url(url: str, *, timeout: float = DOWNLOAD_TIMEOUT, limit: int = GDFUPIN_PAGE_BYTES) -> ObtainedPage:
    """One GET, cut off at `limit` bytes or `timeout` seconds in all. Raises SiteUnreachable."""
    written = absolute(url, url) or url
    capture = _get(written, timeout, limit)
    remarks = []
    if capture.truncated:
        why = {"length": f"after {limit} bytes", "time": f"after {timeout:g} seconds", "disconnect": "by the server"}
        remarks.append(f"The answer was cut off {why[capture.truncated]}: a crawl would try again, not read it.")
    if (robots_note := _robots(written)) is not None:
        remarks.append(robots_note)
    return ObtainedPage(capture, tuple(remarks))


def _get(url: str, timeout: float, limit: int) -> Capture:
    request = urllib.request.Request(url, headers={**DEFAULT_REQUEST_HEADERS, "User-Agent": USER_AGENT})
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=_UNVERIFIED))
    deadline = time.monotonic() + timeout
    try:
        with opener.open(request, timeout=timeout) as response:
            return _capture(url, response.status, response.headers, *_body(response, deadline, limit))
    except urllib.error.HTTPError as error:
        with error:
            return _capture(url, error.code, error.headers, *_body(error, deadline, limit))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise SiteUnreachable(f"{url} cannot be had: {error}") from None


def _body(response: IO[bytes], deadline: float, limit: int) -> tuple[bytes, Truncation | None]:
    """What comes in time and within the limit, and what cut it off."""
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
    missing = getattr(response, "length", None)  # what Content-Length promised and did not come
    return bytes(body), "disconnect" if missing else None


def _robots(url: str) -> str | None:
    """What robots.txt says to a crawl that asks for this address; None where it allows it."""
    place = urljoin(url, "/robots.txt")
    try:
        answer = _get(place, ROBOTS_TIMEOUT, ROBOTS_BYTES)
    except SiteUnreachable as error:
        return f"robots.txt: {error}; a crawl would fetch nothing there."
    if answer.status >= 500:
        return f"robots.txt answers {answer.status}: a crawl would fetch nothing there."
    if answer.status != 200:
        return None
    rules = RobotsRules(answer.payload)
    if not rules.allowed(url, USER_AGENT):
        return "robots.txt forbids this address: a crawl will leave it out."
    delay = rules.crawl_delay(USER_AGENT)
    return f"robots.txt asks for {delay:g} s between two requests: a crawl will keep to that." if delay else None


def from_file(path: Path, url: str | None, site: str | None = None) -> ObtainedPage:
    """A saved page, as if it had just come from `url`, or where that is not told, from `site`. Raises NoSuchPage."""
    try:
        payload = path.read_bytes()
    except OSError as error:
        raise NoSuchPage(path, f"cannot be read: {error.strerror}") from None
    headers = Message()
    headers["Content-Type"] = mimetypes.guess_type(path.name)[0] or "text/html"
    if url:
        return ObtainedPage(_capture(url, 200, headers, payload))
    guessed = urljoin(site or "http://localhost/", quote(path.name))
    remark = (
        f"Read as if it had come from {guessed}: its links, its id and what is in scope are not sure. Give --url, the "
        "address it was saved from."
    )
    return ObtainedPage(_capture(guessed, 200, headers, payload), (remark,))


def from_warc(path: Path, *, url: str | None = None, offset: int | None = None) -> ObtainedPage:
    """A record of a WARC file, or of a folder of them: the one at `offset`, or the last good one of an address.

    Raises DamagedRecord, and NoSuchPage where there is none or it is not said which; it names those there are.
    """
    if not path.exists():
        raise NoSuchPage(path, "there is no such file")
    if offset is not None:
        return ObtainedPage(warc.read_at(path, offset))
    found: list[Capture] = []
    seen: list[str] = []
    for capture in warc.read(path, lambda damage: None):
        if url is None and capture.purpose in ("page", "part", "probe"):
            seen.append(f"{capture.proof.offset:>12}  {capture.status}  {capture.url}")
        elif url is not None and identity_key(capture.url) == identity_key(url):
            found.append(capture)
    if url is None:
        more = f"\n… and {len(seen) - LISTED} more" if len(seen) > LISTED else ""
        raise NoSuchPage(path, "which page? Give --offset or --url. It has\n" + "\n".join(seen[:LISTED]) + more)
    if not found:
        raise NoSuchPage(path, f"has no capture of {url}")
    whole = [capture for capture in found if not capture.truncated and capture.status < 500] or found
    return ObtainedPage(whole[-1], _others(found, whole[-1]))


def _others(found: Iterable[Capture], chosen: Capture) -> tuple[str, ...]:
    offsets = [f"{one.proof.warc}:{one.proof.offset} ({one.status})" for one in found if one.proof != chosen.proof]
    return (f"Other captures of this address: {', '.join(offsets[:8])}",) if offsets else ()


def is_warc(path: Path) -> bool:
    """Whether a path is to be read as WARC: by its name, for a saved page may hold anything."""
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
