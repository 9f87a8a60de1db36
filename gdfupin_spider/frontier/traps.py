"""Detects crawler traps: calendars, combinations of filters, URLs that grow.

URLs are grouped by templates: the path without its numbers, and the same with the names of the query parameters. A page
is barren if it is not an article and has no new links of another template. A template is given up after FEW barren pages
in a row, plus one for each page that was not barren; a path with any query after twice as many. An article that the
crawl already has counts as a tenth of a barren page, because lists of links to known articles are normal. Pages that are
gone and failures are not counted, because their number is limited by the links.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

FEW = 20
"""Barren pages in a row after which a template is given up."""
DEEPEST = 20
"""Maximum number of steps in a path. Wrong relative links make paths longer and longer."""
SAME_STEPS = 4
"""A path with this number of equal steps grows as well."""
_NUMBER = re.compile(r"\d+")


def path_of(url: str) -> str:
    """The coarse template: host and path without numbers.

    >>> path_of("http://a.cn/html/2021/0113/12.html?x=1")
    'a.cn/html/#/#/#.html'
    """
    return _NUMBER.sub("#", url.partition("://")[2].partition("?")[0].partition("#")[0].lower())


def shape_of(url: str) -> str:
    """The fine template: with the sorted names of the query parameters.

    >>> shape_of("http://a.cn/c.asp?y=2013&m=5&D=1")
    'a.cn/c.asp?d&m&y'
    """
    query = url.partition("#")[0].partition("?")[2]
    names = sorted({pair.partition("=")[0].lower() for pair in query.split("&")}) if query else []
    return f"{path_of(url)}?{'&'.join(names)}" if names else path_of(url)


def grows(url: str) -> bool:
    """Whether the path looks like one that wrong relative links make longer and longer.

    >>> grows("http://a.cn/news/news/news/news/1.htm"), grows("http://a.cn/html/2021/01/01/1.htm")
    (True, False)
    """
    steps = url.partition("://")[2].partition("?")[0].lower().split("/")[1:-1]
    return len(steps) > DEEPEST or any(
        count >= SAME_STEPS and not step.isdigit() for step, count in Counter(steps).items()
    )


@dataclass
class Yield:
    """The results of one template."""

    limit: int
    """Barren pages in a row after which it is given up."""
    barren: float = 0
    """Barren pages since the last fruitful one."""
    fruitful: int = 0
    skipped: int = 0
    """URLs that were left out."""
    given_up: bool = False

    def count(self, fruitful: bool, weight: float = 1.0) -> bool:
        """Counts one page. Returns whether the template is given up because of it."""
        if fruitful:
            self.fruitful += 1
            self.barren = 0
            return False
        self.barren += weight
        if self.given_up or self.barren < self.limit + self.fruitful:
            return False
        self.given_up = True
        return True


class CrawlerTraps:
    """The templates of all URLs of a crawl."""

    def __init__(self) -> None:
        self._yields: dict[str, Yield] = {}

    def allows(self, url: str) -> bool:
        """Whether a URL may be fetched. Counts those that may not."""
        for name in (shape_of(url), path_of(url) + " "):
            found = self._yields.get(name)
            if found is not None and found.given_up:
                found.skipped += 1
                return False
        return True

    def page(self, url: str, new_urls: Iterable[str]) -> list[str]:
        """Counts a non-article page with these new links. Returns the templates that are given up because of it."""
        shape, path = shape_of(url), path_of(url)
        shapes, paths = set(map(shape_of, new_urls)) - {shape}, set(map(path_of, new_urls)) - {path}
        return [*self._count(shape, FEW, bool(shapes)), *self._count(path + " ", 2 * FEW, bool(paths))]

    def article(self, url: str, new: bool) -> list[str]:
        """Counts an article. Returns the templates that are given up because many articles in a row were not new."""
        shape, path = shape_of(url), path_of(url)
        return [*self._count(shape, FEW, new, 0.1), *self._count(path + " ", 2 * FEW, new, 0.1)]

    def given_up(self) -> dict[str, int]:
        """Templates that were given up, with the number of their URLs that were left out."""
        return {name.strip(): found.skipped for name, found in sorted(self._yields.items()) if found.given_up}

    def _count(self, name: str, limit: int, fruitful: bool, weight: float = 1.0) -> list[str]:
        found = self._yields.get(name)
        if found is None:
            found = self._yields[name] = Yield(limit)
        return [name.strip()] if found.count(fruitful, weight) else []
