"""The structure of an article page: breadcrumb, title, byline and body, found in this order."""

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ...messages.text import N_
from ..dom.document import Document, Line
from ..dom.tables import is_data_row
from ..rule import Rule
from ..text import dates
from ..text.dates import PrintedDate
from ..words import Words
from . import headings, labels, line_class, metadata_table
from .body import Body, find_body
from .breadcrumb import Breadcrumb, find_breadcrumbs
from .byline import find_bylines
from .labels import Byline


class Candidate(NamedTuple):
    """A byline with the title and the breadcrumb that belong to it."""

    score: float
    byline: Byline
    title_lines: tuple[int, ...]
    breadcrumb: Breadcrumb | None
    """The nearest breadcrumb above the byline."""


@dataclass(frozen=True, slots=True)
class ArticleStructure:
    """The parts of an article on its page, with their values."""

    breadcrumb: Breadcrumb | None
    title: str | None
    title_lines: tuple[int, ...]
    byline: Byline | None
    date: PrintedDate | None
    source: str | None
    author: str | None
    body: Body
    score: float
    """Score of the byline and of the evidence around it. Below 4 little speaks for it; 10 for an override."""
    heading: str | None = None
    """Text of the first line of the title."""

    @property
    def section(self) -> str | None:
        """The section in the breadcrumb."""
        return self.breadcrumb.section(self.title, self.heading) if self.breadcrumb else None

    overridden: frozenset[str] = frozenset()
    """Fields that were found by the profile's overrides."""
    unfound: tuple[str, ...] = ()
    """Fields whose override found nothing on this page."""
    layout: str | None = None
    """Digest of the layout that gave title, date and body; None: the page alone did."""
    doubts: tuple[tuple[str, str], ...] = ()
    """Where page and layout differ: a short fixed name, and what each gives."""


def read_structure(doc: Document, words: Words) -> ArticleStructure:
    """The structure of a page under the assumption that it is an article."""
    lines = doc.lines
    crumbs = find_breadcrumbs(lines, words)
    evidence = headings.normalized(doc.title)
    titles = {line.index for line in lines if ":" in line.text or "：" in line.text if headings.agrees(line, evidence)}
    groups = find_bylines(lines, words, titles)
    footer = line_class.footer_start(lines, 0, words)
    table = metadata_table.find_metadata_table(lines[:footer], words)
    within = range(table.first, table.last + 1) if table is not None else range(0)
    groups = [group for group in groups if group.first < footer and group.first not in within]
    groups = [group for group in groups if not _is_cell(lines, group) and not _is_form(doc, group)]
    if subtitles := _dated_subtitles(lines, groups):  # read again with these lines as part of their titles
        titles |= subtitles
        groups = [group for group in find_bylines(lines, words, titles) if group.first in {g.first for g in groups}]
    best = _best_candidate(lines, groups, crumbs, evidence, words)
    if best is not None and _is_repeated(lines, best.byline, groups):
        groups = _without_rows(lines, groups)
        best = _best_candidate(lines, groups, crumbs, evidence, words)
    if best is not None and not best.title_lines:
        # A title that looks like a label (来源:一个贫困村…), without a title above it: read again with that line as title.
        others = find_bylines(lines, words, {*titles, best.byline.first})
        better = _best_candidate(lines, others, crumbs, evidence, words)
        if better is not None and better.title_lines == (best.byline.first,):
            best, groups = better, others
    if table is not None and (
        best is None or not best.title_lines or not (best.byline.has_label("date") or best.byline.has_label("source"))
    ):
        best = _table_as_byline(lines, table, _breadcrumb_above(crumbs, table.first), evidence, words)
    elif table is not None:  # only for fields that the byline lacks; the publisher in the table is not the source then
        groups = [*groups, replace(table, pairs=[pair for pair in table.pairs if pair.field != "source"])]
    if best is not None and best.score >= 3:
        score, byline, title_lines, crumb = best
        after, block = byline.last + 1, lines[byline.last].block
        if title_lines and title_lines[-1] > byline.last:
            after, block = title_lines[-1] + 1, lines[title_lines[-1]].block
    else:
        score, byline, crumb = 0.0, None, crumbs[0] if crumbs else None
        title_lines = headings.title_without_byline(lines[:footer], crumb, evidence, words)
        if title_lines and (byline := _byline_in_title(lines[title_lines[-1]], evidence)) is not None:
            score = byline.score + 1.5
        if not title_lines:
            return ArticleStructure(crumb, None, (), None, None, None, None, Body((), 0, N_("no title")), 0.0)
        after, block = title_lines[-1] + 1, lines[title_lines[-1]].block
    body = find_body(doc, after, block, words)
    if byline is not None and title_lines and byline.first - title_lines[-1] >= 2:
        body = _body_above_byline(doc, title_lines[-1], byline, words, body) or body
    title = " ".join(lines[index].text for index in title_lines) or None
    if byline is not None and title_lines and byline.first == title_lines[-1] and byline.own_title:
        title = " ".join([*(lines[index].text for index in title_lines[:-1]), byline.own_title])
    date = byline.date() if byline else None
    source = (byline.value("source") or byline.unlabelled_source()) if byline else None
    author = byline.value("author") if byline else None
    others = [group for group in groups if byline is None or group.first != byline.first]
    for group in others:
        if group.first < (body.lines[0].index if body.lines else after) - 12 or group.first > body.end + 6:
            continue
        outside = group.first >= body.end or group.first < after
        if (
            not outside
            and body.lines
            and group.first == body.lines[-1].index
            and group.has_label("date")
            and date is None
            and group.last == group.first
        ):
            outside = True  # a signature: the last line of the text has the only date of the page
        if outside and (date is None) and group.has_label("date") and group.date():
            date = group.date()
        if outside and source is None and not (byline and byline.has_label("source")) and group.has_label("source"):
            source = group.value("source")
    if title_lines and (byline is None or byline.first != title_lines[-1]):
        beside = _byline_in_title(lines[title_lines[-1]], evidence)
        if beside is not None and beside.bare_date is not None and (date is None or date.day == beside.bare_date.day):
            title = " ".join([*(lines[index].text for index in title_lines[:-1]), beside.own_title])
            date = date or beside.bare_date
    return ArticleStructure(
        crumb,
        title,
        title_lines,
        byline,
        date,
        source,
        author,
        body,
        score,
        lines[title_lines[0]].text if title_lines else None,
    )


def _table_as_byline(
    lines: Sequence[Line], table: Byline, crumb: Breadcrumb | None, evidence: str, words: Words
) -> Candidate:
    """The metadata table of an official document as byline. Its title is repeated below it, or is a row of it, or
    stands above."""
    for line in lines[table.last + 1 : table.last + 4]:
        if line.text and not line.linked and not words.is_buttons(line):
            if (
                headings.normalized(table.own_title).startswith(headings.normalized(line.text)[:12])
                or line.block.tag in headings.HEADINGS
                or headings.agrees(line, evidence)
            ):
                found = headings.title_with_neighbours(lines, line.index, line.index + 1, line.index, words)
                return Candidate(table.score + 3, table, found, crumb)
            break
    if table.own_title_line >= 0:
        return Candidate(table.score + 3, table, (table.own_title_line,), crumb)
    found, bonus = headings.find_title(lines, table.first, table.last, crumb, evidence, words)
    return Candidate(table.score + bonus, table, found, crumb)


_BYLINE_OF_ROWS = Rule(
    "byline-of-rows",
    "Bylines that occur three times with the same labels and tags are those of rows or messages.",
    pages="gdfupin/messages-of-a-guest-book",
)


def _without_rows(lines: Sequence[Line], groups: Sequence[Byline]) -> list[Byline]:
    """The bylines without those that occur three times or more with equal labels and tags: rows of a list, or
    messages."""

    if not _BYLINE_OF_ROWS.on:
        return list(groups)
    shapes = Counter(_signature(lines, group) for group in groups if group.pairs or group.unclaimed)
    return [group for group in groups if shapes[_signature(lines, group)] < 3]


def _signature(lines: Sequence[Line], group: Byline) -> tuple[str, ...]:
    """Labels and enclosing tags of a byline. Without a known label, the unknown text beside the date (留言时间)."""
    tags = [block.tag for block in lines[group.first].block.ancestors()]
    return (*([pair.label for pair in group.pairs] or [group.unclaimed]), *tags)


_MESSAGES_ALIKE = Rule(
    "messages-alike",
    "Three sibling blocks with such a byline each are messages of a guest book.",
    pages="gdfupin/messages-of-a-guest-book",
)


def _is_repeated(lines: Sequence[Line], byline: Byline, groups: Sequence[Byline]) -> bool:
    """True if three sibling blocks have such a byline each, like the messages of a guest book."""
    if not _MESSAGES_ALIKE.on:
        return False
    if len(groups) < 3 or not (byline.pairs or byline.unclaimed):
        return False
    signature = _signature(lines, byline)
    alike = [tuple(lines[group.first].block.ancestors()) for group in groups if _signature(lines, group) == signature]
    if len(alike) < 3:
        return False
    own = tuple(lines[byline.first].block.ancestors())
    return any(
        len({id(other[level]) for other in alike if other[level + 1] is own[level + 1]}) >= 3
        for level in range(len(own) - 1)
    )


def _best_candidate(
    lines: Sequence[Line], groups: Sequence[Byline], crumbs: Sequence[Breadcrumb], evidence: str, words: Words
) -> Candidate | None:
    """The byline of the highest score, with title and breadcrumb."""
    best: Candidate | None = None
    far_titles = headings.FarTitles(lines, evidence)
    for candidate in groups:
        crumb = _breadcrumb_above(crumbs, candidate.first)
        group = candidate if candidate.own_title else _without_title(lines[candidate.first], candidate, crumb, words)
        title_lines, bonus = (
            ((group.first,), 4.0)
            if group.own_title
            else headings.find_title(lines, group.first, group.last, crumb, evidence, words, far_titles)
        )
        if not _is_under_title(lines, group, title_lines, crumb, bonus, words):
            continue
        score = group.score + bonus + (1.0 if crumb else 0.0) - (2.0 if not title_lines else 0.0)
        # The first byline below a title wins; a later one is a line of the text, unless it scores much higher.
        settled = (
            best is not None
            and best.title_lines
            and (best.byline.date() is not None or best.byline.value("source") is not None)
            and 0 <= best.byline.first - best.title_lines[-1] <= 4
            and (best.breadcrumb is not None or crumb is None)  # above the breadcrumb are messages of a sidebar
        )
        if settled and best is not None and title_lines == best.title_lines:
            continue  # farther below the same title: a signature, or the source of a reprint
        if best is None or score > best.score + (2.5 if settled else 0):
            best = Candidate(score, group, title_lines, crumb)
    return best


_UNLABELLED_DATE_UNDER_TITLE = Rule(
    "unlabelled-date-under-title",
    "A date without label counts only directly under or above a title; elsewhere it is one of the text or of "
    "a signature.",
    pages="gdfupin/undated-article-with-a-date-in-a-signature",
)


def _is_under_title(
    lines: Sequence[Line],
    group: Byline,
    title_lines: Sequence[int],
    crumb: Breadcrumb | None,
    bonus: float,
    words: Words,
) -> bool:
    """True if a byline without labels is where an info line is: directly under a title, or directly above it.

    Any other date may be one of the text, or of a signature, unless a time of day and nothing but a source is beside it.
    """
    if not _UNLABELLED_DATE_UNDER_TITLE.on:
        return True
    if group.bare_date is None or group.own_title or not title_lines or title_lines[0] > group.last:
        return True
    timed = group.bare_date.has_time
    if timed and (len(group.unclaimed) <= 6 or group.unlabelled_source()):
        return True
    texts = (lines[index] for index in range(title_lines[-1] + 1, group.first) if lines[index].text)
    between = list(itertools.islice((line for line in texts if not words.is_buttons(line)), 4))
    if len(between) > 3 or any(line.size > 60 or line_class.is_prose(line) for line in between):
        return False
    title = lines[title_lines[0]]
    if bonus >= 3 or title.block.tag in ("h1", "h2", "h3", "h4", "h5"):
        return True
    above = lines[crumb.last + 1 if crumb else max(0, title.index - 8) : title.index]
    plain = [line for line in above if line.linked < 0.5 * line.size and not words.is_buttons(line)]
    return len(plain) <= 1


_DATE_IN_DATA_TABLE = Rule(
    "date-in-data-table",
    "A date without label in a cell of a data table is data.",
    pages="gdfupin/rows-in-a-table-with-states",
)


def _is_cell(lines: Sequence[Line], group: Byline) -> bool:
    """True if a date without label is in a cell of a data table."""
    if not _DATE_IN_DATA_TABLE.on:
        return False
    row = lines[group.first].block.inside("tr")
    if group.pairs or row is None or not is_data_row(row):
        return False
    rows = row.parent.children if row.parent is not None else []
    alike = (
        other for other in rows if other.tag == "tr" and len(other.children) == len(row.children) and is_data_row(other)
    )
    return len(row.children) >= 3 or len(list(itertools.islice(alike, 3))) == 3


_LABELS_OF_A_FORM = Rule(
    "labels-of-a-form",
    "Labels of form fields, as in a search form, are not a byline.",
    pages="gdfupin/form-of-a-search-looks-like-an-info-line",
)


def _is_form(doc: Document, group: Byline) -> bool:
    """True if the labels of a byline are those of fields to fill in, as in a search form."""
    if not _LABELS_OF_A_FORM.on:
        return False
    if not group.pairs or any(pair.value for pair in group.pairs):
        return False
    return any(
        group.first <= line <= group.last
        and (tag == "select" or (tag == "input" and attrs.get("type", "text").lower() in ("text", "date", "")))
        for tag, attrs, line in doc.fields
    )


_DATE_IN_TITLE_ABOVE_BYLINE = Rule(
    "date-in-title-above-byline",
    "A date in brackets directly above a byline with a date belongs to the title.",
    pages="gdfupin/title-with-a-date-in-brackets-in-the-heading",
)


def _dated_subtitles(lines: Sequence[Line], groups: Sequence[Byline]) -> set[int]:
    """The lines of a date in brackets with the info line, which has a date too, directly below: they belong to the
    title (`（2018年8月11日）`)."""
    if not _DATE_IN_TITLE_ABOVE_BYLINE.on:
        return set()
    return {
        group.first
        for group, following in itertools.pairwise(groups)
        if headings.is_bracketed_date(lines[group.first])
        and following.first - group.first <= 3
        and following.date() is not None
    }


_TITLE_IN_BYLINE = Rule(
    "title-in-byline",
    "Title and byline may be in one heading element.",
    pages="general/info-in-the-heading-of-the-title",
)


def _without_title(line: Line, group: Byline, crumb: Breadcrumb | None, words: Words) -> Byline:
    """The byline without a title printed in the same heading element, which becomes its `own_title`.

    The byline itself where there is no such title.
    """
    if not _TITLE_IN_BYLINE.on:
        return group
    title = group.unclaimed
    if line.block.tag not in headings.HEADINGS or not group.pairs or len(title) < 6 or not line.text.startswith(title):
        return group
    for size in range(
        words.longest, 1, -1
    ):  # a date label directly behind the title, without a space, is not part of it
        if words.labels.get(title[-size:]) == "date":
            title = title[:-size]
            break
    if title in words.sections or (crumb is not None and title in crumb.steps):
        return group
    return replace(group, own_title=title, unclaimed="", text=group.text.removeprefix(title).strip())


_DATE_IN_TITLE_LINE = Rule(
    "date-in-title-line",
    "A date at the start or end of the title line, in an element of its own, is the date of the page.",
    pages="general/date-before-the-title-in-its-line general/date-in-the-heading-of-the-title",
)


def _byline_in_title(line: Line, evidence: str) -> Byline | None:
    """A byline made of the date at the start or end of a title line.

    Date or title must have an element of its own, and `<title>` must not have the date.
    """
    if not _DATE_IN_TITLE_LINE.on:
        return None
    date = dates.find_date(line.text) if line.size <= 120 and line.block.element is not None else None
    if date is None or date.day is None or line.block.element is None:
        return None
    before, after = line.text[: date.start].rstrip(" [【(（"), line.text[date.end :].lstrip(" ]】)）")
    title, printed = before or after, line.text[date.start : date.end]
    alone = any(
        "".join(map(str, part.itertext())).strip(" \xa0[]【】()（）\r\n\t") in (printed, title)
        for part in line.block.element.iter("span", "small", "font", "em", "i", "b", "time")
    )
    if (before and after) or len(title) < 4 or not alone or headings.normalized(printed) in evidence:
        return None
    byline = Byline(line.index, line.index, printed, bare_date=dates.find_date(printed), own_title=title)
    byline.score = labels.score_of(byline)
    return byline


_BYLINE_BELOW_TEXT = Rule(
    "byline-below-text",
    "Where the byline is below the text, the text is between title and byline.",
    pages="gdfupin/byline-below-the-text-and-a-note",
)


def _body_above_byline(doc: Document, title_end: int, byline: Byline, words: Words, behind: Body) -> Body | None:
    """The body between title and byline where the byline is below the text; None if there is no prose between them
    and some behind."""
    if not _BYLINE_BELOW_TEXT.on:
        return None
    body = find_body(doc, title_end + 1, doc.lines[title_end].block, words, before=byline.first)
    if any(line_class.is_prose(line) for line in body.lines) and sum(line.size for line in body.lines) >= 60:
        return body
    says_more = any(line.text for line in body.lines) and len(body.lines) >= len(behind.lines)
    return (
        body
        if says_more
        and not any(line_class.is_prose(line) or line_class.has_picture_or_file(line) for line in behind.lines)
        else None
    )


def _breadcrumb_above(crumbs: Sequence[Breadcrumb], index: int) -> Breadcrumb | None:
    """The nearest breadcrumb above a line."""
    return next((crumb for crumb in reversed(crumbs) if crumb.last < index), None)
