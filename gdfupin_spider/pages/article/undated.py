"""Articles of sites whose pages print no info line: the breadcrumb, a title directly below it, and a text."""

from collections.abc import Collection

from ..dom.document import Line
from ..dom.tables import is_data_row
from ..rule import Rule
from .breadcrumb import NO_STEP
from .line_class import is_prose
from .structure import ArticleStructure

_LEAST = 60
"""Minimum number of characters of prose."""
_LEAST_IN_TABLE = 40
"""Minimum number of characters of prose and data rows together."""


_UNDATED = Rule(
    "undated-article",
    "Some sites print no info line: an article is then a title directly below the breadcrumb, and mostly unlinked text below it.",
    pages="gdfupin/undated-article-below-a-breadcrumb gdfupin/undated-article-that-is-a-table",
)


_TABLE = Rule(
    "undated-article-of-a-table",
    "An article without info line may be a table of facts: data rows of three cells count as text.",
    pages="gdfupin/undated-article-that-is-a-table",
)


def is_undated_article(structure: ArticleStructure, sections: Collection[str], supported: bool) -> bool:
    """True if a page without info line is an article: the title is directly below the breadcrumb and names no section,
    and mostly unlinked text or a data table is directly below the title.

    `supported`: links print the titles of pages with such an address; then any unlinked text is enough."""
    crumb, lines = structure.breadcrumb, structure.body.lines
    if not _UNDATED.on or crumb is None or structure.title is None or not structure.title_lines or not lines:
        return False
    if structure.title_lines[0] - crumb.last > 5 or lines[0].index - structure.title_lines[-1] > 5:
        return False
    if structure.title in crumb.steps or structure.title in sections or structure.title in NO_STEP:
        return False
    if supported:
        return 2 * sum(line.linked for line in lines) < sum(line.size for line in lines)
    prose = sum(line.size - line.linked for line in lines if is_prose(line))
    table = sum(line.size for line in lines if not is_prose(line) and _is_data(line)) if _TABLE.on else 0
    linked = sum(line.linked for line in lines)
    least = _LEAST_IN_TABLE if table or (crumb.steps and crumb.steps[-1] in NO_STEP) else _LEAST
    return prose + table >= least and prose + table > 2 * linked


def _is_data(line: Line) -> bool:
    row = line.block.inside("tr")
    return row is not None and not line.linked and len(row.children) >= 3 and is_data_row(row)
