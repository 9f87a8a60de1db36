"""Gaps in a site's running numbers: an article that no page links to leaves one.

Addresses that differ in nothing but digits are of one shape; of its numbers the running one is that which
differs from article to article. What shape that is, nobody tells us.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..storage.report import IdRun

ENOUGH = 20
"""Articles a run must have."""
OWN = 0.9
"""So large a share of the articles must have a number that no other has."""
DENSE = 0.1
"""So much of a run must be known; sparser numbers are times, or belong to something else as well."""
JUMP = 1000
"""A larger gap than this, and than there are articles, parts two runs: a new system, or a number from elsewhere."""
SHAPES, EXAMPLES, RUNS = 2000, 5, 10
_DIGITS = re.compile(r"\d{1,12}(?!\d)")


@dataclass(slots=True)
class _Shape:
    """The numbers at each place, of articles and of all else that was met."""

    url: str
    articles: list["array[int]"] = field(default_factory=list)
    others: list["array[int]"] = field(default_factory=list)


def runs(addresses: Iterable[tuple[str, bool]]) -> list[IdRun]:
    """The runs among these addresses (and whether there is an article), the largest first.

    >>> urls = [(f"http://site.example/show.asp?id={n}", True) for n in range(100, 160) if n not in (120, 121, 140)]
    >>> runs([*urls, ("http://site.example/show.asp?id=140", False)])[0].longest
    ((120, 121),)
    """
    shapes: dict[str, _Shape] = {}
    for url, article in addresses:
        rest = url.partition("://")[2].lower()
        host, slash, path = rest.partition("/")
        numbers = _DIGITS.findall(path)
        if not numbers:
            continue
        key = f"{host}{slash}{_DIGITS.sub('#', path)}"
        shape = shapes.get(key)
        if shape is None:
            if len(shapes) >= SHAPES:
                continue
            shape = shapes[key] = _Shape(path)
            for kind in (shape.articles, shape.others):
                kind.extend(array("Q") for _ in numbers)
        for values, number in zip(shape.articles if article else shape.others, numbers, strict=True):
            values.append(int(number))
    found = [run for key, shape in shapes.items() for run in _runs(key, shape)]
    found.sort(key=lambda run: (-run.articles, run.pattern, run.first))
    return found[:RUNS]


def _runs(key: str, shape: _Shape) -> Iterator[IdRun]:
    count = len(shape.articles[0])
    distinct = [len(set(values)) for values in shape.articles]
    place = max(range(len(distinct)), key=lambda n: (distinct[n], n))
    if count < ENOUGH or distinct[place] < OWN * count:
        return
    articles = set(shape.articles[place])
    parts = key.split("#")
    pattern = "#".join(parts[: place + 1]) + "{n}" + "#".join(parts[place + 1 :])
    for known in _parted(sorted(articles), max(JUMP, count)):
        first, last = known[0], known[-1]
        others = {number for number in shape.others[place] if first < number < last} - articles
        span = last - first + 1
        if len(known) < ENOUGH or len(known) + len(others) < DENSE * span:
            continue
        gaps = [(a + 1, b - 1) for a, b in pairwise(sorted({*known, *others})) if b - a > 1]
        longest = sorted(gaps, key=lambda gap: (gap[0] - gap[1], gap))[:EXAMPLES]
        unknown = span - len(known) - len(others)
        yield IdRun(pattern, first, last, len(known), len(others), unknown, tuple(longest))


def _parted(numbers: Sequence[int], jump: int) -> Iterator[list[int]]:
    run = [numbers[0]]
    for before, number in pairwise(numbers):
        if number - before > jump:
            yield run
            run = []
        run.append(number)
    yield run
