"""Which articles are searched, whatever their words: by section, source, status and year."""

from collections.abc import Iterable
from dataclasses import dataclass

from .folding import fold


@dataclass(frozen=True, slots=True)
class ArticleSelection:
    """Conditions on articles; an empty one admits all. Names are compared folded."""

    sections: tuple[str, ...] = ()
    """As printed, or of a listing that links to the article; one of them."""
    sources: tuple[str, ...] = ()
    """As printed, or canonical names; one of them."""
    statuses: tuple[str, ...] = ()
    since_year: str = ""
    """`2019`: dated in this year or later. Articles without a date are in no period."""
    until_year: str = ""
    all_versions: bool = False
    """Every version; else the newest of each article."""

    @property
    def is_empty(self) -> bool:
        """Whether all articles are selected."""
        return not (self.sections or self.sources or self.statuses or self.since_year or self.until_year)

    def admits(self, sections: Iterable[str], sources: Iterable[str], status: str, date: str | None) -> bool:
        """Whether an article with these names is selected. `date`: `YYYY`, and whatever follows."""
        return (
            _has_one(self.sections, sections)
            and _has_one(self.sources, sources)
            and (not self.statuses or status in self.statuses)
            and self.admits_date(date)
        )

    def admits_date(self, date: str | None) -> bool:
        """Whether this is within the period, if there is one."""
        if not (self.since_year or self.until_year):
            return True
        year = (date or "")[:4]
        return bool(year) and self.since_year <= year <= (self.until_year or "9999")


def _has_one(asked: tuple[str, ...], names: Iterable[str]) -> bool:
    return not asked or not {fold(name) for name in asked}.isdisjoint(map(fold, names))
