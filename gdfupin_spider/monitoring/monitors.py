"""What is unlike earlier crawls, so that a person should look: a pure function of their reports.

A figure of this crawl is held against the median of the newest earlier crawls of the same kind: whole with whole,
walked fully with walked fully, with media or without. So a change that stays is said until it has become usual, and a
crawl that was limited or interrupted, or that has too few before it, is held against nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ..storage.report import Alarm, CrawlReport, Monitors
from .staleness import said_of_silence
from .thresholds import Limits

NONE = "(no section)"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Monitor:
    """One share that is watched."""

    name: str
    said: str
    """What it is a share of, in words."""
    figure: Callable[[CrawlReport], Share]
    falls: bool = False
    """Alarming where it falls; else where it rises."""


def _field(name: str) -> Callable[[CrawlReport], Share]:
    return lambda report: Share(report.counts.fields.get(name, 0), report.counts.articles)


def _outcome(name: str) -> Callable[[CrawlReport], Share]:
    return lambda report: Share(report.counts.sightings.get(name, 0), sum(report.counts.sightings.values()))


def _disagreeing(report: CrawlReport) -> Share:
    titles = report.counts.leaks.titles
    return Share(titles.disagree, titles.compared)


SHARES = (
    Monitor("date-missing", "articles with a date", _field("date"), falls=True),
    Monitor("source-missing", "articles with a source", _field("source"), falls=True),
    Monitor("section-missing", "articles with a section", _field("section"), falls=True),
    Monitor(
        "broken-text",
        "articles with broken characters",
        lambda report: Share(report.counts.broken, report.counts.articles),
    ),
    Monitor("unreadable", "looks at articles that could not be read", _outcome("unreadable")),
    Monitor("blocked", "looks at articles that were blocked", _outcome("blocked")),
    Monitor("titles-disagree", "titles in listings unlike those of their pages", _disagreeing),
)


def alarms(earlier: Sequence[CrawlReport], report: CrawlReport, limits: Limits | None = None) -> list[Alarm]:
    """What to look at after a crawl. `earlier`: reports of crawls before it, in any order; those of no use are left out."""
    limits = limits or Limits()
    before = sorted((one for one in earlier if _whole(one)), key=lambda one: one.run.started)
    found = list(_doubted(report))
    if _whole(report):
        alike = [one for one in before if _kind(one) == _kind(report)]
        found += said_of_silence(before, report, limits)
        full = [one for one in alike if _full(one)] if _full(report) else []
        for check in (_shares, _encodings, _leaks, _live, _sections):
            found += check(alike[-limits.history :], report, limits)
        found += _full_crawl(full[-limits.history :], report, limits)
    return [Alarm(name, message, _since(earlier, report, name)) for name, message in found]


def monitored(earlier: Sequence[CrawlReport], report: CrawlReport, limits: Limits | None = None) -> Monitors:
    """The alarms of a crawl, and with how many earlier ones it was compared."""
    limits = limits or Limits()
    compared = sum(_whole(one) and _kind(one) == _kind(report) for one in earlier) if _whole(report) else 0
    return Monitors(min(compared, limits.history), tuple(alarms(earlier, report, limits)))


def _whole(report: CrawlReport) -> bool:
    """Whether a crawl finished, and its report has all that is compared."""
    return report.run.reason == "finished" and report.comparable


def _kind(report: CrawlReport) -> tuple[object, ...]:
    """Settings that must be the same where two crawls are compared."""
    settings = report.settings
    return settings.profile, settings.media, settings.max_minutes, settings.limit


def _full(report: CrawlReport) -> bool:
    """Whether all listings were walked to their ends."""
    return report.settings.full


def _doubted(report: CrawlReport) -> Iterator[tuple[str, str]]:
    doubt = report.after.catalog.doubt if report.after.catalog is not None else None
    if doubt is not None and doubt.why == "mass":
        figures = f"{doubt.missing} of {doubt.known} known articles were missing at once"
        yield "mass-disappearance", f"{figures}; no disappearance is taken from this crawl"


def _shares(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    for monitor in SHARES:
        usual = _usual([monitor.figure(one) for one in before], limits)
        now = monitor.figure(report)
        if usual is None or now.whole < limits.enough:
            continue
        apart = usual - now.value if monitor.falls else now.value - usual
        if apart > limits.points and apart * now.whole >= limits.floor:
            figures = f"{now.value:.0%} ({now.part:,} of {now.whole:,}), usually {usual:.0%}"
            yield monitor.name, f"{monitor.said}: {figures}"


def _encodings(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    """The encodings that are usual have become rarer: pages are written, or read, otherwise."""
    for name in sorted({name for one in before for name in one.counts.encodings}):
        usual = _usual([_encoding(one, name) for one in before], limits)
        now = _encoding(report, name)
        if usual is None or now.whole < limits.enough:
            continue
        if usual - now.value > limits.points and (usual - now.value) * now.whole >= limits.floor:
            yield f"encoding: {name}", f"articles in {name}: {now.value:.0%} of {now.whole:,}, usually {usual:.0%}"


def _encoding(report: CrawlReport, name: str) -> Share:
    return Share(report.counts.encodings.get(name, 0), report.counts.articles)


def _usual(shares: Sequence[Share], limits: Limits) -> float | None:
    """The median of those shares that say something, None where they are too few."""
    said = [share.value for share in shares if share.whole >= limits.enough]
    return median(said) if len(said) >= limits.at_least else None


def _full_crawl(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    """What only crawls that walked everything can be asked."""
    if len(before) < limits.at_least:
        return
    usual, listed = median(map(_listed, before)), _listed(report)
    if usual - listed > max(limits.fewer * usual, limits.floor):
        yield "articles-fewer", f"listings name {listed:,} articles, usually {usual:,.0f}"
    if min(listed, *map(_listed, before)) >= limits.enough:
        cost, now = median(_other(one) / _listed(one) for one in before), _other(report) / listed
        if now > cost * (1 + limits.more) and (now - cost) * listed >= limits.enough:
            said = f"{now:.2f} requests that are not for articles or media for each article listed"
            yield "requests-more", f"{said}, usually {cost:.2f}"
    for section in sorted({section for one in before for section in one.counts.coverage}):
        if not _pages(report, section) and all(_pages(one, section) for one in before):
            name = section or NONE
            yield f"section-lost: {name}", f"no listing of {name} was found, as in {len(before)} crawls before"


def _listed(report: CrawlReport) -> int:
    return sum(covered.listed for covered in report.counts.coverage.values())


def _pages(report: CrawlReport, section: str) -> int:
    covered = report.counts.coverage.get(section)
    return covered.listing_pages if covered is not None else 0


def _other(report: CrawlReport) -> int:
    """Requests that are neither for media nor for what turned out to be an article."""
    requests = sum(sum(counts.values()) for purpose, counts in report.run.requests.items() if purpose != "media")
    return max(0, requests - sum(report.counts.sightings.values()))


def _leaks(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    """Lines of the template that are taken for text."""
    counts = [_recurring(one) for one in before if one.counts.articles >= limits.enough]
    if len(counts) < limits.at_least or report.counts.articles < limits.enough:
        return
    usual, now = median(counts), _recurring(report)
    if now - usual >= limits.floor and now > usual * (1 + limits.more):
        yield "leaks-more", f"{now} lines recur in many bodies, usually {usual:.0f}: perhaps template"


def _recurring(report: CrawlReport) -> int:
    return report.counts.leaks.recurring_lines.count


def _live(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    """Articles that stand, by the catalog, whichever of them a crawl looks at."""
    counts = [count for one in before if (count := _live_of(one)) is not None]
    now = _live_of(report)
    if len(counts) < limits.at_least or now is None:
        return
    usual = median(counts)
    if usual - now > max(limits.fewer * usual, limits.floor):
        yield "live-fewer", f"{now:,} articles are live, usually {usual:,.0f}"


def _live_of(report: CrawlReport) -> int | None:
    catalog = report.after.catalog
    return catalog.articles.get("live", 0) if catalog is not None else None


def _sections(before: Sequence[CrawlReport], report: CrawlReport, limits: Limits) -> Iterator[tuple[str, str]]:
    """Every whole crawl looks at the first page of each listing, and that prints how many articles there are."""
    for section, covered in sorted(report.counts.coverage.items()):
        totals = [total for one in before if (total := _total(one, section))]
        if len(totals) < limits.at_least or covered.printed_total is None:
            continue
        usual, total, name = median(totals), covered.printed_total, section or NONE
        if usual - total > max(limits.fewer * usual, limits.floor):
            yield f"listing-fewer: {name}", f"the listing of {name} says {total:,} articles, usually {usual:,.0f}"


def _total(report: CrawlReport, section: str) -> int | None:
    covered = report.counts.coverage.get(section)
    return covered.printed_total if covered is not None else None


def _since(earlier: Sequence[CrawlReport], report: CrawlReport, name: str) -> str:
    """Where the row of crawls that say so, and end with this one, began."""
    since = report.run.started
    for one in sorted(earlier, key=lambda one: one.run.started, reverse=True):
        raised = {alarm.name: alarm.since for alarm in (one.after.monitors or Monitors()).alarms}
        if name in raised:
            since = raised[name]
        elif _whole(one):
            break
    return since
