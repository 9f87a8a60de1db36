"""From lines to an article: breadcrumb, title, info line, body, in this order down the page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..dom.document import Document, Line
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
    """Where the parts of an article stand on its page, and what they say."""

    breadcrumb: Breadcrumb | None
    title: str | None
    title_lines: tuple[int, ...]
    byline: Byline | None
    date: PrintedDate | None
    source: str | None
    author: str | None
    body: Body
    score: float
    """How surely this is an article's page: the info line's score and what stands around it."""
    heading: str | None = None
    """The first line of the title."""

    @property
    def section(self) -> str | None:
        """Where the breadcrumb places the article."""
        return self.breadcrumb.section(self.title, self.heading) if self.breadcrumb else None

    overridden: frozenset[str] = frozenset()
    """Fields that stand where the profile's overrides say."""
    unfound: tuple[str, ...] = ()
    """Fields whose override found nothing."""


def read_structure(doc: Document, words: Words) -> ArticleStructure:
    """The layout of a page that is taken for an article's."""
    lines = doc.lines
    crumbs = find_breadcrumbs(lines, words)
    evidence = headings.normalized(doc.title)
    titles = {line.index for line in lines if ":" in line.text or "：" in line.text if headings.agrees(line, evidence)}
    groups = find_bylines(lines, words, titles)
    footer = line_class.footer_start(lines, 0, words)
    table = metadata_table.find_metadata_table(lines[:footer], words)
    within = range(table.first, table.last + 1) if table is not None else range(0)
    groups = [group for group in groups if group.first < footer and group.first not in within]
    best = _best_candidate(lines, groups, crumbs, evidence, words)
    if best is not None and (_is_repeated(lines, best.byline, groups) or not _has_own_title(lines, best, evidence)):
        groups = _without_rows(lines, groups)
        best = _best_candidate(lines, groups, crumbs, evidence, words)
    if best is not None and not best.title_lines:
        # A title that looks like a label, and nothing above it: without it, the rest is still an info line.
        others = find_bylines(lines, words, {*titles, best.byline.first})
        better = _best_candidate(lines, others, crumbs, evidence, words)
        if better is not None and better.title_lines == (best.byline.first,):
            best, groups = better, others
    if table is not None and (
        best is None or not best.title_lines or not (best.byline.has_label("date") or best.byline.has_label("source"))
    ):
        best = _table_as_byline(lines, table, _breadcrumb_above(crumbs, table.first), evidence, words)
    elif table is not None:  # for what the info line does not say; who published is not asked then
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
            return ArticleStructure(crumb, None, (), None, None, None, None, Body((), 0, "no title"), 0.0)
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
            outside = True  # the last line of the text, and the only date there is
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
    """The head of a document as info line: its title stands below it once more, or in it, or above."""
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


def _has_own_title(lines: Sequence[Line], best: Candidate, evidence: str) -> bool:
    """Whether an info line has a title that is no link, right under the breadcrumb or said by `<title>` too."""
    _, byline, title_lines, crumb = best
    if (
        not title_lines
        or lines[title_lines[0]].linked
        or any(line.linked for line in lines[byline.first : byline.last + 1])
    ):
        return False
    return headings.agrees(lines[title_lines[0]], evidence) or (crumb is not None and title_lines[0] - crumb.last <= 4)


def _without_rows(lines: Sequence[Line], groups: Sequence[Byline]) -> list[Byline]:
    """The info lines without those that stand there three times or more, alike in labels and tags: rows, or messages."""

    shapes = Counter(_signature(lines, group) for group in groups if group.pairs or group.unclaimed)
    return [group for group in groups if shapes[_signature(lines, group)] < 3 and not _is_row(lines, group)]


def _signature(lines: Sequence[Line], group: Byline) -> tuple[str, ...]:
    """Labels and tags of an info line; where no label is known, what stands beside the date (留言时间)."""
    tags = [block.tag for block in lines[group.first].block.ancestors()]
    return (*([pair.label for pair in group.pairs] or [group.unclaimed]), *tags)


def _is_repeated(lines: Sequence[Line], byline: Byline, groups: Sequence[Byline]) -> bool:
    """Whether three blocks side by side have such an info line each: the messages of a board."""
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


def _is_row(lines: Sequence[Line], group: Byline) -> bool:
    """Whether an info line holds a link and a date as two more lines of the same make do: the row of a list."""
    line = lines[group.first]
    if not line.anchors or group.first != group.last:
        return False

    def tags(other: Line) -> list[str]:
        return [block.tag for block in other.block.ancestors()]

    own = tags(line)
    alike = (other for other in lines if other.anchors and other.block.tag == own[0] and dates.find_date(other.text))
    return sum(1 for other in alike if tags(other) == own) >= 3


def _best_candidate(
    lines: Sequence[Line], groups: Sequence[Byline], crumbs: Sequence[Breadcrumb], evidence: str, words: Words
) -> Candidate | None:
    """The likeliest info line with its score, its title's lines and the breadcrumb above it."""
    best: Candidate | None = None
    for candidate in groups:
        crumb = _breadcrumb_above(crumbs, candidate.first)
        group = candidate if candidate.own_title else _without_title(lines[candidate.first], candidate, crumb, words)
        title_lines, bonus = (
            ((group.first,), 4.0)
            if group.own_title
            else headings.find_title(lines, group.first, group.last, crumb, evidence, words)
        )
        score = group.score + bonus + (1.0 if crumb else 0.0) - (2.0 if not title_lines else 0.0)
        # The first info line under a title wins; a later look-alike is a line of the text.
        settled = (
            best is not None
            and best.title_lines
            and (best.byline.date() is not None or best.byline.value("source") is not None)
            and 0 <= best.byline.first - best.title_lines[-1] <= 4
            and (best.breadcrumb is not None or crumb is None)  # above the breadcrumb stand a sidebar's messages
        )
        if settled and best is not None and title_lines == best.title_lines:
            continue  # farther below the same title: a signature, or whom the text was taken from
        if best is None or score > best.score + (2.5 if settled else 0):
            best = Candidate(score, group, title_lines, crumb)
    return best


def _without_title(line: Line, group: Byline, crumb: Breadcrumb | None, words: Words) -> Byline:
    """The info line without the title that is printed in the same heading element, which then is its `named`.

    The info line itself where there is no such title.
    """
    title = group.unclaimed
    if line.block.tag not in headings.HEADINGS or not group.pairs or len(title) < 6 or not line.text.startswith(title):
        return group
    for size in range(words.longest, 1, -1):  # a label glued to the title is none of its words
        if words.labels.get(title[-size:]) == "date":
            title = title[:-size]
            break
    if title in words.sections or (crumb is not None and title in crumb.steps):
        return group
    return replace(group, own_title=title, unclaimed="", text=group.text.removeprefix(title).strip())


def _byline_in_title(line: Line, evidence: str) -> Byline | None:
    """A date at the end or the beginning of a title, it or the title in an element of its own, that `<title>` does not
    say."""
    said = dates.find_date(line.text) if line.size <= 120 and line.block.element is not None else None
    if said is None or said.day is None or line.block.element is None:
        return None
    before, after = line.text[: said.start].rstrip(" [【(（"), line.text[said.end :].lstrip(" ]】)）")
    title, printed = before or after, line.text[said.start : said.end]
    alone = any(
        "".join(map(str, part.itertext())).strip(" \xa0[]【】()（）\r\n\t") in (printed, title)
        for part in line.block.element.iter("span", "small", "font", "em", "i", "b", "time")
    )
    if (before and after) or len(title) < 4 or not alone or headings.normalized(printed) in evidence:
        return None
    byline = Byline(line.index, line.index, printed, bare_date=dates.find_date(printed), own_title=title)
    byline.score = labels.score_of(byline)
    return byline


def _body_above_byline(doc: Document, title_end: int, byline: Byline, words: Words, behind: Body) -> Body | None:
    """The body where the info line stands below it: prose between title and info line, or all there is."""
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
    """The breadcrumb nearest above a line."""
    return next((crumb for crumb in reversed(crumbs) if crumb.last < index), None)
