"""Endless spaces end by themselves: calendars, filters that combine, links that grow.

Addresses of one shape make a template: the path with its numbers blanked, and the same with the names of the query. A
page is barren if it is no article and leads to nothing new of another template. A template is given up after FEW
barren pages in a row, and one more for each page that was not; a path (whatever its queries) after twice as many. An
article that stands in the crawl already is a tenth of a barren page: lists of links to known articles are ordinary.
Pages that are gone or failed count nothing, for there are only as many as were linked.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FEW = 20
DEEPEST = 20
"""Steps of a path; deeper ones, and those that repeat a step so often, grow by relative links."""
SAME_STEPS = 4
_NUMBER = re.compile(r"\d+")


def path_of(url: str) -> str:
    """The coarse template: host and path without numbers.

    >>> path_of("http://a.cn/html/2021/0113/12.html?x=1")
    'a.cn/html/#/#/#.html'
    """
    return _NUMBER.sub("#", url.partition("://")[2].partition("?")[0].partition("#")[0].lower())


def shape_of(url: str) -> str:
    """The fine template: with the names of the query, sorted.

    >>> shape_of("http://a.cn/c.asp?y=2013&m=5&D=1")
    'a.cn/c.asp?d&m&y'
    """
    query = url.partition("#")[0].partition("?")[2]
    names = sorted({pair.partition("=")[0].lower() for pair in query.split("&")}) if query else []
    return f"{path_of(url)}?{'&'.join(names)}" if names else path_of(url)


def grows(url: str) -> bool:
    """Whether a path is one that relative links make longer and longer.

    >>> grows("http://a.cn/news/news/news/news/1.htm"), grows("http://a.cn/html/2021/01/01/1.htm")
    (True, False)
    """
    steps = url.partition("://")[2].partition("?")[0].lower().split("/")[1:-1]
    return len(steps) > DEEPEST or any(
        count >= SAME_STEPS and not step.isdigit() for step, count in Counter(steps).items()
    )


@dataclass
class Yield:
    """What a template has brought."""

    limit: int
    barren: float = 0
    fruitful: int = 0
    skipped: int = 0
    given_up: bool = False

    def brought(self, something: bool, weight: float = 1.0) -> bool:
        """Counts one page; whether the template is given up by it."""
        if something:
            self.fruitful += 1
            self.barren = 0
            return False
        self.barren += weight
        if self.given_up or self.barren < self.limit + self.fruitful:
            return False
        self.given_up = True
        return True


class Templates:
    """All templates of a crawl."""

    def __init__(self) -> None:
        self._yields: dict[str, Yield] = {}

    def allows(self, url: str) -> bool:
        """Whether an address may be fetched; those that may not are counted."""
        for name in (shape_of(url), path_of(url) + " "):
            found = self._yields.get(name)
            if found is not None and found.given_up:
                found.skipped += 1
                return False
        return True

    def page(self, url: str, led_to: Iterable[str]) -> list[str]:
        """A page that is no article led to these new addresses; the templates that are given up by it."""
        shape, path = shape_of(url), path_of(url)
        shapes, paths = set(map(shape_of, led_to)) - {shape}, set(map(path_of, led_to)) - {path}
        return [*self._brought(shape, FEW, bool(shapes)), *self._brought(path + " ", 2 * FEW, bool(paths))]

    def article(self, url: str, new: bool) -> list[str]:
        """An article came; the templates that are given up because none of the last many was new."""
        shape, path = shape_of(url), path_of(url)
        return [*self._brought(shape, FEW, new, 0.1), *self._brought(path + " ", 2 * FEW, new, 0.1)]

    def given_up(self) -> dict[str, int]:
        """Templates that were given up, and how many addresses of them were left out."""
        return {name.strip(): found.skipped for name, found in sorted(self._yields.items()) if found.given_up}

    def _brought(self, name: str, limit: int, something: bool, weight: float = 1.0) -> list[str]:
        found = self._yields.get(name)
        if found is None:
            found = self._yields[name] = Yield(limit)
        return [name.strip()] if found.brought(something, weight) else []
