"""Classic ASP of 2009 in GBK: nested tables, upper-case tags, bare attributes, no heading elements.

Labels, the breadcrumb with `->>`, and the text of header and footer are those of the one known page.
"""

from .. import page_template as f
from ..body_styles import Breaks, Open, Upper, Word, esc
from ..content import CHANNEL, SECTIONS
from ..page_template import StaticPage, cut
from ..story import Story
from .renderer import SESSION, VISITS, Renderer, labelled, quoted, short


class AspTables(Renderer):
    about = "classic ASP, GBK declared as gb2312, nested upper-case tables, 页次:1/5页, ->> breadcrumb"
    encoding = "gb18030"
    per_page = 15
    splits = True
    folds_case = True

    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        twin = f"&ClassID={_class(section)}" if section != story.sections[0] else ""
        return f"/ShowArticle.asp?ArticleID={story.number}{twin}" + (f"&page={part}" if part > 1 else "")

    def listing_at(self, section: str, page: int = 1) -> str:
        return f"/list.asp?ClassID={_class(section)}" + (f"&page={page}" if page > 1 else "")

    def static_page_at(self, static_page: StaticPage) -> str:
        return f"/{static_page.slug}.asp"

    def file_at(self, file: str) -> str:
        return f"/UploadFiles/{file}"

    def aliases(self) -> dict[str, str]:
        first = {f"/list.asp?ClassID={_class(name)}&page=1": self.listing_at(name) for name in SECTIONS}
        return first | {"/index.asp": "/", "/Default.asp": "/"}

    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        return (CHANNEL, section)

    def byline(self, story: Story) -> str:
        pairs = [("加入时间:", short(story.day)), ("来源:", story.source)]
        if story.author:
            pairs.append(("作者:", story.author))
        return labelled(pairs, story.bare, "    ")

    def write_article(self, story: Story, section: str, part: int) -> str:
        style = (Upper, Upper, Breaks, Word, Open)[story.number % 5](lambda file: self.file_at(file)[1:])
        body = style.write(story.parts()[part - 1] if self.splits else story.blocks)
        title = "<BR>".join(map(esc, story.title))
        if story.subtitle:
            title += f"<BR><FONT size=3>{esc(story.subtitle)}</FONT>"
        newer, older = self.section_lists.beside(story, section)
        last = part == self.parts(story)
        editor = f"<DIV align=right>（责任编辑：{esc(story.editor)}）</DIV>" if story.editor and last else ""
        breadcrumb = "->>".join(
            ("<A href=index.asp>首页</A>", CHANNEL, f"<A href={self.listing_at(section)[1:]}>{section}</A>")
        )
        return self._page(
            f"""<TABLE width="100%" border=0 cellSpacing=0 cellPadding=0>
<TR><TD height=27 background=images/nav.gif>&nbsp; 当前位置:{breadcrumb}</TD></TR>
<TR><TD>&nbsp; &nbsp;</TD></TR>
<TR><TD align=center><TABLE width="96%" border=0><TR><TD align=center height=50><FONT color=#cc0000 style="FONT-SIZE: 16pt"><B>{title}</B></FONT></TD></TR>
<TR><TD align=center height=24 bgColor=#f0f0f0>{self.byline(story).replace("    ", "&nbsp;&nbsp;&nbsp; ")}</TD></TR>
<TR><TD style="FONT-SIZE: 14px; LINE-HEIGHT: 180%">
{body}
{editor}{self._numbers(story, section, part)}
</TD></TR>
<TR><TD height=30>上一篇：{self._beside(newer, section)}<BR>下一篇：{self._beside(older, section)}</TD></TR>
<TR><TD align=right>【<A href="javascript:window.print()">打印本页</A>】【<A href="javascript:window.close()">关闭窗口</A>】</TD></TR>
</TABLE></TD></TR></TABLE>"""
        )

    def _numbers(self, story: Story, section: str, part: int) -> str:
        count = self.parts(story)
        if count == 1:
            return ""
        marks = [
            f"【{n}】" if n == part else f"【<A href={self.article_at(story, section, n)[1:]}>{n}</A>】"
            for n in range(1, count + 1)
        ]
        return f"<P align=center>{' '.join(marks)}</P>"

    def _beside(self, story: Story | None, section: str) -> str:
        if story is None:
            return "没有了"
        return f"<A href={self.article_at(story, section)[1:]}>{esc(cut(story.heading, 30))}</A>"

    def write_listing(self, section: str, page: int) -> str:
        rows = "\n".join(
            f"<TR><TD width=16><IMG src=images/dot.gif></TD><TD height=24>{'<FONT color=red>[置顶]</FONT>' if story.pinned else ''}"
            f'<A href={self.article_at(story, section)[1:]} title="{quoted(story.heading)}" target=_blank>{esc(cut(story.heading, 24))}</A></TD>'
            f"<TD width=80 align=right>[{short(story.day) or short(story.online.timetuple()[:3])}]</TD></TR>"
            for story in self.section_lists.listed(section, self.per_page, page)
        )
        return self._page(
            f"""<TABLE width="100%" border=0>
<TR><TD height=27 background=images/nav.gif>&nbsp; 当前位置:<A href=index.asp>首页</A>->>{CHANNEL}->>{section}</TD></TR>
<TR><TD><TABLE width="98%" border=0>
{rows}
</TABLE></TD></TR>
<TR><TD align=center>{self._pager(section, page)}</TD></TR></TABLE>"""
        )

    def _pager(self, section: str, page: int) -> str:
        pages, total = self.section_lists.pages(section, self.per_page), len(self.section_lists.of(section))
        here = f"list.asp?ClassID={_class(section)}&page="

        def link(text: str, to: int) -> str:
            return f"<A href={here}{to}>{text}</A>" if to != page and 1 <= to <= pages else text

        choices = "".join(
            f"<OPTION value={n}{' selected' if n == page else ''}>{n}</OPTION>" for n in range(1, pages + 1)
        )
        return (
            f"页次:{page}/{pages}页 共{total}条 {link('首页', 1)} {link('上一页', page - 1)} {link('下一页', page + 1)} "
            f"{link('尾页', pages)} 转到第<SELECT onchange=\"location='{here}'+this.value\">{choices}</SELECT>页"
        )

    def write_home(self) -> str:
        boxes = []
        for section in SECTIONS:
            rows = "".join(
                f"<TR><TD>·<A href={self.article_at(story, section)[1:]} target=_blank>{esc(cut(story.heading, 18))}</A>"
                f"</TD><TD>({story.online.month}-{story.online.day})</TD></TR>\n"
                for story in self.section_lists.of(section)[:6]
            )
            more = f"<A href={self.listing_at(section)[1:]}>更多>></A>"
            boxes.append(
                f"<TABLE width=370><TR><TD><B>{section}</B></TD><TD align=right>{more}</TD></TR>\n{rows}</TABLE>"
            )
        grid = "".join(f"<TR><TD>{a}</TD><TD>{b}</TD></TR>" for a, b in zip(boxes[::2], boxes[1::2], strict=True))
        counter = f"您是第<FONT color=red>{VISITS}</FONT>位访客"
        return self._page(f"<TABLE>{grid}</TABLE><P align=center>{counter}</P>")

    def write_static_page(self, static_page: StaticPage) -> str:
        if static_page is f.SITEMAP:
            inner = "<BR>".join(f"<A href={self.listing_at(name)[1:]}>{name}</A>" for name in SECTIONS)
        elif static_page is f.LOGIN:
            inner = "<FORM action=login.asp method=post>用户名：<INPUT name=user> 密码：<INPUT type=password name=pass> <INPUT type=submit value=登录></FORM>"
        else:
            inner = "".join(f"<P>&nbsp;&nbsp;&nbsp;&nbsp;{esc(line)}</P>" for line in static_page.lines)
        return self._page(
            f"<TABLE width=90%><TR><TD align=center><B>{esc(static_page.title)}</B></TD></TR><TR><TD>{inner}</TD></TR></TABLE>"
        )

    def not_found(self) -> tuple[int, str]:
        return 200, self._page(
            "<TABLE width=90%><TR><TD align=center height=200>该文章不存在或已被删除！<A href=javascript:history.back()>返回</A></TD></TR></TABLE>"
        )

    def _page(self, inner: str) -> str:
        menu = "\n".join(
            f"<TR><TD height=26 align=center><A href={self.listing_at(name)[1:]}>{name}</A></TD></TR>"
            for name in SECTIONS
        )
        latest = "".join(
            f'<TR><TD>·<A href={self.article_at(story, story.sections[0])[1:].lower()} title="{quoted(story.heading)}">{esc(cut(story.heading, 11))}</A></TD></TR>'
            for story in self.section_lists.newest[:8]
        )
        astray = "".join(f'<TR><TD><A href="{address}">{text}</A></TD></TR>' for text, address in self.extras)
        call, words = f.STATIC_PAGES[3], f.STATIC_PAGES[4]
        links = " | ".join(
            f"<A href={self.static_page_at(static_page)[1:]}>{static_page.title}</A>"
            for static_page in (f.STATIC_PAGES[0], f.SITEMAP, f.STATIC_PAGES[1], f.STATIC_PAGES[2])
        )
        return f"""<HTML>
<HEAD>
<TITLE>{f.NAME}</TITLE>
<META http-equiv=Content-Type content="text/html; charset=gb2312">
<LINK href=css/style.css type=text/css rel=stylesheet>
</HEAD>
<BODY bgColor=#ffffff leftMargin=0 topMargin=0>
<TABLE width=778 border=0 cellSpacing=0 cellPadding=0 align=center>
<TR><TD colspan=2><IMG src=images/top.jpg width=778 height=110></TD></TR>
<TR><TD colspan=2>{f.WELCOME}<MARQUEE width=420 scrollamount=3>&nbsp;&nbsp;<A href={self.static_page_at(call)[1:]}>{call.title}</A>&nbsp;&nbsp;&nbsp;&nbsp;<A href={self.static_page_at(words)[1:]}>{words.title}</A></MARQUEE></TD></TR>
<TR><TD colspan=2 align=right><A href=# onclick="this.style.behavior='url(#default#homepage)'">设为首页</A>&nbsp; <A href="javascript:window.external.AddFavorite()">加入收藏</A>&nbsp;&nbsp; <A href=mailto:gdfupinxc@126.com>秘书长信箱</A> 今天是:<SCRIPT>document.write(new Date().toLocaleString())</SCRIPT></TD></TR>
<TR><TD width=160 vAlign=top><TABLE width=150>
{menu}
</TABLE><TABLE width=150><TR><TD><B>最新文章</B></TD></TR>{latest}</TABLE>
<TABLE><FORM action=search.asp method=get><TR><TD><INPUT name=keyword size=10><INPUT type=submit value=搜索></TD></TR></FORM>
<TR><TD><A href=login.asp?sid={SESSION}>会员登录</A></TD></TR>{astray}</TABLE></TD>
<TD width=618 vAlign=top>
{inner}
</TD></TR></TABLE>
<TABLE width=778 border=0 align=center><TR><TD align=center>{f.FOOT_WELCOME}</TD></TR>
<TR><TD>&nbsp;</TD></TR>
<TR><TD align=center>设为首页 | 加入收藏 | {links} |</TD></TR>
<TR><TD align=center>流量统计:<SCRIPT src=count/mystat.asp></SCRIPT></TD></TR>
<TR><TD align=center>{f.COPYRIGHT.replace("©", "&copy;").replace("  ", "&nbsp; ")}&nbsp;&nbsp;&nbsp;&nbsp; &nbsp;{f.ICP}<BR>
{f.PATRONS}&nbsp;&nbsp;&nbsp;&nbsp;<BR>
{f.HOSTS}&nbsp;&nbsp;&nbsp;&nbsp;{f.SUPPORT}<BR>
{f.ADDRESS}&nbsp;&nbsp;&nbsp;&nbsp;{f.POSTCODE}<BR>
{"&nbsp;&nbsp;&nbsp; ".join(f.PHONES)}</TD></TR></TABLE>
</BODY>
</HTML>
"""


def _class(section: str) -> int:
    return SECTIONS.index(section) + 1
