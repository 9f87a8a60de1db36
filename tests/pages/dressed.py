"""The markup of one article: breadcrumb, title, info line, body, and what stands behind it."""

import html
from collections.abc import Callable

from .dice import Dice
from .said import Truth, fold

_POSITION = ("当前位置", "当前位置", "您现在的位置", "您的位置", "现在位置", "您当前所在位置")
_ARROWS = ("->>", "-&gt;&gt;", ">>", "&gt;&gt;", " &gt; ", " > ", "»", " &raquo; ", "&nbsp;-&gt;&nbsp;", "＞", " / ")
_CRUMB_LINES = (
    "<div>{}</div>",
    "<p>{}</p>",
    "<table><td>　{}</td></table>",
    '<table width="100%"><tr><td height=25>&nbsp;&nbsp;{}</td></tr></table>',
    "<span><font color=red>{}</font></span><br>",
    "<ul><li>{}</li></ul>",
)
_INLINE = (
    "<font size=3>{}</font>",
    "<span style='font-size:14px'>{}</span>",
    "<b>{}</b>",
    "<strong>{}</strong>",
    "<span><span>{}</span></span>",
)
_INSIDE = (
    "<b>{}</b>",
    "<font color=red>{}</font>",
    "<a href='http://baike.example.cn/'>{}</a>",
    "<!-- 备注：来源:无 -->{}",
    "<i style='display:none'>盗用</i>{}",
)
_PARAGRAPHS = (
    "<p>{}</p>",
    "<p>{}",
    "<P align=left>{}</P>\n<P>&nbsp;</P>",
    "{}<br>",
    "{}<br><br>\n",
    "<div>{}</div>",
    "<div><p>{}</p></div>",
    "<p><font face=宋体>{}</font></p>",
    '<p class="MsoNormal"><span style="mso-bidi-font-size:10pt">{}<o:p></o:p></span></p>',
    "<table width=100%><tr><td>{}</td></tr></table>",
)
_INDENTS = ("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "", "\n\t　　", "&#12288;&#12288;")
_CAPTIONS = (
    "图为村民在采茶",
    "新落成的长潭桥（李嘉 摄）",
    "",
)  # without one, no short line may follow: it would be read as one
_LABELS = {
    "date": ("加入时间", "加入时间", "发布时间", "发布日期", "添加时间", "时间", "日期"),
    "source": ("来源", "来源", "文章来源", "稿件来源", "出处"),
    "author": ("作者", "作者", "记者"),
}
_PAIRS = (
    "{}{}",
    "{}{}",
    "<font color=gray>{}</font>{}",
    "<b>{}</b>{}",
    "<span>{}</span><span>{}</span>",
    "{}<em>{}</em>",
)
_DATES = ("{}-{:02}-{:02}", "{}-{}-{}", "{}-{}-{}", "{}/{}/{}", "{}年{}月{}日", "{}.{:02}.{:02}", "{}年{:02}月{:02}日")
_CLOCKS = ("", "", "", " 9:05", " 15:02:21", " 08:30:00")
_GAPS = ("    ", "&nbsp;&nbsp;&nbsp; ", "　　", " | ", "&nbsp;|&nbsp;")
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


def article(dice: Dice, truth: Truth) -> str:
    """The article in a dress of its own; what the dress prints is entered into the truth."""
    crumb, head, info, body = (
        breadcrumb(dice, truth),
        title(dice, truth),
        info_line(dice, truth),
        paragraphs(dice, truth),
    )
    dress = dice.one(_DRESSES)
    made = dress(head, info, body, dice.one(_TOOLS), "".join(dice.some(_TAILS, 0, 4)))
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
    dangling = separator if "/" not in separator and dice.chance(10) else ""
    return dice.one(_CRUMB_LINES).format(label + separator.join(steps) + dangling)


def title(dice: Dice, truth: Truth) -> str:
    text = dice.one(("<br>", "<br/>\n")).join(html.escape(line, quote=False) for line in truth.title)
    return _inline(dice, text)


def info_line(dice: Dice, truth: Truth) -> str:
    colon = dice.one((":", "：", "：", " : "))
    if truth.day is None and truth.source is None:
        truth.source = "南方日报"
    day = dice.one(_DATES).format(*truth.day) + dice.one(_CLOCKS) if truth.day else None
    values = {"date": day, "source": truth.source, "author": truth.author}
    pairs = []
    for name in dice.order(tuple(values)):
        label, value = dice.one(_LABELS[name]) + colon, values[name]
        if value is not None:
            pairs.append((label, value))
        elif name == "source" and dice.chance(30):
            pairs.append((label.rstrip(), ""))
    if dice.chance(30):
        pairs.append((dice.one(("点击", "浏览次数", "阅读")) + colon, str(dice.number(10, 9999))))
    mark = dice.one(_PAIRS)
    said = [mark.format(label, html.escape(value, quote=False)) for label, value in pairs]
    plain = [label + value for label, value in pairs]
    match dice.number(0, 9):
        case 0:
            gap, text = " ", f'<table align="center"><tr><td>{"</td><td>".join(said)}</td></tr></table>'
        case 1:
            gap, text = " ", "<br>".join(said)
        case 2:
            gap, text = " ", "".join(f"<span>{piece}</span>&nbsp;&nbsp;" for piece in said)
        case _:
            gap = dice.one(_GAPS)
            text = gap.join(said)
    truth.info_line = fold(html.unescape(gap).join(plain))
    return text


def paragraphs(dice: Dice, truth: Truth) -> str:
    indent, shape = dice.one(_INDENTS), dice.one(_PARAGRAPHS)
    pieces = [(shape.format(indent + _inline(dice, _inside(dice, text))), [text]) for text in truth.body]
    for extra in (_table, _list, _nothing):
        if dice.chance(12):
            pieces.insert(dice.number(1, len(pieces)), extra(dice, truth))
    if dice.chance(15):
        at = dice.number(1, len(pieces))
        short = at < len(pieces) and len("".join(pieces[at][1])) < 40
        pieces.insert(at, _picture(dice, truth, dice.one(_CAPTIONS[:2] if short else _CAPTIONS)))
    if dice.chance(10):
        pieces.append(_file(dice, truth))
    truth.body = [line for _, lines in pieces for line in lines]
    return dice.one(("", "\n")).join(piece for piece, _ in pieces)


def _inline(dice: Dice, text: str) -> str:
    for _ in range(dice.number(0, 2)):
        text = dice.one(_INLINE).format(text)
    return text


def _inside(dice: Dice, text: str) -> str:
    """The paragraph, with a tag around some of its characters now and then."""
    text = html.escape(text, quote=False)
    if dice.chance(85) or "&" in text or len(text) < 20:
        return text
    at = dice.number(4, 12)
    return text[:at] + dice.one(_INSIDE).format(text[at : at + 4]) + text[at + 4 :]


def _picture(dice: Dice, truth: Truth, caption: str) -> tuple[str, list[str]]:
    file = f"/up/{dice.number(1, 99)}.jpg"
    truth.images.append((file, caption or None))
    image = f"<p align=center><img src={file} width=400 height=300></p>"
    return image + f"<p align=center>{caption or '&nbsp;'}</p>", [caption] if caption else []


def _table(dice: Dice, truth: Truth) -> tuple[str, list[str]]:
    money = str(dice.number(10, 900))
    rows = [
        ["县（市、区）", "项目", "资金"],
        ["连南县", dice.one(("饮水工程", "")), "216"],
        ["乳源县", "危房改造", money],
    ]
    cell, row = ("</td>", "</tr>") if dice.chance(70) else ("", "")
    cells = "".join("<tr>" + "".join(f"<td>{text or '&nbsp;'}{cell}" for text in texts) + row for texts in rows)
    return f"<table border=1>{cells}</table>", ["\t".join(texts) for texts in rows]


def _list(dice: Dice, truth: Truth) -> tuple[str, list[str]]:
    items = dice.some(("完善台账，一户一档。", "核实资金，账实相符。", "总结经验，有图有文。"), 2, 3)
    tag, close = dice.one(("ul", "ol")), dice.one(("</li>", ""))
    return f"<{tag}>" + "".join(f"<li>{item}{close}" for item in items) + f"</{tag}>", items


def _nothing(dice: Dice, truth: Truth) -> tuple[str, list[str]]:
    """What stands in a body and prints nothing."""
    silent = (
        "<script>var id='u1';</script>",
        "<style>p{}</style>",
        "<!-- 广告位 -->",
        "<noscript>请启用脚本。</noscript>",
    )
    return dice.one(silent), []


def _file(dice: Dice, truth: Truth) -> tuple[str, list[str]]:
    file, name = f"/up/{dice.number(1, 99)}.doc", dice.one(("附件：推荐表.doc", "附件1：名单"))
    truth.attachments.append((file, name))
    return f"<p><a href={file}>{name}</a></p>", [name]


# --- the article's block ----------------------------------------------------------------------------------------------

Dress = Callable[[str, str, str, str, str], str]


def _rows(head: str, info: str, body: str, tools: str, tail: str) -> str:
    rows = [f"<td align=center>{head}</td>", f"<td align=center>{info}</td>", f"<td>{tools}{body}</td>"]
    if tail:
        rows.append(f"<td>{tail}</td>")
    return "<table width=98%><tr>" + "</tr>\n<tr>".join(rows) + "</tr></table>"


def _headings(head: str, info: str, body: str, tools: str, tail: str) -> str:
    return f"<h1>{head}</h1><div>{info}</div>{tools}<div id=zoom>{body}</div><div>{tail}</div>"


def _fonts(head: str, info: str, body: str, tools: str, tail: str) -> str:
    head = f"<p align=center><font size=5>{head}</font></p>"
    return f"{head}<div align=center>{info}</div>{tools}<hr><div>{body}</div>{tail}"


def _boxes(head: str, info: str, body: str, tools: str, tail: str) -> str:
    box = "<table border=0 cellspacing=1><tr><td>{}</td></tr></table>"
    return box.format(head) + box.format(info) + tools + box.format(box.format(body)) + (tail and box.format(tail))


def _one_cell(head: str, info: str, body: str, tools: str, tail: str) -> str:
    head = f"<div align=center>{head}</div><div align=center>{info}</div>"
    return f"<table><tr><td>{head}{tools}<hr>{body}<br><br>{tail}</td></tr></table>"


def _definitions(head: str, info: str, body: str, tools: str, tail: str) -> str:
    return f"<dl><dt>{head}</dt><dd>{info}</dd><dd>{tools}{body}</dd></dl>{tail}"


def _fieldset(head: str, info: str, body: str, tools: str, tail: str) -> str:
    return f"<fieldset><legend>阅读</legend><h3>{head}</h3><div>{info}</div>{tools}<div>{body}</div></fieldset>{tail}"


def _items(head: str, info: str, body: str, tools: str, tail: str) -> str:
    return f"<ul><li><h2>{head}</h2></li><li>{info}</li></ul>{tools}<div>{body}</div>{tail}"


def _loose(head: str, info: str, body: str, tools: str, tail: str) -> str:
    return f"<p align=center><b>{head}</b></p><div>{info}</div>{tools}{body}<hr>{tail}"


def _deep(head: str, info: str, body: str, tools: str, tail: str) -> str:
    head = f"<div><div><div><span>{head}</span></div></div><div><div><i>{info}</i></div></div></div>"
    return f"{head}{tools}<div><div><div><font>{body}</font></div></div></div>{tail}"


def _columns(head: str, info: str, body: str, tools: str, tail: str) -> str:
    head = f"<tr><td colspan=3 align=center>{head}</td></tr><tr><td colspan=3 align=right>{info}</td></tr>"
    middle = f"<tr><td width=20>&nbsp;</td><td>{tools}{body}</td><td width=20>&nbsp;</td></tr>"
    return f"<table>{head}{middle}<tr><td colspan=3>{tail}</td></tr></table>"


_DRESSES: tuple[Dress, ...] = (
    *(_rows, _headings, _fonts, _boxes, _one_cell),
    *(_definitions, _fieldset, _items, _loose, _deep, _columns),
)
