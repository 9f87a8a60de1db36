"""What a whole crawl tells that one page cannot: template taken for text, and listings that disagree with pages.

Both are checks for people: they stand in the report and change nothing that is read.

- A line that is the same (but for its digits) in the bodies of many articles is template that was not cut, or a
  signature. What stands on listings and home pages too is template for sure, so fewer articles are enough.
- A listing's title and its page's title agree where one begins with or holds the other: listings cut titles, with `…`
  or without, inner quotes cut `title` attributes, and dates are glued to them.

Memory is bounded: lines are counted by hash, and of those that have become rare compared with the rest the count is
forgotten; rows and titles are remembered up to REMEMBERED.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..items import Article
from ..pages import Page, identity_key
from ..pages.listing.title_match import agrees
from ..profiles import Profile
from ..storage.report import BoilerplateCheck, RecurringLine, RecurringLines, TitleCheck, TitleDifference

EDGE = 6
"""Lines at each end of a body that are looked at, and as many again towards its middle."""
KEPT = 8192
"""Different lines that are counted at once."""
REMEMBERED = 20_000
"""Rows whose article has not come, and articles whose row has not: so many of each."""
ENOUGH = 5
"""Articles a line must recur in."""
SHARE, SHORT_SHARE = 0.05, 0.25
"""Of all articles; the second for lines of fewer than SHORT characters, which recur in honest texts, too."""
SHORT = 8
ELSEWHERE = 3
"""So many articles are enough for a line that so many pages without an article print as well."""
EXAMPLES = 10
_DIGITS = re.compile(r"\d+")
_SENTENCE_ENDS = tuple("。！？”")
_WORDLESS = re.compile(r"[\W\d_]+")


def key(line: str) -> int | None:
    """What a line is counted by: its hash without white space; None where it says too little to count.

    Counters of a template differ in their digits only; sentences that do are different sentences.

    >>> key("您是第1234位访客") == key("您是第 99 位访客"), key("2013年3月5日"), key("***")
    (True, None, None)
    """
    said = "".join(line.split())
    if said[-1:] not in _SENTENCE_ENDS:
        said = _DIGITS.sub("0", said)
    if len(said) < 16:
        words = _WORDLESS.sub("", said)
        if len(words) < 2 or ("0" in said and len(words) < 4):
            return None
    return hash(said)


def body_keys(article: Article) -> dict[int, str]:
    """The lines of a body that are counted, by key: those at its ends and those nearest to them; no file's name."""
    lines = article.body.split("\n")
    if len(lines) > 4 * EDGE:
        lines = lines[: 2 * EDGE] + lines[-2 * EDGE :]
    names = {file.name for file in article.attachments}
    return {number: line for line in lines if line not in names and (number := key(line)) is not None}


@dataclass(slots=True)
class Counted:
    """One line, as often as it was seen since it is counted."""

    count: int
    missed: int
    """At most so many times before."""
    line: str = ""
    url: str = ""


class Tally:
    """Counts lines, by key; a line that recurs in more than a few of KEPT is never lost, whatever comes between."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept, self._floor = kept, 0
        self._lines: dict[int, Counted] = {}

    def add(self, number: int, line: str = "", url: str = "") -> None:
        """Counts a line; the text is kept from the third time on."""
        seen = self._lines.get(number)
        if seen is None:
            if len(self._lines) >= self._kept:
                self._prune()
            self._lines[number] = Counted(1, self._floor)
            return
        seen.count += 1
        if seen.count == ELSEWHERE:
            seen.line, seen.url = line[:120], url

    def _prune(self) -> None:
        """Forgets what is rare until half is free; how rare that is only grows (lossy counting)."""
        while len(self._lines) > self._kept // 2:
            self._floor += 1
            self._lines = {
                number: seen for number, seen in self._lines.items() if seen.count + seen.missed > self._floor
            }

    def count(self, number: int) -> int:
        """How often a line was seen, as far as it is remembered."""
        seen = self._lines.get(number)
        return seen.count if seen is not None else 0

    def items(self) -> Iterator[tuple[int, Counted]]:
        yield from self._lines.items()


class Leaks:
    """Looks at each article and each listing of a crawl, once."""

    def __init__(self, profile: Profile) -> None:
        self._names = {
            hash("".join(name.split())) for name in (*profile.identity, profile.title, *profile.section_names)
        }
        self.articles = 0
        self._bodies, self._elsewhere = Tally(), Tally()
        self._rows: dict[int, tuple[str, str]] = {}
        self._titles: dict[int, str] = {}
        self._disagreeing: set[int] = set()
        self.compared = 0
        """Rows."""
        self.disagreements: list[TitleDifference] = []

    def article(self, article: Article) -> None:
        """An article that got a line."""
        self.articles += 1
        for number, line in body_keys(article).items():
            self._bodies.add(number, line, article.url)
        place = hash(identity_key(article.url))
        if len(self._titles) < REMEMBERED:
            self._titles[place] = article.title[:60]
        if (row := self._rows.pop(place, None)) is not None:
            self._compare(place, article.url, row, article.title)

    def page(self, page: Page) -> None:
        """A page that is no article."""
        if page.kind not in ("listing", "home"):
            return
        for number in {number for line in page.lines if not line.linked and (number := key(line.text)) is not None}:
            self._elsewhere.add(number)
        for row in page.rows:
            place = hash(identity_key(row.url))
            if (title := self._titles.get(place)) is not None:
                self._compare(place, row.url, (row.text[:60], (row.title or "")[:60]), title)
            elif len(self._rows) < REMEMBERED:
                self._rows.setdefault(place, (row.text[:60], (row.title or "")[:60]))

    def _compare(self, place: int, url: str, row: tuple[str, str], title: str) -> None:
        said = [listed for listed in row if listed]
        if not said:
            return
        self.compared += 1
        if place not in self._disagreeing and not any(agrees(listed, title) for listed in said):
            self._disagreeing.add(place)
            if len(self.disagreements) < EXAMPLES:
                self.disagreements.append(TitleDifference(url, said[-1], title))

    def disagrees(self, url: str) -> bool:
        """Whether some row names this article differently."""
        return hash(identity_key(url)) in self._disagreeing

    def recurring(self) -> list[RecurringLine]:
        """The lines that recur in bodies, most frequent first."""
        found = []
        for number, seen in self._bodies.items():
            if seen.count < ELSEWHERE:
                continue
            share, elsewhere = seen.count / self.articles, self._elsewhere.count(number)
            short = len("".join(seen.line.split())) < SHORT or number in self._names
            often = seen.count >= ENOUGH and share >= (SHORT_SHARE if short else SHARE)
            if often or (elsewhere >= ELSEWHERE and number not in self._names):
                found.append(RecurringLine(seen.line, seen.count, round(share, 3), elsewhere, seen.url))
        return sorted(found, key=lambda one: (-one.articles, one.line))

    def result(self) -> BoilerplateCheck:
        """Counts and examples, as far as articles and listings were seen until now."""
        lines = self.recurring()
        return BoilerplateCheck(
            self.articles,
            RecurringLines(len(lines), tuple(lines[:EXAMPLES])),
            TitleCheck(self.compared, len(self._disagreeing), tuple(self.disagreements)),
        )
