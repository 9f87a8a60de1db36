"""Listings: which pages belong to one, and whether a crawl followed it from its first page to its last.

The one place that decides this, for the planner (`frontier_state`) and for release cards (`ListingState`). A crawl
followed a listing to its end if it captured each page from a first page to a last one. Evidence, best first:

1. Next links. From the first page on, each page that has a next link leads to a captured page. A page without a next
   link that is marked as the end is the last one.
2. Page numbers, where next links are silent: where several pages have one address (a form sends for them), or where a
   page has no next link and is not marked as the end. There all numbers from 1 to that of the last page must be there.
   A page is the last one if it is marked as the end, or if its number equals the printed number of pages.
3. Where pages at one address have no numbers either, the page marked as the end counts if no request to that address
   failed in the crawl.

Captures of several crawls are never combined: between two crawls a listing has moved on. Only a page that answered "not modified"
(304) is what it was when it was last read.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .records import ListingState

_PAGES = """
SELECT p.captured_at, c.name, p.warc, p.offset, p.address, p.url, p.section, p.number, p.printed_total,
       p.printed_pages, p.ended, p.following
FROM page p JOIN crawl c ON c.n = p.crawl WHERE p.kind = 'listing' ORDER BY 1, 2, 3, 4
"""
_NOT_MODIFIED = """
SELECT s.captured_at, c.name, s.warc, s.offset, s.address
FROM (SELECT DISTINCT address FROM page WHERE kind = 'listing') l JOIN sighting s ON s.address = l.address
JOIN crawl c ON c.n = s.crawl WHERE s.outcome = 'not_modified'
"""
_FAILED = "SELECT c.name, f.address FROM failure f JOIN crawl c ON c.n = f.crawl"
_LISTED = """
SELECT count(*), count(DISTINCT a.article) FROM listed l LEFT JOIN address a ON a.n = l.address WHERE l.section = ?
"""


class ListingPage(NamedTuple):
    """One capture of one page of a listing. The first four fields are its point in capture order."""

    captured_at: str
    crawl: str
    warc: str
    offset: int
    address: int
    url: str
    section: str | None
    number: int | None
    printed_total: int | None
    printed_pages: int | None
    ended: bool
    """Marked as the last page of its listing."""
    following: int | None
    """Address of the next page."""


@dataclass(frozen=True, slots=True)
class PagedListing:
    """One listing: all captures of all its pages, in capture order."""

    head: int
    """Address of its first page; of several the one captured first."""
    pages: tuple[ListingPage, ...]
    walks: Mapping[str, str | None]
    """By crawl that captured a first page of it: time of the last capture if the crawl reached the end, else None."""

    @property
    def walked_at(self) -> str | None:
        """End of the last crawl that followed it to its end; None: no crawl did."""
        return max((end for end in self.walks.values() if end), default=None)


def paged_listings(db: sqlite3.Connection) -> list[PagedListing]:
    """All listings of all crawls."""
    pages = list(map(ListingPage._make, db.execute(_PAGES)))
    pages = sorted([*pages, *_not_modified(pages, db.execute(_NOT_MODIFIED))])
    failed = frozenset(db.execute(_FAILED).fetchall())
    successors = dict(_successors_by_number(pages))
    found = []
    for group in _grouped(pages, successors):
        behind = {page.following for page in group} | {successors.get((page.crawl, page.address)) for page in group}
        head = min(group, key=lambda page: (page.address in behind, (page.number or 1) != 1, page[:4])).address
        found.append(PagedListing(head, tuple(group), dict(_walks(group, head, successors, failed))))
    return found


def _not_modified(
    pages: Sequence[ListingPage], answers: Iterable[tuple[str, str, str, int, int]]
) -> Iterator[ListingPage]:
    """The pages that answered "not modified", as they were when they were last read. `answers`: point and address of each."""
    by_address: defaultdict[int, list[ListingPage]] = defaultdict(list)
    for page in pages:
        by_address[page.address].append(page)
    for captured_at, crawl, warc, offset, address in answers:
        before = [page for page in by_address[address] if page[:4] < (captured_at, crawl, warc, offset)]
        if before:
            # Where a form sends for the other pages, all have the address of the first one; that was asked for.
            same = [page for page in before if page.crawl == before[-1].crawl]
            page = min(same, key=lambda page: (page.number or 1, page[:4]))
            yield page._replace(captured_at=captured_at, crawl=crawl, warc=warc, offset=offset)


def section_listings(db: sqlite3.Connection) -> Iterator[ListingState]:
    """The listings of each section together, by section; `` for those that name none.

    A crawl followed a section to its end if it did so with each listing of which it captured a first page.
    """
    by_section: defaultdict[str, list[PagedListing]] = defaultdict(list)
    for listing in paged_listings(db):
        for section in {page.section or "" for page in listing.pages}:
            by_section[section].append(listing)
    for section, some in sorted(by_section.items()):
        pages = sorted(page for listing in some for page in listing.pages if (page.section or "") == section)
        walks: defaultdict[str, list[str | None]] = defaultdict(list)
        for listing in some:
            for crawl, end in listing.walks.items():
                walks[crawl].append(end)
        walked_at = max((max(filter(None, ends)) for ends in walks.values() if all(ends)), default=None)
        listed, articles = db.execute(_LISTED, (section,)).fetchone()
        total = newest(page.printed_total for page in pages)
        count = newest(page.printed_pages for page in pages)
        yield ListingState(section, walked_at, pages[-1].captured_at, total, count, listed, articles)


def newest(values: Iterable[int | None]) -> int | None:
    """The last value that is there, of values in capture order."""
    return next((value for value in reversed(list(values)) if value is not None), None)


def _successors_by_number(pages: Iterable[ListingPage]) -> Iterator[tuple[tuple[str, int], int]]:
    """By crawl and address: the page with the next number, for pages that neither have a next link nor are the end.

    Only within a named section, and only where the crawl knows one address for each of both numbers.
    """
    numbered: defaultdict[tuple[str, str, int], set[int]] = defaultdict(set)
    linked: set[tuple[str, int]] = set()
    for page in pages:
        if page.section and page.number:
            numbered[page.crawl, page.section, page.number].add(page.address)
        if page.following is not None or page.ended:
            linked.add((page.crawl, page.address))
    for (crawl, section, number), addresses in numbered.items():
        following = numbered.get((crawl, section, number + 1), set())
        if len(addresses) == len(following) == 1 and addresses != following:
            [address], [successor] = addresses, following
            if (crawl, address) not in linked:
                yield (crawl, address), successor


def _grouped(
    pages: Iterable[ListingPage], successors: Mapping[tuple[str, int], int]
) -> Iterable[Sequence[ListingPage]]:
    """Pages that lead to each other, in any crawl, are pages of one listing."""
    parent: dict[int, int] = {}

    def root(address: int) -> int:
        while (up := parent.setdefault(address, address)) != address:
            parent[address] = parent[up]
            address = parent[address]
        return address

    groups: defaultdict[int, list[ListingPage]] = defaultdict(list)
    pages = list(pages)
    for page in pages:
        for following in (page.following, successors.get((page.crawl, page.address))):
            if following is not None:
                parent[root(page.address)] = root(following)
    for page in pages:
        groups[root(page.address)].append(page)
    return groups.values()


def _walks(
    group: Iterable[ListingPage],
    head: int,
    successors: Mapping[tuple[str, int], int],
    failed: Collection[tuple[str, int]],
) -> Iterator[tuple[str, str | None]]:
    crawls: defaultdict[str, defaultdict[int, list[ListingPage]]] = defaultdict(lambda: defaultdict(list))
    for page in group:
        crawls[page.crawl][page.address].append(page)
    for crawl, captured in crawls.items():
        firsts = [
            address
            for address, pages in captured.items()
            if any(page.number == 1 or (address == head and page.number is None) for page in pages)
        ]
        if firsts:
            ends = (_end_of_walk(captured, first, crawl, successors, failed) for first in firsts)
            yield crawl, max(filter(None, ends), default=None)


def _end_of_walk(
    captured: Mapping[int, Sequence[ListingPage]],
    first: int,
    crawl: str,
    successors: Mapping[tuple[str, int], int],
    failed: Collection[tuple[str, int]],
) -> str | None:
    """Time of the last capture between this first page and a last page; None where the way breaks off before it."""
    walked: list[ListingPage] = []
    address: int | None = first
    visited: set[int] = set()
    while address is not None and address in captured and address not in visited:
        visited.add(address)
        pages = captured[address]
        walked += pages
        if any(_is_last(page, pages, walked, (crawl, address) in failed) for page in pages):
            return max(page.captured_at for page in walked)
        elsewhere = (page.following for page in pages if page.following not in (None, address))
        address = next(elsewhere, successors.get((crawl, address)))
    return None


def _is_last(
    page: ListingPage, at_its_address: Sequence[ListingPage], walked: Sequence[ListingPage], failed: bool
) -> bool:
    """Whether a page is the last one, and no page is missing before it. `walked`: all pages up to it."""
    is_form = len({each.number for each in at_its_address}) > 1 or any(
        each.following == each.address for each in at_its_address
    )
    if page.ended and not is_form:
        return True
    numbers = {each.number or 1 for each in walked}
    if page.number is not None:
        marked = page.ended or page.number == page.printed_pages
        return marked and numbers >= set(range(1, page.number + 1))
    if not page.ended:
        return False
    if all(each.number is None for each in at_its_address):
        return not failed
    return numbers == set(range(1, max(numbers) + 1))
