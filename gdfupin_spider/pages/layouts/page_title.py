"""The title of one page by a layout."""

import re

from ..article import labels
from ..article.structure import ArticleStructure
from ..dom.document import Line
from ..text import dates
from ..words import Words
from .page_by_layout import PageByLayout
from .places import LONGEST_TITLE, links_to_itself

_COUNTED = re.compile(r"(?:点击|浏览|阅读|访问|人气)\S{0,3}\s*[:：]?\s*\d")
"""A counter: `点击66次`."""


def title_of(page: PageByLayout, alone: ArticleStructure) -> tuple[Line, ...]:
    """The lines of the title; empty where the page has no title at the layout's place.

    `alone`: what the page alone gives; the further lines of a title of several lines come from it.
    """
    lines = tuple(line for line in page.places.at(page.layout.title) if line.text)
    size = sum(line.size for line in lines)
    linked = sum(line.linked for line in lines if not links_to_itself(line, page.url))
    if not 2 <= size <= LONGEST_TITLE or linked >= 0.5 * size:
        return ()
    return (*lines, *_further(page, lines, alone))


def _further(page: PageByLayout, title: tuple[Line, ...], alone: ArticleStructure) -> tuple[Line, ...]:
    """The lines with which the page alone continues the title, unless one is template or of a byline."""
    own, known = alone.title_lines, [line.index for line in title]
    further = own[own.index(known[-1]) + 1 :] if known[-1] in own else ()
    if not further or len(further) > 2 or own[: len(own) - len(further)][-len(known) :] != tuple(known):
        return ()
    lines = tuple(page.doc.lines[index] for index in further)
    return () if any(page.is_template(line) or _is_of_byline(line, page.words) for line in lines) else lines


def _is_of_byline(line: Line, words: Words) -> bool:
    """Whether a line has a label, a counter or a date."""
    byline = labels.read_labels(line.text, words)
    dated = dates.find_date(line.text) or dates.short_date(line.text)
    return dated is not None or _COUNTED.search(line.text) is not None or (byline is not None and bool(byline.pairs))
