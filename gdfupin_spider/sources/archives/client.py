"""HTTP requests to one web archive: paced, bounded, repeated where a failure may pass.

`Memento-Datetime` in an answer means that it is archived, whatever its status: an archived 503 is no reason to wait.
"""

import os
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
)

from ... import __version__
from ...errors import ArchiveRefuses
from ...messages.text import N_
from .pace import ArchivePace, Pool

MEMENTO = "memento-datetime"
LONGEST_BODY = 50_000_000
"""Bytes. A longer answer is not taken."""
WAITS = (5.0, 20.0, 60.0)
"""Seconds before the next tries of a request that failed in a way that passes."""
PASSING = frozenset({500, 502, 504, 599})
TOO_MANY = 429
PAUSING = frozenset({TOO_MANY, 503})
"""Statuses of the archive itself by which it asks for a pause."""
PAUSES_OF_REQUEST = 3
"""A request that makes the archive ask for this number of pauses has no answer: it may be the cause."""
_PIECE = 1 << 16
_TIMEOUTS: dict[Pool, urllib3.Timeout] = {
    "index": urllib3.Timeout(connect=30, read=300),  # the index of a whole domain is slow to begin
    "playback": urllib3.Timeout(connect=30, read=90),  # a capture from a slow disk takes up to a minute
}


class NoAnswer(Exception):
    """Raised where one request cannot be answered: it is too long, or failed again and again. Others may go on."""


class TooLong(NoAnswer):
    """Raised where an answer is longer than what the caller takes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the archive."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """As sent: nothing is decoded."""

    def header(self, name: str) -> str | None:
        """The first value of a header that is not empty, whatever its case."""
        return next((value for key, value in self.headers if key.lower() == name.lower() and value.strip()), None)

    @property
    def is_memento(self) -> bool:
        return self.header(MEMENTO) is not None


class ArchiveClient:
    """Requests to one archive. Threads may share it."""

    def __init__(
        self,
        pace: ArchivePace,
        *,
        connections: int = 4,
        waits: tuple[float, ...] = WAITS,
        pausing: frozenset[int] = PAUSING,
    ) -> None:
        """`pausing`: statuses by which the archive asks for a pause."""
        self.pace, self._waits, self._pausing = pace, waits, pausing
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._connections = connections
        self._agent = user_agent(os.environ.get("GDFUPIN_CONTACT", ""))
        self.requests = 0

    def get(
        self, url: str, pool: Pool, *, headers: Mapping[str, str] | None = None, longest: int = LONGEST_BODY
    ) -> Answer:
        """The answer to a GET, redirects not followed. Raises NoAnswer, ArchiveRefuses, Stopped."""
        failures = pauses = closed = 0
        while True:
            sent = self.pace.wait(pool)
            self.requests += 1
            try:
                answer = self._sent(url, pool, headers or {}, longest)
            except NameResolutionError as error:
                raise ArchiveRefuses(urlsplit(url).netloc, N_("its name cannot be resolved")) from error
            except (NewConnectionError, ProxyError, ProtocolError) as error:
                cause = _cause(error)
                if isinstance(cause, ConnectionRefusedError):
                    self.pace.refused(sent)
                    continue
                if not isinstance(error, ProtocolError) and not isinstance(cause, ConnectionError):
                    raise ArchiveRefuses(
                        urlsplit(url).netloc, N_("it cannot be reached: {cause}", cause=cause)
                    ) from error
                reason = N_("the connection was closed: {cause}", cause=cause)
                closed += 1
                if closed == 1:  # of an idle connection that is used again, that means nothing
                    continue
                self.pace.slowed(sent, reason)
                pauses += 1
            except HTTPError as error:
                reason = f"{type(error).__name__}: {error}"
                failures += 1
            else:
                if answer.is_memento or answer.status not in (*self._pausing, *PASSING):
                    self.pace.answered()
                    return answer
                reason = N_("status {status} of the archive itself", status=answer.status)
                if answer.status in self._pausing:
                    self.pace.slowed(sent, reason)
                    pauses += answer.status != TOO_MANY  # which is never about one request
                else:
                    failures += 1
            if failures > len(self._waits) or pauses >= PAUSES_OF_REQUEST:
                raise NoAnswer(reason)
            if failures:
                self.pace.pause(self._waits[failures - 1])

    def close(self) -> None:
        for manager in self._pools.values():
            manager.clear()

    def _sent(self, url: str, pool: Pool, headers: Mapping[str, str], longest: int) -> Answer:
        sent = {"User-Agent": self._agent, "Accept-Encoding": "identity", "Accept": "*/*", **headers}
        response = self._manager(url).request(
            "GET", url, headers=sent, redirect=False, retries=False, timeout=_TIMEOUTS[pool], preload_content=False
        )
        try:
            pieces, size = [], 0
            while piece := response.read(_PIECE, decode_content=False):
                size += len(piece)
                if size > longest:
                    raise TooLong(N_("the answer is longer than {longest:,} bytes", longest=longest))
                pieces.append(piece)
        except BaseException:
            response.close()
            raise
        response.release_conn()
        return Answer(url, response.status, tuple(response.headers.items()), b"".join(pieces))

    def _manager(self, url: str) -> urllib3.PoolManager:
        parts = urlsplit(url)
        if parts.scheme not in self._pools:
            proxy = None
            if not urllib.request.proxy_bypass(parts.hostname or ""):
                proxy = urllib.request.getproxies().get(parts.scheme)
            size = {"num_pools": 4, "maxsize": self._connections, "block": False}
            self._pools[parts.scheme] = (
                urllib3.ProxyManager(proxy, **size) if proxy else urllib3.PoolManager(**size)  # type: ignore[arg-type]
            )
        return self._pools[parts.scheme]


def user_agent(contact: str) -> str:
    """Who asks; archives want to know whom to write to before they block.

    >>> user_agent("me@mail.example").partition(" ")[2]
    '(archive of one site; me@mail.example)'
    """
    return f"gdfupin_spider/{__version__} (archive of one site{f'; {contact}' if contact else ''})"


def _cause(error: BaseException) -> BaseException:
    """The error at the bottom of a chain of errors."""
    while (below := error.__cause__ or getattr(error, "original_error", None) or error.__context__) is not None:
        error = below
    return error
