"""Checks by the first pages whether this is the site of the profile, before any other link is followed.

The first pages are the start pages and, if these have no text of their own, the pages that they lead to: the target of a
redirect, the frames of a frameset, the link of an entry picture.
"""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from ..errors import GdfupinError, SiteForeign, SiteUnreachable
from ..ledger.page_facts import FORWARD_SIZE, forward
from ..messages.text import COLON, N_, enumeration, joined
from ..middlewares.robots import FORBIDDEN
from ..pages import Page

NAMES = ("index.asp", "default.asp", "index.html", "index.htm", "Default.aspx", "index.php", "index.jsp")
"""Usual names of home pages, where the server shows none for `/`."""
OURS = frozenset({"home", "listing", "article", "unknown"})
"""Kinds of pages of the site."""


class SiteCheck:
    """Counts first pages without a response, and keeps the results of the others."""

    def __init__(self, in_scope: Callable[[str], bool] = lambda url: True) -> None:
        """`in_scope`: whether the crawl may fetch this URL."""
        self.in_scope = in_scope
        self.proven = False
        """A page of the site was seen."""
        self.held: list[Page] = []
        """Frames without identity words: followed if another frame proves that this is the site."""
        self._pending = 0
        self._against: Page | None = None
        self._elsewhere: tuple[str, str] | None = None
        """URL of a first page that leads out of scope, and its target."""
        self._forbidden: tuple[str, str] | None = None
        """URL of a first page that robots.txt forbids, and the reason."""
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
        elif (to := forward(page) if page.to is None else page.to) is not None and not self.in_scope(to):
            self._elsewhere = self._elsewhere or (page.capture.url, to)
        elif page.kind == "gone":
            self._failure = self._failure or joined((page.capture.url, page.why), COLON)
        return True

    def failed(self, url: str, fault: str) -> None:
        """Registers a first page that could not be fetched."""
        self._pending -= 1
        self._failure = self._failure or (fault if fault.startswith(url) else f"{url}: {fault}")

    def forbidden(self, url: str, reason: str) -> None:
        """Registers a first page that robots.txt forbids."""
        self._pending -= 1
        self._forbidden = self._forbidden or (url, reason)

    def error(self) -> GdfupinError | None:
        """The error that ends the crawl, if all first pages have a response and none is a page of the site; else None."""
        if self.proven or self._pending > 0:
            return None
        if self._against is not None:
            return SiteForeign(_against(self._against))
        if self._elsewhere is not None:
            url, to = self._elsewhere
            return SiteForeign(
                N_(
                    "{url} leads to another host, {to}: the site has moved, or was taken over. Nothing in the "
                    "archive was changed. Look at it with `gdfupin probe {to}`; if it is the same site, crawl it "
                    "there: `gdfupin crawl --start-url {to}`",
                    url=url,
                    to=to,
                )
            )
        if self._forbidden is not None:
            url, reason = self._forbidden
            if reason != FORBIDDEN:  # robots.txt could not be read
                return SiteUnreachable(self._unreachable(reason))
            return SiteUnreachable(
                N_(
                    "no start page can be fetched: {url}: {reason}. Nothing in the archive was changed. Ask the "
                    "keeper of the site to allow gdfupin_spider in robots.txt, or crawl a mirror: `gdfupin crawl "
                    "--start-url URL`",
                    url=url,
                    reason=reason,
                )
            )
        return SiteUnreachable(self._unreachable(self._failure or N_("none of them leads anywhere")))

    def _unreachable(self, reason: str) -> str:
        return N_(
            "no start page can be fetched: {reason}. Nothing in the archive was changed. Try again later, or "
            "give --start-url the address of a mirror.",
            reason=_without_end(reason),
        )


def _without_end(reason: str) -> str:
    """Without the full stop at its end."""
    return reason.rstrip(".") if reason.endswith(".") else reason  # a message stays one


def _against(page: Page) -> str:
    """Why a first page ends the crawl, and what to try."""
    url, status = page.capture.url, page.capture.status
    kept = N_(
        "Nothing else was fetched, and nothing in the archive was changed; its capture is in the folder of this crawl."
    )
    hint = N_("Look at it with `gdfupin probe {url}`", url=url)
    if page.kind != "blocked":
        return N_(
            "{url} is not the site of this profile: {why}. {kept} {hint}.", url=url, why=page.why, kept=kept, hint=hint
        )
    if status == 403 and urlsplit(url).path in ("", "/"):
        others = enumeration(f"/{name}" for name in NAMES[1:])
        return N_(
            "{url} blocks us: {why}. Many servers answer so where a folder has no start page, as they show "
            "no list of its files. {kept} Try another name: `gdfupin crawl --start-url {other}`, or "
            "{others}. If that is blocked, too, it is a firewall: use a longer --delay, or ask the keeper "
            "of the site.",
            url=url,
            why=page.why,
            kept=kept,
            other=urljoin(url, NAMES[0]),
            others=others,
        )
    if status == 412 or "script" in page.why:
        return N_(
            "{url} is behind a wall: {why}, with a script that only a browser runs. This program cannot "
            "pass it. {kept} {hint}. Ask the keeper of the site to let gdfupin_spider in, or crawl a "
            "mirror: `gdfupin crawl --start-url URL`",
            url=url,
            why=page.why,
            kept=kept,
            hint=hint,
        )
    return N_("{url} blocks us: {why}. {kept} {hint}.", url=url, why=page.why, kept=kept, hint=hint)


def has_own_text(page: Page) -> bool:
    """Whether a page has text of its own, so that its kind does not depend on the pages that it leads to."""
    forwards = any(link.role in ("frame", "refresh") for link in page.links)
    return sum(line.size for line in page.lines) >= (FORWARD_SIZE if forwards else 1)
