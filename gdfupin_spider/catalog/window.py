"""What crawls looked at between two points: without it, "no changes" could mean that nobody looked."""

import json
from dataclasses import dataclass

from .observation import Point
from .queries import Catalog

_LAST = """
SELECT max(at) FROM (SELECT captured_at AS at FROM sighting WHERE crawl = :n
                     UNION ALL SELECT captured_at FROM page WHERE crawl = :n) WHERE at > :since AND at <= :until
"""
# An article that was gone before is not to be looked at.
_KNOWN = """
article r JOIN version v ON v.article = r.n AND v.number = 1 AND v.first_seen <= :since
WHERE NOT (r.status = 'gone' AND (SELECT max(captured_at) FROM event WHERE article = r.n AND kind = 'gone') <= :since)
"""
# A blocked or unreadable response is no look.
_ARTICLES = f"""
SELECT (SELECT count(*) FROM {_KNOWN}), (SELECT count(*) FROM {_KNOWN} AND r.n IN (
  SELECT a.article FROM sighting s JOIN address a ON a.n = s.address
  WHERE s.crawl IN (SELECT value FROM json_each(:crawls)) AND s.word IS NOT NULL
    AND s.captured_at > :since AND s.captured_at <= :until))
"""
_FIRST_PAGES = "FROM page WHERE kind = 'listing' AND coalesce(number, 1) = 1 AND captured_at <= :since"
_LISTINGS = f"""
SELECT (SELECT count(DISTINCT address) {_FIRST_PAGES}), (SELECT count(DISTINCT address) {_FIRST_PAGES} AND address IN (
  SELECT address FROM page WHERE crawl IN (SELECT value FROM json_each(:crawls)) AND status IN (200, 304)
    AND captured_at > :since AND captured_at <= :until))
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
    values: dict[str, object] = {"since": since.captured_at, "until": until.captured_at}
    rows = catalog._db.execute(
        "SELECT n, name FROM crawl WHERE began <= ? AND (? IS NULL OR name = ?) ORDER BY began, name",
        (until.captured_at, crawl, crawl),
    ).fetchall()
    lasts = [(n, name, catalog._db.execute(_LAST, {**values, "n": n}).fetchone()[0]) for n, name in rows]
    found = [(n, name, last) for n, name, last in lasts if last is not None]
    values["crawls"] = json.dumps([n for n, _, _ in found])
    articles, listings = (catalog._db.execute(query, values).fetchone() for query in (_ARTICLES, _LISTINGS))
    last = max((last for _, _, last in found), default=None)
    return Window(tuple(name for _, name, _ in found), last, *articles, *listings)


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
