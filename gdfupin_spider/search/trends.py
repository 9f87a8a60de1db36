"""How often queries are found over time, with the number of all articles that the shares refer to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..messages.record_words import word
from ..messages.text import N_
from .index import Column, SearchIndex, SearchRequest
from .query_text import normalised, parse
from .selection import ArticleSelection

ENOUGH = 0.9
"""Of the articles that are held of a period or that listings name for it: with a smaller share a count is too low to be drawn."""

Period = Literal["month", "year"]
Reprints = Literal["all", "once"]
"""Whether each of several articles with nearly the same text counts, or only the oldest one of those that are selected."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period."""

    period: str
    """`2019` or `2019-03`, by the printed date; empty: articles without a date."""
    articles: int
    """All that are selected: the denominator."""
    counts: tuple[int, ...]
    """Of them those that each query finds."""
    not_held: int = 0
    """Articles that listings of the selected sections name for this period and that are not held, by the dates of their rows."""
    is_gap: bool = False
    """Whether too little is held of this period for its counts to mean anything: nothing, or less than ENOUGH of what listings name."""

    @property
    def shares(self) -> tuple[float | None, ...]:
        """Of the articles, from 0 to 1; None in a period without articles."""
        return tuple(round(count / self.articles, 6) if self.articles else None for count in self.counts)


@dataclass(frozen=True, slots=True)
class Trend:
    """Some queries over time."""

    queries: tuple[str, ...]
    points: tuple[TrendPoint, ...]
    """Every period from the first to the last article; those without a date come last."""


def trend_of(
    index: SearchIndex,
    queries: Sequence[str],
    by: Period,
    selection: ArticleSelection,
    column: Column = None,
    *,
    any_script: bool = False,
    reprints: Reprints = "all",
) -> Trend:
    """The trend of these queries among the selected articles. Reprints are counted in the same way above and below the line; `once` needs
    an index with them. Raises WrongArgument for an unknown section or source."""
    length = 4 if by == "year" else 7
    once = reprints == "once"
    everything = index.by_period(SearchRequest("", selection), length, once=once)
    requests = (SearchRequest(query, selection, column, any_script=any_script) for query in queries)
    found = [index.by_period(request, length, once=once) for request in requests]
    periods = _all_between(sorted(filter(None, everything)), by) + [""] * ("" in everything)
    held = index.by_period(SearchRequest("", ArticleSelection(selection.sections)), length)
    absent = index.not_held_by_period(selection.sections, length)
    return Trend(
        tuple(queries),
        tuple(
            TrendPoint(
                each, everything[each], tuple(counts[each] for counts in found), absent[each],
                not held[each] or held[each] < ENOUGH * (held[each] + absent[each]),
            )
            for each in periods
        ),
    )  # fmt: skip


def _all_between(periods: Sequence[str], by: Period) -> list[str]:
    """The periods from the first to the last, without a gap."""
    if not periods:
        return []
    if by == "year":
        return [f"{year:04}" for year in range(int(periods[0]), int(periods[-1]) + 1)]
    first, last = (int(each[:4]) * 12 + int(each[5:7]) - 1 for each in (periods[0], periods[-1]))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]


def table(trend: Trend, *, share: bool, shown_share: str = ".6f") -> list[list[str]]:
    """Rows of text with a head: period, articles, and for each query its count, with `share` its share of the articles, too, in the format
    `shown_share`."""
    head = [word("period"), word("articles")]
    for query in (query.strip() or N_("(any text)") for query in trend.queries):
        head += [query, N_("{query} share", query=query)] if share else [query]
    rows = [head]
    for point in trend.points:
        row = [point.period, str(point.articles)]
        for count, part in zip(point.counts, point.shares, strict=True):
            row += [str(count), "" if part is None else format(part, shown_share)] if share else [str(count)]
        rows.append(row)
    return rows


def encode(trend: Trend, by: Period, reprints: Reprints) -> dict[str, object]:
    """For JSON."""
    return {
        "queries": list(trend.queries),
        "by": by,
        "reprints": reprints,
        "points": [
            {
                "period": each.period or None, "articles": each.articles, "counts": each.counts, "shares": each.shares,
                "not_held": each.not_held, "is_gap": each.is_gap,
            }
            for each in trend.points
        ],
    }  # fmt: skip


def overlap(
    index: SearchIndex,
    one: str,
    other: str,
    selection: ArticleSelection,
    column: Column = None,
    *,
    any_script: bool = False,
) -> tuple[int, int, int]:
    """How many of the selected articles the first query alone finds, both find, and the second alone. Raises WrongArgument."""
    both = f"{normalised(parse(one))} {normalised(parse(other))}"
    found, common, others = (
        index.search(SearchRequest(query, selection, column, limit=0, any_script=any_script)).total
        for query in (one, both, other)
    )
    return found - common, common, others - common
