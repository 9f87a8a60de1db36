"""How long nothing new was published, compared with the usual intervals of the site."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from ..messages.text import N_
from ..storage.aftermath import Freshness
from ..storage.report import CrawlReport
from ..terminal import pluralized
from .thresholds import Thresholds

RHYTHM = timedelta(days=730)
"""Period before the newest article whose longest silence is the usual maximum; it has each holiday twice."""
MIN_DAYS = 10
"""Minimum number of days in that period on which something was published."""


def rhythm(published: Iterable[str], today: date) -> Freshness:
    """When something was published last (days as `YYYY-MM-DD`), and the longest silence of the two years before.

    >>> rhythm(["2021-01-13"], date(2021, 1, 20))
    Freshness(newest='2021-01-13', silent_days=7, longest_silence=None, found_at=None)
    """
    days = sorted(day for text in set(published) if (day := date.fromisoformat(text)) <= today)
    if not days:
        return Freshness()
    recent = [day for day in days if day >= days[-1] - RHYTHM]
    longest = max((after - before).days for before, after in pairwise(recent)) if len(recent) >= MIN_DAYS else None
    return Freshness(days[-1].isoformat(), (today - days[-1]).days, longest)


def silence_alarm(
    before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds
) -> Iterator[tuple[str, str]]:
    """The alarm `nothing-new`, in the crawl in which the silence became unusually long, and each time it has doubled.

    `before`: finished crawls, oldest first. No alarm where the silence was as long already in the first crawl. A site that
    publishes articles with old dates is not silent: days also count from when the archive got its last new article.
    """
    fresh, last = _fresh(report), _fresh(before[-1]) if before else Freshness()
    silent, longest = _silence(report), fresh.longest_silence
    earlier = _silence(before[-1]) if before else None
    if silent is None or longest is None or earlier is None:
        return
    limit = max(thresholds.silence_factor * longest, thresholds.silence_min_days)
    if (fresh.silent_days or 0) - silent >= limit:
        return  # the dates of new articles say nothing about when they are published
    if last.newest != fresh.newest:
        earlier = 0
    if any(earlier < limit * 2**times <= silent for times in range(thresholds.silence_repeats + 1)):
        usual = N_("the longest silence in the two years before was {days}", days=pluralized(longest, "day"))
        yield (
            "nothing-new",
            N_(
                "nothing new for {days}, since {newest}; {usual}",
                days=pluralized(silent, "day"),
                newest=fresh.newest,
                usual=usual,
            ),
        )


def _silence(report: CrawlReport) -> int | None:
    """Days without anything new: since the newest printed date, or since the archive got its last new article."""
    fresh = _fresh(report)
    if fresh.silent_days is None or fresh.found_at is None or not report.run.started:
        return fresh.silent_days
    found = (date.fromisoformat(report.run.started[:10]) - date.fromisoformat(fresh.found_at[:10])).days
    return min(fresh.silent_days, max(0, found))


def _fresh(report: CrawlReport) -> Freshness:
    completeness = report.after.completeness
    return completeness.fresh if completeness is not None else Freshness()
