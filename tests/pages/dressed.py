"""The markup of one article: breadcrumb, title, info line, body, and what stands behind it."""

import html
from collections.abc import Callable

from .dice import Dice
from .info_lines import info_line
from .texts import inline, text
from .truth import Truth

Dress = Callable[[str, str, str, str, str], str]
"""The article's block: from title, info line, body, tool line and tail."""

_POSITION = ("当前位置", "当前位置", "您现在的位置", "您的位置", "现在位置", "您当前所在位置")
_ARROWS = (
    "->>",
    "-&gt;&gt;",
    ">>",
    "&gt;&gt;",
    " &gt; ",
    " > ",
    "»",
    " &raquo; ",
    "&nbsp;-&gt;&nbsp;",
    "＞",
    " / ",
    " - ",
)
_CRUMB_LINES = (
    "<div>{}</div>",
    "<p>{}</p>",
    "<table><td>　{}</td></table>",
    '<table width="100%"><tr><td height=25>&nbsp;&nbsp;{}</td></tr></table>',
    "<span><font color=red>{}</font></span><br>",
    "<ul><li>{}</li></ul>",
)
_TOOLS = (
    "",
    "",
    "<div>【字体：<a href='#'>大</a> <a href='#'>中</a> <a href='#'>小</a>】 "
    "【<a href='javascript:print()'>打印</a>】</div>",
)
_TAILS = (
    "<div align=right>责任编辑：陈小明</div>",
    "<div>【<a href='javascript:print()'>打印本页</a>】【<a href='javascript:window.close()'>关闭窗口</a>】</div>",
    "<div>上一篇：<a href=11.htm>全省扶贫开发工作会议在广州召开</a></div>"
    "<div>下一篇：<a href=13.htm>清远市推进危房改造</a></div>",
    "<div>上一条：没有了</div>",
    "<div>分享到：<a href='#'>QQ空间</a> <a href='#'>新浪微博</a></div>",
    "<div><b>相关文章</b></div><ul><li><a href=21.htm>百企帮百村签约仪式举行</a></li>"
    "<li><a href=22.htm>我省下达第三批扶贫资金计划</a></li><li><a href=23.htm>大病救助覆盖全部贫困人口</a></li></ul>",
)
_WRAPS = (
    "<div>{}</div>",
    "<table width=100%><tr><td>{}</td></tr></table>",
    "<div><div>{}</div></div>",
    "<center>{}</center>",
    "<div class=x>{}",
)


def article(dice: Dice, truth: Truth, dress: Dress) -> str:
    """The article in a dress; what the dress prints is entered into the truth."""
    crumb, head, byline, body = (
        breadcrumb(dice, truth),
        title(dice, truth),
        info_line(dice, truth),
        text(dice, truth),
    )
    made = dress(head, byline, body, dice.one(_TOOLS), "".join(dice.some(_TAILS, 0, 4)))
    for _ in range(dice.number(0, 3)):
        made = dice.one(_WRAPS).format(made)
    return crumb + made


def breadcrumb(dice: Dice, truth: Truth) -> str:
    if dice.chance(5):
        truth.section, truth.breadcrumb = None, []
        return ""
    if dice.chance(20):
        truth.breadcrumb.append(dice.one(("正文", truth.name)))
    separator = dice.one(_ARROWS)
    label = dice.one(_POSITION) + dice.one((":", "：", "： "))
    steps = [html.escape(step) for step in ("首页", *truth.breadcrumb)]
    if dice.chance(70):
        steps[:3] = [f'<a href="{number}.htm">{step}</a>' for number, step in enumerate(steps[:3])]
    if dice.chance(12):
        return f"<table><tr><td>{label}</td><td>" + f"{separator}</td><td>".join(steps) + "</td></tr></table>"
    dangling = separator if separator not in (" / ", " - ") and dice.chance(10) else ""
    return dice.one(_CRUMB_LINES).format(label + separator.join(steps) + dangling)


def title(dice: Dice, truth: Truth) -> str:
    title = dice.one(("<br>", "<br/>\n")).join(html.escape(line, quote=False) for line in truth.title)
    return inline(dice, title)


# --- the article's block ----------------------------------------------------------------------------------------------


def _rows(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    rows = [f"<td align=center>{head}</td>", f"<td align=center>{byline}</td>", f"<td>{tools}{body}</td>"]
    if tail:
        rows.append(f"<td>{tail}</td>")
    return "<table width=98%><tr>" + "</tr>\n<tr>".join(rows) + "</tr></table>"


def _headings(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    return f"<h1>{head}</h1><div>{byline}</div>{tools}<div id=zoom>{body}</div><div>{tail}</div>"


def _fonts(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    head = f"<p align=center><font size=5>{head}</font></p>"
    return f"{head}<div align=center>{byline}</div>{tools}<hr><div>{body}</div>{tail}"


def _boxes(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    box = "<table border=0 cellspacing=1><tr><td>{}</td></tr></table>"
    return box.format(head) + box.format(byline) + tools + box.format(box.format(body)) + (tail and box.format(tail))


def _one_cell(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    head = f"<div align=center>{head}</div><div align=center>{byline}</div>"
    return f"<table><tr><td>{head}{tools}<hr>{body}<br><br>{tail}</td></tr></table>"


def _definitions(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    return f"<dl><dt>{head}</dt><dd>{byline}</dd><dd>{tools}{body}</dd></dl>{tail}"


def _fieldset(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    return f"<fieldset><legend>阅读</legend><h3>{head}</h3><div>{byline}</div>{tools}<div>{body}</div></fieldset>{tail}"


def _items(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    return f"<ul><li><h2>{head}</h2></li><li>{byline}</li></ul>{tools}<div>{body}</div>{tail}"


def _loose(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    return f"<p align=center><b>{head}</b></p><div>{byline}</div>{tools}{body}<hr>{tail}"


def _deep(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    head = f"<div><div><div><span>{head}</span></div></div><div><div><i>{byline}</i></div></div></div>"
    return f"{head}{tools}<div><div><div><font>{body}</font></div></div></div>{tail}"


def _columns(head: str, byline: str, body: str, tools: str, tail: str) -> str:
    head = f"<tr><td colspan=3 align=center>{head}</td></tr><tr><td colspan=3 align=right>{byline}</td></tr>"
    middle = f"<tr><td width=20>&nbsp;</td><td>{tools}{body}</td><td width=20>&nbsp;</td></tr>"
    return f"<table>{head}{middle}<tr><td colspan=3>{tail}</td></tr></table>"


DRESSES: tuple[Dress, ...] = (
    *(_rows, _headings, _fonts, _boxes, _one_cell),
    *(_definitions, _fieldset, _items, _loose, _deep, _columns),
)
