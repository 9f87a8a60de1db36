"""Crawler traps: pages that a crawler must not fetch, must not follow without end, or must survive."""

import html
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

FORBIDDEN = (
    "/logout.asp", "/member/logout.aspx", "/member/del.asp", "/vote.asp", "/search.asp", "/search",
)  # fmt: skip
"""Paths that a polite crawler never requests: they change something, or search."""

LINKS = (
    ("活动日历", "/calendar.asp?y=2013&m=5"),
    ("按字母浏览", "/filter.asp?order=asc&year=2012"),
    ("退出登录", "/logout.asp"),
    ("删除", "/member/del.asp?id=12"),
    ("投票", "/vote.asp?id=3&option=1"),
    ("搜索“脱贫”", "/search.asp?keyword=tuopin"),
    ("服务器日志", "/odd/huge.html"),
    ("数据包", "/odd/bomb.html"),
    ("旧版首页", "/odd/loop.html"),
    ("旧版论坛", "/odd/gone.html"),
    ("旧版图片库", "/odd/stall.html"),
    ("旧版专题", "/odd/soft.html"),
)
"""Text and address of the links to traps."""

ODD = {
    "/odd/huge.html": "huge",
    "/odd/bomb.html": "bomb",
    "/odd/loop.html": "loop",
    "/odd/gone.html": "404",
    "/odd/stall.html": "stall",
    "/odd/soft.html": "soft404",
}
"""Address to the fault that it always has."""


@dataclass(frozen=True)
class Trap:
    """A page of an endless URL space."""

    title: str
    links: tuple[tuple[str, str], ...]


def trap(target: str) -> Trap | None:
    """The page at the address of a trap; None if it is none."""
    split = urlsplit(target)
    query = {key.lower(): values[0] for key, values in parse_qs(split.query).items()}
    match split.path.lower():
        case "/calendar.asp":
            return _calendar(_number(query.get("y"), 2013), _number(query.get("m"), 5), query.get("d"))
        case "/filter.asp":
            return _filter(query)
        case path if path in FORBIDDEN:
            return Trap("操作成功", (("返回首页", "/"),))
    return None


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,5}", text) else default


def _calendar(year: int, month: int, day: str | None) -> Trap:
    before = (year - 1, 12) if month <= 1 else (year, month - 1)
    after = (year + 1, 1) if month >= 12 else (year, month + 1)
    days = tuple((str(n), f"/calendar.asp?y={year}&m={month}&d={n}") for n in range(1, 29))
    turn = (
        ("上一月", f"/calendar.asp?y={before[0]}&m={before[1]}"),
        ("下一月", f"/calendar.asp?y={after[0]}&m={after[1]}"),
    )
    title = f"活动日历 {year}年{month}月" + (f"{html.escape(day)}日 没有活动" if day else "")
    return Trap(title, (*turn, *days))


def _filter(query: dict[str, str]) -> Trap:
    """A page of filters, each of which can be combined with all others."""
    more = ("year", "order", "city", "kind", "size", "color", "view", "tag")
    links = []
    for key in more:
        for value in "abc":
            kept = {**{k: v for k, v in query.items() if k.isalpha()}, key: value}
            links.append(
                (f"{key} {value}", "/filter.asp?" + "&".join(f"{k}={html.escape(v)}" for k, v in kept.items()))
            )
    return Trap("没有符合条件的内容", tuple(links))
