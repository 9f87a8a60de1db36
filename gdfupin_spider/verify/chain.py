"""Checks the chain of reports: each is still the one that the next report names."""

from pathlib import Path

from ..storage.report_chain import digests, report_file, reports
from .findings import Finding, OnFinding


def prove_chain(output: Path, on_finding: OnFinding) -> int:
    """Returns the number of reports that another report names."""
    known = reports(output)
    links = {name: report.previous for name, report in known.items() if report.previous is not None}
    for name, link in links.items():
        file = report_file(output, link.crawl)
        if link.crawl not in known:
            if file.parent.is_dir():  # else the missing folder is a finding of its own
                reason = f"{name} names this report, and there is none that can be read"
                on_finding(Finding("chain", file, None, reason, damage=False, crawl=link.crawl))
        elif link.sha256 not in digests(output, link.crawl, known[link.crawl]):
            reason = f"it is not the report that {name} names: it was changed after that crawl"
            on_finding(Finding("chain", file, None, reason, crawl=link.crawl))
    return len(links)
