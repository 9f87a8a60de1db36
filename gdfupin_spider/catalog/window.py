"""What crawls looked at between two points: without it, "no changes" could mean that nobody looked."""

import json
from dataclasses import dataclass

from .observation import Point
from .queries import Catalog

# A blocked or unreadable response is no look. The word of a sighting is null for these.
_CAPTURES = """(
  SELECT crawl, captured_at AS at, word IS NOT NULL AS answered FROM sighting
  UNION ALL SELECT crawl, captured_at, kind NOT IN ('blocked', 'foreign', 'unknown') FROM page)"""
_LAST = f"""
SELECT max(at), max(CASE WHEN answered THEN at END) FROM {_CAPTURES} WHERE crawl = :n AND at > :since AND at <= :until
"""
# An article that was gone before is not to be looked at.
_KNOWN = """
article r JOIN version v ON v.article = r.n AND v.number = 1 AND v.first_seen <= :since
WHERE NOT (r.status = 'gone' AND (SELECT max(captured_at) FROM event WHERE article = r.n AND kind = 'gone') <= :since)
"""
_ARTICLES = f"""
SELECT (SELECT count(*) FROM {_KNOWN}), (SELECT count(*) FROM {_KNOWN} AND r.n IN (
  SELECT a.article FROM sighting s JOIN address a ON a.n = s.address
  WHERE s.crawl IN (SELECT value FROM json_each(:crawls)) AND s.word IS NOT NULL
    AND s.captured_at > :since AND s.captured_at <= :until))
"""
_FIRST_PAGES = "FROM page WHERE kind = 'listing' AND coalesce(number, 1) = 1 AND captured_at <= :since"
# A listing that was not modified (304), missing or moved has a sighting instead of a page.
_LISTINGS = f"""
SELECT (SELECT count(DISTINCT address) {_FIRST_PAGES}), (SELECT count(DISTINCT address) {_FIRST_PAGES} AND address IN (
  SELECT address FROM page WHERE crawl IN (SELECT value FROM json_each(:crawls)) AND status = 200
    AND kind NOT IN ('blocked', 'foreign', 'unknown') AND captured_at > :since AND captured_at <= :until
  UNION ALL SELECT address FROM sighting WHERE crawl IN (SELECT value FROM json_each(:crawls)) AND word IS NOT NULL
    AND captured_at > :since AND captured_at <= :until))
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The looks between two points."""

    crawls: tuple[str, ...]
    """Crawls with a capture in it that proves something, in the order in which they began."""
    last_look: str | None
    """The newest such capture; UTC. None where there is none."""
    articles_known: int
    """Articles that were known before it and not gone."""
    articles_looked_at: int
    """Those of them with a definite result in it: read, not modified, missing, moved."""
    listings_known: int
    """Listings of which the first page was known before it."""
    listings_looked_at: int
    """Those of them whose first page was answered in it: read, not modified, missing, moved."""
    unanswered: tuple[str, ...] = ()
    """Crawls that have captures in it, all of them blocked or unreadable."""


def window(catalog: Catalog, since: Point, until: Point, crawl: str | None = None) -> Window:
    """What was looked at after the second of `since`, up to that of `until`. `crawl`: by this crawl alone."""
    values: dict[str, object] = {"since": since.captured_at, "until": until.captured_at}
    rows = catalog._db.execute(
        "SELECT n, name FROM crawl WHERE began <= ? AND (? IS NULL OR name = ?) ORDER BY began, name",
        (until.captured_at, crawl, crawl),
    ).fetchall()
    lasts = [(n, name, *catalog._db.execute(_LAST, {**values, "n": n}).fetchone()) for n, name in rows]
    found = [(n, name, last) for n, name, _, last in lasts if last is not None]
    unanswered = tuple(name for _, name, any_, last in lasts if any_ is not None and last is None)
    values["crawls"] = json.dumps([n for n, _, _ in found])
    articles, articles_looked_at = catalog._db.execute(_ARTICLES, values).fetchone()
    listings, listings_looked_at = catalog._db.execute(_LISTINGS, values).fetchone()
    last = max((last for _, _, last in found), default=None)
    names = tuple(name for _, name, _ in found)
    return Window(names, last, articles, articles_looked_at, listings, listings_looked_at, unanswered)


def before_crawl(catalog: Catalog, crawl: str) -> Point:
    """The point before the second of the first capture of a crawl that the catalog has."""
    (began,) = catalog._db.execute("SELECT began FROM crawl WHERE name = ?", (crawl,)).fetchone()
    (before,) = catalog._db.execute("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, '-1 second')", (began,)).fetchone()
    return Point(before)


def last_look(catalog: Catalog) -> str | None:
    """The newest capture of all that proves something; UTC. None where there is none."""
    query = f"SELECT max(at) FROM {_CAPTURES} WHERE answered"
    return catalog._db.execute(query).fetchone()[0]  # type: ignore[no-any-return]
