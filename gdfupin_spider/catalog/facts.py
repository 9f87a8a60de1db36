"""Lines of a crawl as rows of facts. Nothing is compared here: the same lines give the same rows in any order."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..items import content_digest

Line = Mapping[str, Any]
Row = tuple[Any, ...]

_WORD = {"read": "alive", "not_modified": "alive", "missing": "missing"}  # of `moved` decides what it leads to

_ADDRESS = "INSERT INTO address (id) VALUES (?) ON CONFLICT DO NOTHING"
_DIRTY = "INSERT OR IGNORE INTO dirty SELECT n FROM address WHERE id = ?"
_CONTENT = """
INSERT INTO content (sha256, head, title, date, source, author, body, captions, names)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
_READ = """
INSERT INTO sighting
       (crawl, warc, offset, address, url, captured_at, origin, outcome, word, content, sha256, section, line)
VALUES (?, ?, ?, (SELECT n FROM address WHERE id = ?), ?, ?, ?, 'read', 'alive',
        (SELECT n FROM content WHERE sha256 = ?), ?, ?, ?)
ON CONFLICT (crawl, warc, offset) DO UPDATE SET outcome = 'read', word = 'alive', content = excluded.content,
       sha256 = excluded.sha256, section = excluded.section, line = excluded.line
"""
_SIGHTING = """
INSERT INTO sighting
       (crawl, warc, offset, address, url, captured_at, origin, outcome, word, etag, last_modified, same_as, target)
VALUES (?, ?, ?, (SELECT n FROM address WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (crawl, warc, offset) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
       same_as = excluded.same_as, target = excluded.target
"""
_PAGE = f"INSERT OR REPLACE INTO page VALUES ({', '.join('?' * 16)})"
_LISTED = """
INSERT INTO listed VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET url = excluded.url, captured_at = excluded.captured_at
WHERE (excluded.captured_at, excluded.url) > (listed.captured_at, listed.url)
"""
_FAILURE = "INSERT OR IGNORE INTO failure VALUES (?, ?, ?, ?)"


@dataclass(frozen=True)
class Naming:
    """What the catalog must know of addresses, and leaves to those who read pages."""

    key: Callable[[str], str]
    """The identity key of a URL."""
    id: Callable[[str], str]
    """The id of the article at a URL."""


class OtherReader(ValueError):
    """A line that another reader wrote stands where today's were expected; it is passed over, and reported."""


class Facts:
    """Takes the lines of one crawl in, some at a time."""

    def __init__(self, db: sqlite3.Connection, crawl: int, name: str, reader: str, naming: Naming) -> None:
        self._db, self._crawl, self._reader, self._naming = db, crawl, reader, naming
        self._prefix = f"{name}/"
        self._rows: dict[str, list[Row]] = {
            sql: [] for sql in (_ADDRESS, _CONTENT, _READ, _SIGHTING, _PAGE, _LISTED, _FAILURE, _DIRTY)
        }

    def take(self, kind: str, offset: int, line: Line) -> None:
        """One line of a kind, and where it begins. Raises KeyError, TypeError, ValueError where it is none."""
        match kind:
            case "articles":
                self._article(offset, line)
            case "sightings":
                self._sighting(line)
            case "pages":
                self._page(line)
            case "issues":
                if line["level"] == "failure":
                    row = self._crawl, self._naming.id(line["url"]), line["url"], line["what"]
                    self._rows[_FAILURE].append(row)
            case _:
                raise ValueError(f"no lines of kind {kind} are folded")

    def flush(self) -> None:
        """Writes what was taken in."""
        for sql, rows in self._rows.items():
            self._db.executemany(sql, rows)
            rows.clear()

    def _article(self, offset: int, line: Line) -> None:
        if line["reader"] != self._reader:
            raise OtherReader(f"read by {line['reader']}, not by {self._reader}")
        content = content_row(line)
        read = (
            self._crawl, *self._proof(line["captures"][0]), line["id"], line["url"], line["captured_at"],
            line["origin"], content[0], line["content_sha256"], line["section"], offset,
        )  # fmt: skip
        self._address(line)
        self._rows[_CONTENT].append(content)
        self._rows[_READ].append(read)

    def _sighting(self, line: Line) -> None:
        row = (
            self._crawl, *self._proof(line["capture"]), line["id"], line["url"], line["captured_at"], line["origin"],
            line["outcome"], _WORD.get(line["outcome"]), line["etag"], line["last_modified"], line["same_as"],
            line["to"],
        )  # fmt: skip
        self._address(line)
        self._rows[_SIGHTING].append(row)

    def _page(self, line: Line) -> None:
        links: Iterable[str] = line["article_links"]
        at, section = line["captured_at"], line["section"]
        listed = [(self._naming.id(url), section or "", url, at) for url in dict.fromkeys(links)]
        row = (
            self._crawl, *self._proof(line["capture"]), self._naming.id(line["url"]), line["url"], at, line["kind"],
            line["status"], section, line["page_number"], line["printed_total"], line["printed_pages"], len(listed),
            line["end"], line["etag"], line["last_modified"],
        )  # fmt: skip
        self._rows[_PAGE].append(row)
        if line["kind"] == "listing":
            self._rows[_LISTED] += listed

    def _address(self, line: Line) -> None:
        for name in ("id", "url", "captured_at", "origin"):
            if not isinstance(line[name], str):
                raise TypeError(f"{name} is {line[name]!r}")
        address = (line["id"],)
        self._rows[_ADDRESS].append(address)
        self._rows[_DIRTY].append(address)

    def _proof(self, proof: Line) -> tuple[str, int]:
        return proof["warc"].removeprefix(self._prefix), proof["offset"]


def content_row(line: Line) -> Row:
    """What an article line says, the section left out."""
    title, date, body = line["title"], line["date"], line["body"]
    captions = tuple(image["caption"] for image in line["images"])
    names = tuple(attachment["name"] for attachment in line["attachments"])
    source, author = line["source"], line["author"]
    if not isinstance(title, str):
        raise TypeError(f"title is {title!r}")
    sha256 = content_digest(title, date, source, author, None, body, captions, names)
    head = hashlib.blake2b(f"{title}\n{date}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return (
        sha256, int.from_bytes(head, signed=True), title, date, source, author, _short(body),
        _short(json.dumps(captions)), _short(json.dumps(names)),
    )  # fmt: skip


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
