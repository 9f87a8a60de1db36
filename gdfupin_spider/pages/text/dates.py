"""Printed dates, in the forms that such sites use. Never more precise than the page, never guessed."""

import datetime
import re
from dataclasses import dataclass, replace

from ...messages.text import N_
from ..rule import PatternRule, Rule

_DIGITS = str.maketrans("０１２３４５６７８９：／－．", "0123456789:/-.")
_NUMERALS = {
    char: value
    for value, chars in enumerate(("〇○零Ｏ０0OoОоΟο◯", "一元", "二", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
"""Numerals with their value. The zero is often typed as a letter O: Latin, Cyrillic or Greek. 元月 is January."""
_WIDE = PatternRule(
    "date-wide-digits",
    "Digits and separators of dates may be full-width: `２０１３－０４－１０`.",
    "[０-９：／－．]",
    pages="gdfupin/date-full-width-digits gdfupin/date-full-width-digits-and-dashes",
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[A-Za-zſ]{3}")
"""What every English date has. An expression that ignores case takes the long s for an s."""
_TIME = r"(?:\s*(?:星期[一二三四五六日天]|周[一二三四五六日])?[\sT]*(?:[上下]午\s*)?\d{1,2}\s*(?:[:时]\s*\d{1,2}\s*(?:分)?(?:\s*:?\s*\d{1,2}\s*秒?(?:\.\d+)?)?)(?:\s*[AP]M)?)?"
"""An optional time of day, with weekday: ` 星期三 10:05:07`."""
_YMD = rf"((?:19|20)\d\d)(?<!\d{{5}})\s*([-/.年—–‐‑−])\s*(\d{{1,2}})\s*([-/.月—–‐‑−])\s*(\d{{1,2}}(?!\d)|\d\d(?=\d\d:\d\d))\s*[日号]?{_TIME}"
"""The usual form: `2021-1-13`, `2021年1月13日`; also with a time directly behind a day of two digits."""
_MDY = rf"(?<![\d/])(\d{{1,2}})/(\d{{1,2}})/((?:19|20)\d\d)(?!\d){_TIME}"
"""The American form: `1/13/2021`."""
_NUMERAL = r"([元一二三四五六七八九十]{1,3}|\d{1,2})"
_SLASHED = re.compile(_MDY)
_CHINESE = rf"([一二][〇○零Ｏ０0OoОоΟο◯一二三四五六七八九]{{3}}|(?:19|20)\d\d)年\s*{_NUMERAL}\s*月\s*{_NUMERAL}\s*日"
"""The form of official letters, `二〇一三年四月十日`, and its mixtures with digits: `2013年四月10日`, `2013年元月4日`."""
_NUMERAL_MONTH = re.compile(r"年\s*[元三四五六七八九十]")
"""A month as Chinese numeral, except 一 and 二."""
_PRINTED = re.compile(f"{_YMD}|{_MDY}|{_CHINESE}")
_USUAL = PatternRule(
    "date",
    "The usual forms of a date, also with a time directly behind a day of two digits: `2021-1-13`, `2021年1月13日`.",
    _YMD,
    pages="gdfupin/date-of-iso-form gdfupin/decoy-date-in-alt-and-title",
)
_AMERICAN = Rule(
    "date-american",
    "Dates of old ASP have the year last; where either number may be the month, they are ambiguous: `1/13/2021`.",
    pages="gdfupin/date-american-form-of-the-server gdfupin/date-day-first-is-plain-above-twelve",
)
_IN_NUMERALS = Rule(
    "date-in-numerals",
    "Official letters print dates in numerals, with a letter O for the zero, or mixed with digits: `二〇一三年四月十日`, `2013年元月4日`.",
    pages="gdfupin/date-in-numerals gdfupin/date-in-numerals-with-circle",
)
_COMPACT = PatternRule(
    "date-eight-digits",
    "Directly behind a label eight digits are a date: `20130504`.",
    r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)",
    pages="gdfupin/date-eight-digits",
)
_SHORT = PatternRule(
    "date-short-year",
    "In the place of a byline a year may have two digits: `19-02-28`, `19年2月28日`.",
    r"(?<![\w/.:-])(\d\d)(?:[-‐–](\d\d)[-‐–](\d\d)(?![\d.-])|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日)" + _TIME,
    pages="gdfupin/info-date-of-two-digits-among-buttons",
)


CLOCK = PatternRule(
    "date-of-the-clock",
    "A date directly behind words of a clock is that of the visit, not of publication: `今天是：2019年1月1日`, `当前时间：2019-1-1`.",
    r"(?:今[天日](?:日期)?是?|现在(?:时间|日期)?是?|(?:当前|系统)(?:时间|日期)(?:是|为)?)\s*[:：]?\s*(?:星期[一二三四五六日天]|周[一二三四五六日])?\s*$",
    pages="general/decoy-clock-in-the-info-line",
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
ENGLISH_START = rf"(?:[A-Z][a-z]{{2,8}},?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th)?[\s-]+)?(?:{'|'.join(month.title() for month in _MONTHS)})"
"""What an English date may begin with."""
_ENGLISH = PatternRule(
    "date-english",
    "Pages in English, and Chinese ones of an English CMS, name the month: `May 5, 2009`, `Tuesday, 05 May 2009 10:11`.",
    rf"(?<![a-z\d])(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?\s+)?(?:{_MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)|(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH}[\s,-]+)((?:19|20)\d\d)(?!\d)(,?\s+(?:at\s+)?\d{{1,2}}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\b\.?)?)?",
    re.I,
    pages="general/date-english-below-the-title general/info-english-labels",
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a text."""

    day: str | None
    """`YYYY-MM-DD`; None if the printed date does not exist or is ambiguous."""
    start: int
    end: int
    """Its range in the text, including the time of day."""
    problem: str | None = None
    """Why `day` is None."""
    english: bool = False
    """Whether the month is an English word."""
    english_time: bool = False
    """Whether such a date has a time of day."""

    @property
    def has_time(self) -> bool:
        """Whether it has a time of day, or is otherwise longer than `2021-01-13`."""
        return self.english_time if self.english else self.end - self.start > 11


def ascii_digits(text: str) -> str:
    """The text with full-width digits and date separators as ASCII; the length stays the same."""
    return text.translate(_DIGITS) if _WIDE.search(text) else text


def find_date(text: str, start: int = 0, end: int | None = None) -> PrintedDate | None:
    """The first date in the text, or None.

    >>> find_date("加入时间:2021-1-13    来源").day
    '2021-01-13'
    >>> find_date("Posted on May 5, 2009 by admin").day
    '2009-05-05'
    >>> find_date("２０１３年２月３０日").problem
    '2013-02-30 is no day of the calendar'
    """
    if "年" not in text and _DIGIT.search(text) is None:
        return None
    text = ascii_digits(text)
    numeric = "20" in text or "19" in text
    if not numeric and not ("年" in text and "月" in text and "日" in text):  # every form has these or those
        return None
    # The usual form begins with a digit, so `search` can skip to it; with three alternatives it cannot.
    spelled = _IN_NUMERALS.on and (
        "一" in text or "二" in text or ("年" in text and _NUMERAL_MONTH.search(text) is not None)
    )
    pattern = _PRINTED if spelled or ("/" in text and _AMERICAN.on) else _USUAL
    end = len(text) if end is None else end
    match = pattern.search(text, start, end)
    while match is not None and CLOCK.search(text, max(start, match.start() - 12), match.start()):
        match = pattern.search(text, match.end(), end)
    if match is not None:
        return _from_match(match)
    if not numeric or _LETTERS.search(text) is None:  # the expression takes long, and most texts are Chinese
        return None
    english = _ENGLISH.search(text, start, end)
    return None if english is None else _from_english(english)


def slashed_numbers(text: str) -> tuple[int, int, int] | None:
    """The numbers of the first date such as 10/11/2008, in which either may be the month.

    >>> slashed_numbers("加入时间:10/11/2008")
    (10, 11, 2008)
    """
    match = _SLASHED.search(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def slashed_date(text: str, month_first: bool) -> PrintedDate | None:
    """The first date such as 10/11/2008, in an order that is known.

    >>> slashed_date("10/11/2008", month_first=True).day
    '2008-10-11'
    """
    match = _SLASHED.search(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    month, day = (first, second) if month_first else (second, first)
    return _calendar_date(year, month, day, *match.span())


def eight_digit_date(text: str) -> PrintedDate | None:
    """A date of eight digits (20130504). Only valid directly after a label."""
    match = _COMPACT.match(ascii_digits(text).strip())
    return (
        None
        if match is None
        else _calendar_date(int(match[1]), int(match[2]), int(match[3]), match.start(), match.end())
    )


def short_date(text: str) -> PrintedDate | None:
    """A date with a year of two digits (`19-02-28`). Only valid in the place of an info line.

    >>> short_date("| 19-02-28 |").day, short_date("| 98年2月8日").day
    ('2019-02-28', '1998-02-08')
    """
    match = _SHORT.search(text)
    if match is None:
        return None
    year = int(match[1])
    month, day = (match[2], match[3]) if match[2] else (match[4], match[5])
    return _calendar_date(year + (2000 if year < 70 else 1900), int(month), int(day), *match.span())


def _from_match(match: re.Match[str]) -> PrintedDate:
    if match[1]:
        return _calendar_date(int(match[1]), int(match[3]), int(match[5]), *match.span())
    if match[6]:
        first, second, year = int(match[6]), int(match[7]), int(match[8])
        if first <= 12 and second <= 12 and first != second:
            return PrintedDate(None, *match.span(), N_("{date} may be two different days", date=match[0]))
        month, day = (second, first) if first > 12 else (first, second)
        return _calendar_date(year, month, day, *match.span())
    year = int("".join(str(_NUMERALS.get(char, char)) for char in match[9]))
    return _calendar_date(year, _numeral_value(match[10]), _numeral_value(match[11]), *match.span())


def _from_english(match: re.Match[str]) -> PrintedDate:
    month = _MONTHS.index((match[1] or match[4])[:3].lower()) + 1
    found = _calendar_date(int(match[5]), month, int(match[2] or match[3]), *match.span())
    return replace(found, english=True, english_time=match[6] is not None)


def _calendar_date(year: int, month: int, day: int, start: int, end: int) -> PrintedDate:
    try:
        return PrintedDate(datetime.date(year, month, day).isoformat(), start, end)
    except ValueError:
        date = f"{year}-{month:02}-{day:02}"
        return PrintedDate(None, start, end, N_("{date} is no day of the calendar", date=date))


def _numeral_value(text: str) -> int:
    """The value of a numeral below 100, Chinese or of digits: 二十三 is 23."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)
