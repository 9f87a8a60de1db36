"""Whole made-up sites: each draws its frame, titles, bylines, bodies, listings and addresses from a table of parts.

Nothing here knows a rule of the reader. The parts are those of old Chinese sites: tables in tables, classes or none, a
byline above or below the text, or none at all.
"""

import datetime
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

SECTIONS = ("工作动态", "通知公告", "政策法规", "地方信息", "媒体报道")
PLACES = [
    "清远",
    "韶关",
    "梅州",
    "河源",
    "汕尾",
    "阳江",
    "湛江",
    "茂名",
    "肇庆",
    "云浮",
    "连州",
    "乐昌",
    "南雄",
    "英德",
    "兴宁",
    "陆丰",
    "雷州",
    "化州",
    "信宜",
    "罗定",
]
VERBS = [
    "召开",
    "举行",
    "开展",
    "启动",
    "推进",
    "组织",
    "部署",
    "印发",
    "调研",
    "慰问",
    "签约",
    "验收",
    "表彰",
    "总结",
    "参观",
]
MATTERS = [
    "扶贫开发工作会议",
    "危房改造",
    "产业帮扶项目",
    "春节慰问活动",
    "贫困村道路建设",
    "对口帮扶座谈会",
    "技能培训班",
    "助学金发放仪式",
    "水利设施改造",
    "农村电网升级",
    "合作医疗宣传",
    "就业招聘会",
    "整村推进验收",
    "移民搬迁工作",
    "捐赠仪式",
]
SOURCES = ("南方日报", "清远日报", "本站原创", "省农业厅", "新华网", "市扶贫办", "办公室", "羊城晚报", "综合科")
LETTERS = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
)
HEADS = ("一、指导思想", "（一）基本原则", "第一章 总则")


@dataclass(frozen=True)
class Story:
    """One article of a made-up site."""

    number: int
    title: str
    day: datetime.date
    section: int
    source: str
    author: str
    paragraphs: tuple[str, ...]
    picture: str | None
    file: tuple[str, str] | None
    """Address and name of an attachment."""

    def date(self, form: str) -> str:
        """Its date in one of the forms of `DATES`."""
        return DATES[form].format(
            self.day.year, self.day.month, self.day.day, 10 + self.number % 9, 10 + self.number % 49
        )


DATES = {
    "iso": "{0}-{1:02}-{2:02}",
    "short": "{0}-{1}-{2}",
    "slashes": "{0}/{1}/{2}",
    "Chinese": "{0}年{1}月{2}日",
    "points": "{0}.{1:02}.{2:02}",
    "no year": "[{1:02}-{2:02}]",
    "time": "{0}-{1:02}-{2:02} {3}:{4}:{4}",
}
BODIES: Mapping[str, Callable[[Sequence[str]], str]] = {
    "p": lambda lines: "".join(f"<p>　　{line}</p>\n" for line in lines),
    "br": lambda lines: "<br>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in lines),
    "two br": lambda lines: "<br><br>".join(f"　　{line}" for line in lines),
    "Word": lambda lines: "".join(
        f'<p class="MsoNormal" style="text-indent:2em"><span style="font-size:14pt">{line}<o:p></o:p></span></p>'
        for line in lines
    ),
    "div": lambda lines: "".join(f"<div>{line}</div>" for line in lines),
    "open p": lambda lines: "<font size=3>" + "".join(f"<P>&nbsp;&nbsp; {line}" for line in lines) + "</font>",
}
TITLES = (
    "<h1>{}</h1>",
    "<h2>{}</h2>",
    "<div class=title>{}</div>",
    "<table><tr><td align=center><b>{}</b></td></tr></table>",
    "<p align=center><font size=5 face=黑体>{}</font></p>",
    "<div id=bt><span>{}</span></div>",
    "<center><strong>{}</strong></center>",
    "<h3 class=tit><font color=red>{}</font></h3>",
    "<dl><dt>{}</dt></dl>",
    "<fieldset><legend>阅读文章</legend><p class=a>{}</p></fieldset>",
)
WRAPS = (
    "<div class=content>{}</div>",
    "<table width=98%><tr><td>{}</td></tr></table>",
    "<div id=zoom><div>{}</div></div>",
    "{}",
    "<blockquote>{}</blockquote>",
    "<td class=nr>{}</td>",
    "<div class=a><div class=b><div class=c>{}</div></div></div>",
)
ORDERS = ("title byline body", "title byline body", "byline title body", "title body byline")


@dataclass(frozen=True)
class InfoLine:
    """A form of the byline."""

    html: Callable[[Story], str]
    date: bool = True
    """Whether it prints the date."""
    source: bool | None = False
    """Whether it prints the source; None: without a label, so that it need not be found."""


INFO_LINES = (
    InfoLine(
        lambda s: f"<div class=info>发布时间：{s.date('iso')} 来源：{s.source} 点击：{s.number}</div>", source=True
    ),
    InfoLine(lambda s: f"<p align=center>加入时间:{s.date('short')}&nbsp;&nbsp;来源:{s.source}</p>", source=True),
    InfoLine(lambda s: f"<div>{s.date('time')}</div>"),
    InfoLine(lambda s: f"<div class=sub>{s.date('Chinese')}　{s.source}</div>", source=None),
    InfoLine(lambda s: "", date=False),
    InfoLine(lambda s: f"<p align=center>（{s.date('Chinese')}）</p>"),
    InfoLine(
        lambda s: (
            f"<div class=x>[ 作者：{s.author}　来源：{s.source}　点击数：{s.number}　更新时间：{s.date('short')} ]</div>"
        ),
        source=True,
    ),
    InfoLine(lambda s: f"<div>日期：{s.date('points')}  浏览次数：{s.number} 次</div>"),
    InfoLine(
        lambda s: (
            f"<table width=100%><tr><td>文章来源：{s.source}</td><td>发布日期：{s.date('slashes')}</td><td>阅读：{s.number}次</td></tr></table>"
        ),
        source=True,
    ),
    InfoLine(
        lambda s: (
            f"<div><span>{s.date('iso')}</span><span>来源：{s.source}</span><span>字号：<a href='#'>大</a><a href='#'>小</a></span></div>"
        ),
        source=True,
    ),
    InfoLine(lambda s: f"<div class=t>Posted on {s.date('iso')} by {s.author}</div>"),
    InfoLine(
        lambda s: (
            f"<div class=hint>双击自动滚屏</div><div class=t>发布者：admin　发布时间：{s.date('time')}　阅读：{s.number}次</div>"
        )
    ),
)


class MixedSite:
    """One site, drawn from a seed. Every page has one address and one payload."""

    def __init__(self, seed: int, count: int) -> None:
        draw = random.Random(f"site {seed}")
        self.frame, self.title, self.info = draw.choice(FRAMES), draw.choice(TITLES), draw.choice(INFO_LINES)
        self.wrap, self.ends = draw.choice(WRAPS), draw.sample(ENDS, draw.randint(0, 3))
        self.row, self.address, self.crumb = draw.choice(ROWS), draw.choice(ADDRESSES), draw.choice(CRUMBS)
        self.body, self.cut = BODIES[draw.choice(sorted(BODIES))], draw.choice((None, None, 10, 16))
        self.encoding, self.order = draw.choice(("gb18030", "utf-8")), draw.choice(ORDERS)
        self.foot = draw.choice(FEET)
        self.stories = stories(draw, count)
        self.newest = sorted(self.stories, key=lambda story: (story.day, story.number), reverse=True)

    def of(self, section: int) -> list[Story]:
        return [story for story in self.newest if story.section == section]

    def listing_address(self, section: int, page: int = 1) -> str:
        return f"/list.asp?c={section + 1}" + (f"&page={page}" if page > 1 else "")

    def cut_title(self, story: Story) -> str:
        return story.title if not self.cut or len(story.title) <= self.cut else story.title[: self.cut] + "…"

    def menu(self, before: str, after: str) -> str:
        return "".join(
            f'{before}<a href="{self.listing_address(n)}">{name}</a>{after}' for n, name in enumerate(SECTIONS)
        )

    def link(self, story: Story) -> str:
        return f'<a href="{self.address(story)}">{story.title}</a>'

    def others(self, story: Story | None, count: int = 6) -> list[Story]:
        return random.Random(story.number if story else 0).sample(self.stories, count)

    def article(self, story: Story) -> str:
        text = self.body(story.paragraphs)
        if story.picture:
            text = f'<p align=center><img src="{story.picture}" width=400></p>{text}'
        if story.file:
            text += f'<p><a href="{story.file[0]}">{story.file[1]}</a></p>'
        parts = {
            "title": self.title.format(story.title),
            "byline": self.info.html(story),
            "body": self.wrap.format(text),
        }
        core = "".join(parts[part] for part in self.order.split())
        return self.frame(
            self, story.title, self.crumb(self, story) + core + "".join(end(self, story) for end in self.ends), story
        )

    def listing(self, section: int, page: int, per_page: int = 20) -> str:
        listed = self.of(section)
        pages = -(-len(listed) // per_page)
        before = f'<a href="{self.listing_address(section, page - 1)}">上一页</a>' if page > 1 else "上一页"
        after = f'<a href="{self.listing_address(section, page + 1)}">下一页</a>' if page < pages else "下一页"
        rows = "".join(self.row(self, story) for story in listed[(page - 1) * per_page : page * per_page])
        rows = f"<table>{rows}</table>" if rows.startswith("<tr") else f"<div>{rows}</div>"
        pager = f"<div>共{len(listed)}条 第{page}/{pages}页 {before} {after}</div>"
        return self.frame(self, SECTIONS[section], f"<div>{SECTIONS[section]}</div>{rows}{pager}", None)

    def pages(self) -> dict[str, bytes]:
        """All pages by their address."""
        made = {}
        for section in range(len(SECTIONS)):
            for page in range(1, max(1, -(-len(self.of(section)) // 20)) + 1):
                made[self.listing_address(section, page)] = self.listing(section, page)
        made |= {self.address(story): self.article(story) for story in self.stories}
        made["/about.asp"] = self.frame(self, "关于我们", f"<h2>关于我们</h2><p>{LETTERS[:90]}。</p>", None)
        return {address: html.encode(self.encoding) for address, html in made.items()}


def stories(draw: random.Random, count: int) -> list[Story]:
    """Articles with different titles."""
    made: dict[str, Story] = {}
    while len(made) < count:
        title = draw.choice(PLACES) + draw.choice(VERBS) + draw.choice(MATTERS)
        if draw.random() < 0.2:
            title = f"关于{draw.choice(PLACES)}{draw.choice(MATTERS)}的{draw.choice(('通知', '通报', '批复', '公示'))}"
        if draw.random() < 0.15:
            title += draw.choice(("（图）", "（一）", "（摘要）"))
        day = datetime.date(2006, 1, 5) + datetime.timedelta(days=draw.randint(0, 5000))
        paragraphs = [sentence(draw) for _ in range(draw.choice((1, 1, 2, 3, 4, 6, 9)))]
        if draw.random() < 0.15:
            paragraphs.insert(0, "各县（市、区）扶贫办，各有关单位：")
        if draw.random() < 0.15:
            paragraphs += [
                "特此通知。",
                f"{draw.choice(PLACES)}市扶贫开发办公室",
                f"{day.year}年{day.month}月{day.day}日",
            ]
        if draw.random() < 0.1:
            paragraphs.insert(len(paragraphs) // 2, draw.choice(HEADS))
        number = 1001 + len(made) * 8
        picture = f"/upload/{number}.jpg" if draw.random() < 0.12 else None
        file = (
            (f"/upload/{number}.doc", draw.choice(("附件1：申报表.doc", "附件：名单.doc")))
            if draw.random() < 0.1
            else None
        )
        section, source, author = (
            draw.randrange(len(SECTIONS)),
            draw.choice(SOURCES),
            draw.choice(("李明", "陈晓华", "王芳")),
        )
        made.setdefault(title, Story(number, title, day, section, source, author, tuple(paragraphs), picture, file))
    return list(made.values())


def sentence(draw: random.Random) -> str:
    text = "".join(draw.choices(LETTERS, k=draw.randint(20, 120)))
    return f"{text[:12]}，{text[12:]}。"


# --- parts ------------------------------------------------------------------------------------------------------------

Frame = Callable[[MixedSite, str, str, Story | None], str]
Part = Callable[[MixedSite, Story], str]
NAME = "某县扶贫协会"
FEET = (
    "版权所有：某县扶贫协会 电话：0763-3312345",
    "Copyright &copy; 2009 某县扶贫协会<br>粤ICP备05012345号<br>您是第12345位访问者",
    "主办：某县扶贫办　地址：某县新城路8号　邮编：511500",
)


def _two_columns(site: MixedSite, title: str, main: str, story: Story | None) -> str:
    news = "<br>".join(f'·<a href="{site.address(other)}">{other.title[:10]}</a>' for other in site.newest[:6])
    return (
        f"<html><head><title>{title}</title></head><body><table width=760 align=center><tr>{site.menu('<td>', '</td>')}</tr></table>"
        f"<table width=760 align=center><tr><td width=180 valign=top>{news}</td><td valign=top>{main}</td></tr></table>"
        f"<table width=760 align=center><tr><td align=center>{site.foot}</td></tr></table></body></html>"
    )


def _classes(site: MixedSite, title: str, main: str, story: Story | None) -> str:
    popular = "".join(f"<li>{site.link(other)}</li>" for other in site.others(story))
    return (
        f"<html><head><title>{title}-{NAME}</title></head><body><div class=top><ul>{site.menu('<li>', '</li>')}</ul></div>"
        f"<div class=main>{main}</div><div class=side><h4>热门</h4><ul>{popular}</ul></div><div class=foot>{site.foot}</div></body></html>"
    )


def _bare(site: MixedSite, title: str, main: str, story: Story | None) -> str:
    menu, name = site.menu("", " | "), NAME
    return f"<html><head><title>{name}</title></head><body>{main}<hr><p align=center>{menu}</p><p align=center>{site.foot}</p></body></html>"


def _ids(site: MixedSite, title: str, main: str, story: Story | None) -> str:
    news = "".join(
        f'<p><a href="{site.address(other)}">{other.title[:16]}</a> <em>{other.date("no year")}</em></p>'
        for other in site.newest[:8]
    )
    return (
        f"<html><head><title>{title}_{NAME}</title></head><body><div id=wrap><div id=hd><h1>{NAME}</h1></div><div id=nav>{site.menu('', '')}</div>"
        f"<div id=bd><div id=l>{main}</div><div id=r><div class=box><h3>最新</h3>{news}</div></div></div><div id=ft>{site.foot}</div></div></body></html>"
    )


def _tables(site: MixedSite, title: str, main: str, story: Story | None) -> str:
    popular = "".join(
        f'<tr><td><a href="{site.address(other)}">{other.title[:12]}</a></td></tr>' for other in site.others(story)
    )
    return (
        f"<html><body><center><table><tr><td><table><tr><td><img src=b.gif></td></tr></table><table><tr>{site.menu('<td>', '</td>')}</tr></table>"
        f"<table><tr><td>{main}</td><td><table>{popular}</table></td></tr></table><table><tr><td>{site.foot}</td></tr></table>"
        "</td></tr></table></center></body></html>"
    )


def _neighbours(form: str) -> Part:
    def made(site: MixedSite, story: Story) -> str:
        listed = site.of(story.section)
        at = listed.index(story)
        before = site.link(listed[at - 1]) if at else "没有了"
        after = site.link(listed[at + 1]) if at + 1 < len(listed) else "没有了"
        return form.format(before, after)

    return made


def _related(site: MixedSite, story: Story) -> str:
    rows = "".join(f"<li>{site.link(other)} {other.date('iso')}</li>" for other in site.others(story, 5))
    return f"<div class=rel><b>相关文章</b><ul>{rows}</ul></div>"


def _position(site: MixedSite, story: Story) -> str:
    section = f'<a href="{site.listing_address(story.section)}">{SECTIONS[story.section]}</a>'
    return f'<div class=pos>当前位置：<a href="/">首页</a> &gt; {section} &gt; 正文</div>'


FRAMES: tuple[Frame, ...] = (_two_columns, _classes, _bare, _ids, _tables)
ENDS: tuple[Part, ...] = (
    _neighbours("<div class=pn>上一篇：{}<br>下一篇：{}</div>"),
    _neighbours("<ul><li>上一条：{}</li><li>下一条：{}</li><li><a href='/list.asp?c=1'>返回列表</a></li></ul>"),
    _related,
    lambda site, story: '<p align=right>【<a href="#">打印本页</a>】【<a href="#">关闭窗口</a>】</p>',
    lambda site, story: f"<p align=right>责任编辑：{story.author}</p>",
    lambda site, story: '<div>分享到：<a href="#">QQ空间</a><a href="#">微博</a></div>',
    lambda site, story: (
        "<div><h4>发表评论</h4><form>昵称：<input name=n> <textarea name=c></textarea><input type=submit></form></div>"
    ),
)
ROWS: tuple[Part, ...] = (
    lambda site, s: (
        f'<tr><td>·<a href="{site.address(s)}" title="{s.title}">{site.cut_title(s)}</a></td><td>{s.date("iso")}</td></tr>'
    ),
    lambda site, s: f'<li><a href="{site.address(s)}">{site.cut_title(s)}</a><span>{s.date("no year")}</span></li>',
    lambda site, s: f'<li><span>{s.date("short")}</span><a href="{site.address(s)}">{site.cut_title(s)}</a></li>',
    lambda site, s: f'<p>■ <a href="{site.address(s)}">{site.cut_title(s)}</a>（{s.date("Chinese")}）</p>',
    lambda site, s: (
        f"<div class=item><h4>{site.link(s)}</h4><p>{s.paragraphs[0][:44]}...</p><i>{s.date('iso')}</i> "
        f'<a href="{site.address(s)}">详细</a></div>'
    ),
    lambda site, s: (
        f'<tr><td>{s.number}</td><td><a href="{site.address(s)}">{site.cut_title(s)}</a></td><td>{s.source}</td>'
        f"<td>{s.date('slashes')}</td></tr>"
    ),
    lambda site, s: (
        f'[{SECTIONS[s.section]}] <a href="{site.address(s)}">{site.cut_title(s)}</a> <font color=red>{s.date("no year")}</font><br>'
    ),
    lambda site, s: f"<dd>{site.link(s)}</dd>",
)
CRUMBS: tuple[Part, ...] = (
    lambda site, story: "",
    _position,
    lambda site, s: (
        f'<p><a href="/">首页</a>-><a href="{site.listing_address(s.section)}">{SECTIONS[s.section]}</a></p>'
    ),
    lambda site, s: f"<table><tr><td>您的位置：首页&gt;&gt;{SECTIONS[s.section]}</td></tr></table>",
    lambda site, s: f"<div><b>{SECTIONS[s.section]}</b></div>",
)
ADDRESSES: tuple[Callable[[Story], str], ...] = (
    lambda s: f"/shownews.asp?id={s.number}",
    lambda s: f"/news/{s.number}.html",
    lambda s: f"/{s.day.year}/{s.day.month:02}/{s.number}.shtml",
    lambda s: f"/view.php?cid={s.section}&aid={s.number}",
    lambda s: f"/html/{'abcde'[s.section]}/{s.day:%Y%m%d}{s.number}.htm",
    lambda s: f"/info/10{s.section}/{s.number}.htm",
    lambda s: f"/content.jsp?urltype=news.NewsContentUrl&wbtreeid=10{s.section}&wbnewsid={s.number}",
    lambda s: f"/n{s.section + 3}/c{s.number}/content.html",
    lambda s: f"/{s.number}",
    lambda s: f"/Item/{s.number}.aspx",
)
