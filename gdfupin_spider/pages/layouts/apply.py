"""Title, date, byline and body of one page by the layout of its shape, weighed against what the page alone gives."""

import functools
import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

from ...profiles.layouts import Layout, Layouts
from ..article import labels
from ..article.abstract import without_abstract
from ..article.body import Body
from ..article.byline import find_bylines
from ..article.labels import Byline
from ..article.line_class import BLANK, FILES, LINK, NOISE, LineClasses, end_mark, has_picture_or_file, is_dated_link
from ..article.structure import ArticleStructure
from ..dom.document import Block, Document, Line
from ..dom.tables import is_data_row
from ..text import dates
from ..text.compared import plain, without_digits
from ..text.dates import PrintedDate
from ..words import Words
from .places import LONGEST_TITLE, Places, links_to_itself, shown
from .shape import shape

COUNTED = re.compile(r"(?:点击|浏览|阅读|访问|人气)\S{0,3}\s*[:：]?\s*\d")
TIME = re.compile(r"\d:\d\d")
LONGEST_HEAD = 40
"""Characters of a line between title and text that is not text."""
LONG = 60
"""Characters of text between title and date from which on the date is below the text."""
NEAR = 6
"""Lines after the title within which the page's own byline counts."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a layout finds on a page."""

    layout: Layout
    title_lines: tuple[Line, ...]
    date: PrintedDate | None
    date_line: Line | None
    byline: Byline | None
    """The byline that has the date, where it is below the text."""
    body: Body

    @property
    def title(self) -> str:
        return " ".join(line.text for line in self.title_lines)


def find(doc: Document, url: str, layouts: Layouts, words: Words, alone: ArticleStructure) -> Found | None:
    """The parts of a page by the layout of its shape that fits it best; None if none does.

    `alone`: what the page alone gives; the further lines of a title of several lines come from it.
    """
    known = layouts.by_shape.get(shape(url))
    if not known:
        return None
    places = Places(doc)
    found = [found for layout in known if (found := _by_layout(doc, url, places, layout, words, alone)) is not None]
    if len(found) <= 1:
        return found[0] if found else None
    keys = {(places.path("classes", line.block), without_digits(shown(line))) for line in doc.lines}

    def fit(one: Found) -> tuple[bool, float]:
        """Templates under one address pattern are told apart by their lines."""
        template = one.layout.template
        return bool(one.body.lines), sum(key in keys for key in template) / (len(template) or 1)

    return max(found, key=fit)  # of equal ones the first, which most pages support


def _by_layout(
    doc: Document, url: str, places: Places, layout: Layout, words: Words, alone: ArticleStructure
) -> Found | None:
    title_lines = tuple(line for line in places.at(layout.title) if line.text)
    size = sum(line.size for line in title_lines)
    linked = sum(line.linked for line in title_lines if not links_to_itself(line, url))
    if not 2 <= size <= LONGEST_TITLE or linked >= 0.5 * size:
        return None
    title_lines = _continued(doc, places, layout, title_lines, alone, words)
    date, date_line = _date(places, layout, words)
    below = None
    if date_line is not None and _is_below(date_line, title_lines[-1].index, places, layout):
        below = _byline_with(date_line, places, layout, words)
    body = _body(doc, places, layout, title_lines, date_line, words, alone.byline, below)
    return Found(layout, title_lines, date, date_line, below, body)


def _is_below(date_line: Line, title: int, places: Places, layout: Layout) -> bool:
    """Whether the date is below the text, and not a part of it, such as a signature."""
    prose = _sets(layout)[2]
    signed = TIME.search(date_line.text) is None  # who signs a notice writes no time of day
    if signed and places.path("classes", date_line.block) in prose and not layout.date_alone:
        return False
    block = places.block_at(layout.body)
    lines = places.doc.lines
    above, below = (
        sum(line.size for line in part if places.path("classes", line.block) in prose)
        for part in (lines[title + 1 : date_line.index], lines[date_line.index + 1 : block.end if block else None])
    )
    return above > 0 and (layout.date_below or above > LONG or not below)


def _byline_with(date_line: Line, places: Places, layout: Layout, words: Words) -> Byline | None:
    """The byline of which a line is a part. The signature above it is not, although it is a date: it is where text is."""
    lines, prose = places.doc.lines, _sets(layout)[2]
    text = {
        line.index
        for line in lines[: date_line.index]
        if places.path("classes", line.block) in prose
        and not ((byline := labels.read_labels(line.text, words)) and byline.pairs)
    }
    groups = find_bylines(lines, words, text)
    return next((group for group in groups if group.first <= date_line.index <= group.last), None)


def _continued(
    doc: Document, places: Places, layout: Layout, title: tuple[Line, ...], alone: ArticleStructure, words: Words
) -> tuple[Line, ...]:
    """The title with its further lines: those that the page alone adds to it, unless they are template."""
    own, known = alone.title_lines, [line.index for line in title]
    further = own[own.index(known[-1]) + 1 :] if known[-1] in own else ()
    if not further or len(further) > 2 or own[: len(own) - len(further)][-len(known) :] != tuple(known):
        return title
    lines = [doc.lines[index] for index in further]
    template = _sets(layout)[0]
    if any(
        _is_template(places.path("classes", line.block), line, template) or _has_labels(line, words) for line in lines
    ):
        return title
    return (*title, *lines)


def _has_labels(line: Line, words: Words) -> bool:
    """Whether a line has a label, a counter or a date, as bylines do."""
    byline = labels.read_labels(line.text, words)
    dated = dates.find_date(line.text) or dates.short_date(line.text)
    return dated is not None or COUNTED.search(line.text) is not None or (byline is not None and bool(byline.pairs))


def _date(places: Places, layout: Layout, words: Words) -> tuple[PrintedDate | None, Line | None]:
    """The date at the first of the layout's places that has one; else the only date on a line with such a path, because
    lines above it, such as those of files, are not on all pages."""
    for place in layout.dates:
        for line in places.at(place):
            if (date := _date_in(line, layout, words)) is not None:
                return date, line
    for place in layout.dates:
        dated = [(date, line) for line in places.along(place) if (date := _date_in(line, layout, words)) is not None]
        if len(dated) == 1:
            return dated[0]
    return None, None


def _date_in(line: Line, layout: Layout, words: Words) -> PrintedDate | None:
    if line.linked >= 0.5 * line.size or line.size > labels.LONGEST:
        return None
    byline = labels.read_labels(line.text, words)
    date = (byline.date() if byline is not None else None) or dates.find_date(line.text)
    if date is not None and date.day is None and layout.month_first is not None:
        date = dates.slashed_date(line.text, layout.month_first) or date
    return date


def _body(
    doc: Document,
    places: Places,
    layout: Layout,
    title: Sequence[Line],
    date_line: Line | None,
    words: Words,
    byline: Byline | None,
    below: Byline | None,
) -> Body:
    """The lines of the body's block below the title, without template and without links at both ends.

    `byline`: that of the page alone, which may have several lines. `below`: the one below the text.
    """
    block = places.block_at(layout.body)
    if block is None:
        return Body((), title[-1].index + 1, "the layout's body is not on this page")
    template, repeated, prose, asides = _sets(layout)
    tails = dict(layout.tails)
    after = title[-1].index + 1
    near = (
        byline is not None and (byline.has_label("date") or byline.has_label("source")) and byline.first <= after + NEAR
    )
    own = range(byline.first, byline.last + 1) if byline is not None and near else range(0)
    classes = LineClasses(doc.lines, after, words)
    classes.footer = len(doc.lines)  # the footer is not in the body's block; its words may be quoted there
    lines = [line for line in block.lines if line.index >= after and (line.text or has_picture_or_file(line))]
    common = {line.index for line in lines if _is_template(places.path("classes", line.block), line, template)}
    if date_line is not None and _is_below(date_line, title[-1].index, places, layout):
        end = min(below.first if below is not None else date_line.index, date_line.index)
        lines = [line for line in lines if line.index < end]
        date_line = None

    def ends(line: Line) -> bool:
        kind, path = classes.of(line.index), places.path("classes", line.block)
        if line.index in common or kind == BLANK or path in layout.below or is_dated_link(line):
            return True
        if kind == NOISE:
            # Words of a footer are text if no other page has the line, and text is usually there.
            quoted = words.footer.search(line.text) or end_mark(line, words) == "end word"
            return path not in prose or not quoted or without_digits(shown(line)) in repeated
        return kind == LINK and path not in prose

    def begins(line: Line) -> bool:
        """Whether a line is above the text."""
        path = places.path("classes", line.block)
        return (
            ends(line)
            or line.index in own
            or (path in layout.heads and line.size <= LONGEST_HEAD)
            or _is_byline(line, date_line, after, words, path in prose)
        )

    while lines and begins(lines[0]):
        lines.pop(0)
    while lines:
        path = places.path("classes", lines[-1].block)
        left = tails.get(path, 0)
        if not ends(lines[-1]) and not left and not _is_aside(path, lines[-1], asides):
            break
        tails[path] = max(0, left - 1)
        lines.pop()
    lines = [*without_abstract([line for line in lines if line.index not in common]), *_files_below(block, classes)]
    return Body(tuple(lines), lines[-1].index + 1 if lines else after, "the layout's body ends")


def _files_below(block: Block, classes: LineClasses) -> list[Line]:
    """The lines of files directly below the body's block, in a table of their own."""
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


Template = Mapping[str, Set[str]]
"""The texts of template lines by their path, digits as 0."""


@functools.lru_cache(maxsize=256)  # the same few layouts for all pages of a site
def _sets(layout: Layout) -> tuple[Template, Set[str], Set[str], Template]:
    """The template, all its texts, the paths of prose, and the asides."""
    texts = frozenset(text for _, text in layout.template)
    return _by_path(layout.template), texts, frozenset(layout.prose_paths), _by_path(layout.asides)


def _by_path(lines: Sequence[tuple[str, str]]) -> Template:
    found: dict[str, set[str]] = {}
    for path, text in lines:
        found.setdefault(path, set()).add(text)
    return found


def _is_template(path: str, line: Line, template: Template) -> bool:
    if path not in template:
        return False  # checked first: folding the text of every line takes long
    text = shown(line)
    return text in template[path] or (bool(line.text) and without_digits(text) in template[path])


def _is_aside(path: str, line: Line, asides: Template) -> bool:
    row = line.block.inside("tr")
    return _is_template(path, line, asides) and not (row is not None and is_data_row(row))


def _is_byline(line: Line, date_line: Line | None, after: int, words: Words, prose: bool) -> bool:
    """Whether a line above the text is the byline, or a part of it. `prose`: text is usually where it is."""
    if date_line is not None and line.index <= date_line.index <= after + NEAR:
        return line.index == date_line.index or (line.size <= LONGEST_HEAD and not prose)
    if line.index > after + NEAR or line.size > labels.LONGEST:
        return False
    byline = labels.read_labels(line.text, words)
    if byline is None:
        return False
    bare = byline.bare_date is not None and date_line is None and line.index == after
    return byline.has_label("date") or byline.has_label("source") or bare


def with_layout(alone: ArticleStructure, found: Found, doc: Document, words: Words) -> ArticleStructure:
    """The structure of a page by its layout, where it has support, else by the page alone. Differences are doubts."""
    doubts: list[tuple[str, str]] = []
    first, last = found.title_lines[0].index, found.title_lines[-1].index
    same_title = alone.title is not None and plain(alone.title) == plain(found.title)
    if alone.title is not None and not same_title:
        doubts.append(("title-differs", f"the page alone gives {alone.title[:80]!r}, its layout {found.title[:80]!r}"))
    byline = _byline(alone, found, doc, words)
    date = found.date
    if date is None and byline is not None and byline.has_label("date"):
        date = byline.date()
    if alone.date is not None and alone.date.day and (date is None or date.day != alone.date.day):
        given = date.day if date is not None else "none"
        doubts.append(("date-differs", f"the page alone gives {alone.date.day}, its layout {given}"))
    elif date is None and found.layout.dates:
        doubts.append(("no-date", "the pages of its layout print a date, this one has none there"))
    body = found.body
    if alone.body.lines and _bounds(alone.body) != _bounds(body):
        doubts.append(("body-differs", f"the page alone gives {_shown(alone.body)}, its layout {_shown(body)}"))
    return replace(
        alone,
        title=alone.title if same_title else found.title,
        title_lines=tuple(line.index for line in found.title_lines),
        byline=byline,
        date=date,
        source=(byline.value("source") or byline.unlabelled_source()) if byline is not None else None,
        author=byline.value("author") if byline is not None else None,
        body=body,
        score=10.0,
        heading=doc.lines[first].text,
        breadcrumb=alone.breadcrumb if alone.breadcrumb is None or alone.breadcrumb.first <= last else None,
        layout=found.layout.digest,
        doubts=tuple(doubts),
    )


def _byline(alone: ArticleStructure, found: Found, doc: Document, words: Words) -> Byline | None:
    """The byline of the page: its own one at the title or the date, else the labelled lines between title and body."""
    if found.byline is not None:
        return found.byline
    last = found.title_lines[-1].index
    begin = found.body.lines[0].index if found.body.lines else last + NEAR
    near = range(found.title_lines[0].index - 3, max(begin, last + 1) + 1)
    if alone.byline is not None and (
        alone.byline.first in near
        or (found.date_line is not None and alone.byline.first <= found.date_line.index <= alone.byline.last)
    ):
        return alone.byline
    texts = [found.date_line] if found.date_line is not None else []
    texts += [line for line in doc.lines[last + 1 : begin] if line.size <= labels.LONGEST]
    for line in texts:
        byline = labels.read_labels(line.text, words, line.index)
        if byline is not None and (byline.pairs or byline.bare_date):
            return byline
    return None


def _bounds(body: Body) -> tuple[int, int]:
    return (body.lines[0].index, body.lines[-1].index) if body.lines else (-1, -1)


def _shown(body: Body) -> str:
    text = [line.text for line in body.lines if line.text]
    return f"{text[0][:24]!r} to {text[-1][-24:]!r}" if text else "no text"
