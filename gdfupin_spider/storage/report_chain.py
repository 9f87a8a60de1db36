"""The chain of reports: the report of each crawl names the report before it, with its digest.

Whoever changes a report or takes a crawl out breaks the chain at the next report. Whoever then writes all later reports
anew is found out by a time stamp of one of them (`verify.time_stamps`), or by a copy of a report that somebody else has.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from .crawls import crawls
from .natural_order import natural_key
from .report import CRAWL_REPORT, CrawlReport, ReportLink, digest_of, read_crawl_report

Reports = Mapping[str, CrawlReport]
"""The reports of an archive by crawl."""


def reports(output: Path) -> Reports:
    """Of all crawls that have a readable one; of copies and renamed folders none."""
    found = ((crawl.name, read_crawl_report(crawl.path)) for crawl in crawls(output) if crawl.whole)
    return {name: report for name, report in found if report is not None and report.run.crawl == name}


def newest(output: Path) -> ReportLink | None:
    """The report that the next one names: of those that no report names the last one written; None: there is no report."""
    known = reports(output)
    named = {report.previous.crawl for report in known.values() if report.previous is not None}
    ends = [name for name in known if name not in named]
    if not ends:
        return None
    crawl = max(ends, key=lambda name: (known[name].run.finished, natural_key(name)))
    return ReportLink(crawl, digest_of(report_file(output, crawl)).sha256)


def report_file(output: Path, crawl: str) -> Path:
    return output / "crawls" / crawl / CRAWL_REPORT


def digests(output: Path, crawl: str, report: CrawlReport) -> tuple[str, ...]:
    """The SHA-256 of a report, and those that it had before repairs."""
    return (digest_of(report_file(output, crawl)).sha256, *(report.repaired.earlier if report.repaired else ()))


def covered(known: Reports, crawl: str) -> Iterator[str]:
    """The crawls whose reports a report stands for: its own, and those that the chain leads back to, newest first."""
    seen: set[str] = set()
    name: str | None = crawl
    while name is not None and name in known and name not in seen:
        seen.add(name)
        yield name
        previous = known[name].previous
        name = previous.crawl if previous is not None else None
