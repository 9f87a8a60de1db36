"""What a crawl says while it runs: a moving line on a terminal; elsewhere a plain line soon, then every half minute."""

import logging
import sys
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.utils.asyncio import AsyncioLoopingCall, CallLaterResult, call_later, create_looping_call
from twisted.internet.task import LoopingCall

from .session import Session, session_of

WAITING = "gdfupin/waiting_for_retry"
"""Scrapy stat: requests that wait for another try."""
log = logging.getLogger("gdfupin")
PLAIN_EVERY = 30.0
"""Seconds between two log lines."""
FIRST_AFTER = 2.0
"""Seconds to the first of them: so that a person sees soon that something happens, and how fast."""


class Progress:
    """An extension. GDFUPIN_PROGRESS says where: `terminal` (where stderr is one), else plain lines in the log."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        wanted = crawler.settings.get("GDFUPIN_PROGRESS") or "plain"
        self._bar: Bar | None = None
        self._task = TaskID(0)
        if wanted == "terminal" and sys.stderr.isatty():
            self._bar = Bar(
                TextColumn("[bold]{task.fields[crawl]}", markup=True),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("pages  {task.fields[said]}", markup=False),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
        self._loop: AsyncioLoopingCall | LoopingCall | None = None
        self._first: CallLaterResult | None = None
        self._last = (0.0, 0)
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self) -> None:
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task("", total=None, crawl="", said="")
        self._loop = create_looping_call(self._tell)
        self._loop.start(0.5 if self._bar else PLAIN_EVERY, now=False)
        if self._bar is None:
            self._first = call_later(FIRST_AFTER, self._tell)

    def _closed(self) -> None:
        if self._first is not None:
            self._first.cancel()
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        if self._bar is not None:
            self._bar.stop()

    def ending(self) -> None:
        """Says that the crawl was asked to end, and what it still waits for."""
        count = len(self._crawler.engine.downloader.active) if self._crawler.engine is not None else 0
        what = "1 request" if count == 1 else f"{count} requests"
        said = f"Interrupted: finishing {what} under way, then the report; again to stop at once"
        if self._bar is not None and self._bar.live.is_started:
            self._bar.console.print(said, markup=False, highlight=False)
        else:
            log.warning("%s", said)

    def _tell(self) -> None:
        session = session_of(self._crawler)
        if session is None:
            return
        pages, queue, speed, left = self._figures(session)
        articles = session.ledger.articles
        said = f"{articles} articles, {queue} queued, {speed:.1f}/s, {_span(left)} left"
        if self._bar is not None:
            self._bar.update(
                self._task, completed=pages, total=pages + queue, crawl=session.folder.name, said=said, refresh=True
            )
        else:
            log.info("%d pages, %s, %d gaps", pages, said, session.ledger.gaps)

    def _figures(self, session: Session) -> tuple[int, int, float, float | None]:
        """Answers so far, addresses known but not fetched, answers a second lately, seconds left at this speed."""
        engine = self._crawler.engine
        pages = session.requests.total()
        scheduler: Any = engine.scheduler
        queue = (len(scheduler) if scheduler is not None else 0) + len(engine.downloader.active)
        queue += self._crawler.stats.get_value(WAITING, 0)
        then, before = self._last
        now = session.seconds
        if now - then >= 5:
            self._last = now, pages
        speed = (pages - before) / (now - then) if now > then else 0.0
        return pages, queue, speed, queue / speed if speed else None


def _span(seconds: float | None) -> str:
    """A time a person reads at a glance; the queue still grows while sections are found, so it is a guess.

    >>> _span(42), _span(3700), _span(None)
    ('42 s', '1 h 2 min', '?')
    """
    if seconds is None:
        return "?"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class QuietFormatter(LogFormatter):
    """A crawl's lines stand in its folder: the log need not repeat each page, item and drop."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None
