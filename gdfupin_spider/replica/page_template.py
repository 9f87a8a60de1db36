"""The template text around every page, as on the one known page of the site; and the non-article pages."""

from dataclasses import dataclass

NAME = "广东扶贫网--广东省扶贫开发协会"
WELCOME = "广东省扶贫开发协会欢迎您!本站最新动态:"
FOOT_WELCOME = "欢迎访问广东扶贫网"
COPYRIGHT = "版权所有:广东省扶贫开发协会  Copyright © 2009 www.gdfupin.org.cn All Rights Reserved"
ICP = "ICP号:粤ICP备10213720号"
PATRONS = "主管:中共广东省委农村工作办公室、广东省农业农村厅、广东省扶贫开发办公室"
HOSTS = "主办:广东省扶贫开发协会、广东省南方扶贫开发研究院、广东省国粤扶贫开发服务中心"
SUPPORT = "内容支持:《广东扶贫》全媒体中心"
ADDRESS = "地址:广东省广州市先烈东路135号广东省农业农村厅大院2号办公大楼12楼"
POSTCODE = "邮编:510500"
PHONES = ("电话:020-37286668", "传真:020-37286688", "捐赠热线:020-37288888", "邮箱:gdfupinxc@126.com")


@dataclass(frozen=True)
class StaticPage:
    """A non-article page."""

    slug: str
    title: str
    lines: tuple[str, ...]


STATIC_PAGES = (
    StaticPage("about", "关于我们", (
        "广东省扶贫开发协会成立于1995年，是由热心扶贫事业的企事业单位、社会团体和个人自愿组成的公益性社会组织。",
        "协会的宗旨是动员社会力量参与扶贫，架设政府、企业与贫困地区之间的桥梁。",
    )),
    StaticPage("jobs", "招聘启事", (
        "因工作需要，现面向社会招聘网站编辑一名，要求大专以上学历，文字功底扎实，热心公益。",
        "有意者请将简历发送至协会邮箱，合则约见。",
    )),
    StaticPage("rights", "版权申明", (
        "本网站所载文字和图片，凡注明“本站原创”的，转载时请注明出处。",
        "转载其他媒体的稿件，版权归原作者所有，如有异议请与本站联系。",
    )),
    StaticPage("call", "《广东扶贫》杂志约稿函!", (
        "《广东扶贫》杂志常年征集来稿，通讯、言论、摄影作品均可，文责自负。",
        "来稿请注明真实姓名和联系方式，一经采用，即付稿酬。",
    )),
    StaticPage("words", "省委省政府和国务院扶贫办领导关于协会工作的批示", (
        "近年来，协会的工作得到了各级领导的关心和肯定，有关批示刊登于协会内部刊物。",
    )),
)  # fmt: skip
"""The marquee shows `call` and `words`."""

SITEMAP = StaticPage("map", "站点地图", ())
LOGIN = StaticPage("login", "会员登录", ())


def cut(title: str, length: int, dots: str = "") -> str:
    """A title as shown in listings: its first `length` characters, with `dots` if it is cut.

    >>> cut("关于召开会议的通知", 4, "…")
    '关于召开…'
    """
    return title if len(title) <= length else title[:length] + dots
