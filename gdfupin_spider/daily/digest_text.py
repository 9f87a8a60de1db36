"""A digest as a message, in Chinese or English, as plain text and as HTML. Page text is hostile: all of it is escaped. Pure."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..diff.text_diff import TextRun
from ..diff.text_view import signed
from ..messages import message_language
from ..messages.message_language import Language
from ..messages.recorded import recorded
from ..messages.text import translated
from ..monitoring.message import Message, line
from ..terminal import html_text
from .digest import Digest, DigestItem, Excerpt

WORDS: Mapping[str, tuple[str, str]] = {
    "added": ("新增", "new"),
    "edited": ("修改", "edited"),
    "moved": ("移动", "moved"),
    "gone": ("消失", "gone"),
    "reappeared": ("恢复", "back again"),
    "title": ("题名", "title"),
    "date": ("日期", "date"),
    "source": ("来源", "source"),
    "author": ("作者", "author"),
    "captions": ("图片说明", "captions"),
    "attachment names": ("附件名称", "attachment names"),
    "url": ("网址", "address"),
    "count": ("{1}{0}篇", "{0} {1}"),
    "comma": ("，", ", "),
    "colon": ("：", ": "),
    "digest": ("{0}存档日报 {1}", "{0}, digest of {1}"),
    "week-title": ("{0}存档周报 {1}", "{0}, the week to {1}"),
    "nothing": ("没有变化", "nothing changed"),
    "more": ("另有{0}处变化未列出；完整清单可用 `gdfupin diff` 查看。", "{0} more changes are not listed; `gdfupin diff` shows all."),
    "alerts": ("触发的提醒", "Alerts"),
    "week": ("过去七天", "The last seven days"),
    "no-section": ("无栏目", "no section"),
    "health": ("采集库状况", "Health of the archive"),
    "looked": ("最近一次看到网站：{0}（UTC）", "The site was last seen on {0} UTC"),
    "never-looked": ("至今没有一次采集能看到网站", "No crawl could look at the site yet"),
    "unseen": ("没能看到网站", "the site could not be seen"),
    "blind": ("最近一次采集没能看到网站，没有变化不等于网站没有变", "The newest crawl could not look at the site: that nothing changed means nothing"),
    "articles": ("收藏文章：{0}", "Articles: {0}"),
    "live": ("在线", "live"),
    "archived": ("仅见于网页存档", "archived"),
    "suspected": ("疑似消失", "suspected to be gone"),
    "gaps": ("未补上的缺口：{0}", "Open gaps: {0}"),
    "alarm": ("报警：{0}", "Alarm: {0}"),
    "held": ("暂缓发布、等待决定的采集：{0}（`gdfupin accept`）", "Held back until you decide (`gdfupin accept`): {0}"),
    "disk": ("磁盘：已用 {0} GB，剩余 {1} GB", "Disk: {0} GB used, {1} GB free"),
    "failure": ("未完成的步骤：{0}", "A step failed: {0}"),
    "doubt": ("“{0}”（{1}）发送时程序中断，可能没有送达，不再重发。", "“{0}” of {1} may not have arrived: the machine stopped while it was sent. It is not sent again."),
    "alive": ("{0}：采集库仍在运行", "{0}: the archive is alive"),
    "alive-body": ("自 {0} 以来没有发现新的变化。", "No changes were found since {0}."),
}  # fmt: skip
"""By name: Chinese, English. `{0}` stands for a value."""
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Of the environment, in the order of gettext."""
LONGEST = 60_000
"""Characters of a text: a mail may be long, and Apprise cuts it for services that take less."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a message. `level`: 1 heading, 2 an item, 3 below an item, 0 others."""

    level: int
    text: str
    runs: tuple[TextRun, ...] = ()
    """Behind the text."""
    url: str = ""
    """Where an item leads."""


def language_of(asked: str, environ: Mapping[str, str] = os.environ) -> Language:
    """The language that was asked for, else that of the environment, where --lang and GDFUPIN_LANG are LANGUAGE.

    >>> language_of("zh"), language_of("", {"LANG": "zh_CN.UTF-8"}), language_of("", {})
    ('zh', 'zh', 'en')
    """
    found = asked or next(filter(None, (environ.get(name, "") for name in VARIABLES)), "")
    return "zh" if found.startswith("zh") else "en"


def digest_message(digest: Digest, language: Language, command: Callable[[str], str] = lambda text: text) -> Message:
    """The digest; on the day of the weekly summary that, too. `command`: completes the commands in a text, so that they run as printed."""
    say = _Words(language, command)
    counts = say.counts(digest.changes.counts)
    name = "week-title" if digest.week is not None else "digest"
    is_blind = digest.health is not None and not digest.health.could_look
    found = counts or say("unseen" if is_blind else "nothing")
    with message_language.speaking(language):  # the site, alarms and failures are sentences of the program
        title = f"{say(name, translated(digest.site), digest.day)}{say('colon')}{found}"
        return _message(title, list(_lines(digest, say)))


def alive_message(digest: Digest, since: str, language: Language) -> Message:
    """That the archive is alive, and when it last looked. `since`: the day of the last message."""
    say = _Words(language)
    lines = [_Line(0, say("alive-body", since)), *(_Line(0, text) for text in _looks(digest, say))]
    with message_language.speaking(language):
        return _message(say("alive", translated(digest.site)), lines)


class _Words:
    def __init__(self, language: Language, command: Callable[[str], str] = lambda text: text) -> None:
        self._column = 0 if language == "zh" else 1
        self._command = command

    def __call__(self, name: str, *values: object) -> str:
        shown = (f"{each:,}" if isinstance(each, int) else str(each) for each in values)
        return self._command(WORDS[name][self._column].format(*shown))

    def counts(self, counts: Mapping[str, int]) -> str:
        return self("comma").join(self("count", count, self(kind)) for kind, count in counts.items() if count)


def _lines(digest: Digest, say: _Words) -> Iterator[_Line]:
    kind = ""
    for item in digest.changes.items:
        if item.kind != kind:
            kind = item.kind
            yield _Line(1, say("count", digest.changes.counts[kind], say(kind)))
        yield from _item(item, say)
    if digest.changes.left:
        yield _Line(0, say("more", digest.changes.left))
    if digest.alerts:
        yield _Line(1, say("alerts"))
        yield from (_Line(2, title.removeprefix("gdfupin: ")) for title in digest.alerts)
    if digest.week is not None:
        yield _Line(1, say("week"))
        yield _Line(2, say.counts(digest.week.counts) or say("nothing"))
        for section, count in digest.week.sections.items():
            yield _Line(2, f"{section or say('no-section')}{say('colon')}{count:,}")
    if digest.is_public:
        yield from (_Line(0, text) for text in _looks(digest, say))
        return
    yield _Line(1, say("health"))
    yield from (_Line(2, text) for text in (*_looks(digest, say), *_health(digest, say)))


def _item(item: DigestItem, say: _Words) -> Iterator[_Line]:
    facts = "  ".join(filter(None, (item.date, item.section)))
    yield _Line(2, item.title, url=item.url)
    if facts:
        yield _Line(3, facts)
    for excerpt in item.excerpts:
        yield _excerpt(excerpt, say)


def _excerpt(excerpt: Excerpt, say: _Words) -> _Line:
    return _Line(3, f"{say(excerpt.field)}{say('colon')}" if excerpt.field else "", excerpt.runs)


def _looks(digest: Digest, say: _Words) -> Iterator[str]:
    health = digest.health
    if health is None:
        return
    if health.last_look is None:
        yield say("never-looked")
        return
    yield say("looked", health.last_look[:16].replace("T", " "))
    if not health.could_look:
        yield say("blind")


def _health(digest: Digest, say: _Words) -> Iterator[str]:
    yield from (say("failure", recorded(each)) for each in digest.failures)
    yield from (say("doubt", each.title, each.at[:10]) for each in digest.doubts)
    if (health := digest.health) is None:
        return
    yield from (say("alarm", recorded(each)) for each in health.alarms)
    if health.held:
        yield say("held", say("comma").join(health.held))
    if health.gaps:
        yield say("gaps", health.gaps)
    counts = say("comma").join(f"{say(status)} {count:,}" for status, count in health.articles.items() if count)
    yield say("articles", counts or 0)
    yield say("disk", f"{health.used / 1e9:,.1f}", f"{health.free / 1e9:,.1f}")


def _message(title: str, lines: list[_Line]) -> Message:
    body, html = "\n".join(_text(lines)), "\n".join(_html(lines))
    return Message(line(title), body if len(body) <= LONGEST else f"{body[:LONGEST]}…", "info", html)


def _text(lines: list[_Line]) -> Iterator[str]:
    for n, each in enumerate(lines):
        match each.level:
            case 1:
                yield from (["", line(each.text)] if n else [line(each.text)])
            case 2:
                yield f"· {line(each.text)}"
                if each.url:
                    yield f"  {line(each.url)}"
            case 3:
                yield f"  {line(each.text + signed(each.runs))}"
            case _:
                yield line(each.text)


_TAGS = {"same": "{}", "cut": "<del>{}</del>", "put": "<ins>{}</ins>"}


def _html(lines: list[_Line]) -> Iterator[str]:
    for each in lines:
        text = html_text(line(each.text)) + "".join(_TAGS[run.kind].format(html_text(run.text)) for run in each.runs)
        if each.url.startswith(("http://", "https://")):
            text = f'<a href="{html_text(each.url)}">{text}</a>'
        match each.level:
            case 1:
                yield f"<h3>{text}</h3>"
            case 3:
                yield f'<div style="margin-left:1.5em">{text}</div>'
            case _:
                yield f"<div>{text}</div>"
