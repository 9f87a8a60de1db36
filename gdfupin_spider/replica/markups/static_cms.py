"""A CMS of 2014 with static UTF-8 files and BOM: divs and lists, relative links, pages counted by a script."""

from collections.abc import Iterator
from posixpath import relpath

from .. import page_template as f
from ..body_styles import Divs, Plain, Word, esc
from ..content import CHANNEL, SECTIONS
from ..page_template import StaticPage, cut
from ..story import Story
from .renderer import HOST, VISITS, Renderer, ServedPage, labelled, padded, quoted

_SLUGS = ("fpyw", "bmdt", "xhxw", "ddlx", "dslb", "dkbf", "hykx", "gclx", "swyw", "gjjl")


class StaticCms(Renderer):
    about = "static CMS, UTF-8 with BOM, div/ul/li, /html/2021/0113/900.html, createPageHTML, 发布时间："
    encoding = "utf-8"
    content_type = "text/html; charset=utf-8"
    per_page = 12
    splits = True

    def encode(self, text: str) -> bytes:
        return b"\xef\xbb\xbf" + text.encode("utf-8")

    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        twin = f"{_slug(section)}/" if section != story.sections[0] else ""
        return f"/html/{twin}{story.online:%Y/%m%d}/{story.number}" + (f"_{part}" if part > 1 else "") + ".html"

    def listing_at(self, section: str, page: int = 1) -> str:
        return f"/html/{_slug(section)}/index" + (f"_{page - 1}" if page > 1 else "") + ".html"

    def static_page_at(self, static_page: StaticPage) -> str:
        return f"/html/{static_page.slug}.html"

    def file_at(self, file: str) -> str:
        return f"/upload/{'image' if file.endswith('jpg') else 'file'}/{file}"

    def aliases(self) -> dict[str, str]:
        return {"/index.html": "/"} | {f"/html/{_slug(name)}/": self.listing_at(name) for name in SECTIONS}

    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        return (CHANNEL, section, "正文")

    def byline(self, story: Story) -> str:
        time = f"{padded(story.day)} {story.clock[0]:02}:{story.clock[1]:02}" if story.day else None
        pairs = [("发布时间：", time), ("来源：", story.source)]
        if story.author:
            pairs.append(("作者：", story.author))
        return f"{labelled(pairs, story.bare, ' ')} 浏览次数：次 【字体：大 中 小】"

    def write_article(self, story: Story, section: str, part: int) -> str:
        here = self.article_at(story, section, part)
        style = (Divs, Plain, Plain, Word)[story.number % 4](lambda file: _relative(here, self.file_at(file)))
        time = f"{padded(story.day)} {story.clock[0]:02}:{story.clock[1]:02}" if story.day else ""
        spans = [f"<span>发布时间：{time}</span>"] if time or not story.bare else []
        if story.source or not story.bare:
            spans.append(f'<span>来源：<a href="javascript:;">{esc(story.source or "")}</a></span>')
        if story.author:
            spans.append(f"<span>作者：{esc(story.author)}</span>")
        newer, older = self.section_lists.beside(story, section)
        count = self.parts(story)
        editor = f'<p class="bj">责任编辑：{esc(story.editor)}</p>' if story.editor and part == count else ""
        related = "".join(
            f'<li><a href="{_relative(here, self.article_at(other, section))}" title="{quoted(other.heading)}">{esc(cut(other.heading, 20, "…"))}</a> <i>{other.online:%m-%d}</i></li>'
            for other in self.section_lists.of(section)[:5] if other is not story
        )  # fmt: skip
        return self._page(here, f"""<div class="w2"><div class="pos">您现在的位置：<a href="http://{HOST}/">网站首页</a> &gt; <a href="{_relative(here, '/html/index.html')}">{CHANNEL}</a> &gt; <a href="{_relative(here, self.listing_at(section))}">{section}</a> &gt; 正文</div>
<div class="c1">
<div class="t8">{"<br />".join(map(esc, story.title))}</div>{f'<div class="t9">{esc(story.subtitle)}</div>' if story.subtitle else ""}
<div class="m3">{" ".join(spans)} 浏览次数：<script src="/count.js?id={story.number}"></script>次 【字体：<a href="javascript:z(16)">大</a> <a href="javascript:z(14)">中</a> <a href="javascript:z(12)">小</a>】</div>
<div id="zoom">
{style.write(story.parts()[part - 1])}
</div>
{editor}{self._numbers(story, section, part)}
<div class="fx">分享到：<a href="#">新浪微博</a> <a href="#">腾讯微博</a> <a href="javascript:print()">打印</a></div>
<ul class="pn"><li>上一篇：{self._beside(here, newer, section)}</li><li>下一篇：{self._beside(here, older, section)}</li></ul>
<dl><dt>相关新闻</dt><dd><ul>{related}</ul></dd></dl>
</div></div>""")  # fmt: skip

    def _numbers(self, story: Story, section: str, part: int) -> str:
        count, here = self.parts(story), self.article_at(story, section, part)
        if count == 1:
            return ""

        def link(text: str, to: int) -> str:
            return (
                f'<a href="{_relative(here, self.article_at(story, section, to))}">{text}</a>'
                if 1 <= to <= count and to != part
                else f"<span>{text}</span>"
            )

        return f'<div class="fy">{link("上一页", part - 1)} {" ".join(link(str(n), n) for n in range(1, count + 1))} {link("下一页", part + 1)}</div>'

    def _beside(self, here: str, story: Story | None, section: str) -> str:
        if story is None:
            return "没有了"
        return f'<a href="{_relative(here, self.article_at(story, section))}">{esc(story.heading)}</a>'

    def write_listing(self, section: str, page: int) -> str:
        here = self.listing_at(section, page)
        rows = "\n".join(
            f'<li{" class=top" if story.pinned else ""}><span>{padded(story.day) or story.online.isoformat()}</span><a href="{_relative(here, self.article_at(story, section))}" title="{quoted(story.heading)}">{esc(cut(story.heading, 28, "..."))}</a></li>'
            for story in self.section_lists.listed(section, self.per_page, page)
        )
        return self._page(here, f"""<div class="w2"><div class="pos">您现在的位置：<a href="http://{HOST}/">网站首页</a> &gt; <a href="../index.html">{CHANNEL}</a> &gt; {section}</div>
<ul class="l1">
{rows}
</ul>
<div class="fy"><script type="text/javascript">createPageHTML({self.section_lists.pages(section, self.per_page)}, {page - 1}, "index", "html");</script></div></div>""")  # fmt: skip

    def more(self) -> Iterator[tuple[str, ServedPage]]:
        yield "/html/index.html", ServedPage(self._channel, self.day)

    def _channel(self) -> str:
        return self._page(
            "/html/index.html",
            f'<div class="pos">您现在的位置：<a href="/">网站首页</a> &gt; {CHANNEL}</div>{self._boxes("/html/index.html", 4)}',
        )

    def write_home(self) -> str:
        return self._page("/", f"{self._boxes('/', 7)}<div>访问量：{VISITS}</div>")

    def _boxes(self, here: str, count: int) -> str:
        boxes = []
        for section in SECTIONS:
            rows = "".join(
                f'<li><a href="{_relative(here, self.article_at(story, section))}" title="{quoted(story.heading)}">{esc(cut(story.heading, 20, "…"))}</a><em>{story.online:%m-%d}</em></li>\n'
                for story in self.section_lists.of(section)[:count]
            )
            boxes.append(
                f'<div class="box"><h3><a href="{_relative(here, self.listing_at(section))}">{section}</a><a href="{_relative(here, self.listing_at(section))}" class="gd">更多&gt;&gt;</a></h3><ul>\n{rows}</ul></div>'
            )
        return "\n".join(boxes)

    def write_static_page(self, static_page: StaticPage) -> str:
        here = self.static_page_at(static_page)
        if static_page is f.SITEMAP:
            inner = (
                "<ul>"
                + "".join(
                    f'<li><a href="{_relative(here, self.listing_at(name))}">{name}</a></li>' for name in SECTIONS
                )
                + "</ul>"
            )
        elif static_page is f.LOGIN:
            inner = '<form action="/member/login" method="post">帐号 <input name="u" /> 密码 <input type="password" name="p" /> <input type="submit" value="登录" /></form>'
        else:
            inner = "".join(f"<p>　　{esc(line)}</p>" for line in static_page.lines)
        return self._page(
            here,
            f'<div class="w2"><div class="pos">您现在的位置：<a href="/">网站首页</a> &gt; {esc(static_page.title)}</div><h2>{esc(static_page.title)}</h2>{inner}</div>',
        )

    def not_found(self) -> tuple[int, str]:
        return (
            404,
            '<!DOCTYPE html><html><head><meta charset="utf-8" /><title>404</title></head><body><h2>404 - 找不到文件或目录。</h2></body></html>',
        )

    def _page(self, here: str, inner: str) -> str:
        menu = "".join(f'<li><a href="{_relative(here, self.listing_at(name))}">{name}</a></li>' for name in SECTIONS)
        astray = "".join(f'<a href="{address}">{text}</a> ' for text, address in self.extras)
        call, words = f.STATIC_PAGES[3], f.STATIC_PAGES[4]
        static_pages = " | ".join(
            f'<a href="{_relative(here, self.static_page_at(static_page))}">{static_page.title}</a>'
            for static_page in (f.STATIC_PAGES[0], f.SITEMAP, f.STATIC_PAGES[1], f.STATIC_PAGES[2])
        )
        return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>{f.NAME}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="keywords" content="扶贫,广东,加入时间:2009-1-1" />
<link href="/css/main.css" rel="stylesheet" type="text/css" />
<script type="text/javascript" src="/js/page.js"></script>
</head>
<body>
\ufeff<div class="hd"><div class="logo">{f.NAME}</div>
<div class="gg">{f.WELCOME}<marquee><a href="{_relative(here, self.static_page_at(call))}">{call.title}</a>　　<a href="{_relative(here, self.static_page_at(words))}">{words.title}</a></marquee></div>
<div class="tb"><a href="#">设为首页</a> <a href="#">加入收藏</a> <a href="mailto:gdfupinxc@126.com">秘书长信箱</a> 今天是:<script>showDate();</script> <a href="{_relative(here, self.static_page_at(f.LOGIN))}">会员登录</a></div>
<ul class="nav"><li><a href="http://{HOST}/">首页</a></li>{menu}</ul>
<form action="/search" method="get"><input name="q" value="请输入关键字" /><input type="submit" value="搜索" /></form>{astray}</div>
<div class="mn">
{inner}
</div>
<div class="ft"><p>{f.FOOT_WELCOME}</p>
<p>设为首页 | 加入收藏 | {static_pages} |</p>
<p>流量统计:<script src="/tj.js"></script></p>
<p>{f.COPYRIGHT.replace("©", "&copy;")}　　{f.ICP}</p>
<p>{f.PATRONS}</p>
<p>{f.HOSTS}　　{f.SUPPORT}</p>
<p>{f.ADDRESS}　　{f.POSTCODE}</p>
<p>{"　".join(f.PHONES)}</p></div>
</body>
</html>
"""


def _slug(section: str) -> str:
    return _SLUGS[SECTIONS.index(section)]


def _relative(here: str, target: str) -> str:
    """A relative address, as such systems write it.

    >>> _relative("/html/2021/0113/900.html", "/html/fpyw/index.html")
    '../../fpyw/index.html'
    """
    return relpath(target, here.rpartition("/")[0] or "/")
