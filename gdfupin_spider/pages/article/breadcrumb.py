"""The breadcrumb (`当前位置:首页->>扶贫前沿->>扶贫要闻`), in the forms that such sites print."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..dom.document import Line
from ..rule import PatternRule, Rule, WordRule
from ..words import Words

_ARROWS = PatternRule(
    "crumb-arrows",
    "Steps of a breadcrumb are separated by signs that no name has: `->>`, `>`, `»`, `》`, `::`.",
    r"\s*(?:[-—=]*[>》»›→＞]+|::|\|)\s*",
    pages="gdfupin/breadcrumb-arrows-without-label gdfupin/body-with-upper-case-and-unquoted",
)
_ARROWS_BUT_BRACKETS = PatternRule(
    "crumb-with-quoted-title",
    "In a breadcrumb with a title in `《》`, the sign `》` is no separator.",
    r"\s*(?:[-—=]*[>»›→＞]+|::|\|)\s*",
    pages="gdfupin/breadcrumb-with-a-title-in-book-brackets",
)
_SLASH = PatternRule(
    "crumb-slash",
    "Without arrows, a slash separates the steps of a breadcrumb: `首页 / 扶贫要闻`.",
    r"\s*[/／\\]\s*",
    pages="gdfupin/breadcrumb-slash gdfupin/breadcrumb-of-links-without-label",
)
_DASH = PatternRule(
    "crumb-dash",
    "Without arrows and slashes, a dash separates the steps of a breadcrumb: `首页-扶贫要闻`.",
    r"\s*[-–—]+\s*",
    pages="gdfupin/breadcrumb-linked-step-with-a-dash gdfupin/breadcrumb-name-with-a-dash-between-spaces",
)
_HOME = PatternRule(
    "crumb-home",
    "Names of the home page, the first step of a breadcrumb, which is left out: `首页`, `网站首页`, `Home`.",
    r"^(?:网站|本站|返回|中文|站点|协会|官网|公司)?\s*(?:首\s*页|主\s*页|home|index)(?:页面)?$|^.{2,14}(?:网|站|网站|协会)首\s*页$",
    re.I,
    pages="gdfupin/prose-quotes-an-error-message gdfupin/title-again-as-first-line-of-the-body",
)
_HOME_FIRST = PatternRule(
    "crumb-without-label",
    "A breadcrumb may have no label and begin with the home page: `首页 > 扶贫要闻`.",
    r"^[\s\[【]*(?:网站|本站)?(?:首\s*页|主\s*页)\s*[\]】]?\s*(?:[-—=]*[>》»›→＞]|::)",
    re.I,
    pages="gdfupin/breadcrumb-arrows-without-label",
)
_ROOTS = WordRule(
    "crumb-home-address",
    "A breadcrumb without label may begin with the name of the site as a link to one of these addresses.",
    (
        "/",
        "./",
        "../",
        "../../",
        "index.html",
        "index.htm",
        "index.asp",
        "index.aspx",
        "index.php",
        "index.shtml",
        "default.asp",
        "default.aspx",
        "/index.html",
        "/index.asp",
    ),
    pages="gdfupin/breadcrumb-begins-with-the-site-as-a-link",
)
_PLAIN_TRAIL = PatternRule(
    "crumb-plain-line",
    "A breadcrumb may have neither label nor arrows, if it is a whole line: `首页 - 国家政策`.",
    r"[\s\[【]*(?:网站|本站)?(?:首\s*页|主\s*页)\s*[\]】]?(?:\s*(?:/|-{1,2}|–|—)\s*[^\s/|，。：:–—-]{2,14}){1,4}\s*",
    pages="gdfupin/breadcrumb-plain-line-without-label",
)
_SPACED = PatternRule(
    "crumb-spaced-separator",
    "A dash or slash with spaces around it separates steps; one without may be in a title.",
    r"\s+(?:/|-{1,2}|–|—)\s+",
    pages="gdfupin/breadcrumb-name-with-a-dash-between-spaces",
)
_SHORT_STEP = PatternRule(
    "crumb-short-steps",
    "Behind the links of a breadcrumb a separator is one only between short names; else it is part of a title.",
    r"[^\W\d_]{2,8}",
    pages="gdfupin/breadcrumb-short-steps-behind-a-link",
)
_TRAIL = PatternRule(
    "crumb-of-links",
    "Links with separators, the first to the home page, are a breadcrumb without label.",
    r"[-—=]*[>»›→＞]+|/|::|-",
    pages="gdfupin/breadcrumb-of-links-without-label gdfupin/breadcrumb-begins-with-the-site-as-a-link",
)
NO_STEP = WordRule(
    "crumb-step-of-text",
    "The last step may name the text itself (`正文`, `详细内容`): it is no section.",
    ("正文", "内容", "内容正文", "文章正文", "新闻正文", "详细内容", "详细信息", "查看内容", "浏览文章", "文章内容", "信息内容", "内容页", "详细页", "阅读文章", "新闻内容", "文章详情", "详情", "查看文章", "浏览新闻", "查看新闻", "查看信息", "浏览信息"), pages="gdfupin/breadcrumb-linked-step-with-a-dash gdfupin/breadcrumb-home-by-the-sites-name",)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    """A breadcrumb."""

    first: int
    last: int
    """Indexes of its first and last line."""
    steps: tuple[str, ...]
    """Steps as printed, without the home page and without empty steps."""
    linked: bool
    """True if a step is a link."""

    def section(self, title: str | None, heading: str | None = None) -> str | None:
        """The section: the last step that is not the title, not its first line (`heading`), and not 正文. None without
        one."""
        compact_title = _compact(title or "")
        for step in reversed(self.steps):
            name = _compact(step)
            if (
                name
                and step not in NO_STEP.words
                and name not in (compact_title, _compact(heading or ""))
                and not (len(name) > 8 and compact_title.startswith(name.rstrip(".…")))
            ):
                return step
        return None


def find_breadcrumbs(lines: Sequence[Line], words: Words, end: int | None = None) -> list[Breadcrumb]:
    """All breadcrumbs of a page, in page order."""
    found: list[Breadcrumb] = []
    at, stop = 0, len(lines) if end is None else end
    labelled, may_be_labelled = words.breadcrumb.match, words.may_be_breadcrumb
    while at < stop:
        line = lines[at]
        text = line.text
        if 2 <= line.size <= 200 and (
            (match := labelled(text) if may_be_labelled(text) else None)
            or ("页" in text and (_HOME_FIRST.match(text) or (line.size <= 60 and _is_plain_trail(line))))
            or (0 < line.linked < line.size and _is_trail(line))
        ):
            crumb = _read(lines, at, match.end() if match else 0, words)
            if crumb is not None:
                found.append(crumb)
                at = crumb.last
        at += 1
    return found


def is_home(step: str) -> bool:
    """True if a step names the home page."""
    return _HOME.match(step) is not None


def _is_plain_trail(line: Line) -> bool:
    """True if a line is a breadcrumb without label and arrows that is not a menu: its last step is no link."""
    return _PLAIN_TRAIL.fullmatch(line.text) is not None and not (
        line.anchors and line.text.endswith(line.anchors[-1].text)
    )


def _is_trail(line: Line) -> bool:
    """True if a line is a breadcrumb without label: links divided by separators, the first to the home page."""
    if not line.anchors or len(line.anchors) > 6 or line.size > 120 or not line.text.startswith(line.anchors[0].text):
        return False
    home = line.anchors[0]
    if not (_HOME.match(home.text) or home.attribute("href").strip() in _ROOTS.words):
        return False
    between = line.text[len(home.text) :].lstrip()
    separator = _TRAIL.match(between)
    return (
        separator is not None
        and "|" not in separator[0]
        and (len(line.anchors) > 1 or _ARROWS.match(between) is not None)
    )


def _read(lines: Sequence[Line], at: int, label_end: int, words: Words) -> Breadcrumb | None:
    line = lines[at]
    rest = line.text[label_end:].strip(" :：[]【】")
    last = at
    if not _separated(rest) and len(line.anchors) < 2:
        # The steps are in cells or items of their own, in one row or block with the label.
        row = line.block.inside("tr") or line.block.parent
        pieces = [rest]
        while (
            row is not None
            and last + 1 < min(row.end, at + 14)
            and lines[last + 1].size <= 40
            and (lines[last + 1].text or not lines[last + 1].images)
            and not words.breadcrumb.match(lines[last + 1].text)
        ):
            last += 1
            pieces.append(lines[last].text)
        joined = " ".join(pieces).strip()
        if not _separated(joined):
            joined, last = rest, at
        rest = joined
    anchors = [anchor for number in range(at, last + 1) for anchor in lines[number].anchors]
    steps, separated = split(rest, [anchor.text for anchor in anchors])
    if not separated and label_end and len(anchors) >= 2:
        steps, separated = _by_links(rest, [anchor.text for anchor in anchors]), True  # the separators are pictures
    home = bool(steps) and (
        bool(_HOME.match(steps[0]))
        or steps[0] == words.site
        or (bool(anchors) and anchors[0].text == steps[0] and anchors[0].attribute("href").strip() in _ROOTS.words)
    )
    if not separated and not (home or (label_end and (line.anchors and len(rest) <= 40))):
        return None
    if len(rest) > 160 or (sum(map(len, steps)) == 0 and not separated):
        return None
    return Breadcrumb(
        at, last, tuple(steps[1:] if home else steps), any(lines[number].linked for number in range(at, last + 1))
    )


_CRUMB_BRACKETS = Rule(
    "crumb-brackets",
    "Brackets around a step or a whole breadcrumb do not belong to names: `[首页]`.",
    pages="gdfupin/breadcrumb-steps-in-brackets",
)


def _unbracketed(step: str) -> str:
    """A step without an unpaired bracket (`[首页`, `正文]`) and without a pair of brackets around it."""
    if not _CRUMB_BRACKETS.on:
        return step
    for opening, closing in ("[]", "【】"):
        if step.count(opening) != step.count(closing):
            step = step.strip(opening + closing)
        elif step.startswith(opening) and step.endswith(closing) and step.count(opening) == 1:
            step = step[1:-1]
    return step.strip()


_CRUMB_BY_PICTURES = Rule(
    "crumb-by-pictures",
    "Where pictures separate the steps, each link is a step.",
    pages="gdfupin/breadcrumb-separators-are-pictures",
)


def _by_links(text: str, links: Sequence[str]) -> list[str]:
    """The steps of a line that is divided only by its links."""
    if not _CRUMB_BY_PICTURES.on:
        return []
    steps = []
    for link in links:
        before, found, after = text.partition(link)
        if found:
            steps += [before.strip(), link]
            text = after
    return [step for step in (*steps, text.strip()) if step]


def _separated(text: str) -> bool:
    return bool(_ARROWS.search(text) or _SLASH.search(text) or _DASH.search(text))


def split(text: str, links: Sequence[str] = ()) -> tuple[list[str], bool]:
    """The steps of the text of a breadcrumb, and whether it has a separator.

    A name that contains a separator (a title with a dash) stays whole if it is a link, or if the text has a stronger
    separator.

    >>> split("首页->>扶贫前沿->>扶贫要闻")
    (['首页', '扶贫前沿', '扶贫要闻'], True)
    >>> split("首页-新闻中心-2019-2020年工作总结", ["首页", "新闻中心"])
    (['首页', '新闻中心', '2019-2020年工作总结'], True)
    >>> split("首页 / 新闻中心 / 本县要闻", ["首页", "本县要闻"])
    (['首页', '新闻中心', '本县要闻'], True)
    """
    arrows = _ARROWS_BUT_BRACKETS if "《" in text else _ARROWS
    for pattern in (arrows, _SLASH, _DASH):
        if not pattern.search(text):
            continue
        pieces = pattern.split(text) if pattern is arrows or not links else _split_beside_links(pattern, text, links)
        return [step for piece in pieces if (step := _unbracketed(piece.strip(" :：")))], True
    return ([text] if text else []), False


_CRUMB_LINKS_STAY_WHOLE = Rule(
    "crumb-links-stay-whole",
    "A linked step stays whole, although its name has a dash or slash.",
    pages="gdfupin/breadcrumb-linked-step-with-a-dash gdfupin/breadcrumb-name-with-a-dash-between-spaces",
)


def _split_beside_links(pattern: PatternRule[str], text: str, links: Sequence[str]) -> list[str]:
    """The steps of a text with a separator that names may contain: links stay whole, and so does a title behind them."""
    if not _CRUMB_LINKS_STAY_WHOLE.on:
        return pattern.split(text)
    pieces: list[str] = []
    rest = text
    for link in filter(None, links):
        before, found, after = rest.partition(link)
        steps = [step for step in pattern.split(before) if step.strip()]
        if found and not steps:
            pieces.append(link)
            rest = after
    if not pieces:
        return pattern.split(rest)
    separator = pattern.match(rest)
    rest = rest[separator.end() :] if separator else rest
    spaced = separator is not None and _SPACED.fullmatch(separator[0]) is not None
    steps = _SPACED.split(rest) if spaced else pattern.split(rest)
    return pieces + (steps if spaced or all(map(_SHORT_STEP.fullmatch, steps)) else [rest])


def _compact(text: str) -> str:
    return re.sub(r"\s+", "", text)
