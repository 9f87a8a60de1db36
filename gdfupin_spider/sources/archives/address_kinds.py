"""What an address probably is, before its page is fetched: by the catalog, by its pattern, by the words in it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from ... import pages
from ...catalog import Catalog, known
from ...catalog.coverage import addresses, missing_since
from ...catalog.sources import CATALOG
from ...errors import CatalogUnusable
from ...frontier.build import number_at
from ...pages.layouts.shape import shape
from ...profiles import Profile

MANY = 10
"""Addresses of one pattern."""
AddressKind = Literal["listing", "article", "other", "unknown"]
"""listing: home pages, too. other: known to be neither."""
_HOME = re.compile(r"(?:/(?:index|default|home|main)\.\w+)?/?$", re.I)
_LISTING = re.compile(
    r"(?:list|index|more|class|column|channel|category|menu|lanmu|lmid|typeid|classid|sort|node|catalog|page)(?![a-z]{3})",
    re.I,
)
_ARTICLE = re.compile(
    r"(?:show|view|content|article|detail|info(?!_?list)|news_?(?:show|view)|read|art_|/t?\d{8}_\d+)|\d{4}[-/]?\d\d(?:[-/]?\d\d)?/\w*\d+\.s?html?$",
    re.I,
)


class AddressKinds:
    """Tells kinds of addresses of one archive and profile."""

    def __init__(self, output: Path, profile: Profile) -> None:
        """Without a catalog, patterns and words decide."""
        self._profile = profile
        self._articles: frozenset[int] = frozenset()
        self._listings: frozenset[int] = frozenset()
        self._others: frozenset[int] = frozenset()
        self._missing_since: Mapping[int, str] = {}
        shapes: dict[str, Counter[bool]] = defaultdict(Counter)
        if (output / CATALOG).exists():
            try:
                with Catalog(output / CATALOG) as catalog:
                    state = known(catalog)
                    self._articles, self._listings, self._others = state.articles, state.listings, state.passed
                    self._missing_since = missing_since(catalog)
                    for url, is_article in addresses(catalog):
                        shapes[shape(url)][is_article] += 1
            except CatalogUnusable:
                pass  # the crawl folds it again
        self._shapes = frozenset(name for name, counts in shapes.items() if counts[True] > counts[False])
        self._shapes |= frozenset(profile.article_urls)
        self._frequent: frozenset[str] = frozenset()

    @property
    def articles(self) -> int:
        """Addresses of articles that the catalog knows."""
        return len(self._articles)

    def learn(self, urls: Iterable[str]) -> None:
        """Learns from the addresses of an inventory: a pattern that many of them have in all but digits is of articles,
        unless words make it something else."""
        counts = Counter(shape(url) for url in {pages.identity_key(url): url for url in urls}.values())
        self._frequent = frozenset(pattern for pattern, count in counts.items() if count >= MANY and "0" in pattern)

    def kind(self, url: str) -> AddressKind:
        number = number_at(self._profile, url)
        if number in self._listings:
            return "listing"
        if number in self._articles:
            return "article"
        if number in self._others:
            return "other"
        pattern = shape(url)
        if pattern in self._shapes:
            return "article"
        if pattern in self._profile.other_urls:
            return "other"
        kind = kind_by_words(url)
        return "article" if kind == "unknown" and pattern in self._frequent else kind

    def is_known_article(self, url: str) -> bool:
        """Whether the catalog has an article at this address."""
        return number_at(self._profile, url) in self._articles

    def missing_since(self, url: str) -> str | None:
        """When the catalog has this address as missing for the first time; None: never."""
        return self._missing_since.get(number_at(self._profile, url))

    def is_known_listing(self, url: str) -> bool:
        return number_at(self._profile, url) in self._listings


def addresses_missing(output: Path) -> frozenset[int]:
    """Numbers of the addresses that some source saw missing at some time; none without a catalog."""
    if not (output / CATALOG).exists():
        return frozenset()
    with Catalog(output / CATALOG) as catalog:
        return frozenset(missing_since(catalog))


def kind_by_words(url: str) -> AddressKind:
    """What the words of an address make of it.

    >>> [kind_by_words(f"http://a.cn{path}") for path in ("", "/index.asp", "/news/list_3.html", "/show.asp?id=3", "/x/3.htm")]
    ['listing', 'listing', 'listing', 'article', 'unknown']
    """
    path = "/" + pages.identity_key(url).partition("/")[2]
    if _HOME.fullmatch(path.partition("?")[0]) and "?" not in path:
        return "listing"
    last = "/".join(path.split("/")[-3:])
    if _ARTICLE.search(last):
        return "article"
    if _LISTING.search(last) or path.endswith("/"):
        return "listing"
    return "unknown"
