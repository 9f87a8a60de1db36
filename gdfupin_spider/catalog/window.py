"""What crawls looked at between two points: without it, "no changes" could mean that nobody looked."""

from dataclasses import dataclass

from .observation import Point
from .queries import Catalog

_CRAWLS = """
SELECT c.name, max(x.captured_at)
FROM (SELECT crawl, captured_at FROM sighting UNION ALL SELECT crawl, captured_at FROM page) x JOIN crawl c ON c.n = x.crawl
WHERE x.captured_at > :since AND x.captured_at <= :until AND (:crawl IS NULL OR c.name = :crawl)
GROUP BY c.n ORDER BY c.began, c.name
"""
# An article that was gone before is not to be looked at. A blocked or unreadable response is no look.
_ARTICLES = """
SELECT count(*), coalesce(sum(EXISTS (
  SELECT 1 FROM address a JOIN sighting s ON s.address = a.n JOIN crawl c ON c.n = s.crawl
  WHERE a.article = r.n AND s.word IS NOT NULL AND s.captured_at > :since AND s.captured_at <= :until
    AND (:crawl IS NULL OR c.name = :crawl))), 0)
FROM article r JOIN version v ON v.article = r.n AND v.number = 1
WHERE v.first_seen <= :since AND NOT (
  r.status = 'gone' AND (SELECT max(captured_at) FROM event WHERE article = r.n AND kind = 'gone') <= :since)
"""
_LISTINGS = """
SELECT count(*), coalesce(sum(EXISTS (
  SELECT 1 FROM page p JOIN crawl c ON c.n = p.crawl
  WHERE p.address = l.address AND p.status IN (200, 304) AND p.captured_at > :since AND p.captured_at <= :until
    AND (:crawl IS NULL OR c.name = :crawl))), 0)
FROM (SELECT DISTINCT address FROM page WHERE kind = 'listing' AND coalesce(number, 1) = 1 AND captured_at <= :since) l
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The looks between two points."""

    crawls: tuple[str, ...]
    """Crawls with a capture in it, in the order in which they began."""
    last_look: str | None
    """The newest capture in it; UTC. None where there is none."""
    articles_known: int
    """Articles that were known before it and not gone."""
    articles_looked_at: int
    """Those of them with a definite result in it: read, not modified, missing, moved."""
    listings_known: int
    """Listings of which the first page was known before it."""
    listings_looked_at: int
    """Those of them whose first page was answered in it."""


def window(catalog: Catalog, since: Point, until: Point, crawl: str | None = None) -> Window:
    """What was looked at after the second of `since`, up to that of `until`. `crawl`: by this crawl alone."""
    values = {"since": since.captured_at, "until": until.captured_at, "crawl": crawl}
    crawls = catalog._db.execute(_CRAWLS, values).fetchall()
    articles, listings = (catalog._db.execute(query, values).fetchone() for query in (_ARTICLES, _LISTINGS))
    return Window(
        tuple(name for name, _ in crawls), max((last for _, last in crawls), default=None), *articles, *listings
    )


def before_crawl(catalog: Catalog, crawl: str) -> Point:
    """The point before the second of the first capture of a crawl that the catalog has."""
    (began,) = catalog._db.execute("SELECT began FROM crawl WHERE name = ?", (crawl,)).fetchone()
    (before,) = catalog._db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, '-1 second')", (began,)).fetchone()
    return Point(before)


def last_look(catalog: Catalog) -> str | None:
    """The newest capture of all; UTC. None where there is none."""
    query = (
        "SELECT max(at) FROM (SELECT max(captured_at) AS at FROM sighting UNION ALL SELECT max(captured_at) FROM page)"
    )
    return catalog._db.execute(query).fetchone()[0]  # type: ignore[no-any-return]
