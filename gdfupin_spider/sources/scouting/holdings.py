"""What one archive has of a site: captures, addresses, payloads, by year and kind of page; and which of ours are among them."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

from ... import pages
from ...frontier.scope import Scope
from ...items import as_dict
from ..archives.address_kinds import AddressKinds
from ..archives.capture_plan import Wanted, unwanted
from ..archives.cdx_rows import IndexRow
from .estimates import IndexSample, distinct_of_all, total_of_all

KINDS = ("listing", "article", "unknown", "other")


@dataclass(frozen=True)
class ArchiveHoldings:
    """The rows of an archive, counted. Pictures, robots.txt and archived errors are not among them."""

    name: str
    option: str
    """Value of --from."""
    error: str | None = None
    """Why the archive could not be asked; None: it was."""
    note: str | None = None
    """How the rows are incomplete; None: they are all that its index gave."""
    rows: int = 0
    """Rows of the index, of whatever kind."""
    captures: int = 0
    addresses: int = 0
    payloads: int = 0
    years: dict[str, dict[str, int]] = field(default_factory=dict)
    """Captures by year and kind of page."""
    article_addresses: int = 0
    known_articles: int = 0
    """Addresses of articles of the catalog among them."""
    known_listings: int = 0
    new_articles: int = 0
    """Addresses that seem to be articles and are not in the catalog."""
    sample: IndexSample | None = None
    """Where only some of its monthly indexes were asked (Common Crawl): all figures are of these."""
    article_keys: frozenset[str] = frozenset()
    """Identity keys of addresses that seem to be articles."""
    article_keys_by_crawl: dict[str, frozenset[str]] = field(default_factory=dict)
    """The same by crawl of the archive, where its index tells crawls apart (Common Crawl)."""

    def encode(self) -> dict[str, object]:
        """For JSON."""
        left_out = ("article_keys", "article_keys_by_crawl", "sample")
        known = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in left_out}
        return {**known, "sample": as_dict(self.sample) if self.sample else None}

    @property
    def missing_articles(self) -> int:
        """Articles that are not held and that it probably has: a sample shows only a part of them."""
        if self.sample is None or not self.article_addresses:
            return self.new_articles
        return ceil(self.new_articles * self.sample.article_addresses.estimate / self.article_addresses)


def counted(
    name: str,
    option: str,
    rows: Iterable[IndexRow],
    kinds: AddressKinds,
    scope: Scope,
    note: str | None = None,
    asked: tuple[int, int] | None = None,
) -> ArchiveHoldings:
    """The holdings that the rows of an inventory make. `asked`: monthly indexes, and of how many; None: they are no sample."""
    rows_read = 0
    wanted: list[IndexRow] = []
    for row in rows:
        rows_read += 1
        if unwanted(row, Wanted(), scope) is None and row.status in (200, None):
            wanted.append(row)
    addresses = {pages.identity_key(row.url): row.url for row in wanted}
    kinds.learn(addresses.values())
    kind_of = {key: kinds.kind(url) for key, url in addresses.items()}
    years: dict[str, Counter[str]] = defaultdict(Counter)
    for row in wanted:
        years[str(row.year)][kind_of[pages.identity_key(row.url)]] += 1
    by_crawl: dict[str, set[str]] = defaultdict(set)
    captures: Counter[str] = Counter()
    for row in wanted:
        key = pages.identity_key(row.url)
        if (crawl := _crawl(row)) is not None:
            captures[crawl] += 1
            if kind_of[key] == "article":
                by_crawl[crawl].add(key)
    sample = None
    if asked is not None and 2 <= asked[0] < asked[1]:
        empty = max(asked[0] - len(captures), 0)  # indexes without a capture of the site
        total = total_of_all([*captures.values(), *[0] * empty], asked[1])
        distinct = distinct_of_all([*by_crawl.values(), *[set[str]()] * (asked[0] - len(by_crawl))], asked[1])
        sample = IndexSample(*asked, total, distinct)
    articles = {key: url for key, url in addresses.items() if kind_of[key] == "article"}
    return ArchiveHoldings(
        name=name,
        option=option,
        note=note,
        rows=rows_read,
        captures=len(wanted),
        addresses=len(addresses),
        payloads=len({row.digest or row.timestamp for row in wanted}),
        years={year: {kind: counts[kind] for kind in KINDS if counts[kind]} for year, counts in sorted(years.items())},
        article_addresses=len(articles),
        known_articles=sum(map(kinds.is_known_article, addresses.values())),
        known_listings=sum(map(kinds.is_known_listing, addresses.values())),
        new_articles=sum(not kinds.is_known_article(url) for url in articles.values()),
        sample=sample,
        article_keys=frozenset(articles),
        article_keys_by_crawl={crawl: frozenset(keys) for crawl, keys in by_crawl.items()},
    )


def _crawl(row: IndexRow) -> str | None:
    """The collection of a row of Common Crawl: `crawl-data/CC-MAIN-2014-15/...`."""
    name = (row.filename or "").partition("/")[2].partition("/")[0]
    return name if name.startswith("CC-") else None
