"""What the catalog holds of the site, by section and as a whole: the figures behind the completeness report."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .decisions import decisions_of
from .facts import number_of
from .queries import Catalog
from .unanswered import unanswered
from .withdrawn import withdrawn_in

MissingReason = Literal[
    "missing", "moved", "blocked", "unreadable", "failed", "oversize", "no-article", "not-asked", "never-captured"
]
"""Why an address that a listing names has no article. Answered: the page is gone (missing), leads elsewhere (moved),
could not be read (unreadable), is a file or another kind of page (no-article). Never answered: the server refuses us
(blocked), the response is too long (oversize), every request failed (failed), nobody requested it yet (not-asked), no source has it and there is no live crawl that could ask (never-captured)."""

# The newest answer. A capture can have both a sighting and a page line: the sighting is the more exact.
_NAMED = """
SELECT l.section, l.url, l.date, l.address, (
  SELECT kind FROM (
    SELECT captured_at, 1 AS exact, outcome AS kind FROM sighting WHERE address = l.address AND outcome != 'blocked'
    UNION ALL SELECT captured_at, 0, kind FROM page WHERE address = l.address)
  ORDER BY captured_at DESC, exact DESC, kind LIMIT 1)
FROM listed l LEFT JOIN address a ON a.n = l.address WHERE {0} AND a.article IS NULL ORDER BY l.section, l.url
"""
# A site map names listings as a listing names articles; they are not missing articles.
_NO_LISTING = """(a.article IS NOT NULL OR NOT EXISTS
    (SELECT 1 FROM page p WHERE p.address = l.address AND p.kind IN ('home', 'listing')))"""
# By article, not by address: after a redesign each article has old rows and new ones.
_LISTED = """
SELECT l.section, count(DISTINCT coalesce(a.article, l.address)), count(DISTINCT a.article),
       count(DISTINCT a.article) - count(DISTINCT iif(coalesce(a.state, r.status) IN ('gone', 'moved'), NULL, a.article))
FROM listed l LEFT JOIN address a ON a.n = l.address LEFT JOIN article r ON r.n = a.article
WHERE {0} GROUP BY l.section
"""
# SQLite takes the other columns from the row that has the maximum.
_PRINTED = """
SELECT coalesce(section, ''), {0}, max(captured_at) FROM page WHERE kind = 'listing' AND {0} IS NOT NULL GROUP BY 1
"""
_BY_ORIGIN = """
WITH shown AS (
  SELECT DISTINCT a.article, s.origin FROM sighting s JOIN address a ON a.n = s.address
  WHERE s.word = 'alive' AND a.article IS NOT NULL)
SELECT l.section, shown.origin, count(DISTINCT a.article)
FROM listed l JOIN address a ON a.n = l.address JOIN shown ON shown.article = a.article GROUP BY 1, 2 ORDER BY 1, 2
"""
_UNLISTED = """
SELECT count(*) FROM article r
WHERE NOT EXISTS (SELECT 1 FROM address a JOIN listed l ON l.address = a.n WHERE a.article = r.n)
"""
_SOURCES = """
SELECT k.source, count(*) FROM article r JOIN version v ON v.article = r.n AND v.number = r.versions JOIN content k ON k.n = v.content
WHERE k.source IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1
"""
_WITH_FIELDS = """
SELECT count(*), count(k.date), count(k.source), count(k.author), count(r.section)
FROM article r JOIN version v ON v.article = r.n AND v.number = r.versions JOIN content k ON k.n = v.content
"""
# A date after the first sighting is a slip of the pen: what was seen had been published by then.
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
_EVENTS = """
SELECT c.name, e.kind, count(*) FROM event e JOIN sighting s ON s.n = e.sighting JOIN crawl c ON c.n = s.crawl
GROUP BY 1, 2
UNION ALL
SELECT c.name, 'added', count(*) FROM version v JOIN sighting s ON s.n = v.first_sighting JOIN crawl c ON c.n = s.crawl
WHERE v.number = 1 GROUP BY 1
ORDER BY 1
"""
WHOLE_SITE = frozenset(
    {
        "网站地图",
        "站点地图",
        "网站导航",
        "站点导航",
        "站内搜索",
        "网站搜索",
        "全站搜索",
        "搜索结果",
        "搜索",
        "会员登录",
        "用户登录",
    }
)
"""Last steps of breadcrumbs of pages that list or search the whole site: no sections."""


@dataclass(frozen=True, slots=True)
class MissingArticle:
    """An address that a listing names and that has no article."""

    section: str
    url: str
    why: MissingReason
    date: str | None
    """`YYYY-MM-DD` that the newest row of the listing prints; None where it prints none, or its line is of version 0.1.0."""


@dataclass(frozen=True, slots=True)
class SectionArticles:
    """The articles of a section: what its listings print, and what we have."""

    section: str
    """`` for listings without a section."""
    printed_total: int | None
    """The newest one printed."""
    printed_pages: int | None
    listed: int
    """Articles its rows ever linked to, under whatever address, and addresses without an article."""
    articles: int
    """Articles its rows ever linked to."""
    left: int
    """Those of them that are gone or moved: listings need not name them any more."""
    origins: Mapping[str, int]
    """Those of `articles` that each origin showed; empty where all captures have one origin."""


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """Articles, and how many of them have each field in their newest version."""

    articles: int
    date: int
    source: int
    author: int
    section: int


@dataclass(frozen=True, slots=True)
class EncodingCount:
    """Article lines that were decoded by one encoding."""

    encoding: str
    lines: int


class KnownUrl(NamedTuple):
    """A URL of a page that is neither a listing nor a home page."""

    url: str
    is_article: bool


@dataclass(frozen=True, slots=True)
class CrawlEvents:
    """Events of articles that one crawl found, by kind; kinds without events are absent."""

    crawl: str
    events: Counter[str]
    """By `EventKind`."""


def _named(section: str) -> str:
    """The name of a section; `` for a page that lists or searches the whole site."""
    return "" if section in WHOLE_SITE else section


def sections(catalog: Catalog) -> list[SectionArticles]:
    """All sections that have a listing, by name."""
    db = catalog._db
    totals, pages = (
        {section: value for section, value, _ in db.execute(_PRINTED.format(column))}
        for column in ("printed_total", "printed_pages")
    )
    listed: dict[str, list[int]] = {}
    for section, *counts in db.execute(_LISTED.format(_NO_LISTING)):
        known = listed.setdefault(_named(section), [0] * len(counts))
        listed[_named(section)] = [old + new for old, new in zip(known, counts, strict=True)]
    origins: defaultdict[str, Counter[str]] = defaultdict(Counter)
    if len(_origins(db)) > 1:
        for section, origin, count in db.execute(_BY_ORIGIN):
            origins[_named(section)][origin] += count
    rows = db.execute("SELECT DISTINCT coalesce(section, '') FROM page WHERE kind = 'listing'")
    names = {_named(name) for (name,) in rows}
    found = []
    for section in sorted(names | listed.keys()):
        count, articles, left = listed.get(section, (0, 0, 0))
        figures = (totals.get(section), pages.get(section), count, articles, left)
        found.append(SectionArticles(section, *figures, origins=dict(origins[section])))
    return found


def _origins(db: sqlite3.Connection) -> frozenset[str]:
    return frozenset(origin for (origin,) in db.execute("SELECT DISTINCT origin FROM sighting"))


def missing_articles(catalog: Catalog) -> Iterator[MissingArticle]:
    """What listings name and is no article, by section and URL. A page that a person rejected is not missing."""
    decisions = decisions_of(catalog.path.parent)
    payloads = decisions.rejected
    rejected = {number_of(review.id) for review in decisions.all() if review.payload_sha256 in payloads}
    origins = _origins(catalog._db)
    unasked: MissingReason = "not-asked" if origins & {"live", "demo"} or not origins else "never-captured"
    owed = {each.address: each.failure for each in unanswered(catalog._db)}
    for section, url, date, address, answer in catalog._db.execute(_NAMED.format(_NO_LISTING)):
        if address in rejected:
            continue
        why = _unanswered(owed[address], unasked) if address in owed else _answered(answer)
        yield MissingArticle(_named(section), url, why, date)


def not_held_by_month(catalog: Catalog) -> Mapping[tuple[str, str], int]:
    """The same by section and month, `YYYY-MM`, that the newest row prints; `` where it prints none. Sorted."""
    found = Counter((gap.section, (gap.date or "")[:7]) for gap in missing_articles(catalog))
    return dict(sorted(found.items()))


def _unanswered(failure: str | None, unasked: MissingReason) -> MissingReason:
    match failure:
        case None:
            return unasked
        case "blocked" | "no-access" | "login-page":
            return "blocked"
        case "oversize":
            return "oversize"
        case _:
            return "failed"


def _answered(answer: str) -> MissingReason:
    """`answer`: outcome of a sighting, or kind of a page."""
    match answer:
        case "missing" | "moved":
            return answer
        case "read" | "not_modified" | "unreadable" | "unknown" | "foreign":
            return "unreadable"
        case _:
            return "no-article"


def unlisted(catalog: Catalog) -> int:
    """Articles that no listing ever named."""
    return int(catalog._db.execute(_UNLISTED).fetchone()[0])


def field_counts(catalog: Catalog) -> FieldCounts:
    """Over all articles."""
    return FieldCounts(*catalog._db.execute(_WITH_FIELDS).fetchone())


def sources(catalog: Catalog) -> list[tuple[str, int]]:
    """Sources as the newest versions of articles print them, with their articles; most frequent first.

    Without articles that were withdrawn. Raises ArchiveError.
    """
    found = Counter(dict(catalog._db.execute(_SOURCES)))
    for id_, _ in withdrawn_in(catalog.path.parent, catalog):
        if (state := catalog.article(id_)) is not None and state.source is not None:
            found[state.source] -= 1
    return sorted((+found).items(), key=lambda each: (-each[1], each[0]))


def encodings(catalog: Catalog) -> list[EncodingCount]:
    """Most frequent first."""
    rows = catalog._db.execute("SELECT name, sum(lines) FROM encoding GROUP BY name ORDER BY 2 DESC, 1")
    return [EncodingCount(*row) for row in rows]


def published(catalog: Catalog) -> Iterator[str]:
    """The days, `YYYY-MM-DD`, on which at least one article was published."""
    for (day,) in catalog._db.execute(_PUBLISHED):
        yield day


def found_at(catalog: Catalog) -> str | None:
    """When the newest article was first seen; None where there is no article."""
    return catalog._db.execute("SELECT max(first_seen) FROM version WHERE number = 1").fetchone()[0]  # type: ignore[no-any-return]


def missing_since(catalog: Catalog) -> dict[int, str]:
    """By number of its address: when an address was first missing, believed or not."""
    rows = catalog._db.execute("SELECT address, min(captured_at) FROM sighting WHERE word = 'missing' GROUP BY address")
    return dict(rows.fetchall())


def addresses(catalog: Catalog) -> Iterator[KnownUrl]:
    """URLs of everything but listings and home pages; an address can have several."""
    for url, is_article in catalog._db.execute(_URLS):
        if url is not None:
            yield KnownUrl(url, bool(is_article))


def happened(catalog: Catalog) -> list[CrawlEvents]:
    """The events that each crawl found, by crawl; crawls without events are absent."""
    counts: dict[str, Counter[str]] = {}
    for crawl, kind, count in catalog._db.execute(_EVENTS):
        counts.setdefault(crawl, Counter())[kind] = count
    return [CrawlEvents(crawl, events) for crawl, events in counts.items()]
