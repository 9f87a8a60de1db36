"""The text of an article in markup: paragraphs, tables, lists, pictures and files."""

import html

from .dice import Dice
from .truth import Truth

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
    "<p style='text-indent:2em;line-height:1.8'><span lang=EN-US>{}</span></p>",
    "<blockquote>{}</blockquote>",
    "<DIV>{}<BR></DIV>",
    "<font size=2>{}</font><br/>\n",
    "<p align=justify>{}<br></p>",
)
_INDENTS = ("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "", "\n\t　　", "&#12288;&#12288;")
_CAPTIONS = (
    "图为村民在采茶",
    "新落成的长潭桥（李嘉 摄）",
    "",
)  # without one, no short line may follow: it would be read as one


def text(dice: Dice, truth: Truth) -> str:
    """The body's markup; what stands in it is entered into the truth."""
    if dice.chance(4):
        return _preformatted(dice, truth)
    if dice.chance(5):
        return _alone(dice, truth)
    indent, shape = dice.one(_INDENTS), dice.one(_PARAGRAPHS)
    pieces = [(shape.format(indent + inline(dice, _inside(dice, text))), [text]) for text in truth.body]
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


def _preformatted(dice: Dice, truth: Truth) -> str:
    """A text that was never markup."""
    return (
        "<pre>"
        + dice.one(("\n", "\n\n", "\r\n")).join("　　" + html.escape(one, quote=False) for one in truth.body)
        + "</pre>"
    )


def _alone(dice: Dice, truth: Truth) -> str:
    """A body of one picture, one table or one file, and no text."""
    made, truth.body = dice.one((_table, _file, _pictures))(dice, truth)
    return made


def _pictures(dice: Dice, truth: Truth) -> tuple[str, list[str]]:
    made = [_picture(dice, truth, caption) for caption in dice.some(_CAPTIONS, 1, 3)]
    return "".join(piece for piece, _ in made), [line for _, lines in made for line in lines]


def inline(dice: Dice, text: str) -> str:
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
    file = f"/up/{len(truth.images)}{dice.number(1, 99)}.jpg"
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
