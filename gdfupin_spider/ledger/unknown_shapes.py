"""Address patterns whose pages came out `unknown`: a gap that no single page shows.

One page that is neither article nor listing may be a form or a menu. More than ten with one address pattern are made by a
template that the reader does not understand, perhaps that of all articles. A pattern is reported once, at the end of a crawl
and of a reading, with the number of its pages and an example.
"""

from collections import Counter, defaultdict

from ..items import Issue, Proof
from ..pages import Page
from ..pages.layouts.shape import shape
from ..pages.text.compared import plain, without_digits
from ..profiles import Profile
from ..storage.counts import UnknownShape

NAME = "unknown-shape"
MANY = 10
"""A pattern is reported if more of its pages than this are unknown, with as many different texts: the months of a calendar and
the pages of a form differ in numbers and links only, and hold nothing."""
SHARE = 0.2
"""Minimum share of unknown pages among all pages with the pattern: one odd article in ten is reported by its own issue."""


def is_unknown(page: Page) -> bool:
    """Whether a page has content that was not understood. Error statuses, messages, frames and empty pages are
    understood.

    `structure` is None where the kind was decided before the parts of an article were looked for.
    """
    if page.kind != "unknown" or page.capture.status != 200 or page.structure is None:
        return False
    return bool(page.lines) and not any(link.role in ("frame", "refresh") for link in page.links)


def _own_text(page: Page) -> int:
    """A hash of the lines of a page that are not mostly links, without digits."""
    lines = (line.text for line in page.lines if line.linked < 0.5 * line.size)
    return hash(without_digits(plain("".join(lines))))


class UnknownShapes:
    """Counts the unknown pages of each address pattern of one crawl or reading."""

    def __init__(self, profile: Profile) -> None:
        self._other = frozenset(profile.other_urls)
        self._pages: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._texts: defaultdict[str, set[int]] = defaultdict(set)
        """By pattern: hashes of different texts, at most one more than MANY."""
        self._examples: dict[str, tuple[str, Proof]] = {}

    def add(self, page: Page) -> None:
        """Counts a judged page."""
        if page.kind not in ("article", "listing", "unknown"):
            return
        pattern = shape(page.capture.url)
        self._pages[pattern] += 1
        if pattern in self._other or not is_unknown(page):
            return
        self._unknown[pattern] += 1
        if len(self._texts[pattern]) <= MANY:
            self._texts[pattern].add(_own_text(page))
        example = (page.capture.url, page.capture.proof)
        known = self._examples.get(pattern)
        if known is None or example[0] < known[0]:
            self._examples[pattern] = example

    def found(self) -> list[UnknownShape]:
        """The patterns to report, by pattern."""
        return [
            UnknownShape(pattern, count, self._pages[pattern], self._examples[pattern][0])
            for pattern, count in sorted(self._unknown.items())
            if len(self._texts[pattern]) > MANY and count >= SHARE * self._pages[pattern]
        ]

    def issues(self) -> list[Issue]:
        """One refusal for each pattern. Not a failure: the pages were fetched, and to fetch them again does not help."""
        return [
            Issue(
                "refusal",
                NAME,
                found.url,
                f"{found.unknown} of {found.pages} pages with addresses like {found.shape} are neither article nor listing, "
                "for example this one; next: `gdfupin probe --crawl latest`",
                self._examples[found.shape][1],
            )
            for found in self.found()
        ]
