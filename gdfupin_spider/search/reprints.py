"""Which articles are (nearly) the same text: reprints under another headline, with another byline, or with paragraphs cut.

MinHash finds the pairs that may be, a comparison of all their shingles decides. Only the body counts. A quotation, a heading or a
paragraph that two texts share does not join them: of all that both have, most must be in both.
"""

import re
import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import eq
from typing import Any

from ..errors import NotInstalled
from ..messages.text import N_

SHINGLE = 5
"""Characters of a shingle; punctuation and spaces are left out, width and case folded."""
SAME = 0.6
"""Least share of common shingles among all of two texts. A reprint that lost a third of its paragraphs has 0.66; two stories of
the replica that are made of the same sentences have at most 0.51."""
WHOLE = 0.8
"""Least share of the shingles of the shorter text that the other has, too: two short reports of one speech and one campaign may
share six tenths of their text, but neither is in the other as a whole."""
SHORT, SHORTEST = 100, 30
"""Shingles. Short notices are much alike where they differ in a day or a name, so below SHORT only equal ones are one text; captions,
below SHORTEST, are none."""
HASHES, ROWS = 128, 4
"""Of a signature, and of each of its bands: of two texts that have SAME in common, 99 of 100 pairs share a band."""
SEED = 20210113
MARGIN = 0.15
"""How far an estimate from two signatures may be off: three standard deviations."""
MOST_COMPARED = 100
"""Texts in one bucket that a further one is compared with, so that a phrase in all texts costs no square."""
_OTHERS = re.compile(r"[\W_]+")


Age = tuple[bool, str, str, str]


def age(date: str | None, first_seen: str, id_: str) -> Age:
    """What the articles of a group are sorted by, the first one first: printed date, without one last; first sighting; id.

    >>> sorted([age(None, "2026", "a"), age("2020-01-01", "2026", "c"), age("2020-01-01", "2026", "b")])[0][3]
    'b'
    """
    return not date, date or "", first_seen, id_


class ReprintFinder:
    """Takes texts one by one; keeps half a kilobyte of each."""

    def __init__(self) -> None:
        """Raises NotInstalled."""
        self._sketch = _library()
        self._signatures = array("I")
        self._compared: list[int] = []
        """Numbers of the texts that have a signature, in its order."""
        self._texts = 0

    def add(self, text: str) -> None:
        """The next text; they are numbered from 0."""
        plain = _plain(text)
        found = _runs(plain)
        # A run that occurs twice does not change a signature, so most texts need no set of their runs.
        if len(set(plain)) >= SHORTEST + SHINGLE - 1 or len(set(found)) >= SHORTEST:
            sketch = self._sketch(num_perm=HASHES, seed=SEED)
            sketch.update(found)
            self._signatures.extend(sketch.digest())
            self._compared.append(self._texts)
        self._texts += 1

    def groups(self, text: Callable[[int], str], age_of: Callable[[int], Age] | None = None) -> list[tuple[int, ...]]:
        """Numbers of the texts of each group of two or more. `text` gives a text again by its number, `age_of` what a group is sorted by;
        None: by number."""
        parents = list(range(len(self._compared)))

        @lru_cache(maxsize=256)
        def of(place: int) -> frozenset[str]:
            return shingles(text(self._compared[place]))

        different: set[tuple[int, int]] = set()
        for bucket in self._buckets():
            for late, place in enumerate(bucket):
                for other in bucket[max(0, late - MOST_COMPARED) : late]:
                    one, two = _root(parents, other), _root(parents, place)
                    if one == two or (other, place) in different:
                        continue
                    if self._estimate(other, place) >= SAME - MARGIN and same_text(of(other), of(place)):
                        parents[max(one, two)] = min(one, two)
                    else:
                        different.add((other, place))
        members: dict[int, list[int]] = defaultdict(list)
        for place, number in enumerate(self._compared):
            members[_root(parents, place)].append(number)
        return [tuple(sorted(each, key=age_of)) for each in members.values() if len(each) > 1]

    def _buckets(self) -> Iterator[list[int]]:
        """Places of signatures that agree in a band, two or more; one band at a time, for memory."""
        for start in range(0, HASHES, ROWS):
            first: dict[bytes, int] = {}
            buckets: dict[bytes, list[int]] = {}
            for place in range(len(self._compared)):
                at = place * HASHES + start
                band = self._signatures[at : at + ROWS].tobytes()
                if (known := first.setdefault(band, place)) != place:
                    buckets.setdefault(band, [known]).append(place)
            yield from buckets.values()

    def _estimate(self, one: int, two: int) -> float:
        first, second = (self._signatures[place * HASHES : (place + 1) * HASHES] for place in (one, two))
        return int(sum(map(eq, first, second))) / HASHES


def shingles(text: str) -> frozenset[str]:
    """
    >>> sorted(shingles("扶贫，ＧＤＰ 增长！"))
    ['gdp增长', '扶贫gdp', '贫gdp增']
    """
    return frozenset(_runs(_plain(text)))


def _plain(text: str) -> str:
    return _OTHERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _runs(plain: str) -> list[str]:
    return [plain[at : at + SHINGLE] for at in range(len(plain) - SHINGLE + 1)]


def same_text(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether two texts, by their shingles, are nearly the same."""
    if min(len(one), len(two)) < SHORT:
        return one == two
    common = len(one & two)
    return common >= SAME * (len(one) + len(two) - common) and common >= WHOLE * min(len(one), len(two))


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = number = parents[parents[number]]
    return number


def _library() -> Any:
    try:
        from rensa import RMinHash
    except ImportError:
        raise NotInstalled("rensa", N_("reprint groups"), "datasets") from None
    return RMinHash
