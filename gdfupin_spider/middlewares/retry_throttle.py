"""Patience: what failed is tried again later, and a server that says so, or groans, is asked more slowly.

Without a block, 429, 503, Retry-After, Crawl-delay or rising latency nothing here changes what --delay and
--concurrency say.
"""

import asyncio
import email.utils
import logging
import statistics
import time
from collections import deque
from dataclasses import dataclass, field
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
from ..crawl.session import Session, session_of
from ..errors import CannotWrite
from ..items import Capture
from ..ledger.response_faults import HOPELESS, THROTTLING, fault
from .truncation import NO_END, Endings

log = logging.getLogger(__name__)

LASTING = (
    "purpose", "verbatim_url", "inline", "first", "frame", "trail", "walk", "why", "recheck", "download_timeout", "handle_httpstatus_all"
)  # fmt: skip
"""What a second try of a request takes over from the first."""
NAMES = {
    DownloadTimeoutError: "timeout",
    CannotResolveHostError: "no-address",
    DownloadConnectionRefusedError: "refused",
    DownloadFailedError: "connection-lost",
}


FIRST_TRIES = 2
"""So many times more a start page is asked for of which nothing came at all."""
LEAST_PATIENCE = 0.1
"""Seconds; the unit of all waits is --delay, or this where that is less."""


class Later(IgnoreRequest):
    """The request will be made again; nobody need do anything."""


@dataclass
class Pace:
    """How fast one host is asked."""

    base: float
    """Seconds between two requests when all is well."""
    delay: float
    """The same now."""
    refused: int = 0
    """How many answers in a row asked to be slower."""
    changed: float = 0.0
    """When it was last slowed down."""
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=200))


class Manners:
    """Reads pages as far as it must to know a block page, which it leaves in `request.meta["page"]`."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._delay: float = settings.getfloat("DOWNLOAD_DELAY")
        self._patience = max(self._delay, LEAST_PATIENCE)
        self._waits = [float(wait) * self._patience for wait in settings.getlist("GDFUPIN_RETRY_WAITS")]
        self._block_waits = [float(wait) * self._patience for wait in settings.getlist("GDFUPIN_BLOCK_WAITS")]
        self._retry_after_max: float = settings.getfloat("GDFUPIN_RETRY_AFTER_MAX")
        self._max_pace: float = settings.getfloat("GDFUPIN_MAX_PACE") * self._patience
        self._mendable = tuple(load_object(name) for name in settings.getlist("RETRY_EXCEPTIONS"))
        self._endings = Endings()
        self._paces: dict[str, Pace] = {}
        self._waiting: dict[Request, tuple[asyncio.TimerHandle, str]] = {}
        crawler.signals.connect(self._idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        session = session_of(self._crawler)
        if session is None:
            return response
        meta = request.meta
        capture: Capture = meta["capture"]
        why = fault(capture)
        if meta["purpose"] in ("page", "part") and why not in HOPELESS:  # 10 MB of nonsense are not read
            page = meta["page"] = pages.read(capture, session.profile)
            why = fault(capture, page) or self._endings.doubt(capture)
        session.reasons[reason_of(request)] += 1
        self._keep_pace(request, why, retry_after(capture))
        if why is None:
            return response
        again = await self._again(session, request, why, capture)
        if again is None and why == NO_END:
            meta.pop("gave_up")  # it is what there is
            self._endings.unfinished += 1
            session.ledger.note(NO_END, capture.url, "ends without </html>, as other pages do not: it may be cut off")
        return again or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        session = session_of(self._crawler)
        if session is None or isinstance(exception, IgnoreRequest | CannotWrite):
            return None
        if not isinstance(exception, self._mendable):
            return None
        return await self._again(session, request, name_of(exception), None)

    def crawl_delay(self, netloc: str, seconds: float) -> None:
        """robots.txt asks for so many seconds between requests; it raises --delay, never lowers it."""
        host = netloc.rpartition("@")[2].partition(":")[0].lower()
        if seconds > self._delay:
            log.info("robots.txt of %s asks for %g s between requests, which is kept", host, seconds)
            self._paces[host] = Pace(seconds, seconds)
            self._set(host, seconds)

    def left(self) -> list[tuple[Request, str]]:
        """Those that wait for another try when the crawl ends, with what was wrong. They will not be tried again."""
        left = [(request, why) for request, (_, why) in self._waiting.items()]
        for timer, _ in self._waiting.values():
            timer.cancel()
        self._waiting.clear()
        self._count_waiting()
        return left

    def _count_waiting(self) -> None:
        self._crawler.stats.set_value(WAITING, len(self._waiting))

    async def _again(self, session: Session, request: Request, why: str, capture: Capture | None) -> Request | None:
        """The next try, now or later (then raises Later); None where there is none."""
        tries = request.meta.get("tries", 0)
        first = request.meta.get("first") or (request.meta["purpose"] == "robots" and not session.requests)
        # Whether this is the site at all, and whether it lets us in, is soon to be said.
        waits = self._block_waits if why in THROTTLING and not first else self._waits
        if first and capture is None:
            waits = waits[:FIRST_TRIES]
        asked = retry_after(capture) if capture is not None else None
        if why in HOPELESS or tries >= len(waits):
            request.meta["gave_up"] = why
            return None
        if capture is not None:
            session.turns.close(capture.proof)
        again = request.replace(meta={key: request.meta[key] for key in LASTING if key in request.meta})
        again.meta["tries"] = tries + 1
        wait = waits[tries] if asked is None else min(asked, self._retry_after_max)
        level = logging.INFO if first else logging.DEBUG
        log.log(level, "%s: %s, try %d in %g s", request.url, why, tries + 2, wait)
        if request.meta.get("inline"):
            try:
                await asyncio.wait_for(session.ending.wait(), wait)
            except TimeoutError:
                return again
            request.meta["gave_up"] = why
            return None
        loop = asyncio.get_running_loop()
        self._waiting[again] = loop.call_later(wait, self._resume, again), why
        self._count_waiting()
        raise Later(why)

    def _resume(self, request: Request) -> None:
        del self._waiting[request]
        self._count_waiting()
        self._crawler.engine.crawl(request)

    def _idle(self) -> None:
        if self._waiting:
            raise DontCloseSpider

    def _keep_pace(self, request: Request, why: str | None, pause: float | None) -> None:
        host = request.meta.get("download_slot", "")
        pace = self._paces.get(host)
        if pace is None:
            pace = self._paces[host] = Pace(self._delay, self._delay)
        now = time.monotonic()
        if why in THROTTLING:
            # One refusal slows down, the third in a row and those behind it double that, but of several answers that
            # were under way together only the first.
            if not request.meta.get("tries"):  # that a block page is one again at the second try says little
                pace.refused += 1
            again = 2 if pace.refused >= 3 and now - pace.changed > pace.delay else 1
            self._slow(host, pace, max(again * pace.delay, 2 * pace.base, self._patience), why)
        else:
            pace.refused = 0 if why is None else pace.refused
            groan = groaning(pace.latencies, request.meta.get("download_latency", 0.0))
            if groan > pace.delay:
                self._slow(host, pace, groan, "rising latency")
            elif pace.delay > pace.base and why is None:
                pace.delay = pace.base + (pace.delay - pace.base) / 2
                if pace.delay < pace.base + 0.05:
                    pace.delay = pace.base
                self._set(host, pace.delay)
        if pause is not None:
            pause = min(pause, self._retry_after_max)
            log.log(logging.INFO if pause > 5 else logging.DEBUG, "%s asks to wait %g s, which is kept", host, pause)
            self._set(host, max(pace.delay, 0.001), pause)
            if pace.delay == 0:
                pace.delay = 0.001  # so that the next good answer sets the slot right again

    def _slow(self, host: str, pace: Pace, delay: float, why: str) -> None:
        delay = max(pace.base, min(delay, self._max_pace))
        if delay > pace.delay:
            serious = delay > 4 * max(pace.base, self._patience)
            level = logging.INFO if serious else logging.DEBUG
            log.log(level, "%s: %s; %g s between requests for a while", host, why, delay)
            pace.delay, pace.changed = delay, time.monotonic()
        self._set(host, pace.delay)

    def _set(self, host: str, delay: float, pause: float = 0) -> None:
        """Scrapy's downloader keeps the delay of each host in a slot, and forgets slots that are not used."""
        downloader = self._crawler.engine.downloader
        downloader.per_slot_settings.setdefault(host, {})["delay"] = delay
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay = delay
            if pause:
                slot.lastseen = time.monotonic() + pause - delay


def reason_of(request: Request) -> str:
    """What an exchange was for, as far as its answer tells."""
    meta = request.meta
    if meta.get("tries"):
        return "retry"
    if meta["purpose"] in ("robots", "media"):
        return str(meta["purpose"])
    why = str(meta.get("why", "new"))
    if why != "new" or "page" not in meta:
        return why
    return {"home": "home", "listing": "listing", "unknown": "other", "file": "other"}.get(meta["page"].kind, "new")


def groaning(latencies: deque[float], latest: float) -> float:
    """Seconds that a host now takes to answer, if that is far more than it usually took; else 0.

    One slow answer is no sign, five in a row of which most are slow are.

    >>> usual = deque([0.1] * 20, maxlen=200)
    >>> [groaning(usual, 3.0) for _ in range(3)]
    [0.0, 0.0, 3.0]
    """
    latencies.append(latest)
    if latest < 0.5 or len(latencies) < 15:
        return 0.0
    recent = statistics.median(list(latencies)[-5:])
    return recent if recent > 0.5 and recent > 4 * statistics.median(latencies) else 0.0


def retry_after(capture: Capture, now: float | None = None) -> float | None:
    """Seconds that a server asks us to wait, None where it does not. A date is taken against its own Date header."""
    said = capture.header("retry-after")
    if said is None or capture.status not in (429, 503, 301, 302, 303, 307, 308, 403):
        return None
    said = said.strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        then = email.utils.parsedate_to_datetime(said).timestamp()
        date = capture.header("date")
        begin = email.utils.parsedate_to_datetime(date).timestamp() if date else (now or time.time())
    except ValueError:
        return None
    return max(0.0, then - begin)


def name_of(exception: Exception) -> str:
    """A short name of what the network did.

    >>> name_of(DownloadTimeoutError()), name_of(OSError())
    ('timeout', 'oserror')
    """
    return next((name for kind, name in NAMES.items() if isinstance(exception, kind)), type(exception).__name__.lower())
