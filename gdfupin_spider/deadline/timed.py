"""Reading a page in this process, or in the worker first."""

import atexit
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import FrameType

from .. import pages
from ..items import Capture
from ..pages import Page
from ..pages.text.unpack import unpack
from ..profiles import Profile
from .worker_process import WorkerProcess

DEADLINE = 20.0
"""Seconds that reading a page may take. The longest page within the bounds of `pages/` takes some 5 seconds."""
QUICK = 1.0
"""Seconds of CPU that a small page may take before it goes to the worker. It takes 2 to 50 ms; a crawl is deaf meanwhile."""
TICKS = 2
"""Ticks of the timer in this time."""
SMALL = 100_000
"""Bytes of a page that is read without the worker: three times an ordinary page. libxml2, which no timer interrupts, takes at
most 0.6 s for that, even for one element with as many attributes as fit."""

_worker = WorkerProcess()


class _OutOfTime(BaseException):
    """Raised by the timer within a reading. No `except Exception` of a library stops it."""


_ticks: int | None = None
"""Ticks since the reading began; None while nothing is read."""


def read(capture: Capture, profile: Profile) -> Page:
    """The page of a capture. A page that takes too long is `unknown` and has the reason in `unread`."""
    return quick(capture, profile) or slow(capture, profile)


def quick(capture: Capture, profile: Profile) -> Page | None:
    """The page if it is small and takes less than QUICK seconds; else None."""
    if profile.overrides or not _is_small(capture):
        return None
    if threading.current_thread() is not threading.main_thread():
        return None  # only the main thread can be interrupted
    try:
        with _timer():
            return pages.read(capture, profile)
    except _OutOfTime:
        return None


def _is_small(capture: Capture) -> bool:
    """Whether the page is small, as it came and unpacked."""
    if len(capture.payload) > SMALL:
        return False
    unpacked, _ = unpack(capture.payload, capture.header("content-encoding"), SMALL + 1)
    return len(unpacked) <= SMALL


def slow(capture: Capture, profile: Profile) -> Page:
    """The page, read in the worker first. May be called in any thread."""
    reason = _worker.refusal(capture, profile, DEADLINE)
    return pages.read(capture, profile) if reason is None else _unread(capture, profile, reason)


def _unread(capture: Capture, profile: Profile, reason: str) -> Page:
    """A page that is not read, which is `unknown`."""
    empty = pages.read(replace(capture, payload=b"", status=200, headers=()), profile)
    return replace(empty, capture=capture, kind="unknown", why=reason, rule=None, unread=reason)


@contextmanager
def _timer() -> Iterator[None]:
    """Raises _OutOfTime after about QUICK seconds of CPU time.

    One timer ticks as long as the process runs: to set it for each page would take a tenth of the page's time.
    """
    global _ticks
    if signal.getsignal(signal.SIGVTALRM) is not _tick:
        signal.signal(signal.SIGVTALRM, _tick)
        signal.setitimer(signal.ITIMER_VIRTUAL, QUICK / TICKS, QUICK / TICKS)
        atexit.register(
            signal.setitimer, signal.ITIMER_VIRTUAL, 0
        )  # a tick after the handler is gone would kill Python
    _ticks = 0
    try:
        yield
    finally:
        _ticks = None


def _tick(number: int, frame: FrameType | None) -> None:
    global _ticks
    if _ticks is None:
        return
    _ticks += 1
    if _ticks > TICKS:  # and at each later one, where a destructor swallowed the first
        raise _OutOfTime
