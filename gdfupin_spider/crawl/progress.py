"""Progress of a crawl: on a terminal one line that is redrawn; elsewhere a log line after 2 seconds, then every 30 seconds."""

import logging
import sys
from typing import Any, Self

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.utils.asyncio import AsyncioLoopingCall, CallLaterResult, call_later, create_looping_call
from twisted.internet.task import LoopingCall

from .. import clock
from ..messages.text import N_, translated
from ..storage.live_progress import LiveProgress, remove_progress, write_progress
from ..terminal import pluralized
from .session import Session, session_of

WAITING = "gdfupin/waiting_for_retry"
"""Scrapy stat: requests that wait for a retry."""
log = logging.getLogger("gdfupin")
PLAIN_EVERY = 30.0
"""Seconds between two log lines."""
FIRST_AFTER = 2.0
"""Seconds until the first of them."""
REDRAW_EVERY = 0.5
"""Seconds, on a terminal."""
WRITE_EVERY = 2.0
"""Seconds between two states for `gdfupin status`."""
BAR = range(8, 25)
"""Width of the bar in columns; in less space it is left out."""


class Progress:
    """A Scrapy extension. GDFUPIN_PROGRESS is `terminal` (used where stderr is one), `plain` for log lines, or `none`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        wanted = crawler.settings.get("GDFUPIN_PROGRESS") or "plain"
        self._live: Live | None = None
        if wanted == "terminal" and sys.stderr.isatty():
            self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
        self._is_quiet = wanted == "none"
        self._loop: AsyncioLoopingCall | LoopingCall | None = None
        self._writing: AsyncioLoopingCall | LoopingCall | None = None
        self._first: CallLaterResult | None = None
        self._last = (0.0, 0)
        crawler.signals.connect(self._opened, signals.spider_opened)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def _opened(self) -> None:
        self._writing = create_looping_call(self._write)
        self._writing.start(WRITE_EVERY, now=False)
        if self._is_quiet:
            return
        if self._live is not None:
            self._live.start()
        self._loop = create_looping_call(self._report)
        self._loop.start(PLAIN_EVERY if self._live is None else REDRAW_EVERY, now=False)
        if self._live is None:
            self._first = call_later(FIRST_AFTER, self._report)

    def _closed(self) -> None:
        if self._first is not None:
            self._first.cancel()
        for loop in (self._loop, self._writing):
            if loop is not None and loop.running:
                loop.stop()
        if (session := session_of(self._crawler)) is not None:
            remove_progress(session.folder.path)
        if self._live is not None:
            self._live.stop()

    def ending(self) -> None:
        """Prints that the crawl was interrupted, and how many requests it waits for."""
        count = len(self._crawler.engine.downloader.active) if self._crawler.engine is not None else 0
        requests = pluralized(count, "request")
        text = N_(
            "Interrupted: finishing {requests} under way, then the report; again to stop at once", requests=requests
        )
        if self._live is not None and self._live.is_started:
            self._live.console.print(translated(text), markup=False, highlight=False)
        else:
            log.warning("%s", text)

    def _report(self) -> None:
        session = session_of(self._crawler)
        if session is None:
            return
        pages, queue, speed, left = self._figures(session)
        articles, gaps, rest = (
            session.ledger.articles,
            session.ledger.gaps,
            N_("{speed:.1f}/s, {left} left", speed=speed, left=_span(left)),
        )
        if self._live is None:
            log.info("%d pages, %d gaps, %s, %d queued, %d articles", pages, gaps, rest, queue, articles)
            return
        text = N_(
            "{pages}/{all} pages, {gaps}, {rest}, {articles}",
            pages=pages,
            all=pages + queue,
            gaps=pluralized(gaps, "gap"),
            rest=rest,
            articles=pluralized(articles, "article"),
        )
        console = self._live.console
        self._live.update(
            progress_line(console.width, session.folder.name, pages, pages + queue, translated(text), session.seconds),
            refresh=True,
        )

    def _write(self) -> None:
        session = session_of(self._crawler)
        if session is None or session.report is not None:
            return
        pages, queue, speed, left = self._figures(session)
        ledger, seconds = session.ledger, round(session.seconds, 1)
        state = LiveProgress(
            clock.stamp(), seconds, pages, queue, ledger.articles, ledger.gaps, round(speed, 2), left and round(left)
        )
        write_progress(session.folder.path, state)

    def _figures(self, session: Session) -> tuple[int, int, float, float | None]:
        """Responses until now, URLs in the queue, recent responses per second, seconds left at this rate."""
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


def progress_line(width: int, crawl: str, done: int, total: int, text: str, seconds: float) -> RenderableType:
    """One line of at most `width` columns: name of the crawl, bar, text, clock. In little space the name is left out first."""
    clock = f"{int(seconds) // 3600}:{int(seconds) // 60 % 60:02}:{int(seconds) % 60:02}"
    room = width - cell_len(text) - len(clock) - 2
    line = Table.grid(padding=(0, 1))
    cells: list[RenderableType] = []
    if room >= len(crawl) + 1 + BAR[-1]:
        cells.append(Text(crawl, style="bold", no_wrap=True))
        room -= len(crawl) + 1
    if room >= BAR[0]:
        cells.append(ProgressBar(max(total, 1), done, width=min(room, BAR[-1])))
    cells += [Text(text, no_wrap=True, overflow="ellipsis"), Text(clock, style="cyan", no_wrap=True)]
    for _ in cells:
        line.add_column()
    line.add_row(*cells)
    return line


def _span(seconds: float | None) -> str:
    """A duration for people. The queue grows while listings are followed, so it is an estimate.

    >>> _span(42), _span(3700), _span(None)
    ('42 s', '1 h 2 min', '?')
    """
    if seconds is None:
        return "?"
    if seconds < 90:
        return N_("{seconds:.0f} s", seconds=seconds)
    minutes = round(seconds / 60)
    return (
        N_("{minutes} min", minutes=minutes)
        if minutes < 60
        else N_("{hours} h {rest} min", hours=minutes // 60, rest=minutes % 60)
    )


class QuietFormatter(LogFormatter):
    """Does not log pages, items and dropped items: they are in the files of the crawl."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None

    def scraped(self, item: Any, response: Any, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None

    def dropped(self, item: Any, exception: BaseException, response: Any, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        return None
