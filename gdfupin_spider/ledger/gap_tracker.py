"""Which gaps a crawl opened, met again, and closed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from .. import pages
from ..items import Issue
from ..pages.layouts.shape import shape
from ..storage.open_gaps import OpenGap, is_kept
from .unknown_shapes import NAME as UNKNOWN_SHAPE

BAD_ANSWERS = frozenset(
    {
        "empty",
        "error-page",
        "no-rows",
        "redirect-loop",
        "cut-off",
        "stalled",
        "timeout",
        "refused",
        "no-address",
        "connection-lost",
    }
)
"""Together with `status-…`: one kind of failure, that of a server or network that is not well. It changes from day to day."""


SITE_PROBLEM = 3
"""Minimum number of failures in a crawl without any article by which the site is not well."""


@dataclass(frozen=True, slots=True)
class GapChanges:
    """The gaps after a crawl, compared with those before it."""

    open: tuple[OpenGap, ...]
    """All that are open now, and what is noted."""
    new: tuple[OpenGap, ...]
    """Those of them that were not open before, or for another reason."""
    healed: tuple[OpenGap, ...]
    """Those before that are closed now."""


class GapTracker:
    """Takes the issues and answers of a running crawl."""

    def __init__(self, before: Iterable[OpenGap] = (), started: str = "") -> None:
        """`before`: the gaps that were open. `started`: start of the crawl; UTC."""
        self._before = {key_of(gap.what, gap.url): gap for gap in before}
        self._started = started
        self._failed: dict[str, Issue] = {}
        self._answered: set[str] = set()

    def issue(self, issue: Issue) -> None:
        """Takes an issue of any level."""
        if is_kept(issue):
            self._failed[key_of(issue.what, issue.url)] = issue

    def answered(self, url: str) -> None:
        """Takes the address of a good response."""
        if self._before or self._failed:
            self._answered.add(pages.identity_key(url))

    def read_again(self, issues: Iterable[Issue]) -> None:
        """Takes the issues of a reading of this crawl in place of its own."""
        self._failed.clear()
        for issue in issues:
            self.issue(issue)

    def changes(
        self,
        *,
        whole: bool = False,
        is_article: Callable[[str], bool] = lambda url: False,
        articles_answered: int | None = None,
    ) -> GapChanges:
        """The result.

        `articles_answered`: requests for articles with a good response; None where nobody counted. Where there were none, and
        several failures, the site is not well: that says nothing about single addresses, so pauses do not grow.
        `whole`: the crawl requested all pages, so an address pattern that it did not meet again is understood now.
        `is_article`: whether the archive has an article at this address, so that a refusal is settled.
        """
        after: dict[str, OpenGap] = {}
        new: list[OpenGap] = []
        failures = sum(issue.level == "failure" for issue in self._failed.values())
        is_site_problem = articles_answered == 0 and failures >= SITE_PROBLEM
        for key, issue in self._failed.items():
            if issue.level == "failure" and key in self._answered:
                continue
            if issue.level == "refusal" and is_article(issue.url):
                continue
            before = self._before.get(key)
            gap = OpenGap(issue.url, issue.what, issue.level, issue.evidence, self._started, self._started)
            if before is not None and _kind(before.what) == _kind(issue.what):
                gap = before if is_site_problem else replace(gap, since=before.since, tries=before.tries + 1)
            elif issue.level != "note":
                new.append(gap)
            if issue.what != "interrupted":  # the next crawl requests it in any case
                after[key] = gap
        healed: list[OpenGap] = []
        for key, gap in self._before.items():
            if key in after:
                continue
            settled = gap.level == "refusal" and is_article(gap.url)
            if settled or key in self._answered or (whole and gap.what == UNKNOWN_SHAPE):
                healed.append(gap)
            else:
                after[key] = gap
        well_again = {_kind(gap.what) for gap in healed if gap.level == "failure"}
        # What kept one address from being read may have kept others, too: they are requested by the next crawl.
        still = (replace(gap, tries=1) if _kind(gap.what) in well_again else gap for gap in after.values())
        return GapChanges(tuple(still), tuple(new), tuple(gap for gap in healed if gap.level != "note"))


def key_of(what: str, url: str) -> str:
    """The key of a gap: its address; for an address pattern the pattern."""
    return f"{UNKNOWN_SHAPE} {shape(url)}" if what == UNKNOWN_SHAPE else pages.identity_key(url)


def _kind(what: str) -> str:
    return "bad-answer" if what in BAD_ANSWERS or what.startswith("status-") else what
