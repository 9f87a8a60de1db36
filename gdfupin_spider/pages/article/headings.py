"""The title: usually above its byline, with the lines that belong to it."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

from ..dom.document import Line
from ..dom.tables import is_data_row
from ..rule import PatternRule, Rule
from ..text import dates
from ..words import Words
from . import labels
from .breadcrumb import Breadcrumb
from .byline import COUNTER

HEADINGS = ("h1", "h2", "h3")
"""Heading elements that may be a title."""
_SUBTITLE = PatternRule(
    "subtitle",
    "A line that begins with a dash, below a title, is a subtitle: `——记徐闻县第一书记`.",
    r"[—–―─-]{1,3}\s*\w|[（(]?副(?:标)?题",
    pages="gdfupin/title-with-subtitle-in-its-own-paragraph",
)


_UNCOMPARED = re.compile(r"[\s\"'“”‘’「」]+")


def normalized(text: str) -> str:
    """Text for comparison: NFKC, without white space and quotation marks."""
    return _UNCOMPARED.sub("", unicodedata.normalize("NFKC", text))


_TITLE_IN_HEAD = Rule(
    "title-in-head",
    "The line that `<title>` begins with, or that it contains, is the title rather than one that is only near.",
    pages="gdfupin/breadcrumb-below-the-title",
)
_HEADING_FIRST = Rule(
    "title-is-heading",
    "Without an info line, the first heading below the breadcrumb is the title.",
    pages="gdfupin/title-as-heading-of-a-page-without-info",
)
_LINE_FIRST = Rule(
    "title-below-breadcrumb",
    "Without an info line and headings, the title is the first unlinked line below the breadcrumb.",
    pages="general/date-before-the-title-in-its-line general/date-in-brackets-behind-the-title",
)


def agrees(line: Line, evidence: str) -> bool:
    """True if `<title>` (`evidence`, normalized) begins with the line, or contains a line of 8 characters or more."""
    if not _TITLE_IN_HEAD.on or line.size < 4 or not (line.text[:2] in evidence or line.text[2:4] in evidence):
        return False  # a shortcut for most lines, without normalizing them
    text = normalized(line.text)
    if len(text) < 4:
        return False
    return evidence.startswith(text) or (len(text) >= 8 and text in evidence)


_DATE_IS_NO_TITLE = Rule(
    "date-is-no-title",
    "A line that is only a date is no title.",
    pages="gdfupin/title-with-a-date-in-brackets-below-it gdfupin/title-with-a-date-in-brackets-in-the-heading",
)


def _is_date(line: Line) -> bool:
    """True if a line has a date and at most two more characters."""
    if not _DATE_IS_NO_TITLE.on:
        return False
    date = dates.find_date(line.text) if line.size <= 30 else None
    return date is not None and line.size - (date.end - date.start) <= 2


_DATE_IN_TITLE = Rule(
    "date-in-title",
    "A date in brackets in a line of its own, below a title, belongs to the title: `（2018年8月11日）`.",
    pages="gdfupin/title-with-a-date-in-brackets-below-it gdfupin/title-with-a-date-in-brackets-in-the-heading",
)


def is_bracketed_date(line: Line) -> bool:
    """True if a line is a date in round brackets."""
    if not _DATE_IN_TITLE.on:
        return False
    return line.text[:1] in "(（" and line.text[-1:] in ")）" and _is_date(line)


_TITLE_BELOW_BYLINE = Rule(
    "title-below-byline",
    "A title may be below its byline.",
    pages="gdfupin/info-above-the-title gdfupin/rows-headings-with-summaries-and-details",
)


def _title_below(
    lines: Sequence[Line], last: int, evidence: str, words: Words, nothing_above: bool, alone: bool
) -> int | None:
    """The title where it is below its byline: one of the next lines if it equals `<title>`, or a heading.

    With `alone`, where no line above can be the title, a short line below it is the title.
    """
    if not _TITLE_BELOW_BYLINE.on:
        return None
    for line in lines[last + 1 : last + 6]:
        if words.own_end is not None and words.own_end.match(line.text):
            return None
        if line.text and not words.is_buttons(line):
            said_so = agrees(line, evidence) or (nothing_above and line.block.tag in HEADINGS and line.size >= 4)
            labelled = labels.read_labels(line.text, words)
            plain = alone and line.size <= 80 and "。" not in line.text and not (labelled and labelled.pairs)
            return line.index if not line.linked and (said_so or plain) else None
    return None


def _lines_between(lines: Sequence[Line], start: int, end: int) -> Iterator[Line]:
    """A range of lines, not copied: this is called for every byline, and usually the first line decides."""
    return (lines[index] for index in range(start, end))


_TITLE_BEYOND_TEXT = Rule(
    "title-beyond-text",
    "A byline may be below the text of the article, or above the breadcrumb: then the title is farther away.",
    pages="gdfupin/breadcrumb-below-the-title",
)


_FARTHEST = 2_000
"""Lines between a title and the byline below its text."""


class FarTitles:
    """Unlinked lines of a page that are headings or agree with `<title>`: found once, as a page may have thousands of bylines."""

    def __init__(self, lines: Sequence[Line], evidence: str) -> None:
        self._lines, self._evidence = lines, evidence

    @cached_property
    def _indexes(self) -> list[int]:
        return [
            index
            for index, line in enumerate(self._lines)
            if not line.linked and (agrees(line, self._evidence) or line.block.tag in HEADINGS)
        ]

    def first(self, start: int, end: int) -> int | None:
        """The index of the first one in this range of lines."""
        at = bisect_left(self._indexes, start)
        return self._indexes[at] if at < len(self._indexes) and self._indexes[at] < end else None


def _title_beyond_body(
    lines: Sequence[Line],
    first: int,
    crumb: Breadcrumb | None,
    evidence: str,
    words: Words,
    behind_prose: bool,
    far_titles: FarTitles,
) -> int | None:
    """The title where the text of the article, or the breadcrumb, is between it and the byline."""
    if not _TITLE_BEYOND_TEXT.on:
        return None
    if behind_prose:
        start = max(crumb.last + 1 if crumb else 0, first - _FARTHEST)
        head = next(
            (line for line in _lines_between(lines, start, first) if line.text and not words.is_buttons(line)), None
        )
        if crumb and head is not None and not head.linked and head.size <= 100 and "。" not in head.text:
            return head.index
        return far_titles.first(start, first)
    if crumb is not None and crumb.last + 4 >= first:
        above = lines[max(0, crumb.first - 3) : crumb.first]
        return next(
            (
                line.index
                for line in reversed(above)
                if not line.linked
                and not words.is_site(line.text)
                and (agrees(line, evidence) or line.block.tag in HEADINGS)
            ),
            None,
        )
    return None


def find_title(
    lines: Sequence[Line],
    first: int,
    last: int,
    crumb: Breadcrumb | None,
    evidence: str,
    words: Words,
    far_titles: FarTitles | None = None,
) -> tuple[tuple[int, ...], float]:
    """The lines of the title of a byline, and a score of how much they speak for that byline.

    `far_titles`: those of the page, where it is called for many bylines.
    """
    floor = crumb.last + 1 if crumb else 0
    steps = crumb.steps if crumb else ()
    nearest: int | None = None
    seen = 0
    behind_prose = False
    for index in range(first - 1, max(floor, first - 24) - 1, -1):
        line = lines[index]
        if not line.text or words.is_buttons(line) or line.block.tag == "legend" or COUNTER.match(line.text):
            continue
        if (
            agrees(line, evidence)
            and not (nearest is not None and (line.text in steps or line.text in words.sections))
            and not words.is_site(line.text)
        ):
            return title_with_neighbours(lines, index, first, floor, words), 4.0
        seen += 1
        if nearest is None and not behind_prose:
            if line.size > 150 or "。" in line.text:
                behind_prose = True  # a byline below its article: the title is not near it
            elif (line.linked <= 0.6 * line.size or _is_linked_title(line, crumb)) and not (
                _is_date(line) or _follows_title(lines, index, words)
            ):
                nearest = index
        if seen > 8:
            break
    if (nearest is None or not agrees(lines[nearest], evidence)) and (
        below := _title_below(
            lines, last, evidence, words, nearest is None, nearest is None and not behind_prose and not seen
        )
    ) is not None:
        return title_with_neighbours(lines, below, below + 1, below, words), 3.0
    if (
        nearest is None
        and (
            far := _title_beyond_body(
                lines, first, crumb, evidence, words, behind_prose, far_titles or FarTitles(lines, evidence)
            )
        )
        is not None
    ):
        return title_with_neighbours(lines, far, far + 1, far, words), 1.0
    if nearest is None:
        return (), 0.0
    if crumb and lines[nearest].block.tag not in HEADINGS:
        head = next(
            (line for line in _lines_between(lines, floor, nearest) if line.text and not words.is_buttons(line)), None
        )
        if head is not None and head.block.tag in HEADINGS and not head.linked:
            nearest = head.index  # a heading directly after the breadcrumb; the article is between it and the byline
    above = next((line for line in reversed(lines[max(floor, first - 3) : first]) if line.text), None)
    if above is not None and above.linked >= 0.8 * above.size and above.size >= 8:
        return title_with_neighbours(
            lines, nearest, first, floor, words
        ), -6.0  # the byline of a row: its title is a link
    return title_with_neighbours(lines, nearest, first, floor, words), 1.0 if lines[
        nearest
    ].block.tag in HEADINGS else 0.5


_DETAILS = Rule(
    "details-end-title",
    "Below a title in its block, a line with a counter or a date is no second line of the title: `03-10-30 点击66次 办公室`.",
    pages="general/title-above-its-counter-in-one-block",
)


def _is_details(line: Line, words: Words) -> bool:
    """True if a line has labels, a date or a counter, as beside a title."""
    if labels.read_labels(line.text, words):
        return True
    if not _DETAILS.on:
        return False
    if labels.COUNTED.search(line.text):
        return True
    date = dates.find_date(line.text) or dates.short_date(line.text)
    if date is None:
        return False
    printed, around = line.text[date.start : date.end], line.text[max(0, date.start - 1) : date.end + 1]
    # Words of a title follow a date without a space: 2009年2月27日政府常务会议纪要.
    return "年" not in printed or printed.endswith(" ") or not labels.CJK.search(around.replace(printed, ""))


def _follows_title(lines: Sequence[Line], index: int, words: Words) -> bool:
    """True if a line has the details of the line above it in its block, which is the title."""
    above = lines[index - 1] if index else None
    return (
        above is not None
        and above.block is lines[index].block
        and above.size >= 4
        and not above.linked
        and _is_details(lines[index], words)
        and not _is_details(above, words)
        and not words.is_buttons(above)
    )


def title_with_neighbours(lines: Sequence[Line], index: int, first: int, floor: int, words: Words) -> tuple[int, ...]:
    """A line of the title with the other lines of the title: of the same block, or a subtitle behind a dash."""
    block = lines[index].block
    found = [index]
    if _SUBTITLE.match(lines[index].text):
        # The nearest line is a subtitle; the title is above it.
        above = next((at for at in range(index - 1, floor - 1, -1) if lines[at].text), None)
        if above is not None and not lines[above].linked and not words.is_buttons(lines[above]):
            return (*title_with_neighbours(lines, above, index, floor, words), index)
    if block.end - block.start <= 4 or block.tag in HEADINGS:
        at = index - 1
        while (
            at >= floor
            and lines[at].block is block
            and lines[at].text
            and not lines[at].linked
            and not _is_details(lines[at], words)
        ):
            found.insert(0, at)
            at -= 1
    else:
        found = [*_lines_above(lines, index, floor, words), index]
    at = index + 1
    while (
        at < first
        and lines[at].text
        and (
            is_bracketed_date(lines[at])
            or (
                ((lines[at].block is block and (block.end - block.start <= 4)) or _SUBTITLE.match(lines[at].text))
                and not words.is_buttons(lines[at])
                and not _is_details(lines[at], words)
            )
        )
    ):
        found.append(at)
        at += 1
    return tuple(found)


_TITLE_LINES_IN_ONE_BLOCK = Rule(
    "title-lines-in-one-block",
    "Where title, byline and text are in one block, the short lines at its top are the title.",
    pages="gdfupin/title-over-two-lines-where-all-stands-in-one-cell",
)


def _lines_above(lines: Sequence[Line], index: int, floor: int, words: Words) -> list[int]:
    """For a block with title, byline and text: the one or two short title lines between its start (or the breadcrumb)
    and `index`.

    Empty if one of them is not part of a title, for example the name of a section.
    """
    if not _TITLE_LINES_IN_ONE_BLOCK.on:
        return []
    begin = max(floor, lines[index].block.start)
    above = [line for line in lines[begin:index] if line.text]
    if len(above) > 2 or any(
        line.block is not lines[index].block
        or line.linked
        or line.size > 40
        or line.text in words.sections
        or words.is_site(line.text)
        or words.is_buttons(line)
        or labels.read_labels(line.text, words)
        for line in above
    ):
        return []
    return [line.index for line in above]


_TITLE_LINKS_TO_ITSELF = Rule(
    "title-links-to-itself",
    "A heading directly below the breadcrumb is the title although it is a link: it leads to its own page.",
    pages="general/title-that-is-a-link-to-its-own-page",
)


def _is_linked_title(line: Line, crumb: Breadcrumb | None) -> bool:
    """True if a link is a heading directly after the breadcrumb: some titles link to their own page."""
    if not _TITLE_LINKS_TO_ITSELF.on:
        return False
    return crumb is not None and line.index - crumb.last <= 2 and line.block.tag in ("h1", "h2") and line.size >= 6


_CELL_IS_NO_TITLE = Rule(
    "cell-is-no-title",
    "A cell of a data table is no title, although it may repeat one: a table of facts names its subject again.",
    pages="gdfupin/undated-table-that-repeats-its-title",
)


def _is_cell(line: Line) -> bool:
    """True if a line is in a cell of a data table."""
    if not _CELL_IS_NO_TITLE.on:
        return False
    row = line.block.inside("tr")
    return row is not None and len(row.children) >= 2 and is_data_row(row)


def title_without_byline(
    lines: Sequence[Line], crumb: Breadcrumb | None, evidence: str, words: Words
) -> tuple[int, ...]:
    """The title of a page without byline: the line that equals `<title>`, else a heading, else the first line after
    the breadcrumb."""
    floor = crumb.last + 1 if crumb else 0
    agreeing = [line for line in lines[floor:] if not line.linked and agrees(line, evidence) and not _is_cell(line)]
    if agreeing:
        return title_with_neighbours(
            lines, max(agreeing, key=lambda line: (line.size, -line.index)).index, len(lines), floor, words
        )
    for tag in HEADINGS if _HEADING_FIRST.on else ():
        heading = next(
            (line for line in lines[floor:] if line.text and line.linked < line.size and line.block.tag == tag), None
        )
        if heading:
            return (heading.index,)
    if crumb and _LINE_FIRST.on:
        return next(
            ((line.index,) for line in lines[floor:] if line.text and not line.linked and not words.is_buttons(line)),
            (),
        )
    return ()
