"""A hand-made site of 2009: frames, gb2312 with character references for other characters, unclosed `<p>`, a select
of pages."""

from collections.abc import Iterator
from urllib.parse import quote

from .. import page_template as f
from ..body_styles import Breaks, Open, esc
from ..content import CHANNEL, SECTIONS
from ..page_template import StaticPage, cut
from ..story import Story
from .renderer import VISITS, Renderer, ServedPage, labelled, quoted

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


class Frames(Renderer):
    about = "frameset, gb2312 and character references, <br> bodies, <select> pager, ２０２１年１月１３日, crumbs over cells"
    encoding = "gb18030"
    content_type = "text/html; charset=gb2312"
    per_page = 20

    def encode(self, text: str) -> bytes:
        return text.encode("gb2312", "xmlcharrefreplace")

    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        twin = "b" if section != story.sections[0] else ""
        return f"/news/{story.online.year}/n{story.number}{twin}.htm"

    def listing_at(self, section: str, page: int = 1) -> str:
        return f"/news/class{_class(section)}" + (f"_{page}" if page > 1 else "") + ".htm"

    def static_page_at(self, static_page: StaticPage) -> str:
        return f"/{static_page.slug}.htm"

    def file_at(self, file: str) -> str:
        return f"/news/{quote('附件')}/{file}" if not file.endswith("jpg") else f"/news/pic/{file}"

    def _printed(self, file: str) -> str:
        """The address as printed by a page of `/news/2021/`: raw Chinese, a backslash, a space at the end."""
        return f"../附件/{file}" if not file.endswith("jpg") else rf"..\pic\{file} "

    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        return (CHANNEL, section)

    def byline(self, story: Story) -> str:
        pairs = [("来源 ：", story.source)]
        if story.author:
            pairs.append(("作者 ：", story.author))
        pairs.append(("发布日期 ：", _chinese(story.day)))
        return labelled(pairs, story.bare, " | ")

    def write_article(self, story: Story, section: str, part: int) -> str:
        style = (Breaks, Open)[story.number % 2](self._printed)
        newer, older = self.section_lists.beside(story, section)
        editor = f"<p align=right>[责任编辑：{esc(story.editor)}]" if story.editor else ""
        title = "<br>".join(map(esc, [*story.title, *([story.subtitle] if story.subtitle else [])]))
        return self._page("../../", f"""<table width=100%><tr><td width=70>您的位置：</td><td><a href="../../main.htm">首页</a></td><td>&gt;&gt;</td><td>{CHANNEL}</td><td>&gt;&gt;</td><td><a href="../class{_class(section)}.htm">{section}</a></td><td width=50%>&nbsp;</td></tr></table>
<hr>
<center><font size=5 face=黑体>{title}</font></center>
<p align=center><font size=2>{self.byline(story).replace(" ：", "&nbsp;：")}</font></p>
<hr size=1>
{style.write(story.blocks)}
{editor}
<hr>
<p>上一条：{self._beside(newer, section)}
<p>下一条：{self._beside(older, section)}
<p align=right><a href="javascript:history.go(-1)">返回</a> <a href="#top">TOP</a>""")  # fmt: skip

    def _beside(self, story: Story | None, section: str) -> str:
        return f"<a href='../..{self.article_at(story, section)}'>{esc(story.heading)}</a>" if story else "无"

    def write_listing(self, section: str, page: int) -> str:
        pages, total = self.section_lists.pages(section, self.per_page), len(self.section_lists.of(section))
        rows = "\n".join(
            f"<li>{'<font color=red>[顶]</font> ' if story.pinned else ''}<a href='..{self.article_at(story, section)}'>{esc(cut(story.heading, 26))}</a> <font color=gray>({story.online.year}年{story.online.month}月{story.online.day}日)</font>"
            for story in self.section_lists.listed(section, self.per_page, page)
        )
        options = "".join(
            f"<option value='class{_class(section)}{f'_{n}' if n > 1 else ''}.htm'{' selected' if n == page else ''}>第{n}页"
            for n in range(1, pages + 1)
        )
        return self._page("../", f"""<table width=100%><tr><td width=70>您的位置：</td><td><a href="../main.htm">首页</a></td><td>&gt;&gt;</td><td>{CHANNEL}</td><td>&gt;&gt;</td><td>{section}</td></tr></table>
<ul>
{rows}
</ul>
<p align=center>共有{total}条 {page}/{pages} <select onchange="location.href=this.options[this.selectedIndex].value">{options}</select>""")  # fmt: skip

    def more(self) -> Iterator[tuple[str, ServedPage]]:
        yield "/top.htm", ServedPage(self._top, self.day)
        yield "/left.htm", ServedPage(self._left, self.day)
        yield "/main.htm", ServedPage(self._main, self.day)

    def aliases(self) -> dict[str, str]:
        return {"/index.htm": "/"}

    def write_home(self) -> str:
        return f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>{f.NAME}</title></head>
<frameset rows="120,*" border=0>
<frame name=top src=top.htm noresize scrolling=no>
<frameset cols="150,*"><frame name=left src=left.htm><frame name=main src="main.htm"></frameset>
</frameset>
<noframes><body>您的浏览器不支持框架。</body></noframes>
</html>
"""

    def _top(self) -> str:
        call, words = f.STATIC_PAGES[3], f.STATIC_PAGES[4]
        return self._bare(f"""<h1>{f.NAME}</h1>{f.WELCOME}<marquee>&nbsp;&nbsp;<a href={self.static_page_at(call)[1:]} target=main>{call.title}</a>&nbsp;&nbsp;<a href={self.static_page_at(words)[1:]} target=main>{words.title}</a></marquee>
<br>设为首页 加入收藏 <a href=mailto:gdfupinxc@126.com>秘书长信箱</a> 今天是:<iframe src="http://time.example.invalid/clock.htm" width=90 height=20></iframe>""")

    def _left(self) -> str:
        menu = "\n".join(f"<p><a href=news/class{_class(name)}.htm target=main>{name}</a>" for name in SECTIONS)
        astray = "".join(f'<p><a href="{address}">{text}</a>' for text, address in self.extras)
        return self._bare(f"{menu}\n<p><a href=login.htm target=main>会员登录</a>{astray}")

    def _main(self) -> str:
        boxes = "".join(
            f"<h3>{section}</h3>\n"
            + "<br>\n".join(
                f"·<a href='{self.article_at(story, section)[1:]}' title='{quoted(story.heading)} ({story.online.isoformat()})'>{esc(cut(story.heading, 22, '…'))}</a>"
                for story in self.section_lists.of(section)[:5]
            )
            + f"<br><a href=news/class{_class(section)}.htm>更多...</a>"
            for section in SECTIONS
        )
        return self._page("", f"{boxes}<p>您是第 {VISITS} 位来访者")

    def write_static_page(self, static_page: StaticPage) -> str:
        if static_page is f.SITEMAP:
            inner = "<br>".join(f"<a href=news/class{_class(name)}.htm>{name}</a>" for name in SECTIONS)
        elif static_page is f.LOGIN:
            inner = "<form action=login.htm method=post>用户<input name=u>口令<input type=password name=p><input type=submit value=进入></form>"
        else:
            inner = "<br>".join(f"　　{esc(line)}" for line in static_page.lines)
        return self._page("", f"<center><b>{esc(static_page.title)}</b></center><p>{inner}")

    def not_found(self) -> tuple[int, str]:
        return 404, self._bare("<h1>找不到网页</h1>您要查看的网页已被删除、更名或暂时不可用。<hr>HTTP 错误 404")

    def _page(self, root: str, inner: str) -> str:
        static_pages = " | ".join(
            f"<a href={root}{static_page.slug}.htm>{static_page.title}</a>"
            for static_page in (f.STATIC_PAGES[0], f.SITEMAP, f.STATIC_PAGES[1], f.STATIC_PAGES[2])
        )
        return self._bare(f"""<a name=top></a>
{inner}
<hr>
<center>{f.FOOT_WELCOME}<br>
设为首页 | 加入收藏 | {static_pages} |<br>
{f.COPYRIGHT.replace("©", "&copy;")} {f.ICP}<br>
{f.PATRONS}<br>
{f.HOSTS}<br>
{f.SUPPORT}<br>
{f.ADDRESS}<br>
{f.POSTCODE} {" ".join(f.PHONES)}</center>""")

    def _bare(self, inner: str) -> str:
        return f"""<html>
<head><title>{f.NAME}</title>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
</head>
<body background=bg.gif>
{inner}
</body></html>
"""


def _class(section: str) -> int:
    return SECTIONS.index(section) + 11


def _chinese(day: tuple[int, int, int] | None) -> str:
    return f"{day[0]}年{day[1]}月{day[2]}日".translate(_WIDE) if day else ""
