"""The byline (`加入时间:2021-1-13    来源:中国组织人事报`): labels in any order, on one line or several.

Text without a known label is kept as `unclaimed`, so that a crawl can report what its profile lacks. The record has
the byline as printed in `info_line`.
"""

import re
from collections.abc import Container, Sequence

from ..dom.document import Line
from ..dom.file_links import is_ornament
from ..rule import PatternRule, Rule
from ..text import dates
from ..words import Words
from . import labels
from .labels import CJK, LONGEST, MEDIUM, SENTENCE_END, Byline, score_of

_CLAIMS = re.compile(r":|：|19|20|２０|-\d\d-\d\d|年\d")
"""Every byline has a label's colon or a date; a quick test."""
_TIME_ONLY = PatternRule(
    "byline-time-line",
    "A time of day in a line of its own is part of a byline and does not end it.",
    r"^\s*\d{1,2}:\d\d(?::\d\d)?",
    pages="gdfupin/info-time-in-a-line-of-its-own",
)
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d\d")
_HEADINGS = ("h1", "h2")
"""Elements whose text is a title, not a byline."""
COUNTER = PatternRule(
    "counter-line",
    "A line of a counter is neither title nor text, and does not end a byline: `点击：12次`, `[已有3人评论]`.",
    r"^[\[【(（]?\s*(?:已有|共有?|本文)?\s*(?:\d+\s*(?:次|人|条|位)\S{0,6}|(?:点击|浏览|阅读|人气|访问|评论|热度|查看|推荐)\S{0,3}\s*[:：]?\s*\d*\s*[次人条]?)\s*[\]】)）]?$",
    pages="gdfupin/info-counter-between-date-and-source",
)


_MOST_LABELS = 100
"""Labels of one byline; more lines with labels are a list."""


_MOST_BYLINES = 1_000
"""Bylines of a page that are compared; a page with more is a list."""


def find_bylines(lines: Sequence[Line], words: Words, titles: Container[int] = ()) -> list[Byline]:
    """All bylines of a page in page order, each with a score. One byline may span several lines.

    `titles` are lines known to be titles although they look like a label (`来源:一个贫困村的水源之变`).
    """
    groups: list[Byline] = []
    group: Byline | None = None
    gap = 0
    skip = -1
    for line in lines:
        index = line.index
        if index <= skip or (group is None and (line.size > LONGEST or _CLAIMS.search(line.text) is None)):
            continue  # a shortcut for most lines
        byline = (
            None
            if index in titles or (line.block.tag in _HEADINGS and dates.find_date(line.text) is None)
            else _line(lines, index, words)
        )
        is_short = group is not None and gap <= 4 and len(group.pairs) < _MOST_LABELS
        if byline is not None and group is not None and is_short and _together(lines, group, byline):
            group = _join(group, byline)
            skip, gap = byline.last, 0
        elif byline is not None and not (group is not None and byline.is_counter()):
            if group is not None:
                groups.append(group)
            group, skip, gap = byline, byline.last, 0
        elif group is not None:
            # Buttons and counters are not part of a byline, but do not end it.
            pictures = not line.text and any(not is_ornament(image) for image in line.images)
            if pictures or (
                byline is None
                and line.text
                and not (words.is_buttons(line) or COUNTER.match(line.text) or _TIME_ONLY.match(line.text))
            ):
                groups.append(group)
                group = None
            gap += 1
    if group is not None:
        groups.append(group)
    return [group for group in groups if group.score >= 1.2 and not group.is_reference()][:_MOST_BYLINES]


def _line(lines: Sequence[Line], index: int, words: Words) -> Byline | None:
    line = lines[index]
    text = line.text
    if not 2 <= line.size <= LONGEST or line.linked > 0.8 * line.size > 12:
        return None
    if _CLAIMS.search(text) is None:
        return None
    if line.size > 60 and text.count("，") + text.count("。") > 2:
        return None
    beneath = _is_beneath_heading(lines, line)
    byline = labels.read_labels(text, words, index, 24 if beneath else 10)
    if byline is None:
        return None
    # The value of the last label is in the next cell, item or line of the same row.
    while (
        byline.pairs
        and not byline.pairs[-1].value
        and byline.last + 1 < len(lines)
        and _same_row(lines[byline.last], lines[byline.last + 1])
        and 0 < lines[byline.last + 1].size <= 40
        and not SENTENCE_END.search(lines[byline.last + 1].text)
    ):
        longer = labels.read_labels(byline.text + " " + lines[byline.last + 1].text, words, index)
        if longer is None:
            break
        longer.last = byline.last + 1
        byline = longer
    if not byline.pairs and not beneath and _in_row(lines, line):
        return None
    if any(pair.field in ("author", "source") and SENTENCE_END.search(pair.value) for pair in byline.pairs):
        return None  # 记者：贷款要抵押吗？ is a line of an interview
    if any(
        len(anchor.text) >= 8
        and CJK.search(anchor.text)
        and not any(anchor.text in pair.value for pair in byline.pairs)
        for anchor in (line.anchors if byline.pairs or not beneath else ())
    ):
        byline.score -= 4  # a row of a list, with the title of another article
    for number, pair in enumerate(byline.pairs):
        if pair.field in ("source", "author"):
            byline.pairs[number] = pair._replace(value=_value_in_link(pair.value, line))
    return byline if byline.score > 0 else None


_BYLINE_BENEATH_HEADING = Rule(
    "byline-beneath-heading",
    "Directly below a heading, text beside a date with a time of day is the source, whatever its length.",
    pages="general/info-source-without-label-beneath-the-heading",
)


def _is_beneath_heading(lines: Sequence[Line], line: Line) -> bool:
    """True if a line with a time of day is directly below a heading, and what follows is no link. Text beside its
    date is then the source."""
    if not _BYLINE_BENEATH_HEADING.on:
        return False
    if line.index == 0 or line.index + 1 >= len(lines) or line.size > 60 or _TIME_OF_DAY.search(line.text) is None:
        return False
    above, below = lines[line.index - 1], lines[line.index + 1]
    return above.block.tag in _HEADINGS and above.size >= 3 and not above.linked and below.linked <= 0.5 * below.size


_DATE_OF_A_ROW = Rule(
    "date-of-a-row",
    "A bare date beside or below a link is the date of the linked article, not of the page.",
    pages="gdfupin/unknown-rows-whose-links-lead-nowhere",
)


def _in_row(lines: Sequence[Line], line: Line) -> bool:
    """True if a bare date is beside a link in its line or row, or below it: then it is the date of the linked
    article."""
    if not _DATE_OF_A_ROW.on:
        return False
    if any(len(CJK.findall(anchor.text)) >= 6 and not MEDIUM.fullmatch(anchor.text) for anchor in line.anchors):
        return True
    above = next(
        (lines[index] for index in range(line.index - 1, max(-1, line.index - 3), -1) if lines[index].text), None
    )
    if (
        above is not None
        and above.linked >= 0.6 * above.size
        and above.block.tag not in _HEADINGS
        and len(CJK.findall(above.text)) >= 6
    ):
        return True
    following = lines[line.index + 1] if line.index + 1 < len(lines) else None
    row = line.block.inside("tr") or line.block.inside("li")
    return (
        following is not None
        and row is not None
        and row.start <= following.index < row.end
        and row.end - row.start <= 4
        and following.linked >= 0.8 * following.size >= 6
    )


_VALUE_IN_LINK = Rule(
    "value-in-link",
    "Of a value with a link only the link counts: `来源：<a>求是网</a>参与互动`.",
    pages="gdfupin/info-source-as-a-link-and-an-invitation",
)


def _value_in_link(value: str, line: Line) -> str:
    """The part of a value that is a link: `来源：<a>求是网</a>参与互动` has the source 求是网."""
    if not _VALUE_IN_LINK.on:
        return value
    for anchor in line.anchors:
        text = anchor.text
        if len(text) >= 2 and len(value) > len(text):
            if value.startswith(text) and not value[len(text) :].startswith(("、", "/", "·")):
                return text
            if value.endswith(text):
                return value[: -len(text)].strip(" |｜,，;；/")
    return value


_VALUE_IN_NEXT_CELL = Rule(
    "value-in-next-cell",
    "The value of a label may be in the next cell, item or line of the row.",
    pages="gdfupin/info-in-cells-label-and-value-apart",
)


def _same_row(line: Line, following: Line) -> bool:
    if not _VALUE_IN_NEXT_CELL.on:
        return False
    row = line.block.inside("tr")
    if (
        row is not None
        and line.block.tag in ("td", "th")
        and row.start <= following.index < row.end
        and row.end - row.start <= 12
    ):
        return True
    around = line.block.parent
    if line.block.tag in ("dt", "li", "dd") and not following.linked and around is not None:
        # Only an item of one line is a value; an item of several lines is text of the article.
        return any(
            item.start <= following.index < item.end and item.end - item.start == 1
            for item in around.children
            if item.start <= following.index
        )
    return False


def _together(lines: Sequence[Line], group: Byline, byline: Byline) -> bool:
    """True if two bylines belong to one article: near each other in the tree, and not two rows of a list."""
    if byline.bare_date and not byline.pairs and (group.bare_date or group.has_label("date")):
        return False
    if byline.has_label("date") and group.bare_date:
        return False
    if any(
        field in ("date", "source") and byline.has_label(field) and group.has_label(field)
        for field in ("date", "source")
    ):
        return False
    if byline.is_counter():
        return False
    one, two = lines[group.last].block, lines[byline.first].block
    for steps, block in enumerate(one.ancestors()):
        if block.start <= byline.first < block.end:
            return steps <= 4 or two.tag == one.tag
    return False


def _join(group: Byline, byline: Byline) -> Byline:
    joined = Byline(
        group.first,
        byline.last,
        f"{group.text} {byline.text}",
        group.pairs + byline.pairs,
        group.bare_date or byline.bare_date,
        (group.unclaimed + " " + byline.unclaimed).strip(),
    )
    joined.score = score_of(joined)
    return joined
