"""Requests whose response was no content are made again later, at most a few times, and once more at the end of the crawl.

The decision needs the page: a block page comes with status 200. The read middleware, nearer to the network, has read it.
"""

import asyncio
import logging
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DontCloseSpider,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.utils.misc import load_object

from .. import pages
from ..crawl.progress import WAITING
from ..crawl.request_context import RequestContext, context_of, next_try
from ..crawl.session import Session, session_of
from ..errors import CannotWrite
from ..frontier.known_pages import unexpected
from ..items import Capture
from ..ledger.response_faults import HOPELESS, THROTTLING, response_fault
from ..messages.text import N_
from .throttle import Throttle, retry_after
from .truncation import NO_END, Endings

log = logging.getLogger(__name__)

NAMES = {
    DownloadTimeoutError: "timeout",
    CannotResolveHostError: "no-address",
    DownloadConnectionRefusedError: "refused",
    DownloadFailedError: "connection-lost",
}
START_RETRIES = 2
"""Retries of a start page that did not respond at all."""


STALLING = frozenset({"timeout", "stalled"})
MEDIA_RETRIES = 1
"""Retries of a picture or attachment that stalled: each try takes ten minutes."""


class WillRetry(IgnoreRequest):
    """The request will be made again; nothing else needs to be done."""


class RetryMiddleware:
    """Retries and throttles. After the last try `RequestContext.fault` says what is wrong with the response."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self.throttle = Throttle(crawler)
        patience = self.throttle.patience
        self._waits = [float(wait) * patience for wait in settings.getlist("GDFUPIN_RETRY_WAITS")]
        self._block_waits = [float(wait) * patience for wait in settings.getlist("GDFUPIN_BLOCK_WAITS")]
        self._retryable = tuple(load_object(name) for name in settings.getlist("RETRY_EXCEPTIONS"))
        self._endings = Endings()
        self._waiting: dict[Request, tuple[asyncio.TimerHandle, str]] = {}
        self._deferred: list[tuple[Request, str]] = []
        """Requests that failed at every try, each with its fault: they are made once more at the end of the crawl."""
        crawler.signals.connect(self._idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        session, context = session_of(self._crawler), context_of(request)
        capture, page = context.capture, context.page
        if session is None or capture is None:
            return response
        fault = response_fault(capture, page)
        if page is not None and fault is None:
            fault = unexpected(session.plan, page, first=context.first) or self._endings.doubt(capture)
        if capture.truncated == "disconnect" and fault is None:
            session.note_once(
                "wrong-length",
                capture.url,
                N_(
                    "the connection ended before the declared length, but the body is complete: {bytes} bytes, declared {declared}",
                    bytes=len(capture.payload),
                    declared=capture.header("content-length") or N_("in chunks"),
                ),
            )
        session.reasons[reason_of(context)] += 1
        host, latency = request.meta.get("download_slot", ""), request.meta.get("download_latency", 0.0)
        self.throttle.response(host, fault, latency, retry_after(capture), first_try=not context.tries)
        if fault is None:
            return self._other_spelling(session, request, capture) or response
        if fault == "redirect-loop" and not context.tries and session.pass_cookie_wall(request.url, context.cookie):
            session.order.settled(capture.proof)
            return next_try(request)
        again = await self._again(session, request, fault, capture)
        if again is None and fault == NO_END:
            context.fault = None  # the page is complete
            self._endings.unfinished += 1
            evidence = N_("ends without </html>, unlike other pages of the site: it may be truncated")
            session.ledger.note(NO_END, capture.url, evidence)
        return again or response

    def _other_spelling(self, session: Session, request: Request, capture: Capture) -> Request | None:
        """A request for a URL with Chinese in its path that was not found, in the other encoding that servers use."""
        url = pages.other_spelling(request.url) if capture.status == 404 and request.method == "GET" else None
        if url is None:
            return None
        session.order.settled(capture.proof)
        return next_try(request).replace(url=url)

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        session = session_of(self._crawler)
        if session is None or isinstance(exception, IgnoreRequest | CannotWrite):
            return None
        if not isinstance(exception, self._retryable):
            return None
        return await self._again(session, request, name_of(exception), None)

    def abandon(self) -> list[tuple[Request, str]]:
        """Requests that wait for another try when the crawl ends, each with its fault. They will not be made."""
        waiting = [(request, fault) for request, (_, fault) in self._waiting.items()] + self._deferred
        for timer, _ in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
        self._deferred.clear()
        self._count_waiting()
        return waiting

    async def _again(self, session: Session, request: Request, fault: str, capture: Capture | None) -> Request | None:
        """The next try, now or later (then raises WillRetry); None where there is none."""
        context = context_of(request)
        # The first responses decide whether this is the site at all, and whether it lets us in: no long waits for them.
        first = context.first or (context.purpose == "robots" and not session.requests)
        waits = self._block_waits if fault in THROTTLING and not first else self._waits
        if first and capture is None:
            waits = waits[:START_RETRIES]
        if context.purpose == "media":
            if fault not in HOPELESS:
                session.limits.file_failed(pages.host_of(request.url))
            if fault in STALLING:
                waits = waits[:MEDIA_RETRIES]
        if fault in HOPELESS or context.tries >= len(waits):
            if fault not in HOPELESS and fault != NO_END and not (context.first or context.inline or context.last):
                self._defer(session, request, fault, capture)
            context.fault = fault
            return None
        if capture is not None:
            session.order.settled(capture.proof)
        again = next_try(request)
        asked = retry_after(capture) if capture is not None else None
        wait = waits[context.tries] if asked is None else min(asked, self.throttle.longest_pause)
        level = logging.INFO if first else logging.DEBUG
        log.log(level, "%s: %s, try %d in %g s", request.url, fault, context.tries + 2, wait)
        if context.inline:
            try:
                await asyncio.wait_for(session.ending.wait(), wait)
            except TimeoutError:
                return again
            context.fault = fault
            return None
        loop = asyncio.get_running_loop()
        self._waiting[again] = loop.call_later(wait, self._resume, again), fault
        self._count_waiting()
        raise WillRetry(fault)

    def _defer(self, session: Session, request: Request, fault: str, capture: Capture | None) -> None:
        """Keeps a request that failed at every try for the end of the crawl. Raises WillRetry."""
        if capture is not None:
            session.order.settled(capture.proof)
        again = next_try(request)
        context_of(again).last = True
        self._deferred.append((again, fault))
        self._count_waiting()
        session.count_failure()
        raise WillRetry(fault)

    def _resume(self, request: Request) -> None:
        del self._waiting[request]
        self._count_waiting()
        self._crawler.engine.crawl(request)

    def _idle(self) -> None:
        session = session_of(self._crawler)
        if self._deferred and not self._waiting and session is not None and not session.ending.is_set():
            loop, wait = asyncio.get_running_loop(), self._waits[len(self._waits) // 2] if self._waits else 0
            for request, fault in self._deferred:
                self._waiting[request] = loop.call_later(wait, self._resume, request), fault
            self._deferred.clear()
        if self._waiting:
            raise DontCloseSpider

    def _count_waiting(self) -> None:
        self._crawler.stats.set_value(WAITING, len(self._waiting) + len(self._deferred))


def reason_of(context: RequestContext) -> str:
    """What an exchange was for, as far as its response shows; one of `session.REASONS`."""
    if context.tries:
        return "retry"
    if context.purpose in ("robots", "media"):
        return context.purpose
    if context.reason != "new" or context.page is None:
        return context.reason
    kinds = {"home": "home", "listing": "listing", "unknown": "other", "file": "other"}
    return kinds.get(context.page.kind, "new")


def name_of(exception: Exception) -> str:
    """A short name of a network error.

    >>> name_of(DownloadTimeoutError()), name_of(OSError())
    ('timeout', 'oserror')
    """
    return next((name for kind, name in NAMES.items() if isinstance(exception, kind)), type(exception).__name__.lower())
