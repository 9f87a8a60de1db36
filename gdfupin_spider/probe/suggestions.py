"""Suggestions for a profile, from printed words that neither profile nor reader knows.

They are for a person to decide, never applied automatically. Each has a key of the profile, a value as printed, and
the reason. A value on only one of many pages is rarely a word of the site.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..frontier.scope import Scope
from ..messages.text import N_
from ..pages import Page, host_of, notices
from ..pages.article.breadcrumb import NO_STEP
from ..pages.dom.document import Line
from ..pages.words import words_of
from .landmarks import unclaimed_pairs

_TRAIL = re.compile(
    r"^[^\w]{0,4}(?P<label>[\w ]{2,16}?)\s*[:：]?\s*[\[【]?\s*(?:网站|本站)?(?:首\s*页|主\s*页|Home|Index)\s*[\]】]?\s*"
    r"(?:[-—=]*[>》»›→/／]|::|-)",
    re.I,
)
_OWNER = re.compile(r"(?:版权所有|主办(?:单位)?|Copyright)\s*[:：©]?\s*(?P<name>[\u4e00-\u9fff（）()]{4,24})")
_BUREAU = re.compile(r"[\u4e00-\u9fff]{3,18}(?:局|委员会|办公室|协会|学会|政府|公司|中心|大学|学院|网|报社)(?=\s|$)")
_ABOUT = re.compile(r"地址|电话|传真|邮编|邮箱|Tel\b|您是第|版权|备案|ICP", re.I)
_FOOT = 6
"""Number of lines at the end of a page that may name its owner."""
_NUMBER = re.compile(r"[\u4e00-\u9fff]ICP[备证]\s?\d{6,9}号?")
_MENU_STOP = re.compile(
    r"首\s*页|主页|设为|收藏|联系|关于|地图|搜索|登[录陆]|注册|邮箱|留言|信箱|更多|返回|打印|关闭|帮助|English|繁體|繁体|简体|无障碍|RSS|下一|上一|尾页|末页|声明|友情|网站|招聘|投稿|管理|后台|查看|详细"
)
_MENU_ITEM = re.compile(r"[\u4e00-\u9fff·、]{2,8}")
_OFFICE = re.compile(r"(?:局|社|网|报|办|部|站|台|委|会|公司|中心|科|股|所|队|院|厅|室|处)$")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:[、,， ][\u4e00-\u9fff]{2,4})*|[A-Z][a-z]+")
MENU = 3
"""Minimum number of short links in a row that make a menu."""
MESSAGE_LENGTH = 200
"""Maximum number of characters of a page that is only a message."""
LENGTHS = range(2, 31)
"""Characters of such a message: a longer one is a text."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value to add to a key of the profile."""

    key: str
    """As in the profile: `labels.date`, `breadcrumb`, `sections`, `hosts` …"""
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class CountedSuggestion:
    """A suggestion, and the number of pages that make it."""

    suggestion: Suggestion
    pages: int
    url: str
    """URL of one of these pages."""


def toml(found: Iterable[Suggestion]) -> dict[str, str]:
    """The suggestions as TOML lines, by key, to be inserted above the first table of a profile.

    >>> toml([Suggestion("labels.date", "Posted", ""), Suggestion("labels.date", "登载日", "")])
    {'labels.date': 'labels.date = ["Posted", "登载日"]'}
    """
    values: dict[str, list[str]] = {}
    for one in found:
        values.setdefault(one.key, []).append(one.value)
    names = {key: 'sections."?"' if key == "sections" else key for key in values}
    return {key: f"{names[key]} = {json.dumps(texts, ensure_ascii=False)}" for key, texts in values.items()}


def suggestions(page: Page) -> tuple[Suggestion, ...]:
    """The suggestions of one page, each value once."""
    return tuple({(one.key, one.value): one for one in _suggestions(page)}.values())


def _suggestions(page: Page) -> Iterator[Suggestion]:
    if page.kind in ("moved", "file", "blocked"):
        return
    yield from _hosts(page)
    if page.kind == "foreign" and notices.hijack_words(page.doc):
        return  # a parked, sold or gambling domain, not our site
    if page.kind in ("foreign", "home") or not page.profile.identity:
        yield from _identity(page)
    if page.kind == "foreign":
        return
    yield from _breadcrumb(page)
    yield from _labels(page)
    yield from _sections(page)
    if (
        page.kind == "unknown"
        and not page.rows
        and 4 <= notices.printed_characters(page.doc) <= MESSAGE_LENGTH
        and len(message := _message(page)) in LENGTHS
    ):
        yield Suggestion(
            "gone",
            message,
            N_("if it means that the article does not exist; if it refuses access, add it to `blocked`"),
        )


def _message(page: Page) -> str:
    """The message of a page: its longest text besides menu, footer and name of the site."""
    words = words_of(page.profile)
    texts = [line.text for line in page.lines if not line.linked and not words.footer.search(line.text)]
    pieces = [piece for text in texts for piece in text.split() if not _ABOUT.search(piece)]
    return max(
        (piece for piece in pieces if not any(name in piece for name in page.profile.identity)), key=len, default=""
    )


def _hosts(page: Page) -> Iterator[Suggestion]:
    here = host_of(page.capture.url)
    if not page.profile.hosts:
        if here not in ("", "localhost"):
            yield Suggestion(
                "hosts", here, N_("the profile has no hosts, so only --start-url determines what a crawl fetches")
            )
        return
    scope = Scope(page.profile)
    family = (
        ".".join(here.split(".")[-3:]) if here.endswith((".gov.cn", ".org.cn", ".com.cn", ".net.cn", ".edu.cn")) else ""
    )
    family = family or ".".join(here.split(".")[-2:])
    for link in page.links:
        host = host_of(link.url)
        if host != here and not scope.page(link.url) and (host == family or host.endswith(f".{family}")):
            yield Suggestion(
                "hosts", host, N_("{text!r} links to this host, which has the same domain", text=link.text[:20])
            )
    if page.structure is not None and page.kind == "article":
        for line in page.structure.body.lines:
            for image in line.images:
                host = host_of(image.get("src") or "")
                if host and not scope.media(image.get("src") or ""):
                    yield Suggestion("media_hosts", host, N_("host of a picture in a body"))


def _identity(page: Page) -> Iterator[Suggestion]:
    for line in page.lines:
        owners = [match["name"].strip("（）()") for match in _OWNER.finditer(line.text)]
        owners += [match[0] for match in _NUMBER.finditer(line.text)]
        if line.index >= len(page.lines) - _FOOT and not line.linked and (owner := _BUREAU.match(line.text)):
            owners.append(owner[0])
        for value in owners:
            if value not in page.profile.identity and len(value) >= 4:
                yield Suggestion("identity", value, N_("in {line!r}", line=line.text[:60]))


def _breadcrumb(page: Page) -> Iterator[Suggestion]:
    words = words_of(page.profile)
    for line in page.lines:
        if line.size <= 200 and not words.breadcrumb.match(line.text) and (match := _TRAIL.match(line.text)):
            label = match["label"].strip(" _")
            if label and not _MENU_STOP.search(label):
                yield Suggestion("breadcrumb", label, N_("in {line!r}", line=line.text[:60]))


def _labels(page: Page) -> Iterator[Suggestion]:
    for pair in unclaimed_pairs(page):
        shown = N_("line {number:d} prints {text!r}", number=pair.line, text=f"{pair.label}:{pair.value}")
        if pair.is_date:
            yield Suggestion("labels.date", pair.label, shown)
        elif _OFFICE.search(pair.value):
            yield Suggestion("labels.source", pair.label, N_("{line}: possibly a source", line=shown))
        elif _NAME.fullmatch(pair.value):
            yield Suggestion("labels.author", pair.label, N_("{line}: possibly an author", line=shown))
        else:
            yield Suggestion("labels.other", pair.label, N_("{line}: not a field of the record", line=shown))


def _sections(page: Page) -> Iterator[Suggestion]:
    known = page.profile.section_names | set(page.profile.sections)
    section = page.section
    if (
        section
        and section not in known
        and section not in NO_STEP
        and len(section) <= 12
        and page.kind in ("listing", "article")
    ):
        in_crumb = page.structure is not None and page.structure.breadcrumb is not None
        why = N_("named in the breadcrumb") if in_crumb else N_("named in the heading")
        yield Suggestion("sections", section, why)
    for menu in menus(page.lines):
        if len([name for name in menu if name in known]) >= (2 if known else 0):
            for name in menu:
                if name not in known:
                    yield Suggestion("sections", name, N_("in the menu {names} …", names=" ".join(menu[:5])))


def menus(lines: Sequence[Line]) -> list[list[str]]:
    """Runs of short links to different places: in one line, or one per line."""
    found: list[list[str]] = []
    run: list[str] = []
    for line in lines:
        names = [anchor.text for anchor in line.anchors if _MENU_ITEM.fullmatch(anchor.text)]
        if line.anchors and line.linked >= 0.5 * line.size and len(names) >= 0.6 * len(line.anchors):
            run += [name for name in names if not _MENU_STOP.search(name)]
            continue
        if line.text:
            found.append(run)
            run = []
    found.append(run)
    return [list(dict.fromkeys(menu)) for menu in found if len(set(menu)) >= MENU]
