"""One look at an article's address, as the pure parts of the fold see it."""

from datetime import datetime
from typing import NamedTuple


class Point(NamedTuple):
    """A place in capture order, by which everything in the catalog is ordered."""

    captured_at: str
    crawl: str = ""
    warc: str = ""
    offset: int = 0


class Observation(NamedTuple):
    """A sighting with what the fold knows of it. Looks sort by their points: the first four fields are one."""

    captured_at: str
    crawl: str
    warc: str
    offset: int
    n: int
    """Row of the sighting; stands for it, and means nothing else."""
    address: int
    url: str
    live: bool
    """From the site itself, not from an archive."""
    word: str | None
    """`alive` (read, or not modified), `missing`, `moved`; None: it says nothing (blocked, unreadable)."""
    leads: int | None
    """The address where redirects ended, if it is known."""
    content: int | None
    """What was said, the section left out; None where the look does not say it anew."""
    sha256: str | None = None
    """The content digest of its line, section and all."""
    section: str | None = None
    line: int | None = None
    """Byte offset of its article line; None where there is none (not modified, a second address)."""
    etag: str | None = None
    doubted: bool = False
    """No disappearance is taken from its crawl."""
    astray: bool = False
    """In its crawl the home page was foreign or blocked."""


def hours_between(earlier: str, later: str) -> float:
    """Hours between two times of the catalog.

    >>> hours_between("2026-11-23T03:00:00Z", "2026-11-24T04:30:00Z")
    25.5
    """
    return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() / 3600
