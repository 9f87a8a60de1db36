"""Is this the site at all? Decided from the first pages, before anything else of it is followed.

The first pages are the start pages and what they lead to as long as they say nothing themselves: the target of a
redirect, the frames of a frameset, the link of a picture one enters by.
"""

from ..errors import GdfupinError, SiteForeign, SiteUnreachable
from ..pages import Page

OURS = frozenset({"home", "listing", "article", "unknown"})
FEW = 80
"""Characters; what prints less beside frames or a refresh says nothing itself."""


class SiteCheck:
    """Counts the first pages that are still out, and keeps what those said that are in."""

    def __init__(self) -> None:
        self.proven = False
        """A page of the site was seen."""
        self.held: list[Page] = []
        """Frames that print none of the identity words: they are judged together with the other frames."""
        self._out = 0
        self._against: Page | None = None
        self._failure = ""

    def requested(self) -> None:
        """A first page was asked for."""
        self._out += 1

    def answered(self, page: Page, *, frame: bool) -> bool:
        """Whether the links of this first page may be followed (a held frame's links are, once the site is proven)."""
        self._out -= 1
        if page.kind in ("foreign", "blocked"):
            self._against = self._against or page
            if frame and page.kind == "foreign" and not self.proven:
                self.held.append(page)
            return frame and page.kind == "foreign" and self.proven
        if page.kind in OURS and says_something(page):
            self.proven = True
        elif page.kind == "gone":
            self._failure = self._failure or f"{page.capture.url}: {page.why}"
        return True

    def failed(self, url: str, why: str) -> None:
        """A first page could not be had."""
        self._out -= 1
        self._failure = self._failure or (why if why.startswith(url) else f"{url}: {why}")

    def error(self) -> GdfupinError | None:
        """The error by which the crawl ends, once all first pages are in and none is the site's; else None."""
        if self.proven or self._out > 0:
            return None
        if self._against is not None:
            page = self._against
            what = "blocks us" if page.kind == "blocked" else "is not the site of this profile"
            return SiteForeign(
                f"{page.capture.url} {what}: {page.why}. Nothing else was fetched, and nothing old was touched. Look "
                f"at it with `gdfupin probe {page.capture.url}`; its capture is kept in the folder of this crawl."
            )
        return SiteUnreachable(
            f"no start page can be had: {self._failure.rstrip('.') or 'none of them leads anywhere'}. "
            "Nothing old was touched. Try again later, or give --start-url the address of a mirror."
        )


def says_something(page: Page) -> bool:
    """Whether a page prints text of its own, so that its kind is its own and not that of what it leads to."""
    forwards = any(link.role in ("frame", "refresh") for link in page.links)
    return sum(line.size for line in page.lines) >= (FEW if forwards else 1)
