"""The end of a crawl that does not wait: what is not on the wire is dropped, what is on the wire gets a few seconds.

A crawl waits in many ways: a Crawl-delay, a Retry-After, a retry, a slow body, a connection that nobody accepts. Scrapy ends
only when all its requests have ended, so each of these ways has to end here.
"""

import asyncio

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from ..messages.text import N_
from .session import Session

GRACE = 3.0
"""Seconds that exchanges on the wire may still take when a crawl is asked to end."""


class CrawlEnding(IgnoreRequest):
    """The crawl ends before the request was made, or before its response was complete."""

    def __init__(self, *, on_wire: bool = False) -> None:
        self.on_wire = on_wire
        """Whether the request was sent."""
        super().__init__(
            N_("the crawl ended before the response was complete") if on_wire else N_("the crawl is ending")
        )


def end_waiting(crawler: Crawler, session: Session) -> None:
    """Drops requests that are not on the wire, and breaks off those that still are after GRACE seconds. May be called twice."""
    if session.ending.is_set():
        return
    session.ending.set()
    asyncio.get_running_loop().call_later(GRACE, session.break_off)
    if crawler.engine is None:
        return
    for slot in crawler.engine.downloader.slots.values():
        while slot.queue:
            _, response = slot.queue.popleft()
            response.errback(CrawlEnding())


def refuse_if_ending(session: Session | None) -> None:
    """Raises CrawlEnding where the crawl has been asked to end."""
    if session is not None and session.ending.is_set():
        raise CrawlEnding
