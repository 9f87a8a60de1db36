"""What pages without content print: messages of missing articles, of refusals and of failing servers, words of other sites.

A message counts only where the page prints little else."""

import re
from collections.abc import Sequence

from ..messages.text import N_
from .dom.document import Document, Line
from .dom.scripts import strings
from .rule import PatternRule
from .words import Words

_GONE = PatternRule(
    "gone-words",
    "Messages that an article does not exist: `该文章不存在或已被删除`, `参数错误`, `page not found`.",
    r"(?:文章|文档|信息|新闻|内容|页面|网页|记录|资源|数据|稿件|公告|链接|栏目|文件|ID|编号)\S{0,6}(?:不存在|不见了|已(?:经)?(?:被)?(?:\S{0,3})?(?:删除|移除|下线|下架|撤销|关闭|过期)|被\S{0,4}删除|找不到|未找到|没有找到|失效|有误|错误|过期|(?:还|尚)?(?:未|没有?)(?:通过)?审核|没通过审核)"
    r"|(?:找不到|没有找到|未找到|无此|没有此|没有该|无法找到|无法显示|不存在)\S{0,8}(?:文章|文档|信息|新闻|内容|页面|网页|记录|资源|数据|文件|ID)"
    r"|参数\S{0,4}(?:错误|有误|不正确|非法|无效)|(?:错误|非法|无效|缺少)\S{0,4}参数|\b404\b\D{0,30}(?:not found|error|错误|页面)|(?:status|error|错误|http)\D{0,12}\b404\b|is not available|(?:page|file|article)\b.{0,30}\b(?:could not be|cannot be|was not|not)\s+found|暂无(?:此|该)(?:文章|内容|信息|新闻)|没有(?:这|那)[篇条个]\S{0,2}(?:文章|内容|信息|新闻|页面|记录)"
    r"|(?:文章|文档|信息|新闻|内容|稿件|公告|记录)\S{0,3}(?:待审核?|(?:正在|等待|尚在)\S{0,4}审核|审核中|已?过(?:有效)?期|已?(?:经)?撤(?:稿|回|下))|(?:页面|网页|文章)\S{0,4}(?:丢失|走丢|丢了|飞走|消失|无法显示|无法打开)|该页\S{0,2}(?:无法显示|不存在)|可能\S{0,4}(?:更名|删除|移动)\S{0,10}(?:暂时)?不可用|(?:can't|cannot|could not|couldn't) find (?:the|that|this) page|page you(?:'re| are) looking for|(?:page|file|article|document|object)\s+(?:was\s+|is\s+|could\s+)?(?:not\s+(?:be\s+)?found|no longer|does not exist)|^\s*not found\s*$",
    re.I,
    pages="gdfupin/gone-soft-no-record gdfupin/gone-soft-article-frame-without-article",
)
_REFUSED = PatternRule(
    "refusal-words",
    "Messages that too much was asked for, or that a firewall refuses access: `您的访问过于频繁`, `Access Denied`.",
    r"(?:访问|请求|操作|点击|刷新|浏览|IP|ip)\S{0,12}(?:频繁|频率|异常|受限|受到限制|被(?:拒绝|禁止|拦截|阻断|限制|封)|过快|太快|过多|超限|过高|不合法|违规)"
    r"|(?:拒绝|禁止|拦截|阻断|限制|屏蔽)\S{0,8}(?:访问|请求|IP)|防火墙|防护(?:系统|墙)?|云盾|安全狗|攻击(?:行为|特征)|恶意(?:访问|请求|攻击)"
    r"|(?:异常|可疑)\S{0,4}(?:流量|访问|请求|行为)|黑名单|网络(?:环境)?\S{0,3}异常|地区\S{0,4}(?:不能|无法|禁止)访问|网站卫士|造成危险|拦截|系统繁忙|服务器繁忙|访问人数(?:过|太)多"
    r"|access\s+(?:is\s+|has been\s+)?(?:denied|blocked|forbidden|restricted)|\bforbidden\b|request\s+(?:is\s+|was\s+|has been\s+)?(?:blocked|denied|rejected)|too\s+many\s+requests|rate\s+limit|web\s+application\s+firewall|\bwaf\b|unusual\s+traffic|ddos",
    re.I,
    pages="gdfupin/blocked-200-in-the-dress-of-the-site gdfupin/blocked-200-of-a-hosting-panel",
)
_CHECKED = PatternRule(
    "robot-check-words",
    "Messages of a check for robots: `请输入验证码`, `拖动滑块`, `checking your browser`.",
    r"(?:人机|安全|滑动|拖动|图形|身份)\S{0,4}(?:验证|校验|检测|检查)|验证码|机器人|拼图|滑块|(?:点击|选择|选出|填写)\S{0,4}(?:图中|图片中|下图)|输入\S{0,6}(?:字符|图中|下图)"
    r"|captcha|are\s+you\s+(?:a\s+)?(?:human|robot)|not\s+a\s+robot|verify(?:ing)?\s+(?:that\s+)?you|security\s+(?:check|verification)|checking\s+your\s+browser|enable\s+(?:javascript|cookies)|(?:开启|启用|打开)\S{0,6}(?:javascript|cookie)",
    re.I,
    pages="gdfupin/blocked-200-captcha-form",
)
_LOGIN_WALL = PatternRule(
    "login-words",
    "Messages that only members may read a page: `请先登录`, `您没有权限查看`.",
    r"(?:请|需要?|必须|尚未|还没有|未|您没有)\S{0,6}登[录陆]|没有(?:访问|浏览|查看|阅读)?权限|无权\S{0,4}(?:访问|浏览|查看|阅读)|仅(?:对|限|供)\S{0,8}(?:开放|访问|浏览|查看|阅读)|(?:游客|非会员)\S{0,6}(?:不能|无法|不可|不允许|无权)\S{0,4}(?:访问|浏览|查看|阅读)|(?:会员|用户|内部)\S{0,6}(?:才能|方可|才可)\S{0,4}(?:查看|浏览|阅读|访问)|登[录陆]后\S{0,6}(?:查看|浏览|阅读|访问)"
    r"|please\s+(?:log|sign)\s*in",
    re.I,
    pages="gdfupin/blocked-200-page-for-members",
)
_REFUSALS = (_REFUSED, _CHECKED, _LOGIN_WALL)
_EMPTY_BOX = PatternRule(
    "empty-box",
    "A box beside a list may be empty and say so: `暂无此类信息`.",
    "暂无|尚无|无此类|没有相关|暂时没有|还没有",
    pages="gdfupin/rows-beside-an-empty-box",
)
_BROKEN = PatternRule(
    "server-error-words",
    "Messages of a server that fails although it answers with status 200.",
    r"Microsoft (?:VBScript|JET|OLE DB|JScript)|ADODB\.|Active Server Pages\S* ?(?:error|错误)|Server Error in '|Runtime Error|应用程序中的服务器错误|运行时错误|mysql_\w+\(|\bSQLSTATE\b|You have an error in your SQL|Fatal error: |Parse error: |Too many connections|Can't connect to (?:local )?MySQL|数据库[连链]接(?:出错|失败|错误|异常)|Service Unavailable|Bad Gateway|java\.\w+\.\w*Exception|(?:网站|站点|本站|系统|服务器)\S{0,6}(?:(?:维护|升级|调整|改版)(?:中|期间)|正在\S{0,3}(?:维护|升级|调整|改版|改造|建设)|暂时?(?:关闭|停止访问|不能访问))|正在\S{0,3}(?:维护|升级|改版)|数据整理中",
    re.I,
    pages="gdfupin/unknown-200-of-a-server-that-cannot-reach-its-database gdfupin/unknown-200-of-asp-that-failed",
)
_WALL = PatternRule(
    "frame-of-firewall",
    "Addresses of the frames of firewalls: `/cdn-cgi/challenge`.",
    r"incapsula|_cf_|cdn-cgi|captcha|challenge|waf|safedog|yunsuo|anquan",
    re.I,
    pages="gdfupin/blocked-200-by-a-frame-of-a-waf",
)
_CHALLENGE = PatternRule(
    "challenge-script",
    "A page of nothing but such code is an access check: `document.cookie=`, `location.reload`.",
    r"document\s*\.\s*cookie\s*=|location\s*\.\s*reload|eval\s*\(|__jsl|_cf_chl|challenge|setTimeout|String\.fromCharCode|atob\s*\(",
    re.I,
    pages="gdfupin/blocked-200-script-instead-of-a-page gdfupin/blocked-521-cookie-by-script",
)
_NOT_FOUND = PatternRule(
    "gone-title",
    "Where a script prints the message, `<title>` has it: `404`, `页面不存在`.",
    r"\s*(?:404\b|not found|(?:页面|网页)?(?:未找到|不存在))",
    re.I,
    pages="gdfupin/gone-title-alone",
)
_BOX = PatternRule(
    "box-names",
    "Names of fields and buttons of login and comment boxes are not messages to the visitor.",
    r"(?:(?:会员|用户|企业|管理员?|留言|您?的|联系)?\s?(?:名称?|方式|登[录陆]|姓名|昵称|标题|主题|内容|邮箱|电话|账号|帐号|密\s?码|注册)|忘记密码|找回密码|(?:附加|认证)码|验证码|看不清\S{0,5}|[\s:：|?？])+",
    pages="gdfupin/unknown-a-comment-box-and-nothing-else",
)
_GAMBLING = PatternRule(
    "gambling-words",
    "Words of gambling and adult sites, which take over expired domains: `百家乐`.",
    r"澳门|博彩|赌场|赌博|百家乐|时时彩|六合彩|娱乐城|老虎机|棋牌|真人荷官|威尼斯人|葡京|新葡京|太阳城|皇冠体育|体育投注|投注网|开户送|注册送|彩票平台|北京赛车|快三|成人(?:电影|视频|小说|影院|影片)|色情|激情视频|在线观看|私服|真人视讯|电子游艺|捕鱼(?:达人|游戏)?|彩金|首存|永利|世界杯买球|英超竞猜|(?:开云|米兰|半岛|bob|亚博|爱游戏|乐鱼|华体会)体育|国产精品|无码|三级片|一区二区|av在线",
    re.I,
    pages="gdfupin/foreign-gambling-that-prints-the-old-footer",
)
_PARKED = PatternRule(
    "parked-domain-words",
    "Words of parked and unconfigured domains: `该域名正在出售`, `Welcome to nginx`.",
    r"域名(?:出售|转让|已过期|到期|停放|交易|待售|解析错误)|域名\S{0,4}可以?(?:转让|出售)|域名\s?[\w.-]{0,40}\s?已?(?:到期|过期)|本米|域名所有者|domain parking|网址无法解析|domain\s+(?:is\s+|name\s+|may be\s+)?(?:for\s+sale|parked|expired|parking)|buy\s+this\s+domain|网站(?:已过期|已关闭|未备案|暂停|被暂停)|网站已?被?(?:关停|停止服务|停止运营)|(?:网站|域名)\S{0,20}(?:没有|未)\S{0,20}备案|该域名|此域名|(?:主机|空间)已?(?:过期|到期|停)|站点创建成功|welcome\s+to\s+nginx|it\s+works!|iis\s*\d|apache2? (?:debian|ubuntu|http server) (?:default|test) page|未绑定|没有找到站点",
    re.I,
    pages="gdfupin/foreign-domain-for-sale",
)


def printed_characters(doc: Document) -> int:
    """Number of characters that the page prints."""
    return sum(line.size for line in doc.lines)


def is_file_type(content_type: str | None, payload: bytes) -> bool:
    """True if a payload is a file and not a page: by its first bytes, otherwise by its Content-Type."""
    head = payload[:512].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").lower()
    if head.startswith(
        (b"<!doc", b"<html", b"<head", b"<meta", b"<script", b"<!--", b"<body", b"<title", b"<table", b"<frameset")
    ):
        return False
    if payload.startswith(
        (
            b"%PDF",
            b"\xd0\xcf\x11\xe0",
            b"PK\x03\x04",
            b"Rar!",
            b"\x89PNG",
            b"GIF8",
            b"\xff\xd8\xff",
            b"BM",
            b"FWS",
            b"CWS",
            b"ID3",
            b"RIFF",
        )
    ):
        return True
    kind = (content_type or "").partition(";")[0].strip().lower()
    return (
        bool(kind)
        and "html" not in kind
        and kind
        not in (
            "text/plain",
            "application/xml",
            "text/xml",
            "application/octet-stream",
            "unknown/unknown",
            "text",
            "*/*",
        )
    )


def gone_message(doc: Document, words: Words, rows: range = range(0)) -> str | None:
    """The message by which a page says that its article does not exist, or None. The lines `rows` are ignored."""
    lines = _speaking_lines(doc, rows)
    if rows:  # a box beside the list may be empty
        lines = [line for line in lines if not _EMPTY_BOX.search(line.text)]
    message = _first_match(lines, (words.gone, _GONE)) or _alert_message(doc, (words.gone, _GONE))
    return message or (doc.title if printed_characters(doc) < 40 and _NOT_FOUND.match(doc.title) else None)


def block_message(doc: Document, words: Words, rows: range = range(0)) -> str | None:
    """The message by which a page refuses us, or other evidence of a refusal; None without any.

    The lines `rows` of a list are ignored. With a list, the password field beside it is ignored too.
    """
    if printed_characters(doc) > 3000:
        return None
    patterns = (words.blocked, *_REFUSALS)
    speaking = [
        line for line in _speaking_lines(doc, rows) if not ("码" in line.text and _is_code_without_field(doc, line))
    ]
    if message := _first_match(speaking, patterns) or _alert_message(doc, patterns):
        return message
    if printed_characters(doc) < 300 and not rows:
        for text in (doc.title, doc.noscript):
            if found := next((match for pattern in patterns if (match := pattern.search(text))), None):
                return found[0]
        for _, script in doc.scripts:
            if (
                printed_characters(doc) < 40
                and len(_CHALLENGE.findall(script)) >= 2 - (printed_characters(doc) == 0)
                and not any(anchor.attribute("href") for anchor in doc.anchors)
            ):
                return N_("a script instead of a page")
        if printed_characters(doc) < 40 and any(_WALL.search(frame.get("src", "")) for frame in doc.frames):
            return N_("a frame of a firewall instead of a page")
        if any(attrs.get("type", "").lower() == "password" for tag, attrs, _ in doc.fields if tag == "input"):
            return PASSWORD_FIELD
    return None


PASSWORD_FIELD = N_("a password field and little else")


def asks_for_login(message: str) -> bool:
    """Whether the message of a refusal is for visitors who are not members, not for a crawler.

    >>> asks_for_login("对不起，您无权查看本文"), asks_for_login("您的访问过于频繁")
    (True, False)
    """
    return PASSWORD_FIELD in message or _LOGIN_WALL.search(message) is not None


def server_error_message(doc: Document) -> str | None:
    """The error message of a server on a page of little text, or None."""
    if printed_characters(doc) > 1500:
        return None
    own = (line for line in doc.lines if line.linked < 0.5 * line.size)
    return next((match[0] for line in own if (match := _BROKEN.search(line.text))), None)


def is_challenge(doc: Document) -> bool:
    """True if a page that redirects by script is an access check: it sets a cookie, shows a message box, or has a
    frame of a firewall."""
    return any("document.cookie" in script or "alert" in script for _, script in doc.scripts) or any(
        _WALL.search(frame.get("src", "")) for frame in doc.frames
    )


def missing_identity(doc: Document, words: Words) -> str | None:
    """Why a page belongs to another site, or None: it prints text, but none of the profile's identity words."""
    if words.identity is None or doc.is_data or printed_characters(doc) < 8:
        return None
    if not any(words.identity.search(line.text) for line in doc.lines):
        return N_("none of the site's names among {lines:d} lines", lines=len(doc.lines))
    return None


def hijack_words(doc: Document, own: range = range(0)) -> str | None:
    """Evidence of a parked or hijacked domain: three of its typical words, or one on a page of little text. The lines
    `own` are ignored."""
    lines = [line.text for line in doc.lines if line.index not in own]
    found = {match[0].lower() for text in lines for rule in (_GAMBLING, _PARKED) for match in rule.finditer(text)}
    if len(found) >= 3 or (found and printed_characters(doc) < 400):
        return N_("prints {words}", words=", ".join(sorted(found)[:3]))
    return None


def hidden_spam(doc: Document) -> str | None:
    """Words of gambling or adult sites in text that a browser does not show: the site was hacked. None without any."""
    found = {match[0].lower() for text in doc.hidden for match in _GAMBLING.finditer(text)}
    return ", ".join(sorted(found)[:3]) or None


def _speaking_lines(doc: Document, rows: range) -> Sequence[Line]:
    """The lines whose words describe the page: without rows of a list and names of form fields."""
    if not rows and not any("内容" in line.text and _BOX.fullmatch(line.text) for line in doc.lines):
        return doc.lines
    return [line for line in doc.lines if line.index not in rows and not _BOX.fullmatch(line.text)]


_CODE = PatternRule(
    "code-without-field",
    "A line about a code to type is a refusal only if there is a field to type it in.",
    "验证码|附加码|认证码|校验码",
    pages="gdfupin/unknown-a-line-about-a-code-without-a-field",
)
_FIELD_TYPES = ("", "text", "tel", "number")


def _is_code_without_field(doc: Document, line: Line) -> bool:
    """True if a line names a code to type, but no field to type it in is near, so that it only speaks of a code."""
    if not _CODE.search(line.text) or printed_characters(doc) < 40:
        return False
    return not any(
        tag == "input" and abs(at - line.index) <= 3 and attrs.get("type", "").lower() in _FIELD_TYPES
        for tag, attrs, at in doc.fields
    )


def _first_match(lines: Sequence[Line], patterns: Sequence[re.Pattern[str] | PatternRule[str]]) -> str | None:
    for line in lines:
        if line.size <= 120 and line.linked < 0.5 * line.size + 1:
            for pattern in patterns:
                if (match := pattern.search(line.text)) and not any(match[0] in anchor.text for anchor in line.anchors):
                    return line.text if line.size <= 40 else match[0]
    return None


_ALERT = PatternRule(
    "message-box",
    "A message may be shown by a script: `alert('该文章不存在')`.",
    r"\balert\s*\(\s*(\"[^\"\n]*\"|'[^'\n]*')",
    pages="gdfupin/gone-soft-by-alert-and-no-html gdfupin/blocked-200-by-alert-login",
)


def _alert_message(doc: Document, patterns: Sequence[re.Pattern[str] | PatternRule[str]]) -> str | None:
    """The matching message of a script's `alert`, on a page of little text."""
    if printed_characters(doc) > 200:
        return None
    for _, script in doc.scripts:
        for alert in _ALERT.findall(script) if len(script) < 5000 else ():
            for text in strings(alert):
                if any(pattern.search(text) for pattern in patterns):
                    return text
    return None
