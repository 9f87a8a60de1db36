"""What a crawl requests and what it skips: made of the catalog before it begins, so that its cost depends on what is new.

- Unknown URLs are requested. Known articles are requested only by rechecks, other known pages only by full crawls.
- The first page of each listing is requested, and further pages as long as each has something new. A page without
  anything new ends the walk, so pinned rows do no harm. A listing is followed to its end if no crawl has done so yet,
  or if its printed total has risen by more than the number of the new rows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from ..catalog import Listing, content_number, title_number
from ..items import Article, as_dict


@dataclass(frozen=True, slots=True)
class Marks:
    """Validators of a page (RFC 9110), by which a server can respond that the page has not changed."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Headers of a conditional request; empty without validators."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class Recheck:
    """A known article that is requested again."""

    url: str
    marks: Marks = field(default_factory=Marks)
    others: tuple[str, ...] = ()
    """Its other addresses; requested if the page at `url` is gone or moved."""


@dataclass(frozen=True)
class Plan:
    """What a crawl knows when it begins. Sets of addresses have the numbers of the catalog."""

    number: Callable[[str], int]
    """The number of the address of a URL."""
    full: bool = True
    """Pages that are neither articles nor listings are requested again."""
    walk_all: bool = True
    """All listings are followed to their ends."""
    articles: frozenset[int] = frozenset()
    """Addresses of articles."""
    passed: frozenset[int] = frozenset()
    """Pages that are neither articles nor listings."""
    listings: frozenset[int] = frozenset()
    heads: Mapping[int, Listing] = field(default_factory=dict)
    """First pages of listings."""
    article_count: int = 0
    """Articles of the archive; one can have several addresses."""
    waiting: frozenset[int] = frozenset()
    """Addresses that failed in earlier crawls and are not due yet."""
    sections: frozenset[str] = frozenset()
    """Names of sections with articles."""
    titles: Mapping[int, str] = field(default_factory=dict)
    """By `catalog.title_number` of the newest content of each article: its URL."""
    contents: frozenset[int] = frozenset()
    """`catalog.content_number` of all contents."""
    owed: tuple[str, ...] = ()
    """URLs that were linked or requested, but have no response yet."""
    marks: Mapping[int, Marks] = field(default_factory=dict)
    """Of first pages of listings."""
    rechecks: tuple[Recheck, ...] = ()
    spares: tuple[Recheck, ...] = ()
    """Articles that are looked at if most of the rechecked ones are missing: one look at few articles decides nothing."""
    media: frozenset[int] = frozenset()
    """Pictures and attachments in the archive."""
    owed_media: tuple[tuple[str, str], ...] = ()
    """Missing pictures and attachments of articles in the archive: their URL, and that of the article."""

    def is_new(self, url: str) -> bool:
        """Whether the archive does not know this address."""
        n = self.number(url)
        return not (n in self.articles or n in self.passed or n in self.listings)

    def wants(self, url: str) -> bool:
        """Whether the target of a link is requested."""
        n = self.number(url)
        if n in self.articles or (n in self.waiting and n not in self.heads):
            return False
        return self.full or not (n in self.passed or (n in self.listings and n not in self.heads))

    def former_address(self, article: Article) -> str | None:
        """The URL of a known article with the same title and date, if this one has another content and a new address.

        Whether they are one article depends on what is at that address now.
        """
        if self.number(article.url) in self.articles:
            return None
        url = self.titles.get(title_number(article.title, article.date))
        return url if url is not None and content_number(cast(Any, as_dict(article))) not in self.contents else None

    def walk(self, url: str) -> "Walk":
        """The walk that begins on this page of a listing."""
        head = self.heads.get(self.number(url))
        if head is None or self.walk_all or not head.walked:
            return Walk(whole=True)
        return Walk(before=head.printed_total)


@dataclass
class Walk:
    """A listing that is being followed."""

    whole: bool = False
    """It is followed to its end."""
    before: int | None = None
    """The total that it printed in an earlier crawl."""
    rows: set[str] = field(default_factory=set)
    """New rows so far."""
    links: set[str] = field(default_factory=set)
    """Other new links so far."""

    def goes_on(self, rows: Iterable[str], links: Iterable[str], total: int | None) -> bool:
        """Whether the next page is requested after a page with these keys of new rows and of other new links.

        `total`: the number of articles that the page prints.
        """
        found = {*rows} - self.rows, {*links} - self.links
        self.rows |= found[0]
        self.links |= found[1]
        if self.whole or any(found):
            return True
        if total is not None and self.before is not None:
            # A row that is not recognised is still a link. A total that rose by less, or fell, is that of removed articles: to walk
            # on would find nothing, and cost as much as the listing is long.
            self.whole = total - self.before > len(self.rows) + len(self.links)
        return self.whole
