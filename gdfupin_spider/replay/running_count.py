"""Progress of long work, for people who wait."""

import time
from collections.abc import Callable

from ..messages.text import BLANK, joined

EVERY = 10.0
"""Seconds between two lines."""


class RunningCount:
    """Prints a count at most every EVERY seconds."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say, self._number, self._last = say, 0, time.monotonic()

    def count(self, what: str) -> None:
        """Counts one more. `what`: what is counted, in the plural."""
        self._number += 1
        if time.monotonic() - self._last >= EVERY:
            self._say(joined((f"{self._number:,}", what), BLANK))
            self._last = time.monotonic()
