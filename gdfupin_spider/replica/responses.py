"""From a request to a response: page, headers, fault. No sockets here."""

import gzip
import hashlib
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from . import crawler_traps, foreign_pages
from .epochs import site
from .markups.renderer import CLOCK, HOST, SESSION, VISITS
from .media_files import media
from .server_faults import Faults

HOSTS = frozenset({"www.gdfupin.org.cn", "gdfupin.org.cn"})
_LINK = re.compile(
    rb"""((?:href|src)=["']?)((?![a-z]+:|#|//)[^"' >#]+\.(?:aspx?|s?html?)(?:\?[^"' >#]*)?)""", re.IGNORECASE
)
_BODY = re.compile(rb"<body[^>]*>", re.IGNORECASE)
_END = re.compile(rb"</body>", re.IGNORECASE)


@dataclass(frozen=True)
class Response:
    """One HTTP response before it is sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    """Without Date and framing (Content-Length, Transfer-Encoding)."""
    body: bytes
    fault: str | None = None


class Responses:
    """All responses of one site. Its only state is the number of requests per address and the visitor counter."""

    def __init__(self, markup: str, epoch: int, faults: Faults, *, extract: bool = False) -> None:
        self.renderer = site(markup, epoch, crawler_traps.LINKS if faults.traps else (), extract=extract)
        key = self.renderer.key
        self.faults = replace(
            faults,
            at={key(address): names for address, names in faults.at.items()},
            always={key(address): name for address, name in faults.always.items()},
        )
        self._pages = self.renderer.pages_by_key()
        self._files = {
            unquote(self.renderer.file_at(file)): file
            for story in self.renderer.section_lists.stories
            for file in [*(picture.file for picture in story.pictures), *(link.file for link in story.files)]
        }
        self._written: dict[str, tuple[bytes, str, date]] = {}
        self._asked: dict[str, int] = {}
        self._visits = itertools.count(2310577)
        self._sessions = itertools.count(1)

    def response(self, method: str, target: str, headers: Mapping[str, str]) -> Response:
        """The response to a request for an origin-form target; header names in lower case."""
        path = urlsplit(target).path
        if path == "/robots.txt":
            return _plain(200, self._robots(), b"text/plain")
        if self.faults.site == "down":
            return _html(503, foreign_pages.ERROR, "503")
        if self.faults.site:
            return _html(200, foreign_pages.SITES[self.faults.site])
        if file := self._file(path):
            return self._conditional(*media(file), f'"{file}"', date(2009, 2, 1), headers)
        if self.faults.traps and path in crawler_traps.ODD:
            return _spoil(_html(200, foreign_pages.ERROR), crawler_traps.ODD[path], target, self.faults)
        if found := crawler_traps.trap(target):
            return self._trap(found)
        return self._page(target, headers)

    def _page(self, target: str, headers: Mapping[str, str]) -> Response:
        key = self.renderer.key(target)
        count = self._asked[key] = self._asked.get(key, -1) + 1
        right = self._right(key, headers)
        fault = self.faults.of(key, count) if right.status < 400 else None
        return _spoil(right, fault, target, self.faults) if fault else right

    def _right(self, key: str, headers: Mapping[str, str]) -> Response:
        if key not in self._pages:
            status, text = self.renderer.not_found()
            return Response(status, self._type(), self._live(self.renderer.encode(text), headers))
        if key not in self._written:
            served = self._pages[key]
            payload = self.renderer.encode(served.write())
            self._written[key] = (
                payload,
                f'"{hashlib.sha256(payload).hexdigest()[:13]}:{len(payload):x}"',
                served.changed,
            )
        payload, tag, changed = self._written[key]
        kept = self._conditional(self.renderer.content_type, payload, tag, changed, headers)
        return kept if kept.status == 304 else replace(kept, body=self._live(kept.body, headers))

    def _conditional(self, kind: str, body: bytes, tag: str, changed: date, headers: Mapping[str, str]) -> Response:
        """The body, or 304 if the client has it already."""
        modified = datetime.combine(changed, time(1, 30), UTC)
        marks = ((b"ETag", tag.encode()), (b"Last-Modified", format_datetime(modified, usegmt=True).encode()))
        asked, since = headers.get("if-none-match"), headers.get("if-modified-since")
        if asked is not None:
            fresh = tag in [mark.strip().removeprefix("W/") for mark in asked.split(",")]
        else:
            fresh = since is not None and _parsed(since) is not None and modified <= (_parsed(since) or modified)
        if fresh:
            return Response(304, marks, b"")
        return Response(200, ((b"Content-Type", kind.encode()), *marks), body)

    def _live(self, payload: bytes, headers: Mapping[str, str]) -> bytes:
        """The payload with visitor counter, clock, host and session ids of this response."""
        if VISITS.encode() in payload:
            payload = payload.replace(VISITS.encode(), str(next(self._visits)).encode())
        payload = payload.replace(CLOCK.encode(), datetime.now(UTC).strftime("%H:%M:%S").encode())
        payload = payload.replace(HOST.encode(), headers.get("host", "www.gdfupin.org.cn").encode("latin-1"))
        if self.faults.fresh_sessions:
            payload = _LINK.sub(self._with_session, payload)
        payload = re.sub(SESSION.encode(), lambda _: self._session(), payload)
        if self.faults.mojibake:
            junk = b"<div>\xb9\xe3\xff\xfe\x81 \xd5</div>"
            payload = _BODY.sub(lambda tag: tag[0] + junk, payload, count=1)
            payload = _END.sub(lambda tag: junk + tag[0], payload, count=1)
        return payload

    def _with_session(self, link: re.Match[bytes]) -> bytes:
        if b"sid=" in link[2]:
            return link[0]
        return link[1] + link[2] + (b"&" if b"?" in link[2] else b"?") + b"sid=" + self._session()

    def _session(self) -> bytes:
        number = next(self._sessions) if self.faults.fresh_sessions else 0
        return hashlib.sha256(b"session %d" % number).hexdigest()[:24].encode()

    def _type(self) -> tuple[tuple[bytes, bytes], ...]:
        return ((b"Content-Type", self.renderer.content_type.encode()),)

    def _file(self, path: str) -> str | None:
        name = unquote(path)
        for spelling in (name, unquote(path, "gb18030")):  # as IIS on a Chinese machine takes both
            if spelling in self._files:
                return self._files[spelling]
        return name if re.search(r"\.(?:gif|css|js|ico|png|jpg)$", name) and "/Upload" not in name else None

    def _robots(self) -> bytes:
        if self.faults.robots is not None:
            return self.faults.robots.encode()
        delay = f"Crawl-delay: {self.faults.crawl_delay:g}\n" if self.faults.crawl_delay else ""
        return f"User-agent: *\n{delay}Disallow: /admin/\nDisallow: /search.asp\n".encode()

    def _trap(self, found: crawler_traps.Trap) -> Response:
        links = " ".join(f'<a href="{address}">{text}</a>' for text, address in found.links)
        text = f"<html><body><p>广东扶贫网</p><h3>{found.title}</h3><p>{links}</p></body></html>"
        return Response(200, self._type(), self._live(self.renderer.encode(text), {}))


def _spoil(right: Response, fault: str, target: str, faults: Faults) -> Response:
    """The response with the fault applied; faults of the connection are left to the server."""
    match fault:
        case "500" | "503":
            return _html(int(fault), foreign_pages.ERROR, fault)
        case "429":
            response = _html(429, foreign_pages.WAF, fault)
            return replace(response, headers=(*response.headers, (b"Retry-After", str(faults.retry_after).encode())))
        case "404":
            return _html(404, foreign_pages.NOTHING, fault)
        case "soft404":
            return _html(200, foreign_pages.SOFT, fault)
        case "waf":
            return _html(200, foreign_pages.WAF, fault)
        case "empty":
            return replace(right, body=b"", fault=fault)
        case "loop":
            return Response(302, ((b"Location", target.encode("latin-1", "replace")),), b"", fault)
        case "gzip":
            return (
                replace(
                    right,
                    headers=(*right.headers, (b"Content-Encoding", b"gzip")),
                    body=gzip.compress(right.body, mtime=0),
                    fault=fault,
                )
                if right.body
                else right
            )
        case "latin":
            return replace(
                right,
                headers=(*right.headers, (b"X-Powered-By", "广东扶贫".encode("gb18030")), (b"Server", b"IIS\xff/5.0")),
                fault=fault,
            )
        case "huge":
            return _html(200, "<p>" + "0123456789abcdef" * (30 * 2**20 // 16), fault)
        case "bomb":
            packed = gzip.compress(b"<html>" + bytes(300 * 2**20), 9, mtime=0)
            return Response(200, ((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip")), packed, fault)
    return replace(right, fault=fault)


def _html(status: int, text: str, fault: str | None = None) -> Response:
    return Response(status, ((b"Content-Type", b"text/html; charset=utf-8"),), text.encode(), fault)


def _plain(status: int, body: bytes, kind: bytes) -> Response:
    return Response(status, ((b"Content-Type", kind),), body)


def _parsed(stamp: str) -> datetime | None:
    try:
        return parsedate_to_datetime(stamp)
    except ValueError:
        return None
