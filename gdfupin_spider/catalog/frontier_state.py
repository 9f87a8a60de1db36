"""What the next crawl must know of the addresses there are: which are articles, which led nowhere, which are owed, and
how each listing hangs together. Addresses are numbers here, for there are many.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_LOOKS = """
SELECT p.captured_at, c.name, p.warc, p.offset, p.address, p.url, p.kind, p.section, p.number, p.printed_total,
       p.ended, p.following
FROM page p JOIN crawl c ON c.n = p.crawl
UNION ALL
SELECT s.captured_at, c.name, s.warc, s.offset, s.address, s.url, s.outcome, NULL, NULL, NULL, NULL, NULL
FROM sighting s JOIN crawl c ON c.n = s.crawl JOIN address a ON a.n = s.address
WHERE a.article IS NULL AND s.outcome != 'not_modified'
ORDER BY 1, 2, 3, 4
"""
_FAILURES = "SELECT c.name, f.address, f.url, f.what FROM failure f JOIN crawl c ON c.n = f.crawl ORDER BY 1, 4"
_ANSWERS = "SELECT max(name) FROM (SELECT c.name FROM {} t JOIN crawl c ON c.n = t.crawl WHERE t.address = ?)"
_UNANSWERED = """
SELECT l.address, l.url FROM listed l
WHERE NOT EXISTS (SELECT 1 FROM sighting s WHERE s.address = l.address)
  AND NOT EXISTS (SELECT 1 FROM page p WHERE p.address = l.address)
"""
_FRUITFUL = """
SELECT DISTINCT l.section FROM listed l LEFT JOIN address a ON a.n = l.address
WHERE a.article IS NOT NULL OR (NOT EXISTS (SELECT 1 FROM page p WHERE p.address = l.address))
"""


@dataclass(frozen=True, slots=True)
class Listing:
    """One listing, over all its pages."""

    url: str
    """Of its first page."""
    walked: bool
    """Whether a crawl saw all of its pages, to the last."""
    printed_total: int | None
    """What it last said."""


@dataclass(frozen=True, slots=True)
class Known:
    """All addresses that anything is known of, by their numbers."""

    articles: frozenset[int]
    """Addresses of articles."""
    passed: frozenset[int]
    """Those that were answered and are neither article nor listing."""
    owed: Mapping[int, str]
    """URLs of those that listings name, or that were asked for, and that no crawl has had an answer from."""
    listings: frozenset[int]
    """Addresses of pages of listings, first pages included."""
    heads: Mapping[int, Listing]
    """First pages of listings."""


class _Page(NamedTuple):
    captured_at: str
    crawl: str
    warc: str
    offset: int
    address: int
    url: str
    kind: str
    section: str | None
    number: int | None
    total: int | None
    ended: bool | None
    following: int | None


def known(db: sqlite3.Connection, hopeless: Collection[str] = ()) -> Known:
    """What the catalog knows of all addresses. `hopeless`: failures that another try will not mend."""
    articles = frozenset(n for (n,) in db.execute("SELECT n FROM address WHERE article IS NOT NULL"))
    last: dict[int, _Page] = {}
    pages: list[_Page] = []
    for row in map(_Page._make, db.execute(_LOOKS)):
        last[row.address] = row
        pages.append(row)
    owed = dict(db.execute(_UNANSWERED))
    failed = {address: (crawl, url, what) for crawl, address, url, what in db.execute(_FAILURES)}
    for address, (crawl, url, what) in failed.items():
        if address not in articles and what not in hopeless and not _answered_since(db, address, crawl):
            owed[address] = url
    owed |= {n: look.url for n, look in last.items() if look.kind == "blocked" and n not in articles}
    listings = {n for n, look in last.items() if look.kind == "listing"}
    passed = {n for n in last if n not in listings and n not in owed and n not in articles}
    fruitful = {section for (section,) in db.execute(_FRUITFUL)}
    of_listings = [page for page in pages if page.address in listings and page.kind == "listing"]
    heads = dict(_heads(of_listings, fruitful))
    return Known(articles, frozenset(passed), owed, frozenset(listings), heads)


def _answered_since(db: sqlite3.Connection, address: int, crawl: str) -> bool:
    """Whether a later crawl than this one, or this one after all, had an answer that counts."""
    for table in ("sighting", "page"):
        (name,) = db.execute(_ANSWERS.format(table), (address,)).fetchone()
        if name is not None and name > crawl:
            return True
    return False


def _heads(pages: Iterable[_Page], fruitful: set[str]) -> Iterator[tuple[int, Listing]]:
    """The first page of each listing: pages that lead to each other by their next pages are one listing.

    Of several addresses of a first page (`list.asp?id=1`, `list.asp?id=1&page=1`) the one that was captured first.
    """
    pages = list(pages)
    one: dict[int, int] = {}

    def find(n: int) -> int:
        while (up := one.setdefault(n, n)) != n:
            one[n] = one[up]
            n = one[n]
        return n

    for page in pages:
        if page.following is not None:
            one[find(page.address)] = find(page.following)
    together: defaultdict[int, list[_Page]] = defaultdict(list)
    for page in pages:
        together[find(page.address)].append(page)
    for group in together.values():
        if not any((page.section or "") in fruitful for page in group):
            continue  # a site map, whose rows lead to sections
        behind = {page.following for page in group} - {None}
        first = min(group, key=lambda page: (page.address in behind, (page.number or 1) != 1, page[:4]))
        total = next((page.total for page in reversed(group) if page.total is not None), None)
        url = next(page.url for page in reversed(group) if page.address == first.address)
        yield first.address, Listing(url, _is_walked(group, first.address), total)


def _is_walked(group: Iterable[_Page], head: int) -> bool:
    """Whether one crawl went from the first page to the last."""
    crawls: defaultdict[str, defaultdict[int, list[_Page]]] = defaultdict(lambda: defaultdict(list))
    for page in group:
        crawls[page.crawl][page.address].append(page)
    return any(_reaches_end(there, head) for there in crawls.values())


def _reaches_end(there: Mapping[int, list[_Page]], head: int) -> bool:
    here: int | None = head
    been: set[int] = set()
    while here is not None and here in there and here not in been:
        been.add(here)
        rows = there[here]
        if any(row.ended for row in rows):
            # Pages that are sent for by a form have one address: their numbers tell whether all were seen.
            last = max((row.number or 1 for row in rows if row.ended), default=1)
            return len(rows) == 1 or {row.number or 1 for row in rows} >= set(range(1, last + 1))
        here = next((row.following for row in rows if row.following is not None), None)
    return False
