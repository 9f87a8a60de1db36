"""The records of a release, from the catalog and the article lines, in the order of ids."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from ..catalog import Alias, ArticleState, Catalog, Place, VersionState
from ..catalog.decisions import Applied, Decisions
from ..catalog.withdrawn import Withdrawn
from ..errors import ArchiveError
from ..items import Article
from ..messages.text import N_
from ..profiles import gazetteer, source_names
from ..search.reprints import Age, ReprintFinder, age
from ..storage.json_rows import ArticleRow
from .records import ReleasedRow, VersionRow

MOST_OPEN = 64
AT_ONCE = 16_384
"""Bytes of a line that are read first; most lines are shorter."""
_ARTICLE = tuple(field.name for field in fields(Article))


@dataclass(frozen=True, slots=True)
class ArticleRecords:
    """An article with its versions."""

    article: ReleasedRow | None
    """None if no version has a line."""
    versions: tuple[VersionRow, ...]
    """First to last."""
    lost: int
    """Number of versions without a line: a power cut can lose one."""


class ArticleLines:
    """Reads article lines by position. Files stay open, up to MOST_OPEN."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._open: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            for file in self._open.values():
                stack.callback(os.close, file)
        self._open = {}

    def read(self, place: Place) -> ArticleRow:
        """The fields of Article, in their order. Raises ArchiveError if there is no such line."""
        path = self._output / place.folder / "articles.jsonl"
        try:
            line = self._line(self._file(place.folder, path), place.offset)
            record = json.loads(line)
        except OSError as error:
            raise ArchiveError(path, error.strerror or str(error), place.offset) from error
        except ValueError as error:
            raise ArchiveError(path, N_("no article line: {error}", error=error), place.offset) from error
        if not isinstance(record, dict) or tuple(record) != _ARTICLE:
            raise ArchiveError(path, N_("no article line: it has other fields"), place.offset)
        # JSON may write half of a surrogate pair, which no other format can hold.
        return cast(ArticleRow, without_surrogates(record) if b"\\ud" in line.lower() else record)

    def _file(self, folder: str, path: Path) -> int:
        file = self._open.get(folder)
        if file is None:
            if len(self._open) >= MOST_OPEN:
                os.close(self._open.pop(next(iter(self._open))))
            file = self._open[folder] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return file

    def _line(self, file: int, offset: int) -> bytes:
        line, size = b"", AT_ONCE
        while b"\n" not in line:
            more = os.pread(file, size, offset + len(line))
            if not more:
                break
            line, size = line + more, size * 4
        return line.partition(b"\n")[0]


def first_reprints(catalog: Catalog, lines: ArticleLines, decisions: Decisions, withdrawn: Withdrawn) -> dict[str, str]:
    """By the id of each article that shares its text: the id of the first article with this text, by printed date."""
    finder, ids = ReprintFinder(), list[str]()
    for id_, group in groupby(catalog.versions(), key=lambda version: version.id):
        if id_ in withdrawn:
            continue
        if (newest := _newest(group, lines, decisions)) is not None:
            finder.add(newest["body"])
            ids.append(id_)

    def read(number: int) -> ArticleRow:
        newest = _newest(catalog.versions(ids[number]), lines, decisions)
        assert newest is not None
        return newest

    def age_of(number: int) -> Age:
        return age(read(number)["date"], next(catalog.versions(ids[number])).first_seen, ids[number])

    found: dict[str, str] = {}
    for numbers in finder.groups(lambda number: read(number)["body"], age_of):
        found.update((ids[number], ids[numbers[0]]) for number in numbers)
    return found


def _newest(versions: Iterable[VersionState], lines: ArticleLines, decisions: Decisions) -> ArticleRow | None:
    """The newest version of an article that has a line, with the decisions of persons."""
    places = [version.line for version in versions if version.line is not None]
    return _decided(lines, places[-1], decisions) if places else None


def _decided(lines: ArticleLines, place: Place, decisions: Decisions) -> ArticleRow:
    return cast(ArticleRow, decisions.applied(cast(Mapping[str, object], lines.read(place))).record)


def article_records(
    catalog: Catalog, lines: ArticleLines, decisions: Decisions, withdrawn: Withdrawn, reprints: Mapping[str, str]
) -> Iterator[ArticleRecords]:
    """All articles by id, with the decisions of persons, without withdrawn ones. `reprints`: see `first_reprints`."""
    versions = groupby(catalog.versions(), key=lambda version: version.id)
    for state, (id_, group) in zip(catalog.articles(), versions, strict=True):
        assert state.id == id_
        if id_ in withdrawn:
            continue
        states = list(group)
        read = [
            (version, decisions.applied(cast(Mapping[str, object], lines.read(version.line))))
            for version in states
            if version.line
        ]
        article: ReleasedRow | None = None
        if read:
            article = _article(state, catalog.addresses(state.id), *read[-1], reprints.get(state.id))
        yield ArticleRecords(article, tuple(_version(*each) for each in read), len(states) - len(read))


def _article(
    state: ArticleState, aliases: Iterable[Alias], newest: VersionState, applied: Applied, first: str | None
) -> ReleasedRow:
    record = cast(ArticleRow, applied.record)
    return {
        **record,
        "id": state.id,
        "aliases": [{"id": alias.id, "url": alias.url, "sections": list(alias.sections)} for alias in aliases],
        "version": newest.number,
        "first_seen": state.first_seen,
        "last_seen": state.last_seen,
        "status": state.status,
        "sections": list(state.sections),
        "reviewed": list(applied.reviewed),
        "source_name": source_names.bundled().name(record["source"]),
        "reprint_group": first,
        "reprint_first": first in (None, state.id),
        "places": gazetteer.bundled().places(record["title"], record["body"], record["date"]),
    }


def _version(state: VersionState, applied: Applied) -> VersionRow:
    return {
        **cast(ArticleRow, applied.record),
        "id": state.id,
        "version": state.number,
        "first_seen": state.first_seen,
        "last_seen": state.last_seen,
        "sightings": state.sightings,
        "reviewed": list(applied.reviewed),
    }


def without_surrogates(value: Any) -> Any:
    """Lone surrogates become U+FFFD, which the check `replaced` then finds."""
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [without_surrogates(part) for part in value]
        case dict():
            return {key: without_surrogates(part) for key, part in value.items()}
        case _:
            return value
