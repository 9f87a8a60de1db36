"""What the catalog answers with: one frozen record for each kind of row that leaves it. Times are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article line is stored."""

    folder: str
    """Below the output."""
    offset: int
    """Byte in `articles.jsonl`."""


@dataclass(frozen=True, slots=True)
class ArticleState:
    """An article after all observations."""

    id: str
    status: str
    """live, suspected, gone, archived"""
    url: str
    """Its canonical address, or the last one."""
    section: str | None
    title: str
    date: str | None
    source: str | None
    versions: int
    first_seen: str
    last_seen: str
    changed_at: str
    """Time of its last event: added, edited, gone or reappeared. A move does not count."""
    looked_at: str | None
    """The last live observation with a definite result; None: it was never observed live."""
    missing_since: str | None
    """The first observation that did not find it at its canonical address, live or an archived 404 that counts; None: the last one
    found it."""
    sections: tuple[str, ...] = ()
    """Sections of all listings that ever linked to it, at any of its addresses or through a redirect; sorted, each once."""


@dataclass(frozen=True, slots=True)
class FailedLooks:
    """Requests for an article since it was last looked at: all of them failed, or showed nothing definite."""

    at: str
    """The last one; UTC."""
    count: int
    """Crawls with such a request."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One address of an article."""

    id: str
    """Id of an article at this address; ids of earlier releases are found here."""
    url: str
    """The newest URL of this address that was requested."""
    sections: tuple[str, ...] = ()
    """Sections of all listings that ever linked to this address; sorted, each once."""


@dataclass(frozen=True, slots=True)
class VersionState:
    """The content of an article from one sighting to another."""

    id: str
    number: int
    content_sha256: str | None
    line: Place | None
    """None: no line of it was kept."""
    first_seen: str
    last_seen: str
    sightings: int


@dataclass(frozen=True, slots=True)
class SightingState:
    """One sighting of an article, with what the fold derived from it."""

    captured_at: str
    outcome: str
    word: str | None
    """alive, missing or moved, redirects followed; None: it proves nothing, as most of what archives did not find."""
    origin: str
    crawl: str
    warc: str
    """Name of the WARC file in the folder of the crawl."""
    offset: int
    url: str
    """As requested."""


@dataclass(frozen=True, slots=True)
class AddressState:
    """What is known of one address, article or not."""

    id: str
    url: str
    article: str | None
    """Id of its article; None: no article was ever read there."""
    state: str | None
    """live, suspected, gone, moved, archived; None where it belongs to no article."""
    outcome: str
    """Outcome of the last sighting, or kind of the last page; `failed` where no response ever came."""
    looked_at: str | None
    """The last live observation."""
    etag: str | None
    """This and the next: validators of the last live capture that was read. A request with others must not be answered 304."""
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class ListingState:
    """The listings of one section."""

    section: str
    """`` for listings without a section."""
    walked_at: str | None
    """End of the last crawl that followed them to their ends (see `listings`); None: no crawl did."""
    seen_at: str
    printed_total: int | None
    """The newest one printed."""
    printed_pages: int | None
    listed: int
    """Addresses that its rows ever linked to."""
    articles: int
    """Articles among them."""


@dataclass(frozen=True, slots=True)
class CrawlState:
    """A crawl whose lines were folded."""

    name: str
    folder: str
    """Folder of these lines, below the output."""
    began: str | None
    """Its earliest capture of a page; None: it captured none."""
    ended: str | None
    """Its last capture of a page."""
    origins: tuple[str, ...]
    sightings: int
    articles: int
    """Article lines."""
    folded: tuple[tuple[str, int], ...]
    """Bytes that were folded, by kind of line."""


@dataclass(frozen=True, slots=True)
class FoldedLines:
    """How far the lines of one crawl were folded."""

    crawl: str
    folder: str
    """Folder of these lines, below the output."""
    stamp: str
    """See `Source.stamp`."""
    bytes: Mapping[str, int]
    """Bytes that were folded, by kind of line."""


@dataclass(frozen=True, slots=True)
class BrokenReference:
    """A row whose foreign key refers to nothing: the file was damaged or edited."""

    table: str
    row: int
