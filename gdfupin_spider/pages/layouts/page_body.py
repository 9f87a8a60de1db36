"""The body of one page by a layout: the lines of its block below the title, without those at both ends that are not text."""

from collections.abc import Sequence

from ...messages.text import N_
from ..article import labels
from ..article.abstract import without_abstract
from ..article.body import Body
from ..article.labels import Byline
from ..article.line_class import BLANK, FILES, LINK, NOISE, LineClasses, end_mark, has_picture_or_file, is_dated_link
from ..dom.document import Block, Line
from ..dom.tables import is_data_row
from ..text.compared import without_digits
from .page_by_layout import PageByLayout
from .page_date import PageDate
from .places import shown

LONGEST_HEAD = 40
"""Characters of a line between title and text that is not text."""
NEAR = 6
"""Lines after the title within which a byline counts."""


def body_of(page: PageByLayout, title: Line, date: PageDate | None, byline: Byline | None) -> Body:
    """The body of a page. `title`: the last line of its title. `byline`: that of the page alone, of one or more lines."""
    after = title.index + 1
    block = page.places.block_at(page.layout.body)
    if block is None:
        return Body((), after, N_("the layout's body is not on this page"))
    classes = LineClasses(page.doc.lines, after, page.words)
    classes.footer = len(page.doc.lines)  # the footer is not in the body's block; its words may be quoted there
    stop = date.first if date is not None and date.is_below else block.end
    lines = [line for line in block.lines if after <= line.index < stop and (line.text or has_picture_or_file(line))]
    above = _Above(page, after, date, byline)
    while lines and (_is_beside(page, classes, lines[0]) or above.has(lines[0])):
        lines.pop(0)
    tails = dict(page.layout.tails)
    while lines:
        path, last = page.path(lines[-1]), lines[-1]
        is_short = last.linked or last.size <= LONGEST_HEAD  # a neighbour without a link is short
        left = tails.get(path, 0) if is_short else 0
        if not left and not _is_beside(page, classes, last) and not (page.is_aside(last) and not _is_data(last)):
            break
        tails[path] = max(0, left - 1)
        lines.pop()
    kept = without_abstract([line for line in lines if not page.is_template(line)])
    kept = (*kept, *_files_below(block, classes))
    return Body(kept, kept[-1].index + 1 if kept else after, N_("the layout's body ends"))


def _is_beside(page: PageByLayout, classes: LineClasses, line: Line) -> bool:
    """Whether a line at an end of the block is no text: template, a button, a neighbour, a related article."""
    kind, path = classes.of(line.index), page.path(line)
    if kind == BLANK or path in page.index.below_text or page.is_template(line) or is_dated_link(line):
        return True
    if kind == NOISE:
        # Words of a footer are text if no other page has the line, and text is usually there.
        quoted = page.words.footer.search(line.text) or end_mark(line, page.words) == "end word"
        return not page.is_prose(line) or not quoted or without_digits(shown(line)) in page.index.repeated
    return kind == LINK and not page.is_prose(line)


def _is_data(line: Line) -> bool:
    """Whether a line is in a row of a data table: values recur there."""
    row = line.block.inside("tr")
    return row is not None and is_data_row(row)


class _Above:
    """What is between title and text."""

    def __init__(self, page: PageByLayout, after: int, date: PageDate | None, byline: Byline | None) -> None:
        self._page, self._after = page, after
        self._date = date.line if date is not None and not date.is_below else None
        labelled = byline is not None and (byline.has_label("date") or byline.has_label("source"))
        near = byline is not None and labelled and byline.first <= after + NEAR
        self._own = range(byline.first, byline.last + 1) if byline is not None and near else range(0)

    def has(self, line: Line) -> bool:
        """Whether a line is the byline, a part of it, or a short line beside it."""
        if line.index in self._own or (self._page.path(line) in self._page.index.heads and line.size <= LONGEST_HEAD):
            return True
        near, date = self._after + NEAR, self._date
        if date is not None and line.index <= date.index <= near:
            return line is date or (line.size <= LONGEST_HEAD and not self._page.is_prose(line))
        if line.index > near or line.size > labels.LONGEST:
            return False
        byline = labels.read_labels(line.text, self._page.words)
        if byline is None:
            return False
        bare = byline.bare_date is not None and date is None and line.index == self._after
        return byline.has_label("date") or byline.has_label("source") or bare


def _files_below(block: Block, classes: LineClasses) -> Sequence[Line]:
    """The lines of files directly below the body's block, in a table of their own, with their heading."""
    found: list[Line] = []
    headings: list[Line] = []
    for line in classes.lines[block.end :]:
        kind = classes.of(line.index)
        if kind == FILES:
            found += [*headings, line]
            headings = []
        elif line.size <= 12 and line.text.startswith("附"):
            headings.append(line)
        elif kind != BLANK:
            break
    return found
