"""The replica on loopback: HTTP/1.1 with keep-alive, as a server or as a proxy under the site's name."""

import asyncio
import contextlib
import http
import socket
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.utils import formatdate
from types import TracebackType
from urllib.parse import urlsplit

from ..items import REPLICA_HEADER, REPLICA_MARK
from .crawler_traps import FORBIDDEN
from .markups import RENDERERS
from .responses import HOSTS, Response, Responses
from .server_faults import NONE, Faults


@dataclass(frozen=True)
class Request:
    """One received request."""

    method: str
    path: str
    """In origin form, whatever form was sent."""
    host: str
    time: float
    """Unix time when its header had been read."""
    user_agent: str
    headers: dict[str, str]
    """Header fields, names in lower case."""


class Replica:
    """A replica; use it in a `with` block, or call `start()` and `close()`."""

    def __init__(
        self,
        markup: str,
        *,
        port: int = 0,
        faults: Faults | None = None,
        epoch: int = 0,
        marked: bool = False,
        extract: bool = False,
    ) -> None:
        """`marked`: pages end with REPLICA_MARK. `extract`: only a third of the articles, all that are special among them."""
        if markup not in RENDERERS:
            raise ValueError(f"no markup {markup!r}; there are {', '.join(RENDERERS)}")
        self.markup, self.epoch, self.faults = markup, epoch, faults or NONE
        self._marked = marked
        self.requests: list[Request] = []
        """Every request in order of arrival, including those for other hosts."""
        self._responses = Responses(markup, epoch, self.faults, extract=extract)
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="replica", daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """URL of the home page when used as a server."""
        return f"http://127.0.0.1:{self._port}/"

    @property
    def proxy(self) -> str:
        """Value for `http_proxy`: then the site is at http://www.gdfupin.org.cn/, and every other host returns 502."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def forbidden(self) -> list[Request]:
        """Requests that a polite crawler does not make: logout, delete, vote, search."""
        return [request for request in self.requests if urlsplit(request.path).path.lower() in FORBIDDEN]

    def start(self) -> "Replica":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> "Replica":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the client disconnected, or the server is closing
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read one request and answer it; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        words = head[0].split(" ")
        method, target = words[0], " ".join(words[1:-1])
        headers = dict(_fields(head[1:]))
        if length := headers.get("content-length"):
            await reader.readexactly(int(length))
        host = headers.get("host", "")
        refused = method == "CONNECT"
        if "://" in target.partition("/")[0] + target[:8]:
            split = urlsplit(target)
            host, refused = split.netloc, (split.hostname or "") not in HOSTS
            target = target[len(split.scheme) + 3 + len(split.netloc) :].partition("#")[0] or "/"
        self.requests.append(Request(method, target, host, time.time(), headers.get("user-agent", ""), headers))
        if refused:
            response = Response(502, ((b"Content-Type", b"text/plain"),), b"this proxy knows one site only\n")
        else:
            response = self._responses.response(method, target, headers | {"host": host})
            if self._marked and response.body and any(value.startswith(b"text/html") for _, value in response.headers):
                response = replace(response, body=response.body + b"\n" + REPLICA_MARK)
        wait = self.faults.latency + (self.faults.slow if response.fault == "slow" else 0)
        if wait:
            await asyncio.sleep(wait)
        keep = headers.get("connection", "").lower() != "close" and words[-1] != "HTTP/1.0"
        return await self._send(writer, response, method == "HEAD", keep)

    async def _send(self, writer: asyncio.StreamWriter, response: Response, head_only: bool, keep: bool) -> bool:
        body, fault = response.body, None if head_only else response.fault
        content_length = len(body) + (500 if fault == "long" else -min(64, len(body)) if fault == "short" else 0)
        keep = keep and fault not in {"long", "short", "reset", "stall"}
        chunked = fault == "chunked" and response.status != 304
        framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % content_length
        fields = [b"%b: %b" % pair for pair in response.headers]
        phrase = http.HTTPStatus(response.status).phrase.encode()
        head = b"\r\n".join([
            b"HTTP/1.1 %d %b" % (response.status, phrase),
            b"Date: " + formatdate(usegmt=True).encode(),
            *([] if any(name == b"Server" for name, _ in response.headers) else [b"Server: Microsoft-IIS/6.0"]),
            REPLICA_HEADER.encode() + b": " + self.markup.encode(),
            *fields,
            framing,
            b"Connection: " + (b"keep-alive" if keep else b"close"),
        ])  # fmt: skip
        writer.write(head + b"\r\n\r\n")
        if not head_only:
            if fault in {"reset", "stall"}:
                await self._break(writer, body, fault)
            elif chunked:
                for start in range(0, len(body), 4096):
                    piece = body[start : start + 4096]
                    writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                writer.write(b"0\r\n\r\n")
            else:
                writer.write(body)
        await writer.drain()
        return keep

    async def _break(self, writer: asyncio.StreamWriter, body: bytes, fault: str) -> None:
        writer.write(body[: len(body) // 2])
        await writer.drain()
        if fault == "stall":
            await asyncio.sleep(self.faults.stall)
            return
        await asyncio.sleep(0.02)  # let the first half arrive
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        raise ConnectionAbortedError


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


@contextlib.contextmanager
def serve(
    markup: str, *, port: int = 0, faults: Faults | None = None, epoch: int = 0, extract: bool = False
) -> Iterator[Replica]:
    """Serve the site in one markup on loopback until the block ends; port 0 takes a free port. `extract`: see Replica."""
    replica = Replica(markup, port=port, faults=faults, epoch=epoch, extract=extract).start()
    try:
        yield replica
    finally:
        replica.close()
