"""The chain of reports: the report of each crawl names the report before it, with its digest.

A report that was changed does not match the digest in the next one, and a crawl that was removed is missing from the chain. Who
also rewrites all later reports is detected by a time stamp of one of them (`time_stamps`), or by a copy that somebody else has.

A repair writes a report again and keeps the one before it beside it (`report.json.aside-1`). The later report and the stamp then
match that file, and a copy of it is what they prove. No digest that stands in the report itself is believed.
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
    """Where the report of a crawl is."""
    return output / "crawls" / crawl / CRAWL_REPORT


def with_digest(output: Path, crawl: str, sha256: str) -> Path | None:
    """The file with this digest: the report of a crawl, or one that a repair set aside; None where none has it."""
    return next((file for file in report_files(output, crawl) if digest_of(file).sha256 == sha256), None)


def report_files(output: Path, crawl: str) -> list[Path]:
    """The report of a crawl, and those that repairs set aside."""
    report = report_file(output, crawl)
    return [file for file in (report, *sorted(report.parent.glob(f"{CRAWL_REPORT}.aside-*"))) if file.is_file()]


def covered(known: Reports, crawl: str) -> Iterator[str]:
    """The crawls whose reports a report stands for: its own, and those that the chain leads back to, newest first."""
    seen: set[str] = set()
    name: str | None = crawl
    while name is not None and name in known and name not in seen:
        seen.add(name)
        yield name
        previous = known[name].previous
        name = previous.crawl if previous is not None else None
