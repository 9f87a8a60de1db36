"""The state of the URL frontier for the next crawl: which addresses are articles, which are not, which are owed a request,
and which listings were followed to their ends. Addresses are numbers here, because there are many.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .listings import PagedListing, newest, paged_listings
from .queries import Catalog
from .unanswered import unanswered

_OBSERVED = """
SELECT address, url, kind FROM (
  SELECT p.captured_at, c.name, p.warc, p.offset, p.address, p.url, p.kind FROM page p JOIN crawl c ON c.n = p.crawl
  UNION ALL
  SELECT s.captured_at, c.name, s.warc, s.offset, s.address, s.url, s.outcome
  FROM sighting s JOIN crawl c ON c.n = s.crawl JOIN address a ON a.n = s.address
  WHERE a.article IS NULL AND s.outcome != 'not_modified'
  ORDER BY 1, 2, 3, 4)
"""
# A site map is a listing whose rows lead to listings; its section has no rows that are, or may be, articles.
_WITH_ARTICLES = """
SELECT DISTINCT l.section FROM listed l LEFT JOIN address a ON a.n = l.address
WHERE a.article IS NOT NULL OR (NOT EXISTS (SELECT 1 FROM page p WHERE p.address = l.address))
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """A listing, for the planner."""

    url: str
    """Of its first page."""
    walked: bool
    """Whether a crawl followed it to its end."""
    printed_total: int | None
    """The newest one printed."""


@dataclass(frozen=True, slots=True)
class Known:
    """All known addresses, by their numbers."""

    articles: frozenset[int]
    """Addresses of articles."""
    passed: frozenset[int]
    """Answered addresses that are neither article nor listing."""
    owed: Mapping[int, str]
    """URLs of addresses that were named or requested and never answered, without hopeless ones."""
    listings: frozenset[int]
    """Addresses of listing pages, first pages included."""
    heads: Mapping[int, Listing]
    """First pages of listings."""


class _Observed(NamedTuple):
    address: int
    url: str
    kind: str
    """Kind of a page, or outcome of a sighting."""


def known(catalog: Catalog, hopeless: Collection[str] = ()) -> Known:
    """What the catalog knows of all addresses. `hopeless`: failures that another request will not mend."""
    db = catalog._db
    articles = frozenset(n for (n,) in db.execute("SELECT n FROM address WHERE article IS NOT NULL"))
    last = {row.address: row for row in map(_Observed._make, db.execute(_OBSERVED))}
    owed = {each.address: each.url for each in unanswered(db) if each.failure not in hopeless}
    listings = frozenset(n for n, row in last.items() if row.kind == "listing")
    passed = frozenset(n for n in last if n not in listings and n not in owed and n not in articles)
    sections = {section for (section,) in db.execute(_WITH_ARTICLES)}
    heads = {
        listing.head: Listing(_url(listing), listing.walked_at is not None, _total(listing))
        for listing in paged_listings(db)
        if listing.head in listings and any((page.section or "") in sections for page in listing.pages)
    }
    return Known(articles, passed, owed, listings, heads)


def _url(listing: PagedListing) -> str:
    """The newest URL of its first page."""
    return next(page.url for page in reversed(listing.pages) if page.address == listing.head)


def _total(listing: PagedListing) -> int | None:
    return newest(page.printed_total for page in listing.pages)
