"""Counts over all articles. Memory grows with sections, years and sources, not with articles."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping

from .metadata import Stratum
from .records import ReleasedRow

MAY_LACK = ("date", "source", "author", "section", "breadcrumb", "info_line", "body", "images", "attachments")
"""Optional fields of an article."""
LENGTHS = (0, 1, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
MOST_SOURCES = 50


class Statistics:
    """Counts articles by section and year, month, source, status, length."""

    def __init__(self) -> None:
        self.articles = self.characters = 0
        self.statuses: Counter[str] = Counter()
        self.has: Counter[str] = Counter()
        self.first_date: str | None = None
        self.last_date: str | None = None
        self.first_seen: str | None = None
        self.last_seen: str | None = None
        self._strata: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        self._months: dict[str, Counter[str]] = defaultdict(Counter)
        self._sources: Counter[str] = Counter()
        self._lengths: Counter[int] = Counter()

    def add(self, article: ReleasedRow) -> None:
        """Counts one article."""
        values: Mapping[str, object] = article
        date, section, size = article["date"], article["section"] or "", len(article["body"])
        self.articles += 1
        self.characters += size
        self.statuses[article["status"]] += 1
        has = [field for field in MAY_LACK if values[field]]
        self.has.update(has)
        stratum = self._strata[section, (date or "")[:4]]
        stratum.update(has)
        stratum[""] += 1
        if date:
            self._months[date[:7]][section] += 1
            self.first_date, self.last_date = min(self.first_date or date, date), max(self.last_date or date, date)
        if article["source"]:
            self._sources[article["source"]] += 1
        self._lengths[LENGTHS[bisect_right(LENGTHS, size) - 1]] += 1
        first, last = article["first_seen"], article["last_seen"]
        self.first_seen, self.last_seen = min(self.first_seen or first, first), max(self.last_seen or last, last)

    @property
    def strata(self) -> tuple[Stratum, ...]:
        """By section, then year."""
        return tuple(
            Stratum(section, year, has[""], {field: has[field] for field in MAY_LACK})
            for (section, year), has in sorted(self._strata.items())
        )

    @property
    def months(self) -> dict[str, dict[str, int]]:
        """Month to section to articles."""
        return {month: dict(sorted(sections.items())) for month, sections in sorted(self._months.items())}

    @property
    def sources(self) -> tuple[tuple[str, int], ...]:
        """The most frequent ones, most frequent first; ties by name."""
        return tuple(sorted(self._sources.items(), key=lambda one: (-one[1], one[0]))[:MOST_SOURCES])

    @property
    def sources_total(self) -> int:
        return len(self._sources)

    @property
    def lengths(self) -> tuple[tuple[int, int], ...]:
        """(least number of characters, articles)"""
        return tuple(sorted(self._lengths.items()))
