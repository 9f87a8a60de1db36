"""The rows of the tables that are made of all articles: sections, sources, groups of reprints; and the places of one article.

Memory grows with sections, sources and groups.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ..catalog import ListingState
from ..items import as_dict
from ..profiles import source_names
from .records import ReleasedReprints, ReleasedRow, ReleasedSection, ReleasedSource

Row = dict[str, object]


@dataclass(slots=True)
class _Group:
    articles: int = 0
    first_date: str | None = None
    last_date: str | None = None
    sources: set[str] = field(default_factory=set)

    def add(self, article: ReleasedRow) -> None:
        self.articles += 1
        if (date := article["date"]) is not None:
            self.first_date, self.last_date = min(self.first_date or date, date), max(self.last_date or date, date)


class DerivedTables:
    """Takes each article once."""

    def __init__(self) -> None:
        self._sources = Counter[str]()
        self._sections: defaultdict[str, _Group] = defaultdict(_Group)
        self._linked = Counter[str]()
        self._reprints: defaultdict[str, _Group] = defaultdict(_Group)

    def add(self, article: ReleasedRow) -> None:
        """Counts one article."""
        if article["source"] is not None:
            self._sources[article["source"]] += 1
        if article["section"] is not None:
            self._sections[article["section"]].add(article)
        self._linked.update(article["sections"])
        if article["reprint_group"] is not None:
            group = self._reprints[article["reprint_group"]]
            group.add(article)
            if article["source_name"] is not None:
                group.sources.add(article["source_name"])

    def sections(self, listings: Iterable[ListingState]) -> Iterator[Row]:
        """The fields of ReleasedSection, by name. `listings`: those of the catalog, by section."""
        listed = {each.section: each for each in listings if each.section}
        for name in sorted({*self._sections, *self._linked, *listed} - {""}):
            printed, listing = self._sections.get(name, _Group()), listed.get(name)
            yield as_dict(
                ReleasedSection(
                    section=name,
                    articles=printed.articles,
                    linked=self._linked[name],
                    first_date=printed.first_date,
                    last_date=printed.last_date,
                    printed_total=listing.printed_total if listing else None,
                    listed=listing.listed if listing else 0,
                    walked_at=listing.walked_at if listing else None,
                )
            )

    def sources(self) -> Iterator[Row]:
        """The fields of ReleasedSource, most frequent first."""
        for source, count in sorted(self._sources.items(), key=lambda each: (-each[1], each[0])):
            found = source_names.bundled().found(source)
            yield as_dict(ReleasedSource(source, found.name, found.kind, found.region, found.rule, count))

    def reprints(self) -> Iterator[Row]:
        """The fields of ReleasedReprints, largest group first."""
        for name, group in sorted(self._reprints.items(), key=lambda each: (-each[1].articles, each[0])):
            yield as_dict(ReleasedReprints(name, group.articles, len(group.sources), group.first_date, group.last_date))


def places(article: ReleasedRow) -> Iterator[Row]:
    """The fields of ReleasedPlace, in the order of the article."""
    for number, place in enumerate(article["places"], 1):
        yield {"id": article["id"], "number": number, **place}
