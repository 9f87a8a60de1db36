"""A deterministic sample of a hundred articles, spread over sections and years."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import heappushpop
from itertools import zip_longest

SIZE = 100
_ORDER = int.from_bytes(b"\xff" * 8)


def choose(articles: Iterable[tuple[str, str, str]], size: int = SIZE) -> frozenset[str]:
    """Ids of `size` of these (id, section, year).

    In turn one of each section, and of a section in turn one of each year, newest first; a hash of the id decides which one, so
    that new articles seldom change the choice. Memory grows with sections and years only.

    >>> sorted(choose([("a", "要闻", "2020"), ("b", "要闻", "2020"), ("c", "动态", "2021")], 2) - {"a", "b"})
    ['c']
    """
    strata: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for id_, section, year in articles:
        # The smallest hashes are kept, as the largest negative numbers, of which a heap drops the smallest.
        kept, entry = strata[section, year], (-_rank(id_), id_)
        if len(kept) < size:
            kept.append(entry)
            kept.sort()
        elif entry > kept[0]:
            heappushpop(kept, entry)
    sections: dict[str, list[list[str]]] = defaultdict(list)
    for section, year in sorted(strata, key=lambda one: (one[0], one[1]), reverse=True):
        sections[section].append([id_ for _, id_ in sorted(strata[section, year], reverse=True)])
    turns = _in_turn([_in_turn(years) for _, years in sorted(sections.items())])
    return frozenset(id_ for id_, _ in zip(turns, range(size), strict=False))


def _in_turn(lists: list[list[str]] | list[Iterator[str]]) -> Iterator[str]:
    """The first of each list, then the second of each."""
    for row in zip_longest(*lists):
        yield from (each for each in row if each is not None)


def _rank(id_: str) -> int:
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:8])
