"""robots.txt, as RFC 9309 says: redirects are followed, 4xx allows all, 5xx or no answer forbids all.

Scrapy's own middleware would read the page of a redirect as rules, and allow all where the server fails.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from ..crawl.session import session_of
from ..errors import CannotWrite
from ..frontier.robots_rules import ALLOW_ALL, FORBID_ALL, RobotsRules
from ..frontier.scope import split_port
from .resolver import why_not
from .retry_throttle import Manners

log = logging.getLogger(__name__)
HOPS = 5


@dataclass(frozen=True)
class Rules:
    """What one host allows."""

    parser: RobotsRules
    reason: str = "forbidden by robots.txt"
    """What to say of a page that is not allowed."""


def _closed(reason: str, level: int) -> Rules:
    log.log(level, "%s", reason)
    return Rules(FORBID_ALL, reason)


class Robots:
    """Fetches each host's robots.txt once, obeys it, and tells Manners its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        self._rules: dict[tuple[str, str], asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("purpose") == "robots" or not request.url.startswith("http"):
            return
        place = split_port(request.url)
        task = self._rules.get(place)
        if task is None:
            session = session_of(self._crawler)
            # What keeps us from the only start page is said once, by the error that ends the crawl.
            alone = session is not None and bool(request.meta.get("first")) and len(session.wish.start_urls) == 1
            task = self._rules[place] = asyncio.ensure_future(
                self._read(*place, logging.DEBUG if alone else logging.WARNING)
            )
        rules = task.result() if task.done() else await task
        if not rules.parser.allowed(request.url, self._agent):
            session = session_of(self._crawler)
            if session:
                session.forbidden[place[1]] += 1
            raise IgnoreRequest(rules.reason)

    async def _read(self, scheme: str, netloc: str, level: int) -> Rules:
        """`level`: of the log line where nothing may be fetched there."""
        url = f"{scheme}://{netloc}/robots.txt"
        try:
            response = await self._fetch(url)
        except CannotWrite:
            raise
        except IgnoreRequest:  # a redirect led out of scope
            return Rules(ALLOW_ALL)
        except Exception as error:  # noqa: BLE001 - whatever the network raises means: no answer
            return _closed(f"{url} cannot be had, so nothing may be fetched there: {why_not(error, url)}", level)
        if response.status >= 500:
            return _closed(f"{url} answers {response.status}, so nothing may be fetched there", level)
        rules = RobotsRules(response.body) if response.status == 200 else ALLOW_ALL
        delay = rules.crawl_delay(self._agent)
        manners = self._crawler.get_downloader_middleware(Manners)
        if delay and manners:
            manners.crawl_delay(netloc, delay)
        return Rules(rules)

    async def _fetch(self, url: str) -> Response:
        for _ in range(HOPS + 1):
            meta = {"purpose": "robots", "inline": True}
            response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
            location = response.headers.get("Location")
            if not (300 <= response.status < 400 and location):
                return response
            url = urljoin(url, location.decode("latin-1"))
        return Response(url, status=404)
