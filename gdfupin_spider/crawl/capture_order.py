"""Lines come out in the order of the captures in the WARC, whatever came in between.

Of two addresses with one article the first capture wins. An article of several pages is known late, when captures that
stand behind its first page have long been read; so each article waits until all that stand before it are settled.
"""

import asyncio
from collections import OrderedDict

from ..items import Proof


class Turns:
    """The captures that are not settled yet, in the order in which they were written."""

    def __init__(self) -> None:
        self._open: OrderedDict[Proof, asyncio.Event | None] = OrderedDict()

    def open(self, proof: Proof) -> None:
        """A capture was written that may become an article."""
        self._open[proof] = None

    def close(self, proof: Proof) -> None:
        """It is settled: its line is written, or there will be none. Closing twice is no harm."""
        self._open.pop(proof, None)
        if self._open:
            event = next(iter(self._open.values()))
            if event is not None:
                event.set()

    async def wait(self, proof: Proof) -> None:
        """Returns when everything that was opened before this capture is closed."""
        if proof not in self._open or next(iter(self._open)) == proof:
            return
        event = self._open[proof] = asyncio.Event()
        await event.wait()
