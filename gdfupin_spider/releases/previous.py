"""Comparison with the previous release: what was lost and what changed.

Both files of articles are in the order of ids, so memory grows with what differs, not with what there is.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ..diff import ComparedArticle, Difference, Head, compare
from ..diff.sets import names_of
from .check_inputs import Examples
from .formats import read_lines
from .records import ReleasedRow
from .statistics import MAY_LACK


@dataclass(slots=True)
class ReleaseComparison:
    """Differences of two releases."""

    shared: int = 0
    """Articles in both."""
    lost: Examples = field(default_factory=Examples)
    """Ids of the previous release that are neither an id nor an alias in this one."""
    merged: int = 0
    """Articles of the previous release that are aliases of another one now."""
    versions_left_out: int = 0
    """Versions of articles of the previous release that a person rejected or withdrew since."""
    without: Counter[str] = field(default_factory=Counter)
    """By field: articles in both that lost it, minus those that gained it; fields that a person decided are left out."""
    differ: set[str] = field(default_factory=set)
    """Ids of articles that may have changed."""


def comparison(old: Path, new: Path, left_out: Collection[str] = ()) -> ReleaseComparison:
    """Compares two files of articles. `left_out`: ids of pages that a person rejected or withdrew. Raises ArchiveError."""
    found, gone, come = ReleaseComparison(), set[str](), set[str]()
    olds, news = _records(old), _records(new)
    before, after = next(olds, None), next(news, None)
    while before is not None or after is not None:
        if after is None or (before is not None and before["id"] < after["id"]):
            assert before is not None
            if {before["id"], *(alias["id"] for alias in before["aliases"])} & set(left_out):
                found.versions_left_out += before["version"]
            else:
                gone.add(before["id"])
            before = next(olds, None)
        elif before is None or after["id"] < before["id"]:
            come.add(after["id"])
            after = next(news, None)
        else:
            found.shared += 1
            old_values: Mapping[str, object] = before
            new_values: Mapping[str, object] = after
            for name in MAY_LACK:
                if name in after["reviewed"]:
                    continue
                found.without[name] += bool(old_values[name]) - bool(new_values[name])
            if _compared(before) != _compared(after):
                found.differ.add(before["id"])
            before, after = next(olds, None), next(news, None)
    merged, parted = _elsewhere(gone, new), _elsewhere(come, old)
    found.merged = len(merged)
    for id_ in sorted(gone - merged):
        found.lost.add(id_)
    found.differ |= (gone - merged) | (come - parted)
    return found


def _compared(row: ReleasedRow) -> tuple[str, str, str]:
    """Equal for two rows of an article without changes."""
    return row["content_sha256"], row["url"], row["status"]


def changes(old: Path, new: Path, names: tuple[str, str], differ: set[str]) -> Iterator[Difference]:
    """Changes of the articles that may differ, by id."""
    if differ:
        yield from compare(_Part(old, names[0], differ), _Part(new, names[1], differ))


@dataclass(frozen=True)
class _Part:
    """Some articles of a file; a `diff.ArticleSet`."""

    path: Path
    name: str
    ids: set[str]

    def heads(self) -> Iterator[Head]:
        return (Head(each["id"], each["content_sha256"], each["url"], each["status"]) for each in self._each())

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        for row, each in enumerate(self._each()):
            yield row, names_of([name for alias in each["aliases"] for name in (alias["id"], alias["url"])])

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        wanted = set(rows)
        return (cast(ComparedArticle, record) for row, record in enumerate(self._each()) if row in wanted)

    def _each(self) -> Iterator[ReleasedRow]:
        return (record for record in _records(self.path) if record["id"] in self.ids)


def _elsewhere(ids: set[str], path: Path) -> set[str]:
    """Those of these ids that are aliases of an article in this file."""
    if not ids:
        return set()
    return {alias["id"] for record in _records(path) for alias in record["aliases"] if alias["id"] in ids}


def _records(path: Path) -> Iterator[ReleasedRow]:
    return map(json.loads, read_lines(path))
