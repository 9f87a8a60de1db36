"""The metadata table of an official document (索引号, 发布机构, 发文日期, 名称, 文号), or pairs of cells whose labels have no colon."""

import functools
import re
from collections.abc import Sequence

from ..dom.document import Line
from ..rule import PatternRule, Rule, WordRule
from ..text import dates
from ..words import Words
from .labels import Byline, LabelledValue, score_of

_FIELDS = {
    **dict.fromkeys(("名称", "标题", "文件名称", "信息名称", "公文名称", "文章标题", "信息标题", "题名"), "title"),
    **dict.fromkeys(("发布机构", "发文机关", "发文单位", "发布单位", "发文机构", "发布部门"), "source"),
    **dict.fromkeys(("生成日期", "发文时间", "印发日期", "成文时间"), "date"),
    **dict.fromkeys(
        (
            "索引号",
            "信息索引号",
            "文号",
            "发文字号",
            "文件编号",
            "公开目录",
            "公开方式",
            "公开范围",
            "公开形式",
            "公开时限",
            "信息分类",
            "主题分类",
            "体裁分类",
            "组配分类",
            "服务对象",
            "内容概述",
            "主题词",
            "关键词",
            "生效日期",
            "失效日期",
            "废止日期",
            "有效性",
            "是否有效",
            "责任部门",
            "公开责任部门",
        ),
        "other",
    ),
}
"""Labels of metadata tables, in addition to the labels of a byline, with their field."""
_DOCUMENT = WordRule(
    "label-of-document",
    "These labels occur only in tables of official documents, so a table with one of them is one, even with "
    "colons: `索引号`.",
    ("索引号", "信息索引号", "文号", "发文字号", "文件编号"),
    pages="general/info-below-the-head-of-an-official-document general/info-of-an-official-document-in-a-table",
)
_LABEL = PatternRule(
    "metadata-label",
    "A label of a metadata table, with or without colon, brackets and value: `索引号`, `[名称]`, "
    "`发文日期：2013-04-10`.",
    r"[\[【]?([\w\s·/]{2,12}?)\s*[\]】]?\s*(?:([:：])\s*(.*))?",
    pages="general/info-in-pairs-of-a-definition-list general/info-in-pairs-of-cells-without-colons",
)
_CELLS = ("td", "th", "dt", "dd", "li")


_METADATA_TABLE = Rule(
    "metadata-table",
    "Official documents have a table of labels and values above their text, or pairs of cells whose labels have no colon.",
    pages="general/info-of-an-official-document-in-a-table general/info-in-pairs-of-a-definition-list",
)


def find_metadata_table(lines: Sequence[Line], words: Words) -> Byline | None:
    """The first metadata table, as a byline with its own title; None without one."""
    if not _METADATA_TABLE.on:
        return None
    behind = -1
    begins = _begins(words)
    for line in lines:
        if not line.linked and line.text[:1] in begins and line.index > behind and _label(line, words) is not None:
            byline, behind = _run(lines, line.index, words)
            if byline is not None:
                return byline
    return None


@functools.lru_cache(maxsize=32)
def _begins(words: Words) -> frozenset[str]:
    """First characters of all labels; a quick test, most lines have another one."""
    return frozenset(label[0] for label in (*_FIELDS, *words.labels, "[", "【"))


def _label(line: Line, words: Words) -> tuple[str, str, str, str | None] | None:
    """Label, field, colon, and the value if it is in the same line; None if the line has no known label."""
    if line.size < 2 or (line.size > 12 and ":" not in line.text and "：" not in line.text):
        return None
    match = _LABEL.fullmatch(line.text)
    if match is None:
        return None
    label = re.sub(r"\s", "", match[1])
    name = _FIELDS.get(label) or words.labels.get(label)
    if name is None or (not match[2] and line.block.tag not in _CELLS):
        return None
    return label, name, match[2] or "", match[3] or None


def _run(lines: Sequence[Line], first: int, words: Words) -> tuple[Byline | None, int]:
    """The metadata table that begins with a line, or None, and the last line of the labels and values."""
    byline = Byline(first, first, "")
    texts: list[str] = []
    at, owned, colons = first, False, 0
    while at < len(lines) and (found := _label(lines[at], words)) is not None:
        label, name, colon, value = found
        texts.append(lines[at].text)
        owned, colons = owned or label in _DOCUMENT.words, colons + bool(colon)
        place = at
        if value is None and _holds_value(lines, at, words):
            at += 1
            place, value = at, lines[at].text
            texts.append(value)
        if name == "title" and value:
            byline.own_title, byline.own_title_line = value, place if lines[place].text == value else -1
        text = _day(value) if name == "date" and value else value or ""
        byline.pairs.append(LabelledValue(name, label, text))
        byline.last = place
        at += 1
    byline.text = " ".join(texts)
    dated = any(pair.field == "date" and pair.value and dates.find_date(pair.value) for pair in byline.pairs)
    whole = len(byline.pairs) >= 2 and dated and (owned or colons == 0)
    if whole:
        byline.score = score_of(byline)
    return byline if whole else None, byline.last


def _holds_value(lines: Sequence[Line], index: int, words: Words) -> bool:
    """True if the line after a label is its value: in the same row, and not a label."""
    if index + 1 >= len(lines):
        return False
    label, line = lines[index], lines[index + 1]
    if not line.size or _label(line, words) is not None or line.block is label.block:
        return False
    if label.block.tag == "dt":
        return line.block.tag == "dd"
    row = label.block.inside("tr") or label.block.inside("li")
    return row is not None and row.start <= line.index < row.end


def _day(value: str) -> str:
    date = dates.find_date(value)
    return value[: date.end] if date else value
