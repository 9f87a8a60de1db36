"""A bound on the headers of a response as Scrapy's client receives them: Twisted's parser keeps as many as a server sends.

Scrapy and Twisted have no setting for it, and signal headers only when all are there. So the connections of the pool are wrapped
where they are built, as Scrapy itself does for its own parser. The tolerant client has the same bound.
"""

import logging
import re
from typing import Any

from twisted.internet.interfaces import IAddress

from .tolerant_client import HEAD_LIMIT

log = logging.getLogger(__name__)
END = re.compile(rb"\n\r?\n")
"""The end of headers; lines may end with LF alone."""
INFORMATIONAL = re.compile(rb"\S+[ \t]+1")
"""The status line of a response after which another one follows (100, 103)."""


class HeadBound:
    """Counts the header bytes of one connection, response by response, and breaks it off beyond HEAD_LIMIT."""

    def __init__(self, protocol: Any) -> None:
        """`protocol`: an HTTP11ClientProtocol that is not connected yet; its methods are replaced."""
        self._protocol, self._request, self._receive = protocol, protocol.request, protocol.dataReceived
        protocol.request, protocol.dataReceived = self.request, self.receive
        self._head: bytearray | None = None  # headers so far; None: they are complete

    def request(self, request: Any) -> Any:
        """Sends a request: the next bytes are headers."""
        self._head = bytearray()
        return self._request(request)

    def receive(self, data: bytes) -> None:
        """Passes bytes on to the parser."""
        if self._head is not None:
            start = max(0, len(self._head) - 2)
            self._head += data
            while self._head is not None and (end := END.search(self._head, start)) is not None:
                self._head = self._head[end.end() :] if INFORMATIONAL.match(self._head) else None
                start = 0
            if self._head is not None and len(self._head) > HEAD_LIMIT:
                self._head = None
                log.warning("%s: more than %d bytes of headers", self._protocol.transport.getPeer().host, HEAD_LIMIT)
                self._protocol.transport.abortConnection()
                return
        self._receive(data)


def bounded(factory: Any) -> Any:
    """A factory of connections like this one, whose headers are bounded."""

    class BoundedFactory(factory):  # type: ignore[misc]
        def buildProtocol(self, addr: IAddress | None) -> Any:  # noqa: N802  Twisted's name
            protocol = super().buildProtocol(addr)
            HeadBound(protocol)
            return protocol

    return BoundedFactory
