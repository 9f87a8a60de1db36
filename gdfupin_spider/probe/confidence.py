"""How certain the reading of a page is: a measure of doubt, to look at the worst pages first.

The doubt of a page is the sum of these weights (`--worst` sorts by it):

    refused          100  the article was refused
    promised          60  a listing links here as to an article, but it is none
    titles            20  a listing has another title, not just a cut one
    no-info           20  an article without byline
    unclaimed         15  a label on the byline that is unknown, each
    recurring         15  a line of the body that many bodies have, each
    no-date           12  no date, or an impossible one
    no-body           12  a body of pictures or files only
    replaced          10  U+FFFD in the record
    unsure            10  little evidence for the byline (a score below 4)
    short             10  a body of fewer than 60 characters
    no-breadcrumb      8  no breadcrumb
    landmark           8  a line of the body that looks like a landmark, each
    no-source          6  no source
    broken-bytes       5  the page had bytes that could not be decoded
    override           5  an override of the profile that found nothing, each
    brief              3  a body of fewer than 200 characters

A doubt that more than half of the articles of a crawl share is about the site or the profile, not about the page. It
then counts a tenth, and the overview names it once.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..items import Article, Issue
from ..messages.record_words import word
from ..messages.text import COLON, N_, joined
from ..pages import Page
from ..pages.words import words_of
from .landmarks import is_label, unclaimed_pairs

WEIGHTS = {
    "refused": 100,
    "promised": 60,
    "titles": 20,
    "no-info": 20,
    "unclaimed": 15,
    "recurring": 15,
    "no-date": 12,
    "no-body": 12,
    "replaced": 10,
    "unsure": 10,
    "short": 10,
    "no-breadcrumb": 8,
    "landmark": 8,
    "no-source": 6,
    "broken-bytes": 5,
    "override": 5,
    "brief": 3,
}
NEVER_COMMON = frozenset(("refused", "promised"))
"""These keep their full weight, however many pages share them."""
MOST_EACH = 3
"""Maximum number of times that one kind of doubt counts on one page."""


_LABEL = re.compile(r"(\S{2,8})\s*[:：]")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to doubt the reading of a page."""

    name: str
    evidence: str

    @property
    def weight(self) -> int:
        return WEIGHTS[self.name]


def of_article(page: Page, article: Article, issues: Iterable[Issue]) -> tuple[Doubt, ...]:
    """The doubts about an article, as far as its own page shows them."""
    return tuple(_of_article(page, article, issues))


def _of_article(page: Page, article: Article, issues: Iterable[Issue]) -> Iterator[Doubt]:
    structure = page.structure
    for pair in unclaimed_pairs(page)[:MOST_EACH]:
        yield Doubt("unclaimed", f"{pair.label}:{pair.value}")
    what = {issue.what: issue for issue in issues}
    if structure is not None and structure.byline is None and "body" not in structure.overridden:
        yield Doubt("no-info", N_("neither a label nor a date beside the title"))
    elif structure is not None and structure.score < 4:
        yield Doubt("unsure", article.info_line or "")
    if article.date is None:
        yield Doubt("no-date", what["impossible-date"].evidence if "impossible-date" in what else N_("none is printed"))
    if article.source is None:
        yield Doubt("no-source", article.info_line or N_("no info line"))
    if not article.breadcrumb:
        yield Doubt("no-breadcrumb", N_("none, or one without steps"))
    if not article.body:
        yield Doubt(
            "no-body",
            N_("{pictures:d} pictures, {files:d} files", pictures=len(article.images), files=len(article.attachments)),
        )
    elif len(article.body) < 60:
        yield Doubt("short", N_("{size:d} characters", size=len(article.body)))
    elif len(article.body) < 200:
        yield Doubt("brief", N_("{size:d} characters", size=len(article.body)))
    text = "\n".join(filter(None, (article.title, article.source, article.author, article.info_line, article.body)))
    if "\ufffd" in text:
        at = text.index("\ufffd")
        where = text[max(0, at - 10) : at + 10]
        yield Doubt("replaced", N_("{times:d} times, first in {text!r}", times=text.count("\ufffd"), text=where))
    if "broken-bytes" in what:
        yield Doubt("broken-bytes", what["broken-bytes"].evidence)
    for line in _like_landmarks(page, article)[:MOST_EACH]:
        yield Doubt("landmark", line[:60])
    for issue in [issue for issue in issues if issue.what == "override-finds-nothing"][:MOST_EACH]:
        yield Doubt("override", issue.evidence)


def _like_landmarks(page: Page, article: Article) -> list[str]:
    """Short lines of the body that begin like a byline, a breadcrumb or the footer."""
    words = words_of(page.profile)
    patterns = (words.breadcrumb, words.editor, *([words.own_end] if words.own_end else []))
    return [
        line
        for line in article.body.split("\n")
        if len(line) <= 60
        and (
            any(pattern.match(line) for pattern in patterns)
            or words.footer.search(line)
            or ((label := _LABEL.match(line)) and is_label(label[1], words))
        )
    ]


def of_refused(issues: Iterable[Issue]) -> tuple[Doubt, ...]:
    """The doubts about a page that was refused as an article."""
    return tuple(
        Doubt("refused", joined((word(issue.what), issue.evidence), COLON))
        for issue in issues
        if issue.level == "refusal"
    )


def total_doubt(doubts: Iterable[Doubt], common: frozenset[str] = frozenset()) -> float:
    """The sum of a page's doubts; those in `common` count a tenth.

    >>> total_doubt([Doubt("no-source", ""), Doubt("no-date", "")], frozenset(("no-source",)))
    12.6
    """
    return round(sum(doubt.weight * (0.1 if doubt.name in common else 1.0) for doubt in doubts), 1)


def common_doubts(pages: Sequence[frozenset[str]]) -> frozenset[str]:
    """The doubts that more than half of the articles share; none in a crawl of fewer than four."""
    if len(pages) < 4:
        return frozenset()
    counts = Counter(name for names in pages for name in names)
    return frozenset(name for name, n in counts.items() if n > len(pages) / 2) - NEVER_COMMON
