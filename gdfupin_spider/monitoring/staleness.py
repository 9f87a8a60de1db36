"""How long nothing new was published, compared with the usual intervals of the site."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from ..storage.aftermath import Freshness
from ..storage.report import CrawlReport
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

    `before`: finished crawls, oldest first. No alarm where the silence was as long already in the first crawl.
    """
    fresh, last = _fresh(report), _fresh(before[-1]) if before else Freshness()
    silent, longest = fresh.silent_days, fresh.longest_silence
    if silent is None or longest is None or last.silent_days is None:
        return
    limit = max(thresholds.silence_factor * longest, thresholds.silence_min_days)
    earlier = last.silent_days if last.newest == fresh.newest else 0
    if any(earlier < limit * 2**times <= silent for times in range(thresholds.silence_repeats + 1)):
        usual = f"the longest silence in the two years before was {longest} days"
        yield "nothing-new", f"nothing new for {silent} days, since {fresh.newest}; {usual}"


def _fresh(report: CrawlReport) -> Freshness:
    completeness = report.after.completeness
    return completeness.fresh if completeness is not None else Freshness()
