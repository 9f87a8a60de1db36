"""Which addresses are asked for: those that a page prints, in scope, each once, and none of an endless space."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from scrapy import Request

from .. import pages
from ..pages import Link, Page
from ..session import Session
from ..templates import grows
from .threshold import Threshold

PRIORITIES = {"frame": 40, "refresh": 40, "row": 30, "link": 20, "next": 10}
"""Newest articles of all sections first, then the listings' next pages, pictures last; parts and robots.txt at once."""
HOPS = 10
"""Redirects in a row."""
REMEMBERED = 5_000
"""Addresses as printed that need not be looked at again; the identity keys behind them are remembered all."""


class Way:
    """Makes the requests. No Request is made for a link that was asked for before: that is most of a page's cost."""

    def __init__(self, threshold: Threshold, callback: Callable[..., Any], errback: Callable[..., Any]) -> None:
        self.seen: set[str] = set()
        """Identity keys of all that was asked for."""
        self.session: Session | None = None
        """None (outside a crawl): everything that is printed is asked for."""
        self._threshold, self._callback, self._errback = threshold, callback, errback
        self._remembered: set[str] = set()

    def start(self, url: str) -> Request | None:
        """The request for a start page."""
        return self._ask(Link(url), first=True)

    def follow(self, page: Page, meta: Mapping[str, Any], listed: Sequence[str] = ()) -> Iterator[Request]:
        """Requests for all that a page leads to and nobody asked for yet.

        `listed`: rows that no listing before this one had. They too are something new, even where other articles led to
        theirs first; else a listing whose articles link to each other would pass for an endless space.
        """
        first = bool(meta.get("first")) and not self._threshold.proven
        asked: list[str] = []
        for request in self._requests(page, meta, first):
            asked.append(request.url)
            yield request
        if self.session is not None and page.kind not in ("article", "moved", "gone") and not first:
            found = self.session.templates.page(page.capture.url, [*asked, *listed])
            self.session.given_up(found, page.capture.url)

    def _requests(self, page: Page, meta: Mapping[str, Any], first: bool) -> Iterator[Request]:
        if page.to is not None and (request := self._move(page, page.to, meta, first)) is not None:
            yield request
        if page.first_part is not None and (request := self._ask(Link(page.first_part), row=True)) is not None:
            yield request
        forwards = any(link.role in ("frame", "refresh") for link in page.links)
        for row in page.rows:
            if (request := self._ask(row, row=True)) is not None:
                yield request
        for link in page.links:
            if first and forwards and link.role == "link":
                continue  # the noframes text of a frameset: its frames are asked first
            if (request := self._ask(link, first=first)) is not None:
                yield request
        if self._threshold.proven and self._threshold.held:
            held, self._threshold.held = self._threshold.held, []
            for frame in held:
                yield from self._requests(frame, {}, first=False)

    def _move(self, page: Page, to: str, meta: Mapping[str, Any], first: bool) -> Request | None:
        trail = (*meta.get("trail", ()), page.capture.url)
        if to in trail or len(trail) > HOPS:
            if self.session is not None:
                what = "redirect-loop" if to in trail else "too-many-redirects"
                self.session.ledger.failed(trail[0], what, " -> ".join((*trail, to))[:300])
            return None
        again = pages.identity_key(to) == pages.identity_key(page.capture.url)
        return self._ask(Link(to), first=first, again=again, trail=trail)

    def _ask(
        self, link: Link, *, first: bool = False, row: bool = False, again: bool = False, trail: tuple[str, ...] = ()
    ) -> Request | None:
        """A request for a link, or None where it was asked for before or leads out of scope.

        `again`: its identity key was asked for, but the answer was a redirect to another spelling of it.
        """
        url = link.url
        if link.body is None and not again:
            if url in self._remembered:
                return None
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered.add(url)
        session = self.session
        if session is not None and not session.hosts.page(url):
            return None
        key = pages.identity_key(url)
        if link.body is not None:
            key += f" {sha256(link.body).hexdigest()}"
        if (key in self.seen and not again) or grows(url):
            return None
        if session is not None and not session.templates.allows(url):
            return None
        self.seen.add(key)
        meta: dict[str, Any] = {"purpose": "page", "verbatim_url": True}
        if first:
            meta["first"] = True
            self._threshold.asked()
        if link.role == "frame":
            meta["frame"] = True
        if trail:
            meta["trail"] = trail
        return Request(
            url,
            callback=self._callback,
            errback=self._errback,
            method="GET" if link.body is None else "POST",
            body=link.body,
            headers={"Content-Type": "application/x-www-form-urlencoded"} if link.body is not None else None,
            priority=PRIORITIES["row" if row else link.role],
            meta=meta,
            dont_filter=True,
        )
