"""Nearest to the network: every exchange is in the WARC before anybody reads it.

Redirects, 404s, robots.txt, pictures, and what came of a body that was too long, broke off or stalled. Without a crawl
(`scrapy shell`, `fetch`, `parse`) nothing is written, and the capture lies nowhere.
"""

import traceback
from datetime import datetime
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http import Headers, Response

from .. import clock
from ..crawl.session import session_of
from ..errors import CannotWrite
from ..warc import Exchange, Truncation, unkept


class Record:
    """Writes request and response, and puts the Capture into `request.meta["capture"]`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._page_bytes = crawler.settings.getint("GDFUPIN_PAGE_BYTES")
        self._media_bytes = crawler.settings.getint("GDFUPIN_MEDIA_BYTES")
        crawler.signals.connect(self._headers_received, signals.headers_received)
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        request.meta["arrived"] = Arrived(
            self._media_bytes if request.meta.get("purpose") == "media" else self._page_bytes
        )

    def process_response(self, request: Request, response: Response) -> Response:
        arrived: Arrived | None = request.meta.pop("arrived", None)
        if arrived is None:
            return response  # made by process_exception, and kept there
        if arrived.cut:
            self._keep(request, arrived, response, response.body[: arrived.limit], "length")
        else:
            self._keep(
                request, arrived, response, response.body, "disconnect" if "dataloss" in response.flags else None
            )
        return response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """Keeps what came of a body that stalled or broke; what came is handed on as the (truncated) response."""
        arrived: Arrived | None = request.meta.pop("arrived", None)
        if arrived is None or arrived.headers is None:
            return None
        status = _status(exception)
        if status is None:
            return None
        payload = b"".join(arrived.chunks)[: arrived.limit]
        response = Response(request.url, status=status, headers=arrived.headers, body=payload, request=request)
        truncated: Truncation = "time" if isinstance(exception, DownloadTimeoutError) else "disconnect"
        self._keep(request, arrived, response, payload, truncated)
        return response

    def _keep(
        self, request: Request, arrived: "Arrived", response: Response, payload: bytes, truncated: Truncation | None
    ) -> None:
        session = session_of(self._crawler)
        purpose = request.meta.get("purpose", "page")
        if session and session.full and purpose == "page":
            raise IgnoreRequest("the crawl has all the articles it was asked for")
        exchange = Exchange(
            url=request.url.partition("#")[0],
            captured_at=clock.stamp(arrived.at),
            status=response.status,
            headers=_pairs(response.headers),
            payload=payload,
            method=request.method,
            request_headers=_pairs(request.headers),
            request_body=request.body,
            truncated=truncated,
            # behind a proxy it is the proxy's
            ip=str(response.ip_address) if response.ip_address and not request.meta.get("proxy") else None,
            purpose=purpose,
        )
        if session is None:
            request.meta["capture"] = unkept(exchange)
            return
        try:
            capture = session.folder.warc.write(exchange)
        except CannotWrite as error:
            session.stop(error)
            raise
        request.meta["capture"] = capture
        session.captured(purpose, truncated or str(response.status), len(payload))
        if purpose == "page":
            session.turns.open(capture.proof)

    def _headers_received(self, headers: Headers, body_length: int, request: Request) -> None:
        arrived: Arrived | None = request.meta.get("arrived")
        if arrived is not None:
            arrived.at, arrived.headers = clock.now(), headers

    def _bytes_received(self, data: bytes, request: Request) -> None:
        arrived: Arrived | None = request.meta.get("arrived")
        if arrived is not None:
            arrived.chunks.append(data)
            arrived.size += len(data)
            if arrived.size > arrived.limit:
                arrived.cut = True
                raise StopDownload(fail=False)


class Arrived:
    """What has come of one answer so far. The chunks are kept for the case that the rest never comes."""

    __slots__ = ("at", "chunks", "cut", "headers", "limit", "size")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.at: datetime | None = None
        self.headers: Headers | None = None
        self.chunks: list[bytes] = []
        self.size = 0
        self.cut = False


def _pairs(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)


def _status(exception: Exception) -> int | None:
    """The status of an answer whose body never came. Scrapy's signals do not tell it, the handler's frame knows it.

    None where it cannot be learnt: then nothing is kept, rather than a status that was made up.
    """
    for frame, _ in traceback.walk_tb(exception.__traceback__):
        code = getattr(getattr(frame.f_locals.get("self"), "_txresponse", None), "code", None)
        if isinstance(code, int):
            return code
    return None
