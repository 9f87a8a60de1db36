"""robots.txt as in RFC 9309: redirects are followed, 4xx allows everything, 5xx or no response forbids everything.

Scrapy's own middleware would parse the page of a redirect as rules, and allow everything where the server fails.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from ..crawl.ending import refuse_if_ending
from ..crawl.request_context import KEY, RequestContext, context_of
from ..crawl.session import session_of
from ..errors import CannotWrite
from ..frontier.robots_rules import ALLOW_ALL, FORBID_ALL, RobotsRules
from ..frontier.scope import split_port
from ..messages.text import N_
from ..pages import redirect_target
from .resolver import why_not
from .retry import RetryMiddleware

log = logging.getLogger(__name__)
HOPS = 5


FORBIDDEN = "forbidden by robots.txt"


class ForbiddenByRobots(IgnoreRequest):
    """The site does not want this URL to be fetched."""


@dataclass(frozen=True)
class HostRules:
    """The rules of one host."""

    parser: RobotsRules
    reason: str = FORBIDDEN
    """Why a URL is not allowed, for messages."""


def _unreachable(url: str, reason: str) -> str:
    return N_("{url} cannot be fetched, so nothing may be fetched there: {reason}", url=url, reason=reason)


def _failing(url: str, status: int) -> str:
    return N_("{url} responds with {status}, so nothing may be fetched there", url=url, status=status)


def _closed(reason: str, level: int) -> HostRules:
    log.log(level, "%s", reason)
    return HostRules(FORBID_ALL, reason)


class RobotsMiddleware:
    """Fetches each host's robots.txt once, obeys it, and sets its Crawl-delay."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["USER_AGENT"]
        self._rules: dict[tuple[str, str], asyncio.Task[HostRules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if context_of(request).purpose == "robots" or not request.url.startswith("http"):
            return
        place = split_port(request.url)
        task = self._rules.get(place)
        if task is None:
            session = session_of(self._crawler)
            # Where the only start page is forbidden, the error that ends the crawl gives the reason.
            alone = session is not None and context_of(request).first and len(session.options.start_urls) == 1
            task = self._rules[place] = asyncio.ensure_future(
                self._read(*place, logging.DEBUG if alone else logging.WARNING)
            )
        if not task.done():
            await task
            refuse_if_ending(session_of(self._crawler))
        rules = task.result()
        if not rules.parser.allowed(request.url):
            session = session_of(self._crawler)
            if session:
                session.forbidden[place[1]] += 1
            raise ForbiddenByRobots(rules.reason)

    async def _read(self, scheme: str, netloc: str, level: int) -> HostRules:
        """`level`: of the log line where nothing may be fetched."""
        url = f"{scheme}://{netloc}/robots.txt"
        try:
            response = await self._fetch(url)
        except CannotWrite:
            raise
        except IgnoreRequest:  # a redirect led out of scope, or the crawl is ending
            return HostRules(ALLOW_ALL)
        except Exception as error:  # noqa: BLE001 - any network error means: no response
            return _closed(_unreachable(url, why_not(error, url)), level)
        if response.status >= 500:
            return _closed(_failing(url, response.status), level)
        rules = self._rules_of(response) if response.status == 200 else ALLOW_ALL
        delay = rules.crawl_delay
        retry = self._crawler.get_downloader_middleware(RetryMiddleware)
        if delay and retry:
            obeyed = retry.throttle.crawl_delay(netloc, delay)
            session = session_of(self._crawler)
            if session is not None and obeyed < delay:
                evidence = N_(
                    "robots.txt asks for {delay:g} s between requests; the crawl waits {obeyed:g} s at most",
                    delay=delay,
                    obeyed=obeyed,
                )
                session.ledger.note("crawl-delay", url, evidence)
        return HostRules(rules)

    def _rules_of(self, response: Response) -> RobotsRules:
        content_type, encoding = (response.headers.get(name) for name in ("Content-Type", "Content-Encoding"))
        return RobotsRules(
            response.body,
            self._agent,
            content_type.decode("latin-1") if content_type else None,
            encoding.decode("latin-1") if encoding else None,
        )

    async def _fetch(self, url: str) -> Response:
        for _ in range(HOPS + 1):
            meta = {KEY: RequestContext(purpose="robots", inline=True)}
            response = await self._crawler.engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
            location = response.headers.get("Location")
            if not (300 <= response.status < 400 and location):
                return response
            target = redirect_target(location.decode("latin-1"), url)
            if target is None:
                break
            url = target
        return Response(url, status=404)
