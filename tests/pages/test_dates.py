"""Printed dates: every day in every form; what is no day gives none, and says why."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.pages.text import dates

_days = st.dates(datetime.date(1990, 1, 1), datetime.date(2040, 12, 31))
_NUMERALS = "〇一二三四五六七八九"


def _chinese(number: int) -> str:
    """23 as 二十三."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return ten + (_NUMERALS[ones] if ones else "")


def _year(number: int, zero: str) -> str:
    return "".join(zero if digit == "0" else _NUMERALS[int(digit)] for digit in str(number))


_FORMS = {
    "padded": lambda d: f"{d.year}-{d.month:02}-{d.day:02}",
    "unpadded": lambda d: f"{d.year}-{d.month}-{d.day}",
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "dots": lambda d: f"{d.year}.{d.month:02}.{d.day:02}",
    "chinese": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "chinese padded": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日",
    "chinese with spaces": lambda d: f"{d.year} 年 {d.month} 月 {d.day} 日",
    "numerals": lambda d: f"{_year(d.year, '〇')}年{_chinese(d.month)}月{_chinese(d.day)}日",
    "numerals with a circle": lambda d: f"{_year(d.year, '○')}年{_chinese(d.month)}月{_chinese(d.day)}日",
    "numerals with zero": lambda d: f"{_year(d.year, '零')}年{_chinese(d.month)}月{_chinese(d.day)}日",
    "full width": lambda d: f"{d.year}-{d.month}-{d.day}".translate(
        str.maketrans("0123456789-", "０１２３４５６７８９－")
    ),
    "full width chinese": lambda d: f"{d.year}年{d.month}月{d.day}日".translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    ),
}
_CLOCKS = ("", " 9:05", " 15:02:21", " 09:05:00", " 星期一 10:30", "　16:00")
_AROUND = st.sampled_from(
    [("", ""), ("加入时间:", "    来源:中国组织人事报"), ("[", "]"), ("（", "）"), ("发布于 ", " 点击:12")]
)


@pytest.mark.parametrize("form", _FORMS)
@given(_days, st.sampled_from(_CLOCKS), _AROUND)
def test_every_day_is_read_in_every_form(form: str, day: datetime.date, clock: str, around: tuple[str, str]) -> None:
    clock = "" if form.startswith("numerals") else clock
    text = around[0] + _FORMS[form](day) + clock + around[1]
    printed = dates.find_date(text)
    assert printed is not None
    assert (printed.day, printed.problem) == (day.isoformat(), None)
    assert text[: printed.start] == around[0]
    assert text[printed.end :].strip("　 ") == around[1].strip()


@pytest.mark.parametrize("text", ["2021年1月13日10:00", "2021-1-13T08:00:00", "2021-01-13T08:00:00.000+08:00"])
def test_a_time_of_day_may_stand_directly_behind(text: str) -> None:
    printed = dates.find_date(text)
    assert printed is not None
    assert printed.day == "2021-01-13"


@given(_days)
def test_eight_digits_are_a_day_where_they_begin_a_value(day: datetime.date) -> None:
    printed = dates.eight_digit_date(f"{day:%Y%m%d}")
    assert printed is not None
    assert printed.day == day.isoformat()


@given(
    st.integers(1990, 2040),
    st.integers(0, 99),
    st.integers(0, 99),
    st.sampled_from(["{}-{}-{}", "{}/{:02}/{:02}", "{}年{}月{}日"]),
)
def test_no_day_of_the_calendar_gives_none_and_a_reason(year: int, month: int, day: int, form: str) -> None:
    printed = dates.find_date(form.format(year, month, day))
    assert printed is not None
    try:
        expected = datetime.date(year, month, day).isoformat()
    except ValueError:
        assert printed.day is None
        assert printed.problem
    else:
        assert (printed.day, printed.problem) == (expected, None)


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1990, 2040))
def test_month_and_day_that_may_be_swapped_are_not_guessed(one: int, two: int, year: int) -> None:
    printed = dates.find_date(f"{one}/{two}/{year}")
    assert printed is not None
    if one == two:
        assert printed.day == f"{year}-{one:02}-{two:02}"
    else:
        assert printed.day is None
        assert printed.problem


@given(st.text(max_size=40) | st.text("0123456789-/年月日.:： 二〇一", max_size=30))
def test_any_text_has_a_date_or_none(text: str) -> None:
    printed = dates.find_date(text)
    dates.eight_digit_date(text)
    if printed is not None:
        assert (printed.day is None) == (printed.problem is not None)
        assert 0 <= printed.start < printed.end <= len(text)
        if printed.day:
            datetime.date.fromisoformat(printed.day)


_NO_DATES = (
    *("", "2021", "2021-13", "2021年1月", "1月13日", "05-06", "电话:020-37286668", "邮编:510500", "3:20:15", "1.2.3"),
    *("http://a.cn/2021011/3.html", "12021-1-13", "2021-1-134", "第2021-1号"),
)


@pytest.mark.parametrize("text", _NO_DATES)
def test_what_is_no_date_is_none(text: str) -> None:
    assert dates.find_date(text) is None


def test_the_first_of_several_dates_is_found() -> None:
    printed = dates.find_date("2011年6月8日至2011年6月11日")
    assert printed is not None
    assert printed.day == "2011-06-08"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天是：2019年1月1日 星期三", None),
        ("现在是2019-1-1 10:05", None),
        ("当前时间：2019-01-01", None),
        ("今天是 星期三 2019-01-01", None),
        ("今天是2019年1月1日 发布时间：2009-2-27", "2009-02-27"),
        ("今天（2009年2月27日）上午", "2009-02-27"),
        ("北京时间2009年2月27日", "2009-02-27"),
    ],
)
def test_the_clock_of_a_page_is_no_date(text: str, day: str | None) -> None:
    printed = dates.find_date(text)
    assert (printed and printed.day) == day
