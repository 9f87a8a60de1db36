"""A listing: the rows that lead to articles, and what it prints of its own size."""

import re
from collections import defaultdict
from dataclasses import dataclass

from . import dates
from .document import Anchor, Block, Document, Line
from .links import Link, address, full_title
from .urls import absolute, is_trap
from .words import Words

_COUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
_TOTAL = re.compile(
    rf"(?:共|总共|共计|共有|总计|合计|总数|记录数?|信息总数)\s*[:：]?\s*(?:有)?\s*[\[【(]?\s*{_COUNT}\s*[\]】)]?\s*(?:条|篇|个(?!页)|则|记录|项|件)"
    rf"|(?:总记录|总记录数|记录总数|总条数|文章总数)\s*[:：]?\s*{_COUNT}|(?:页|^)\s*{_COUNT}\s*条(?:记录|信息|数据|新闻)?\s*(?:$|[上首\s])"
)
_PAGES = re.compile(
    r"(?:页次|页码|当前页|第)\s*[:：]?\s*(?:第)?\s*(\d{1,4})\s*页?\s*(?:[/／,，\s]|共|总)\s*(?:共|总共|总)?\s*(\d{1,4})\s*页?|(?<![\d/])(\d{1,4})\s*[/／]\s*(\d{1,4})\s*页|(?:共|总)\s*(\d{1,4})\s*页"
)
_DIGIT = re.compile(r"\d")
_MORE = re.compile(r"^[\s\[【(（<《]*(?:详细|详情|查看|点击|阅读|全文|更多|more)(?:\S{0,4})?[\s\]】)）>》.…]*$", re.I)
_SLASHED = re.compile(r"(?:条|条记录|个\S{1,4}|记录)\s*(\d{1,4})\s*[/／]\s*(\d{1,4})(?![\d/])")


@dataclass(frozen=True, slots=True)
class Size:
    """What a listing prints of its size; None where it does not say."""

    total: int | None = None
    """Articles in all (共104条)."""
    page: int | None = None
    """Number of this page, from 1 (页次:1/9)."""
    pages: int | None = None
    """Pages in all."""


def size(doc: Document) -> Size:
    """The size printed in a pager: in a short line, or over the pieces of one.

    >>> from .lines import parse
    >>> size(parse("<td>页次：<b>1</b>/9页 共104条记录"))
    Size(total=104, page=1, pages=9)
    """
    total = page = pages = None
    for line in doc.lines:
        text = line.text
        if line.size > 160 or not ("页" in text or "条" in text or "共" in text or "/" in text or "记录" in text):
            continue
        if not _DIGIT.search(text):
            continue
        text = dates.digits(text)
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
    return Size(total, page, pages)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a listing."""

    links: tuple[Link, ...] = ()
    """Links to articles in page order."""
    first: int = 0
    last: int = -1
    """The lines they begin and end in."""


def rows(doc: Document, url: str, encoding: str, words: Words, after: int = 0) -> Rows:
    """Of the rows behind line `after` those of the shape that fills the page."""
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    groups: dict[tuple[object, ...], list[tuple[Anchor, str | None]]] = defaultdict(list)
    named = {anchor.attribute("href") for anchor in doc.anchors if anchor.text and not _MORE.match(anchor.text)}
    for line in doc.lines[after:]:
        if not line.anchors:
            continue
        row = _row(line)
        anchor = line.anchors[0] if len(line.anchors) == 1 else max(line.anchors, key=lambda anchor: len(anchor.text))
        if not anchor.text or words.tool.fullmatch(anchor.text) or words.after.match(anchor.text):
            continue
        if _MORE.match(anchor.text) and anchor.attribute("href") in named:
            continue  # the second link of a row, behind its summary
        date = _date_beside(doc, row, line)
        if len(anchor.text) < 4 and date is None and full_title(anchor) is None:
            continue
        if date is None and line.linked < 0.5 * line.size:
            continue
        groups[_shape(row)].append((anchor, date))
    if not groups:
        return Rows()
    best = max(_continued(doc, groups), key=_weight)
    # Rows that are nested in each other, for their tables are never closed: alike in tags, not in place.
    loose: dict[tuple[object, ...], list[tuple[Anchor, str | None]]] = defaultdict(list)
    for shape, group in groups.items():
        if str(shape[0]).startswith(("td", "tr", "table")) and (len(best) < 3 or (len(group) < 3 and group[0][1])):
            loose[shape[:1]] += group
    best = max([best, *loose.values()], key=_weight)
    if len(best) < 3 and not any(date for _, date in best):
        return Rows()
    found: dict[str, Link] = {}
    for anchor, date in best:
        target = absolute(address(anchor) or "", base, encoding)
        if target and target not in found and not is_trap(target, anchor.text):
            found[target] = Link(target, anchor.text, full_title(anchor), date)
    places = [anchor.line for anchor, _ in best]
    return Rows(tuple(found.values()), min(places), max(places))


def _continued(
    doc: Document, groups: dict[tuple[object, ...], list[tuple[Anchor, str | None]]]
) -> list[list[tuple[Anchor, str | None]]]:
    """The groups, and as one those that go on in the next table or row of the same make, with nothing printed between."""
    found: list[list[tuple[Anchor, str | None]]] = []
    last: dict[tuple[object, ...], list[tuple[Anchor, str | None]]] = {}
    for shape, group in groups.items():
        before = last.get(shape[:2])
        alike = before is not None and (before[-1][1] is None) == (group[0][1] is None)
        if (
            before is not None
            and alike
            and not any(
                line.text and not line.linked and _day(line) is None
                for line in doc.lines[before[-1][0].line + 1 : group[0][0].line]
            )
        ):
            before += group
            continue
        last[shape[:2]] = group = list(group)
        found.append(group)
    return found


def _weight(group: list[tuple[Anchor, str | None]]) -> int:
    return sum(2 if date else 1 for _, date in group)


def _row(line: Line) -> Block:
    """The block that holds a row: the table row or list item around the line, or its own block."""
    block: Block | None = line.block
    while block is not None:
        if block.end - block.start > 6:
            break  # those around it hold more
        if block.tag in ("tr", "li", "dl"):
            return block
        block = block.parent
    return line.block


def _shape(row: Block) -> tuple[object, ...]:
    """Rows of one list have tags and list in common; a table made anew for each row counts as one with its neighbours."""
    outer = row.parent
    tags = f"{row.tag} {outer.tag}" if outer is not None else row.tag
    while (
        outer is not None and outer.tag in ("tbody", "table", "ul", "div", "dl", "p") and outer.end - outer.start <= 3
    ):
        outer = outer.parent
    if outer is not None and outer.tag == "tbody":
        outer = outer.parent
    return (tags, row.depth, id(outer))


def _date_beside(doc: Document, row: Block, line: Line) -> str | None:
    """The date of a row: beside its link, never in it; in its own line where the row's tags were not closed."""
    for index in (*range(line.index, max(row.end, line.index + 1)), *range(line.index - 1, row.start - 1, -1)):
        if (day := _day(doc.lines[index])) is not None:
            return day
    for block in row.ancestors():
        # An item of several blocks: heading, summary, date, all its links to one address.
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


def _day(line: Line) -> str | None:
    if line.size > 200 or ("0" not in line.text and "1" not in line.text and "０" not in line.text):
        return None
    text = line.text
    for anchor in line.anchors:
        outside = text.replace(anchor.text, " ", 1)
        text = outside if _DIGIT.search(outside) else text  # a link around title and date holds both
    said = dates.find(text)
    return said.day if said else None
