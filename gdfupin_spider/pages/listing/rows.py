"""Rows of a listing, and its printed size."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from ..dom import js_calls
from ..dom.document import Anchor, Block, Document, Line
from ..links.extract import Link, full_title, written_address
from ..links.urls import absolute, is_trap
from ..rule import LimitRule, PatternRule, Rule
from ..text import dates
from ..words import Words

_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
"""A number with or without separators: `1,204`, `104`."""
_TOTAL = PatternRule(
    "printed-total",
    "The number of articles of a section: `共104条`, `总记录数：104`.",
    rf"(?:共|总共|共计|共有|总计|合计|总数|记录数?|信息总数)\s*[:：]?\s*(?:有)?\s*[\[【(]?\s*{_COUNT}\s*[\]】)]?\s*(?:条|篇|个(?!页)|则|记录|项|件)"
    rf"|(?:总记录|总记录数|记录总数|总条数|文章总数)\s*[:：]?\s*{_COUNT}|(?:页|^)\s*{_COUNT}\s*条(?:记录|信息|数据|新闻)?\s*(?:$|[上首\s])",
    pages="gdfupin/pager-single-page-printed gdfupin/rows-in-tables-that-are-never-closed-beside-a-dated-sidebar",
)
_PAGES = PatternRule(
    "printed-pages",
    "The number of this page and of all pages: `页次:1/27页`, `第1页 共27页`, `共27页`.",
    r"(?:页次|页码|当前页|第)\s*[:：]?\s*(?:第)?\s*(\d{1,4})\s*页?\s*(?:[/／,，\s]|共|总)\s*(?:共|总共|总)?\s*(\d{1,4})\s*页?|(?<![\d/])(\d{1,4})\s*[/／]\s*(\d{1,4})\s*页|(?:共|总)\s*(\d{1,4})\s*页",
    pages="gdfupin/pager-asp-in-a-form-with-a-box-to-type gdfupin/pager-full-width-digits",
)
_DIGIT = re.compile(r"\d")
_MONTH_DAY = PatternRule(
    "row-month-and-day",
    "A month and a day beside a link make it a row of a list, although a date needs a year: `11-04`.",
    r"(?<![\d.])(?:1[0-2]|0?[1-9])\s*[-/.月]\s*(?:3[01]|[12]\d|0?[1-9])(?![\d.])",
    pages="gdfupin/rows-month-and-day-before-the-link-in-breaks",
)
_MORE = PatternRule(
    "row-more-link",
    "A row may have a second link to its article, whose text is no title: `[详细]`.",
    r"^[\s\[【(（<《]*(?:详细|详情|查看|点击|阅读|全文|更多|more)(?:\S{0,4})?[\s\]】)）>》.…]*$",
    re.I,
    pages="gdfupin/rows-title-printed-and-only-details-linked gdfupin/rows-headings-with-summaries-and-details",
)
_FOLLOWING = PatternRule(
    "rows-above-pager",
    "The rows directly above the pager are those of the listing, not those of a side column.",
    r"^[\s\[【(（]*(?:下\s*一?\s*页|尾\s*页|末\s*页)",
    pages="gdfupin/rows-without-dates-beside-dated-ones",
)
_ABOVE_PAGER = LimitRule(
    "rows-above-pager-bonus",
    "So much the place above the pager counts: as much as a side column of three dated rows.",
    6,
    0,
    pages="gdfupin/rows-without-dates-beside-dated-ones",
)
_SLASHED = PatternRule(
    "printed-pages-behind-total",
    "Behind the number of articles two numbers are page and pages: `104条 1/9`.",
    r"(?:条|条记录|个\S{1,4}|记录)\s*(\d{1,4})\s*[/／]\s*(\d{1,4})(?![\d/])",
    pages="gdfupin/pager-brackets-outside-and-a-space-inside gdfupin/pager-numbers-running-down",
)


@dataclass(frozen=True, slots=True)
class ListingSize:
    """The printed size of a listing; None for what it does not print."""

    total: int | None = None
    """Number of articles (共104条)."""
    page: int | None = None
    """Number of this page, from 1 (页次:1/9)."""
    pages: int | None = None
    """Number of pages."""


def printed_size(doc: Document) -> ListingSize:
    """The size printed in short lines, such as the pager.

    >>> from ..dom.lines import parse
    >>> printed_size(parse("<td>页次：<b>1</b>/9页 共104条记录"))
    ListingSize(total=104, page=1, pages=9)
    """
    total = page = pages = None
    for line in doc.lines:
        text = line.text
        if line.size > 160 or not ("页" in text or "条" in text or "共" in text or "/" in text or "记录" in text):
            continue
        if not _DIGIT.search(text):
            continue
        text = dates.ascii_digits(text)
        if total is None and (match := _TOTAL.search(text)):
            total = int((match[1] or match[2] or match[3]).replace(",", ""))
        if pages is None and (match := _PAGES.search(text)):
            if match[5]:
                pages = int(match[5])
            else:
                here, count = int(match[1] or match[3]), int(match[2] or match[4])
                if here <= count or count == 0:
                    page, pages = here, count
        elif (
            pages is None and total is not None and (match := _SLASHED.search(text)) and int(match[1]) <= int(match[2])
        ):
            page, pages = int(match[1]), int(match[2])
    return ListingSize(total, page, pages)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a listing."""

    links: tuple[Link, ...] = ()
    """Links to articles in page order."""
    first: int = 0
    last: int = -1
    """Indexes of the first line of the first and the last row."""


class _Row(NamedTuple):
    """A candidate for a row."""

    anchor: Anchor
    block: Block
    text: str
    date: str | None
    href: str
    """Address as written."""
    weight: int
    """2 with a date, or month and day, beside the link; 1 without; 0 for a link of two or three characters."""


_Group = list[_Row]


def find_rows(doc: Document, url: str, encoding: str, words: Words, after: int = 0) -> Rows:
    """The rows after line `after`: of all groups of equally nested links the one that fills the page."""
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    groups: dict[tuple[object, ...], _Group] = defaultdict(list)
    named = {anchor.attribute("href") for anchor in doc.anchors if anchor.text and not _MORE.match(anchor.text)}
    for line in doc.lines[after:]:
        if line.anchors and (found := _row_at(doc, line, named, words)) is not None:
            groups[_tag_path(found.block)].append(found)
    if not groups:
        return Rows()
    candidates = _merged(doc, groups, words) + _nested_tables(groups) + _single_row_tables(groups)
    ending = _above_pager(doc, candidates)
    best = max(candidates, key=lambda group: _weight(group) + (_ABOVE_PAGER.value if group is ending else 0))
    strong = [found for found in best if found.weight]
    if len(strong) < 3:
        best = strong
        if not any(found.date for found in best):
            return Rows()
    links: dict[str, Link] = {}
    for found in best:
        target = absolute(found.href, base, encoding)
        if target and target not in links and not is_trap(target, found.text):
            links[target] = Link(target, found.text, full_title(found.anchor), found.date)
    places = [found.anchor.line for found in best]
    return Rows(tuple(links.values()), min(places), max(places))


_ONE_LINK = Rule(
    "row-in-one-link",
    "One link may be around heading, date and summary of a row: its first line is the title.",
    pages="gdfupin/rows-title-and-date-in-blocks-of-one-link",
)
_SECTION_BESIDE = Rule(
    "row-with-section-link",
    "A row may have a link to its section before the title: the title is the longest link that is not a section.",
    pages="gdfupin/rows-with-a-link-to-the-section-before gdfupin/rows-with-labels-counters-and-summaries",
)


def _row_at(doc: Document, line: Line, named: set[str], words: Words) -> _Row | None:
    """The row that begins with this line, or None."""
    row = _row_block(line)
    anchor = line.anchors[0]
    if len(line.anchors) > 1 and _SECTION_BESIDE.on:  # the longest link that is not a section
        anchor = max(line.anchors, key=lambda anchor: (anchor.text not in words.sections, len(anchor.text)))
    text = anchor.text
    if not text or words.tool.fullmatch(text) or words.after.match(text):
        return None
    if _MORE.match(text) and anchor.attribute("href") in named:
        return None  # the second link of a row (详细), after its summary
    href = written_address(anchor) or js_calls.jump(doc, anchor)
    if href is None:
        return None
    following = doc.lines[line.index + 1] if line.index + 1 < len(doc.lines) else None
    begins = anchor.line == line.index or not any(other.text for other in doc.lines[anchor.line : line.index])
    if _ONE_LINK.on and following is not None and anchor in following.anchors and begins and line.text:
        # One link around several lines: title, date, summary.
        over = [other for other in doc.lines[line.index + 1 : line.index + 5] if anchor in other.anchors]
        date = next(
            (printed_date.day for other in over if (printed_date := dates.find_date(other.text)) and other.size <= 40),
            _day(line),
        )
        return _Row(anchor, row, line.text, date, href, 2 if date else 1)
    if not begins:
        return None
    date = _date_beside(doc, row, line)
    dated = date is not None or _month_and_day(doc, row, line)
    if not dated and line.linked < 0.5 * line.size:
        return None
    weak = len(text) < 4 and not dated and full_title(anchor) is None
    if _MORE.match(text):
        text = _heading(doc, row) or text
    return _Row(anchor, row, text, date, href, 2 if dated else 0 if weak else 1)


_ROW_TITLE_WITHOUT_LINK = Rule(
    "row-title-without-link",
    "Where only `[详细]` is linked, the first line of the row is the title.",
    pages="gdfupin/rows-title-printed-and-only-details-linked gdfupin/rows-headings-with-summaries-and-details",
)


def _heading(doc: Document, row: Block) -> str | None:
    """The first line of a row that is linked by [详细] only, if it can be a title."""
    if not _ROW_TITLE_WITHOUT_LINK.on:
        return None
    lines = doc.lines
    first = next((lines[index] for index in range(row.start, row.end) if lines[index].text), None)
    if first is None or first.anchors or not 4 <= first.size <= 80 or "。" in first.text:
        return None
    return None if dates.find_date(first.text) else first.text


def _month_and_day(doc: Document, row: Block, line: Line) -> bool:
    """True if a month and a day are beside a row's link, and little else (`·[11-04] …`, `11-04` in its own cell)."""
    beside = doc.lines[row.start : row.end] if row.end - row.start <= 4 else [line]
    for other in beside:
        text = other.text
        for anchor in other.anchors:
            text = text.replace(anchor.text, " ", 1)
        if len(text) <= 24 and _MONTH_DAY.search(text):
            return True
    return False


def _merged(doc: Document, groups: dict[tuple[object, ...], _Group], words: Words) -> list[_Group]:
    """The groups of rows. A group that continues in the next table or row of the same nesting is merged, if nothing
    except names of sections is printed between."""
    found: list[_Group] = []
    last: dict[tuple[object, ...], _Group] = {}
    for shape, group in groups.items():
        before = last.get(shape[:2])
        if (
            before is not None
            and (before[-1].weight > 1) == (group[0].weight > 1)
            and _nothing_between(doc, before[-1], group[0], words)
        ):
            before += group
            continue
        last[shape[:2]] = group = list(group)
        found.append(group)
    return found


_ROWS_IN_UNCLOSED_TABLES = Rule(
    "rows-in-unclosed-tables",
    "Tables of rows that are never closed are nested in each other.",
    pages="gdfupin/rows-in-tables-that-are-never-closed-beside-a-dated-sidebar gdfupin/rows-a-table-for-each-and-one-close",
)


def _nested_tables(groups: dict[tuple[object, ...], _Group]) -> list[_Group]:
    """Rows of tables that are never closed, so that each is nested in the one before."""
    if not _ROWS_IN_UNCLOSED_TABLES.on:
        return []
    chains: list[_Group] = []
    for row in sorted((row for group in groups.values() for row in group), key=lambda row: row.anchor.line):
        if chains and _is_inside(row.block, chains[-1][-1].block):
            chains[-1].append(row)
        else:
            chains.append([row])
    return [chain for chain in chains if len(chain) >= 3]


_ROWS_IN_TABLES_OF_THEIR_OWN = Rule(
    "rows-in-tables-of-their-own",
    "Each row may be in a table of its own, with its summary.",
    pages="gdfupin/rows-each-in-a-table-with-a-summary",
)


def _single_row_tables(groups: dict[tuple[object, ...], _Group]) -> list[_Group]:
    """Dated rows of equal nesting, each alone in a table with its summary."""
    if not _ROWS_IN_TABLES_OF_THEIR_OWN.on:
        return []
    alike: dict[tuple[object, ...], _Group] = defaultdict(list)
    for shape, group in groups.items():
        if len(group) == 1 and group[0].date:
            alike[shape[:2]] += group
    return [group for group in alike.values() if len(group) >= 3]


def _is_inside(block: Block, row: Block) -> bool:
    """True if a block is in a table nested in the table of a row."""
    outer, inner = row.inside("tr"), block.inside("tr")
    table = outer.inside("table") if outer is not None else None
    return table is not None and inner is not None and inner.inside("table") is not table and table in inner.ancestors()


def _above_pager(doc: Document, groups: list[_Group]) -> _Group | None:
    """The group of rows directly above the links to other pages; None without one."""
    pager = next((anchor.line for anchor in doc.anchors if _FOLLOWING.match(anchor.text)), None)
    if pager is None:
        return None
    above = [group for group in groups if len(group) >= 2 and group[-1].anchor.line < pager]
    return max(above, key=lambda group: (group[-1].anchor.line, len(group)), default=None)


_ROWS_CONTINUE_IN_NEXT_TABLE = Rule(
    "rows-continue-in-next-table",
    "Rows continue in the next table if nothing but names of sections is between.",
    pages="gdfupin/rows-dates-in-chinese-and-slashes gdfupin/rows-of-a-channel-in-boxes-of-sections",
)


def _nothing_between(doc: Document, one: _Row, two: _Row, words: Words) -> bool:
    """True if no text is between two rows except names of sections, as above the boxes of a channel page."""
    if not _ROWS_CONTINUE_IN_NEXT_TABLE.on:
        return False
    return not any(
        line.text and not line.linked and _day(line) is None and line.text.strip("·>»【】[] ") not in words.sections
        for line in doc.lines[one.block.end : two.anchor.line]
    )


def _weight(group: _Group) -> int:
    return sum(found.weight for found in group)


def _row_block(line: Line) -> Block:
    """The block of a row: the table row or list item around the line, or its own block."""
    block: Block | None = line.block
    while block is not None:
        if block.end - block.start > 6:
            break  # its ancestors contain more than one row
        if block.tag in ("tr", "li", "dl"):
            return block
        block = block.parent
    return line.block


def _tag_path(row: Block) -> tuple[object, ...]:
    """Key of a group of rows: tags, depth and enclosing list. A table made for a single row counts as one with its
    neighbours."""
    outer = row.parent
    tags = f"{row.tag} {outer.tag}" if outer is not None else row.tag
    while (
        outer is not None and outer.tag in ("tbody", "table", "ul", "div", "dl", "p") and outer.end - outer.start <= 3
    ):
        outer = outer.parent
    if outer is not None and outer.tag == "tbody":
        outer = outer.parent
    return (tags, row.depth, id(outer))


_MOST_BESIDE = 50
"""Lines between the link of a row and its date; a block with more is not one row."""


def _date_beside(doc: Document, row: Block, line: Line) -> str | None:
    """The date of a row: beside its link, or inside it if there is no other. In its own line if the tags of the row
    were not closed."""
    end, start = min(row.end, line.index + _MOST_BESIDE), max(row.start, line.index - _MOST_BESIDE)
    places = (*range(line.index, max(end, line.index + 1)), *range(line.index - 1, start - 1, -1))
    for within in (False, True):
        for index in places:
            if (day := _day(doc.lines[index], within)) is not None:
                return day
    for block in row.ancestors():
        # An item of several blocks (heading, summary, date) with all its links to one address.
        if block.end - block.start > 8 or (block is row and block.end - block.start <= 1):
            if block is row:
                continue
            break
        inside = doc.lines[block.start : block.end]
        if len({anchor.attribute("href") for other in inside for anchor in other.anchors}) > 1:
            break
        if day := next((day for other in inside if other.size <= 40 and (day := _day(other))), None):
            return day
    following = doc.lines[line.index + 1] if line.index + 1 < len(doc.lines) else None
    if following is not None and following.size <= 24 and not following.linked and row is line.block:
        return _day(following)
    return None


def _day(line: Line, within: bool = True) -> str | None:
    """The date of a line outside its links; with `within` also inside, if there is no digit outside."""
    if line.size > 200 or ("0" not in line.text and "1" not in line.text and "０" not in line.text):
        return None
    text = line.text
    for anchor in line.anchors:
        outside = text.replace(anchor.text, " ", 1)
        text = outside if not within or _DIGIT.search(outside) else text  # one link around both title and date
    printed_date = dates.find_date(text)
    return printed_date.day if printed_date else None
