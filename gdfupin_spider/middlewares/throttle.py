"""The pace of requests to each host: slower when a server blocks, asks to wait, or takes longer to answer; then back again.

Without a block, 429, 503, Retry-After, Crawl-delay or rising latency nothing here changes --delay and --concurrency.
"""

import email.utils
import logging
import statistics
import time
from collections import deque
from dataclasses import dataclass, field

from scrapy.crawler import Crawler

from ..items import Capture
from ..ledger.response_faults import THROTTLING

log = logging.getLogger(__name__)

LEAST_PATIENCE = 0.1
"""Seconds; the unit of all waits is --delay, or this where that is less."""


@dataclass
class Pace:
    """The pace of one host."""

    base: float
    """Seconds between two requests when nothing is wrong."""
    delay: float
    """Seconds between two requests now."""
    refused: int = 0
    """Responses in a row that asked for fewer requests."""
    changed: float = 0.0
    """When it was last slowed down, on the monotonic clock."""
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=200))


class Throttle:
    """The pace of all hosts of a crawl."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._delay: float = settings.getfloat("DOWNLOAD_DELAY")
        self.patience = max(self._delay, LEAST_PATIENCE)
        """Seconds; the unit of all waits."""
        self.longest_pause: float = settings.getfloat("GDFUPIN_RETRY_AFTER_MAX")
        """Seconds that a server's Retry-After is obeyed at most."""
        self._longest_crawl_delay: float = settings.getfloat("GDFUPIN_CRAWL_DELAY_MAX")
        self._max_delay: float = settings.getfloat("GDFUPIN_MAX_PACE") * self.patience
        self._paces: dict[str, Pace] = {}

    def crawl_delay(self, netloc: str, seconds: float) -> float:
        """Obeys the Crawl-delay of a robots.txt, up to a limit; it raises --delay and never lowers it.

        Returns the seconds that are obeyed.
        """
        host = netloc.rpartition("@")[2].partition(":")[0].lower()
        obeyed = min(seconds, max(self._longest_crawl_delay, self._delay))
        if obeyed < seconds:
            text = "robots.txt of %s asks for %g s between requests; the crawl waits %g s (GDFUPIN_CRAWL_DELAY_MAX)"
            log.warning(text, host, seconds, obeyed)
        elif seconds > self._delay:
            log.info("robots.txt of %s asks for %g s between requests; the crawl obeys", host, seconds)
        if obeyed > self._delay:
            self._paces[host] = Pace(obeyed, obeyed)
            self._set(host, obeyed)
        return obeyed

    def response(self, host: str, fault: str | None, latency: float, pause: float | None, *, first_try: bool) -> None:
        """Takes a response into account. `host`: Scrapy's download slot. `pause`: seconds of its Retry-After."""
        pace = self._paces.get(host)
        if pace is None:
            pace = self._paces[host] = Pace(self._delay, self._delay)
        now = time.monotonic()
        if fault in THROTTLING:
            # The first refusal slows down; from the third in a row each doubles the delay, but of several responses
            # that were under way together only the first does.
            if first_try:  # a page that is blocked is blocked again at its second try, which says nothing new
                pace.refused += 1
            factor = 2 if pace.refused >= 3 and now - pace.changed > pace.delay else 1
            self._slow(host, pace, max(factor * pace.delay, 2 * pace.base, self.patience), fault or "")
        else:
            pace.refused = 0 if fault is None else pace.refused
            risen = risen_latency(pace.latencies, latency)
            if risen > pace.delay:
                self._slow(host, pace, risen, "rising latency")
            elif pace.delay > pace.base and fault is None:
                # not below the time that it takes now: a steadily slow server would be asked twice as fast in turns
                pace.delay = max(pace.base + (pace.delay - pace.base) / 2, risen)
                if pace.delay < pace.base + 0.05:
                    pace.delay = pace.base
                self._set(host, pace.delay)
        if pause is not None:
            pause = min(pause, self.longest_pause)
            log.log(
                logging.INFO if pause > 5 else logging.DEBUG,
                "%s asks for a pause of %g s; the crawl obeys",
                host,
                pause,
            )
            self._set(host, max(pace.delay, 0.001), pause)
            if pace.delay == 0:
                pace.delay = 0.001  # so that the next good response resets the slot

    def _slow(self, host: str, pace: Pace, delay: float, reason: str) -> None:
        delay = max(pace.base, min(delay, self._max_delay))
        if delay > pace.delay:
            serious = delay > 4 * max(pace.base, self.patience)
            level = logging.INFO if serious else logging.DEBUG
            log.log(level, "%s: %s; %g s between requests for a while", host, reason, delay)
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


def risen_latency(latencies: deque[float], latest: float) -> float:
    """Seconds that a host now takes to respond, if that is far more than usual; else 0.

    One slow response is no sign; five in a row of which most are slow are.

    >>> usual = deque([0.1] * 20, maxlen=200)
    >>> [risen_latency(usual, 3.0) for _ in range(3)]
    [0.0, 0.0, 3.0]
    """
    latencies.append(latest)
    if latest < 0.5 or len(latencies) < 15:
        return 0.0
    recent = statistics.median(list(latencies)[-5:])
    return recent if recent > 0.5 and recent > 4 * statistics.median(latencies) else 0.0


def retry_after(capture: Capture, now: float | None = None) -> float | None:
    """Seconds of a Retry-After header; None where there is none. A date counts from the response's own Date header."""
    value = capture.header("retry-after")
    if value is None or capture.status not in (429, 503, 301, 302, 303, 307, 308, 403):
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        then = email.utils.parsedate_to_datetime(value).timestamp()
        date = capture.header("date")
        begin = email.utils.parsedate_to_datetime(date).timestamp() if date else (now or time.time())
    except ValueError:
        return None
    return max(0.0, then - begin)
