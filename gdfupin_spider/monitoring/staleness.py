"""How long nothing new was published, held against the site's own rhythm."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from .thresholds import Limits

RHYTHM = timedelta(days=730)
"""The time before the newest article whose silences are usual: its holidays, twice."""
DAYS = 10
"""On so many different days, at least, something must have been published in it."""


def rhythm(published: Iterable[str], today: date) -> dict[str, Any]:
    """The newest day on which something was published (days as `YYYY-MM-DD`), the days since, and the longest silence
    of the two years before it; None where nothing was published, or too little to know.

    >>> rhythm(["2021-01-13"], date(2021, 1, 20))
    {'newest': '2021-01-13', 'silent_days': 7, 'longest_silence': None}
    """
    days = sorted(day for text in set(published) if (day := date.fromisoformat(text)) <= today)
    if not days:
        return {"newest": None, "silent_days": None, "longest_silence": None}
    recent = [day for day in days if day >= days[-1] - RHYTHM]
    longest = max((after - before).days for before, after in pairwise(recent)) if len(recent) >= DAYS else None
    return {"newest": days[-1].isoformat(), "silent_days": (today - days[-1]).days, "longest_silence": longest}


def said_of_silence(
    before: Sequence[Mapping[str, Any]], report: Mapping[str, Any], limits: Limits
) -> Iterator[tuple[str, str]]:
    """`nothing-new`, in the crawl in which the silence became unusually long, and when it has doubled since.

    `before`: whole crawls, oldest first. Where the silence was as long already when the archive was begun, nothing.
    """
    fresh, last = (_fresh(one) for one in (report, before[-1] if before else {}))
    silent, longest = fresh.get("silent_days"), fresh.get("longest_silence")
    if silent is None or longest is None or last.get("silent_days") is None:
        return
    limit = max(limits.quiet * longest, limits.quiet_days)
    then = last["silent_days"] if last["newest"] == fresh["newest"] else 0
    if any(then < limit * 2**times <= silent for times in range(limits.quiet_doublings + 1)):
        newest, usual = fresh["newest"], f"in two years before there was never a silence longer than {longest} days"
        yield "nothing-new", f"nothing new for {silent} days, since {newest}; {usual}"


def _fresh(report: Mapping[str, Any]) -> Mapping[str, Any]:
    return (report.get("completeness") or {}).get("fresh") or {}
