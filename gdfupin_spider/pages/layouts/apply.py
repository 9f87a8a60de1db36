"""Title, date, byline and body of one page by the layout of its shape, weighed against what the page alone gives."""

from dataclasses import dataclass, replace

from ...messages.record_words import word
from ...messages.text import N_
from ...profiles.layouts import Layout, Layouts
from ..article import labels
from ..article.body import Body
from ..article.labels import Byline
from ..article.structure import ArticleStructure
from ..dom.document import Document, Line
from ..text.compared import plain, without_digits
from ..words import Words
from .page_body import NEAR, body_of
from .page_by_layout import PageByLayout
from .page_date import PageDate, date_of
from .page_title import title_of
from .places import Places, shown
from .shape import shape


@dataclass(frozen=True, slots=True)
class Found:
    """What a layout finds on a page."""

    layout: Layout
    title_lines: tuple[Line, ...]
    date: PageDate | None
    body: Body

    @property
    def title(self) -> str:
        return " ".join(line.text for line in self.title_lines)


def find(doc: Document, url: str, layouts: Layouts, words: Words, alone: ArticleStructure) -> Found | None:
    """The parts of a page by the layout of its shape that fits it best; None if none does.

    `alone`: what the page alone gives.
    """
    known = layouts.by_shape.get(shape(url))
    if not known:
        return None
    places = Places(doc)
    pages = (PageByLayout(doc, url, places, layout, words) for layout in known)
    found = [found for page in pages if (found := _found(page, alone)) is not None]
    if len(found) <= 1:
        return found[0] if found else None
    keys = {(places.path("classes", line.block), without_digits(shown(line))) for line in doc.lines}

    def fit(one: Found) -> tuple[bool, float]:
        """Templates under one address pattern are told apart by their lines."""
        template = one.layout.template
        return bool(one.body.lines), sum(key in keys for key in template) / (len(template) or 1)

    return max(found, key=fit)  # of equal ones the first, which most pages support


def _found(page: PageByLayout, alone: ArticleStructure) -> Found | None:
    """The parts of a page by one layout; None without a title at its place."""
    title = title_of(page, alone)
    if not title:
        return None
    date = date_of(page, title[-1].index)
    return Found(page.layout, title, date, body_of(page, title[-1], date, alone.byline))


def with_layout(alone: ArticleStructure, found: Found, doc: Document, words: Words) -> ArticleStructure:
    """The structure of a page by its layout, where it has support, else by the page alone. Differences are doubts."""
    doubts: list[tuple[str, str]] = []
    first, last = found.title_lines[0].index, found.title_lines[-1].index
    same_title = alone.title is not None and plain(alone.title) == plain(found.title)
    if alone.title is not None and not same_title:
        text = N_("the page alone gives {own!r}, its layout {other!r}", own=alone.title[:80], other=found.title[:80])
        doubts.append(("title-differs", text))
    byline = _byline(alone, found, doc, words)
    date = found.date.date if found.date is not None else None
    if date is None and byline is not None and byline.has_label("date"):
        date = byline.date()
    if alone.date is not None and alone.date.day and (date is None or date.day != alone.date.day):
        given = date.day if date is not None else word("none")
        text = N_("the page alone gives {own}, its layout {other}", own=alone.date.day, other=given)
        doubts.append(("date-differs", text))
    elif date is None and found.layout.dates:
        doubts.append(("no-date", N_("the pages of its layout print a date, this one has none there")))
    body = found.body
    if alone.body.lines and _bounds(alone.body) != _bounds(body):
        text = N_("the page alone gives {own}, its layout {other}", own=_shown(alone.body), other=_shown(body))
        doubts.append(("body-differs", text))
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
    if found.date is not None and found.date.byline is not None:
        return found.date.byline
    date_line = found.date.line if found.date is not None else None
    last = found.title_lines[-1].index
    begin = found.body.lines[0].index if found.body.lines else last + NEAR
    near = range(found.title_lines[0].index - 3, max(begin, last + 1) + 1)
    if alone.byline is not None and (
        alone.byline.first in near
        or (date_line is not None and alone.byline.first <= date_line.index <= alone.byline.last)
    ):
        return alone.byline
    texts = [date_line] if date_line is not None else []
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
    if not text:
        return N_("no text")
    return N_("{first!r} to {last!r}", first=text[0][:24], last=text[-1][-24:])
