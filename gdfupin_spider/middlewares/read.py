"""Reads a page from its capture as soon as the capture is in the WARC. Fetch, capture, read; then the spider judges.

A page that is not read quickly is read in a thread of its own, so that the crawl goes on and hears signals meanwhile.
"""

import asyncio
import threading
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from .. import deadline
from ..crawl.ending import GRACE, CrawlEnding
from ..crawl.request_context import context_of
from ..crawl.session import session_of
from ..items import Capture
from ..ledger.response_faults import HOPELESS, response_fault
from ..pages import Page
from ..profiles import Profile


class ReadMiddleware:
    """Fills `RequestContext.page` of pages and further pages of articles; robots.txt and media are not read."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        context, profile = context_of(request), getattr(self._crawler.spider, "profile", None)
        capture = context.capture
        if capture is None or not isinstance(profile, Profile) or context.purpose not in ("page", "part"):
            return response
        if response_fault(capture) not in HOPELESS:  # an oversize payload is not worth its parsing time
            context.page = deadline.quick(capture, profile) or await self._slow(capture, profile)
        return response

    async def _slow(self, capture: Capture, profile: Profile) -> Page:
        """Raises CrawlEnding where the crawl ends and the page is not read within GRACE seconds."""
        read = _in_thread(capture, profile)
        session = session_of(self._crawler)
        if session is None:
            return await read
        ending = asyncio.ensure_future(session.ending.wait())
        try:
            await asyncio.wait((read, ending), return_when=asyncio.FIRST_COMPLETED)
            return await asyncio.wait_for(read, GRACE if not read.done() else None)
        except TimeoutError:
            raise CrawlEnding(on_wire=True) from None
        finally:
            ending.cancel()


def _in_thread(capture: Capture, profile: Profile) -> "asyncio.Future[Page]":
    """The page, read in a thread that the end of the process does not wait for."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[Page] = loop.create_future()

    def run() -> None:
        page: Page | BaseException
        try:
            page = deadline.slow(capture, profile)
        except BaseException as error:  # noqa: BLE001 - raised where the page is awaited
            page = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle, result, page)

    threading.Thread(target=run, name="reading", daemon=True).start()
    return result


def _settle(result: "asyncio.Future[Page]", page: Page | BaseException) -> None:
    if result.done():
        return
    if isinstance(page, BaseException):
        result.set_exception(page)
    else:
        result.set_result(page)
