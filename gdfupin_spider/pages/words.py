"""The words of a profile as compiled expressions, one for each question."""

import functools
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ..profiles import Profile
from .dom.document import Line
from .rule import PatternRule, WordRule, cleared_by_rules
from .text import dates

# Labels on bylines without a field in the record. They are known by name, so that a value ends before them.
OTHER_LABELS = WordRule(
    "other-labels",
    "Labels of a byline without a field in the record are known by name, because they end the value before them.",
    """
    责任编辑 责编 编辑 网络编辑 审核 审核人 审稿 校对 核稿 签发 录入 录入人 录入员 发布者 发布人 发布单位
    发布部门 发布机构 发表者 上传者 上传 提交者 提供者 供图 摄影 摄影师 翻译 点击 点击数 点击量 点击率
    点击次数 浏览 浏览数 浏览量 浏览次数 浏览人数 阅读 阅读数 阅读量 阅读次数 阅读人数 访问 访问量 访问次数
    查看 查看次数 人气 人气指数 热度 评论 评论数 字数 次数 关注度 关注 字体 字号 字体大小 视力保护色
    保护视力色 背景色 打印 收藏 分享 分享到 关键字 关键词 标签 栏目 所属栏目 类别 类型 分类 所属分类 文号
    发文字号 索引号 主题分类 发文机关 有效性 有效期 状态 编号 地区 所属地区 部门 单位 属性 星级 推荐
    我要评论 下载 下载次数 扫一扫 手机 微信 原标题 副标题 发布会员 主办 承办 Hits View Views Clicks Editor
    """,
    pages="gdfupin/info-category-and-keywords gdfupin/info-editor-named-before-source",
)
_TOOL = WordRule(
    "buttons",
    "Texts of buttons and tools around an article: `打印`, `字体`, `关闭窗口`.",
    """
    【】 字体 字号 文字大小 大字 中字 小字 大 中 小 特大 超大 较大 较小 正常 默认 打印本页 打印此页 打印文章
    打印本文 打印页面 打印 关闭窗口 关闭本页 关闭此页 关闭页面 关闭 加入收藏 添加到收藏夹 添加收藏 我要打印
    推荐给朋友 转发到 收藏本页 收藏此页 收藏本文 收藏文章 收藏 分享到 分享 一键分享 更多 返回顶部 返回首页
    回顶部 回首页 回到首页 返回上层 刷新 返回上一页 返回上页 返回上一级 返回列表 返回目录 返回 回到顶部 顶部
    TOP Top top 复制链接 复制 推荐给好友 推荐 发送 发给好友 告诉好友 我要评论 发表评论 匿名评论 评论列表
    查看评论 查看全部评论 所有评论 我来说两句 我要打分 评分 挑错 收藏此文 推荐此文 推荐本文 发表看法
    告诉朋友 评论(0条) 评论(0) 打印预览 我要留言 放大字体 缩小字体 默认字体 转发 我要纠错 纠错 举报 投稿
    评论 点赞 赞 顶 踩 微信 微博 新浪微博 腾讯微博 QQ空间 QQ好友 QQ 人人网 豆瓣 百度贴吧 朋友圈 扫一扫
    手机看 手机版 缩小 放大 还原 繁体 简体 首页 上一页 下一页 末页 尾页 print close Print Close A+ A- A
    阅读全文 全文 保护视力色 订阅 RSS 收起 展开 用手机看 打开微信 本页 本文 此文 此页 至 到 到： 我的
    """,
    pages="gdfupin/info-date-of-two-digits-among-buttons gdfupin/end-font-size",
)
_AFTER = WordRule(
    "neighbours",
    "Beginnings of links to neighbouring articles and pages: `上一篇`, `下一条`.",
    """
    上一篇 下一篇 上一条 下一条 上一则 下一则 上篇 下篇 前一篇 后一篇 前一条 后一条 上一个 下一个 上一页
    下一页 上页 下页 上一章 下一章 上一新闻 下一新闻 前一页 后一页 上一篇新闻 下一篇新闻 上一篇文章
    下一篇文章 上一主题 下一主题
    """,
    pages="gdfupin/end-in-the-bodys-own-cell-neighbours gdfupin/end-neighbours-shangyitiao",
)
_RELATED = WordRule(
    "related",
    "Headings of lists of links, comments and disclaimers below an article: `相关文章`, `网友评论`.",
    """
    相关文章 相关新闻 相关链接 相关阅读 相关信息 相关内容 相关资讯 相关推荐 相关报道 相关专题 相关资料
    相关稿件 相关图片 相关评论 相关产品 相关信息导读 相关热词 延伸阅读 推荐阅读 推荐文章 推荐新闻 推荐资讯
    热门文章 热门推荐 热门新闻 热点新闻 热点推荐 热门资讯 热门排行 热门评论 热门话题 热点文章 最新文章
    最新新闻 最新资讯 最新评论 最新信息 最新动态 最新推荐 最新更新 猜你喜欢 您可能感兴趣 你可能感兴趣
    您可能喜欢 网友评论 发表评论 用户评论 我要评论 新闻排行 点击排行 排行榜 阅读排行 图片新闻 精彩图片
    精彩推荐 编辑推荐 更多新闻 更多相关 更多精彩 大家都在看 今日热点 文章评论 评论列表 评论区 网友留言
    友情链接 本类推荐 本栏推荐 本类热门 同类文章 同类新闻 频道推荐 站内搜索 本网声明 免责声明 特别声明
    版权声明 版权与免责声明 郑重声明 返回列表 扩展阅读 往期回顾 推荐内容
    """,
    pages="gdfupin/end-related-links-in-a-table general/decoy-rows-with-month-and-day-between-info-and-a-short-body",
)
_EDITOR = WordRule(
    "editors",
    "Labels of lines below an article: editors, counters, keywords.",
    """
    责任编辑 责编 编辑 网络编辑 本文编辑 本文责任编辑 值班编辑 执行编辑 审核 审核人 审稿 审稿人 校对 核稿
    签发 录入 录入人 录入员 录入者 发布人 发布者 初审 复审 终审 一审 二审 三审 上传者 排版 编审 监制 统筹
    编辑者 文章录入 信息录入 信息员 点击数 点击次数 浏览次数 阅读次数 点击 浏览 阅读 关键词 关键字 标签 Tags
    TAG Tag 本文网址 本文链接 本文地址 转载请注明 分享到 分享 扫一扫 发布时间 发布日期 更新时间 更新日期
    添加时间 加入时间 上传时间 发表时间 录入时间 发布于 附件下载次数
    """,
    pages="gdfupin/end-editor gdfupin/end-in-the-bodys-own-cell-editor",
)
_UPDATED = PatternRule(
    "updated-below",
    "An English CMS prints the day of the last change below the article: `Last Updated on Tuesday, 05 May 2009`.",
    rf"^(?:Last\s+)?(?:Updated|Modified)(?:\s+on)?\s*(?::|(?={dates.ENGLISH_START}|(?:19|20)\d\d))",
    pages="general/date-english-below-the-title",
)
_LETTER = re.compile(r"[^\W\d_]")
_SIGNS = "[]【】()（）|｜/·•:：,，;；<>《》«»-—–_+&↑↓^★☆◆■□●○→←"
"""Brackets and other signs around words at the ends of an article."""
# Every alternative begins with a literal character, none with a group or a flag. `search` then skips to the next
# possible start, which takes an eighth of the time.
_FOOTER = PatternRule(
    "footer-words",
    "Words of the footer: `版权所有`, `ICP备`, `技术支持`.",
    r"版权所有|C(?i:opyright)|c(?i:opyright)|©|&(?i:copy)|I(?i:CP[备证号])|i(?i:CP[备证号])|备案[号证]|公网安备|A(?i:ll\s*Rights?\s*Reserved)|a(?i:ll\s*Rights?\s*Reserved)|技术支持|网站标识码|建议使用.{0,12}(?:分辨率|浏览器)|最佳(?:浏览|分辨率)|未经.{0,12}(?:许可|授权|书面).{0,16}(?:转载|复制|镜像)|主办单位\s*[:：]|承办单位\s*[:：].*主办|您是第.{0,12}位|访问(?:量|人数)?\s*[:：]\s*\d|网站统计|流量统计|网站地图",
    pages="gdfupin/end-footer-block-in-the-cell-of-the-text general/a-site-that-names-nothing-but-a-date",
)
_DISCLAIMER = PatternRule(
    "disclaimer",
    "Disclaimers below an article: `声明：本网转载…`, `凡本网注明来源的作品，版权均属…`.",
    r"^[\[【(（*※\s]*(?:本网|本站|特别|郑重|免责|版权)?(?:声明|提示)\s*[\]】]?\s*[:：]|^(?:凡|本网|本站|本文|以上).{0,30}(?:转载|版权|不代表|立场)",
    pages="gdfupin/end-disclaimer",
)


@dataclass(frozen=True, eq=False)
class Words:
    """The words of a profile as expressions for folded lines."""

    site: str
    """The site's name."""
    sections: frozenset[str]
    """Names of all sections and channels."""
    labels: Mapping[str, str]
    """Label without spaces to its field: date, source, author or other."""
    longest: int
    """Length of the longest label."""
    label_ends: frozenset[str]
    """The last character of each label."""
    bare_date: re.Pattern[str]
    """A date label without colon, directly before a date: `发布时间2021-1-13`."""
    breadcrumb: re.Pattern[str]
    breadcrumb_starts: frozenset[str]
    """First characters of the words of `breadcrumb`: see `may_be_breadcrumb`."""
    tool: re.Pattern[str]
    """A whole line of buttons: `【打印】【关闭】`."""
    end_starts: frozenset[str]
    """First characters of all that `own_end`, `after` and `related` match; a quick test, most lines have another one."""
    after: re.Pattern[str]
    """The beginning of a link to a neighbouring article: `下一篇：…`."""
    related: re.Pattern[str]
    editor: re.Pattern[str]
    footer: PatternRule[str]
    disclaimer: PatternRule[str]
    own_end: re.Pattern[str] | None
    identity: re.Pattern[str] | None
    gone: re.Pattern[str]
    blocked: re.Pattern[str]

    def is_site(self, text: str) -> bool:
        """True if the text is the name of the site, without anything else."""
        return text == self.site or (self.identity is not None and self.identity.fullmatch(text) is not None)

    def may_be_breadcrumb(self, text: str) -> bool:
        """False where `breadcrumb` cannot match, as for most lines: a quick test of the first character."""
        first = text[:1]
        return first in self.breadcrumb_starts or not (first.isalnum() or first == "_")

    def is_buttons(self, line: Line) -> bool:
        """True if the line has only buttons (`【打印】【关闭】`, `[1] [2]` as links). A number without link is text."""
        return (
            line.size <= 60
            and self.tool.fullmatch(line.text) is not None
            and (line.linked > 0 or _LETTER.search(line.text) is not None)
        )


def _any(words: Collection[str]) -> str:
    """An expression of alternatives, longest first; of no words one that never matches. Spaces inside a Chinese word are optional (`来 源`)."""
    if not words:
        return "(?!)"
    return "|".join(
        r"\s?".join(map(re.escape, word.replace(" ", ""))) if not word.isascii() else re.escape(word)
        for word in sorted(set(words), key=len, reverse=True)
    )


@functools.lru_cache(maxsize=32)
def words_of(profile: Profile) -> Words:
    """The compiled words of a profile, cached."""
    claimed = {*profile.labels_date, *profile.labels_source, *profile.labels_author}
    other = tuple(word for word in (*OTHER_LABELS.words, *profile.labels_other) if word not in claimed)
    labels = {
        word.replace(" ", ""): name
        for name, group in (
            ("other", other),
            ("author", profile.labels_author),
            ("source", profile.labels_source),
            ("date", profile.labels_date),
        )
        for word in group
    }
    own_end = [word for word in profile.own_body_end if profile.name != "general"]
    english = _any([word for word in profile.labels_date if word.isascii()])
    brackets = rf"[\s{re.escape(_SIGNS)}]"
    tool_signs = "".join(
        {re.escape(word[0]) for word in _TOOL.words}
    )  # checked first: most lines begin with another character
    return Words(
        site=profile.title,
        sections=profile.section_names | frozenset(profile.sections),
        labels=labels,
        longest=max(map(len, labels)),
        label_ends=frozenset(label[-1] for label in labels),
        bare_date=re.compile(
            rf"(?:{_any(profile.labels_date)})\s*(?=(?:19|20)\d\d\s*[-/.年])|(?:{english})[ \xa0]+(?={dates.ENGLISH_START})"
        ),
        breadcrumb=re.compile(
            rf"^[^\w]{{0,4}}\s*(?:{_any(profile.breadcrumb)})\s*(?P<colon>[:：]|(?=[>»→\-/]|[\[【]|$|\s)|(?=首\s?页))"
        ),
        breadcrumb_starts=frozenset(word.lstrip()[:1] for word in profile.breadcrumb),
        tool=re.compile(rf"(?={brackets}|[\d{tool_signs}])(?:{brackets}|\d|{_any(_TOOL.words)})+"),
        end_starts=frozenset(_SIGNS).union(word[:1] for word in (*_AFTER.words, *_RELATED.words, *own_end)),
        after=re.compile(rf"^{brackets}{{0,3}}(?:{_any(_AFTER.words)})\s*(?P<rest>[:：>»】\]|]|$|\s)"),
        related=re.compile(rf"^{brackets}{{0,4}}(?:{_any(_RELATED.words)})(?P<rest>.*)$"),
        editor=re.compile(
            rf"^{brackets}{{0,2}}(?:稿件|信息|文章|新闻|内容)?(?:{_any(_EDITOR.words)})\s*[:：]|^[\[【]?(?:责任|网络|值班)?(?:责编|编辑)[\]】]|{_UPDATED.pattern}"
        ),
        footer=_FOOTER,
        disclaimer=_DISCLAIMER,
        own_end=re.compile(
            rf"^{brackets}{{0,3}}(?:{re.sub('[:：]', '[:：]', _any(tuple(own_end)))})(?![^\W\d]|[《“\"])"
        )
        if own_end
        else None,
        identity=re.compile(_any(profile.identity), re.I) if profile.identity else None,
        gone=re.compile(_any(profile.gone), re.I),
        blocked=re.compile(_any(profile.blocked), re.I),
    )


cleared_by_rules(words_of.cache_clear)
