"""Lines of a crawl become rows of facts. The same lines give the same rows in any order."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from ..storage.json_rows import ArticleRow, ContentRow, IssueRow, PageRow, ProofRow, SightingRow
from ..storage.open_gaps import NOTED

Row = tuple[Any, ...]

REST_BITS = 39
"""The number of a content begins with 24 bits of title and date, so that equal ones are neighbours in an index."""
_WORD = {"read": "alive", "not_modified": "alive", "missing": "missing"}  # `moved` depends on where it leads

_ADDRESS = "INSERT INTO address (n, id) VALUES (?, ?) ON CONFLICT DO NOTHING"
_DIRTY = "INSERT INTO dirty (n) VALUES (?) ON CONFLICT DO NOTHING"
_CONTENT = f"INSERT INTO content VALUES ({', '.join('?' * 8)}) ON CONFLICT DO NOTHING"
# An article line and the sighting of the same capture are one row, whichever comes first.
_SIGHTING = """
INSERT INTO sighting (crawl, warc, offset, address, url, captured_at, origin, outcome, word,
                      content, sha256, section, line, etag, last_modified, same_as, target)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (crawl, warc, offset) DO UPDATE SET
    outcome = CASE WHEN excluded.line IS NULL THEN outcome ELSE excluded.outcome END,
    word = CASE WHEN excluded.line IS NULL THEN word ELSE excluded.word END,
    content = coalesce(excluded.content, content), sha256 = coalesce(excluded.sha256, sha256),
    section = coalesce(excluded.section, section), line = coalesce(excluded.line, line),
    etag = coalesce(excluded.etag, etag), last_modified = coalesce(excluded.last_modified, last_modified),
    same_as = coalesce(excluded.same_as, same_as), target = coalesce(excluded.target, target)
"""
_PAGE = f"INSERT OR REPLACE INTO page VALUES ({', '.join('?' * 17)})"
_GONE_PAGE = "INSERT OR REPLACE INTO gone_page VALUES (?, ?, ?, ?)"
_LISTED = """
INSERT INTO listed VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET url = excluded.url, captured_at = excluded.captured_at, date = excluded.date
WHERE (excluded.captured_at, excluded.url, coalesce(excluded.date, ''))
    > (listed.captured_at, listed.url, coalesce(listed.date, ''))
"""
_FAILURE = "INSERT INTO failure VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_ENCODING = "INSERT INTO encoding VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET lines = lines + excluded.lines"


@dataclass(frozen=True)
class Naming:
    """How addresses are named; given by the caller, because the catalog knows no pages."""

    key: Callable[[str], str]
    """The identity key of a URL."""
    id: Callable[[str], str]
    """The id of the article at a URL: it ends in 12 hex digits."""
    same_reader: Callable[[str], str] = str
    """The id by which a recorded reader is known today."""

    def number(self, url: str) -> int:
        """The number of the address of a URL."""
        return number_of(self.id(url))


class WrongReader(ValueError):
    """A line of another reader in the lines of the current one. It is skipped and reported."""


class Facts:
    """Takes the lines of one crawl, in batches."""

    def __init__(self, db: sqlite3.Connection, crawl: int, name: str, reader: str, naming: Naming) -> None:
        self._db, self._crawl, self._reader, self._naming = db, crawl, reader, naming
        self._same_reader = naming.same_reader(reader)
        self._prefix = f"{name}/"
        self._addresses: dict[int, str] = {}
        self._contents: dict[int, Row] = {}
        self._reads: dict[tuple[str, int], Row] = {}
        self._sightings: list[Row] = []
        self._pages: list[Row] = []
        self._gone_pages: list[Row] = []
        self._listed: list[Row] = []
        self._failures: list[Row] = []
        self._encodings: Counter[str] = Counter()
        self.take: Mapping[str, Callable[[int, Any], None]] = {
            "articles": self._article,
            "sightings": self._sighting,
            "pages": self._page,
            "issues": self._issue,
        }
        """By kind of line: takes its byte offset and the decoded line, of which only what is stored
        is checked. Raises KeyError, TypeError, ValueError, AttributeError for a malformed one."""

    def flush(self) -> None:
        """Writes the rows of all lines taken so far."""
        addresses = self._addresses
        written: tuple[tuple[str, Iterable[Row]], ...] = (
            (_ADDRESS, sorted(addresses.items())),  # B-trees grow faster in order
            (_DIRTY, [(n,) for n in sorted(addresses)]),
            (_CONTENT, [self._contents[n] for n in sorted(self._contents)]),
            (_SIGHTING, [*self._reads.values(), *self._sightings]),
            (_PAGE, self._pages),
            (_GONE_PAGE, self._gone_pages),
            (_LISTED, self._listed),
            (_FAILURE, self._failures),
            (_ENCODING, [(self._crawl, name, lines) for name, lines in self._encodings.items()]),
        )
        for sql, rows in written:
            try:
                self._db.executemany(sql, rows)
            except UnicodeEncodeError:  # SQLite stores UTF-8, which cannot hold a lone surrogate
                self._db.executemany(sql, [tuple(map(_storable, row)) for row in rows])
        for taken in (addresses, self._contents, self._reads, self._encodings):
            taken.clear()
        for more in (self._sightings, self._pages, self._gone_pages, self._listed, self._failures):
            more.clear()

    def _article(self, offset: int, line: ArticleRow) -> None:
        if line["reader"] != self._reader and self._naming.same_reader(line["reader"]) != self._same_reader:
            raise WrongReader(f"read by {line['reader']}, not by {self._reader}")
        content = content_row(line)
        head = self._head(line, line["captures"][0])
        section = line["section"]
        self._encodings[line["encoding"]] += 1
        self._contents[content[0]] = content
        self._reads[head[1], head[2]] = (
            *head, "read", "alive", content[0], line["content_sha256"], section, offset, None, None, None, None
        )  # fmt: skip

    def _sighting(self, offset: int, line: SightingRow) -> None:
        head = self._head(line, line["capture"])
        outcome = line["outcome"]
        headers = line["etag"], line["last_modified"], line["same_as"], line["to"]
        read = self._reads.pop((head[1], head[2]), None)
        known = read[7:13] if read else (outcome, _WORD.get(outcome), None, None, None, None)
        self._sightings.append((*head, *known, *headers))

    def _page(self, offset: int, line: PageRow) -> None:
        if line["kind"] == "gone":
            self._gone_pages.append((self._crawl, *self._proof(line["capture"]), line["status"]))
            return
        links = line["article_links"]
        at, section, number = line["captured_at"], line["section"], self._naming.number
        dates = dict(zip(links, line.get("row_dates", ()), strict=False))
        listed = [(number(url), section or "", url, at, dates.get(url)) for url in dict.fromkeys(links)]
        row = (
            self._crawl, *self._proof(line["capture"]), number(line["url"]), line["url"], at, line["kind"],
            line["status"], section, line["page_number"], line["printed_total"], line["printed_pages"], len(listed),
            line["end"], number(following) if (following := line["next_page"]) else None, line["etag"], line["last_modified"],
        )  # fmt: skip
        self._pages.append(row)
        if line["kind"] == "listing":
            self._listed += listed

    def _issue(self, offset: int, line: IssueRow) -> None:
        if line["level"] == "failure" or line["what"] in NOTED:
            url = line["url"]
            self._failures.append((self._crawl, self._naming.number(url), url, line["what"]))

    def _head(self, line: ArticleRow | SightingRow, proof: ProofRow) -> Row:
        address, url, at, origin = line["id"], line["url"], line["captured_at"], line["origin"]
        if not (isinstance(url, str) and isinstance(at, str) and isinstance(origin, str)):
            raise TypeError(f"url, captured_at, origin are {url!r}, {at!r}, {origin!r}")
        n = number_of(address)
        self._addresses[n] = address
        return self._crawl, *self._proof(proof), n, url, at, origin

    def _proof(self, proof: ProofRow) -> tuple[str, int]:
        return proof["warc"].removeprefix(self._prefix), proof["offset"]


def number_of(address: str) -> int:
    """The number of the address with this id. Raises ValueError if it is not an id."""
    return int(address[-12:], 16)


def content_row(line: ContentRow) -> Row:
    """The row of `content` for an article line, without the section. Equal contents have equal numbers."""
    title, date, body = line["title"], line["date"], line["body"]
    if not isinstance(title, str):
        raise TypeError(f"title is {title!r}")
    fields = title, date, line["source"], line["author"]
    captions = _of_list([image["caption"] for image in line["images"]])
    names = _of_list([attachment["name"] for attachment in line["attachments"]])
    long = _hash(body), captions, names
    headers = _hash(_joined(fields)) + b"".join(long)
    head = title_number(title, date)
    rest = int.from_bytes(hashlib.sha256(headers).digest()[:8]) >> 25
    return head << REST_BITS | rest, *fields, *long


def content_number(line: ContentRow) -> int:
    """The number of the content of an article line."""
    return int(content_row(line)[0])


def title_number(title: str, date: str | None) -> int:
    """24 bits of a title and a date: what the number of a content begins with."""
    return crc32(f"{title}\n{date}".encode("utf-8", "surrogatepass")) >> 8


def _joined(texts: Sequence[str | None]) -> str:
    """One text from which the parts could be recovered."""
    return "".join("-" if text is None else f"{len(text)}:{text}" for text in texts)


def _of_list(texts: Sequence[str | None]) -> bytes:
    return _hash(_joined(texts)) if texts else b""


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]


def _storable(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
