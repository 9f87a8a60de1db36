"""How long one query of a database may take: longer ones are cut off. SQLite asks, since nothing else interrupts a query."""

import math
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import TookTooLong

_STEPS = 20_000
"""Instructions of SQLite between two looks at the clock: some milliseconds."""


class TimeLimit:
    """The limit of one connection, which one thread at a time may use."""

    def __init__(self, db: sqlite3.Connection, seconds: float | None) -> None:
        """`seconds`: what one query may take at most; None: as long as it takes."""
        self._seconds, self._end = math.inf if seconds is None else seconds, math.inf
        if seconds is not None:
            db.set_progress_handler(lambda: time.monotonic() > self._end, _STEPS)

    @contextmanager
    def query(self) -> Iterator[None]:
        """The time begins. Raises TookTooLong where it ended before the query."""
        self._end = time.monotonic() + self._seconds
        try:
            yield
        except sqlite3.DatabaseError as error:
            if time.monotonic() > self._end:
                raise TookTooLong(self._seconds) from error
            raise
