"""How editors format a body: the styles that different people, programs and years left on one site."""

import html
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from .story import AttachmentLink, Block, ListBlock, Paragraph, Picture, Subhead, Table

Place = Callable[[str], str]
"""Maps a file name to the address that the page prints."""


def esc(text: str) -> str:
    """Prose escaped for HTML; runs of spaces survive as `&nbsp;`."""
    return html.escape(text, quote=False).replace("  ", "&nbsp; ")


class BodyStyle(ABC):
    """One style of formatting a body. The markup decides the addresses of files."""

    def __init__(self, place: Place) -> None:
        self.place = place

    def write(self, blocks: Sequence[Block]) -> str:
        """The body as HTML."""
        return "\n".join(self._block(block) for block in blocks)

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph(text, align):
                return self.paragraph(esc(text), align)
            case Subhead(text):
                return self.subhead(esc(text))
            case Table(rows):
                return self.table([[esc(cell) for cell in row] for row in rows])
            case ListBlock(items, ordered):
                return self.list(list(map(esc, items)), "ol" if ordered else "ul")
            case Picture(file, caption):
                return self.picture(self.place(file), esc(caption) if caption else None)
            case AttachmentLink(file, name, lead):
                return self.paragraph(esc(lead) + self.anchor(self.place(file), esc(name)), "left")

    @abstractmethod
    def paragraph(self, text: str, align: str) -> str: ...

    @abstractmethod
    def subhead(self, text: str) -> str: ...

    @abstractmethod
    def picture(self, url: str, caption: str | None) -> str: ...

    def anchor(self, url: str, text: str) -> str:
        return f'<a href="{url}" target="_blank">{text}</a>'

    def table(self, rows: list[list[str]]) -> str:
        inner = "\n".join("<tr>" + "".join(f"<td>{cell or '&nbsp;'}</td>" for cell in row) + "</tr>" for row in rows)
        return f'<table border="1" cellspacing="0" width="90%" align="center">\n{inner}\n</table>'

    def list(self, items: list[str], tag: str) -> str:
        return f"<{tag}>\n" + "\n".join(f"<li>{item}</li>" for item in items) + f"\n</{tag}>"


class Upper(BodyStyle):
    """An old visual editor: upper-case tags, bare attributes, `&nbsp;` indents."""

    def paragraph(self, text: str, align: str) -> str:
        if align == "left":
            return f"<P>&nbsp;&nbsp;&nbsp;&nbsp;{text}</P>"
        return f"<P align={align}>{text}</P>"

    def subhead(self, text: str) -> str:
        return f"<P>&nbsp;</P>\n<P align=center><STRONG>{text}</STRONG></P>"

    def picture(self, url: str, caption: str | None) -> str:
        below = f"<BR>{caption}" if caption else ""
        return f"<P align=center><IMG border=0 src={url}>{below}</P>"

    def anchor(self, url: str, text: str) -> str:
        return f"<A href={url} target=_blank>{text}</A>"

    def table(self, rows: list[list[str]]) -> str:
        inner = "\n".join("<TR>" + "".join(f"<TD>{cell or '&nbsp;'}</TD>" for cell in row) + "</TR>" for row in rows)
        return f"<TABLE borderColor=#cccccc cellSpacing=0 border=1 align=center>\n<TBODY>\n{inner}\n</TBODY></TABLE>"


class Breaks(BodyStyle):
    """A text box whose line ends became `<br>`: full-width indents, no paragraph elements."""

    def paragraph(self, text: str, align: str) -> str:
        if align == "left":
            return f"　　{text}<br><br>"
        return f'<div align="{align}">{text}</div>'

    def subhead(self, text: str) -> str:
        return f"　　<b>{text}</b><br>\n<br>"

    def picture(self, url: str, caption: str | None) -> str:
        below = f"<center><font size=2 color=#666666>{caption}</font></center>" if caption else ""
        return f'<center><img src="{url}" onload="if(this.width>560)this.width=560"></center>{below}<br>'


class Open(BodyStyle):
    """Typed by hand: `<p>`, list items and cells without end tags."""

    def paragraph(self, text: str, align: str) -> str:
        return f"<p>　　{text}" if align == "left" else f"<p align={align}>{text}"

    def subhead(self, text: str) -> str:
        return f"<p><font color=#990000><b>{text}</b></font>"

    def picture(self, url: str, caption: str | None) -> str:
        if caption is None:
            return f"<p align=center><img src='{url}'>"
        return f"<p align=center><img src='{url}'>\n<p align=center>{caption}"

    def table(self, rows: list[list[str]]) -> str:
        return (
            "<table border=1>\n"
            + "\n".join("<tr>" + "".join(f"<td>{cell}" for cell in row) for row in rows)
            + "</table>"
        )

    def list(self, items: list[str], tag: str) -> str:
        return f"<{tag}>\n" + "\n".join(f"<li>{item}" for item in items) + f"\n</{tag}>"


class Word(BodyStyle):
    """Pasted from Word: spans around each run of letters, `o:p`, unusual fonts."""

    _RUN = re.compile(r"(?<![&#\w;])[0-9A-Za-z.]+(?![;\w])")
    _FONT = "FONT-SIZE: 16pt; FONT-FAMILY: 仿宋_GB2312; mso-bidi-font-family: 宋体; mso-font-kerning: 0pt"

    def _runs(self, text: str) -> str:
        if "<" in text:
            return text
        return self._RUN.sub(lambda run: f'<SPAN lang=EN-US style="mso-spacerun: no">{run[0]}</SPAN>', text)

    def paragraph(self, text: str, align: str) -> str:
        style = "TEXT-INDENT: 32pt; mso-char-indent-count: 2.0" if align == "left" else f"TEXT-ALIGN: {align}"
        return (
            f'<P class=MsoNormal style="{style}"><SPAN style="{self._FONT}">{self._runs(text)}'
            f"<SPAN lang=EN-US><o:p></o:p></SPAN></SPAN></P>"
        )

    def subhead(self, text: str) -> str:
        bold = "mso-bidi-font-weight: normal"
        return f'<P class=MsoNormal><B style="{bold}"><SPAN style="{self._FONT}">{text}</SPAN></B></P>'

    def picture(self, url: str, caption: str | None) -> str:
        below = (
            f'<P class=MsoCaption align=center><SPAN style="FONT-SIZE: 10pt">{caption}</SPAN></P>' if caption else ""
        )
        return (
            f'<P class=MsoNormal align=center><v:shape><IMG src="{url}" v:shapes="_x0000_i1025"></v:shape></P>{below}'
        )

    def table(self, rows: list[list[str]]) -> str:
        def cell(text: str) -> str:
            return f"<TD><P class=MsoNormal><SPAN lang=EN-US>{text}<o:p>&nbsp;</o:p></SPAN></P></TD>"

        inner = "\n".join("<TR>" + "".join(map(cell, row)) + "</TR>" for row in rows)
        return (
            f'<TABLE class=MsoTableGrid style="BORDER-COLLAPSE: collapse; mso-yfti-tbllook: 1184">\n{inner}\n</TABLE>'
        )


class Divs(BodyStyle):
    """A newer editor: divs and inline styles, figures in tables of two rows."""

    def paragraph(self, text: str, align: str) -> str:
        indent = "text-indent:2em" if align == "left" else f"text-align:{align}"
        return f'<div style="{indent};line-height:1.75"><span style="font-size:14px;">{text}</span></div>'

    def subhead(self, text: str) -> str:
        return f'<div><br /></div>\n<div style="text-indent:2em"><strong>{text}</strong></div>'

    def picture(self, url: str, caption: str | None) -> str:
        row = f'<tr><td style="text-align:center;color:#888">{caption}</td></tr>' if caption else ""
        return f'<table align="center"><tr><td><img src="{url}" alt="2009-1-1" /></td></tr>{row}</table>'


class Plain(BodyStyle):
    """Correct HTML: closed paragraphs, quoted attributes."""

    def paragraph(self, text: str, align: str) -> str:
        return f"<p>　　{text}</p>" if align == "left" else f'<p style="text-align: {align}">{text}</p>'

    def subhead(self, text: str) -> str:
        return f"<p>&nbsp;</p>\n<p>　　<strong>{text}</strong></p>"

    def picture(self, url: str, caption: str | None) -> str:
        below = f'\n<p style="text-align: center"><span style="color:#777">{caption}</span></p>' if caption else ""
        return f'<p style="text-align: center"><img src="{url}" border="0" alt="" /></p>{below}'
