"""Pictures and attachments of articles, and requisites of pages: captured and listed, but not parsed. Article lines do not
wait for them."""

from collections.abc import Iterable, Iterator

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from .. import pages
from ..crawl.ending import CrawlEnding
from ..crawl.request_context import RequestContext, context_of, with_context
from ..crawl.session import Session
from ..errors import CannotWrite
from ..items import Article, Media
from ..ledger.judge import Judge
from ..ledger.response_faults import HOPELESS, every_try
from ..messages.text import N_
from ..middlewares.retry import name_of
from ..middlewares.scope import HostGivenUp
from ..pages import Page
from ..pages.links import requisites
from ..pages.text.decode import decode

PRIORITY = 0
HOPS = 5
MOST_REQUISITES = 5_000
"""Style sheets, scripts and pictures of templates that one crawl requests; a site has some hundred."""
PATIENCE = 600
"""Download timeout of one file in seconds: servers are slow, and some archives are large."""


class MediaRequests:
    """Requests each file once, from the hosts and media_hosts of the profile only."""

    def __init__(self, session: Session, judge: Judge) -> None:
        self._session, self._judge = session, judge
        self._seen: set[str] = set()
        self._owed = session.plan.owed_media
        self._requisites = 0

    def of(self, article: Article) -> Iterator[Request]:
        """Requests for the pictures and attachments of an article that no earlier crawl has fetched."""
        urls = (*(image.url for image in article.images), *(file.url for file in article.attachments))
        for url in urls[: self._session.limits.files(article.url, len(urls))]:
            yield from self._request_once(url, article.url)

    def requisites(self, page: Page) -> Iterator[Request]:
        """Requests for what a page needs to look as it did, of the hosts of the profile."""
        capture = page.capture
        text, encoding = decode(capture.payload, capture.header("content-type"), capture.header("content-encoding"))
        yield from self._requisites_at(requisites.of_page(text, capture.url, encoding.name), capture.url)

    def _requisites_at(self, urls: Iterable[str], shown_by: str) -> Iterator[Request]:
        for url in urls:
            if self._requisites >= MOST_REQUISITES:
                return
            if self._session.scope.media(url):  # counters and advertisements of other hosts are no part of the site
                for request in self._request_once(url, shown_by):
                    self._requisites += 1
                    yield request

    def owed(self) -> Iterator[Request]:
        """Requests for files that earlier crawls did not fetch; empty when called again."""
        owed, self._owed = self._owed, ()
        for url, article in owed:
            yield from self._request_once(url, article)

    def _request_once(self, url: str, article: str) -> Iterator[Request]:
        key, plan = pages.identity_key(url), self._session.plan
        if key in self._seen:
            return
        self._seen.add(key)
        if not self._session.scope.media(url):
            evidence = N_("outside hosts and media_hosts, so not fetched; shown by {article}", article=article)
            self._session.ledger.note("media-elsewhere", url, evidence)
        elif not (plan.media and plan.number(url) in plan.media):
            yield self._request(url, article, ())

    def _request(self, url: str, referer: str, trail: tuple[str, ...]) -> Request:
        return Request(
            url,
            callback=self._received,
            errback=self._failed,
            headers={"Referer": referer},  # some old servers send pictures only for their own pages
            priority=PRIORITY,
            meta=with_context(RequestContext(purpose="media", trail=trail), timeout=PATIENCE),
            dont_filter=True,
        )

    def _received(self, response: Response) -> Iterator[Request]:
        session, request = self._session, response.request
        assert request is not None
        context = context_of(request)
        capture = context.capture
        assert capture is not None
        try:
            session.folder.media(Media.of(capture))
            if capture.status in (404, 410) and context.fault is None:
                evidence = N_("status {status}; shown by {article}", status=capture.status, article=_referer(request))
                session.ledger.note("media-missing", request.url, evidence)
            if context.fault is None or context.fault in HOPELESS:
                session.limits.file_received(pages.host_of(request.url))
            if fault := context.fault:
                evidence = every_try(fault, capture)
                session.ledger.write(self._judge.unanswered(request.url, fault, evidence, capture))
            else:
                session.ledger.open_gaps.answered(request.url)
        except CannotWrite as error:
            session.stop(error)
            return
        kind = (capture.header("content-type") or "").lower()
        if session.options.requisites and capture.status == 200 and kind.startswith("text/css"):
            text, encoding = decode(capture.payload, kind, capture.header("content-encoding"))
            yield from self._requisites_at(requisites.of_style_sheet(text, capture.url, encoding.name), capture.url)
        location, trail = response.headers.get("Location"), (*context.trail, request.url)
        if 300 <= capture.status < 400 and location:
            to = pages.redirect_target(location.decode("latin-1"), request.url)
            if to is not None and session.scope.media(to) and to not in trail and len(trail) <= HOPS:
                yield self._request(to, _referer(request), trail)
            else:
                evidence = N_(
                    "redirects to {to}, which is not requested; shown by {article}",
                    to=to or N_("no address"),
                    article=_referer(request),
                )
                try:
                    session.ledger.note("media-missing", trail[0], evidence)
                except CannotWrite as error:
                    session.stop(error)

    def _failed(self, failure: Failure) -> None:
        error = failure.value
        broken_off = isinstance(error, CrawlEnding) and error.on_wire
        is_gap = broken_off or isinstance(error, HostGivenUp)
        if not isinstance(error, Exception) or (isinstance(error, IgnoreRequest | CannotWrite) and not is_gap):
            return
        url = failure.request.url  # type: ignore[attr-defined]  # Scrapy puts it there
        what = "interrupted" if broken_off else "host-given-up" if isinstance(error, HostGivenUp) else name_of(error)
        try:
            self._session.ledger.write(self._judge.unanswered(url, what, str(error)))
        except CannotWrite as problem:
            self._session.stop(problem)


def _referer(request: Request) -> str:
    """URL of the article that shows the file."""
    return (request.headers.get("Referer") or b"").decode("latin-1")
