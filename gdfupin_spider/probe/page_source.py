"""Obtaining the page to inspect: from the network, a saved file, or a WARC record. Writes nothing, takes no lock.

The user names the URL of a live page, so scope and private addresses are the user's choice.
"""

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin

from .. import data_files, warc
from ..errors import NoSuchPage, SiteUnreachable
from ..items import Capture
from ..messages.text import N_, enumeration
from ..pages import absolute, identity_key
from ..settings import DOWNLOAD_TIMEOUT, GDFUPIN_PAGE_BYTES
from .live_page import NoResponse, response_to, robots_remark, unstored

LISTED = 40
"""Maximum number of captures listed if the user must choose one."""


@dataclass(frozen=True, slots=True)
class ObtainedPage:
    """A capture, and remarks on how it was obtained."""

    capture: Capture
    remarks: tuple[str, ...] = ()


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
    try:
        capture = response_to(written, timeout, limit)
    except NoResponse as error:
        raise SiteUnreachable(
            N_(
                "{written} cannot be fetched: {error}. Check the address and the network (a proxy is taken from "
                "http_proxy).",
                written=written,
                error=error,
            )
        ) from None
    remarks = []
    if capture.truncated:
        why = {
            "length": N_("after {limit} bytes", limit=limit),
            "time": N_("after {timeout:g} seconds", timeout=timeout),
            "disconnect": N_("by the server"),
        }
        remarks.append(
            N_(
                "The response was cut off {why}. A crawl would fetch it again instead of reading it.",
                why=why[capture.truncated],
            )
        )
    if (robots_note := robots_remark(written)) is not None:
        remarks.append(robots_note)
    return ObtainedPage(capture, tuple(remarks))


def from_file(path: Path, url: str | None, site: str | None = None) -> ObtainedPage:
    """A saved page, as if it had just come from `url`, or without that from `site`. Raises NoSuchPage."""
    try:
        payload = data_files.content(path, data_files.PAGE)
    except OSError as error:
        raise NoSuchPage(path, N_("cannot be read: {reason}", reason=error.strerror)) from None
    headers = [("Content-Type", mimetypes.guess_type(path.name)[0] or "text/html")]
    if url:
        return ObtainedPage(unstored(url, 200, headers, payload))
    guessed = urljoin(site or "http://localhost/", quote(path.name))
    remark = N_(
        "Read as if it came from {guessed}, so links, id and scope may be wrong. Give --url, the URL "
        "that it was saved from.",
        guessed=guessed,
    )
    return ObtainedPage(unstored(guessed, 200, headers, payload), (remark,))


def from_warc(path: Path, *, url: str | None = None, offset: int | None = None) -> ObtainedPage:
    """A record of a WARC file or of a folder of them: the one at `offset`, or the last good one of a URL.

    Raises DamagedRecord, and NoSuchPage if there is none, or if neither is given; its message lists the captures.
    """
    if not path.exists():
        raise NoSuchPage(path, N_("no such file"))
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
        more = N_("\n… and {seen} more", seen=len(seen) - LISTED) if len(seen) > LISTED else ""
        raise NoSuchPage(
            path,
            N_(
                "which page? Give --offset or --url.{damages} The file has\n{captures}{more}",
                damages=_unread(damages),
                captures="\n".join(seen[:LISTED]),
                more=more,
            ),
        )
    if not found:
        raise NoSuchPage(path, N_("has no capture of {url}.{damages}", url=url, damages=_unread(damages)))
    whole = [capture for capture in found if not capture.truncated and capture.status < 500] or found
    return ObtainedPage(whole[-1], _others(found, whole[-1]))


def _unread(damages: Sequence[warc.Damage]) -> str:
    """A sentence about records that could not be read, with a leading space; empty where there are none."""
    if not damages:
        return ""
    first, count = damages[0], len(damages)
    what = (
        N_("1 record cannot be read") if count == 1 else N_("{count:,} records cannot be read; the first", count=count)
    )
    return N_(
        " {what}: {name} at byte {offset}: {reason}.",
        what=what,
        name=first.path.name,
        offset=first.offset,
        reason=first.reason,
    )


def _others(found: Iterable[Capture], chosen: Capture) -> tuple[str, ...]:
    offsets = [f"{one.proof.warc}:{one.proof.offset} ({one.status})" for one in found if one.proof != chosen.proof]
    return (N_("Other captures of this URL: {offsets}", offsets=enumeration(offsets[:8])),) if offsets else ()


def is_warc(path: Path) -> bool:
    """True if a path is a WARC file or a folder of them. Decided by name, because a saved page may contain anything."""
    return path.name.lower().endswith((".warc", ".warc.gz")) or (path.is_dir() and bool(warc.files(path)))
