"""Checks by the first pages whether this is the site of the profile, before any other link is followed.

The first pages are the start pages and, if these have no text of their own, the pages that they lead to: the target of a
redirect, the frames of a frameset, the link of an entry picture.
"""

from ..errors import GdfupinError, SiteForeign, SiteUnreachable
from ..ledger.judge import FORWARD_SIZE
from ..pages import Page

OURS = frozenset({"home", "listing", "article", "unknown"})
"""Kinds of pages of the site."""


class SiteCheck:
    """Counts first pages without a response, and keeps the results of the others."""

    def __init__(self) -> None:
        self.proven = False
        """A page of the site was seen."""
        self.held: list[Page] = []
        """Frames without identity words: followed if another frame proves that this is the site."""
        self._pending = 0
        self._against: Page | None = None
        self._failure = ""

    def requested(self) -> None:
        """Registers a request for a first page."""
        self._pending += 1

    def answered(self, page: Page, *, frame: bool) -> bool:
        """Registers a first page. Returns whether its links are followed; those of `held` frames are followed later."""
        self._pending -= 1
        if page.kind in ("foreign", "blocked"):
            self._against = self._against or page
            if frame and page.kind == "foreign" and not self.proven:
                self.held.append(page)
            return frame and page.kind == "foreign" and self.proven
        if page.kind in OURS and has_own_text(page):
            self.proven = True
        elif page.kind == "gone":
            self._failure = self._failure or f"{page.capture.url}: {page.why}"
        return True

    def failed(self, url: str, fault: str) -> None:
        """Registers a first page that could not be fetched."""
        self._pending -= 1
        self._failure = self._failure or (fault if fault.startswith(url) else f"{url}: {fault}")

    def error(self) -> GdfupinError | None:
        """The error that ends the crawl, if all first pages have a response and none is a page of the site; else None."""
        if self.proven or self._pending > 0:
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


def has_own_text(page: Page) -> bool:
    """Whether a page has text of its own, so that its kind does not depend on the pages that it leads to."""
    forwards = any(link.role in ("frame", "refresh") for link in page.links)
    return sum(line.size for line in page.lines) >= (FORWARD_SIZE if forwards else 1)
