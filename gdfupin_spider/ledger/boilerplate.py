"""The boilerplate check: lines that recur in many bodies, and titles in listings that differ from the article's.

It needs a whole crawl. Its results are for people: they are in the report and do not change what is read.

- A line that many bodies have, up to its digits, is boilerplate that was not removed, or a signature. If listings and home
  pages print it as well, it is boilerplate, so fewer articles are enough.
- The titles of a listing row and of its article agree if one begins with or contains the other: listings cut titles, with
  `…` or without, inner quotes end `title` attributes early, and dates are appended without a space.

Memory is bounded: lines are counted by hash, and counts of lines that have become rare are dropped; at most REMEMBERED
unmatched rows and titles are kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

from ..items import Article, Kind
from ..pages import Page, identity_key
from ..pages.listing.title_match import agrees
from ..profiles import Profile
from ..storage.counts import BoilerplateCheck, RecurringLine, RecurringLines, TitleCheck, TitleDifference

EDGE = 6
"""Of a long body only this number of lines at each end, and as many again next to them, are counted."""
FIRST, LAST = 2, 4
"""Lines at the ends of a body that count where only its ends do."""
KEPT = 8192
"""Maximum number of different lines that are counted at once."""
REMEMBERED = 20_000
"""Maximum number of listing rows still unmatched to an article, and of articles unmatched to a row."""
MIN_ARTICLES = 5
"""Minimum number of articles that have a recurring line."""
MIN_SHARE, MIN_SHORT_SHARE = 0.05, 0.25
"""Minimum share of all articles; the second for lines below SHORT characters, which also recur in genuine texts."""
SHORT = 8
MIN_ELSEWHERE = 3
"""This number of articles is enough for a line that the same number of listings and home pages print, too."""
EXAMPLES = 10
_DIGITS = re.compile(r"\d+")
_SENTENCE_ENDS = tuple("。！？”")
_WORDLESS = re.compile(r"[\W\d_]+")


def key(line: str) -> int | None:
    """The key by which a line is counted: a hash without white space; None for lines with too few words.

    Digits are ignored, as counters differ in nothing else, but not in sentences.

    >>> key("您是第1234位访客") == key("您是第 99 位访客"), key("2013年3月5日"), key("***")
    (True, None, None)
    """
    text = "".join(line.split())
    if text[-1:] not in _SENTENCE_ENDS:
        text = _DIGITS.sub("0", text)
    if len(text) < 16:
        words = _WORDLESS.sub("", text)
        if len(words) < 2 or ("0" in text and len(words) < 4):
            return None
    return number_of(text)


def number_of(text: str) -> int:
    """A hash of a text that is the same in every process, unlike that of Python.

    >>> number_of("扶贫")
    9273792308865678739
    """
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def printed_keys(page: Page) -> frozenset[int]:
    """The keys of the lines that a listing or home page prints; none of other pages."""
    if page.kind not in ("listing", "home"):
        return frozenset()
    return frozenset(number for line in page.lines if not line.linked and (number := key(line.text)) is not None)


def body_keys(article: Article, *, ends_only: bool = False) -> dict[int, str]:
    """The lines of a body that are counted, by key, without names of attachments: those near its ends, or with `ends_only`
    only the first and last ones, where template lines are. A line between them may be a heading that many texts have."""
    lines = article.body.split("\n")
    if ends_only:
        lines = lines if len(lines) <= FIRST + LAST else lines[:FIRST] + lines[-LAST:]
    elif len(lines) > 4 * EDGE:
        lines = lines[: 2 * EDGE] + lines[-2 * EDGE :]
    names = {file.name for file in article.attachments}
    return {number: line for line in lines if line not in names and (number := key(line)) is not None}


class Row(Protocol):
    """What is asked of a row."""

    @property
    def url(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def title(self) -> str | None: ...


@dataclass(slots=True)
class LineCount:
    """The count of one line."""

    count: int
    missed: int
    """Maximum number of occurrences before the line was counted."""
    line: str = ""
    url: str = ""


class LineCounter:
    """Counts lines by key in bounded memory (lossy counting); a frequent line is never lost."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept, self._floor = kept, 0
        self._lines: dict[int, LineCount] = {}

    def add(self, number: int, line: str = "", url: str = "") -> None:
        """Counts a line. Its text and URL are kept at the third occurrence."""
        seen = self._lines.get(number)
        if seen is None:
            if len(self._lines) >= self._kept:
                self._prune()
            self._lines[number] = LineCount(1, self._floor)
            return
        seen.count += 1
        if seen.count == MIN_ELSEWHERE:
            seen.line, seen.url = line[:120], url

    def _prune(self) -> None:
        """Drops rare lines, with a threshold that only grows, until half of the room is free."""
        while len(self._lines) > self._kept // 2:
            self._floor += 1
            self._lines = {
                number: seen for number, seen in self._lines.items() if seen.count + seen.missed > self._floor
            }

    def count(self, number: int) -> int:
        """Occurrences of a line, as far as they are still counted."""
        seen = self._lines.get(number)
        return seen.count if seen is not None else 0

    def items(self) -> Iterator[tuple[int, LineCount]]:
        yield from self._lines.items()


class BoilerplateChecker:
    """Takes each article, listing and home page of a crawl once."""

    def __init__(self, profile: Profile, *, ends_only: bool = False) -> None:
        """`ends_only`: of bodies only the first and last lines count."""
        self._ends_only = ends_only
        self._names = {
            number_of("".join(name.split())) for name in (*profile.identity, profile.title, *profile.section_names)
        }
        self.articles = 0
        self._bodies, self._elsewhere = LineCounter(), LineCounter()
        self._rows: dict[int, tuple[str, str]] = {}
        self._titles: dict[int, str] = {}
        self._disagreeing: set[int] = set()
        self.compared = 0
        """Rows."""
        self.disagreements: list[TitleDifference] = []

    def article(self, article: Article) -> None:
        """Takes an article line."""
        self.articles += 1
        for number, line in body_keys(article, ends_only=self._ends_only).items():
            self._bodies.add(number, line, article.url)
        place = number_of(identity_key(article.url))
        if len(self._titles) < REMEMBERED:
            self._titles[place] = article.title[:60]
        if (row := self._rows.pop(place, None)) is not None:
            self._compare(place, article.url, row, article.title)

    def page(self, kind: Kind, printed: Iterable[int], rows: Iterable[Row]) -> None:
        """Takes a page that is not an article: its `printed_keys` and rows. Only listings and home pages matter."""
        if kind not in ("listing", "home"):
            return
        for number in printed:
            self._elsewhere.add(number)
        for row in rows:
            place = number_of(identity_key(row.url))
            if (title := self._titles.get(place)) is not None:
                self._compare(place, row.url, (row.text[:60], (row.title or "")[:60]), title)
            elif len(self._rows) < REMEMBERED:
                self._rows.setdefault(place, (row.text[:60], (row.title or "")[:60]))

    def _compare(self, place: int, url: str, row: tuple[str, str], title: str) -> None:
        titles = [listed for listed in row if listed]
        if not titles:
            return
        self.compared += 1
        if place not in self._disagreeing and not any(agrees(listed, title) for listed in titles):
            self._disagreeing.add(place)
            if len(self.disagreements) < EXAMPLES:
                self.disagreements.append(TitleDifference(url, titles[-1], title))

    def disagrees(self, url: str) -> bool:
        """Whether a listing row has another title for this article."""
        return number_of(identity_key(url)) in self._disagreeing

    def recurring(self) -> list[RecurringLine]:
        """Lines that recur in bodies, the most frequent first."""
        found = []
        for number, seen in self._bodies.items():
            if seen.count < MIN_ELSEWHERE:
                continue
            share, elsewhere = seen.count / self.articles, self._elsewhere.count(number)
            short = len("".join(seen.line.split())) < SHORT or number in self._names
            often = seen.count >= MIN_ARTICLES and share >= (MIN_SHORT_SHARE if short else MIN_SHARE)
            if often or (elsewhere >= MIN_ELSEWHERE and number not in self._names):
                found.append(RecurringLine(seen.line, seen.count, round(share, 3), elsewhere, seen.url))
        return sorted(found, key=lambda one: (-one.articles, one.line))

    def result(self) -> BoilerplateCheck:
        """Counts and examples until now."""
        lines = self.recurring()
        return BoilerplateCheck(
            self.articles,
            RecurringLines(len(lines), tuple(lines[:EXAMPLES])),
            TitleCheck(self.compared, len(self._disagreeing), tuple(self.disagreements)),
        )
