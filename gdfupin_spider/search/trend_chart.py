"""A trend drawn as lines, by pygal: a picture of its own, or a part of a page whose points are links."""

from collections.abc import Callable
from typing import Any

from lxml import etree

from ..errors import NotInstalled
from ..terminal import xml_text
from .trends import Trend

_DARK = """
@media (prefers-color-scheme: dark) {
  svg { background: #1a1917; } .background, .plot .background { fill: #1a1917 !important; }
  text, .title, .legends text, .axis text { fill: #e8e3d9 !important; } .guides, .axis .line { stroke: #55514a !important; }
  .series { filter: brightness(1.9) saturate(.7); }
}
"""
"""A picture follows the page that shows it."""
_COLORS = ("#8c2f1b", "#2b6a80", "#7a6a1f", "#5b4a86", "#3f7a4a")
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_DROPPED = (*(f"{_SVG}{name}" for name in ("defs", "desc", "script", "style", "title")), etree.Comment)
"""Of a part of a page: styles and explanations that pygal's own script reads."""
Link = Callable[[str, str], str]
"""The address of what a query finds in a period."""


def chart(trend: Trend, *, share: bool) -> str:
    """An SVG file that fetches nothing. A period that is a gap interrupts the lines. Raises NotInstalled without pygal, of the extra `datasets`."""
    title = f"{xml_text(' / '.join(trend.queries))}: {'share of articles' if share else 'articles'}"
    root = _drawn(trend, title, None, share=share)
    for element in list(root.iter(f"{_SVG}script", etree.Comment)):  # pygal's settings for its own script, and its name
        _drop(element)
    return etree.tostring(root, encoding="unicode", xml_declaration=False)


def linked_chart(trend: Trend, link: Link, *, share: bool) -> str:
    """The same for a page: an `svg` element without styles, which has the classes `line` and `dot`, and `color-0` to `color-4` for each query.
    Each point that has articles leads to them. Raises NotInstalled."""
    root = _drawn(trend, None, link, share=share)
    for element in list(root.iter()):
        if element.tag in _DROPPED or element.get("class", "").endswith(("tooltip-overlay", "text-overlay")):
            _drop(element)
        elif element.tag == f"{_SVG}a":
            element.set("href", element.attrib.pop(_HREF))
            tooltip = etree.Element(f"{_SVG}title")
            tooltip.text = element.get("aria-label")
            element.insert(0, tooltip)
        element.attrib.pop("id", "")  # pygal counts from 0 in each chart
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _drawn(trend: Trend, title: str | None, link: Link | None, *, share: bool) -> Any:
    """Of lxml."""
    try:
        import pygal
    except ImportError:
        raise NotInstalled("pygal", "--svg", "datasets") from None
    dated = [point for point in trend.points if point.period]
    most = max((count for point in dated for count in point.counts), default=0)

    def number(value: float) -> str:
        return f"{value:.1%}" if share else f"{value:,.0f}"

    def mark(value: float) -> str:
        """Of the axis."""
        return f"{100 * value:.3g}%" if share else f"{value:,g}"

    drawn = pygal.Line(
        title=title,
        x_labels=[point.period for point in dated],
        x_labels_major_every=max(1, len(dated) // 12),
        show_minor_x_labels=False,
        x_label_rotation=40,
        truncate_label=-1,
        truncate_legend=-1,
        include_x_axis=True,
        allow_interruptions=True,
        dots_size=3 if len(dated) < 40 else 1.5,
        height=420,
        stroke_style={"width": 2},
        legend_at_bottom=True,
        js=(),
        no_prefix=True,
        y_labels=None if share or most >= 10 else list(range(most + 1)),  # pygal would print 0.2 articles
        formatter=number,
        value_formatter=mark,
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
    for column, query in enumerate(trend.queries):
        values: list[object] = []
        for point in dated:
            value = point.shares[column] if share else point.counts[column]
            if point.is_gap or value is None:
                values.append(None)
            elif link is not None and point.counts[column]:
                name = f"{xml_text(query)} {point.period}: {number(value)}"
                values.append({"value": value, "xlink": {"href": link(query, point.period), "aria-label": name}})
            else:
                values.append(value)
        drawn.add(xml_text(query).strip() or "(any text)", values)
    return etree.fromstring(drawn.render())


def _drop(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
