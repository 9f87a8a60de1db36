"""ASP.NET of 2012: UTF-8 declared as gb2312, mixed-case URLs with session ids, nested spans, pages opened by a
script."""

import base64
from html import escape

from .. import page_template as f
from ..body_styles import Divs, Upper, Word, esc
from ..content import CHANNEL, SECTIONS
from ..page_template import StaticPage, cut
from ..story import Story
from .renderer import SESSION, VISITS, Renderer, labelled, quoted, short


class AspNet(Renderer):
    about = "ASP.NET, UTF-8 declared as gb2312, News_View.aspx?id=900&ClassId=1 with session ids, span soup, goPage()"
    encoding = "utf-8"
    per_page = 18
    folds_case = True

    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        return f"/News_View.aspx?id={story.number}&ClassId={_class(section)}"

    def listing_at(self, section: str, page: int = 1) -> str:
        return f"/News_List.aspx?ClassId={_class(section)}" + (f"&page={page}" if page > 1 else "")

    def static_page_at(self, static_page: StaticPage) -> str:
        return f"/Page.aspx?name={static_page.slug}"

    def file_at(self, file: str) -> str:
        return f"/Upload/UserFiles/{file}"

    def aliases(self) -> dict[str, str]:
        first = {f"/News_List.aspx?ClassId={_class(name)}&page=1": self.listing_at(name) for name in SECTIONS}
        return first | {"/Default.aspx": "/", "/Index.aspx": "/"}

    def _link(self, address: str, spelling: int = 0) -> str:
        """An address as printed: with a session id, sometimes in another case, sometimes with raw `&`."""
        if spelling % 3 == 1:
            address = address.replace("News_View", "news_view").replace("ClassId", "classid")
        joined = f"{address}{'&' if '?' in address else '?'}sid={SESSION}"
        return joined if spelling % 2 else escape(joined)

    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        return (CHANNEL, section, story.heading)

    def byline(self, story: Story) -> str:
        pairs = [("文章来源：", story.source)]
        if story.author:
            pairs.append(("作者：", story.author))
        pairs.append(("日期：", _stamp(story)))
        return f"{labelled(pairs, story.bare, ' ')} 点击：{_clicks(story)}"

    def write_article(self, story: Story, section: str, part: int) -> str:
        style = (Word, Upper, Divs)[story.number % 3](self.file_at)
        cells = (
            [f'文章来源：<span id="ctl00_main_lblFrom">{esc(story.source or "")}</span>']
            if story.source or not story.bare
            else []
        )
        if story.author:
            cells.append(f'<span>作者：</span><span id="ctl00_main_lblAuthor">{esc(story.author)}</span>')
        if story.day or not story.bare:
            cells.append(f"<span>日期：</span><span><span>{_stamp(story)}</span></span>")
        cells.append(f'<span>点击：</span><font color="red">{_clicks(story)}</font>')
        newer, older = self.section_lists.beside(story, section)
        editor = (
            f'<div style="text-align:right"><span>责任编辑：{esc(story.editor)}</span></div>' if story.editor else ""
        )
        title = "<br/>".join(f"<span>{esc(line)}</span>" for line in story.title)
        below = (
            f'<tr><td align="center"><span style="font-size:14px">{esc(story.subtitle)}</span></td></tr>'
            if story.subtitle
            else ""
        )
        return self._page(f"""<table width="100%"><tr><td><span class="s1"><span>您当前的位置：</span><a href="{self._link('/Default.aspx')}"><span>首页</span></a><span> &gt; </span><span>{CHANNEL}</span><span> &gt; </span><a href="{self._link(self.listing_at(section))}"><span>{section}</span></a><span> &gt; </span><span>{esc(story.heading)}</span></span></td></tr>
<tr><td align="center"><span class="s7"><strong>{title}</strong></span></td></tr>{below}
<tr><td><table width="100%"><tr>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr></table></td></tr>
<tr><td class="s4"><span id="ctl00_main_lblContent">
{style.write(story.blocks)}
</span></td></tr>
<tr><td>{editor}</td></tr>
<tr><td><span>上一篇：{self._beside(newer, section)}</span><br/><span>下一篇：{self._beside(older, section)}</span></td></tr>
<tr><td align="right"><input type="button" value="打印" onclick="window.print()"/> <input type="button" value="关闭" onclick="window.close()"/></td></tr></table>""")  # fmt: skip

    def _beside(self, story: Story | None, section: str) -> str:
        return (
            f'<a href="{self._link(self.article_at(story, section), story.number)}">{esc(cut(story.heading, 24, "..."))}</a>'
            if story
            else "没有文章"
        )

    def write_listing(self, section: str, page: int) -> str:
        rows = "\n".join(
            f'<tr><td>{short(story.day) or story.online.isoformat()}</td><td><span>{"<span>【置顶】</span>" if story.pinned else ""}<a id="ctl00_main_rpt_ctl{n:02}_lnk" href="{self._link(self.article_at(story, section), story.number)}"><span>{esc(cut(story.heading, 30, "…"))}</span></a></span></td></tr>'
            for n, story in enumerate(self.section_lists.listed(section, self.per_page, page))
        )
        pages, total = self.section_lists.pages(section, self.per_page), len(self.section_lists.of(section))

        def turn(text: str, to: int) -> str:
            return (
                f'<a href="javascript:goPage({to})">{text}</a>'
                if 1 <= to <= pages and to != page
                else f"<a disabled>{text}</a>"
            )

        return self._page(f"""<table width="100%"><tr><td><span class="s1"><span>您当前的位置：</span><a href="{self._link("/Default.aspx")}">首页</a><span> &gt; </span><span>{CHANNEL}</span><span> &gt; </span><span>{section}</span></span></td></tr>
<tr><td><table width="100%">
{rows}
</table></td></tr>
<tr><td align="right"><script type="text/javascript">function goPage(n){{location.href="News_List.aspx?ClassId={_class(section)}&page="+n;}}</script>
<span>共<b>{total}</b>条记录 第<b>{page}</b>/<b>{pages}</b>页 {turn("首 页", 1)} {turn("上一页", page - 1)} {turn("下一页", page + 1)} {turn("尾 页", pages)}</span></td></tr></table>""")

    def write_home(self) -> str:
        boxes = "".join(
            f'<table><tr><td><span>{section}</span></td><td><a href="{self._link(self.listing_at(section))}">MORE</a></td></tr>'
            + "".join(
                f'<tr><td colspan="2"><a href="{self._link(self.article_at(story, section), story.number)}" title="{quoted(story.heading)}">{esc(cut(story.heading, 16, "…"))}</a></td></tr>'
                for story in self.section_lists.of(section)[:6]
            )
            + "</table>\n"
            for section in SECTIONS
        )
        return self._page(f"{boxes}<span>访问人数：<span>{VISITS}</span></span>")

    def write_static_page(self, static_page: StaticPage) -> str:
        if static_page is f.SITEMAP:
            inner = "".join(f'<div><a href="{self._link(self.listing_at(name))}">{name}</a></div>' for name in SECTIONS)
        elif static_page is f.LOGIN:
            inner = '<span>用户名</span><input name="ctl00$u"/><span>密码</span><input type="password" name="ctl00$p"/><input type="submit" value="登录"/>'
        else:
            inner = "".join(f"<div><span>　　{esc(line)}</span></div>" for line in static_page.lines)
        return self._page(f'<div align="center"><span>{esc(static_page.title)}</span></div>{inner}')

    def not_found(self) -> tuple[int, str]:
        return 200, self._page(
            '<table><tr><td><span>参数错误，该信息不存在！</span><a href="Default.aspx">返回首页</a></td></tr></table>'
        )

    def _page(self, inner: str) -> str:
        state = base64.b64encode(inner[:160].encode()).decode()
        menu = "".join(
            f'<td><a href="{self._link(self.listing_at(name))}"><span>{name}</span></a></td>' for name in SECTIONS
        )
        astray = "".join(f'<span><a href="{escape(address)}">{text}</a></span> ' for text, address in self.extras)
        latest = "".join(
            f'<tr><td><a href="{self._link(self.article_at(story, story.sections[0]), story.number + 1)}" title="{quoted(story.heading)}">{esc(cut(story.heading, 12, "…"))}</a></td><td>{story.online.month}/{story.online.day}</td></tr>'
            for story in self.section_lists.newest[:7]
        )
        call, words = f.STATIC_PAGES[3], f.STATIC_PAGES[4]
        static_pages = "<span> | </span>".join(
            f'<a href="{self._link(self.static_page_at(static_page))}">{static_page.title}</a>'
            for static_page in (f.STATIC_PAGES[0], f.SITEMAP, f.STATIC_PAGES[1], f.STATIC_PAGES[2])
        )
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" >
<head id="ctl00_Head1"><meta http-equiv="Content-Type" content="text/html; charset=gb2312" /><title>
	{f.NAME}
</title></head>
<body>
<form name="aspnetForm" method="post" action="Default.aspx" id="aspnetForm">
<div><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{state}" /></div>
<div><span><span>{f.WELCOME}</span></span><marquee><a href="{self._link(self.static_page_at(call))}">{call.title}</a>&nbsp;&nbsp;&nbsp;&nbsp;<a href="{self._link(self.static_page_at(words))}">{words.title}</a></marquee></div>
<div><a href="#">设为首页</a>&nbsp;&nbsp;<a href="#">加入收藏</a>&nbsp;&nbsp;<a href="mailto:gdfupinxc@126.com">秘书长信箱</a> <span>今天是:<span id="clock"></span></span> <a href="{self._link(self.static_page_at(f.LOGIN))}">会员登录</a> <a href="/Member/LogOut.aspx">退出</a></div>
<table><tr>{menu}</tr></table>{astray}
<table width="980"><tr><td width="230" valign="top"><table><tr><td colspan="2"><span>最新动态</span></td></tr>{latest}</table></td><td valign="top">
{inner}
</td></tr></table>
<div style="text-align:center"><span>{f.FOOT_WELCOME}</span><br/>
<span>设为首页</span><span> | </span><span>加入收藏</span><span> | </span>{static_pages}<span> |</span><br/>
<span>流量统计:</span><br/>
<span>{f.COPYRIGHT.replace("  ", "&nbsp; ")}</span>&nbsp;&nbsp;&nbsp;<span>{f.ICP}</span><br/>
<span>{f.PATRONS}</span><br/>
<span>{f.HOSTS}</span>&nbsp;&nbsp;<span>{f.SUPPORT}</span><br/>
<span>{f.ADDRESS}</span>&nbsp;&nbsp;<span>{f.POSTCODE}</span><br/>
{"&nbsp;&nbsp;".join(f"<span>{phone}</span>" for phone in f.PHONES)}</div>
</form>
</body>
</html>
"""


def _class(section: str) -> int:
    return SECTIONS.index(section) + 21


def _stamp(story: Story) -> str:
    """The date field as printed in the locale of the server."""
    if not story.day:
        return ""
    hour, minute, second = story.clock
    return f"{short(story.day, '/')} {hour}:{minute:02}:{second:02}"


def _clicks(story: Story) -> int:
    return 137 + story.number * 7 % 900
