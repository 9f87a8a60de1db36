"""Info lines: labels, dates, gaps and brackets, in the forms such sites print."""

import html

from .dice import Dice
from .truth import Truth, fold

_LABELS = {
    "date": (
        "加入时间",
        "加入时间",
        "发布时间",
        "发布日期",
        "添加时间",
        "时间",
        "日期",
        "录入时间",
        "更新时间",
        "时 间",
    ),
    "source": ("来源", "来源", "文章来源", "稿件来源", "出处", "来 源", "信息来源", "稿源"),
    "author": ("作者", "作者", "记者", "作 者", "撰稿"),
}
_MORE = ("点击", "浏览次数", "阅读", "人气", "编辑", "责任编辑", "审核")
_PAIRS = (
    "{}{}",
    "{}{}",
    "<font color=gray>{}</font>{}",
    "<b>{}</b>{}",
    "<span>{}</span><span>{}</span>",
    "{}<em>{}</em>",
)
_DATES = (
    *("{}-{:02}-{:02}", "{}-{}-{}", "{}-{}-{}", "{}/{}/{}", "{}年{}月{}日", "{}.{:02}.{:02}", "{}年{:02}月{:02}日"),
    *("{}/{:02}/{:02}", "{} 年 {} 月 {} 日", "{}－{:02}－{:02}", "full width", "numerals"),
)
_CLOCKS = ("", "", "", " 9:05", " 15:02:21", " 08:30:00", " 星期三", " 下午 3:20:00")
_GAPS = ("    ", "&nbsp;&nbsp;&nbsp; ", "　　", " | ", "&nbsp;|&nbsp;")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_NUMERALS = "〇一二三四五六七八九"
_DECOYS = ("", "", "", "<img src=t.gif width=9 alt='时间：2001-01-01'>", "<!-- 发布时间：2001-1-1 来源：本报 -->")


def info_line(dice: Dice, truth: Truth) -> str:
    """The info line's markup; what it prints is entered into the truth."""
    colon = dice.one((":", "：", "：", " : "))
    if truth.day is None and truth.source is None:
        truth.source = "南方日报"
    values = {"date": _day(dice, truth), "source": truth.source, "author": truth.author}
    pairs = []
    for name in dice.order(tuple(values)):
        label, value = dice.one(_LABELS[name]) + colon, values[name]
        if value is not None:
            pairs.append((label, value))
        elif name == "source" and dice.chance(30):
            pairs.append((label.rstrip(), ""))
    if dice.chance(30):
        label = dice.one(_MORE)
        pairs.append((label + colon, "陈小明" if "编" in label or "审" in label else str(dice.number(10, 9999))))
    mark = dice.one(_PAIRS)
    pieces = [mark.format(label, html.escape(value, quote=False)) for label, value in pairs]
    plain = [label + value for label, value in pairs]
    match dice.number(0, 13):
        case 0:
            gap, text = " ", f'<table align="center"><tr><td>{"</td><td>".join(pieces)}</td></tr></table>'
        case 1:
            gap, text = " ", "<br>".join(pieces)
        case 2:
            gap, text = " ", "".join(f"<span>{piece}</span>&nbsp;&nbsp;" for piece in pieces)
        case 3:
            opening, closing = dice.one(("[]", "【】", "（）"))
            gap, plain = " ", [opening + one + closing for one in plain]
            text = " ".join(opening + one + closing for one in pieces)
        case 4:
            gap, text = " ", " ".join(f'<script>document.write("{one}");</script>' for one in plain)
        case _:
            gap = dice.one(_GAPS)
            text = gap.join(pieces)
    truth.info_line = fold(html.unescape(gap).join(plain))
    return dice.one(_DECOYS) + text


def _day(dice: Dice, truth: Truth) -> str | None:
    """The date as printed, with a time of day now and then; now and then one that no calendar has."""
    if truth.day is None:
        return None
    form = dice.one(_DATES)
    year, month, day = truth.day
    if form == "numerals":
        return "".join(_NUMERALS[int(digit)] for digit in str(year)) + f"年{_numeral(month)}月{_numeral(day)}日"
    if dice.chance(3):
        truth.day, month, day = None, 2, 30
    if form == "full width":
        return f"{year}年{month}月{day}日".translate(_WIDE)
    return form.format(year, month, day) + dice.one(_CLOCKS)


def _numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else _NUMERALS[tens] + "十") + (_NUMERALS[ones] if ones else "")
