"""The address patterns of a site as a crawl saw them: how many pages of each are what, and what they probably are."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..ledger.page_facts import is_unknown
from ..messages.record_words import counted, word
from ..messages.text import N_, enumeration, joined
from ..pages import Page
from ..pages.layouts.shape import shape
from ..profiles import Profile

MOST = 0.5
"""Share of the pages with content from which on a pattern is called after a kind."""
LINKED = 0.5
"""Share of linked characters from which on a page is mostly links."""
CONTENT = ("article", "listing", "unknown", "home")
"""Kinds with content; the others are answers such as `gone` and `moved`."""


@dataclass(frozen=True, slots=True)
class SiteShape:
    """One address pattern of a site."""

    shape: str
    pages: int
    kinds: dict[str, int]
    """Pages by kind, most frequent first."""
    layouts: dict[str, int]
    """Articles by digest of their layout."""
    listed: int
    """Unknown pages that rows of listings lead to."""
    linked: int
    """Unknown pages that are mostly links."""
    belief: str
    """What the pages probably are, in words."""
    url: str
    """An example: an unknown page if there is one."""

    @property
    def unknown(self) -> int:
        return self.kinds.get("unknown", 0)


@dataclass
class _Tally:
    kinds: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    urls: list[str] = field(default_factory=list)
    """URLs of unknown pages with content."""
    linked: int = 0
    example: str = ""
    unknown: str = ""


class SiteShapes:
    """Counts the judged pages of a crawl by address pattern."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._tallies: defaultdict[str, _Tally] = defaultdict(_Tally)

    def add(self, page: Page) -> None:
        """Counts a page."""
        url = page.capture.url
        tally = self._tallies[shape(url)]
        tally.kinds[page.kind] += 1
        tally.example = min(tally.example or url, url)
        if page.kind == "article" and page.structure is not None and page.structure.layout is not None:
            tally.layouts[page.structure.layout] += 1
        if is_unknown(page):
            tally.urls.append(url)
            tally.unknown = min(tally.unknown or url, url)
            tally.linked += _is_mostly_links(page)

    def found(self, is_promised: Callable[[str], bool]) -> list[SiteShape]:
        """All patterns, those of most pages first. `is_promised`: whether a row of a listing leads to a URL."""
        shapes = [self._of(pattern, tally, is_promised) for pattern, tally in self._tallies.items()]
        return sorted(shapes, key=lambda one: (-one.pages, one.shape))

    def _of(self, pattern: str, tally: _Tally, is_promised: Callable[[str], bool]) -> SiteShape:
        listed = sum(map(is_promised, tally.urls))
        kinds = dict(sorted(tally.kinds.items(), key=lambda kind: (-kind[1], kind[0])))
        layouts = dict(sorted(tally.layouts.items(), key=lambda known: (-known[1], known[0])))
        return SiteShape(
            pattern, tally.kinds.total(), kinds, layouts, listed, tally.linked,
            self._belief(pattern, tally, kinds, layouts, listed), tally.unknown or tally.example,
        )  # fmt: skip

    def _belief(self, pattern: str, tally: _Tally, kinds: dict[str, int], layouts: dict[str, int], listed: int) -> str:
        content = sum(tally.kinds[kind] for kind in CONTENT)
        if pattern in self._profile.other_urls:
            return N_("neither articles nor listings, as the profile has it (other_urls)")
        if not content:
            return N_("no content: {kinds}", kinds=enumeration(map(word, kinds)))
        articles = tally.kinds["article"]
        if articles >= MOST * content:
            by = N_("by layout {layouts}", layouts=enumeration(layouts)) if layouts else N_("each read alone")
            if pattern in self._profile.article_urls:
                by = N_("{by}, as the profile has it (article_urls)", by=by)
            return N_("articles, {by}{exception}", by=by, exception=_except_unknown(tally))
        if tally.kinds["listing"] >= MOST * content:
            return N_("listings{exception}", exception=_except_unknown(tally))
        if tally.kinds["home"] >= MOST * content:
            return N_("home page")
        unknown = len(tally.urls)
        if not unknown:
            return N_("mixed: {kinds}", kinds=joined(counted(str(count), kind) for kind, count in kinds.items()))
        if listed >= MOST * unknown:
            return N_("unknown, probably articles: rows of listings lead to {listed:d} of them", listed=listed)
        if tally.linked >= MOST * unknown:
            return N_("unknown, probably menus: {linked:d} of them are mostly links", linked=tally.linked)
        return N_("unknown: neither articles nor listings, with text of their own")


def _except_unknown(tally: _Tally) -> str:
    count = tally.kinds["unknown"]
    return N_(", except {count:d} unknown", count=count) if count else ""


def _is_mostly_links(page: Page) -> bool:
    size = sum(line.size for line in page.lines)
    return sum(line.linked for line in page.lines) >= LINKED * size


def shapes_as_json(shapes: Iterable[SiteShape]) -> list[dict[str, object]]:
    """The patterns as JSON."""
    return [
        {
            "shape": one.shape,
            "pages": one.pages,
            "kinds": one.kinds,
            "layouts": one.layouts,
            "listed": one.listed,
            "mostly_links": one.linked,
            "belief": one.belief,
            "url": one.url,
        }
        for one in shapes
    ]
