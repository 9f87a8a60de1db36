"""Which addresses are asked for: those that a page prints, in scope, each once, and none of an endless space."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from scrapy import Request

from .. import pages
from ..crawl.request_context import RequestContext, context_of, with_context
from ..crawl.session import Session
from ..frontier.plan import Marks, Recheck, Walk
from ..frontier.traps import grows
from ..items import Issue
from ..pages import Link, Page
from .site_check import SiteCheck

PRIORITIES = {"frame": 40, "refresh": 40, "row": 30, "link": 20, "next": 10}
"""Newest articles of all sections first, then the listings' next pages, pictures last; parts and robots.txt at once."""
RECHECK = 5
"""Priority: what is new comes first."""
DOORS = ("frame", "refresh")
"""Roles of links to what a page is made of: always asked for."""
HOPS = 10
"""Redirects in a row."""
REMEMBERED = 5_000
"""Addresses as printed that need not be looked at again; the identity keys behind them are remembered all."""


class RequestBuilder:
    """Makes the requests. No Request is made for a link that was asked for before: that is most of a page's cost."""

    def __init__(self, site_check: SiteCheck, callback: Callable[..., Any], errback: Callable[..., Any]) -> None:
        self.seen: set[str] = set()
        """Identity keys of all that was asked for."""
        self.session: Session | None = None
        """None (outside a crawl): everything that is printed is asked for."""
        self._site_check, self._callback, self._errback = site_check, callback, errback
        self._remembered: set[str] = set()
        self._planned = False

    def start(self, url: str) -> Request | None:
        """The request for a start page."""
        return self._ask(Link(url), first=True)

    def follow(self, page: Page, context: RequestContext, listed: Sequence[str] = ()) -> Iterator[Request]:
        """Requests for all that a page leads to and nobody asked for yet.

        `listed`: rows that no listing before this one had. They too are something new, even where other articles led to
        theirs first; else a listing whose articles link to each other would pass for an endless space.
        """
        first = context.first and not self._site_check.proven
        asked: list[str] = []
        for request in self._requests(page, context, first):
            asked.append(request.url)
            yield request
        if self._site_check.proven:
            yield from self._owed()
        if (
            self.session is not None
            and page.kind not in ("article", "moved", "gone")
            and page.capture.status != 304
            and not first
        ):
            found = self.session.templates.page(page.capture.url, [*asked, *listed])
            self.session.given_up(found, page.capture.url)

    def _owed(self) -> Iterator[Request]:
        """Requests for what the plan knows to be due: the first pages of listings, and what is owed. Once."""
        if self.session is None or self._planned:
            return
        self._planned = True
        plan, given = self.session.plan, {pages.host_of(url) for url in self.session.wish.given}

        def is_here(url: str) -> bool:
            """Whoever crawls a mirror does so because the site itself is not to be had."""
            return not given or pages.host_of(url) in given

        for url in filter(is_here, plan.owed):
            if (request := self._ask(Link(url), row=True, known=True)) is not None:
                yield request
        for head in plan.heads.values():
            if is_here(head.url) and (request := self._ask(Link(head.url))) is not None:
                yield request
        for recheck in plan.rechecks:
            if is_here(recheck.url):
                yield from self._again(recheck.url, recheck)

    def _again(self, url: str, recheck: Recheck | None = None) -> Iterator[Request]:
        """The request by which an article is looked at again."""
        request = self._ask(Link(url), known=True, marks=recheck.marks if recheck else None)
        if request is not None:
            context = context_of(request)
            context.reason, context.recheck = "recheck", recheck
            yield request.replace(priority=RECHECK)

    def _requests(self, page: Page, context: RequestContext, first: bool) -> Iterator[Request]:
        if page.to is not None and (request := self._move(page, page.to, context, first)) is not None:
            yield request
        if page.first_part is not None and (request := self._ask(Link(page.first_part), row=True)) is not None:
            yield request
        recheck: Recheck | None = context.recheck
        if recheck is not None and page.kind in ("gone", "moved"):
            for url in recheck.others:
                yield from self._again(url)
        forwards = any(link.role in DOORS for link in page.links)
        walk, onwards = self._walk(page, context)
        for row in page.rows:
            if (request := self._ask(row, row=True)) is not None:
                yield request
        for link in page.links:
            if first and forwards and link.role == "link":
                continue  # the noframes text of a frameset: its frames are asked first
            if walk is not None and link.role == "next":
                continue
            if (request := self._ask(link, first=first)) is not None:
                yield request
        for link in onwards:
            if (request := self._ask(link, walk=walk)) is not None:
                yield request
        if self._site_check.proven and self._site_check.held:
            held, self._site_check.held = self._site_check.held, []
            for frame in held:
                yield from self._requests(frame, RequestContext(), first=False)

    def _walk(self, page: Page, context: RequestContext) -> tuple[Walk | None, tuple[Link, ...]]:
        """The walk along a listing on which this page lies, and where it goes on; None where it is no listing."""
        if self.session is None or page.kind != "listing":
            return None, ()
        plan = self.session.plan
        walk: Walk = context.walk or plan.walk(page.capture.url)
        onwards = tuple(link for link in page.links if link.role == "next")
        if walk.whole:
            return walk, onwards
        rows = {row.key for row in page.rows if plan.is_new(row.url)}
        # What other pages lead to as well, as a box of the latest news does, is not this listing's.
        here = {link.key: link.url for link in page.links if link.role == "link"}
        links = {key for key, url in here.items() if key not in self.seen and key not in rows and plan.is_new(url)}
        if not walk.goes_on(rows, links, page.printed_total):
            return walk, ()
        return walk, (page.next_page,) if page.next_page is not None and not walk.whole else onwards

    def _move(self, page: Page, to: str, context: RequestContext, first: bool) -> Request | None:
        trail = (*context.trail, page.capture.url)
        if to in trail or len(trail) > HOPS:
            if self.session is not None:
                what = "redirect-loop" if to in trail else "too-many-redirects"
                issue = Issue("failure", what, trail[0], " -> ".join((*trail, to))[:300])
                self.session.ledger.issue(issue)
            return None
        again = pages.identity_key(to) == pages.identity_key(page.capture.url)
        return self._ask(Link(to), first=first, again=again, trail=trail, known=True, walk=context.walk)

    def _ask(
        self,
        link: Link,
        *,
        first: bool = False,
        row: bool = False,
        again: bool = False,
        known: bool = False,
        trail: tuple[str, ...] = (),
        walk: Walk | None = None,
        marks: Marks | None = None,
    ) -> Request | None:
        """A request for a link, or None where it was asked for before, leads out of scope, or is not in the plan.

        `again`: its identity key was asked for, but the answer was a redirect to another spelling of it.
        `known`: whatever the plan says of it. `walk`: it is the next page of a listing. `marks`: by which it may be said
        to be as it was.
        """
        url = link.url
        if link.body is None and not (again or known or walk is not None):
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
        if session is not None:
            door = first or known or walk is not None or link.body is not None or link.role in DOORS
            if not (door or session.plan.wants(url)) or not session.templates.allows(url):
                return None
        self.seen.add(key)
        if first:
            self._site_check.requested()
        context = RequestContext(
            reason=self._reason(link, walk, first), first=first, frame=link.role == "frame", trail=trail, walk=walk
        )
        if marks is None and session is not None and session.plan.marks:
            marks = session.plan.marks.get(session.plan.number(url))
        headers = marks.headers() if marks is not None else {}
        if link.body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Request(
            url,
            callback=self._callback,
            errback=self._errback,
            method="GET" if link.body is None else "POST",
            body=link.body,
            headers=headers,
            priority=PRIORITIES["row" if row else link.role],
            meta=with_context(context),
            dont_filter=True,
        )

    def _reason(self, link: Link, walk: Walk | None, first: bool) -> str:
        """What a request is for, as far as it can be known before its answer."""
        if first or link.role in DOORS:
            return "home"
        if walk is not None or link.role == "next":
            return "listing"
        plan = self.session.plan if self.session is not None else None
        if plan is None or plan.is_new(link.url):
            return "new"
        return "listing" if plan.number(link.url) in plan.listings else "other"
