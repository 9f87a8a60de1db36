"""A site of a few pages, written in the test that needs it."""

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

Answer = tuple[int, Mapping[str, str], bytes]
"""Status, headers, body."""


def page(body: str) -> bytes:
    """A page of the site: between its header and its footer, in UTF-8."""
    return (
        '<html><head><meta charset="utf-8"></head><body><p>广东省扶贫开发协会欢迎您!</p>'
        f"{body}<p>欢迎访问广东扶贫网</p><p>版权所有:广东省扶贫开发协会</p></body></html>"
    ).encode()


def article(title: str, more: str = "", body: str = "") -> bytes:
    """An article page, with `more` below its body."""
    text = body or f"这是《{title}》的正文，说的是村里修路、种果、办学、看病的事，一共三段。"
    return page(
        "<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>扶贫要闻</p>"
        f"<table><tr><td><h3>{title}</h3></td></tr><tr><td>加入时间:2021-1-13 来源:南方日报</td></tr>"
        f"<tr><td><p>{text}</p><p>第二段写的是乡亲们的笑脸和来年的打算，收成比去年好了许多。</p></td></tr></table>{more}"
    )


def links(*urls: str) -> str:
    """A plain list of links."""
    return "".join(f"<p><a href='{url}'>去看看{number}</a></p>" for number, url in enumerate(urls))


class Handmade:
    """Serves the pages on loopback while the `with` block lasts."""

    def __init__(self, pages: Mapping[str, bytes | Answer | Callable[[str], bytes | Answer]]) -> None:
        """Path with query to body, or status, headers and body, or a function of the path that gives either."""
        self.asked: list[tuple[str, str, bytes]] = []
        """Method, path and body of every request but robots.txt."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                sent = self.rfile.read(length)
                if self.path != "/robots.txt":
                    site.asked.append((self.command, self.path, sent))
                found = pages.get(self.path) or pages.get(self.path.partition("?")[0]) or (404, {}, b"")
                answer = found(self.path) if callable(found) else found
                status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    @property
    def paths(self) -> list[str]:
        """Paths asked for, in order."""
        return [path for _, path, _ in self.asked]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
