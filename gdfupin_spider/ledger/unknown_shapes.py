"""Address patterns whose pages came out `unknown`: a gap that no single page shows.

One page that is neither article nor listing may be a form or a menu. More than ten with one address pattern are made by a
template that the reader does not understand, perhaps that of all articles. A pattern is reported once, at the end of a crawl
and of a reading, with the number of its pages and an example.
"""

from collections import Counter, defaultdict

from ..items import Issue, Proof
from ..messages.text import N_
from ..pages.layouts.shape import shape
from ..profiles import Profile
from ..storage.counts import UnknownShape
from .page_facts import PageFacts

NAME = "unknown-shape"
MANY = 10
"""A pattern is reported if more of its pages than this are unknown, with as many different texts: the months of a calendar and
the pages of a form differ in numbers and links only, and hold nothing."""
SHARE = 0.2
"""Minimum share of unknown pages among all pages with the pattern: one odd article in ten is reported by its own issue."""


class UnknownShapes:
    """Counts the unknown pages of each address pattern of one crawl or reading."""

    def __init__(self, profile: Profile) -> None:
        self._other = frozenset(profile.other_urls)
        self._pages: Counter[str] = Counter()
        self._unknown: Counter[str] = Counter()
        self._texts: defaultdict[str, set[int]] = defaultdict(set)
        """By pattern: hashes of different texts, at most one more than MANY."""
        self._examples: dict[str, tuple[str, Proof]] = {}

    def add(self, page: PageFacts) -> None:
        """Counts a judged page."""
        if page.kind not in ("article", "listing", "unknown"):
            return
        pattern = shape(page.capture.url)
        self._pages[pattern] += 1
        if pattern in self._other or page.own_text is None:
            return
        self._unknown[pattern] += 1
        if len(self._texts[pattern]) <= MANY:
            self._texts[pattern].add(page.own_text)
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
                N_(
                    "{unknown:d} of {pages:d} pages with addresses like {shape} are neither article nor listing, for example "
                    "this one; next: `gdfupin probe --crawl latest`",
                    unknown=found.unknown,
                    pages=found.pages,
                    shape=found.shape,
                ),
                self._examples[found.shape][1],
            )
            for found in self.found()
        ]
