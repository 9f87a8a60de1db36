"""Nearest to the network: every exchange is in the WARC before anything reads it.

Also redirects, 404s, robots.txt, pictures, and the received part of a body that was too long, broke off or stalled. A long
picture or attachment goes to a file and from there to the WARC; it is never held in memory.
Outside a crawl (`scrapy shell`, `fetch`, `parse`) nothing is written, and the capture is in no file.
"""

import tempfile
import traceback
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Self, cast
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest, StopDownload
from scrapy.http import Headers, Response

from .. import clock
from ..crawl.request_context import context_of
from ..crawl.session import Session, session_of
from ..errors import CannotWrite, SiteForeign
from ..items import REPLICA_HEADER
from ..messages.text import N_, reason_of
from ..warc import Exchange, LongBody, Truncation, unkept

HELD = 5_000_000
"""Bytes of a picture or attachment that are held in memory; most are far smaller."""


class CaptureMiddleware:
    """Writes request and response, and fills `RequestContext.capture`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._page_bytes = crawler.settings.getint("GDFUPIN_PAGE_BYTES")
        self._media_bytes = crawler.settings.getint("GDFUPIN_MEDIA_BYTES")
        self._receiving: WeakKeyDictionary[Request, PartialResponse] = WeakKeyDictionary()
        crawler.signals.connect(self._headers_received, signals.headers_received)
        crawler.signals.connect(self._bytes_received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        media = context_of(request).purpose == "media"
        self._receiving[request] = PartialResponse(self._media_bytes if media else self._page_bytes)

    def process_response(self, request: Request, response: Response) -> Response:
        partial = self._receiving.pop(request, None)
        if partial is None:
            return response  # made by process_exception, which wrote it
        if partial.file is not None:
            truncated: Truncation | None = "length" if partial.cut else None
            self._write(request, partial, response, b"", truncated or _broken(response))
        elif partial.cut:
            self._write(request, partial, response, response.body[: partial.limit], "length")
        else:
            self._write(request, partial, response, response.body, _broken(response))
        return response

    def process_exception(self, request: Request, exception: Exception) -> Response | None:
        """Writes the received part of a body that stalled or broke off, and returns it as the (truncated) response."""
        partial = self._receiving.pop(request, None)
        if partial is None or partial.headers is None:
            return None
        status = _status(exception) or context_of(request).status
        if status is None:
            return None
        payload = b"".join(partial.chunks)[: partial.limit]
        response = Response(request.url, status=status, headers=partial.headers, body=payload, request=request)
        truncated: Truncation = "time" if isinstance(exception, DownloadTimeoutError) else "disconnect"
        self._write(request, partial, response, payload, truncated)
        return response

    def _write(
        self,
        request: Request,
        partial: "PartialResponse",
        response: Response,
        payload: bytes,
        truncated: Truncation | None,
    ) -> None:
        session = session_of(self._crawler)
        context = context_of(request)
        purpose = context.purpose
        if session and session.limit_reached and purpose == "page":
            raise IgnoreRequest(N_("the crawl has reached its limit of articles"))
        if session is not None and (error := wrong_origin(session, request, response)) is not None:
            session.stop(error)
            raise IgnoreRequest(reason_of(error))
        exchange = Exchange(
            url=request.url.partition("#")[0],
            captured_at=clock.stamp(partial.at),
            status=response.status,
            headers=_pairs(response.headers),
            payload=payload,
            method=request.method,
            request_headers=_pairs(request.headers),
            request_body=request.body,
            truncated=truncated,
            # behind a proxy it is the proxy's address
            ip=str(response.ip_address) if response.ip_address and not request.meta.get("proxy") else None,
            purpose=purpose,
            origin=session.origin if session is not None else "live",
            long_body=LongBody(partial.file, min(partial.size, partial.limit), partial.sha256.hexdigest())
            if partial.file
            else None,
        )
        if session is None:
            context.capture = unkept(exchange)
            return
        try:
            capture = session.folder.warc.write(exchange)
        except CannotWrite as error:
            session.stop(error)
            raise
        finally:
            partial.close()
        context.capture = capture
        if purpose in ("page", "robots"):
            session.clock.add(capture)
        session.captured(purpose, truncated or str(response.status), capture.size)
        if purpose == "page":
            session.order.opened(capture.proof)

    def _headers_received(self, headers: Headers, body_length: int, request: Request) -> None:
        partial = self._receiving.get(request)
        if partial is None:
            return
        partial.at, partial.headers = clock.now(), headers
        partial.restart()  # the tolerant client asks once more within one exchange
        session, context = session_of(self._crawler), context_of(request)
        if session is None or context.purpose != "media":
            return
        if context.is_long:
            partial.to_file(session.folder.path)
        elif isinstance(body_length, int) and body_length > HELD:
            context.is_long = True
            raise StopDownload(fail=False)

    def _bytes_received(self, data: bytes, request: Request) -> None:
        partial = self._receiving.get(request)
        if partial is None:
            return
        try:
            partial.add(data)
        except OSError as error:
            session = session_of(self._crawler)
            if session is not None:
                session.stop(CannotWrite(session.folder.path, error.strerror or str(error)))
            partial.cut = True
            raise StopDownload(fail=False) from None
        if partial.size > partial.limit:
            partial.cut = True
            raise StopDownload(fail=False)
        context = context_of(request)
        if partial.file is None and partial.size > HELD and context.purpose == "media" and session_of(self._crawler):
            context.is_long = True
            raise StopDownload(fail=False)


class PartialResponse:
    """The part of one response that was received. The chunks are kept in case the rest never arrives; those of a long body in a file."""

    __slots__ = ("at", "chunks", "cut", "file", "headers", "limit", "sha256", "size")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.at: datetime | None = None
        self.headers: Headers | None = None
        self.chunks: list[bytes] = []
        self.size = 0
        self.cut = False
        self.file: BinaryIO | None = None
        self.sha256 = sha256()

    def restart(self) -> None:
        """Drops what was received: the response begins again."""
        self.close()
        self.chunks, self.size, self.sha256, self.cut = [], 0, sha256(), False

    def to_file(self, folder: Path) -> None:
        """Keeps the body in a file from now on, which has no name and ends with the process."""
        self.file = cast(BinaryIO, tempfile.TemporaryFile(dir=folder))  # noqa: SIM115 - closed when the response is written

    def add(self, data: bytes) -> None:
        """Adds a piece of the body. Raises OSError."""
        self.size += len(data)
        if self.file is None:
            self.chunks.append(data)
            return
        if self.size > self.limit:
            data = data[: len(data) - (self.size - self.limit)]
        self.file.write(data)
        self.sha256.update(data)

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


def wrong_origin(session: Session, request: Request, response: Response) -> SiteForeign | None:
    """The error of a crawl that meets the replica instead of the site, or the site instead of the replica."""
    replica = REPLICA_HEADER in response.headers
    if replica and session.origin != "demo":
        return SiteForeign(
            N_(
                "{url} is served by the replica, not by the site. Crawl it with --demo, into an output of its own.",
                url=request.url,
            )
        )
    if not replica and session.origin == "demo" and context_of(request).first:
        return SiteForeign(
            N_("{url} is not served by the replica (gdfupin replica): leave --demo out.", url=request.url)
        )
    return None


def _broken(response: Response) -> Truncation | None:
    return "disconnect" if "dataloss" in response.flags else None


def _pairs(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)


def _status(exception: Exception) -> int | None:
    """The status of a response whose body never arrived completely; None where it is unknown.

    Scrapy's signals do not carry the status, but the frame of its download handler holds the response. Where that is not
    so, nothing is written rather than an invented status.
    """
    for frame, _ in traceback.walk_tb(exception.__traceback__):
        code = getattr(getattr(frame.f_locals.get("self"), "_txresponse", None), "code", None)
        if isinstance(code, int):
            return code
    return None
