"""What an archive holds already, so that no capture is taken twice.

Made from the WARC files of all crawls. An index for each crawl is kept in `output/index/` and made again when its WARC
files have other sizes; the folder can be deleted at any time.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

from .. import data_files, pages, warc
from ..items import Capture, WrongShape, decode
from ..messages.text import N_
from ..storage.crawls import crawls
from ..storage.durable import refusals, write_whole
from ..storage.retired import is_reachable
from ..warc import Exchange, address

FOLDER = "index"
FORMAT = 2
"""Of the index of a crawl; one of another format is made again."""
_DEFAULT_PORT = re.compile(r"^(http://[^/?#]*):80(?=[/?#]|$)|^(https://[^/?#]*):443(?=[/?#]|$)")
_KEY = 12
"""Bytes of a digest that are remembered of each capture: a collision among a billion captures is unlikely."""


@dataclass(frozen=True, slots=True)
class HeldCapture:
    """One line of an index."""

    url: str
    """As captured, with the digest of the body of a POST."""
    key: str
    """Identity key of the address; empty where the body is not whole: a whole capture is still wanted."""
    captured_at: str
    sha1: str
    """SHA-1 of the payload in base32, as web archives write it."""


class Held:
    """The captures of an archive, by address and time, and by address and payload."""

    def __init__(self) -> None:
        self._at: set[bytes] = set()
        self._exactly: set[bytes] = set()
        self._payloads: set[bytes] = set()
        self.count = 0

    @classmethod
    def of(cls, output: Path, say: Callable[[str], None] = lambda text: None) -> Self:
        """Everything that the crawls of an output hold. Damaged records are not held. Raises ArchiveError."""
        held = cls()
        for crawl in crawls(output):
            for each in held_in(output, crawl.path, say):
                held._take(each)
        return held

    def add(self, capture: Capture) -> None:
        """A capture that was written just now."""
        self._take(_entry(capture))

    def has_exchange(self, exchange: Exchange) -> bool:
        """Whether just this exchange is held: the same request of the same second, with the same payload."""
        url = _url(address(exchange.url), exchange.method, exchange.request_body)
        return _digest(url, exchange.captured_at, sha1_of(exchange.payload)) in self._exactly

    def has(self, url: str, captured_at: str) -> bool:
        """Whether a capture of this URL of this second is held. http and https, with and without www, are two URLs: one
        often redirects to the other within a second."""
        return _digest(_url(address(url)), captured_at) in self._at

    def has_payload(self, url: str, sha1: str) -> bool:
        """Whether this payload at this address is held, captured at whatever time. `sha1`: in base32."""
        return _digest(pages.identity_key(url), sha1) in self._payloads

    def _take(self, each: HeldCapture) -> None:
        self.count += 1
        self._exactly.add(_digest(each.url, each.captured_at, each.sha1))
        if each.key:
            self._at.add(_digest(each.url, each.captured_at))
            self._payloads.add(_digest(each.key, each.sha1))


def sha1_of(payload: bytes) -> str:
    """The SHA-1 of a payload in base32, as in the indexes of web archives.

    >>> sha1_of(b"")
    '3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ'
    """
    return base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def _digest(url: str, *others: str) -> bytes:
    text = " ".join((*others, url))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()


def _url(url: str, method: str = "GET", body: bytes = b"") -> str:
    """A URL with its default port left out, and with what else was asked for."""
    url = _DEFAULT_PORT.sub(r"\1\2", url)
    return url if method == "GET" else f"{url} {method} {hashlib.sha256(body).hexdigest()}"


def _entry(capture: Capture) -> HeldCapture:
    url = _url(capture.url, capture.method, capture.request_body)
    key = pages.identity_key(capture.url) if capture.truncated is None else ""
    return HeldCapture(url, key, capture.captured_at, sha1_of(capture.payload))


def held_in(output: Path, folder: Path, say: Callable[[str], None]) -> Iterator[HeldCapture]:
    """The captures of one crawl, from its index if that is of these WARC files."""
    path = output / FOLDER / f"{folder.name}.jsonl"
    if not is_reachable(folder):
        yield from _read(path, None)
        return
    files = {file.name: file.stat().st_size for file in warc.files(folder)}
    if not files:
        return
    head = json.dumps({"format": FORMAT, "warcs": files}, sort_keys=True)
    known = list(_read(path, head))
    if not known:
        say(N_("indexing {name}", name=folder.name))
        known = [_entry(each) for each in warc.read(folder, lambda damage: None)]
        lines = (json.dumps(astuple(each)) for each in known)
        with refusals(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, (f"{line}\n".encode("utf-8", "surrogatepass") for line in (head, *lines)))
    yield from known


def _read(path: Path, head: str | None) -> Iterator[HeldCapture]:
    """The captures of an index; none where it does not exist, is damaged, or has another first line than `head`."""
    try:
        first, *lines = data_files.content(path, data_files.METADATA).decode("utf-8", "surrogatepass").splitlines()
        if head is not None and first != head:
            return
        found = [HeldCapture(*decode(tuple[str, str, str, str], json.loads(line))) for line in lines]
    except (OSError, ValueError, WrongShape):
        return
    yield from found
