"""When what is in the archive is looked at again. Pure: articles as they stand, the time, and the operator's figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..catalog import ArticleState

SLACK = timedelta(hours=3)
"""So much too early is in time: else a crawl that takes an hour to get to an article is late by a day each time."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Figures that the operator may set."""

    full_days: float = 30
    """A crawl is full by itself where the last full one that finished began so long ago."""
    first_days: float = 1
    """An article is looked at again so long after its last change, then after twice, four times, eight times as long."""
    longest_days: float = 180
    """Between two looks at an article there is never more."""
    again_hours: float = 12
    """What was missing is looked at again in the next crawl that begins so much later."""
    at_least: int = 100
    """A crawl looks at so many articles again at most ..."""
    share: int = 90
    """... or where that is more, at one of so many."""

    def most(self, articles: int) -> int:
        """How many of so many articles a crawl looks at again."""
        return max(self.at_least, articles // self.share if self.share else articles)


def due(articles: Iterable[ArticleState], now: datetime, schedule: Schedule) -> list[ArticleState]:
    """The articles to be looked at again by a crawl that begins now: the missing first, then the oldest debt."""
    known = list(articles)
    owed = [(not _is_suspected(one), at, one.id, one) for one in known if (at := due_at(one, schedule)) <= now + SLACK]
    return [one for *_, one in sorted(owed)[: schedule.most(len(known))]]


def due_at(article: ArticleState, schedule: Schedule) -> datetime:
    """When an article is to be looked at again.

    The days count from the last change seen; where nothing has changed since it was first seen, from the printed date.
    """
    if article.looked_at is None:
        return datetime.min.replace(tzinfo=UTC)
    looked = datetime.fromisoformat(article.looked_at)
    if _is_suspected(article):
        return looked + timedelta(hours=schedule.again_hours) + SLACK  # twelve hours, and not nine
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
