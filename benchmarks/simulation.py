"""What a year of daily crawls costs: python -m benchmarks.simulation [articles ...]

A site with so many articles of twelve years lives on for a year: three new articles a working day, one edit a week.
Which requests a crawl makes is decided by the code that decides it in a real one (`schedule.due`, `plan.Walk`); only the
answers are made up. The mean of the crawls that are not full is to stay within: listings + 3 + 10 × (new + edited) +
articles/90 requests a day.
"""

import random
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from gdfupin_spider.catalog import ArticleState
from gdfupin_spider.clock import stamp
from gdfupin_spider.frontier.plan import Walk
from gdfupin_spider.frontier.recheck import Schedule, due

BEGIN = datetime(2026, 1, 1, 3, tzinfo=UTC)
DAYS = 365
LISTINGS = 10
ROWS = 20
"""Of a page of a listing."""
HOME = 2
"""Requests for robots.txt and the home page."""
OTHERS = 30
"""Pages that are neither article nor listing, which a full crawl looks at again."""


@dataclass
class Site:
    """What is on the site, and what the archive knows of it."""

    schedule: Schedule
    articles: dict[str, ArticleState]
    edited: dict[str, datetime] = field(default_factory=dict)
    """Edits that no crawl has seen yet."""
    totals: list[int] = field(default_factory=lambda: [0] * LISTINGS)
    """Printed totals as the last crawl saw them."""
    waits: list[timedelta] = field(default_factory=list)
    """From an edit to the look that saw it."""

    def crawl(self, now: datetime, new: list[int], full: bool) -> int:
        """The requests of one crawl, after so many new articles in each section."""
        requests = HOME + (OTHERS if full else 0)
        for section, count in enumerate(new):
            requests += self._walk(section, count, full) + count
        for one in due(self.articles.values(), now, self.schedule):
            requests += 1
            seen = stamp(now)
            if (since := self.edited.pop(one.id, None)) is not None:
                self.waits.append(now - since)
                one = replace(one, changed_at=seen)
            self.articles[one.id] = replace(one, looked_at=seen)
        for _ in range(sum(new)):
            one = article(len(self.articles), now, now)
            self.articles[one.id] = one
        return requests

    def _walk(self, section: int, new: int, full: bool) -> int:
        """Requests for one listing: its pages as far as the walk goes."""
        before = self.totals[section]
        self.totals[section] = total = before + new
        walk = Walk(whole=full, before=before)
        pages = -(-total // ROWS)
        for page in range(1, pages + 1):
            rows = [str(row) for row in range((page - 1) * ROWS, min(page * ROWS, total)) if row < new]
            if not walk.goes_on(rows, (), total):
                return page
        return pages


def article(number: int, date: datetime, seen: datetime) -> ArticleState:
    """An article that was first read then."""
    at = stamp(seen)
    return ArticleState(
        f"gdfupin-{number:012x}", "live", "", None, "", date.date().isoformat(), None, 1, at, at, at, at, None
    )


@dataclass(frozen=True)
class Year:
    """What came of a year."""

    mean: float
    """Requests of a crawl that is not full."""
    full: float
    """Requests of a full crawl, every 30 days; 0 without any."""
    bound: float
    most: int
    """Requests of the costliest day."""
    new: int
    edited: int
    waits: tuple[timedelta, ...]


def year(count: int, seed: int = 1) -> Year:
    """A year of daily crawls, behind a first one that read so many articles."""
    chance = random.Random(seed)
    dates = [BEGIN - timedelta(days=chance.randrange(1, 12 * 365)) for _ in range(count)]
    known = [article(number, date, BEGIN) for number, date in enumerate(dates)]
    site = Site(Schedule(), {one.id: one for one in known}, totals=[count // LISTINGS] * LISTINGS)
    requests: list[int] = []
    full_ones: list[int] = []
    news = edits = kept = 0
    full_at = BEGIN
    for day in range(1, DAYS + 1):
        now = BEGIN + timedelta(days=day)
        new = [0] * LISTINGS
        if now.weekday() < 5:
            for _ in range(3):
                new[chance.randrange(LISTINGS)] += 1
        if now.weekday() == 2:
            # what was published lately is what gets corrected
            lately = sorted(site.articles.values(), key=lambda one: one.date or "")[-60:]
            site.edited.setdefault(chance.choice(lately).id, now - timedelta(hours=chance.randrange(1, 24)))
            edits += 1
        full = now - full_at >= timedelta(days=site.schedule.full_days)
        full_at = now if full else full_at
        (full_ones if full else requests).append(site.crawl(now, new, full))
        news += sum(new)
        kept += len(site.articles)
    bound = LISTINGS + 3 + 10 * (news + edits) / DAYS + kept / DAYS / 90
    full_mean = sum(full_ones) / len(full_ones) if full_ones else 0
    most = max((*requests, *full_ones))
    return Year(sum(requests) / len(requests), full_mean, bound, most, news, edits, tuple(sorted(site.waits)))


def main(counts: list[int]) -> int:
    held = True
    for count in counts:
        one = year(count)
        half, ninety = (one.waits[int(len(one.waits) * share)] / timedelta(days=1) for share in (0.5, 0.9))
        print(
            f"{count:,} articles: {one.mean:.1f} requests a day in the mean (wanted: {one.bound:.1f} or less), "
            f"{one.full:.0f} in a full crawl, {one.most} on the costliest day; "
            f"{one.new} new and {one.edited} edited articles in the year"
        )
        print(f"of {len(one.waits)} edits that were seen, half within {half:.0f} days, nine of ten within {ninety:.0f}")
        held = held and one.mean <= one.bound
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main([int(count) for count in sys.argv[1:]] or [2_000, 20_000]))
