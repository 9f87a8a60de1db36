"""Alarms: differences between a crawl and earlier ones that a person should look at. A pure function of their reports.

A figure of a crawl is compared with the median of the newest earlier crawls that finished with the same settings; some
figures only between full crawls. So a change that lasts raises its alarm until it has become the median. A crawl that
was limited or interrupted, or that has too few predecessors, is not compared.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ..messages.text import COLON, N_, SENTENCE, N_n, enumeration, joined
from ..storage.acknowledgements import Acknowledgements
from ..storage.aftermath import Alarm, Monitors
from ..storage.report import CrawlReport
from .staleness import silence_alarm
from .suspicion import holding, suspicions
from .thresholds import Thresholds

NONE = N_("(no section)")
REACHED = ("finished", "gave-up")
"""Reasons of crawls that requested what they were to request, as far as the site answered."""
FEW = 3
"""With fewer requests for articles, it is no wonder if all of them fail."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole


@dataclass(frozen=True, slots=True)
class Monitor:
    """A share that is compared between crawls."""

    name: str
    label: str
    """The share in words."""
    figure: Callable[[CrawlReport], Share]
    falls: bool = False
    """Whether a fall raises the alarm, else a rise."""


def _field(name: str) -> Callable[[CrawlReport], Share]:
    return lambda report: Share(report.counts.fields.get(name, 0), report.counts.articles)


def _outcome(name: str) -> Callable[[CrawlReport], Share]:
    return lambda report: Share(report.counts.sightings.get(name, 0), sum(report.counts.sightings.values()))


def _disagreeing(report: CrawlReport) -> Share:
    titles = report.counts.leaks.titles
    return Share(titles.disagree, titles.compared)


def _other_shapes(report: CrawlReport) -> Share:
    fit = report.counts.layouts
    return Share(fit.other_shapes, fit.pages + fit.other_shapes)


SHARES = (
    Monitor("date-missing", N_("articles with a date"), _field("date"), falls=True),
    Monitor("source-missing", N_("articles with a source"), _field("source"), falls=True),
    Monitor("section-missing", N_("articles with a section"), _field("section"), falls=True),
    Monitor(
        "broken-text",
        N_("articles with broken characters"),
        lambda report: Share(report.counts.broken, report.counts.articles),
    ),
    Monitor("unreadable", N_("requests for articles that could not be read"), _outcome("unreadable")),
    Monitor("blocked", N_("requests for articles that were blocked"), _outcome("blocked")),
    Monitor("titles-disagree", N_("titles in listings that differ from the page"), _disagreeing),
    Monitor(
        "layouts-unknown",
        N_("articles whose address pattern has no layout (if the site was redesigned, `gdfupin layouts --learn`)"),
        _other_shapes,
    ),
)


def alarms(earlier: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds | None = None) -> list[Alarm]:
    """The alarms of a crawl. `earlier`: reports of other crawls in any order; those that cannot be compared are skipped."""
    thresholds = thresholds or Thresholds()
    before = sorted((each for each in earlier if _finished(each)), key=lambda each: each.run.started)
    found = [
        *_limits(report),
        *_forbidden(report),
        *_unseen(report),
        *_mass_loss(report),
        *_killed(report),
        *_misfits(report, thresholds),
    ]
    held = [*suspicions(before, report, thresholds)]
    found += [(name, joined((message, _hold(report)), SENTENCE)) for name, message in held]
    if _finished(report):
        alike = [each for each in before if _kind(each) == _kind(report)]
        found += silence_alarm(before, report, thresholds)
        full = [each for each in alike if _full(each)] if _full(report) else []
        for check in (_shares, _encodings, _leaks, _live, _sections, _smaller):
            found += check(alike[-thresholds.history :], report, thresholds)
        found += _full_crawl(full[-thresholds.history :], report, thresholds)
    return [Alarm(name, message, _since(earlier, report, name)) for name, message in found]


def _killed(report: CrawlReport) -> Iterator[tuple[str, str]]:
    """Killed crawls that were held back when this one began."""
    for crawl, names in list(report.run.killed_held.items())[:1]:
        more = len(report.run.killed_held) - 1
        yield (
            "killed-held",
            N_(
                "{crawl} was killed and is held back ({names}), and {more} more: `gdfupin accept {crawl}` or "
                "`gdfupin accept --reject {crawl}`",
                crawl=crawl,
                names=enumeration(names),
                more=more,
            )
            if more
            else N_(
                "{crawl} was killed and is held back ({names}): `gdfupin accept {crawl}` or "
                "`gdfupin accept --reject {crawl}`",
                crawl=crawl,
                names=enumeration(names),
            ),
        )


def _hold(report: CrawlReport) -> str:
    if not report.run.held:
        return N_("Look at these pages")
    name = report.run.crawl
    return N_(
        "The crawl is held back, nothing of it is published: `gdfupin accept {name}` or `gdfupin accept "
        "--reject {name}`",
        name=name,
    )


def held_by(
    earlier: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds | None = None
) -> tuple[str, ...]:
    """Names of the alarms because of which a crawl is held back. Of its report only what is known before it is folded counts."""
    before = sorted((each for each in earlier if _finished(each)), key=lambda each: each.run.started)
    return holding(before, report, thresholds or Thresholds())


def monitored(earlier: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds | None = None) -> Monitors:
    """The alarms of a crawl, and with how many earlier ones it was compared."""
    thresholds = thresholds or Thresholds()
    compared = sum(_finished(each) and _kind(each) == _kind(report) for each in earlier) if _finished(report) else 0
    return Monitors(min(compared, thresholds.history), tuple(alarms(earlier, report, thresholds)))


def with_acknowledged(monitors: Monitors, known: Acknowledgements) -> Monitors:
    """The alarms with the reasons of those that were acknowledged."""
    found = ((alarm, known.of_alarm(alarm.name, alarm.since)) for alarm in monitors.alarms)
    alarms = tuple(replace(alarm, acknowledged=each.reason) if each is not None else alarm for alarm, each in found)
    return replace(monitors, alarms=alarms)


def _finished(report: CrawlReport) -> bool:
    """Whether a crawl finished, and its report has all that is compared."""
    return report.run.reason == "finished" and report.comparable


def _kind(report: CrawlReport) -> tuple[object, ...]:
    """Settings that must be the same where two crawls are compared."""
    settings = report.settings
    return settings.profile, settings.media, settings.max_minutes, settings.max_pages, settings.limit


def _full(report: CrawlReport) -> bool:
    """Whether the crawl followed all listings to their last page."""
    return report.settings.full


def _limits(report: CrawlReport) -> Iterator[tuple[str, str]]:
    """Bounds of a crawl as a whole that it reached. Needs no earlier crawl."""
    yield from ((f"limit: {name}", sentence) for name, sentence in report.run.limits_reached.items())


def _forbidden(report: CrawlReport) -> Iterator[tuple[str, str]]:
    """robots.txt kept the crawl from all articles. Needs no earlier crawl.

    A single page that is forbidden for ever is none of our business: so either nothing is archived yet, or the rules forbid
    what they allowed before.
    """
    run, outcomes = report.run, report.counts.sightings
    looked_at = outcomes.get("read", 0) + outcomes.get("not_modified", 0) + report.counts.articles
    archived = sum(report.after.catalog.articles.values()) if report.after.catalog is not None else 0
    forbidden = run.forbidden_known if archived else sum(run.forbidden_by_robots.values())
    if looked_at or not forbidden:
        return
    hosts = list(run.forbidden_by_robots)
    count = max(run.forbidden_articles, forbidden)
    what = N_n(
        "{count:,} address, and no article could be requested",
        "{count:,} addresses, and no article could be requested",
        count,
        count=count,
    )
    yield (
        "forbidden-by-robots",
        N_(
            "robots.txt of {hosts} forbids {what}. Read http://{host}/robots.txt and ask the site to "
            "allow gdfupin_spider, or crawl a mirror: `gdfupin crawl --start-url URL`",
            hosts=enumeration(hosts[:3]),
            what=what,
            host=hosts[0],
        ),
    )


def _unseen(report: CrawlReport) -> Iterator[tuple[str, str]]:
    """Listings and articles that were to be looked at and could not be; a crawl that found nothing. Needs no earlier crawl."""
    run, catalog = report.run, report.after.catalog
    if run.reason not in REACHED:
        return
    looked, archived = run.looked, sum(catalog.articles.values()) if catalog is not None else None
    present = looked.listings_known - looked.listings_left
    if present - looked.listings_read > present // 2 or (looked.listings_known and not looked.listings_read):
        figures = N_(
            "{listings_read:,} of {listings_known:,} known listings read",
            listings_read=looked.listings_read,
            listings_known=looked.listings_known,
        )
        yield (
            "listings-unread",
            N_(
                "{figures}; the others could not be looked at, so new articles may be missing. `issues.jsonl` "
                "names them",
                figures=figures,
            ),
        )
    if looked.articles_requested >= FEW and not looked.articles_seen:
        yield (
            "articles-unread",
            N_(
                "0 of {articles_requested:,} articles that were requested again could be looked at",
                articles_requested=looked.articles_requested,
            ),
        )
    if archived == 0 and not any(run.forbidden_by_robots.values()):
        listings = sum(covered.listing_pages for covered in report.counts.coverage.values())
        yield (
            "nothing-found",
            N_(
                "no article was found on {listings:,} listing pages and {pages:,} pages in all. `gdfupin probe "
                "--crawl latest` shows how they were read",
                listings=report.counts.pages.get("listing", listings),
                pages=sum(report.counts.pages.values()),
            ),
        )


def _smaller(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Far fewer requests than in any of the crawls before: something was not looked at."""
    looked = report.run.looked
    if looked.listings_known and looked.listings_read + looked.listings_left >= looked.listings_known:
        return  # it looked at everything: there was little to do
    counts = [each.run.requests_total for each in before if _full(each) == _full(report)]
    if len(counts) < thresholds.min_history:
        return
    least, now = min(counts), report.run.requests_total
    if now < thresholds.smaller_share * least and least - now >= thresholds.min_change:
        yield (
            "crawl-smaller",
            N_(
                "{now:,} requests; none of the {counts} crawls before made fewer than {least:,}",
                now=now,
                counts=len(counts),
                least=least,
            ),
        )


def _mass_loss(report: CrawlReport) -> Iterator[tuple[str, str]]:
    doubt = report.after.catalog.doubt if report.after.catalog is not None else None
    if doubt is not None and doubt.why == "mass":
        figures = N_(
            "{missing} of {known} known articles were missing at once", missing=doubt.missing, known=doubt.known
        )
        yield (
            "mass-disappearance",
            N_("{figures}; the catalog treats this as a site problem and marks nothing as gone", figures=figures),
        )


def _misfits(report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Layouts that no longer fit. Needs no earlier crawl: layouts are learned from pages that they fit."""
    fit = report.counts.layouts
    if fit.misfits >= thresholds.min_change and fit.misfits > thresholds.misfit_share * fit.pages:
        yield (
            "layouts-misfit",
            N_(
                "{misfits:,} of {pages:,} pages fit no layout of their address pattern: perhaps a redesign; "
                "`gdfupin layouts --learn` learns again, `gdfupin catalog` then parses the crawls again",
                misfits=fit.misfits,
                pages=fit.pages,
            ),
        )


def _shares(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    for monitor in SHARES:
        usual = _usual([monitor.figure(each) for each in before], thresholds)
        now = monitor.figure(report)
        if usual is None or now.whole < thresholds.min_sample:
            continue
        apart = usual - now.value if monitor.falls else now.value - usual
        if apart > thresholds.share_change and apart * now.whole >= thresholds.min_change:
            figures = N_(
                "{share:.0%} ({part:,} of {whole:,}), usually {usual:.0%}",
                share=now.value,
                part=now.part,
                whole=now.whole,
                usual=usual,
            )
            yield monitor.name, joined((monitor.label, figures), COLON)


def _encodings(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Usual encodings that have become rarer: pages are written or decoded differently."""
    for name in sorted({name for each in before for name in each.counts.encodings}):
        usual = _usual([_encoding(each, name) for each in before], thresholds)
        now = _encoding(report, name)
        if usual is None or now.whole < thresholds.min_sample:
            continue
        if usual - now.value > thresholds.share_change and (usual - now.value) * now.whole >= thresholds.min_change:
            yield (
                f"encoding: {name}",
                N_(
                    "articles in {name}: {share:.0%} of {whole:,}, usually {usual:.0%}",
                    name=name,
                    share=now.value,
                    whole=now.whole,
                    usual=usual,
                ),
            )


def _encoding(report: CrawlReport, name: str) -> Share:
    return Share(report.counts.encodings.get(name, 0), report.counts.articles)


def _usual(shares: Sequence[Share], thresholds: Thresholds) -> float | None:
    """The median of the shares with a large enough sample; None where they are too few."""
    values = [share.value for share in shares if share.whole >= thresholds.min_sample]
    return median(values) if len(values) >= thresholds.min_history else None


def _full_crawl(
    before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds
) -> Iterator[tuple[str, str]]:
    """Figures that only full crawls have in common."""
    if len(before) < thresholds.min_history:
        return
    usual, listed = median(map(_listed, before)), _listed(report)
    if usual - listed > max(thresholds.count_drop * usual, thresholds.min_change):
        yield (
            "articles-fewer",
            N_("listings link to {listed:,} articles, usually {usual:,.0f}", listed=listed, usual=usual),
        )
    if min(listed, *map(_listed, before)) >= thresholds.min_sample:
        cost, now = median(_other(each) / _listed(each) for each in before), _other(report) / listed
        if now > cost * (1 + thresholds.count_rise) and (now - cost) * listed >= thresholds.min_sample:
            figures = N_("{now:.2f} requests for neither articles nor media for each article listed", now=now)
            yield "requests-more", N_("{figures}, usually {cost:.2f}", figures=figures, cost=cost)
    for section in sorted({section for each in before for section in each.counts.coverage}):
        if not _pages(report, section) and all(_pages(each, section) for each in before):
            name = section or NONE
            yield (
                f"section-lost: {name}",
                N_(
                    "no listing of {name} was found; each of the {before} crawls before found one",
                    name=name,
                    before=len(before),
                ),
            )


def _listed(report: CrawlReport) -> int:
    return sum(covered.listed for covered in report.counts.coverage.values())


def _pages(report: CrawlReport, section: str) -> int:
    covered = report.counts.coverage.get(section)
    return covered.listing_pages if covered is not None else 0


def _other(report: CrawlReport) -> int:
    """Requests for neither media nor articles."""
    requests = sum(sum(counts.values()) for purpose, counts in report.run.requests.items() if purpose != "media")
    return max(0, requests - sum(report.counts.sightings.values()))


def _leaks(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Lines that recur in many bodies."""
    counts = [_recurring(each) for each in before if each.counts.articles >= thresholds.min_sample]
    if len(counts) < thresholds.min_history or report.counts.articles < thresholds.min_sample:
        return
    usual, now = median(counts), _recurring(report)
    if now - usual >= thresholds.min_change and now > usual * (1 + thresholds.count_rise):
        yield (
            "leaks-more",
            N_("{now} lines recur in many bodies, usually {usual:.0f}: perhaps boilerplate", now=now, usual=usual),
        )


def _recurring(report: CrawlReport) -> int:
    return report.counts.leaks.recurring_lines.count


def _live(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Live articles in the catalog, whether the crawl requested them or not."""
    counts = [count for each in before if (count := _live_of(each)) is not None]
    now = _live_of(report)
    if len(counts) < thresholds.min_history or now is None:
        return
    usual = median(counts)
    if usual - now > max(thresholds.count_drop * usual, thresholds.min_change):
        yield "live-fewer", N_("{now:,} articles are live, usually {usual:,.0f}", now=now, usual=usual)


def _live_of(report: CrawlReport) -> int | None:
    catalog = report.after.catalog
    return catalog.articles.get("live", 0) if catalog is not None else None


def _sections(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Totals on the first page of each listing, which every crawl requests."""
    for section, covered in sorted(report.counts.coverage.items()):
        totals = [total for each in before if (total := _total(each, section))]
        if len(totals) < thresholds.min_history or covered.printed_total is None:
            continue
        usual, total, name = median(totals), covered.printed_total, section or NONE
        if usual - total > max(thresholds.count_drop * usual, thresholds.min_change):
            yield (
                f"listing-fewer: {name}",
                N_(
                    "the listing of {name} prints a total of {total:,} articles, usually {usual:,.0f}",
                    name=name,
                    total=total,
                    usual=usual,
                ),
            )


def _total(report: CrawlReport, section: str) -> int | None:
    covered = report.counts.coverage.get(section)
    return covered.printed_total if covered is not None else None


def _since(earlier: Sequence[CrawlReport], report: CrawlReport, name: str) -> str:
    """Start of the first of the consecutive crawls, up to this one, that raised the alarm."""
    since = report.run.started
    for each in sorted(earlier, key=lambda each: each.run.started, reverse=True):
        raised = {alarm.name: alarm.since for alarm in (each.after.monitors or Monitors()).alarms}
        if name in raised:
            since = raised[name]
        elif _finished(each):
            break
    return since
