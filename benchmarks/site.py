"""A generated site of any size, served on loopback: python -m benchmarks.site [pages]

Old pages as such sites have them: GBK, tables in tables, some 28 KB, some 5,000 Chinese characters and 27 links each.
Every page is made anew from its address, so the server needs no memory and little time. Five sections; a listing has
15 rows with a summary each; article pages link to their neighbours and to others of their section.
"""

import asyncio
import random
import sys
from urllib.parse import parse_qs, urlsplit

SECTIONS = ("扶贫要闻", "部门动态", "协会新闻", "定点连线", "地市联播")
ROWS = 15
RELATED = 17
LINKS = 27
_FREQUENT = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装"
_chance = random.Random(2026)
_PROSE = "".join(_chance.choices(_FREQUENT, k=400_000))
_CELL = 'width="100%" border="0" cellspacing="0" cellpadding="0" bgcolor="#FFFFFF"'


class Site:
    """Which pages there are, and what each of them says."""

    def __init__(self, pages: int) -> None:
        """At least so many pages; rounded up so that every listing is full."""
        self.listings = max(1, -(-(pages - 1) // (len(SECTIONS) * (1 + ROWS))))
        """Pages of each section's listing."""
        self.articles = len(SECTIONS) * self.listings * ROWS
        self.pages = 1 + len(SECTIONS) * self.listings + self.articles

    def page(self, target: str) -> bytes | None:
        """The page at a request target; None where there is none."""
        parts = urlsplit(target)
        query = {name.lower(): values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/":
                html = self._home()
            case "/list.asp":
                html = self._listing(int(query["class"]), int(query["page"]))
            case "/shownews.asp" if int(query["id"]) < self.articles:
                html = self._article(int(query["id"]))
            case _:
                return None
        return html.encode("gb18030")

    def _home(self) -> str:
        rows = "".join(self._row(number, 240) for number in range(LINKS - 6))
        return _page("广东扶贫网", f"<table {_CELL}>{rows}</table>")

    def _listing(self, section: int, number: int) -> str:
        first = section + len(SECTIONS) * ROWS * (number - 1)
        rows = "".join(self._row(article, 300) for article in range(first, first + len(SECTIONS) * ROWS, len(SECTIONS)))
        here = f"/list.asp?class={section}&page="
        to = {"首页": 1, "上一页": max(1, number - 1), "下一页": min(number + 1, self.listings), "尾页": self.listings}
        pager = " ".join(f'<a href="{here}{page}">{text}</a>' for text, page in to.items())
        result = f"页次:{number}/{self.listings}页 共{self.listings * ROWS}条 {pager}"
        body = f'<table {_CELL}>{rows}</table><table {_CELL}><tr><td align="center">{result}</td></tr></table>'
        return _page(f"{SECTIONS[section]}-广东扶贫网", _crumbs(section) + body)

    def _article(self, number: int) -> str:
        section = number % len(SECTIONS)
        ends = random.Random(number)
        paragraphs, left = [], 4400
        while left > 0:
            size = min(left, ends.randint(40, 220))
            left -= size
            paragraphs.append(_text(number, left, size))
        body = "".join(
            f'<p style="line-height:200%;text-indent:2em;margin:0cm 0cm 0pt"><font face="宋体" size="3">　　{text}。</font></p>\r\n'
            for text in paragraphs
        )
        date = f"{2009 + number % 12}-{number % 11 + 1}-{number % 27 + 1}"
        neighbours = "".join(
            f'<tr><td height="22">{word}：{self._link(number + step * len(SECTIONS))}</td></tr>'
            for word, step in (("上一篇", -1), ("下一篇", 1))
        )
        related = "".join(
            f'<tr><td width="12" height="22"><img src="/images/dot.gif" width="7" height="7"></td><td class="xx">'
            f"{self._link(number + at * 35 * len(SECTIONS))}</td></tr>\r\n"
            for at in range(1, RELATED + 1)
        )
        return _page(
            f"{_title(number)}-广东扶贫网",
            f'{_crumbs(section)}<table {_CELL}><tr><td><table {_CELL}><tr><td height="50" align="center">'
            f'<font size="4" color="#FF0000"><b>{_title(number)}</b></font></td></tr><tr><td align="center" bgcolor="#F3F3F3">'
            f'加入时间:{date}    来源:{SECTIONS[section][:2]}日报</td></tr><tr><td><table {_CELL}><tr><td class="content">'
            f"\r\n{body}</td></tr></table></td></tr></table></td></tr></table>"
            f"<table {_CELL}>{neighbours}</table><table {_CELL}><tr><td>相关文章</td></tr>{related}</table>",
        )

    def _link(self, number: int) -> str:
        number %= self.articles
        return f'<a href="/shownews.asp?id={number}" target="_blank" class="a1" title="{_title(number)}">{_title(number)}</a>'

    def _row(self, number: int, summary: int) -> str:
        date = f"{2009 + number % 12}-{number % 11 + 1}-{number % 27 + 1}"
        return (
            f'<tr><td><table {_CELL}><tr><td width="20"><img src="/images/dot.gif" width="7" height="7"></td><td>'
            f'{self._link(number)}</td><td width="90" class="date">{date}</td></tr><tr><td></td><td colspan="2">'
            f'<font color="#666666">{_text(number, 7, summary)}。</font></td></tr></table></td></tr>\r\n'
        )


def _text(number: int, salt: int, size: int) -> str:
    start = (number * 7919 + salt * 131) % (len(_PROSE) - size)
    return _PROSE[start : start + size]


def _title(number: int) -> str:
    return f"{_text(number, 0, 14)}第{number}期"


def _crumbs(section: int) -> str:
    return (
        f'<table {_CELL}><tr><td height="27">当前位置:<a href="/">首页</a>->>扶贫前沿->>'
        f'<a href="/list.asp?class={section}&page=1">{SECTIONS[section]}</a></td></tr></table>'
    )


def _page(title: str, middle: str) -> str:
    """The page around it, filled up with the styles and scripts of its time to 28 KB."""
    menu = "".join(f'<td><a href="/list.asp?class={at}&page=1">{name}</a></td>' for at, name in enumerate(SECTIONS))
    html = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">'
        f'<title>{title}</title>%s</head><body leftmargin="0" topmargin="0"><table width="778" border="0" align="center">'
        f'<tr><td>广东扶贫网--广东省扶贫开发协会</td></tr><tr><td><table {_CELL}><tr><td><a href="/">首页</a></td>{menu}</tr>'
        f'</table></td></tr><tr><td valign="top"><table {_CELL}><tr><td width="180" valign="top"><table {_CELL}><tr><td>'
        f'广东省扶贫开发协会欢迎您!</td></tr></table></td><td valign="top">{middle}</td></tr></table></td></tr><tr><td align="center">'
        "欢迎访问广东扶贫网</td></tr><tr><td>版权所有:广东省扶贫开发协会</td></tr></table></body></html>"
    )
    lacking = 28_000 - len(html.encode("gb18030"))
    style = "\r\n".join(
        f".s{at} {{ font-size: 12px; line-height: 22px; color: #333333 }}" for at in range(lacking // 59)
    )
    return html.replace("%s", f'<style type="text/css">\r\n{style}\r\n</style>', 1)


async def serve(site: Site) -> None:
    """Serves it until the process ends; prints the address of the home page first."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                page = site.page(head.split(b" ", 2)[1].decode("ascii"))
                status, body = (b"404 Not Found", b"") if page is None else (b"200 OK", page)
                writer.write(
                    b"HTTP/1.1 %b\r\nServer: Microsoft-IIS/6.0\r\nContent-Type: text/html\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (status, len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Site(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)))
