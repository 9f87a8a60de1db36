"""Common subsequences of two sequences: of paragraphs or of characters."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)
CELLS = 200_000_000
"""Most pairs that are compared at once, a bit each: 25 MB, 0.1 s. Longer sequences are compared by `_with_few_edits`, else split at elements that occur once."""
STEPS = 10_000_000
"""Most steps of a search for few edits: a second."""
EDITS = 256
"""Most deletions and insertions that it looks for."""


class Span(NamedTuple):
    """`old[a:b]` against `new[c:d]`."""

    same: bool
    a: int
    b: int
    c: int
    d: int


def aligned(old: Sequence[T], new: Sequence[T]) -> list[Span]:
    """Equal and unequal spans in turns; together they cover both sequences.

    >>> [tuple(span) for span in aligned("甲乙丙丁", "甲丙丁戊")]
    [(True, 0, 1, 0, 1), (False, 1, 2, 1, 1), (True, 2, 4, 1, 3), (False, 4, 4, 3, 4)]
    """
    spans: list[Span] = []
    i = j = 0
    for a, c, length in (*_matches(old, new, 0, len(old), 0, len(new)), (len(old), len(new), 0)):
        if a > i or c > j:
            spans.append(Span(False, i, a, j, c))
            i, j = a, c
        if length and spans and spans[-1].same:
            spans[-1] = spans[-1]._replace(b=a + length, d=c + length)
        elif length:
            spans.append(Span(True, a, a + length, c, c + length))
        i, j = a + length, c + length
    return spans


def _matches(old: Sequence[T], new: Sequence[T], a: int, b: int, c: int, d: int) -> Iterator[tuple[int, int, int]]:
    """(index in old, index in new, length) of equal spans within old[a:b] and new[c:d], in order."""
    head = a
    while a < b and c < d and old[a] == new[c]:
        a, c = a + 1, c + 1
    if a > head:
        yield head, c - (a - head), a - head
    tail = b
    while a < b and c < d and old[b - 1] == new[d - 1]:
        b, d = b - 1, d - 1
    if a < b and c < d:
        if (b - a) * (d - c) <= CELLS:
            yield from _common(old[a:b], new[c:d], a, c)
        elif (found := _with_few_edits(old[a:b], new[c:d])) is not None:
            for x, y, length in found:
                yield a + x, c + y, length
        else:
            at, to = a, c
            for x, y in _anchors(old, new, a, b, c, d):
                if x >= at and y >= to:
                    yield from _matches(old, new, at, x, to, y)
                    yield x, y, 1
                    at, to = x + 1, y + 1
            if at > a:  # without an anchor nothing would become smaller
                yield from _matches(old, new, at, b, to, d)
    if tail > b:
        yield b, d, tail - b


def _common(old: Sequence[T], new: Sequence[T], at: int, to: int) -> Iterator[tuple[int, int, int]]:
    """A longest common subsequence by rows of bits (Hyyrö 2004), walked back from the end."""
    places: dict[T, int] = {}
    for place, item in enumerate(old):
        places[item] = places.get(item, 0) | 1 << place
    full = (1 << len(old)) - 1
    row, rows = full, [full]
    for item in new:
        met = row & places.get(item, 0)
        row = ((row + met) | (row - met)) & full
        rows.append(row)
    found: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if rows[j] >> (i - 1) & 1:
            i -= 1
        else:
            j -= 1
            if not j or rows[j] >> (i - 1) & 1:
                i -= 1
                found.append((i, j))
    for i, j in reversed(found):
        yield at + i, to + j, 1


def _with_few_edits(old: Sequence[T], new: Sequence[T]) -> list[tuple[int, int, int]] | None:
    """Equal spans of long sequences that differ in few places (Myers 1986, greedy); None where there are more.

    `furthest[k]` is the furthest index of `old` that is reached on the diagonal k = (index in old) - (index in new).
    """
    rows, columns = len(old), len(new)
    most = min(EDITS, STEPS // (rows + columns))
    furthest, rounds = {1: 0}, list[dict[int, int]]()
    for edits in range(most + 1):
        if abs(rows - columns) > most:
            return None
        rounds.append(dict(furthest))
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
            i = furthest[k + 1] if down else furthest[k - 1] + 1
            while i < rows and i - k < columns and old[i] == new[i - k]:
                i += 1
            furthest[k] = i
            if i >= rows and i - k >= columns:
                return _walked_back(rounds, rows, columns)
    return None


def _walked_back(rounds: Sequence[dict[int, int]], rows: int, columns: int) -> list[tuple[int, int, int]]:
    """The equal spans on the way to the end. `rounds`: the furthest indexes before each edit."""
    found: list[tuple[int, int, int]] = []
    i, k = rows, rows - columns
    for edits in range(len(rounds) - 1, -1, -1):
        furthest = rounds[edits]
        down = k == -edits or (k != edits and furthest.get(k - 1, -1) < furthest.get(k + 1, -1))
        begin = 0 if not edits else furthest[k + 1] if down else furthest[k - 1] + 1
        if i > begin:
            found.append((begin, begin - k, i - begin))
        if edits:
            k = k + 1 if down else k - 1
            i = furthest[k]
    return found[::-1]


def _anchors(old: Sequence[T], new: Sequence[T], a: int, b: int, c: int, d: int) -> list[tuple[int, int]]:
    """Elements that occur once in both, as far as they are in the same order (patience diff)."""
    once = {item for item, count in Counter(old[a:b]).items() if count == 1}
    once &= {item for item, count in Counter(new[c:d]).items() if count == 1}
    place = {old[i]: i for i in range(a, b) if old[i] in once}
    pairs = [(place[new[j]], j) for j in range(c, d) if new[j] in once]
    ends: list[int] = []  # the longest rising subsequence, by its ends
    best: list[int] = []
    before: list[int] = []
    for n, (i, _) in enumerate(pairs):
        k = bisect_left(ends, i)
        before.append(best[k - 1] if k else -1)
        ends[k:] = [i] if k == len(ends) else [i, *ends[k + 1 :]]
        best[k:] = [n] if k == len(best) else [n, *best[k + 1 :]]
    chain: list[tuple[int, int]] = []
    n = best[-1] if best else -1
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]
