"""The state of the URL frontier for the next crawl: which addresses are articles, which are not, which are owed a request,
and which listings were followed to their ends. Addresses are numbers here, because there are many.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from .facts import REST_BITS
from .listings import PagedListing, newest, paged_listings
from .queries import Catalog
from .unanswered import unanswered

_OBSERVED = """
SELECT address, url, kind, captured_at, name FROM (
  SELECT p.captured_at, c.name, p.warc, p.offset, p.address, p.url, p.kind FROM page p JOIN crawl c ON c.n = p.crawl
  UNION ALL
  SELECT s.captured_at, c.name, s.warc, s.offset, s.address, s.url, s.outcome
  FROM sighting s JOIN crawl c ON c.n = s.crawl JOIN address a ON a.n = s.address
  WHERE a.article IS NULL
  ORDER BY 1, 2, 3, 4)
"""
_ROWS_MISSING = """
SELECT s.address, max(s.url), min(s.captured_at), count(DISTINCT s.crawl) FROM sighting s JOIN address a ON a.n = s.address
WHERE a.article IS NULL AND s.outcome = 'missing' AND EXISTS (SELECT 1 FROM listed l WHERE l.address = s.address)
GROUP BY s.address HAVING count(DISTINCT s.crawl) < 6
"""
_TITLES = """
SELECT v.content >> ?, s.url FROM article r JOIN version v ON v.article = r.n AND v.number = r.versions
JOIN sighting s ON s.n = r.seen
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
    left: bool = False
    """Whether its newest answer was that there is none any more; see LEFT."""


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
    """Addresses that were read as a page of a listing, and are not given up by the site; first pages included."""
    heads: Mapping[int, Listing]
    """First pages of listings."""
    sections: frozenset[str]
    """Names of sections with articles, as listings print them."""
    titles: Mapping[int, str]
    """By `title_number` of the newest content of each article: its URL."""
    contents: frozenset[int]
    """`content_number` of all contents."""


class _Observed(NamedTuple):
    address: int
    url: str
    kind: str
    """Kind of a page, or outcome of a sighting."""
    captured_at: str
    crawl: str


LEFT = frozenset({"missing", "moved", "article", "file", "read"})
"""By such an answer a site says that an address is no listing any more."""
MISSING_SLACK = timedelta(hours=12)
LEFT_CRAWLS, LEFT_DAYS, ODD_DAYS = 3, 7, 60
"""A listing is given up after such answers of 3 crawls over 7 days, or answers of any other kind over 60 days."""


def known(catalog: Catalog, hopeless: Collection[str] = (), *, now: datetime | None = None) -> Known:
    """What the catalog knows of all addresses. `hopeless`: failures that another request will not mend.

    `now`: rows whose article was missing are owed again after 1, 2, 4, 8 and 16 days: one bad day must not lose the news of it.
    """
    db = catalog._db
    articles = frozenset(n for (n,) in db.execute("SELECT n FROM address WHERE article IS NOT NULL"))
    last: dict[int, _Observed] = {}
    since: dict[int, list[_Observed]] = {}  # listings: their answers since they were last read as one
    for row in map(_Observed._make, db.execute(_OBSERVED)):
        if row.kind == "listing" or (row.kind == "not_modified" and row.address in since):
            since[row.address] = []
        elif row.address in since:
            since[row.address].append(row)
        if row.kind != "not_modified":
            last[row.address] = row
    owed = {each.address: each.url for each in unanswered(db) if each.failure not in hopeless}
    for address, url, first, sightings in db.execute(_ROWS_MISSING):
        if now is None:
            break
        wait = timedelta(days=2 ** (sightings - 1)) - MISSING_SLACK
        if last[address].kind == "missing" and now - datetime.fromisoformat(first) >= wait:
            owed[address] = url
    listings = frozenset(n for n, rows in since.items() if not _is_left(rows))
    passed = frozenset(n for n in last if n not in listings and n not in owed and n not in articles)
    sections = {section for (section,) in db.execute(_WITH_ARTICLES)}
    heads = {
        listing.head: Listing(
            _url(listing),
            listing.walked_at is not None,
            _total(listing),
            any(row.kind in LEFT for row in since[listing.head]),
        )
        for listing in paged_listings(db)
        if listing.head in listings and any((page.section or "") in sections for page in listing.pages)
    }
    titles = dict(db.execute(_TITLES, (REST_BITS,)).fetchall())
    contents = frozenset(n for (n,) in db.execute("SELECT n FROM content"))
    return Known(articles, passed, owed, listings, heads, frozenset(sections - {""}), titles, contents)


def _is_left(rows: Sequence[_Observed]) -> bool:
    """Whether the answers since a listing was last read prove that it is none any more. One bad answer never does."""
    for answers, days in (([row for row in rows if row.kind in LEFT], LEFT_DAYS), (rows, ODD_DAYS)):
        if len({row.crawl for row in answers}) >= LEFT_CRAWLS:
            period = datetime.fromisoformat(answers[-1].captured_at) - datetime.fromisoformat(answers[0].captured_at)
            if period >= timedelta(days=days):
                return True
    return False


def _url(listing: PagedListing) -> str:
    """The newest URL of its first page."""
    return next(page.url for page in reversed(listing.pages) if page.address == listing.head)


def _total(listing: PagedListing) -> int | None:
    return newest(page.printed_total for page in listing.pages)
