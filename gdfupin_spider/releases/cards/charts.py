"""The charts of a release page, as SVG without scripts and without requests to other hosts, and the same numbers as tables."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pygal
from lxml import etree

from ..metadata import About

SECTIONS_SHOWN = 9
"""Sections with a colour of their own; all others share one."""
SOURCES_SHOWN = 15
LABEL = 20
"""Characters of a source that are shown."""
NARROW = 400
"""Units that a chart is wide which a phone shows whole; the others are scrolled, since their bars are many."""
COLOURS = ("#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0")
"""Of the series, in their order: ten that most colour-blind eyes tell apart."""
STYLE = "".join(
    f".chart .color-{n} rect,.chart .color-{n} .dot,.chart rect.color-{n}{{fill:{colour};stroke:none}}"
    f".chart .color-{n} .line{{stroke:{colour};stroke-width:2;fill:none}}"
    for n, colour in enumerate(COLOURS)
) + (
    ".chart text{fill:currentColor;font-size:12px}.chart .title,.chart .legends text{font-size:13px}"
    ".chart .axis.y text{text-anchor:end}.chart .axis.x text{text-anchor:middle}"
    ".chart .background{fill:none}.chart .axis path{stroke:currentColor;stroke-opacity:.2;fill:none}"
    ".chart .axis path.line{stroke-opacity:.2}.chart .graph .title{text-anchor:middle}"
)
"""Style rules for a page with charts in elements of class `chart`: they take the page's colours, dark or light."""
_SVG = "{http://www.w3.org/2000/svg}"
_DROPPED = (etree.Comment, f"{_SVG}defs", f"{_SVG}title")  # its titles: the library's name, and numbers of the axes
_FIELDS = {"source": "来源", "author": "作者", "section": "栏目", "images": "图片", "attachments": "附件"}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and its table."""

    svg: str
    head: tuple[str, ...]
    """Of the first column, then of each series."""
    rows: tuple[tuple[str, ...], ...]
    is_narrow: bool = False
    """Whether a phone shows it whole."""


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    values: Sequence[float | None]
    """One for each label; None: there is nothing to draw."""


def months(about: About) -> Chart:
    """Articles by month of their printed date, stacked by section."""
    sizes: dict[str, int] = {}
    for counts in about.months.values():
        for section, n in counts.items():
            sizes[section] = sizes.get(section, 0) + n
    largest = sorted(sizes, key=lambda section: (-sizes[section], section))[:SECTIONS_SHOWN]
    rest = sizes.keys() - set(largest)
    known = _every_month(sorted(about.months))
    series = [_Series(name or "-", [about.months.get(month, {}).get(name) for month in known]) for name in largest]
    if rest:
        others = [sum(about.months.get(month, {}).get(section, 0) for section in rest) or None for month in known]
        series.append(_Series("其他 others", others))
    chart = _chart(pygal.StackedBar, legend_at_bottom=True, legend_at_bottom_columns=5, truncate_legend=14)
    years = [month[:4] if month.endswith("-01") else "" for month in known]
    return _drawn(chart, "月份 month", known, series, axis=years if any(years) else known[:1])


def sources(about: About) -> Chart:
    """The most frequent sources."""
    shown = about.sources[:SOURCES_SHOWN]
    wide = max((len(source) for source, _ in shown), default=0)
    chart = _chart(
        pygal.HorizontalBar,
        show_legend=False,
        width=NARROW,
        height=80 + 26 * len(shown),
        max_scale=4,  # numbers below the axis that have room
        truncate_label=LABEL,
        margin_left=12 + 6 * min(wide, LABEL),  # pygal takes Chinese characters to be as narrow as Latin ones
    )
    names, counts = [source for source, _ in shown], [count for _, count in shown]
    return replace(
        _drawn(chart, "来源 source", names, [_Series("文章 articles", counts)], upwards=True), is_narrow=True
    )


def lengths(about: About) -> Chart:
    """Articles by length of the body."""
    chart = _chart(pygal.Bar, show_legend=False, x_title="字数下限 characters, from")
    starts = [f"{start:,}" for start, _ in about.lengths]
    counts = [count for _, count in about.lengths]
    return _drawn(chart, "字数下限 characters, from", starts, [_Series("文章 articles", counts)])


def coverage(about: About) -> Chart:
    """By year, the share of articles that have a source, an author, a section, images, attachments."""
    years = sorted({stratum.year for stratum in about.coverage if stratum.year})
    chart = _chart(pygal.Line, legend_at_bottom=True, range=(0, 100), y_title="%")
    series = [
        _Series(f"{chinese} {field}", [_percent(about, year, field) for year in years])
        for field, chinese in _FIELDS.items()
    ]
    return _drawn(chart, "年份 year", years, series, unit=" %")


def _percent(about: About, year: str, field: str) -> float | None:
    strata = [stratum for stratum in about.coverage if stratum.year == year]
    whole = sum(stratum.articles for stratum in strata)
    return round(100 * sum(stratum.has.get(field, 0) for stratum in strata) / whole, 1) if whole else None


def _every_month(known: Sequence[str]) -> list[str]:
    """From the first month to the last without a gap; at most of 100 years, for a page may print any date."""
    if not known:
        return []
    (year, month), last = map(int, known[0].split("-")), known[-1]
    found: list[str] = []
    while (label := f"{year:04d}-{month:02d}") <= last and len(found) < 1200:
        found.append(label)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _chart(kind: Any, **options: Any) -> Any:
    plain: Mapping[str, object] = {"js": (), "no_prefix": True, "explicit_size": False, "width": 900, "height": 360}
    return kind(**{**plain, "no_data_text": "-", "margin": 8, "show_x_guides": False, "truncate_label": -1, **options})


def _drawn(
    chart: Any,
    of: str,
    labels: Sequence[str],
    series: Iterable[_Series],
    *,
    axis: Sequence[str] = (),
    unit: str = "",
    upwards: bool = False,
) -> Chart:
    """Chart and table of these series. `of`: what the labels are; `axis`: what is printed instead of them; `upwards`: the first is
    drawn last, that is at the top."""
    series, step = list(series), -1 if upwards else 1
    if axis:
        chart.x_labels = list(axis)
        chart.x_labels_major = [label for label in axis if label]
        chart.show_minor_x_labels = False
    else:
        chart.x_labels = list(labels)[::step]
    for each in series:
        points = zip(labels, each.values, strict=True)
        chart.add(each.name, [_point(f"{each.name}, {label}", value, unit) for label, value in points][::step])
    rows = (
        (label, *("" if each.values[at] is None else f"{each.values[at]:,}{unit}" for each in series))
        for at, label in enumerate(labels)
        if any(each.values[at] is not None for each in series)
    )
    return Chart(_svg(chart), (of, *(each.name for each in series)), tuple(rows))


def _point(name: str, value: float | None, unit: str) -> object:
    """A value whose tooltip has its name."""
    return None if value is None else {"value": value, "formatter": lambda number: f"{name}: {number:,}{unit}"}


def _svg(chart: Any) -> str:
    """The chart alone: without the day it was drawn, pygal's script and tooltips, and its style, for which see STYLE."""
    root = etree.fromstring(chart.render())
    for element in list(root.iter()):
        mark = element.tag
        if mark in _DROPPED or "tooltip-overlay" in element.get("class", ""):
            _drop(element)
        elif mark == f"{_SVG}desc" and element.get("class") == "value":
            if element.text == "0":  # without a name: a bar of no height for a value that is not there
                _drop(element.getparent())
            element.tag = f"{_SVG}title"  # which browsers show without a script
        elif mark == f"{_SVG}desc":
            _drop(element)
        element.attrib.pop("id", "")  # the same in every chart of the page
    return etree.tostring(root, encoding="unicode")


def _drop(element: etree._Element | None) -> None:
    parent = element.getparent() if element is not None else None
    if element is not None and parent is not None:
        parent.remove(element)
