"""What a crawl need not fetch again, and what it owes: made of the catalog before it begins. Cost follows news, not size.

- An address that nothing is known of is asked for. An article is not fetched again, but for rechecks; what is neither
  article nor listing only by a full crawl.
- Of a listing the first page is asked for, and the next as long as a page brings something new. A whole page without
  anything new ends the walk, so that pinned rows do no harm. A listing that no crawl has walked to its end, or whose
  printed total differs from the last one by other than the new rows, is walked to its end.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from ..catalog import Listing


@dataclass(frozen=True, slots=True)
class Marks:
    """What a server gave with a page, by which it can tell whether the page is as it was."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Of a request that asks for the page only if it is not."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Recheck:
    """An article to be looked at again."""

    url: str
    """Where it is to be found."""
    marks: Marks = field(default_factory=Marks)
    others: tuple[str, ...] = ()
    """Its other addresses, to be looked at where it is not there."""


@dataclass(frozen=True)
class Plan:
    """What a crawl knows when it begins. Addresses are the numbers of the catalog."""

    number: Callable[[str], int]
    """The number of the address of a URL."""
    full: bool = True
    """What is neither article nor listing is looked at again."""
    walk_all: bool = True
    """All listings are walked to their ends."""
    articles: frozenset[int] = frozenset()
    passed: frozenset[int] = frozenset()
    listings: frozenset[int] = frozenset()
    heads: Mapping[int, Listing] = field(default_factory=dict)
    """First pages of listings."""
    owed: tuple[str, ...] = ()
    """URLs that were named or asked for, and never answered."""
    marks: Mapping[int, Marks] = field(default_factory=dict)
    """Of first pages of listings."""
    rechecks: tuple[Recheck, ...] = ()
    media: frozenset[int] = frozenset()
    """Pictures and attachments that are in the archive."""
    owed_media: tuple[tuple[str, str], ...] = ()
    """Those that are not, of articles that are: URL, and URL of the article."""

    def is_new(self, url: str) -> bool:
        """Whether nothing is known of an address."""
        n = self.number(url)
        return not (n in self.articles or n in self.passed or n in self.listings)

    def wants(self, url: str) -> bool:
        """Whether an address that some page links to is to be asked for."""
        n = self.number(url)
        if n in self.articles:
            return False
        return self.full or not (n in self.passed or (n in self.listings and n not in self.heads))

    def walk(self, url: str) -> "Walk":
        """The walk that begins on this page of a listing."""
        head = self.heads.get(self.number(url))
        if head is None or self.walk_all or not head.walked:
            return Walk(whole=True)
        return Walk(before=head.printed_total)


@dataclass
class Walk:
    """One listing, under way."""

    whole: bool = False
    """It is to be walked to its end."""
    before: int | None = None
    """The total that it printed last time."""
    rows: set[str] = field(default_factory=set)
    """New rows so far."""
    links: set[str] = field(default_factory=set)
    """Other new links so far."""

    def goes_on(self, rows: Iterable[str], links: Iterable[str], total: int | None) -> bool:
        """Whether the next page is to be asked for, behind one with these new rows and other new links, by their keys."""
        found = {*rows} - self.rows, {*links} - self.links
        self.rows |= found[0]
        self.links |= found[1]
        if self.whole or any(found):
            return True
        if total is not None and self.before is not None:
            # A row that is not seen as one is a link still.
            self.whole = not len(self.rows) <= total - self.before <= len(self.rows) + len(self.links)
        return self.whole
