"""One observation of an address, as the pure parts of the fold see it."""

from datetime import datetime
from typing import NamedTuple


class Point(NamedTuple):
    """A position in capture order, the order of everything in the catalog."""

    captured_at: str
    crawl: str = ""
    warc: str = ""
    offset: int = 0


class Observation(NamedTuple):
    """A sighting with what the fold derived. The first four fields are its point, so observations sort in capture order."""

    captured_at: str
    crawl: str
    warc: str
    offset: int
    n: int
    """Row number of the sighting."""
    address: int
    url: str
    live: bool
    """From the site itself, not from a web archive."""
    word: str | None
    """`alive` (read, or not modified), `missing`, `moved`; None: it proves nothing (blocked, unreadable)."""
    leads: int | None
    """The address where redirects ended, if known."""
    content: int | None
    """Number of the content (without section); None if the sighting has no content of its own."""
    sha256: str | None = None
    """The content digest of its line, with the section."""
    section: str | None = None
    line: int | None = None
    """Byte offset of its article line; None if it has none (not modified, a second address)."""
    etag: str | None = None
    doubted: bool = False
    """Its crawl is doubted: missing articles do not count."""
    absent: bool = False
    """In a web archive, and it proves that the article was not there; see absence.py."""
    astray: bool = False
    """The home page of its crawl was foreign or blocked."""


def hours_between(earlier: str, later: str) -> float:
    """Hours between two times of the catalog.

    >>> hours_between("2026-11-23T03:00:00Z", "2026-11-24T04:30:00Z")
    25.5
    """
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 3600
