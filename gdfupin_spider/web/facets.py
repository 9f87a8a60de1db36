"""What a list can be narrowed by, with how much of it has each value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

MOST = 12
"""Values of a facet that are shown, unless it has more to show."""


@dataclass(frozen=True, slots=True)
class FacetRow:
    """A value that hits have, and how many."""

    value: str
    count: int
    percent: int
    """Of the most frequent one."""


@dataclass(frozen=True, slots=True)
class Facet:
    """What a search can be narrowed by."""

    phrase: str
    name: str
    """`year`, `edited`, or a parameter of a search."""
    rows: tuple[FacetRow, ...]
    more: int
    """Rows that are not shown."""
    is_phrase: bool
    """Whether values are names of phrases."""
    is_chart: bool

    @classmethod
    def of(
        cls, phrase: str, name: str, counts: Mapping[str, int], *, most: int = MOST, is_phrase: bool = False,
        is_chart: bool = False,
    ) -> Self:  # fmt: skip
        """`counts`: in the order in which they are shown; empty names and counts are not."""
        found = [(value, count) for value, count in counts.items() if value and count]
        top = max((count for _, count in found), default=1)
        rows = tuple(FacetRow(value, count, round(100 * count / top)) for value, count in found[:most])
        return cls(phrase, name, rows, max(0, len(found) - most), is_phrase, is_chart)

    def asks(self, value: str) -> Mapping[str, str | None]:
        """The parameters that ask for a value."""
        first = {"offset": None}
        if self.name == "year":
            return {"since": value, "until": value, **first}
        return {self.name: "1" if self.name == "edited" else value, **first}
