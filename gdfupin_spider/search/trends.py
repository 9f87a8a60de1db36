"""How often queries are found over time, with the number of all articles that the shares refer to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..errors import NotInstalled
from ..terminal import shown
from .index import Column, SearchIndex, SearchRequest
from .query_text import normalised, parse
from .selection import ArticleSelection

_SCRIPT = re.compile(r"<script\b.*?</script>|<!--.*?-->", re.S)
"""Pygal's settings for its own script, and its name."""

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
    return Trend(
        tuple(queries),
        tuple(TrendPoint(each, everything[each], tuple(counts[each] for counts in found)) for each in periods),
    )


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
    head = ["period", "articles"]
    for query in (query.strip() or "(any text)" for query in trend.queries):
        head += [query, f"{query} share"] if share else [query]
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
            {"period": each.period or None, "articles": each.articles, "counts": each.counts, "shares": each.shares}
            for each in trend.points
        ],
    }


_DARK = """
@media (prefers-color-scheme: dark) {
  svg { background: #1a1917; } .background, .plot .background { fill: #1a1917 !important; }
  text, .title, .legends text, .axis text { fill: #e8e3d9 !important; } .guides, .axis .line { stroke: #55514a !important; }
  .series { filter: brightness(1.9) saturate(.7); }
}
"""
"""A picture follows the page that shows it."""
_COLORS = ("#8c2f1b", "#2b6a80", "#7a6a1f", "#5b4a86", "#3f7a4a")


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


def chart(trend: Trend, *, share: bool) -> str:
    """A line chart as SVG that fetches nothing. A period of which no article is held is a gap, not a zero. Raises NotInstalled without pygal, of the extra `datasets`."""
    try:
        import pygal
    except ImportError:
        raise NotInstalled("pygal", "--svg", "datasets") from None
    dated = [point for point in trend.points if point.period]
    longest = max(1, len(dated) // 12)
    most = max((count for point in dated for count in point.counts), default=0)
    drawn = pygal.Line(
        title=f"{shown(' / '.join(trend.queries))}: {'share of articles' if share else 'articles'}",
        x_labels=[point.period for point in dated],
        x_labels_major_every=longest,
        y_labels=None if share or most >= 10 else list(range(most + 1)),  # pygal would print 0.2 articles
        show_minor_x_labels=False,
        x_label_rotation=40,
        truncate_label=-1,
        truncate_legend=-1,
        include_x_axis=True,
        dots_size=3 if len(dated) < 40 else 1.5,
        height=420,
        stroke_style={"width": 2},
        legend_at_bottom=True,
        js=(),
        disable_xml_declaration=False,
        no_prefix=True,
        formatter=(lambda value: f"{value:.1%}") if share else (lambda value: f"{value:,.0f}"),
        value_formatter=(lambda value: f"{100 * value:.3g}%")
        if share
        else (lambda value: f"{value:,g}"),  # of the axis
        css=["file://style.css", "file://graph.css", f"inline:{_DARK}"],
        style=pygal.style.Style(
            font_family="sans-serif",
            background="white",
            plot_background="white",
            colors=_COLORS,
            title_font_size=15,
            label_font_size=12,
            major_label_font_size=12,
            legend_font_size=14,
        ),
    )
    for number, query in enumerate(trend.queries):
        values = (
            point.shares[number] if share else point.counts[number] if point.articles else None for point in dated
        )
        drawn.add(shown(query).strip() or "(any text)", list(values))
    return _SCRIPT.sub("", str(drawn.render(is_unicode=True)))
