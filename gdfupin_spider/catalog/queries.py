"""What the catalog answers: articles and their versions, what an address is, what a listing said, what is owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from . import store
from .facts import number_of

MOST_HOPS = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line lies."""

    folder: str
    """Below the output."""
    offset: int
    """Byte in `articles.jsonl`."""


@dataclass(frozen=True, slots=True)
class ArticleState:
    """An article as it stands."""

    id: str
    status: str
    """live, suspected, gone, archived"""
    url: str
    """Where it is to be found, or was last."""
    section: str | None
    title: str
    date: str | None
    source: str | None
    versions: int
    first_seen: str
    last_seen: str
    changed_at: str
    """The last thing that happened to it: added, edited, moved, gone or back."""
    looked_at: str | None
    """The last live look that said something; None: it was never looked at live."""
    missing_since: str | None
    """The first live look that did not find it where it was; None: the last one did. Look again soon."""


@dataclass(frozen=True, slots=True)
class VersionState:
    """What an article said from one sighting to another."""

    id: str
    number: int
    content_sha256: str | None
    line: Place | None
    first_seen: str
    last_seen: str
    sightings: int


@dataclass(frozen=True, slots=True)
class AddressState:
    """What is known of one address, article or not."""

    id: str
    url: str
    article: str | None
    """Id of its article; None: no article was ever read at it."""
    state: str | None
    """live, suspected, gone, moved, archived; None where it is no article's."""
    outcome: str
    """Of the last look: that of a sighting, else the kind of page; `failed` where nothing ever came."""
    looked_at: str | None
    """The last live look."""
    etag: str | None
    """With the next, the validators of the last live capture that was read; only for that may 304 be asked."""
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class ListingState:
    """What the listings of one section came to."""

    section: str
    walked_at: str | None
    """The end of the last walk that saw all of its pages, to the last; None: it was never walked to its end."""
    seen_at: str
    printed_total: int | None
    """What it last said."""
    printed_pages: int | None
    listed: int
    """Addresses its rows ever led to."""
    articles: int
    """Articles among them."""


@dataclass(frozen=True, slots=True)
class CrawlState:
    """A crawl whose lines were folded."""

    name: str
    folder: str
    """Where these lines lie, below the output."""
    began: str | None
    """Its earliest capture of a page; None: it captured none."""
    ended: str | None
    """Its last one."""
    origins: tuple[str, ...]
    sightings: int
    articles: int
    """Article lines."""
    folded: tuple[tuple[str, int], ...]
    """Bytes that were folded, by kind of line."""


@dataclass(frozen=True, slots=True)
class Debt:
    """An address that a listing names and that no crawl has had an answer from."""

    url: str
    section: str
    failed: str | None
    """How it failed last; None: it was never tried."""


class Catalog:
    """The reading side. Use it in a `with` block; it sees the catalog as it is, also while it is being folded."""

    def __init__(self, path: Path) -> None:
        """Raises CatalogUnusable."""
        self.db = store.reading(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.db.close()

    @property
    def reader(self) -> str:
        """Who read all that is in it."""
        return str(self.db.execute("SELECT value FROM meta WHERE key = 'reader'").fetchone()[0])

    def counts(self) -> dict[str, object]:
        """Articles by how they stand, versions, sightings, addresses."""
        articles = self.db.execute("SELECT status, count(*) FROM article GROUP BY status ORDER BY status").fetchall()
        of = {
            table: self.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("version", "sighting")
        }
        return {"articles": dict(articles), "versions": of["version"], "sightings": of["sighting"]}

    def doubted(self) -> list[tuple[str, str, int | None, int | None]]:
        """Crawls from which no disappearance was taken: name, `home` or `mass`, articles known and missing."""
        return self.db.execute(
            "SELECT name, verdict, known, lost FROM crawl WHERE verdict IN ('home', 'mass') ORDER BY began, name"
        ).fetchall()

    def resolve(self, address: str) -> str | None:
        """The id that the article with this id goes by now; also of an address that only ever led to one."""
        n = number_of(address)
        for _ in range(MOST_HOPS):
            row = self.db.execute(
                "SELECT r.id FROM address a JOIN address r ON r.n = a.article WHERE a.n = ?", (n,)
            ).fetchone()
            if row:
                return str(row[0])
            led = self.db.execute(
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
        """All addresses of an article by their newest URLs, the one its id is made of first, then as they came."""
        return [url for _, url in self.addresses(article)]

    def addresses(self, article: str) -> list[tuple[str, str]]:
        """The same with the id that an article of that address would go by."""
        return self.db.execute(
            """SELECT a.id, (SELECT s.url FROM sighting s JOIN crawl c ON c.n = s.crawl WHERE s.address = a.n
                             ORDER BY s.captured_at DESC, c.name DESC, s.warc DESC, s.offset DESC LIMIT 1)
               FROM address a WHERE a.article = ?
               ORDER BY a.n != a.article, (SELECT min(captured_at) FROM sighting WHERE address = a.n), a.n""",
            (number_of(article),),
        ).fetchall()

    def articles(self, status: str | None = None) -> Iterator[ArticleState]:
        """All articles by id, or those that stand so."""
        yield from self._articles("? IS NULL OR r.status = ?", (status, status))

    def article(self, article: str) -> ArticleState | None:
        """The article that this id or alias stands for."""
        found = self.resolve(article)
        return next(self._articles("r.n = ?", (number_of(found),)), None) if found else None

    def versions(self, article: str | None = None) -> Iterator[VersionState]:
        """The versions of one article (or of all), first to last."""
        rows = self.db.execute(
            """SELECT a.id, v.number, s.sha256, c.folder, s.line, v.first_seen, v.last_seen, v.sightings
               FROM address a JOIN version v ON v.article = a.n
               LEFT JOIN sighting s ON s.n = v.line LEFT JOIN crawl c ON c.n = s.crawl
               WHERE ? IS NULL OR v.article = ? ORDER BY a.id, v.number""",
            (article, number_of(article) if article else None),
        )
        for id_, number, sha256, folder, line, *seen in rows:
            yield VersionState(id_, number, sha256, Place(folder, line) if folder else None, *seen)

    def address(self, address: str) -> AddressState | None:
        """What is known of the address with this id; None: no crawl ever asked for it."""
        n = number_of(address)
        looks = """
            SELECT captured_at, url, outcome, origin = 'live', etag, last_modified, word = 'alive'
            FROM sighting WHERE address = :n
            UNION ALL
            SELECT captured_at, url, kind, 1, etag, last_modified, status IN (200, 304) FROM page WHERE address = :n
            ORDER BY 1 DESC, 3 DESC
        """
        last: tuple[str, str, str] | None = None
        looked_at = etag = modified = None
        for at, url, outcome, live, tag, stamp, whole in self.db.execute(looks, {"n": n}):
            last = last or (at, url, outcome)
            looked_at = looked_at or (at if live else None)
            if live and whole and (outcome != "not_modified" or tag or stamp):  # which need not name them again
                etag, modified = tag, stamp
                break
        if last is None:
            failed = self.db.execute("SELECT max(url) FROM failure WHERE address = ?", (n,)).fetchone()[0]
            return AddressState(address, failed, None, None, "failed", None, None, None) if failed else None
        row = self.db.execute(
            "SELECT coalesce(a.state, r.status) FROM address a LEFT JOIN article r ON r.n = a.article WHERE a.n = ?",
            (n,),
        ).fetchone()
        state = row[0] if row else None
        return AddressState(address, last[1], self.resolve(address), state, last[2], looked_at, etag, modified)

    def listings(self) -> Iterator[ListingState]:
        """What is known of each section's listing, by section; `` for those that name none."""
        sections = self.db.execute("SELECT DISTINCT coalesce(section, '') FROM page WHERE kind = 'listing' ORDER BY 1")
        for (section,) in sections.fetchall():
            yield self._listing(section)

    def listing(self, section: str | None) -> ListingState | None:
        """What is known of one section's listing; None: it was never seen."""
        row = self.db.execute(
            "SELECT 1 FROM page WHERE kind = 'listing' AND coalesce(section, '') = ? LIMIT 1", (section or "",)
        ).fetchone()
        return self._listing(section or "") if row else None

    def crawls(self) -> Iterator[CrawlState]:
        """All crawls by name."""
        rows = self.db.execute(
            """SELECT c.n, c.name, c.folder, c.began,
                      max(coalesce(max(s.captured_at), ''),
                          coalesce((SELECT max(captured_at) FROM page WHERE crawl = c.n), '')),
                      group_concat(DISTINCT s.origin), count(s.n), count(s.line)
               FROM crawl c LEFT JOIN sighting s ON s.crawl = c.n GROUP BY c.n ORDER BY c.name"""
        )
        for n, name, folder, began, ended, origins, sightings, articles in rows.fetchall():
            of = self.db.execute("SELECT kind, bytes FROM folded WHERE crawl = ? ORDER BY kind", (n,)).fetchall()
            found = tuple(sorted(origins.split(","))) if origins else ()
            yield CrawlState(name, folder, began, ended or None, found, sightings, articles, tuple(of))

    def debts(self) -> Iterator[Debt]:
        """Addresses that listings name and that never answered: what a killed crawl left, and what failed."""
        rows = self.db.execute(
            """SELECT l.url, l.section, (SELECT f.what FROM failure f JOIN crawl c ON c.n = f.crawl
                                        WHERE f.address = l.address ORDER BY c.name DESC, f.what LIMIT 1)
               FROM listed l
               WHERE NOT EXISTS (SELECT 1 FROM sighting s WHERE s.address = l.address)
                 AND NOT EXISTS (SELECT 1 FROM page p WHERE p.address = l.address)
               ORDER BY l.section, l.url"""
        )
        for row in rows:
            yield Debt(*row)

    def _articles(self, where: str, values: tuple[object, ...]) -> Iterator[ArticleState]:
        rows = self.db.execute(
            f"""SELECT a.id, r.status, s.url, r.section, k.title, k.date, k.source, r.versions,
                       (SELECT first_seen FROM version WHERE article = r.n AND number = 1),
                       r.last_seen, r.changed_at, r.looked_at, r.missing_since
                FROM address a JOIN article r ON r.n = a.n JOIN sighting s ON s.n = r.seen
                JOIN version v ON v.article = r.n AND v.number = r.versions JOIN content k ON k.n = v.content
                WHERE {where} ORDER BY a.id""",
            values,
        )
        for row in rows:
            yield ArticleState(*row)

    def _listing(self, section: str) -> ListingState:
        pages = self.db.execute(
            """SELECT c.name, p.captured_at, p.number, p.ended, p.printed_total, p.printed_pages
               FROM page p JOIN crawl c ON c.n = p.crawl WHERE p.kind = 'listing' AND coalesce(p.section, '') = ?
               ORDER BY p.captured_at, c.name, p.warc, p.offset""",
            (section,),
        ).fetchall()
        walks: dict[str, set[int]] = {}
        ended: dict[str, tuple[str, int]] = {}
        for crawl, at, number, end, _, last in pages:
            walks.setdefault(crawl, set()).add(number or 1)
            if end or (number is not None and number == last):
                ended[crawl] = max(ended.get(crawl, ("", 0)), (at, number or 1))
        whole = [
            max(at for name, at, *_ in pages if name == crawl)
            for crawl, (_, last) in ended.items()
            if walks[crawl] >= set(range(1, last + 1))
        ]
        total = next((page[4] for page in reversed(pages) if page[4] is not None), None)
        count = next((page[5] for page in reversed(pages) if page[5] is not None), None)
        listed, articles = self.db.execute(
            "SELECT count(*), count(DISTINCT a.article) FROM listed l LEFT JOIN address a ON a.n = l.address"
            " WHERE l.section = ?",
            (section,),
        ).fetchone()
        return ListingState(section, max(whole, default=None), pages[-1][1], total, count, listed, articles)
