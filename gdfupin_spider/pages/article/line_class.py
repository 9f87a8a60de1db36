"""The class of each line after the byline: text, link, picture, file, or template noise."""

import itertools
import re
from collections.abc import Sequence

from ..dom.document import Anchor, Block, Line
from ..dom.file_links import is_file, is_ornament
from ..dom.file_types import PICTURE as PICTURE_FILE
from ..rule import PatternRule, Rule
from ..text import dates
from ..words import Words

COMMA = PatternRule(
    "prose-comma",
    "Prose has punctuation inside its sentences. The comma of a number (1,204) is none.",
    r"[，。！？；,](?!(?<=,)\d)",
    pages="gdfupin/paragraphs-without-full-stops-beside-a-long-column",
)
FULL_STOP = PatternRule(
    "footer-has-no-sentence",
    "A line of a footer has no full stop: a sentence with 版权所有 is text.",
    r"[。！？]",
    pages="gdfupin/prose-begins-with-banquan-and-holds-a-link",
)
_DISCLAIMS = frozenset("[【(（*※本特郑免版声提凡以")
"""First characters of disclaimers; a quick test before the expression."""
_RULE = PatternRule(
    "ruler",
    "A line of signs that divides is no text: `------`.",
    r"[-=_*~—―─━·.…\s]+",
    pages="gdfupin/ruler-between-paragraphs",
)
_WIDGET = PatternRule(
    "widget-line",
    "Lines of counters, votes, comment boxes and clocks begin with these words: `本文已被浏览`, `网友评论`, `顶一下`.",
    r"共\s*\d+\s*页\s*[:：]?$|(?:最近|最后|最新)?(?:更新|修改)(?:于|时间|日期)|(?:今天|今日|现在|当前)(?:是|时间|日期)|(?:阅读|浏览|点击|人气|访问|评论|热度)\S{0,3}\s*[:：]?\s*\d+\s*[次人条]?$|评论\s*[:：]|(?:暂无|还没有(?:人)?|目前没有)(?:任何)?(?:评论|留言|点评|回复)|本文已?被?(?:浏览|阅读|点击|访问)|您看完|(?:网友|发表|用户|文章|最新|我要|我来)(?:评论|说两句)|\d*\s*(?:来顶一下|顶一下|踩一下|鲜花|握手|雷人|路过|鸡蛋|刚表态)|(?:扫一扫|扫描|用手机|手机扫)",
    pages="gdfupin/end-counter-of-readers",
)
_VOICES = PatternRule(
    "comment-counter",
    "A line with a number of comments is template: `3位网友参与评论`.",
    r"\d\s*[位条人个]\S{0,6}(?:评论|参与|跟帖|回复|表态)",
    pages="gdfupin/end-number-of-comments",
)
_FIELD = PatternRule(
    "label-of-the-text",
    "A line that is only the label of the text or title is no text: `内容：`.",
    r"(?:信息|文章|新闻|公告|详细)?(?:内\s*容|正\s*文|标\s*题)\s*[:：]",
    pages="general/info-title-and-text-in-rows-with-their-names",
)
_MONTH_DAY = PatternRule(
    "row-with-month-and-day",
    "A link with a month and a day beside it is a row of a list: `[11-04] 通知`.",
    r"[(（\[]?(?<!\d)(?:1[0-2]|0?[1-9])[-/.月](?:3[01]|[12]\d|0?[1-9])(?!\d)日?[)）\]]?",
    pages="general/decoy-rows-with-month-and-day-between-info-and-a-short-body",
)
_DEAD = PatternRule(
    "picture-in-dead-link",
    'A picture in a link that leads nowhere is a picture of the text, not a button: `<a href="javascript:;">`.',
    r"\s*(?:#|javascript:\s*(?:;|void\s*\(?\s*0\s*\)?\s*;?)?)?\s*",
    re.I,
    pages="gdfupin/picture-in-a-link-that-leads-nowhere",
)
_QR_CODE = PatternRule(
    "qr-code",
    "Lines that tell to scan a QR code are template. A caption may have the word, too.",
    r"^[\[【(（]?(?:请|您|可|欢迎|打开|长按|识别|点击|关注|微信|手机|官方|公众|本[文站页网]|用|扫)[^。]*二维码|二维码[\]】)）]?$|^[\[【(（]?二维码",
    pages="gdfupin/end-line-of-a-qr-code",
)
_COUNTED = PatternRule(
    "counter-with-labels",
    "A line of labels that ends with a counter is template: `核发：admin 点击数：908`.",
    r"[\[【(（]?\w{2,8}\s*[:：].{0,40}?(?:点击|浏览|阅读|访问|查看)(?:数|量|率|次数|人数|人次)?\s*[:：]\s*(?:\d|[次人\[【(（]|$)",
    pages="gdfupin/end-counter-behind-the-approver",
)
_DIVIDERS = re.compile(r"[|｜\[\]【】]")
"""Signs between buttons."""
_NOWHERE = PatternRule(
    "short-dead-links",
    "A short line of links that lead nowhere is a row of buttons.",
    r"\s*(?:#|javascript:)",
    re.I,
    pages="gdfupin/end-button-nobody-knows",
)
PLAIN, LINK, NOISE, PICTURE, FILES, BLANK = "plain", "link", "noise", "picture", "file", "blank"


class LineClasses:
    """The classes of the lines after the byline, computed on demand."""

    def __init__(self, lines: Sequence[Line], after: int, words: Words) -> None:
        self.lines, self.after, self.words = lines, after, words
        self.footer = footer_start(lines, after, words)
        self._known: dict[int, str] = {}
        self._sentences: dict[int, bool] = {}
        self.containers: dict[int, Block] = {}
        """The containers that `content_block.container_of` has found, by the number of a block inside."""

    def of(self, index: int) -> str:
        """The class of a line: PLAIN, LINK, NOISE, PICTURE, FILES or BLANK."""
        known = self._known.get(index)
        if known is None:
            known = NOISE if index >= self.footer else _class_of(self.lines[index], self.words, self.after)
            self._known[index] = known
        return known

    def is_sentence(self, index: int) -> bool:
        """True if the line is prose and not template."""
        known = self._sentences.get(index)
        if known is None:
            known = is_prose(self.lines[index]) and self.of(index) in (PLAIN, FILES)
            self._sentences[index] = known
        return known

    def sentences(self, start: int, end: int) -> int:
        """Number of unlinked characters of prose in a range of lines."""
        total, known = 0, self._sentences
        for line in self.lines[max(start, self.after) : end]:
            index = line.index
            if known[index] if index in known else self.is_sentence(index):
                total += line.size - line.linked
        return total

    def first_content(self, start: int, end: int) -> int:
        """Index of the first line of text, picture or file in a range that has one."""
        return next(index for index in range(max(start, self.after), end) if self.of(index) in (PLAIN, PICTURE, FILES))

    def has_content(self, start: int, end: int) -> bool:
        """True if a range of lines has a picture, a file, or at least 16 characters of text."""
        plain = 0
        for index in range(max(start, self.after), end):
            kind = self.of(index)
            if kind in (PICTURE, FILES):
                return True
            plain += self.lines[index].size if kind == PLAIN and not self._heads_list(index) else 0
            if plain >= 16:
                return True
        return False

    def _heads_list(self, index: int) -> bool:
        """True if a short line is the heading of a list of links: two lines of links follow it."""
        if self.lines[index].size > 12:
            return False
        following = (self.of(other) for other in range(index + 1, min(index + 6, len(self.lines))))
        return list(itertools.islice((kind for kind in following if kind != BLANK), 2)) == [LINK, LINK]

    def ends_above(self, index: int, only_neighbours: bool = False) -> bool:
        """True if a line above this one can only be below an article: links to its neighbours, the heading of related
        links, or the footer. With `only_neighbours`, without such headings, which may also be in a side column."""
        return self.footer < index or any(
            0 < line.size < 80
            and self.of(line.index) == NOISE
            and (
                (mark := end_mark(line, self.words)) in ("end word", "neighbours")
                or (mark == "related" and not only_neighbours)
                or self.words.footer.search(line.text)
            )
            for line in self.lines[self.after : index]
        )


def is_prose(line: Line) -> bool:
    """True if a line reads as prose: unlinked text of some length with punctuation, or a short sentence with its end."""
    own = line.size - line.linked
    return (own >= 20 and COMMA.search(line.text) is not None) or (own >= 8 and line.text[-1:] in "。！？”")


_OWN_END = Rule(
    "own-end-words",
    "The profile's words for the end of a page begin its footer, unless prose follows: then an article quotes them.",
    pages="gdfupin/end-own-words-above-a-date-of-the-site",
)


def footer_start(lines: Sequence[Line], after: int, words: Words) -> int:
    """Index of the line where the profile's own end words begin the footer; behind it nothing is prose.

    An end word that an article quotes has prose, or the real footer, behind it.
    """
    if words.own_end is None or not _OWN_END.on:
        return len(lines)
    prose = next((line.index for line in reversed(lines) if "。" in line.text and is_prose(line)), 0)
    ends = (line.index for line in lines[max(after, prose) :] if line.size < 60 and words.own_end.match(line.text))
    return next(ends, len(lines))


def has_picture_or_file(line: Line) -> bool:
    """True if the line has a file or a picture that is not decoration."""
    return any(not is_ornament(image) for image in line.images) or any(is_file(anchor) for anchor in line.anchors)


def _class_of(line: Line, words: Words, after: int) -> str:
    if not line.size:
        if all(is_ornament(image) for image in line.images):
            return BLANK
        return LINK if any(_leads_on(anchor) for anchor in line.anchors) else PICTURE
    text = line.text
    if not line.anchors and line.size >= 60 and "。" in text and text[0] not in _DISCLAIMS:
        return PLAIN  # a shortcut for most lines of most articles
    if line.anchors and any(is_file(anchor) for anchor in line.anchors):
        return FILES
    if line.size > 2 and _RULE.fullmatch(text):
        return BLANK
    if (
        words.is_buttons(line)
        or end_mark(line, words)
        or (
            line.size < 60
            and (_WIDGET.match(text) or ("二维码" in text and _QR_CODE.search(text)) or _VOICES.search(text))
        )
        or _is_toolbar(line, words)
        or line.block.tag == "legend"
    ):
        return NOISE
    if (
        line.size < 60
        and (":" in text or "：" in text or text[0] in "[【")
        and (
            words.editor.match(text.lstrip("([（【 "))
            or _FIELD.fullmatch(text)
            or (_COUNTED.match(text) and COMMA.search(text) is None)
        )
    ):
        return NOISE
    if line.size < 300 and text[0] in _DISCLAIMS and words.disclaimer.match(text):
        return NOISE
    if (
        line.size < 200
        and (line.linked > 0.3 * line.size or FULL_STOP.search(text) is None)
        and words.footer.search(text)
    ):
        return NOISE
    if (
        (form := line.block.inside("form")) is not None
        and form.start >= after
        and not is_prose(line)
        and _has_inputs(form)
    ):
        return NOISE  # a form that begins after the byline is for comments, votes or a search
    if line.index <= after + 1 and line.size <= 6 and line.block.tag in ("td", "th") and _FIELD.fullmatch(f"{text}:"):
        return NOISE  # the label of the body (内容) in a table cell of its own
    if line.linked > 0.6 * line.size:
        return (
            NOISE
            if line.size <= 6 and all(_NOWHERE.match(anchor.attribute("href")) for anchor in line.anchors)
            else LINK
        )
    if (
        line.size < 140
        and not is_prose(line)
        and (
            _in_footer(line.block, words)
            or (line.block.tag == "p" and line.block.parent is not None and _in_footer(line.block.parent, words))
        )
    ):
        return NOISE
    return LINK if is_dated_link(line) else PLAIN


def is_dated_link(line: Line) -> bool:
    """True if a line is a row of a list: a link, a date, and hardly more."""
    return (
        line.linked > 0.3 * line.size
        and (found := dates.find_date(line.text) or _MONTH_DAY.search(line.text)) is not None
        and line.size - line.linked - _length(found) <= 4
    )


_PICTURE_BUTTON = Rule(
    "picture-button",
    "A picture in a link to a page is a banner or a button, not a picture of the text.",
    pages="gdfupin/end-banner-linked-to-a-page",
)


def _leads_on(anchor: Anchor) -> bool:
    """True if the link around a picture leads to a page or runs a script: not to the picture itself, and not nowhere."""
    if not _PICTURE_BUTTON.on:
        return False
    href = anchor.attribute("href")
    if _DEAD.fullmatch(href):
        return any(part.get("onclick") for part in (anchor.element, *anchor.element.iter("img")))
    return PICTURE_FILE.search(href) is None


def _length(found: dates.PrintedDate | re.Match[str]) -> int:
    return len(found[0]) if isinstance(found, re.Match) else found.end - found.start


_TOOLBAR = Rule(
    "toolbar",
    "A short divided line of which most parts are buttons is a toolbar: `收藏 | 打印 | 关键词：扶贫`.",
    pages="gdfupin/end-toolbar-with-keywords",
)


def _is_toolbar(line: Line, words: Words) -> bool:
    """True if most parts of a short divided line are buttons (`收藏 | 打印 | 关键词：扶贫`, `[收藏] [评论(0条)] [打印]`)."""
    if not _TOOLBAR.on:
        return False
    if line.size > 80 or _DIVIDERS.search(line.text) is None:
        return False
    pieces = [piece for part in _DIVIDERS.split(line.text) if (piece := part.strip())]
    return len(pieces) >= 2 and sum(1 for piece in pieces if words.tool.fullmatch(piece)) * 2 > len(pieces)


_FOOTER_BLOCK = Rule(
    "footer-block",
    "In a small block without prose, lines beside words of a footer are footer, too.",
    pages="gdfupin/end-footer-block-in-the-cell-of-the-text",
)


def _in_footer(block: Block, words: Words) -> bool:
    """True if a small block is the footer: one of its lines has words of a footer, and none is prose."""
    if not _FOOTER_BLOCK.on:
        return False
    if block.end - block.start > 10:
        return False
    lines = block.lines
    return any(words.footer.search(line.text) for line in lines) and not any(is_prose(line) for line in lines)


_FORM_BELOW_TEXT = Rule(
    "form-below-text",
    "A form with fields below the byline is for comments, votes or a search.",
    pages="gdfupin/end-form-of-few-words",
)


def _has_inputs(form: Block) -> bool:
    """True if a form has fields to fill in."""
    if not _FORM_BELOW_TEXT.on:
        return False
    fields = form.element.iter("input", "textarea", "select") if form.element is not None else ()
    return any(
        field.tag != "input" or (field.get("type") or "text").lower() in ("text", "radio", "checkbox", "password")
        for field in fields
    )


def end_mark(line: Line, words: Words) -> str:
    """Why a line ends the article: `end word`, `neighbours` or `related`; empty if it does not."""
    text = line.text
    if text[:1] not in words.end_starts:
        return ""  # a shortcut for most lines
    if words.own_end is not None and words.own_end.match(text) and line.size < 60:
        return "end word"
    if (match := words.after.match(text)) and (
        line.linked or (match["rest"] in (":", "：") and line.size < 80) or line.size < 8
    ):
        return "neighbours"
    if (
        line.size <= 40
        and (match := words.related.match(text))
        and (len(match["rest"].strip(" :：>》»…·|[]【】更多MOREmore")) <= 3 or line.linked >= 0.5 * line.size)
    ):
        return "related"
    return ""
