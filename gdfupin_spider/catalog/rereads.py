"""Rereads: the same capture, read differently by a later reader.

The catalog has the lines of one reader, so a better reading is never an edit. What it changed is found by comparing the
lines of the folders that one crawl was read into: its own, and those below `readings/`. A function of these files alone;
nothing of it is stored. Readings that are newer than the one that was folded are not compared: their reader was given up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import cast

from ..storage.crawls import Crawl, crawls
from ..storage.json_rows import ArticleRow, ContentRow
from ..storage.line_file import line_at, lines
from .changes import FIELDS
from .crawl_readings import CrawlReading, readings_of
from .queries import Catalog
from .records import Place

FIELDS_READ = (*FIELDS, "section")
"""Fields that a reading can change."""
Key = tuple[str, int]
"""WARC file (`<crawl>/<name>`) and byte offset of the first capture of an article."""


@dataclass(frozen=True, slots=True)
class FieldValues:
    """One field of an article in two readings."""

    field: str
    """One of title, date, source, author, body, captions, attachment names, section."""
    before: str | None
    """As text, lists one element a line; null where the reading has none."""
    after: str | None
    """Likewise."""


@dataclass(frozen=True, slots=True)
class Reread:
    """What a later reading of one capture changed."""

    id: str
    """Of the article."""
    captured_at: str
    reader_before: str
    reader_after: str
    read_at: str
    """When the later reading was complete; UTC."""
    fields: tuple[FieldValues, ...]
    before: Place | None
    """The line of the earlier reading; None: it did not read an article there."""
    after: Place | None
    """The line of the later reading; None: it reads no article there."""


def rereads(output: Path, catalog: Catalog, since: str, until: str) -> list[Reread]:
    """What readings that were complete after `since` and up to `until` (UTC) changed, by article id.

    Net: the readings that counted at both times are compared, by the newest capture of each article that both have.
    """
    found: dict[str, tuple[str, Reread | None]] = {}
    alone: dict[str, Reread] = {}
    by_name = {crawl.name: crawl for crawl in crawls(output)}
    for folded in catalog.folded():
        crawl = by_name.get(folded.crawl)
        chain = [each for each in readings_of(output, crawl, folded.folder) if not each.interim] if crawl else []
        after = next((each for each in reversed(chain) if each.read_at <= until), None)
        if after is None or after is chain[0] or after.read_at <= since:
            continue
        before = next((each for each in reversed(chain) if each.read_at <= since), chain[0])
        ids = catalog.ids_of_lines(folded.crawl) if after is chain[-1] else {}
        for captured_at, id_, reread in _compared(output, before, after, ids):
            article = catalog.resolve(id_) or id_
            if reread is not None and None in (reread.before, reread.after):
                alone[article] = reread
            elif article not in found or found[article][0] < captured_at:
                found[article] = captured_at, reread
    changed = {id_: reread for id_, (_, reread) in found.items() if reread is not None}
    changed |= {id_: reread for id_, reread in alone.items() if id_ not in found}
    return [replace(changed[id_], id=id_) for id_ in sorted(changed)]


class RereadHistory:
    """The rereads of single articles. Keeps an index of each folder it has read."""

    def __init__(self, output: Path, catalog: Catalog) -> None:
        self._output, self._catalog = output, catalog
        self._chains: dict[str, Sequence[CrawlReading]] = {}
        self._lines: dict[str, Mapping[Key, int]] = {}
        self._crawls: Mapping[str, Crawl] | None = None
        self._folders: Mapping[str, str] = {}

    def of(self, article: str, version: int) -> list[Reread]:
        """Rereads of the captures of one version, oldest reading first. A change that several captures have is listed once."""
        found: dict[tuple[object, ...], Reread] = {}
        for captured_at, crawl, warc, offset in self._catalog.captures_of_version(article, version):
            chain = self._chain(crawl)
            for before, after in pairwise(chain):
                old, new = (self._place(reading.folder, (f"{crawl}/{warc}", offset)) for reading in (before, after))
                if old is None or new is None:
                    continue
                reread = _reread(self._output, article, captured_at, before, after, old, new)
                if reread is not None:
                    found[reread.reader_before, reread.reader_after, reread.fields] = reread
        return sorted(found.values(), key=lambda each: (each.read_at, each.captured_at))

    def _chain(self, crawl: str) -> Sequence[CrawlReading]:
        if self._crawls is None:
            self._crawls = {each.name: each for each in crawls(self._output)}
            self._folders = {each.crawl: each.folder for each in self._catalog.folded()}
        if crawl not in self._chains:
            known, folder = self._crawls.get(crawl), self._folders.get(crawl)
            self._chains[crawl] = readings_of(self._output, known, folder) if known and folder else ()
        return self._chains[crawl]

    def _place(self, folder: str, key: Key) -> Place | None:
        if folder not in self._lines:
            self._lines[folder] = {found: offset for found, offset, _ in _article_lines(self._output, folder)}
        offset = self._lines[folder].get(key)
        return Place(folder, offset) if offset is not None else None


def _compared(
    output: Path, before: CrawlReading, after: CrawlReading, ids: Mapping[Key, str]
) -> Iterator[tuple[str, str, Reread | None]]:
    """(capture time, id, what changed) of each article that one of two readings of a crawl has; None: nothing did."""
    olds = {key: (offset, line) for key, offset, line in _heads(output, before.folder)}
    come: list[tuple[Key, int, _Head]] = []
    for key, offset, head in _heads(output, after.folder):
        old = olds.pop(key, None)
        if old is None:
            come.append((key, offset, head))
            continue
        id_ = ids.get(key, head.id)
        reread = None
        if old[1].sha256 != head.sha256:
            places = Place(before.folder, old[0]), Place(after.folder, offset)
            reread = _reread(output, id_, head.captured_at, before, after, *places)
        yield head.captured_at, id_, reread
    if come and before.whole:
        read = _read(output, before.folder)
        for key, offset, head in come:
            if key not in read:
                place = Place(after.folder, offset)
                id_ = ids.get(key, head.id)
                yield head.captured_at, id_, _reread(output, id_, head.captured_at, before, after, None, place)
    if olds and after.whole:
        read = _read(output, after.folder)
        for key, (offset, head) in olds.items():
            if key not in read:
                place = Place(before.folder, offset)
                yield head.captured_at, head.id, _reread(output, head.id, head.captured_at, before, after, place, None)


def _reread(
    output: Path,
    id_: str,
    captured_at: str,
    before: CrawlReading,
    after: CrawlReading,
    old: Place | None,
    new: Place | None,
) -> Reread | None:
    """What differs between two lines of one capture; None where nothing does."""
    fields = values_between(*(_line(output, place) if place else None for place in (old, new)))
    if not fields:
        return None
    return Reread(id_, captured_at, before.reader, after.reader, after.read_at, fields, old, new)


def values_between(old: ContentRow | None, new: ContentRow | None) -> tuple[FieldValues, ...]:
    """The fields that differ between two records of an article; None: it was not read."""
    before, after = (_values(record) if record else {} for record in (old, new))
    pairs = ((name, before.get(name), after.get(name)) for name in FIELDS_READ)
    return tuple(FieldValues(*pair) for pair in pairs if pair[1] != pair[2])


def _values(line: ContentRow) -> dict[str, str | None]:
    return {
        "title": line["title"],
        "date": line["date"],
        "source": line["source"],
        "author": line["author"],
        "body": line["body"],
        "captions": "\n".join(image["caption"] or "" for image in line["images"]) or None,
        "attachment names": "\n".join(file["name"] for file in line["attachments"]) or None,
        "section": line["section"],
    }


def _line(output: Path, place: Place) -> ContentRow:
    return cast(ContentRow, line_at(output / place.folder / "articles.jsonl", place.offset))


@dataclass(frozen=True, slots=True)
class _Head:
    id: str
    captured_at: str
    sha256: str


def _heads(output: Path, folder: str) -> Iterator[tuple[Key, int, _Head]]:
    for key, offset, line in _article_lines(output, folder):
        yield key, offset, _Head(line["id"], line["captured_at"], line["content_sha256"])


def _article_lines(output: Path, folder: str) -> Iterator[tuple[Key, int, ArticleRow]]:
    """Damaged lines are skipped; `gdfupin verify` reports them."""
    for offset, record in lines(output / folder / "articles.jsonl", lambda damage: None):
        line = cast(ArticleRow, record)
        try:
            first = line["captures"][0]
            yield (first["warc"], first["offset"]), offset, line
        except (KeyError, TypeError, IndexError):
            continue


def _read(output: Path, folder: str) -> frozenset[Key]:
    """Captures that a reading read as an article, also as a second address of one."""
    found = (record for _, record in lines(output / folder / "sightings.jsonl", lambda damage: None))
    return frozenset(
        (each["capture"]["warc"], each["capture"]["offset"]) for each in found if each.get("outcome") == "read"
    )
