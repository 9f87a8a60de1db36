"""When known articles are requested again. Pure: a function of their states, the time, and the operator's schedule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..catalog import ArticleState

SLACK = timedelta(hours=3)
"""Tolerance: an article due within this time is fetched now, so that a slow daily crawl does not slip by a day."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The table [schedule] of operator.toml."""

    full_days: float = 30
    """A crawl is full if the last finished full one began at least this number of days ago."""
    first_days: float = 1
    """An article is requested again this number of days after its last change, then after 2, 4, 8 times as many."""
    longest_days: float = 180
    """Maximum number of days between two requests for an article."""
    again_hours: float = 12
    """A missing article is requested again by the next crawl that begins this number of hours later."""
    recheck_min_budget: int = 100
    """A crawl requests at most this number of articles again, or ..."""
    recheck_fraction: float = 1 / 90
    """... this fraction of all articles, whichever is more."""

    def budget(self, articles: int) -> int:
        """The maximum number of articles that a crawl requests again. `articles`: number of articles in the archive."""
        return max(self.recheck_min_budget, int(articles * self.recheck_fraction + 1e-9))


def due(articles: Iterable[ArticleState], now: datetime, schedule: Schedule) -> list[ArticleState]:
    """The articles that a crawl that begins now requests again: missing ones first, then those overdue the longest."""
    known = list(articles)
    owed = [
        (not _is_suspected(each), at, each.id, each) for each in known if (at := due_at(each, schedule)) <= now + SLACK
    ]
    return [article for *_, article in sorted(owed)[: schedule.budget(len(known))]]


def due_at(article: ArticleState, schedule: Schedule) -> datetime:
    """When an article is due.

    Days count from the last change seen; without any since it was first seen, from the printed date.
    """
    if article.looked_at is None:
        return datetime.min.replace(tzinfo=UTC)
    looked = datetime.fromisoformat(article.looked_at)
    if _is_suspected(article):
        return looked + timedelta(hours=schedule.again_hours) + SLACK  # `due` subtracts SLACK: at least 12 hours, not 9
    since = datetime.fromisoformat(article.changed_at)
    if article.changed_at == article.first_seen and article.date is not None:
        since = min(since, datetime.fromisoformat(article.date).replace(tzinfo=UTC))
    longest = looked + timedelta(days=schedule.longest_days)
    step, age = timedelta(days=schedule.first_days), looked - since + SLACK
    if age >= timedelta(days=schedule.longest_days):
        return longest
    while timedelta() < step <= age:
        step *= 2
    return min(since + step, longest)


def _is_suspected(article: ArticleState) -> bool:
    return article.missing_since is not None and article.status != "gone"
