"""The download handler: Scrapy's own, and a tolerant client for servers whose responses it cannot read.

Twisted refuses a response for one header line with a blank before its colon, or a chunk size with blanks behind it; browsers
read it. Such a response is requested once more with the tolerant client, and so is every later one of that host. The same
client receives long pictures and attachments, of which Scrapy's own would hold the whole body in memory.
"""

import asyncio
import ipaddress
import logging
from typing import Any, cast

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, StopDownload
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from ..messages.text import N_, reason_of
from ..pages import host_of
from .ending import CrawlEnding
from .head_bound import bounded
from .request_context import context_of
from .session import Session, session_of
from .tolerant_client import NotHttp, connect, read_body, read_head, request_bytes

log = logging.getLogger(__name__)


class HttpHandler(HTTP11DownloadHandler):
    """An exchange that outlives the end of the crawl is broken off and raises CrawlEnding."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = bounded(self._pool._factory)

    async def download_request(self, request: Request) -> Response:
        session = session_of(self.crawler)
        if session is None:
            return await super().download_request(request)
        if session.ending.is_set():
            raise CrawlEnding
        exchange = asyncio.ensure_future(self._exchange(session, request))
        session.exchanges.add(exchange)
        try:
            return await exchange
        except (asyncio.CancelledError, Exception):
            if session.broken_off:  # what Twisted makes of a cancelled exchange differs by its state
                raise CrawlEnding(on_wire=True) from None
            raise
        finally:
            session.exchanges.discard(exchange)

    async def _exchange(self, session: Session, request: Request) -> Response:
        host = host_of(request.url)
        if session.odd_hosts.get(host) or context_of(request).is_long:
            return await self._tolerant(session, request)
        response = failure = None
        try:
            response = await super().download_request(request)
        except DownloadFailedError as error:
            if not is_refused_by_parser(error):
                raise
            failure = error
        if response is not None and context_of(request).is_long:
            await asyncio.sleep(float(session.options.settings.get("DOWNLOAD_DELAY") or 0))
            return await self._tolerant(session, request)
        if response is not None and not (
            "dataloss" in response.flags
            and "Content-Length" not in response.headers  # so it came in chunks
            and host not in session.odd_hosts
        ):
            return response
        await asyncio.sleep(float(session.options.settings.get("DOWNLOAD_DELAY") or 0))
        try:
            again = await self._tolerant(session, request)
        except DownloadFailedError:
            session.odd_hosts.setdefault(host, False)
            if failure is not None:
                raise failure from None
            raise
        session.odd_hosts[host] = session.odd_hosts.get(host, False) or "odd-http" in again.flags
        return again

    async def _tolerant(self, session: Session, request: Request) -> Response:
        """The response by the tolerant client. Raises DownloadTimeoutError, DownloadFailedError, and what a name lookup raises."""
        timeout = request.meta.get("download_timeout") or self.crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        try:
            async with asyncio.timeout(timeout):
                return await self._fetch(session, request)
        except TimeoutError:
            raise DownloadTimeoutError(N_("no complete response within {timeout:g} s", timeout=timeout)) from None
        except (OSError, NotHttp, asyncio.IncompleteReadError) as error:
            raise DownloadFailedError(reason_of(error)) from error

    async def _fetch(self, session: Session, request: Request) -> Response:
        proxy = request.meta.get("proxy")
        reader, writer, address = await connect(request.url, proxy, self._resolve)
        try:
            headers = [(name, value) for name, values in request.headers.items() for value in values]
            message = request_bytes(request.method, request.url, headers, request.body, through_proxy=bool(proxy))
            writer.write(message)
            await writer.drain()
            head = await read_head(reader)
            received = Headers()
            for name, value in head.headers:
                received.appendlist(name, value)
            context = context_of(request)
            context.status = head.status
            self._send(signals.headers_received, request, headers=received, body_length=None)
            body, flags, stopped = bytearray(), [], False
            try:
                async for piece in read_body(reader, head, request.method):
                    if not context.is_long:
                        body += piece
                    if stopped := self._send(signals.bytes_received, request, data=piece):
                        break
            except (asyncio.IncompleteReadError, NotHttp, OSError):
                flags.append("dataloss")
        finally:
            writer.close()
        for oddity in head.oddities:
            session.note_once("odd-http", request.url, N_("read as browsers do: {oddity}", oddity=oddity))
            if "odd-http" not in flags:
                flags.append("odd-http")
        kind = responsetypes.from_args(headers=received, url=request.url, body=bytes(body[:5000]))
        return kind(
            request.url,
            status=head.status,
            headers=received,
            body=bytes(body),
            flags=[*flags, *(["download_stopped"] if stopped else [])],
            ip_address=ipaddress.ip_address(address),
            protocol="HTTP/1.1",
        )

    def _send(self, signal: object, request: Request, **values: object) -> bool:
        """Sends a signal. Returns whether a receiver wants the download to stop."""
        results = self.crawler.signals.send_catch_log(
            signal, request=request, spider=self.crawler.spider, dont_log=StopDownload, **values
        )
        return any(isinstance(result, Failure) and isinstance(result.value, StopDownload) for _, result in results)

    async def _resolve(self, name: str) -> str:
        """The address of a name by the resolver of the reactor, which refuses private addresses."""
        from twisted.internet import reactor  # imported here: the process has installed its reactor

        try:
            return str(ipaddress.ip_address(name))
        except ValueError:
            found: Any = cast(Any, reactor).resolve(name)
            return str(await maybe_deferred_to_future(found))


def is_refused_by_parser(error: DownloadFailedError) -> bool:
    """Whether the response came but could not be parsed, rather than a connection that was lost."""
    cause = error.__cause__
    reasons = cause.reasons if isinstance(cause, ResponseFailed) else ()
    return any(
        isinstance(reason.value, ValueError) or type(reason.value).__name__ in ("ParseError", "BadHeaders")
        for reason in reasons
    )
