"""Article lines are written in the order of the captures in the WARC, although responses are processed in parallel.

Of two addresses with one article, the first capture gives the line. An article of several pages is complete only after
later captures were read; so each article waits until all captures before its own are settled.
"""

import asyncio
from collections import OrderedDict

from ..items import Proof


class CaptureOrder:
    """The captures that are not settled yet, in the order in which they were written."""

    def __init__(self) -> None:
        self._open: OrderedDict[Proof, asyncio.Event | None] = OrderedDict()

    def opened(self, proof: Proof) -> None:
        """Registers a capture that may become an article."""
        self._open[proof] = None

    def settled(self, proof: Proof) -> None:
        """Removes a capture: its line is written, or it has none. May be called twice."""
        self._open.pop(proof, None)
        if self._open:
            event = next(iter(self._open.values()))
            if event is not None:
                event.set()

    async def turn_of(self, proof: Proof) -> None:
        """Returns when all captures that were opened before this one are settled."""
        if proof not in self._open or next(iter(self._open)) == proof:
            return
        event = self._open[proof] = asyncio.Event()
        await event.wait()
