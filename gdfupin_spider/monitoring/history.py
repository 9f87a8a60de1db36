"""The reports of earlier crawls, reduced to what the monitors compare."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .. import clock
from ..storage.aftermath import Aftermath, Completeness
from ..storage.counts import BoilerplateCheck, RecurringLines
from ..storage.crawls import crawls_of_site
from ..storage.holds import decisions, is_held
from ..storage.report import CrawlReport, read_crawl_report

MOST = 400
"""Number of reports read, from the newest: a year of daily crawls has the full crawls of each month."""


def earlier(output: Path, crawl: str) -> list[CrawlReport]:
    """The reports of the crawls of the site that ended, oldest first, without this one, unreadable and held ones. What came
    from other archives says nothing of how the site usually answers."""
    names = [each for each in crawls_of_site(output, clock.now()) if each.whole and each.name != crawl]
    decided = decisions(output)
    return [
        each for each in _reports([each.path for each in names[-MOST:]]) if not is_held(each.run.crawl, each, decided)
    ]


def _reports(folders: list[Path]) -> Iterator[CrawlReport]:
    for folder in folders:
        report = read_crawl_report(folder)
        if report is not None:
            yield slim(report)


def slim(report: CrawlReport) -> CrawlReport:
    """Without the large parts that are not compared, since up to MOST reports are in memory at once."""
    leaks, completeness = report.counts.leaks, report.after.completeness
    check = BoilerplateCheck(
        leaks.articles, RecurringLines(leaks.recurring_lines.count), replace(leaks.titles, examples=())
    )
    return CrawlReport(
        report.run,
        replace(report.counts, issues=(), years={}, leaks=check),
        Aftermath(
            changes=report.after.changes,
            catalog=report.after.catalog,
            completeness=Completeness(fresh=completeness.fresh) if completeness is not None else None,
            monitors=report.after.monitors,
        ),
        report.settings,
        comparable=report.comparable,
    )
