"""Checks the chain of reports: each is still the one that the next report names."""

from pathlib import Path

from ..messages.text import N_
from ..storage.report_chain import report_file, reports, with_digest
from .findings import Finding, OnFinding


def prove_chain(output: Path, on_finding: OnFinding) -> None:
    """Compares each report with the digest in the next one. A report that was repaired since gives a note."""
    known = reports(output)
    for name, report in known.items():
        if report.previous is None:
            continue
        crawl = report.previous.crawl
        file, found = report_file(output, crawl), with_digest(output, crawl, report.previous.sha256)
        if found == file:
            continue
        if found is not None:
            reason = N_(
                "it was repaired later; the report that {name} names is {repaired}", name=name, repaired=found.name
            )
        elif crawl in known:
            reason = N_("it is not the report that {name} names: it was changed after that crawl", name=name)
        elif file.parent.is_dir():
            reason = N_("{name} names this report, which cannot be read", name=name)
        else:
            continue  # the missing folder is a finding of its own
        on_finding(Finding("chain", file, None, reason, damage=found is None and crawl in known, crawl=crawl))
