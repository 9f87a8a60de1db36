"""Memento (RFC 7089): for an address of the site, its captures by time. Tools and browsers that know it find them without a look at a page.

A TimeGate leads to the capture that shows an address as it was at a time; a TimeMap lists all of them. Both are about the captures of the
release whose WARC files are here.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from ..pages import identity_key
from .edition import Edition
from .library import Library

LINK_FORMAT = "application/link-format"
TIMEGATE, TIMEMAP = "/timegate/", "/timemap/link/"


@dataclass(frozen=True, slots=True)
class Memento:
    """A capture that shows an address."""

    path: str
    """In the reading room."""
    at: datetime

    @property
    def datetime(self) -> str:
        """As HTTP has it."""
        return format_datetime(self.at, usegmt=True)


def asked_url(path: str, query: str) -> str:
    """The address in a path, which has its own query; a proxy may have made one slash of two.

    >>> asked_url("http:/www.example.org/show.asp", "id=3")
    'http://www.example.org/show.asp?id=3'
    """
    url = re.sub(r"^(https?):/+", r"\1://", path, count=1, flags=re.IGNORECASE)
    return f"{url}?{query}" if query else url


def mementos(library: Library, edition: Edition, url: str) -> list[Memento]:
    """The captures of an address, oldest first; none where the release does not have it or no WARC file is here."""
    id_ = edition.resolve(url)
    if id_ is None:
        return []
    key = identity_key(url)
    return [
        Memento(f"/captures/{row['warc']}/{row['offset']}", moment(str(row["captured_at"])))
        for row in edition.captures(id_)
        if row["outcome"] == "read" and row["page"] in (None, 1) and identity_key(str(row["url"])) == key and library.has_captures(str(row["warc"]))
    ]  # fmt: skip


def moment(text: str) -> datetime:
    """The time of a capture, of a release or of a WARC record; to the second, as HTTP has it."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)


def asked_time(header: str | None) -> datetime | None:
    """Of Accept-Datetime; None: the newest is asked for. Raises ValueError.

    >>> asked_time("Thu, 31 May 2007 20:35:00 GMT").isoformat()
    '2007-05-31T20:35:00+00:00'
    """
    if header is None:
        return None
    if not header.endswith(" GMT"):
        raise ValueError("Accept-Datetime is not a date of RFC 1123 in GMT")
    found = parsedate_to_datetime(header)
    return found.replace(tzinfo=UTC)


def chosen(some: list[Memento], at: datetime | None) -> Memento:
    """The capture that shows what was there at this time: the last one until then; before all of them the first one."""
    until = [each for each in some if at is None or each.at <= at]
    return until[-1] if until else some[0]


def links(root: str, url: str, *, is_map: bool = False) -> str:
    """The header `Link` of a capture of this address, of the TimeGate and of the page of an article. `root`: address of the reading room,
    without a slash at its end. `is_map`: with the TimeMap alone, as of the TimeGate itself."""
    shown = _shown(url)
    found = [f'<{shown}>; rel="original"', f'<{root}{TIMEMAP}{shown}>; rel="timemap"; type="{LINK_FORMAT}"']
    if not is_map:
        found.append(f'<{root}{TIMEGATE}{shown}>; rel="timegate"')
    return ", ".join(found)


def time_map(root: str, url: str, some: list[Memento]) -> str:
    """The list of all captures of an address, in the link format of RFC 6690."""
    shown = _shown(url)
    first, last = some[0].datetime, some[-1].datetime
    lines = [
        f'<{shown}>; rel="original"',
        f'<{root}{TIMEMAP}{shown}>; rel="self"; type="{LINK_FORMAT}"; from="{first}"; until="{last}"',
        f'<{root}{TIMEGATE}{shown}>; rel="timegate"',
    ]
    for number, each in enumerate(some):
        place = ("first " if number == 0 else "") + ("last " if number == len(some) - 1 else "")
        lines.append(f'<{root}{each.path}>; rel="{place}memento"; datetime="{each.datetime}"')
    return ",\n".join(lines) + "\n"


def _shown(url: str) -> str:
    """In a header: ASCII, without what ends it."""
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~")
