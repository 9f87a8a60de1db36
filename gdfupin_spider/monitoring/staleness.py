"""How long nothing new was published, held against the site's own rhythm."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from ..storage.report import CrawlReport, Freshness
from .thresholds import Limits

RHYTHM = timedelta(days=730)
"""The time before the newest article whose silences are usual: its holidays, twice."""
DAYS = 10
"""On so many different days, at least, something must have been published in it."""


def rhythm(published: Iterable[str], today: date) -> Freshness:
    """When something was published last (days as `YYYY-MM-DD`), and the longest silence of the two years before.

    >>> rhythm(["2021-01-13"], date(2021, 1, 20))
    Freshness(newest='2021-01-13', silent_days=7, longest_silence=None, found_at=None)
    """
    days = sorted(day for text in set(published) if (day := date.fromisoformat(text)) <= today)
    if not days:
        return Freshness()
    recent = [day for day in days if day >= days[-1] - RHYTHM]
    longest = max((after - before).days for before, after in pairwise(recent)) if len(recent) >= DAYS else None
    return Freshness(days[-1].isoformat(), (today - days[-1]).days, longest)


def said_of_silence(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    """`nothing-new`, in the crawl in which the silence became unusually long, and when it has doubled since.

    `before`: whole crawls, oldest first. Where the silence was as long already when the archive was begun, nothing.
    """
    fresh, last = _fresh(report), _fresh(before[-1]) if before else Freshness()
    silent, longest = fresh.silent_days, fresh.longest_silence
    if silent is None or longest is None or last.silent_days is None:
        return
    limit = max(limits.quiet * longest, limits.quiet_days)
    then = last.silent_days if last.newest == fresh.newest else 0
    if any(then < limit * 2**times <= silent for times in range(limits.quiet_doublings + 1)):
        usual = f"in two years before there was never a silence longer than {longest} days"
        yield "nothing-new", f"nothing new for {silent} days, since {fresh.newest}; {usual}"


def _fresh(report: CrawlReport) -> Freshness:
    completeness = report.after.completeness
    return completeness.fresh if completeness is not None else Freshness()
