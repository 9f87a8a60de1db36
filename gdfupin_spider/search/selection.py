"""Which articles are searched, whatever their words: by section, source, place, status, date and edits."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .folding import fold

PERIOD = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
"""A year, month or day: `2019`, `2019-03`, `2019-03-05`."""
_RANGE = re.compile(rf"(?P<since>{PERIOD})?(?P<range>\.\.)?(?P<until>{PERIOD})?")


@dataclass(frozen=True, slots=True)
class ArticleSelection:
    """Conditions on articles; an empty one admits all. Names are compared folded."""

    sections: tuple[str, ...] = ()
    """As printed, or of a listing that links to the article; one of them."""
    sources: tuple[str, ...] = ()
    """As printed, or canonical names; one of them."""
    statuses: tuple[str, ...] = ()
    since: str = ""
    """A PERIOD: dated in it or later. Articles without a date are in no period."""
    until: str = ""
    """Dated in it or earlier."""
    all_versions: bool = False
    """Every version; else the newest of each article."""
    places: tuple[str, ...] = ()
    """Full names of counties, cities or prefectures on the date of the version, which must name one of them."""
    is_edited: bool = False
    """Only articles with several versions."""
    no_longer: bool = False
    """Only older versions that have the words, of articles whose newest version does not."""

    def admits(
        self,
        sections: Iterable[str],
        sources: Iterable[str],
        status: str,
        date: str | None,
        places: Iterable[str],
        versions: int,
    ) -> bool:
        """Whether a version is selected, but for `no_longer`. `versions`: how many its article has."""
        return (
            self.admits_article(sections, sources, status, is_edited=versions > 1)
            and _has_one(self.places, places)
            and self._is_within(date)
        )

    def admits_article(self, sections: Iterable[str], sources: Iterable[str], status: str, *, is_edited: bool) -> bool:
        """Whether an article is selected by all that does not need the text or the date of a version."""
        return (
            _has_one(self.sections, sections)
            and _has_one(self.sources, sources)
            and (not self.statuses or status in self.statuses)
            and (is_edited or not self.is_edited)
        )

    def admits_places(self, places: Iterable[str]) -> bool:
        """Whether a version that names these is selected."""
        return _has_one(self.places, places)

    @property
    def finds_versions(self) -> bool:
        """Whether versions are found rather than articles."""
        return self.all_versions or self.no_longer

    @property
    def dated(self) -> str:
        """`2019..2021`; empty: whenever."""
        return f"{self.since}..{self.until}" if self.since or self.until else ""

    def admits_year(self, year: str) -> bool:
        """Whether something of this year may be within the period, if there is one."""
        if not self.dated:
            return True
        return bool(year) and self.since[:4] <= year and (not self.until or year <= self.until[:4])

    def _is_within(self, date: str | None) -> bool:
        if not (self.since or self.until):
            return True
        return (
            bool(date)
            and (date or "") >= self.since
            and (not self.until or (date or "")[: len(self.until)] <= self.until)
        )


def period_of(text: str) -> tuple[str, str] | None:
    """The first and the last period of `2019`, `2019-03..2020`, `2019..` or `..2020-03-05`; empty: none. None: it is something else.

    >>> period_of("2019-03"), period_of("2019.."), period_of("..2020-03-05"), period_of("2019-13"), period_of("..")
    (('2019-03', '2019-03'), ('2019', ''), ('', '2020-03-05'), None, None)
    """
    found = _RANGE.fullmatch(text)
    if found is None or text in ("", "..") or (found["since"] and found["until"] and not found["range"]):
        return None
    since, until = found["since"] or "", found["until"] or ""
    return since, until if found["range"] else since


def is_reversed(since: str, until: str) -> bool:
    """Whether a period ends before it begins."""
    return bool(since and until) and since[: len(until)] > until


def _has_one(asked: tuple[str, ...], names: Iterable[str]) -> bool:
    return not asked or not {fold(name) for name in asked}.isdisjoint(map(fold, names))
