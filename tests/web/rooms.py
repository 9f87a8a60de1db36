"""The reading room on loopback: releases made by hand, served by uvicorn as `gdfupin serve` does."""

import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from gdfupin_spider.web import application
from gdfupin_spider.web.library import Library
from tests.releases.archives import SECTIONS, body, crawl, url, write

HOSTILE = "<script>alert(1)</script>\"' onload=x {{7*7}}"
SPEECH = "\n".join(body(number) for number in range(900, 906))


def archive(output: Path) -> Path:
    """Two crawls: edits, a hostile article, a reprint, an article that is gone."""
    first = crawl(0, range(30)).read(url(50), SPEECH, title="讲话", date="2014-02-03", section=None, source="南方日报")
    first.read(url(51), f"{SPEECH}\n{HOSTILE}", title=HOSTILE, date=None, section=HOSTILE, source=HOSTILE)
    first.read(url(53), "清远市连南县的公路修通了。", title="连南通路", date="2013-04-13", section=SECTIONS[1])
    first.read(url(52), SPEECH, title="讲话全文", date="2014-02-04", section="部门动态", source="人民网")
    rest = [number for number in range(1, 30) if number != 3]
    later = [crawl(day, rest).missing(url(0)) for day in (1, 2)]
    for each in later:
        each.read(url(3), body(3, "更正：31万元"), title="第3村修路记（更正）", date="2013-04-13", section=SECTIONS[0])
    return write(output, first, *later)


@dataclass(frozen=True)
class Got:
    """A response."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)


@dataclass(frozen=True)
class Room:
    """A running server."""

    url: str
    """Without a slash at its end."""

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET", **query: object) -> Got:
        """`path` may have a query."""
        rest = f"{'&' if '?' in path else '?'}{urllib.parse.urlencode(query)}" if query else ""
        request = urllib.request.Request(f"{self.url}{path}{rest}", headers=dict(headers or {}), method=method)
        try:
            with _OPENER.open(request, timeout=30) as response:
                return Got(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Got(error.code, error.headers, error.read())


@contextmanager
def room_of(
    output: Path, cache: Path, asked: str = "latest", prefix: str = "", *, with_status: bool = False
) -> Iterator[Room]:
    """Serves a release of this output. `prefix`: what a proxy took away from the paths of requests."""
    library = Library(output, asked, cache)
    server = uvicorn.Server(
        uvicorn.Config(
            application(library, ("127.0.0.1",), with_status=with_status),
            port=0,
            root_path=prefix,
            log_level="critical",
        )
    )
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, args=([socket],))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        with library.watching():
            yield Room(f"http://127.0.0.1:{socket.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join()
        socket.close()


def watched(window: Any, room: Room) -> Any:
    """The window of a browser. In `problems` is what its pages log, the addresses they ask of other hosts, and their dialogs."""
    window.problems = []
    window.on("console", lambda message: "404" in message.text or window.problems.append(message.text))
    window.on("pageerror", lambda error: window.problems.append(str(error)))
    window.on("dialog", lambda dialog: window.problems.append(dialog.message))
    window.on("request", lambda request: request.url.startswith(room.url) or window.problems.append(request.url))
    return window
