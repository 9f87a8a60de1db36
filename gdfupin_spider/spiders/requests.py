"""Makes the requests of a crawl: for links that pages print, in scope, each once, and none of a crawler trap."""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from scrapy import Request

from .. import pages
from ..crawl.request_context import RequestContext, context_of, with_context
from ..crawl.session import Session
from ..frontier.plan import Marks, Recheck, Walk
from ..frontier.traps import grows
from ..items import Article, Issue
from ..pages import Link, Page
from .site_check import SiteCheck

PRIORITIES = {"frame": 40, "refresh": 40, "row": 30, "link": 20, "next": 10}
"""By role of the link. The newest articles of all sections come first, then next pages of listings, then pictures.

Further pages of articles and robots.txt are fetched immediately.
"""
RECHECK = 5
"""Priority of known articles: below that of new pages."""
LOOPS, LOOP_TRIES = -10, 3
"""Priority of the next try of redirects that led back to themselves, and the number of these tries."""
PARTS = ("frame", "refresh")
"""Roles of links to parts of a page. They are always requested."""
HOPS = 10
"""Maximum number of redirects in a row."""
REMEMBERED = 5_000
"""Maximum size of the cache of URLs that were processed. All identity keys are kept beside it."""


class RequestBuilder:
    """Makes requests. Links that were requested before are filtered out early, as most links of a page are known."""

    def __init__(self, site_check: SiteCheck, callback: Callable[..., Any], errback: Callable[..., Any]) -> None:
        self.seen: set[str] = set()
        """Identity keys of all requests."""
        self.session: Session | None = None
        """None outside a crawl: all links are requested."""
        self._site_check, self._callback, self._errback = site_check, callback, errback
        self._remembered: set[str] = set()
        self._planned = self._spared = False

    def start(self, url: str) -> Request | None:
        """The request for a start page."""
        return self._request(Link(url), first=True)

    def follow(self, page: Page, context: RequestContext, listed: Sequence[str] = ()) -> Iterator[Request]:
        """Requests for the links of a page that were not requested yet.

        `listed`: rows that no earlier listing had. They count as new even if other pages linked to them first; otherwise
        a listing of articles that link to each other would look like a crawler trap.
        """
        if self.session is not None:
            self.session.limits.listed(map(pages.identity_key, listed))
        first = context.first and not self._site_check.proven
        requested: list[str] = []
        for request in self._requests(page, context, first):
            requested.append(request.url)
            yield request
        if self._site_check.proven:
            yield from self._owed()
        if (
            self.session is not None
            and page.kind not in ("article", "moved", "gone")
            and page.capture.status != 304
            and not first
        ):
            templates = self.session.traps.page(page.capture.url, [*requested, *listed])
            self.session.given_up(templates, page.capture.url)

    def _owed(self) -> Iterator[Request]:
        """Requests that the plan demands: first pages of listings, owed URLs, rechecks. Empty when called again."""
        if self.session is None or self._planned:
            return
        self._planned = True
        plan, given = self.session.plan, {pages.host_of(url) for url in self.session.options.given}

        def is_here(url: str) -> bool:
            """Whether a URL is on a host of --start-url: who crawls a mirror cannot reach the site itself."""
            return not given or pages.host_of(url) in given

        for url in filter(is_here, plan.owed):
            if (request := self._request(Link(url), row=True, known=True)) is not None:
                yield request
        for head in plan.heads.values():
            if is_here(head.url) and (request := self._request(Link(head.url))) is not None:
                yield request
        for recheck in plan.rechecks:
            if is_here(recheck.url):
                yield from self._again(recheck.url, recheck)

    def spares(self) -> list[Request]:
        """Requests for more known articles, where most of those that were due are missing. Empty when called again."""
        if self.session is None or self._spared or not self.session.lookout.most_are_missing:
            return []
        self._spared = True
        return [request for recheck in self.session.plan.spares for request in self._again(recheck.url, recheck)]

    def former(self, article: Article) -> Iterator[Request]:
        """The request for the address of a known article that this one seems to be; mostly none."""
        url = self.session.plan.former_address(article) if self.session is not None else None
        if url is not None:
            yield from self._again(url)

    def _again(self, url: str, recheck: Recheck | None = None) -> Iterator[Request]:
        """A request for a known article; none if it was requested already."""
        request = self._request(Link(url), known=True, marks=recheck.marks if recheck else None)
        if request is not None:
            context = context_of(request)
            context.reason, context.recheck = "recheck", recheck
            if self.session is not None:
                self.session.lookout.requested(url, recheck)
            yield request.replace(priority=RECHECK)

    def _requests(self, page: Page, context: RequestContext, first: bool) -> Iterator[Request]:
        if page.to is not None and (request := self._move(page, page.to, context, first)) is not None:
            yield request
        if page.first_part is not None and (request := self._request(Link(page.first_part), row=True)) is not None:
            yield request
        recheck: Recheck | None = context.recheck
        if recheck is not None and page.kind in ("gone", "moved"):
            for url in recheck.others:
                yield from self._again(url)
        is_article = page.kind == "article"
        forwards = any(link.role in PARTS for link in page.links)
        walk, onwards = self._walk(page, context)
        for row in page.rows:
            if (request := self._request(row, row=True)) is not None:
                yield request
        for link in page.links:
            if first and forwards and link.role == "link":
                continue  # the noframes text of a frameset: its frames are requested first
            if walk is not None and link.role == "next":
                continue
            if is_article and link.role == "link" and not self._leads_on(link):
                continue
            if (request := self._request(link, first=first)) is not None:
                yield request
        for link in onwards:
            if (request := self._request(link, walk=walk)) is not None:
                yield request
        if self._site_check.proven and self._site_check.held:
            held, self._site_check.held = self._site_check.held, []
            for frame in held:
                yield from self._requests(frame, RequestContext(), first=False)

    def _leads_on(self, link: Link) -> bool:
        """Whether a link of an article is followed: a site may invent articles that link to others."""
        session = self.session
        return (
            session is None
            or link.key in self.seen
            or not session.plan.is_new(link.url)
            or session.limits.leads_on(link.key)
        )

    def _walk(self, page: Page, context: RequestContext) -> tuple[Walk | None, tuple[Link, ...]]:
        """The walk along a listing that this page belongs to, and its next links. None and no links for other pages."""
        if self.session is None or page.kind != "listing":
            return None, ()
        plan = self.session.plan
        walk: Walk = context.walk or plan.walk(page.capture.url)
        onwards = tuple(link for link in page.links if link.role == "next")
        if walk.whole:
            return walk, onwards
        rows = {row.key for row in page.rows if plan.is_new(row.url)}
        # Links that other pages have as well, such as those of a box of latest news, do not belong to this listing.
        urls = {link.key: link.url for link in page.links if link.role == "link"}
        links = {key for key, url in urls.items() if key not in self.seen and key not in rows and plan.is_new(url)}
        if not walk.goes_on(rows, links, page.printed_total):
            return walk, ()
        return walk, (page.next_page,) if page.next_page is not None and not walk.whole else onwards

    def _move(self, page: Page, to: str, context: RequestContext, first: bool) -> Request | None:
        trail = (*context.trail, page.capture.url)
        if to in trail and self.session is not None and self.session.pass_cookie_wall(to, context.cookie):
            return self._request(Link(to), first=first, again=True, known=True, walk=context.walk)
        if to in trail and context.tries < LOOP_TRIES:
            # An unstable server: the way is gone once more when everything else is done.
            return self._request(
                Link(trail[0]), first=first, again=True, known=True, walk=context.walk, tries=context.tries + 1
            )
        if to in trail or len(trail) > HOPS:
            if self.session is not None:
                what = "redirect-loop" if to in trail else "too-many-redirects"
                issue = Issue("failure", what, trail[0], " -> ".join((*trail, to))[:300])
                self.session.ledger.issue(issue)
            return None
        again = bool(context.tries) or pages.identity_key(to) == pages.identity_key(page.capture.url)
        return self._request(
            Link(to), first=first, again=again, trail=trail, known=True, walk=context.walk, tries=context.tries
        )

    def _request(
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
        tries: int = 0,
    ) -> Request | None:
        """A request for a link; None if it was requested before, is out of scope, or is not in the plan.

        `again`: request it although its identity key was requested, because the response was a redirect to another
        spelling of the URL. `known`: do not ask the plan. `walk`: the link is the next page of this listing. `marks`:
        validators for a conditional request. `tries`: earlier requests for the same chain of redirects.
        """
        url = link.url
        if link.body is None and not (again or known or walk is not None):
            if url in self._remembered:
                return None
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered.add(url)
        session = self.session
        if session is not None and not session.scope.page(url):
            return None
        key = pages.identity_key(url)
        if link.body is not None:
            key += f" {sha256(link.body).hexdigest()}"
        if (key in self.seen and not again) or grows(url):
            return None
        if session is not None:
            always = first or known or walk is not None or link.body is not None or link.role in PARTS
            if not (always or session.plan.wants(url)) or not session.traps.allows(url):
                return None
        self.seen.add(key)
        if first:
            self._site_check.requested()
        context = RequestContext(
            reason=self._reason(link, walk, first),
            first=first,
            frame=link.role == "frame",
            trail=trail,
            walk=walk,
            tries=tries,
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
            priority=LOOPS if tries else PRIORITIES["row" if row else link.role],
            meta=with_context(context),
            dont_filter=True,
        )

    def _reason(self, link: Link, walk: Walk | None, first: bool) -> str:
        """The reason for a request, as far as known before its response; see RequestContext."""
        if first or link.role in PARTS:
            return "home"
        if walk is not None or link.role == "next":
            return "listing"
        plan = self.session.plan if self.session is not None else None
        if plan is None or plan.is_new(link.url):
            return "new"
        return "listing" if plan.number(link.url) in plan.listings else "other"
