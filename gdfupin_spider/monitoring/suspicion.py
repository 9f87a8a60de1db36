"""Alarms that hold a crawl back: what it found may not be of the site that the archive knows.

A pure function of reports. None of them needs the catalog, because the decision comes before the crawl is folded.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from ..messages.text import N_, enumeration
from ..storage.report import CrawlReport
from .thresholds import Thresholds

FLOOD, RENAMED, SPAM, IDENTITY = "articles-flood", "sections-renamed", "spam-words", "identity-changed"
HOLDING = (FLOOD, RENAMED, SPAM, IDENTITY)
FEW_SECTIONS = 3
"""With fewer known sections, a new name says nothing."""
FLOOD_SHARE = 0.25
"""Share of the archive that is a flood where too few crawls are known to tell what is usual."""
SPAM_SHARE = 0.05
"""Share of the articles of a crawl from which spam holds it; a single page of an old site may have been spoilt long ago."""


def suspicions(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """(name, message) of the alarms. `before`: finished crawls, oldest first."""
    yield from _flood(before, report, thresholds)
    yield from _renamed(report)
    yield from _spam(report)
    yield from _identity(before, report, thresholds)


def holding(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> tuple[str, ...]:
    """Names of the alarms because of which a crawl is held back; empty where it is not."""
    spam, articles = report.counts.spam.articles, report.counts.articles
    names = [name for name, _ in suspicions(before, report, thresholds)]
    return tuple(name for name in names if name != SPAM or spam > SPAM_SHARE * articles)


def _flood(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Many more new articles than in any crawl before, by the days since the crawl before it."""
    new, archived = report.run.new_articles, report.run.looked.articles_known
    if not before or not archived or new < thresholds.flood_min:
        return
    rates = [_new(each) / _days(last, each) for last, each in pairwise(before) if _archived(last)]
    if len(rates) >= thresholds.min_history:
        usual, days = max(rates[-thresholds.history :]), _days(before[-1], report)
        if new > thresholds.flood_factor * max(usual, 1) * days:
            yield (
                FLOOD,
                N_(
                    "{new:,} new articles in {days:.0f} days; usually at most {usual:.1f} a day",
                    new=new,
                    days=days,
                    usual=usual,
                ),
            )
    elif new > FLOOD_SHARE * archived:
        yield FLOOD, N_("{new:,} new articles beside the {archived:,} of the archive", new=new, archived=archived)


def _new(report: CrawlReport) -> int:
    return report.run.new_articles or (report.after.changes or {}).get("added", 0)


def _archived(report: CrawlReport) -> int:
    catalog = report.after.catalog
    return sum(catalog.articles.values()) if catalog is not None else 0


def _days(earlier: CrawlReport, later: CrawlReport) -> float:
    """Days between two crawls, at least 1."""
    between = datetime.fromisoformat(later.run.started) - datetime.fromisoformat(earlier.run.started)
    return max(1.0, between.total_seconds() / 86400)


def _renamed(report: CrawlReport) -> Iterator[tuple[str, str]]:
    looked = report.run.looked
    if looked.sections_known >= FEW_SECTIONS and not looked.sections_found and looked.sections_new >= FEW_SECTIONS - 1:
        names = [name for name, covered in report.counts.coverage.items() if name and covered.listing_pages]
        yield (
            RENAMED,
            N_(
                "none of the {sections_known} known sections was found, but {sections_new} other ones: {names}",
                sections_known=looked.sections_known,
                sections_new=looked.sections_new,
                names=enumeration(names[:5]),
            ),
        )


def _spam(report: CrawlReport) -> Iterator[tuple[str, str]]:
    spam = report.counts.spam
    if spam.articles:
        example = spam.examples[0]
        words = N_("for example {evidence} at {url}", evidence=example.evidence, url=example.url)
        yield (
            SPAM,
            N_(
                "{articles:,} of {all:,} articles have words of advertisements, {words}",
                articles=spam.articles,
                all=report.counts.articles,
                words=words,
            ),
        )


def _identity(before: Sequence[CrawlReport], report: CrawlReport, thresholds: Thresholds) -> Iterator[tuple[str, str]]:
    """Most of the site's names that the start page printed in each crawl before are gone."""
    known = [set(each.run.identity) for each in before[-thresholds.history :] if each.run.identity]
    if len(known) < thresholds.min_history or not report.run.identity:
        return
    usual = set.intersection(*known)
    lost = sorted(usual - set(report.run.identity))
    if len(usual) > 1 and len(lost) > len(usual) / 2:
        yield (
            IDENTITY,
            N_(
                "the start page no longer prints {lost}, as it did in each of {known} crawls",
                lost=enumeration(lost),
                known=len(known),
            ),
        )
