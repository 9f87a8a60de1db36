"""The date of one page by a layout, and whether it is below the text."""

import re
from dataclasses import dataclass

from ..article import labels
from ..article.byline import find_bylines
from ..article.labels import Byline
from ..dom.document import Line
from ..text import dates
from ..text.dates import PrintedDate
from .page_by_layout import PageByLayout

LONG = 60
"""Characters of text between title and date from which on the date is below the text."""
_TIME = re.compile(r"\d:\d\d")
"""A time of day. Whoever signs a notice writes none."""


@dataclass(frozen=True, slots=True)
class PageDate:
    """The date at one of the layout's places."""

    date: PrintedDate
    line: Line
    is_below: bool
    """Whether it is below the text."""
    byline: Byline | None
    """The byline that it is a part of, where it is below the text."""

    @property
    def first(self) -> int:
        """Index of the first line of date and byline."""
        return min(self.byline.first, self.line.index) if self.byline is not None else self.line.index


def date_of(page: PageByLayout, title: int) -> PageDate | None:
    """The date of a page; None where it has none at a place of the layout. `title`: index of the last line of its title."""
    found = _printed(page)
    if found is None:
        return None
    date, line = found
    below = _is_below(page, line, title)
    return PageDate(date, line, below, _byline_with(page, line) if below else None)


def _printed(page: PageByLayout) -> tuple[PrintedDate, Line] | None:
    """The date at the first of the layout's places that has one; else the only date on a line with such a path, because
    lines above it, such as those of files, are not on all pages."""
    for place in page.layout.dates:
        for line in page.places.at(place):
            if (date := _date_in(page, line)) is not None:
                return date, line
    for place in page.layout.dates:
        dated = [(date, line) for line in page.places.along(place) if (date := _date_in(page, line)) is not None]
        if len(dated) == 1:
            return dated[0]
    return None


def _date_in(page: PageByLayout, line: Line) -> PrintedDate | None:
    if line.linked >= 0.5 * line.size or line.size > labels.LONGEST:
        return None
    byline = labels.read_labels(line.text, page.words)
    date = (byline.date() if byline is not None else None) or dates.find_date(line.text)
    if date is not None and date.day is None and page.layout.month_first is not None:
        date = dates.slashed_date(line.text, page.layout.month_first) or date
    return date


def _is_below(page: PageByLayout, date: Line, title: int) -> bool:
    """Whether the date is below the text, and not a part of it, such as a signature."""
    if page.is_prose(date) and not page.layout.only_dates and _TIME.search(date.text) is None:
        return False
    block, lines = page.places.block_at(page.layout.body), page.doc.lines
    above, below = (
        sum(line.size for line in part if page.is_prose(line))
        for part in (lines[title + 1 : date.index], lines[date.index + 1 : block.end if block else None])
    )
    return above > 0 and (page.layout.date_below or above > LONG or not below)


def _byline_with(page: PageByLayout, date: Line) -> Byline | None:
    """The byline of which the date is a part. A signature above it, where text is, is not, although it has a date."""
    text = {
        line.index
        for line in page.doc.lines[: date.index]
        if page.is_prose(line) and not ((byline := labels.read_labels(line.text, page.words)) and byline.pairs)
    }
    groups = find_bylines(page.doc.lines, page.words, text)
    return next((group for group in groups if group.first <= date.index <= group.last), None)
