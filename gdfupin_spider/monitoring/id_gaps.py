"""Gaps in the consecutive numbers that a site gives its articles: an article that no page links to leaves one.

URLs that differ only in digits are of one shape. Of the numbers in a shape, the consecutive one differs from article to
article.
"""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..storage.aftermath import IdRun

MIN_ARTICLES = 20
"""In a run."""
MIN_DISTINCT = 0.9
"""Minimum share of the articles whose number no other article has."""
MIN_KNOWN = 0.1
"""Minimum share of known numbers in a run; sparser numbers are times, or are shared with other content."""
MAX_GAP = 1000
"""A gap larger than this and than the number of articles separates two runs: a new system, or an unrelated number."""
SHAPES, EXAMPLES, RUNS = 2000, 5, 10
_DIGITS = re.compile(r"\d{1,12}(?!\d)")


@dataclass(slots=True)
class _Shape:
    """The numbers at each position, of articles and of other known URLs."""

    url: str
    articles: list["array[int]"] = field(default_factory=list)
    others: list["array[int]"] = field(default_factory=list)


def runs(addresses: Iterable[tuple[str, bool]]) -> list[IdRun]:
    """The runs among these URLs (each with whether it is an article), the largest first.

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
    if count < MIN_ARTICLES or distinct[place] < MIN_DISTINCT * count:
        return
    articles = set(shape.articles[place])
    parts = key.split("#")
    pattern = "#".join(parts[: place + 1]) + "{n}" + "#".join(parts[place + 1 :])
    for known in _parted(sorted(articles), max(MAX_GAP, count)):
        first, last = known[0], known[-1]
        others = {number for number in shape.others[place] if first < number < last} - articles
        span = last - first + 1
        if len(known) < MIN_ARTICLES or len(known) + len(others) < MIN_KNOWN * span:
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
