"""Compares the clock of this machine with the clock of the server and with the newest crawl, before articles are fetched.

A clock that is days ahead makes nothing due for years and dates every capture wrong; one that is behind puts what is new before what
is known. Each of the three clocks can be the wrong one, so the crawl ends with all of them named, and a person decides.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

from ..clock import stamp
from ..errors import WrongClock
from ..items import Capture
from ..messages.text import N_

APART = timedelta(days=1)
"""Clocks that differ by more than this are not those of one day."""


class ClockCheck:
    """Collects the Date headers of the first responses."""

    def __init__(self, started: datetime, newest: datetime | None, usual: float | None) -> None:
        """`newest`: when the newest earlier crawl began. `usual`: the offset of the server in the last crawl."""
        self._started, self._newest, self._usual = started, newest, usual
        self._offsets: list[float] = []

    @property
    def offset(self) -> float | None:
        """Seconds by which the server is ahead of this machine: the median of its answers; None without a Date."""
        return median(self._offsets) if self._offsets else None

    def add(self, capture: Capture) -> None:
        """Takes the Date of a response into account; that of a cached one was true when the cache stored it."""
        date, age = capture.header("date"), capture.header("age") or ""
        try:
            then = parsedate_to_datetime(date) if date else None
        except ValueError:
            return
        if then is None:
            return
        server = then if then.tzinfo else then.replace(tzinfo=UTC)
        seconds = int(age) if age.isascii() and age.isdigit() and len(age) < 10 else 0
        self._offsets.append((server - datetime.fromisoformat(capture.captured_at)).total_seconds() + seconds)

    def error(self) -> WrongClock | None:
        """The error that ends the crawl; None if this clock agrees with the server, now or as in the last crawl."""
        offset = self.offset
        ahead = self._newest is not None and self._newest > self._started + APART
        if offset is None:
            return WrongClock(self._evidence(None)) if ahead else None
        agrees = [abs(offset - known) <= APART.total_seconds() for known in (0.0, self._usual) if known is not None]
        return None if any(agrees) else WrongClock(self._evidence(offset))

    def _evidence(self, offset: float | None) -> Sequence[str]:
        clocks = [N_("this machine has {time}", time=stamp(self._started))]
        if offset is not None:
            server = stamp(self._started + timedelta(seconds=offset))
            clocks.append(N_("the server has {time} (in {answers} answers)", time=server, answers=len(self._offsets)))
        if self._newest is not None:
            clocks.append(N_("the newest crawl of the archive began at {time}", time=stamp(self._newest)))
        return clocks
