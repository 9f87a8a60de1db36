"""The charts of a release page, as SVG without scripts and without requests to other hosts."""

from collections.abc import Mapping, Sequence
from typing import Any

import pygal
from lxml import etree

from ..metadata import About

SECTIONS_SHOWN = 9
"""Sections with a colour of their own; all others share one."""
SOURCES_SHOWN = 15
LABEL = 20
"""Characters of a source that are shown."""
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
_DROPPED = (etree.Comment, f"{_SVG}defs")


def months(about: About) -> str:
    """Articles by month of their printed date, stacked by section."""
    sizes: dict[str, int] = {}
    for counts in about.months.values():
        for section, n in counts.items():
            sizes[section] = sizes.get(section, 0) + n
    largest = sorted(sizes, key=lambda section: (-sizes[section], section))[:SECTIONS_SHOWN]
    rest = sizes.keys() - set(largest)
    known = _every_month(sorted(about.months))
    chart = _chart(
        pygal.StackedBar, legend_at_bottom=True, legend_at_bottom_columns=5, truncate_legend=14, margin_bottom=40
    )
    chart.x_labels = known
    chart.x_labels_major = [month for month in known if month.endswith("-01")]
    chart.show_minor_x_labels = False
    for section in largest:
        chart.add(section or "-", [about.months.get(month, {}).get(section) for month in known])
    if rest:
        chart.add("其他 others", [sum(about.months.get(m, {}).get(s, 0) for s in rest) or None for m in known])
    return _drawn(chart)


def sources(about: About) -> str:
    """The most frequent sources."""
    shown = about.sources[:SOURCES_SHOWN][::-1]
    wide = max((len(source) for source, _ in shown), default=0)
    chart = _chart(
        pygal.HorizontalBar,
        show_legend=False,
        height=80 + 26 * len(shown),
        truncate_label=LABEL,
        margin_left=12 + 6 * min(wide, LABEL),  # pygal takes Chinese characters to be as narrow as Latin ones
    )
    chart.x_labels = [source for source, _ in shown]
    chart.add("articles", [count for _, count in shown])
    return _drawn(chart)


def lengths(about: About) -> str:
    """Articles by length of the body."""
    chart = _chart(pygal.Bar, show_legend=False, x_title="字 characters, from")
    chart.x_labels = [f"{start:,}" for start, _ in about.lengths]
    chart.add("articles", [count for _, count in about.lengths])
    return _drawn(chart)


def coverage(about: About) -> str:
    """By year, the share of articles that have a date, a source, an author, a section."""
    years = sorted({stratum.year for stratum in about.coverage if stratum.year})
    chart = _chart(pygal.Line, legend_at_bottom=True, range=(0, 100), y_title="%")
    chart.x_labels = years
    for field in ("source", "author", "section", "images", "attachments"):
        chart.add(field, [_percent(about, year, field) for year in years])
    return _drawn(chart)


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
    return kind(**{**plain, "no_data_text": "-", "margin": 8, "show_x_guides": False, **options})


def _drawn(chart: Any) -> str:
    """The chart alone: without the day it was drawn, pygal's script and tooltips, and its style, for which see STYLE."""
    root = etree.fromstring(chart.render())
    for element in list(root.iter()):
        mark = element.tag
        if mark in _DROPPED or "tooltip-overlay" in element.get("class", ""):
            _drop(element)
        elif mark == f"{_SVG}desc" and element.get("class") == "value":
            element.tag = f"{_SVG}title"  # which browsers show without a script
        elif mark == f"{_SVG}desc":
            _drop(element)
        element.attrib.pop("id", "")  # the same in every chart of the page
    return etree.tostring(root, encoding="unicode")


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
