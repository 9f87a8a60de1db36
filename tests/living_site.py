"""A site that lives on from day to day: news, edits and removals, and days on which it answers badly."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from gdfupin_spider.items import REPLICA_HEADER
from gdfupin_spider.replica.content import invent
from tests.handmade import page

SECTIONS = ("扶贫要闻", "部门动态", "协会新闻", "定点连线")
ROWS = 8
"""Of a page of a listing."""
Answer = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""
Fault = Callable[[str, Answer], Answer | None]
"""Given path and right answer: what is sent instead. None: the connection is closed without an answer."""


class QuietServer(ThreadingHTTPServer):
    """Prints nothing where a crawl that was killed breaks off its connections."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@dataclass
class Item:
    """One article of the site."""

    number: int
    title: str
    section: str
    day: date
    body: str
    gone: bool = False


@dataclass
class LivingSite:
    """Serves itself on loopback while its `with` block lasts. Tests change its articles and its faults between crawls."""

    items: list[Item] = field(default_factory=list)
    now: datetime = datetime(2026, 1, 1, 3, tzinfo=UTC)
    """Of its Date header."""
    fault: Fault | None = None
    sections: tuple[str, ...] = SECTIONS
    """Names that it prints, in the order of SECTIONS."""
    prefix: str = ""
    """Before each path but `/`: another one is a redesign with new addresses."""
    asked: list[str] = field(default_factory=list)
    """Paths that were requested."""
    robots: str = "User-agent: *\nDisallow: /admin/\n"

    def publish(self, section: str, day: date, seed: str = "") -> Item:
        """A new article."""
        number = len(self.items) + 1
        story = invent(f"living:{seed}{number}", section, day)
        body = "\n".join(line for line in story.body.splitlines()[:3])
        item = Item(number, f"{story.heading}（{number}）", section, day, f"第{number}号消息。{body}")
        self.items.append(item)
        return item

    def fill(self, count: int, until: date) -> Self:
        """`count` articles of the years before a day, spread over the sections."""
        for number in range(count):
            self.publish(SECTIONS[number % len(SECTIONS)], until - timedelta(days=400 + 9 * (count - number)))
        return self

    @property
    def live(self) -> list[Item]:
        return [item for item in self.items if not item.gone]

    @property
    def listing_paths(self) -> list[str]:
        """First pages of all listings."""
        return [self._listing(number) for number in range(len(SECTIONS))]

    def url_of(self, item: Item) -> str:
        return f"{self.url.rstrip('/')}{self.path_of(item)}"

    def path_of(self, item: Item) -> str:
        return f"{self.prefix}/show.asp?id={item.number}"

    def _listing(self, section: int, number: int = 1) -> str:
        return f"{self.prefix}/list.asp?ClassID={section + 1}" + (f"&page={number}" if number > 1 else "")

    # --- pages -----------------------------------------------------------------------------------------------------

    def right(self, path: str) -> Answer:
        """The answer of a good day."""
        if path == "/":
            return 200, {}, self._home()
        for item in self.live:
            if path == self.path_of(item):
                return 200, {}, self._article(item)
        for section in range(len(SECTIONS)):
            for number, rows in self._pages(section):
                if path == self._listing(section, number):
                    return 200, {}, self._list(section, number, rows)
        return 404, {}, b"<html><head><title>404</title></head><body>404 Not Found</body></html>"

    def _pages(self, section: int) -> Iterator[tuple[int, list[Item]]]:
        items = sorted((item for item in self.live if item.section == SECTIONS[section]), key=lambda i: -i.number)
        for start in range(0, max(len(items), 1), ROWS):
            yield start // ROWS + 1, items[start : start + ROWS]

    def _home(self) -> bytes:
        menu = "".join(f"<td><a href='{self._listing(n)}'>{name}</a></td>" for n, name in enumerate(self.sections))
        latest = sorted(self.live, key=lambda item: -item.number)[:6]
        return page(f"<table><tr>{menu}</tr></table><h3>最新信息</h3><ul>{self._rows(latest)}</ul>")

    def _rows(self, items: list[Item]) -> str:
        return "".join(f"<li><a href='{self.path_of(item)}'>{item.title}</a> [{item.day}]</li>" for item in items)

    def _list(self, section: int, number: int, rows: list[Item]) -> bytes:
        pages = list(self._pages(section))
        total = sum(len(items) for _, items in pages)
        onwards = f"<a href='{self._listing(section, number + 1)}'>下一页</a>" if number < len(pages) else "下一页"
        pager = f"<p>共{total}条 页次:{number}/{len(pages)} {onwards}</p>"
        return page(
            f"<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>{self.sections[section]}</p>"
            f"<ul>{self._rows(rows)}</ul>{pager}"
        )

    def _article(self, item: Item) -> bytes:
        section = self.sections[SECTIONS.index(item.section)]
        text = "".join(f"<p>{line}</p>" for line in item.body.splitlines())
        return page(
            f"<p>当前位置:<a href='/'>首页</a>->>扶贫前沿->>{section}</p><table><tr><td><h3>{item.title}</h3></td></tr>"
            f"<tr><td>加入时间:{item.day.year}-{item.day.month}-{item.day.day} 来源:南方日报</td></tr>"
            f"<tr><td>{text}</td></tr></table>"
        )

    # --- server ------------------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                is_proxy = self.path.startswith("http://")
                if is_proxy:  # a crawl that takes it for the site of its own name, and knows that it is none
                    self.path = self.path[self.path.index("/", len("http://")) :]
                site.asked.append(self.path)
                if self.path == "/robots.txt":
                    answer: Answer | None = (200, {"Content-Type": "text/plain"}, site.robots.encode())
                else:
                    answer = site.right(self.path)
                if site.fault is not None and answer is not None:
                    answer = site.fault(self.path, answer)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, body = answer
                self.send_response_only(status)
                self.send_header("Date", format_datetime(site.now, usegmt=True))
                for name, value in {"Content-Type": "text/html", **headers}.items():
                    self.send_header(name, value)
                if is_proxy:
                    self.send_header(REPLICA_HEADER, "living site")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # the crawl was killed
                    self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = QuietServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


def on(matches: Callable[[str], bool], answer: Answer | None) -> Fault:
    """A fault of the addresses that match."""
    return lambda path, right: answer if matches(path) else right


def html(text: str, status: int = 200, **headers: str) -> Answer:
    """An answer in UTF-8."""
    return status, headers, f'<html><head><meta charset="utf-8"></head><body>{text}</body></html>'.encode()
