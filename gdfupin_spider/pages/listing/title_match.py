"""Whether the text of a listing row can be the title that the article's page prints.

Listings cut titles, with or without `…`; inner quotes cut `title` attributes; dates, brackets and 图 are attached. The
article's page decides what the title is; this only decides whether both mean one article.
"""

import re
import unicodedata

_LEAD = re.compile(
    r"^(?:[\[【(（〔][^\]】)）〕]{1,10}[\]】)）〕]|(?:19|20)\d\d[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{1,2}[-/]\d{1,2}(?!\d))+"
)
"""Text before a title in a row: a bracketed mark or a date, as in `[图文]扶贫` and `2014-1-3 扶贫`."""
_TAIL = re.compile(
    r"(?:[\[【(（]?(?:(?:19|20)\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d\d(?::\d\d)?)?[\]】)）]?"
    r"|[(（\[【](?:图|组图|附图|多图|新|new|视频|转载?)[)）\]】]|new!?)+$",
    re.I,
)
"""Text after a title in a row: a date or a mark, as in `通知(2014-1-3)` and `通知(图)`."""
_ELLIPSIS = re.compile(r"\.{2,}|…+|⋯+|。{2,}")
"""Where a title was cut: `扶贫工作会…`."""
_SIGNS = re.compile(r"[\s\"'“”‘’「」『』`·•:：,，。、;；!！?？\-—–_|｜《》<>〈〉()（）\[\]【】~～*＊#★☆◆■●○→»>]+")
"""Characters that do not count when titles are compared."""
_MORE = frozenset(
    (
        *("详细", "更多", "详情", "查看", "全文", "阅读全文", "查看全文", "查看详细", "查看详情", "详细内容"),
        *("点击查看", "more", "全部"),
    )
)
"""Texts of rows that are not a title."""


def agrees(listed: str, title: str) -> bool:
    """True if a row's text can be the title of its page.

    >>> agrees("全省扶贫开发工作会…", "全省扶贫开发工作会议召开"), agrees("·全省扶贫", "全省扶贫开发工作会议召开")
    (True, True)
    >>> agrees("丰收•喜悦", "“丰收•喜悦”2016摄影展"), agrees("关于放假的通知(2014-1-3)", "关于放假的通知")
    (True, True)
    >>> agrees("[详细]", "关于放假的通知"), agrees("协会召开年会", "关于放假的通知")
    (True, False)
    """
    if len(listed) >= 4 and title.startswith(listed.rstrip(".… ")):
        return True  # a shortcut for most rows
    listed = unicodedata.normalize("NFKC", listed).strip()
    page = _bare(unicodedata.normalize("NFKC", title))
    if _bare(listed) in _MORE or not page:
        return True
    whole = _bare(listed)
    if _hold(whole, page):
        return True
    listed = "".join(listed.split())
    pieces = [_bare(piece) for piece in _ELLIPSIS.split(_TAIL.sub("", _LEAD.sub("", listed)))]
    pieces = [piece for piece in pieces if piece]
    if not pieces:
        return True
    if len(pieces) == 1:
        return _hold(pieces[0], page)
    at = 0
    for piece in pieces:  # the title is cut in the middle
        at = page.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).casefold()


def _hold(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return long.startswith(short) if len(short) < 4 else short in long
