"""The reading side of the catalog: articles, their versions and sightings, addresses, crawls. Answers are records."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from ..storage.aftermath import CatalogCounts, MassLoss
from . import store
from .facts import number_of
from .integrity import damage
from .listings import section_listings
from .records import (
    AddressState,
    Alias,
    ArticleState,
    BrokenReference,
    CrawlState,
    FailedLooks,
    FoldedLines,
    ListingState,
    Place,
    SightingState,
    VersionState,
)
from .rules import Rules, decode_rules

MOST_HOPS = 10
# Addresses that were only ever seen to redirect to an article; a listing may link to one.
_LEADING = """
WITH leading (article, address) AS MATERIALIZED (
    SELECT DISTINCT t.article, s.address
    FROM crawl c CROSS JOIN sighting s ON s.crawl = c.n AND s.outcome = 'moved' JOIN address t ON t.n = s.leads
    WHERE s.word = 'moved' AND t.article IS NOT NULL)
"""
# A move is no change here: a text with another address or section is no more likely to be edited than before.
_CHANGED_AT = """coalesce((SELECT max(captured_at) FROM event WHERE article = r.n AND kind != 'moved'),
                         (SELECT first_seen FROM version WHERE article = r.n AND number = 1))"""
# What an archive did not find proves nothing, unless the fold took it for an absence.
_SIGHTINGS = """
SELECT s.captured_at, s.outcome,
       iif(s.word = 'alive' OR s.origin IN ('live', 'demo') OR s.n IN (SELECT sighting FROM absence), s.word, NULL),
       s.origin, c.name, s.warc, s.offset, s.url
FROM address a JOIN sighting s ON s.address = a.n JOIN crawl c ON c.n = s.crawl
"""
_SECTIONS = """
SELECT json_group_array(section) FROM (
    SELECT l.section FROM address b JOIN listed l ON l.address = b.n WHERE b.article = r.n AND l.section != ''
    UNION
    SELECT l.section FROM leading JOIN listed l ON l.address = leading.address
    WHERE leading.article = r.n AND l.section != ''
    ORDER BY 1)
"""


class Catalog:
    """An open catalog, read-only. Use it in a `with` block. It can be read while another process folds.

    `_db` is private to this package: nobody else writes SQL on the catalog.
    """

    def __init__(self, path: Path) -> None:
        """Raises CatalogUnusable, also where there is no catalog or it is of another version of the program."""
        self._db = store.reading(path)
        self.path = path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reading in the block sees one state of the catalog, whatever another process folds meanwhile."""
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    @property
    def reader(self) -> str:
        """The reader of all lines in it."""
        return str(self._db.execute("SELECT value FROM meta WHERE key = 'reader'").fetchone()[0])

    @property
    def rules(self) -> Rules | None:
        """The thresholds it was folded by; None where they cannot be decoded."""
        row = self._db.execute("SELECT value FROM meta WHERE key = 'rules'").fetchone()
        return decode_rules(row[0] if row else None)

    def counts(self) -> CatalogCounts:
        """Articles by status, versions, sightings."""
        articles = self._db.execute("SELECT status, count(*) FROM article GROUP BY status ORDER BY status").fetchall()
        versions, sightings = (
            self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("version", "sighting")
        )
        return CatalogCounts(dict(articles), versions, sightings)

    def doubted(self) -> list[MassLoss]:
        """Crawls whose missing articles were not taken as gone, oldest first."""
        rows = self._db.execute(
            "SELECT name, verdict, known, lost FROM crawl WHERE verdict IN ('home', 'mass') ORDER BY began, name"
        )
        return [MassLoss(*row) for row in rows]

    def folded(self) -> list[FoldedLines]:
        """How far the lines of each crawl were folded, by name."""
        crawls = self._db.execute("SELECT n, name, folder, stamp FROM crawl ORDER BY name").fetchall()
        return [FoldedLines(name, folder, stamp, dict(self._folded_bytes(n))) for n, name, folder, stamp in crawls]

    def sections(self) -> frozenset[str]:
        """All sections that articles have or had, or that listings print."""
        rows = self._db.execute(
            "SELECT section FROM article UNION SELECT section FROM listed UNION SELECT section_before FROM event"
        )
        return frozenset(section for (section,) in rows if section)

    def sources(self) -> frozenset[str]:
        """All sources as articles print or printed them."""
        rows = self._db.execute("SELECT DISTINCT source FROM content WHERE source IS NOT NULL")
        return frozenset(source for (source,) in rows if source)

    def is_intact(self) -> bool:
        """Whether SQLite finds no damage in the file. Reads all of it."""
        return damage(self._db) is None

    def broken_reference(self) -> BrokenReference | None:
        """The first row whose foreign key refers to nothing; None where there is none."""
        row = self._db.execute("PRAGMA foreign_key_check").fetchone()
        return BrokenReference(row[0], row[1]) if row else None

    def crawl_names(self) -> list[str]:
        """Crawls with at least one page, in the order in which they began."""
        rows = self._db.execute("SELECT name FROM crawl WHERE began IS NOT NULL ORDER BY began, name")
        return [name for (name,) in rows]

    def resolve(self, address: str) -> str | None:
        """The id of the article that has or had this id, or that an address with this id redirects to."""
        n = number_of(address)
        for _ in range(MOST_HOPS):
            row = self._db.execute(
                "SELECT r.id FROM address a JOIN address r ON r.n = a.article WHERE a.n = ?", (n,)
            ).fetchone()
            if row:
                return str(row[0])
            led = self._db.execute(
                "SELECT s.leads FROM sighting s JOIN crawl c ON c.n = s.crawl"
                " WHERE s.address = ? AND s.leads IS NOT NULL"
                " ORDER BY s.captured_at DESC, c.name DESC, s.warc DESC, s.offset DESC LIMIT 1",
                (n,),
            ).fetchone()
            if led is None:
                return None
            n = led[0]
        return None

    def aliases(self, article: str) -> list[str]:
        """The newest URL of each address of an article: first the address that its id is made of, then by age."""
        return [alias.url for alias in self.addresses(article)]

    def addresses(self, article: str) -> list[Alias]:
        """All addresses of an article, in the order of `aliases`."""
        rows = self._db.execute(
            """SELECT a.id, (SELECT s.url FROM sighting s JOIN crawl c ON c.n = s.crawl WHERE s.address = a.n
                             ORDER BY s.captured_at DESC, c.name DESC, s.warc DESC, s.offset DESC LIMIT 1),
                      (SELECT json_group_array(section) FROM (
                         SELECT section FROM listed WHERE address = a.n AND section != '' ORDER BY 1))
               FROM address a WHERE a.article = ?
               ORDER BY a.n != a.article, (SELECT min(captured_at) FROM sighting WHERE address = a.n), a.n""",
            (number_of(article),),
        )
        return [Alias(id_, url, tuple(json.loads(sections))) for id_, url, sections in rows]

    def articles(self, status: str | None = None, *, until: str | None = None) -> Iterator[ArticleState]:
        """All articles, or those of one status, by id.

        `until`: `looked_at` is of the last look that is not later; a clock that was ahead leaves later ones.
        """
        for article in self._articles("? IS NULL OR r.status = ?", (status, status)):
            if until is not None and article.looked_at is not None and article.looked_at > until:
                article = replace(article, looked_at=self._looked_at(article.id, until))
            yield article

    def _looked_at(self, article: str, until: str) -> str | None:
        """The last live observation of an article with a definite result that is not later than a time."""
        row = self._db.execute(
            """SELECT max(s.captured_at) FROM address a JOIN sighting s ON s.address = a.n
               WHERE a.article = ? AND s.word IS NOT NULL AND s.origin IN ('live', 'demo') AND s.captured_at <= ?""",
            (number_of(article), until),
        ).fetchone()
        return row[0]  # type: ignore[no-any-return]

    def failed_looks(self) -> dict[str, FailedLooks]:
        """By id of the article: requests since it was last looked at. Articles without any are absent."""
        rows = self._db.execute(
            """SELECT t.id, max(f.at), count(DISTINCT f.crawl) FROM (
                   SELECT address, crawl, captured_at AS at FROM sighting
                   WHERE word IS NULL AND origin IN ('live', 'demo')
                   UNION ALL
                   SELECT f.address, f.crawl, c.began FROM failure f JOIN crawl c ON c.n = f.crawl) f
               JOIN address a ON a.n = f.address JOIN article r ON r.n = a.article JOIN address t ON t.n = r.n
               WHERE f.at > coalesce(r.looked_at, '') GROUP BY r.n"""
        )
        return {id_: FailedLooks(at, count) for id_, at, count in rows}

    def article(self, article: str) -> ArticleState | None:
        """The article with this id or alias."""
        found = self.resolve(article)
        return next(self._articles("r.n = ?", (number_of(found),)), None) if found else None

    def versions(self, article: str | None = None) -> Iterator[VersionState]:
        """The versions of one article (or of all), first to last."""
        rows = self._db.execute(
            """SELECT a.id, v.number, s.sha256, c.folder, s.line, v.first_seen, v.last_seen, v.sightings
               FROM address a JOIN version v ON v.article = a.n
               LEFT JOIN sighting s ON s.n = v.line LEFT JOIN crawl c ON c.n = s.crawl
               WHERE ? IS NULL OR v.article = ? ORDER BY a.id, v.number""",
            (article, number_of(article) if article else None),
        )
        for id_, number, sha256, folder, line, *seen in rows:
            yield VersionState(id_, number, sha256, Place(folder, line) if folder else None, *seen)

    def line(self, article: str, sha256: str, url: str) -> Place | None:
        """The article line with this content digest, preferably the one read at `url`; None where none was kept."""
        row = self._db.execute(
            """SELECT c.folder, s.line FROM address a JOIN sighting s ON s.address = a.n JOIN crawl c ON c.n = s.crawl
               WHERE a.article = ? AND s.sha256 = ? AND s.line IS NOT NULL
               ORDER BY s.url != ?, s.captured_at DESC, c.name DESC LIMIT 1""",
            (number_of(article), sha256, url),
        ).fetchone()
        return Place(*row) if row else None

    def ids_of_lines(self, crawl: str) -> dict[tuple[str, int], str]:
        """By (`<crawl>/<WARC file>`, byte offset) of its first capture: the id of the article of each line of a crawl."""
        rows = self._db.execute(
            """SELECT s.warc, s.offset, r.id
               FROM crawl c JOIN sighting s ON s.crawl = c.n JOIN address a ON a.n = s.address
               JOIN address r ON r.n = a.article
               WHERE c.name = ? AND s.line IS NOT NULL""",
            (crawl,),
        )
        return {(f"{crawl}/{warc}", offset): id_ for warc, offset, id_ in rows}

    def lines_of(self, article: str) -> list[Place]:
        """The lines of all captures of an article, at all its addresses, in capture order."""
        rows = self._db.execute(
            """SELECT c.folder, s.line FROM address a JOIN sighting s ON s.address = a.n JOIN crawl c ON c.n = s.crawl
               WHERE a.article = ? AND s.line IS NOT NULL ORDER BY s.captured_at, c.name, s.warc, s.offset""",
            (number_of(article),),
        )
        return [Place(*row) for row in rows]

    def captures_of_version(self, article: str, version: int) -> list[tuple[str, str, str, int]]:
        """(time, crawl, WARC file, byte offset) of the captures with a line of one version, in capture order."""
        return self._db.execute(
            """SELECT s.captured_at, c.name, s.warc, s.offset
               FROM version v JOIN address a ON a.article = v.article
               JOIN sighting s ON s.address = a.n AND s.content = v.content JOIN crawl c ON c.n = s.crawl
               WHERE v.article = ? AND v.number = ? AND s.line IS NOT NULL
                 AND s.captured_at BETWEEN v.first_seen AND v.last_seen
               ORDER BY s.captured_at, c.name, s.warc, s.offset""",
            (number_of(article), version),
        ).fetchall()

    def sightings(self, article: str, since: str, until: str) -> Iterator[SightingState]:
        """All sightings of an article between two times, both included, in capture order."""
        rows = self._db.execute(
            f"""{_SIGHTINGS} WHERE a.article = ? AND s.captured_at BETWEEN ? AND ?
                ORDER BY s.captured_at, c.name, s.warc, s.offset""",
            (number_of(article), since, until),
        )
        for row in rows:
            yield SightingState(*row)

    def proofs(self, article: str) -> list[SightingState]:
        """The first and the last sighting of each version of an article, and all that did not find it, in capture order."""
        rows = self._db.execute(
            f"""{_SIGHTINGS} WHERE a.article = :n
                AND (s.word = 'alive' AND s.captured_at IN (
                       SELECT first_seen FROM version WHERE article = :n UNION SELECT last_seen FROM version WHERE article = :n)
                     OR s.word IN ('missing', 'moved')
                        AND (s.origin IN ('live', 'demo') OR s.n IN (SELECT sighting FROM absence)))
                ORDER BY s.captured_at, c.name, s.warc, s.offset""",
            {"n": number_of(article)},
        )
        return [SightingState(*row) for row in rows]

    def gone_since(self, article: str) -> tuple[str | None, str] | None:
        """(first sighting that did not find it, sighting that confirmed it) of the last time that an article went; None: never."""
        row = self._db.execute(
            "SELECT missing_since, captured_at FROM event WHERE article = ? AND kind = 'gone' ORDER BY number DESC LIMIT 1",
            (number_of(article),),
        ).fetchone()
        return (row[0], row[1]) if row else None

    def address(self, address: str) -> AddressState | None:
        """What is known of the address with this id; None: no crawl ever requested it."""
        n = number_of(address)
        query = """
            SELECT captured_at, url, outcome, origin IN ('live', 'demo'), etag, last_modified, word = 'alive'
            FROM sighting WHERE address = :n
            UNION ALL
            SELECT captured_at, url, kind, 1, etag, last_modified, status IN (200, 304) FROM page WHERE address = :n
            ORDER BY 1 DESC, 3 DESC
        """
        last: tuple[str, str, str] | None = None
        looked_at = etag = modified = None
        for at, url, outcome, live, tag, stamp, whole in self._db.execute(query, {"n": n}):
            last = last or (at, url, outcome)
            looked_at = looked_at or (at if live else None)
            if live and whole and (outcome != "not_modified" or tag or stamp):  # which need not name them again
                etag, modified = tag, stamp
                break
        if last is None:
            failed = self._db.execute("SELECT max(url) FROM failure WHERE address = ?", (n,)).fetchone()[0]
            return AddressState(address, failed, None, None, "failed", None, None, None) if failed else None
        row = self._db.execute(
            "SELECT coalesce(a.state, r.status) FROM address a LEFT JOIN article r ON r.n = a.article WHERE a.n = ?",
            (n,),
        ).fetchone()
        state = row[0] if row else None
        return AddressState(address, last[1], self.resolve(address), state, last[2], looked_at, etag, modified)

    def is_read(self, address: str, captured_at: str) -> bool:
        """Whether an article was read from a capture of the address with this id of this second."""
        row = self._db.execute(
            "SELECT 1 FROM sighting WHERE address = ? AND captured_at = ? AND word = 'alive'",
            (number_of(address), captured_at),
        ).fetchone()
        return row is not None

    def listings(self) -> Iterator[ListingState]:
        """The listings of each section, by section; `` for those without a section."""
        return section_listings(self._db)

    def crawls(self) -> Iterator[CrawlState]:
        """All crawls by name."""
        rows = self._db.execute(
            """SELECT c.n, c.name, c.folder, c.began,
                      max(coalesce(max(s.captured_at), ''),
                          coalesce((SELECT max(captured_at) FROM page WHERE crawl = c.n), '')),
                      group_concat(DISTINCT s.origin), count(s.n), count(s.line)
               FROM crawl c LEFT JOIN sighting s ON s.crawl = c.n GROUP BY c.n ORDER BY c.name"""
        )
        for n, name, folder, began, ended, origins, sightings, articles in rows.fetchall():
            found = tuple(sorted(origins.split(","))) if origins else ()
            folded = tuple(self._folded_bytes(n))
            yield CrawlState(name, folder, began, ended or None, found, sightings, articles, folded)

    def _folded_bytes(self, crawl: int) -> list[tuple[str, int]]:
        return self._db.execute("SELECT kind, bytes FROM folded WHERE crawl = ? ORDER BY kind", (crawl,)).fetchall()

    def _articles(self, where: str, values: tuple[object, ...]) -> Iterator[ArticleState]:
        rows = self._db.execute(
            f"""{_LEADING}
                SELECT a.id, r.status, s.url, r.section, k.title, k.date, k.source, r.versions,
                       (SELECT first_seen FROM version WHERE article = r.n AND number = 1),
                       r.last_seen, {_CHANGED_AT}, r.looked_at, r.missing_since, ({_SECTIONS})
                FROM address a JOIN article r ON r.n = a.n JOIN sighting s ON s.n = r.seen
                JOIN version v ON v.article = r.n AND v.number = r.versions JOIN content k ON k.n = v.content
                WHERE {where} ORDER BY a.id""",
            values,
        )
        for row in rows:
            yield ArticleState(*(*row[:-1], tuple(json.loads(row[-1]))))
