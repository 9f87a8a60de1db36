"""Labels and values in the text of a byline: date, source, author, known labels without a field, and the rest."""

import functools
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ...messages.text import N_
from ..rule import PatternRule, Rule, WordRule, cleared_by_rules
from ..text import dates
from ..words import Words

LONGEST = 240
"""Maximum length of a byline; longer lines are prose."""
_STOP = PatternRule(
    "value-end",
    "A value ends at a divider, a button or a counter: `南方日报 【字体：大`, `南方日报 点击`.",
    r"\s*(?:[|｜]|【|[\[(（<]\s*(?:字|打印|关闭|收藏|大|小|推荐|背景|繁|复制)|字\s*体|字\s*号|打印|大\s中\s小|我要评论|我来说|分享|关闭|加入收藏|收藏本|用手机|扫一扫|手机(?:看|版)|背景色|保护视力|\d+\s*(?:次|人)\s*(?:浏览|点击|阅读|评论|参与)|点击|浏览|阅读|评论\(|有\d+人|查看|T\|T|复制链接|\+1$|[今现][天在]是|当前时间)",
    pages="gdfupin/info-source-ends-at-a-button",
)
_NOISE = PatternRule(
    "unclaimed-signs",
    "Punctuation beside labels and values is no text that somebody should claim.",
    r"[\s|｜/·•:：,，;；()（）\[\]【】<>《》\-—–_.。'\"“”↓↑]+",
    pages="general/info-in-the-heading-of-the-title",
)
CJK = re.compile(r"[\u4e00-\u9fff]")
TOOL_LABEL = PatternRule(
    "tool-label",
    "A line with only labels of tools is no byline: `分享到：`, `评论：0条`.",
    "分享|打印|收藏|扫一扫|我要评论|推荐|手机|微信|下载|评论|字体|字号|背景|保护|视力",
    pages="gdfupin/info-share-tools-below",
)
_COLON = re.compile("[:：]")
_QUALIFIER = PatternRule(
    "qualified-label",
    "A word before a known label belongs to the label and not to the value before it: the 值班 of `李春 值班编辑：`.",
    r"\S\s+([\u4e00-\u9fff]{1,4})$",
    pages="gdfupin/info-editor-of-the-day-behind-the-author",
)
_PARTNERS = {"]": "[", "】": "【", ")": "(", "）": "（"}
_CLOCK = PatternRule(
    "clock",
    "A date beside the day of the lunar calendar or 北京时间 is the current date: `2021年1月13日 农历腊月初一`.",
    "今天|今日|现在是|北京时间|农历|当前时间|本日",
    pages="gdfupin/decoy-clock-with-the-lunar-day",
)
SENTENCE_END = PatternRule(
    "sentence-is-no-value",
    "A value that ends like a sentence is text: `记者：贷款要抵押吗？`.",
    r"[。！？?!；][”’」』）)]*$",
    pages="gdfupin/decoy-interview-with-reporter-labels",
)
PROSE = PatternRule(
    "prose-is-no-byline",
    "A bare date with punctuation of sentences around it is in a text, not in a byline.",
    r"[，。；]",
    pages="gdfupin/decoy-dates-in-prose-below-a-page-without-date gdfupin/prose-quotes-jiaru-shijian",
)
MEDIUM = PatternRule(
    "unlabelled-source",
    "Text beside a bare date is the source if it is named like a newspaper, station or site: `南方日报`.",
    r"[\w·《》〈〉]{2,12}(?:网|报|社|台|刊|杂志|频道|在线|娱乐|财经|科技|新闻|传媒|广播|周刊|时报|晚报|日报|早报|电视|通讯社|体育|新闻网|门户网|新华网)",
    pages="gdfupin/info-bare-source-and-date-before-a-closing-source gdfupin/system-vsb-article",
)
_URL = PatternRule(
    "printed-address",
    "An address printed in a byline is no text that somebody should claim.",
    r"(?:https?://|www\.)[\w./-]+",
    re.I,
    pages="gdfupin/info-address-of-the-site-beside-the-date",
)
_BARE_SOURCE = PatternRule(
    "source-without-colon",
    "The label of the source may have no colon: `2013-04-10 来源 南方日报`.",
    r"(?:^|[|｜\s\d])(来源|文章来源|信息来源|稿源|出处)\s*(?=[^\s:：|｜])",
    pages="gdfupin/info-source-without-colon",
)
COUNTED = PatternRule(
    "printed-counter",
    "A counter without colon is beside date and source, never in a title or value: `点击66次`.",
    r"(?:点击|浏览|阅读|访问|人气|查看)(?:次?数|率|量)?\s*[:：]?\s*[\[【(（]?\s*\d+\s*[\]】)）]?\s*[次人]?",
    pages="general/title-above-its-counter-in-one-block general/info-date-of-two-digits-beside-a-counter",
)
_EMPTY = WordRule(
    "empty-value",
    "Values that mean nothing: `无`, `--`, `null`.",
    ("", "无", "暂无", "-", "--", "/", "null", "undefined", "None", "NULL"),
    pages="gdfupin/info-empty-author",
)


class LabelledValue(NamedTuple):
    """One label with its value: `来源:南方日报`."""

    field: str
    """`date`, `source`, `author` or `other`."""
    label: str
    """As printed, without spaces and colon."""
    value: str
    """As printed; empty where nothing follows the label."""


@dataclass(slots=True)
class Byline:
    """The content of one byline, which may span several lines."""

    first: int
    last: int
    """Indexes of its first and last line."""
    text: str
    pairs: list[LabelledValue] = field(default_factory=list)
    """Labels with their values, in printed order."""
    bare_date: dates.PrintedDate | None = None
    """A date without label."""
    unclaimed: str = ""
    """Text that is neither label, value, date nor button."""
    score: float = 0.0
    own_title: str = ""
    """The title, if the byline contains it: after a label (名称, 标题), or in the same heading."""
    own_title_line: int = -1
    """Index of the line that consists of that title; -1 if there is none."""

    def value(self, name: str) -> str | None:
        """The first non-empty value of a field."""
        return next((pair.value for pair in self.pairs if pair.field == name and pair.value not in _EMPTY.words), None)

    def has_label(self, name: str) -> bool:
        """True if the byline has a label of a field, with or without value."""
        return any(pair.field == name for pair in self.pairs)

    def is_counter(self) -> bool:
        """True if it has only counters and buttons (评论：0条, 分享到：)."""
        return bool(self.pairs) and all(pair.field == "other" and TOOL_LABEL.match(pair.label) for pair in self.pairs)

    def is_reference(self) -> bool:
        """True if it has only English labels and no date: `Source: AgroPages.com` below a text."""
        return (
            bool(self.pairs)
            and self.bare_date is None
            and all(pair.label.isascii() and pair.field != "date" for pair in self.pairs)
        )

    def unlabelled_source(self) -> str | None:
        """The source without label: the text beside a bare date, if it is named like a newspaper, station or site."""
        if self.bare_date is None or self.has_label("source"):
            return None
        match = MEDIUM.fullmatch(self.unclaimed)
        return match[0] if match else None

    def date(self) -> dates.PrintedDate | None:
        """The date of publication: the first labelled date that is not of an update, else the bare date."""
        problem = None
        for name, label, value in self.pairs:
            if (
                name == "date"
                and not (_NO_UPDATE.on and ("更新" in label or "成文" in label or "pdate" in label))
                and (date := _value_date(value))
            ):
                if date.day:
                    return date
                problem = problem or date
        for name, _, value in self.pairs:
            if name == "date" and (date := _value_date(value)) and date.day:
                return date
        if self.bare_date and self.bare_date.day and not problem:
            return self.bare_date
        return problem or self.bare_date or self._unread_date()

    def _unread_date(self) -> dates.PrintedDate | None:
        """A date without day for a labelled value in an unknown form (`14-02-14`): reported, never guessed."""
        return next(
            (
                dates.PrintedDate(
                    None,
                    0,
                    len(value),
                    N_("{label}: {value!r} is in no form of a date that is known", label=label, value=value[:40]),
                )
                for name, label, value in self.pairs
                if name == "date" and any(char.isdigit() for char in value)
            ),
            None,
        )


def _value_date(value: str) -> dates.PrintedDate | None:
    return dates.find_date(value) or dates.eight_digit_date(value)


_NO_UPDATE = Rule(
    "date-of-update",
    "Of several labelled dates, that of an update (更新时间) or of a draft (成文日期) is not the day of publication.",
    pages="gdfupin/label-publication-before-update general/info-of-an-official-document-with-two-dates",
)
_NO_COLON = Rule(
    "date-label-without-colon",
    "The label of a date may have no colon, directly before the date: `发布时间2021-1-13`.",
    pages="gdfupin/label-without-colon-before-a-date gdfupin/system-forum-post",
)


def read_labels(text: str, words: Words, index: int = 0, beside: int = 10) -> Byline | None:
    """The labels and values of a text. None if it has neither label nor date, or more than `beside` characters of
    other text beside a date without label."""
    read = _remembered if len(text) <= LONGEST else _read
    found = read(text, words, beside)
    if found is None:
        return None
    return Byline(index, index, text, list(found.pairs), found.bare_date, found.unclaimed, found.score)


def _read(text: str, words: Words, beside: int) -> Byline | None:
    byline = Byline(0, 0, text)
    printed, text = text, dates.ascii_digits(text)  # of the same length, so values can be cut from the printed text
    marks = _labels(text, words)
    if not marks:
        date = dates.find_date(text) or _date_among_buttons(text, words)
        if date is None:
            return None
        byline.bare_date = date
        byline.unclaimed = _residue(text[: date.start] + " " + text[date.end :], words)
        if date.english and byline.unclaimed:
            return None  # a date in a sentence: Held on May 5, 2009.
        if len(byline.unclaimed) > beside or PROSE.search(text) or _CLOCK.search(text):
            return None
        byline.score = score_of(byline)
        return byline
    byline.bare_date, byline.unclaimed = _unlabelled(text[: marks[0][0]], words)
    for number, (_, after, name, label) in enumerate(marks):
        value = (text if name == "date" else printed)[
            after : marks[number + 1][0] if number + 1 < len(marks) else len(text)
        ]
        value, rest = _cut(name, value)
        byline.pairs.append(LabelledValue(name, label, value))
        bare_date, unclaimed = _unlabelled(rest, words)
        byline.bare_date = byline.bare_date or bare_date
        byline.unclaimed = (byline.unclaimed + " " + unclaimed).strip()
    if len(byline.unclaimed) > 12 and PROSE.search(text):
        return None
    byline.score = score_of(byline)
    return byline


_remembered = functools.lru_cache(maxsize=256)(_read)
"""`_read` for short texts: title, date and body of a page ask again for the few lines that may be its byline."""
cleared_by_rules(_remembered.cache_clear)


_SHORT_DATE_AMONG_BUTTONS = Rule(
    "short-date-among-buttons",
    "A date with a year of two digits counts if its line has nothing else but buttons, or a counter: `| 19-02-28 | 【打印】`.",
    pages="gdfupin/info-date-of-two-digits-among-buttons",
)


def _date_among_buttons(text: str, words: Words) -> dates.PrintedDate | None:
    """A date with a year of two digits in a line that has a counter, or nothing else but buttons: `| 19-02-28 | 【打印】`."""
    if not _SHORT_DATE_AMONG_BUTTONS.on:
        return None
    if not 8 <= len(text) <= 80 or (date := dates.short_date(text)) is None or date.day is None:
        return None
    rest = f"{text[: date.start]} {text[date.end :]}".strip()
    if COUNTED.search(rest) and len(COUNTED.sub("", rest)) <= 16:
        return date
    return date if not rest or words.tool.fullmatch(rest) else None


def _labels(text: str, words: Words) -> list[tuple[int, int, str, str]]:
    """Start of the label, end of its colon, field and label of each pair."""
    marks: list[tuple[int, int, str, str]] = []
    for colon in _COLON.finditer(text):
        found = _label_before(text, colon.start(), words)
        if found is None:
            continue
        start, label = found
        before = text[start - 1] if start else " "
        if dates.CLOCK.search(text, max(0, start - 4), colon.start()):
            continue  # 当前时间：
        if label.isascii() and before.isascii() and before.isalpha():
            continue  # the end of another word
        if before not in "日号时分秒次" and (CJK.match(before) or before.isalpha()) and not marks:
            continue
        if words.labels[label] == "other" and marks and (qualifier := _QUALIFIER.search(text, marks[-1][1], start)):
            start = qualifier.start(1)
        marks.append((start, colon.end(), words.labels[label], label))
    unmarked = (
        _BARE_SOURCE.search(text)
        if ("源" in text or "出处" in text) and not any(mark[2] == "source" for mark in marks)
        else None
    )
    if unmarked and dates.find_date(text) and not any(start <= unmarked.start() < end for start, end, _, _ in marks):
        marks.append((unmarked.start(1), unmarked.end(), "source", unmarked[1]))
        marks.sort()
    if _NO_COLON.on and not any(mark[2] == "date" for mark in marks):
        match2 = words.bare_date.search(text)
        if (
            match2
            and not any(start <= match2.start() < end for start, end, _, _ in marks)
            and (not match2.start() or not CJK.match(text[match2.start() - 1]))
            and (not match2[0].isascii() or _is_english_byline(text, match2))
        ):
            marks.append((match2.start(), match2.end(), "date", match2[0].strip()))
            marks.sort()
    return marks


def _is_english_byline(text: str, label: re.Match[str]) -> bool:
    """True if an English label without colon begins the text, and little text follows its date: no sentence."""
    date = dates.find_date(text, label.end())
    return date is not None and label.start() <= 2 and len(text) - date.end <= 40 and not text.endswith(".")


def _label_before(text: str, colon: int, words: Words) -> tuple[int, str] | None:
    """Start of the longest known label before a colon, and the label without spaces. None without a known label."""
    if text[max(0, colon - 2) : colon].rstrip(" ")[-1:] not in words.label_ends:
        return None
    label = ""
    found = None
    for at in range(colon - 1, max(-1, colon - words.longest - 8), -1):
        char = text[at]
        if char == " ":
            continue
        label = char + label
        if label in words.labels:
            found = at, label
        elif len(label) > words.longest or char in ":：":
            break
    return found


def _cut(name: str, value: str) -> tuple[str, str]:
    """The value of a field, and the text after the value."""
    if name == "date":
        date = dates.find_date(value)
        if date is not None and date.start <= 12:
            return value[: date.end].strip(" |｜[]【】()（）"), value[date.end :]
        match = re.match(r"\s*[\d\-/.:年月日时分秒\s]*", value)
        end = match.end() if match else 0
        return value[:end].strip(), value[end:]
    stop = _STOP.search(value)
    date = dates.find_date(value)
    end = min(stop.start() if stop else len(value), date.start if date else len(value))
    value, rest = value[:end].strip(" |｜,，;；/\t"), value[end:]
    # Brackets around label and value are not part of the value.
    while value and (
        value[-1] in "[【(（ "
        or (value[-1] in _PARTNERS and value.count(value[-1]) > value.count(_PARTNERS[value[-1]]))
    ):
        value = value[:-1].rstrip()
    return value, rest


def _unlabelled(text: str, words: Words) -> tuple[dates.PrintedDate | None, str]:
    """The first date in text without label, and the rest of the text without date, buttons and punctuation."""
    if not text.strip():
        return None, ""
    date = dates.find_date(text)
    if date is not None:
        text = text[: date.start] + " " + text[date.end :]
    return date, _residue(text, words)


def _residue(text: str, words: Words) -> str:
    text = text.strip()
    if not text or words.tool.fullmatch(text):
        return ""
    stop = _STOP.search(text)
    if stop:
        text = text[: stop.start()]
    return _NOISE.sub(" ", _URL.sub(" ", text)).strip()


def score_of(byline: Byline) -> float:
    score = 0.0
    names = [pair.field for pair in byline.pairs]
    if "date" in names:
        score += 5 if any(_value_date(pair.value) for pair in byline.pairs if pair.field == "date") else 3
    elif byline.bare_date:
        score += 3.0 if byline.bare_date.has_time else 2.5
    if "source" in names:
        score += 3 if byline.value("source") else 2
    if "author" in names:
        score += 1.5
    score += min(2.0, 0.7 * names.count("other"))
    return score - 0.12 * max(0, len(byline.unclaimed) - 2) - 0.05 * max(0, len(byline.value("source") or "") - 24)
