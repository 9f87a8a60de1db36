"""A reader that knows HTML and scripts but nothing of the package: it follows every address a page prints."""

import http.client
import re
import weakref
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote, urljoin, urlsplit

from gdfupin_spider.replica import Replica

_ANCHOR = re.compile(r"""<(?:a|frame)\b[^>]*?\b(?:href|src)=("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_OPTION = re.compile(r"""<option value=(?:"([^"]+)"|'([^']+)'|([^\s>]+))""", re.IGNORECASE)
_OPEN = re.compile(r"""window\.open\('([^']+)'\)""")
_TURN = re.compile(r'location\.href="([^"]+)"\+n')
_GO = re.compile(r"goPage\((\d+)\)")
_JUMP = re.compile(r"""onchange="location='([^']+)'\+this\.value""")
_CREATE = re.compile(r'createPageHTML\((\d+), \d+, "(\w+)", "(\w+)"\)')


class Wire:
    """One kept-alive connection to a replica."""

    def __init__(self, replica: Replica) -> None:
        self.home = replica.url
        self._connection = http.client.HTTPConnection(urlsplit(replica.url).netloc, timeout=10)
        weakref.finalize(self, self._connection.close)

    def get(self, target: str, headers: dict[str, str] | None = None) -> tuple[int, http.client.HTTPMessage, bytes]:
        self._connection.request("GET", target, headers=headers or {})
        response = self._connection.getresponse()
        return response.status, response.headers, response.read()

    def close(self) -> None:
        self._connection.close()


def walk(replica: Replica, encoding: str) -> dict[str, tuple[int, bytes]]:
    """Every page that can be reached from the home page: origin-form target to status and body."""
    wire = Wire(replica)
    queue, found = ["/"], dict[str, tuple[int, bytes]]()
    while queue:
        target = queue.pop()
        if target in found:
            continue
        status, headers, body = wire.get(target)
        found[target] = status, body
        if "html" in headers.get("Content-Type", ""):
            page = urljoin(replica.url, target)
            queue += [link for link in links(body.decode(encoding, "replace"), page, encoding) if link not in found]
    wire.close()
    return found


def links(text: str, page: str, encoding: str) -> Iterator[str]:
    """Origin-form targets of all addresses a page prints, those of its scripts too."""
    for href in printed(text):
        address = unescape(href).strip().replace("\\", "/")
        if re.match(r"(?:javascript|mailto):|#", address, re.IGNORECASE):
            continue
        split = urlsplit(urljoin(page, address))
        if split.netloc == urlsplit(page).netloc:
            path = quote(split.path, "/%;", encoding=encoding) + (f"?{split.query}" if split.query else "")
            yield re.sub(r"[?&]sid=[0-9a-f]+", "", path)


def printed(text: str) -> Iterator[str]:
    """Addresses as printed."""
    yield from (found[1].strip("\"'") for found in _ANCHOR.finditer(text))
    yield from (found[1] for found in _OPEN.finditer(text))
    options = ["".join(filter(None, found.groups())) for found in _OPTION.finditer(text)]
    if jump := _JUMP.search(text):
        yield from (jump[1] + option for option in options)
    else:
        yield from options
    if turn := _TURN.search(text):
        yield from (turn[1] + number[1] for number in _GO.finditer(text))
    if create := _CREATE.search(text):
        yield from (f"{create[2]}{f'_{n}' if n else ''}.{create[3]}" for n in range(int(create[1])))
