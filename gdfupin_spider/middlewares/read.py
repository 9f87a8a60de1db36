"""Reads a page from its capture as soon as the capture is in the WARC. Fetch, capture, read; then the spider judges."""

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from .. import pages
from ..crawl.request_context import context_of
from ..ledger.response_faults import HOPELESS, response_fault
from ..profiles import Profile


class ReadMiddleware:
    """Fills `RequestContext.page` of pages and further pages of articles; robots.txt and media are not read."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        context, profile = context_of(request), getattr(self._crawler.spider, "profile", None)
        capture = context.capture
        if capture is None or not isinstance(profile, Profile) or context.purpose not in ("page", "part"):
            return response
        if response_fault(capture) not in HOPELESS:  # an oversize payload is not worth its parsing time
            context.page = pages.read(capture, profile)
        return response
