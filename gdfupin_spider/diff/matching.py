"""Matches articles of two sets whose ids differ, by the rules of the catalog.

- Same name: both have an id or an address in common.
- Same content: everything but the section is equal.
- Continued: title and date are equal, and the bodies at least 90 % alike.

The catalog knows when an address was missing. A set of articles does not: here an old address is missing if the
new set does not have it.
"""

import hashlib
from collections.abc import Callable, Mapping

from ..catalog import Rules
from ..catalog.similarity import alike
from .difference import ComparedArticle, content_fields
from .sets import Head

Pair = tuple[int, int]
"""(row of the old set, row of the new set)"""
Names = Mapping[int, tuple[str, ...]]
"""Further ids and identity keys of articles, by row."""
Read = Callable[[int], ComparedArticle]


def by_name(old: Mapping[int, Head], new: Mapping[int, Head], more_old: Names, more_new: Names) -> list[Pair]:
    """Pairs of rows with a common id or address; each row once."""
    rows: dict[str, int] = {}
    for row in _by_id(old):
        for name in (*old[row].names(), *more_old.get(row, ())):
            rows.setdefault(name, row)
    pairs: dict[int, int] = {}
    for row in _by_id(new):
        hits = (rows[name] for name in (*new[row].names(), *more_new.get(row, ())) if name in rows)
        partner = next((hit for hit in hits if hit not in pairs), None)
        if partner is not None:
            pairs[partner] = row
    return list(pairs.items())


def known_elsewhere(loners: Mapping[int, Head], names: Names) -> set[int]:
    """Rows whose id or address is an alias of an article of the other set."""
    rows = {name: row for row, head in loners.items() for name in head.names()}
    return {rows[name] for some in names.values() for name in some if name in rows}


def by_text(old: Mapping[int, Head], new: Mapping[int, Head], read_old: Read, read_new: Read) -> list[Pair]:
    """Pairs of rows with equal content, without the section."""
    rows: dict[bytes, list[int]] = {}
    for row in reversed(_by_id(old)):
        rows.setdefault(_text(read_old(row)), []).append(row)
    return [(found.pop(), row) for row in _by_id(new) if (found := rows.get(_text(read_new(row))))]


def carried_on(old: Mapping[int, Head], new: Mapping[int, Head], read_old: Read, read_new: Read) -> list[Pair]:
    """Pairs of rows with equal title and date and similar bodies."""
    share = Rules().alike_share
    by_title: dict[tuple[str, str | None], dict[int, int]] = {}  # how long the bodies are, by row
    for row in _by_id(old):
        record = read_old(row)
        by_title.setdefault(_title(record), {})[row] = _length(record)
    pairs: list[Pair] = []
    for row in _by_id(new):
        record = read_new(row)
        candidates = by_title.get(_title(record), {})
        length = _length(record)
        near = (each for each, n in candidates.items() if 2 * min(n, length) >= share * (n + length))
        partner = next((each for each in near if alike(read_old(each)["body"], record["body"], share)), None)
        if partner is not None:
            del candidates[partner]
            pairs.append((partner, row))
    return pairs


def _length(record: ComparedArticle) -> int:
    return sum(map(len, record["body"].split()))


def _by_id(heads: Mapping[int, Head]) -> list[int]:
    return sorted(heads, key=lambda row: heads[row].id)


def _title(record: ComparedArticle) -> tuple[str, str | None]:
    return record["title"], record["date"]


def _text(record: ComparedArticle) -> bytes:
    return hashlib.sha256(repr(content_fields(record)).encode("utf-8", "backslashreplace")).digest()[:16]
