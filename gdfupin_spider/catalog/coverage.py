"""What the catalog holds of the site, section by section and as a whole: the answers a ledger of completeness needs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .queries import Catalog

Lack = Literal["missing", "moved", "blocked", "unreadable", "failed", "oversize", "no-article", "not-asked"]
"""Why an address that a listing names has no article: a page that is gone, leads elsewhere, refuses us, cannot be read;
nothing came of it; it is too long; it is a file or another page; nobody has asked for it yet."""

_LACKING = """
SELECT l.section, l.url,
       (SELECT s.outcome FROM sighting s WHERE s.address = l.address ORDER BY s.captured_at DESC, s.n LIMIT 1),
       (SELECT c.name FROM sighting s JOIN crawl c ON c.n = s.crawl WHERE s.address = l.address
        ORDER BY s.captured_at DESC, s.n LIMIT 1),
       (SELECT p.kind FROM page p WHERE p.address = l.address ORDER BY p.captured_at DESC LIMIT 1),
       (SELECT f.what FROM failure f JOIN crawl c ON c.n = f.crawl WHERE f.address = l.address
        ORDER BY c.name DESC, f.what LIMIT 1),
       (SELECT max(c.name) FROM failure f JOIN crawl c ON c.n = f.crawl WHERE f.address = l.address)
FROM listed l LEFT JOIN address a ON a.n = l.address WHERE {0} AND a.article IS NULL ORDER BY l.section, l.url
"""
# A site map names listings as a listing names articles: they are no lack.
_MEANT = """(a.article IS NOT NULL OR NOT EXISTS
    (SELECT 1 FROM page p WHERE p.address = l.address AND p.kind IN ('home', 'listing')))"""
# By article, not by address: after a redesign each stands in old rows and in new ones.
_LISTED = """
SELECT l.section, count(DISTINCT coalesce(a.article, l.address)), count(DISTINCT a.article),
       count(DISTINCT a.article) - count(DISTINCT iif(coalesce(a.state, r.status) IN ('gone', 'moved'), NULL, a.article))
FROM listed l LEFT JOIN address a ON a.n = l.address LEFT JOIN article r ON r.n = a.article
WHERE {0} GROUP BY l.section
"""
# SQLite takes the other column of the row that has the maximum.
_PRINTED = """
SELECT coalesce(section, ''), {0}, max(captured_at) FROM page WHERE kind = 'listing' AND {0} IS NOT NULL GROUP BY 1
"""
_UNLISTED = """
SELECT count(*) FROM article r
WHERE NOT EXISTS (SELECT 1 FROM address a JOIN listed l ON l.address = a.n WHERE a.article = r.n)
"""
_SHARES = """
SELECT count(*), count(k.date), count(k.source), count(k.author), count(r.section)
FROM article r JOIN version v ON v.article = r.n AND v.number = r.versions JOIN content k ON k.n = v.content
"""
# A date to come is a slip of the pen: what was seen had been published by then.
_PUBLISHED = """
SELECT DISTINCT min(k.date, substr(v.first_seen, 1, 10)) FROM version v JOIN content k ON k.n = v.content
WHERE v.number = 1 AND k.date IS NOT NULL
"""
_URLS = """
SELECT (SELECT s.url FROM sighting s WHERE s.address = a.n LIMIT 1), a.article IS NOT NULL FROM address a
UNION ALL SELECT l.url, 0 FROM listed l
UNION ALL SELECT p.url, 0 FROM page p WHERE p.kind NOT IN ('home', 'listing')
UNION ALL SELECT f.url, 0 FROM failure f
"""
_HAPPENED = """
SELECT c.name, e.kind, count(*) FROM event e JOIN sighting s ON s.n = e.sighting JOIN crawl c ON c.n = s.crawl
GROUP BY 1, 2
UNION ALL
SELECT c.name, 'added', count(*) FROM version v JOIN sighting s ON s.n = v.first_sighting JOIN crawl c ON c.n = s.crawl
WHERE v.number = 1 GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Lacking:
    """An address that a listing names and of which there is no article."""

    section: str
    url: str
    why: Lack


@dataclass(frozen=True, slots=True)
class Section:
    """What the listings of a section say there is, and what we have of it."""

    section: str
    """`` for listings that name none."""
    printed_total: int | None
    """The newest."""
    printed_pages: int | None
    listed: int
    """Articles its rows ever led to, under whatever address, and addresses of which there is none."""
    articles: int
    """The former."""
    left: int
    """Those of them that are gone, or have moved: no listing need name them any more."""


def sections(catalog: Catalog) -> list[Section]:
    """All sections that have a listing, by name."""
    totals, pages = (
        {section: value for section, value, _ in catalog.db.execute(_PRINTED.format(column))}
        for column in ("printed_total", "printed_pages")
    )
    listed = {section: counts for section, *counts in catalog.db.execute(_LISTED.format(_MEANT))}
    there = catalog.db.execute("SELECT DISTINCT coalesce(section, '') FROM page WHERE kind = 'listing'")
    return [
        Section(section, totals.get(section), pages.get(section), *listed.get(section, (0, 0, 0)))
        for section in sorted({name for (name,) in there} | listed.keys())
    ]


def lacking(catalog: Catalog) -> Iterator[Lacking]:
    """What listings name and is no article, by section and URL."""
    for section, url, outcome, looked, kind, failure, failed in catalog.db.execute(_LACKING.format(_MEANT)):
        yield Lacking(section, url, _why(outcome, kind, failure, failed is not None and failed == looked))


def _why(outcome: str | None, kind: str | None, failure: str | None, failed_then: bool) -> Lack:
    """`failed_then`: the last look was the failure, and so says less than it."""
    match outcome:
        case "missing" | "moved" | "blocked":
            return outcome
        case str() if not failed_then:
            return "unreadable"
    if failure is not None:
        if failure in ("blocked", "no-access"):
            return "blocked"
        return "oversize" if failure == "oversize" else "failed"
    if kind is not None:
        return "unreadable" if kind in ("unknown", "foreign") else "no-article"
    return "not-asked"


def unlisted(catalog: Catalog) -> int:
    """Articles that no listing ever named."""
    return int(catalog.db.execute(_UNLISTED).fetchone()[0])


def shares(catalog: Catalog) -> dict[str, int]:
    """Articles, and those that have a date, a source, an author, a section, as they stand."""
    row = catalog.db.execute(_SHARES).fetchone()
    return dict(zip(("articles", "date", "source", "author", "section"), row, strict=True))


def encodings(catalog: Catalog) -> dict[str, int]:
    """Article lines by encoding, most frequent first."""
    return dict(catalog.db.execute("SELECT name, sum(lines) FROM encoding GROUP BY name ORDER BY 2 DESC, 1").fetchall())


def published(catalog: Catalog) -> Iterator[str]:
    """The days, `YYYY-MM-DD`, of which some article is."""
    for (day,) in catalog.db.execute(_PUBLISHED):
        yield day


def found_at(catalog: Catalog) -> str | None:
    """When the last article that was new to us was first seen."""
    return catalog.db.execute("SELECT max(first_seen) FROM version WHERE number = 1").fetchone()[0]  # type: ignore[no-any-return]


def addresses(catalog: Catalog) -> Iterator[tuple[str, bool]]:
    """The URLs of all that was met but listings and home pages, some more than once; whether there is an article."""
    for url, article in catalog.db.execute(_URLS):
        if url is not None:
            yield url, bool(article)


def happened(catalog: Catalog) -> dict[str, Counter[str]]:
    """By crawl: how many articles it brought to light that were added, edited, moved, gone, reappeared."""
    counts: dict[str, Counter[str]] = {}
    for crawl, kind, count in catalog.db.execute(_HAPPENED):
        counts.setdefault(crawl, Counter())[kind] = count
    return counts


def folded(catalog: Catalog) -> dict[str, tuple[str, dict[str, int]]]:
    """By crawl: the folder of the lines that were folded, and up to which byte, by kind."""
    ends: dict[str, tuple[str, dict[str, int]]] = {}
    for crawl, folder, kind, size in catalog.db.execute(
        "SELECT c.name, c.folder, f.kind, f.bytes FROM crawl c LEFT JOIN folded f ON f.crawl = c.n"
    ):
        files = ends.setdefault(crawl, (folder, {}))[1]
        if kind is not None:
            files[kind] = size
    return ends
