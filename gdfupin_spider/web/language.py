"""The two languages of pages: which one a request wants, and every phrase in both."""

from collections.abc import Callable, Mapping
from typing import Literal

from starlette.requests import Request

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
COOKIE = "lang"
PHRASES: Mapping[str, tuple[str, str]] = {
    "added": ("新增", "new"),
    "all": ("全部", "all"),
    "all-looked": ("都看到了网站", "all of them saw the site"),
    "any": ("不限", "any"),
    "archived": ("存档", "archived"),
    "article": ("文章", "article"),
    "articles": ("文章", "articles"),
    "articles-of": ("共 {0} 篇", "{0} articles"),
    "articles-seen": ("看到的文章", "Articles seen"),
    "as-printed": ("页面所载", "as printed"),
    "attachment names": ("附件名称", "attachment names"),
    "attachments": ("附件", "Attachments"),
    "author": ("作者", "Author"),
    "began": ("开始时间（UTC）", "Began (UTC)"),
    "body": ("正文", "text"),
    "by-month": ("按月", "by month"),
    "by-year": ("按年", "by year"),
    "calendar": ("一年来的采集与变化", "A year of crawls and changes"),
    "calendar-day": ("{0}：采集 {1} 次，变化 {2} 处", "{0}: {1} crawls, {2} changes"),
    "calendar-hint": ("每格一天：灰色没有采集，红色没能看到网站，绿色越深变化越多。点击查看当天的变化。", "A square is a day: grey without a crawl, red where no crawl could look; the greener, the more changes. A click shows them."),
    "captions": ("图片说明", "captions"),
    "captured-hint": ("点击采集时间可查看采集时的页面（不含样式和图片）。",
                      "The time of a capture leads to the page as captured, without its styles and pictures."),
    "captured": ("采集时间", "Captured"),
    "captures": ("采集记录", "Captures"),
    "changes-since": ("与 {0} 相比的变更", "Changes since {0}"),
    "command": ("命令", "Command"),
    "compare": ("比较", "compare"),
    "compare-newest": ("与最新版本比较", "compare with the newest"),
    "compared": ("版本 {0} 与版本 {1} 的差异", "Version {0} and version {1} compared"),
    "content-digest": ("内容校验值", "Content digest"),
    "copies": ("转载", "Reprints"),
    "cosmetic": ("另有 {0} 处只改了空格、全半角或标点", "{0} edits of white space, width or punctuation alone"),
    "could-not-look": ("{0} 次没能看到网站", "{0} could not look at the site"),
    "crawls": ("采集", "Crawls"),
    "crawls-in": ("{0} 次采集", "{0} crawls"),
    "data": ("数据", "Data"),
    "date": ("日期", "Date"),
    "demo": ("演示数据：内容均为虚构。", "Demo data: everything here is invented."),
    "did-not-look": ("没能看到网站", "could not look"),
    "download": ("下载", "Download"),
    "edited": ("有修改", "edited"),
    "edited-articles": ("有过修改的文章", "Edited articles"),
    "edits": ("修改", "Edits"),
    "either-script": ("简繁通查", "simplified or traditional"),
    "error": ("无法显示", "This cannot be shown"),
    "exact": ("任何字词都按原样查找；-词 表示排除，\"…\" 表示短语，OR 表示任选其一。",
              "Every string is found as typed; -word excludes, \"…\" is a phrase, OR is either."),
    "fields": ("字段", "Fields"),
    "file": ("文件", "File"),
    "first": ("最早发表", "printed first"),
    "first-release": ("首个数据集版本", "The first release"),
    "first-seen": ("首次采集", "First seen"),
    "found-nothing": ("没有找到。可以减少字词或放宽条件。", "Nothing was found. Try fewer words or conditions."),
    "gaps": ("缺口", "Gaps"),
    "gone": ("已消失", "gone"),
    "gone-and-edited": ("消失与修改", "Gone and edited"),
    "gone-articles": ("网站上已经找不到的文章", "Articles that the site does not show any more"),
    "health": ("情况", "Health"),
    "held": ("已收藏", "Held"),
    "here": ("这里有 {0} 篇文章，共 {1} 个版本。", "Here are {0} articles in {1} versions."),
    "hits": ("找到 {0} 篇", "{0} articles found"),
    "hits-versions": ("找到 {0} 个版本", "{0} versions found"),
    "home": ("今日", "Today"),
    "id": ("编号", "Id"),
    "images": ("图片", "Pictures"),
    "in": ("查找范围", "Search in"),
    "keys": ("按 / 输入，↓ ↑ 选择，回车打开。", "Press / to type, ↓ ↑ to choose, Enter to open."),
    "kinds": ("变更种类", "Kinds of changes"),
    "last-look": ("最近一次看到网站是 {0}。", "The site was last seen on {0}."),
    "last-seen": ("最后采集", "Last seen"),
    "listed": ("列表所列", "listed"),
    "live": ("在线", "live"),
    "lookup": ("是否收藏", "Do you hold this?"),
    "lookup-hint": ("粘贴网址、编号或一段文字", "Paste an address, an id or a piece of text"),
    "lookup-nothing": ("没有收藏：此数据集中没有这个网址，也没有这段文字。",
                       "Not held: this dataset has neither this address nor this text."),
    "mark-read": ("标为已读", "mark as read"),
    "more": ("另有 {0} 项", "{0} more"),
    "more-changes": ("变化太多，没有全部列出。", "There are more changes than are shown here."),
    "more-moved": ("另有 {0} 篇也移动了", "{0} more articles moved"),
    "more-sentences": ("另有 {0} 句有改动", "{0} more sentences changed"),
    "moved": ("移动", "moved"),
    "name": ("名称", "name"),
    "narrow": ("更多条件", "More conditions"),
    "new-since": ("{0} 以来的变化", "What changed since {0}"),
    "newer": ("较新一篇", "Newer"),
    "newest": ("最新文章", "Newest articles"),
    "newest-capture": ("最近一次采集截至 {0}。", "Newest capture: {0}."),
    "newest-first": ("按日期", "newest first"),
    "next": ("下一页", "Next"),
    "no-articles": ("没有文章。", "No articles."),
    "no-changes": ("没有发现变化。", "No changes were found."),
    "no-date": ("无日期", "no date"),
    "nobody-looked": ("这段时间没有采集，所以没有变化不等于网站没有变。", "Nobody looked in this time: no change here does not mean that the site did not change."),
    "none": ("无", "none"),
    "not-found": ("没有这个页面", "There is no such page"),
    "not-released": ("尚未收入数据集版本", "not in a release yet"),
    "nothing-unread": ("没有未读的变化", "Nothing unread"),
    "older": ("较早一篇", "Older"),
    "only-edited": ("只看有修改的", "only edited ones"),
    "only-version": ("只有一个版本。", "There is one version."),
    "order": ("排序", "Order"),
    "other-language": ("English", "中文"),
    "outcome": ("结果", "Outcome"),
    "period": ("时期", "period"),
    "place": ("地名", "Place"),
    "places": ("提到的地名", "Places named"),
    "previous": ("上一页", "Previous"),
    "printed-total": ("网站所列总数", "Total that the site prints"),
    "proof": ("出处证明", "Proof"),
    "proof-hint": ("每个版本都由下列 WARC 记录解析而成。在保存这些文件的采集库中运行 gdfupin evidence {0} 可以导出证明包。",
                   "Each version was read from these WARC records. Where the archive is, gdfupin evidence {0} packs the proof."),
    "query": ("检索词", "Words"),
    "reappeared": ("重新出现", "back again"),
    "relevance": ("按相关度", "by relevance"),
    "release": ("数据集版本", "Release"),
    "remove": ("取消此条件", "remove this condition"),
    "reprints-and-sources": ("转载与来源", "Reprints and sources"),
    "requests": ("请求", "Requests"),
    "reread": ("重新解析", "read better"),
    "rows": ("行数", "rows"),
    "running": ("进行中", "running"),
    "said-then": ("曾有、现已不见", "said then, no longer"),
    "same-edit": ("另有 {0} 篇作了同样的修改", "the same edit in {0} more articles"),
    "search": ("检索", "Search"),
    "section": ("栏目", "Section"),
    "sections": ("栏目与完整性", "Sections and completeness"),
    "share": ("占比", "share"),
    "since": ("从", "From"),
    "size": ("大小", "size"),
    "skip": ("跳到正文", "Skip to the content"),
    "source": ("来源", "Source"),
    "source-name": ("规范名称", "canonical name"),
    "sources": ("来源", "Sources"),
    "status": ("状态", "Status"),
    "suspected": ("疑似消失", "suspected to be gone"),
    "table": ("数据表", "table"),
    "title": ("题名", "title"),
    "title-or-body": ("题名或正文", "title or text"),
    "took-too-long": ("查询时间过长，请缩小范围。", "The query took too long: ask for less."),
    "trends": ("趋势", "Trends"),
    "trends-hint": ("最多五个检索词，每行一个", "Up to five queries, one a line"),
    "unfinished": ("未完成", "unfinished"),
    "unread": ("{0} 条未读", "{0} unread"),
    "until": ("到", "To"),
    "url": ("原网址", "Original address"),
    "version": ("版本", "version"),
    "version-of": ("版本 {0}", "Version {0}"),
    "versions": ("版本", "Versions"),
    "versions-too": ("包括旧版本", "older versions, too"),
    "view-as": ("同样的结果", "The same as"),
    "whole": ("完整", "whole"),
    "withdrawn": ("应要求撤下", "withdrawn on request"),
    "withdrawn-text": ("本文已于 {0} 应要求撤下。理由：{1}", "This article was withdrawn on {0}, on request. Reason: {1}"),
    "year": ("年份", "Year"),
    "years": ("年份", "Years"),
}  # fmt: skip
"""By name: Chinese, English. `{0}` stands for a value."""


def language_of(request: Request) -> Language:
    """What `?lang=` says, else the cookie of an earlier one, else the first of both that the browser accepts, else Chinese."""
    for asked in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if asked in LANGUAGES:
            return asked
    weighed: list[tuple[float, Language]] = []
    for part in request.headers.get("accept-language", "").split(","):
        name, _, weight = part.strip().partition(";q=")
        known = name.lower()[:2]
        if known in LANGUAGES:
            try:
                weighed.append((-float(weight or 1), known))
            except ValueError:
                continue
    return min(weighed, key=lambda each: each[0])[1] if weighed else "zh"


def phrase(language: Language) -> Callable[..., str]:
    """`text(name, *values)` in this language; counts have separators."""
    column = 0 if language == "zh" else 1

    def text(name: str, *values: object) -> str:
        return PHRASES[name][column].format(*(f"{each:,}" if isinstance(each, int) else each for each in values))

    return text
