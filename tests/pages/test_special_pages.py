"""Pages that are none: refusals, notices of absence, strangers, servers that failed. And pages that only speak of such."""

import pytest

from gdfupin_spider import pages
from gdfupin_spider.items import Capture, Kind, Proof
from gdfupin_spider.profiles import load

_MENU = "首页 协会概况 扶贫要闻 部门动态 协会新闻 定点连线 地市联播 对口帮扶 会员快讯 政策法规 下载中心"
_LOGIN = """<td width=180><form action=login.asp method=post>会员登录<br>用户名:<input name=u><br>密码:
<input type=password name=p><br>验证码:<input name=c> <img src=code.asp><br><input type=submit value=登录></form></td>"""
_WRITE = """<form method=post action=save.asp>姓名:<input name=n>标题:<input name=t>内容:<textarea name=c></textarea>
验证码:<input name=v></form>"""


def dressed(middle: str, title: str = "广东扶贫网", side: str = "") -> str:
    """A page in the site's dress."""
    menu = " | ".join(f"<a href=list.asp?id={number}>{name}</a>" for number, name in enumerate(_MENU.split()))
    return (
        f"<html><head><title>{title}</title></head><body><table width=980><tr><td>{menu}</td></tr></table>"
        f"<table width=980><tr>{side}<td width=780>{middle}</td></tr></table>"
        "<table width=980><tr><td align=center>欢迎访问广东扶贫网<br>版权所有:广东省扶贫开发协会</td></tr></table>"
    )


def bare_date(text: str, title: str = "") -> str:
    """A page of one message and nothing else."""
    return f"<html><head><title>{title}</title></head><body>{text}</body></html>"


def listing(
    titles: str, side: str = "", crumb: str = "<div>当前位置:首页->>扶贫前沿->>扶贫要闻</div>", pager: str = ""
) -> str:
    rows = "".join(
        f"<tr><td>·<a href=view.asp?id={number}>{title}</a></td><td>2013-5-{number}</td></tr>"
        for number, title in enumerate(titles.split(), 1)
    )
    return dressed(f"{crumb}<table>{rows}</table>{pager}", side=side)


def article(title: str, subject: str, side: str = "", byline: str = "加入时间:2013-5-6 来源:南方日报 点击:33") -> str:
    return dressed(
        f"<div>当前位置:<a href=/>首页</a>->>扶贫前沿->>扶贫要闻</div><h2 align=center>{title}</h2><p>{byline}</p><div>"
        f"<p>　　“{subject}，是我们这两年遇到最多的问题。”驻村干部李明告诉记者，工作队走访了全村一百三十户人家。</p>"
        "<p>　　据了解，今年以来全县共组织培训二十六期，参加的群众超过三千人次，大家反映收获很大。</p></div>",
        title, side,
    )  # fmt: skip


_QUESTION = "请问贫困户怎样申请危房改造补助？需要什么材料？希望早日答复，谢谢。"
_NAMES = ("张三", "李四", "王五", "赵六")
_ROWS = "关于开展扶贫济困日活动的通知 连樟村修通了水泥路 必坑村的变化 全省扶贫工作会议召开 驻村干部的一天"
_ODD_ROWS = "网页打不开显示404错误怎么办 警惕手机验证码骗局 澳门博彩业考察团来访 拒绝访问陋习 页面不存在？ 域名出售须知"
_SUMMARY = """<li><a href=view.asp?id=%d>%s</a> 2013-05-0%d<p>%s</p></li>"""
_SUMMARIES = "".join(
    _SUMMARY % (number, title, number, result)
    for number, (title, result) in enumerate(
        (
            ("连樟村修通了水泥路", "村民在手机上输入验证码，就能查到帮扶资金的去向。"),
            ("必坑村的变化", "有人问：村里的旧新闻不存在了怎么办？档案室里都有。"),
            ("驻村干部的一天", "需要登录的系统太多，干部们希望合并。"),
        ),
        1,
    )
)

PAGES: tuple[tuple[Kind, str, str], ...] = (
    ("blocked", "a page for members in the dress of the site", dressed("对不起，您无权查看本文，本栏目仅对会员开放。<a href=login.asp>点此登录</a>")),
    ("blocked", "a page not for guests", dressed("<div>游客不能浏览此信息，您需要注册成为本站会员！</div>")),
    ("blocked", "a page for the house only", dressed("<p align=center>该信息仅限内网访问！</p>")),
    ("blocked", "pictures to choose from", bare_date("<h3>为了您的访问安全，请点击下图中所有的红绿灯后继续</h3><div id=cap></div>", "安全中心")),
    ("blocked", "a slider", bare_date("<p>请按住滑块，拖动到最右边</p><p>通过后即可继续访问</p>")),
    ("blocked", "letters to copy", bare_date("<form method=post>系统检测到您的网络环境存在异常，请填写图片中的文字以便继续浏览<img src=v.php><input name=v></form>")),
    ("blocked", "a black list", bare_date("<h1>您所在的地区暂时不能访问本站</h1><p>IP: 1.2.3.4 已列入黑名单</p>")),
    ("blocked", "a wall to log in beside the rows of a sidebar", listing(_ROWS, crumb="<p>您还没有登录，请先登录！</p>")),
    ("gone", "a number that was not given", dressed("<p align=center>缺少参数，请从正常途径进入！</p>")),
    ("gone", "an article that is looked through", dressed("<p align=center>该文章正在审核中，请稍后再看</p>")),
    ("gone", "an article that is no more valid", dressed("<p>该信息已过有效期，不再提供浏览</p>")),
    ("gone", "an article that was withdrawn", dressed("<p>该稿件已撤稿</p>")),
    ("gone", "no such article", dressed("<p>对不起，没有这篇文章！</p>")),
    ("gone", "a page of another name", dressed("<p>您所访问的页面可能已经更名、移动或者暂时不可用。</p>")),
    ("gone", "a page that cannot be shown", bare_date("<h1>404</h1><p>有点尴尬诶！该页无法显示。</p><form>搜索<input name=s></form>")),
    ("gone", "a page that was lost", bare_date("<p>抱歉，您访问的页面丢失了……</p><p><a href=/>返回首页</a></p>")),
    ("gone", "a page that ran away", bare_date("<h2>哎呀，页面走丢了！</h2><p>5 秒后返回首页</p>")),
    ("gone", "a page looked for in English", bare_date("<h1>Oops!</h1><p>We can't find the page you're looking for.</p>")),
    ("gone", "a title before a script", bare_date("<script src=//x.cn/search_children.js></script>", "404")),
    ("gone", "an absent article beside a box to log in", dressed("<p>出错啦！您要查看的新闻不存在,可能已经被管理员删除</p>", side=_LOGIN)),
    ("foreign", "a name to be sold", bare_date("<h1>gdfupin.org.cn</h1><p>本米正在出售中，有意请联系</p>", "域名待售")),
    ("foreign", "betting on sports", bare_date("<p>开云体育 米兰体育 半岛体育 英超竞猜 世界杯买球 电子游艺 捕鱼 首存送彩金</p>")),
    ("foreign", "films for adults", bare_date("<p>国产精品 无码 一区二区 免费观看 三级片 成人影院 av在线</p>")),
    ("foreign", "a provider's search", bare_date("<p>您访问的网址无法解析，为您推荐</p><p><a href=http://s.cn/?q=1>搜索</a></p>")),
    ("foreign", "a site that was not registered", bare_date("<h1>该网站暂时无法访问</h1><p>该网站未根据工信部相关法律规定进行备案</p>")),
    ("foreign", "a host that was not paid", bare_date("<h1>该虚拟主机已到期，请续费</h1>")),
    ("foreign", "a name that was not paid", bare_date("<p>域名 gdfupin.org.cn 已到期，请域名所有者尽快续费</p>")),
    ("foreign", "a site that ended", bare_date("<h2>网站关停公告</h2><p>因业务调整，本网站已停止服务，感谢您一直以来的支持。</p>")),
    ("unknown", "a database that does not answer", bare_date("数据库链接失败，请稍后再试")),
    ("unknown", "a program that failed", bare_date("<span><h1>“/”应用程序中的服务器错误。<hr></h1><h2><i>运行时错误</i></h2></span><b>说明:</b> 服务器上出现应用程序错误。", "运行时错误")),
    ("unknown", "a site under repair", bare_date("<p>网站正在升级改造，暂停访问，给您带来不便敬请谅解。</p>")),
    ("unknown", "a site closed for a while", bare_date("<p>抱歉，网站暂时关闭，数据整理中</p>")),
    ("unknown", "a board of messages with labels", dressed("<div>当前位置:首页->>在线留言</div>" + "".join(f"<table><tr><td><b>标题：危房改造补助{number}</b></td></tr><tr><td>作者：{name} 时间：2013-5-{number} 10:00:00</td></tr><tr><td>{_QUESTION}</td></tr></table>" for number, name in enumerate(_NAMES, 1)))),
    ("unknown", "a board of messages with labels of its own", dressed("<div>当前位置:首页->>留言板</div>" + "".join(f"<table><tr><td>留言人:{name}</td><td>留言时间:2013-5-{number} 10:00:00</td></tr><tr><td>内容</td><td>{_QUESTION}</td></tr></table>" for number, name in enumerate(_NAMES, 1)) + _WRITE)),
    ("listing", "a box to log in beside a list", listing(_ROWS, _LOGIN)),
    ("listing", "a box to log in beside a list without breadcrumb", listing(_ROWS, _LOGIN, "")),
    ("listing", "rows that speak of refusals", listing(_ODD_ROWS, _LOGIN)),
    ("listing", "a hint to log in beside a list with a pager", listing(_ROWS, "<td>您还没有登录，请先登录！</td>", pager="<p>页次:1/9页 <a href=list.asp?page=2>下一页</a></p>")),
    ("listing", "summaries that speak of refusals", dressed(f"<div>当前位置:首页->>扶贫要闻</div><ul>{_SUMMARIES}</ul>")),
    ("article", "an article about a missing page", article("网页打不开显示404怎么办", "页面不存在、404错误", _LOGIN)),
    ("article", "an article about codes", article("警惕“验证码”骗局", "对方索要验证码", _LOGIN)),
    ("article", "an article about gambling", article("农村赌博现象整治见成效", "百家乐、六合彩、老虎机等赌博活动")),
    ("article", "an article about a site that ends", article("广东扶贫网关闭公告", "本网站将于年底停止服务")),
    ("article", "an article about crowds", article("访问过于频繁成乡村医生难题", "入户访问过于频繁", _LOGIN)),
    ("article", "a notice about repairs", article("关于网站维护的通知", "网站维护期间暂停访问", _LOGIN)),
)  # fmt: skip


@pytest.mark.parametrize("profile", ["gdfupin", "general"])
@pytest.mark.parametrize(("kind", "markup"), [pytest.param(kind, markup, id=name) for kind, name, markup in PAGES])
def test_a_special_page_is_told_from_one_that_speaks_of_it(kind: Kind, markup: str, profile: str) -> None:
    capture = Capture(
        "http://www.gdfupin.org.cn/view.asp?id=9", "2026-01-01T00:00:00Z", 200, (), markup.encode(), Proof("w", 0, "")
    )
    page = pages.read(capture, load(profile))
    assert page.kind == kind, page.why


def test_a_page_without_date_that_tells_of_gambling_is_not_foreign() -> None:
    markup = article("老虎机进村害人不浅", "老虎机、六合彩、百家乐", byline="")
    capture = Capture(
        "http://www.gdfupin.org.cn/view.asp?id=9", "2026-01-01T00:00:00Z", 200, (), markup.encode(), Proof("w", 0, "")
    )
    assert pages.read(capture, load("general")).kind == "article"
