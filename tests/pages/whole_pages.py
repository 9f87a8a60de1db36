"""Whole pages of an imaginary site, each in a dress of its own: `made(source)` gives the bytes and what they say."""

import html
import random
import re

from .dice import Dice
from .dressed import DRESSES, Dress, article
from .truth import SECTIONS, Truth, content

HEADLINES = (
    "云浮市探索土地流转新模式",
    "关于征集扶贫故事的启事",
    "粤桂协作再添新项目",
    "驻村干部风采录：把群众当亲人",
    "台山侨胞捐资助学三十年",
)
_COLUMNS = (
    "<table width=980 align=center><tr><td width=200 valign=top>{side}</td><td valign=top>{article}</td></tr></table>",
    "<table width=980><tr><td width=760 valign=top>{article}</td><td valign=top>{side}</td></tr></table>",
    "<div class=l>{article}</div><div class=r>{side}</div>",
    "<div class=r style='float:right'>{side}</div><div class=l>{article}</div>",
    "<div><div>{article}</div></div>",
    "<table><tr><td>{side}<td>{article}</table>",
)
_STARTS = (
    "<!DOCTYPE html><html><head><title>{}</title></head><body>",
    "<html><head><title>{}</title></head><body bgcolor=#ffffff>",
    "<title>{}</title>",
    "<html><head><title>{}</title><style>td{{font-size:12px}}</style></head><body>",
)
_ENDS = ("</body></html>", "</BODY>", "", "</div></td></tr></table></body></html>")
_TOPS = (
    "<div>广东省扶贫开发协会欢迎您!</div>",
    "<table><tr><td>广东省扶贫开发协会欢迎您!本站最新动态: <marquee>《广东扶贫》杂志约稿函!</marquee></td>"
    "<td>设为首页 加入收藏 今天是:2026年11月23日 星期一</td></tr></table>",
    "<!-- 顶部 --><img src=banner.jpg>",
)
_FOOTER = (
    "欢迎访问广东扶贫网",
    "<a href='#'>设为首页</a> | <a href='#'>加入收藏</a> | <a href=a.htm>关于我们</a> | <a href=m.htm>站点地图</a> |",
    "版权所有:广东省扶贫开发协会 Copyright &copy; 2009 www.gdfupin.org.cn",
    "主管:中共广东省委农村工作办公室、广东省农业农村厅",
    "地址:广东省广州市先烈东路135号 邮编:510500",
    "电话:020-37286668",
)
_LOOSE = ("p", "li", "td", "tr", "font", "span", "b")  # tags whose end may be missing without changing what is said,
_BLOCK = r"(?=\s*</?(?:p|div|table|tr|td|ul|ol|li|hr|h1)\b)"  # that of a paragraph before a block
_STRAY = ("</font>", "</span>", "</b>", "</o:p>", "<br>\n<!-- -->\n", "\r\n\t")


def made(source: random.Random, dress: Dress | None = None) -> tuple[bytes, Truth]:
    """A page's bytes and its truth; its article in a dress of the dice's choice where none is given."""
    dice = Dice(source)
    truth = content(dice)
    page = _page(dice, truth, _damaged(dice, article(dice, truth, dress or dice.one(DRESSES))))
    if dice.chance(30):
        page = re.sub(r"</?\w+", lambda tag: tag[0].upper(), page)  # as FrontPage wrote in 1999
    truth.encoding = dice.one(("gb18030", "gb18030", "utf-8"))
    return page.encode(truth.encoding), truth


def _damaged(dice: Dice, markup: str) -> str:
    """The same with some end tags lost and some strays found."""
    for tag in dice.some(_LOOSE, 0, 3) if dice.chance(40) else ():
        percent = dice.one((30, 100))
        ends = re.compile(f"</{tag}>{_BLOCK if tag == 'p' else ''}")
        markup = ends.sub(lambda end: "" if dice.chance(percent) else end[0], markup)  # noqa: B023
    for _ in range(dice.number(0, 3)):
        places = [found.start() for found in re.finditer(r"<(?:p|div|table|tr|td|ul|li|hr|h1)\b", markup)]
        if not places:
            break
        at = dice.one(places)
        markup = markup[:at] + dice.one(_STRAY) + markup[at:]
    return markup


def _page(dice: Dice, truth: Truth, result: str) -> str:
    side = "".join(_side(dice) for _ in range(dice.number(0, 3)))
    titles = (
        "广东扶贫网--广东省扶贫开发协会",
        truth.heading,
        f"{truth.heading}--广东扶贫网",
        f"{truth.section or '新闻'}-广东扶贫网",
        "",
    )
    columns = dice.one(_COLUMNS).format(side=side, article=result)
    return (
        dice.one(_STARTS).format(html.escape(dice.one(titles)))
        + _header(dice)
        + columns
        + _footer(dice)
        + dice.one(_ENDS)
    )


def _header(dice: Dice) -> str:
    links = [f"<a href=list.asp?id={number}>{name}</a>" for number, name in enumerate(SECTIONS)]
    menus = (
        f"<table><tr><td>{'</td><td>'.join(links)}</td></tr></table>",
        f"<ul><li>{'</li><li>'.join(links)}</li></ul>",
        f"<div>{' | '.join(links)}</div>",
        f"<div style='display:none'>{''.join(links)}</div>",
    )
    return dice.one(_TOPS) + dice.one(menus)


def _side(dice: Dice) -> str:
    heads = dice.order(HEADLINES)[: dice.number(3, 5)]
    clip = dice.one(("…", "...", ""))
    latest = "".join(f"<li><a href=s{n}.htm title={head}>{head[:8]}{clip}</a></li>" for n, head in enumerate(heads))
    dated = "<br>".join(f"·<a href=s{n}.htm>{head}</a> 2015-0{n + 1}-11" for n, head in enumerate(heads))
    boxes = (
        f"<h3>最新文章</h3><ul>{latest}</ul>",
        f"<b>通知公告</b><br>{dated}",
        "<form action=login.asp>用户名：<input name=u> 密码：<input type=password name=p><input type=submit></form>",
        f"<a href=/pic/1.htm><img src=/s/1.jpg width=180 height=120></a><br><a href=/pic/1.htm>{heads[0]}</a>",
    )
    return dice.one(("<div>{}</div>", "<table><tr><td>{}</td></tr></table>")).format(dice.one(boxes))


def _footer(dice: Dice) -> str:
    lines = _FOOTER[: dice.number(3, 6)]
    shapes = (
        f"<table width=980><tr><td align=center>{'</td></tr><tr><td align=center>'.join(lines)}</td></tr></table>",
        f"<div id=foot><p>{'</p><p>'.join(lines)}</p></div>",
        f"<center><font size=2>{'<br>'.join(lines)}</font></center>",
        f"<hr><div>{'</div><div>'.join(lines)}</div>",
    )
    return dice.one(shapes)
