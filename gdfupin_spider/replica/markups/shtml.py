"""Static files with server-side includes: a table for every row, never closed, links in `onclick`, pages numbered
backwards."""

from .. import page_template as f
from ..body_styles import Breaks, Open, Plain, Upper, esc
from ..content import CHANNEL, SECTIONS
from ..page_template import StaticPage, cut
from ..story import Story
from .renderer import VISITS, Renderer, labelled, quoted

_FOLDERS = ("yaowen", "bumen", "xiehui", "dingdian", "dishi", "duikou", "huiyuan", "gaoceng", "shengwai", "guoji")


class Shtml(Renderer):
    about = ".shtml files, GBK, unbalanced tables, window.open links, pages that count down, » breadcrumb that dangles"
    encoding = "gb18030"
    content_type = "text/html; charset=gbk"
    per_page = 14
    splits = True

    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        return (
            f"/{_folder(section)}/t{story.online:%Y%m%d}_{story.number}" + (f"_{part}" if part > 1 else "") + ".shtml"
        )

    def listing_at(self, section: str, page: int = 1) -> str:
        """Page 1 is `index`; the others are numbered backwards, so that old pages keep their names as the site grows."""
        if page == 1:
            return f"/{_folder(section)}/index.shtml"
        return f"/{_folder(section)}/list{self.section_lists.pages(section, self.per_page) - page + 1}.shtml"

    def static_page_at(self, static_page: StaticPage) -> str:
        return f"/gywm/{static_page.slug}.shtml"

    def file_at(self, file: str) -> str:
        return f"/res/{file[:2]}/{file}"

    def aliases(self) -> dict[str, str]:
        return {"/index.shtml": "/"} | {f"/{_folder(name)}/": self.listing_at(name) for name in SECTIONS}

    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        return (CHANNEL, section)

    def byline(self, story: Story) -> str:
        pairs = [
            ("时间：", f"{story.day[0]}年{story.day[1]}月{story.day[2]}日" if story.day else None),
            ("出处：", story.source),
        ]
        if story.author:
            pairs.append(("作者：", story.author))
        return f"{labelled(pairs, story.bare, '　　')}　　[大 中 小]"

    def write_article(self, story: Story, section: str, part: int) -> str:
        style = (Open, Breaks, Plain, Upper)[story.number % 4](self.file_at)
        title = "<br>".join(map(esc, story.title)) + (
            f"</b><br><font size=3>{esc(story.subtitle)}</font><b>" if story.subtitle else ""
        )
        newer, older = self.section_lists.beside(story, section)
        count = self.parts(story)
        editor = f"<br>（责编：{esc(story.editor)}）" if story.editor and part == count else ""
        return self._page(f"""<table width=760><tr><td>当前位置 <a href=/index.shtml>首页</a> » {CHANNEL} » <a href=/{_folder(section)}/>{section}</a> » </td></tr>
<tr><td align=center><font size=5><b>{title}</b></font>
<tr><td align=center>{self.byline(story).replace("[大 中 小]", "[<a href=javascript:d(18)>大</a> <a href=javascript:d(16)>中</a> <a href=javascript:d(12)>小</a>]")}
<tr><td><table width=100% cellpadding=10><tr><td><!--正文开始-->
{style.write(story.parts()[part - 1])}
{editor}{self._numbers(story, section, part)}
<!--正文结束--></td></tr></table>
<tr><td>上一篇：{self._beside(newer, section)}<br>下一篇：{self._beside(older, section)}
<tr><td align=right>【<a href="javascript:window.print()">打印</a>】【<a href="javascript:window.close()">关闭</a>】
</table>""")  # fmt: skip

    def _numbers(self, story: Story, section: str, part: int) -> str:
        count = self.parts(story)
        if count == 1:
            return ""
        others = " ".join(
            str(n) if n == part else f"<a href={self.article_at(story, section, n)}>[{n}]</a>"
            for n in range(1, count + 1)
        )
        onward = f" <a href={self.article_at(story, section, part + 1)}>下一页</a>" if part < count else ""
        return f"<center>{others}{onward}</center>"

    def _beside(self, story: Story | None, section: str) -> str:
        return f"<a href={self.article_at(story, section)}>{esc(cut(story.heading, 32))}</a>" if story else "没有"

    def write_listing(self, section: str, page: int) -> str:
        rows = "\n".join(
            f"""<table width=740><tr><td width=10>·<td><a href="javascript:void(0)" onclick="window.open('{self.article_at(story, section)}')" title="{_broken(story)}">{esc(cut(story.heading, 22))}</a>{"<img src=/img/top.gif alt=置顶>" if story.pinned else ""}<td width=90 align=right>{story.online:%Y-%m-%d}"""
            for story in self.section_lists.listed(section, self.per_page, page)
        )
        pages = self.section_lists.pages(section, self.per_page)

        def link(text: str, to: int) -> str:
            return (
                f"<a href={self.listing_at(section, to)}>{text}</a>"
                if 1 <= to <= pages and to != page
                else f"<a href='javascript:void(0);'>{text}</a>"
            )

        return self._page(f"""<table width=760><tr><td>当前位置 <a href=/index.shtml>首页</a> » {CHANNEL} » {section} » </td></tr>
<tr><td>
{rows}
</table>
<tr><td align=center>共{len(self.section_lists.of(section))}条 {page}/{pages} {link("首页", 1)} {link("上页", page - 1)} {link("下页", page + 1)} {link("尾页", pages)}
</table>""")

    def write_home(self) -> str:
        boxes = "\n".join(
            f"<table width=380><tr><td bgcolor=#eeeeee><a href=/{_folder(section)}/><b>{section}</b></a>\n"
            + "\n".join(
                f"""<tr><td><a href="#" onclick="javascript:window.open('{self.article_at(story, section)}');return false;">{esc(cut(story.heading, 20))}</a> {story.online:%m/%d}"""
                for story in self.section_lists.of(section)[:6]
            )
            for section in SECTIONS
        )
        return self._page(f"{boxes}\n<p>总访问 {VISITS} 人次")

    def write_static_page(self, static_page: StaticPage) -> str:
        if static_page is f.SITEMAP:
            inner = " ".join(f"<a href=/{_folder(name)}/>{name}</a>" for name in SECTIONS)
        elif static_page is f.LOGIN:
            inner = "<form action=/cgi-bin/login method=post>账号<input name=u>密码<input type=password name=p><input type=submit value=登录></form>"
        else:
            inner = "".join(f"<p>　　{esc(line)}" for line in static_page.lines)
        return self._page(
            f"<table width=760><tr><td align=center><b>{esc(static_page.title)}</b><tr><td>{inner}</table>"
        )

    def not_found(self) -> tuple[int, str]:
        return (
            404,
            "<html><head><title>404</title></head><body><h1>Not Found</h1>The requested URL was not found on this server.</body></html>",
        )

    def _page(self, inner: str) -> str:
        menu = "|".join(f"<a href=/{_folder(name)}/>{name}</a>" for name in SECTIONS)
        hot = "".join(
            f"<li><a href={self.article_at(story, story.sections[0])}>{esc(cut(story.heading, 14))}</a>"
            for story in self.section_lists.newest[5:11]
        )
        astray = "".join(f'<li><a href="{address}">{text}</a>' for text, address in self.extras)
        call, words = f.STATIC_PAGES[3], f.STATIC_PAGES[4]
        static_pages = " | ".join(
            f"<a href={self.static_page_at(static_page)}>{static_page.title}</a>"
            for static_page in (f.STATIC_PAGES[0], f.SITEMAP, f.STATIC_PAGES[1], f.STATIC_PAGES[2])
        )
        return f"""<html>
<head>
<title>{f.NAME}</title>
<meta http-equiv=content-type content="text/html; charset=gbk">
</head>
<body>
<!--#include virtual="/inc/top.html"-->
<center>
<table width=760><tr><td>{f.NAME}
<tr><td>{f.WELCOME}<marquee>　　<a href={self.static_page_at(call)}>{call.title}</a>　　　　<a href={self.static_page_at(words)}>{words.title}</a></marquee>
<tr><td align=right>设为首页　加入收藏　<a href=mailto:gdfupinxc@126.com>秘书长信箱</a> 今天是:<script>document.write(d+"年"+m+"月")</script>　<a href={self.static_page_at(f.LOGIN)}>会员登录</a>
<tr><td align=center>{menu}</table>
{inner}
<table width=760><tr><td><b>热点文章</b><ul>{hot}{astray}</ul></table>
<table width=760><tr><td align=center>{f.FOOT_WELCOME}
<tr><td align=center>设为首页 | 加入收藏 | {static_pages} |
<tr><td align=center>流量统计:<script src=/tj.js></script>
<tr><td align=center>{f.COPYRIGHT.replace("©", "&copy;")}　　{f.ICP}
<tr><td align=center>{f.PATRONS}
<tr><td align=center>{f.HOSTS}　　{f.SUPPORT}
<tr><td align=center>{f.ADDRESS}　　{f.POSTCODE}
<tr><td align=center>{"　".join(f.PHONES)}</table>
</center>
</body>
</html>
"""


def _folder(section: str) -> str:
    return _FOLDERS[SECTIONS.index(section)]


def _broken(story: Story) -> str:
    """A `title` attribute without escaping, so that an inner quote ends it."""
    return quoted(story.heading) if story.number % 7 else f'"{esc(story.heading)}"'
