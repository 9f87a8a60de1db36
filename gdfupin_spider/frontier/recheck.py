"""When known articles are requested again. Pure: a function of their states, the time, and the operator's schedule."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ..catalog import ArticleState, FailedLooks

SLACK = timedelta(hours=3)
"""Tolerance: an article due within this time is fetched now, so that a slow daily crawl does not slip by a day."""

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The table [schedule] of operator.toml."""

    full_days: float = 30
    """A crawl is full if the last finished full one began at least this number of days ago."""
    first_days: float = 1
    """An article is requested again this number of days after its last change, then after 2, 4, 8 times as many."""
    longest_days: float = 90
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


def due(
    articles: Iterable[ArticleState], now: datetime, schedule: Schedule, failed: Mapping[str, FailedLooks] | None = None
) -> list[ArticleState]:
    """The articles that a crawl that begins now requests again.

    Missing ones first; then those that must be requested now so that none waits longer than `longest_days`; then those
    that changed lately. `failed`: by id, requests for an article that failed since it was last looked at.
    """
    known = list(articles)
    suspected = [each for each in known if _is_suspected(each) and due_at(each, schedule) <= now + SLACK]
    settled = [each for each in known if _is_settled(each, schedule)]
    spread = _spread(settled, len(known), now, schedule, failed or {})
    changed = [each for each in known if not _is_settled(each, schedule) and due_at(each, schedule) <= now + SLACK]
    changed.sort(key=lambda each: (due_at(each, schedule), each.id))
    chosen = {each.id: each for each in (*sorted(suspected, key=_looked), *spread, *changed)}
    return list(chosen.values())[: schedule.budget(len(known))]


def _is_settled(article: ArticleState, schedule: Schedule) -> bool:
    """Whether an article changed so long ago that it is only looked at every `longest_days`."""
    return due_at(article, schedule) in (NEVER, _looked(article) + timedelta(days=schedule.longest_days))


def _spread(
    settled: Sequence[ArticleState], total: int, now: datetime, schedule: Schedule, failed: Mapping[str, FailedLooks]
) -> list[ArticleState]:
    """The articles looked at the longest ago: as many as are needed so that the others can follow at an even pace.

    At a pace of `total` / `longest_days` a day, the article at position k, ordered by deadline, is reached in time only
    if at most pace * (deadline - now) of the articles up to it are left after this crawl. So a first crawl that looked at
    everything on one day is followed by equal parts of it, not by nothing and then everything.
    """
    longest = timedelta(days=schedule.longest_days)
    deadlines = sorted((_deadline(each, longest, failed.get(each.id)), each.id, each) for each in settled)
    count = 0
    for position, (deadline, *_) in enumerate(deadlines, 1):
        left = total * ((deadline - now - SLACK) / longest) if longest else 0
        count = max(count, int(position - max(left, 0) + 1e-6))
    return [each for *_, each in deadlines[:count]]


def _deadline(article: ArticleState, longest: timedelta, failed: FailedLooks | None) -> datetime:
    """When an article must be looked at again: `longest` after the last time; after failures in 1, 2, 4 ... days."""
    if failed is None or datetime.fromisoformat(failed.at) < _looked(article):
        return _looked(article) + longest
    return datetime.fromisoformat(failed.at) + min(timedelta(days=2 ** min(failed.count - 1, 10)), longest)


def _looked(article: ArticleState) -> datetime:
    return datetime.fromisoformat(article.looked_at) if article.looked_at is not None else NEVER


def due_at(article: ArticleState, schedule: Schedule) -> datetime:
    """When an article is due.

    Days count from the last change seen; without any since it was first seen, from the printed date.
    """
    looked = _looked(article)
    if looked == NEVER:
        return NEVER
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
