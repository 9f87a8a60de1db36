"""What links print about the pages they lead to: titles and dates, collected from all pages of a crawl.

A row of a listing prints the title, and often the date, of the article it links to. Such labels are free, and noisy:
rows cut titles, print 详情, or belong to another row. A text that is printed for several pages is no title, nor is one
on most pages of the site, as in a menu.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..links.urls import identity_key
from ..page import Page
from ..text import dates
from ..text.compared import plain

_BULLETS = re.compile(r"^[\s·•■◆●○□▪►▶>»›*※☆★\-–—|]+")
_BRACKETED = re.compile(r"^[\[【(（](?:图文?|组图|图片|视频|置顶|推荐|热|new|最新)[\]】)）]\s*", re.I)
"""A mark before the title in a row, such as `[图文]`."""
_CUT = re.compile(r"(?:\.{2,}|…+|。{2,})\s*$")
_HEADING = re.compile(r"^[^:]{1,6}:")
_ENDING = re.compile(r"[\[(【][^\[\]()【】]{1,20}[\])】]$")
SHORTEST = 4
"""Characters below which a text is too common to be a label."""
TARGETS = 2
"""Pages that one text may lead to: an article under two addresses."""
CUT = 0.3
"""Share of texts with one and the same greatest length from which on rows cut titles."""
MENU = 0.3
"""Share of all pages from which a link is a menu, unless it is a row of a listing with a date beside it."""
LISTED_MENU = 0.8
"""The same for a row without a date: a box of popular articles may be on all pages of a small site."""


@dataclass(frozen=True, slots=True)
class Label:
    """What links print about one page."""

    titles: tuple[tuple[str, bool], ...]
    """Texts as `plain` gives them, the most frequent first, and whether the end was cut off."""
    days: tuple[str, ...]
    """Dates as `YYYY-MM-DD` beside these links, the most frequent first."""
    listed: bool = False
    """Whether a row of a listing leads to the page."""

    def agrees(self, text: str) -> int:
        """2: the text equals a title; 1: it begins with one that was cut off; 0: neither. `text` as `plain` gives it."""
        for title, cut in self.titles:
            if text == title:
                return 2
            if cut and len(text) > len(title) and text.startswith(title):
                return 1
        return 0


NOTHING = Label((), ())


@dataclass(slots=True)
class LinkTitles:
    """Collects what the links of pages print. The order of the pages does not matter."""

    pages: int = 0
    _titles: defaultdict[str, Counter[tuple[str, bool]]] = field(default_factory=lambda: defaultdict(Counter))
    _days: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _targets: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _linked: Counter[str] = field(default_factory=Counter)
    _lengths: Counter[int] = field(default_factory=Counter)
    _listed: set[str] = field(default_factory=set)

    def add(self, page: Page) -> None:
        """Collects from one page. Its own address does not count."""
        self.pages += 1
        own = identity_key(page.capture.url)
        seen: set[str] = set()
        rows = {row.url: row for row in page.rows}
        self._listed.update(identity_key(url) for url in rows)
        for link in (*page.links, *page.rows):  # a row counts twice: it is better evidence than any other link
            key = identity_key(link.url)
            if key == own:
                continue
            if key not in seen:
                seen.add(key)
                self._linked[key] += 1
            for text in {link.text, link.title or ""}:
                for label in labels_in(text):
                    self._titles[key][label] += 1
                    self._lengths[len(label[0])] += not label[1]
                    targets = self._targets[label[0]]
                    if len(targets) <= TARGETS:
                        targets.add(key)
            if link.url in rows and (day := rows[link.url].date):
                self._days[key][day] += 1

    @property
    def _width(self) -> int | None:
        """The length at which rows cut titles without dots; None where they do not: no text is longer, and many have it."""
        longest = max(self._lengths, default=0)
        return longest if self._lengths[longest] >= max(10, CUT * self._lengths.total()) else None

    def of(self, url: str) -> Label:
        """The label of a page; `NOTHING` if no link has a usable text."""
        key = identity_key(url)
        most = 1 if key in self._days else LISTED_MENU if key in self._listed else MENU
        if self._linked[key] > max(3, most * self.pages):
            return NOTHING
        titles = [
            (label, count)
            for label, count in self._titles.get(key, {}).items()
            if len(self._targets[label[0]]) <= TARGETS
        ]
        titles.sort(key=lambda one: (-one[1], one[0]))
        titles = [((text, cut or len(text) == self._width), count) for (text, cut), count in titles]
        days = sorted(self._days.get(key, {}).items(), key=lambda one: (-one[1], one[0]))
        return Label(tuple(label for label, _ in titles[:6]), tuple(day for day, _ in days[:3]), key in self._listed)


def labels_in(text: str) -> list[tuple[str, bool]]:
    """A link's text as a label; and once more without a short heading (`上一页:`) or a bracketed ending, which may be
    words of the listing or of the title.

    >>> labels_in("下一页：省扶贫办召开会议"), labels_in("省扶贫办召开会议[查看]")
    ([('下一页:省扶贫办召开会议', False), ('省扶贫办召开会议', False)], [('省扶贫办召开会议[查看]', False), ('省扶贫办召开会议', False)])
    """
    label = cleaned(text)
    if label is None:
        return []
    short = _ENDING.sub("", _HEADING.sub("", label[0]))
    return [label, (short, label[1])] if short != label[0] and len(short) >= SHORTEST else [label]


def cleaned(text: str) -> tuple[str, bool] | None:
    """A link's text as a label, and whether its end was cut off; None where it is too short.

    >>> cleaned("·[图文] 省扶贫办召开会…  [2019-3-5]")
    ('省扶贫办召开会', True)
    """
    text = _BRACKETED.sub("", _BULLETS.sub("", text))
    date = dates.find_date(text) if "20" in text or "19" in text else None
    if date is not None:
        before, after = text[: date.start].rstrip(" [【(（"), text[date.end :].lstrip(" ]】)）")
        if not before or not after:
            text = before or after
    text = _BULLETS.sub("", text)
    short = _CUT.sub("", text)
    label = plain(short)
    return (label, len(short) < len(text)) if len(label) >= SHORTEST else None


def common_ending(titles: Iterable[str]) -> str:
    """The ending that most `<title>` texts share (`_广东扶贫网`), which is no part of their titles."""
    texts = sorted({plain(title) for title in titles if title})
    if len(texts) < 3:
        return ""
    endings: Counter[str] = Counter()
    for text in texts:
        for size in range(1, min(len(text), 40)):
            endings[text[-size:]] += 1
    common = [ending for ending, count in endings.items() if count >= 0.8 * len(texts)]
    return max(common, key=len, default="")
