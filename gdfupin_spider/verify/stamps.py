"""Checks the time stamps of an archive: each signs a report, and somebody vouches for its authority."""

from pathlib import Path

from .. import config, data_files
from ..errors import NotInstalled, WrongSetting
from ..storage.report_chain import digests, reports
from ..storage.time_stamps import FOLDER, MOST_BYTES, WrongStamp, checked, roots_of
from .findings import Finding, OnFinding


def prove_stamps(output: Path, on_finding: OnFinding) -> int:
    """Returns how many stamps prove a report."""
    files, known, proven = sorted((output / FOLDER).glob("*.tsr")), reports(output), 0
    try:
        roots = roots_of(config.load(output).stamps.certificates, output) if files else []
    except (NotInstalled, WrongSetting) as error:
        on_finding(Finding("stamp", output / FOLDER, None, f"time stamps are not checked: {error}", damage=False))
        return 0
    for file in files:
        crawl = file.name.partition(".")[0]
        if crawl not in known:
            reason = f"it stamps the report of {crawl}, which is not in this archive, or cannot be read"
            on_finding(Finding("stamp", file, None, reason))
            continue
        try:
            checked(data_files.content(file, MOST_BYTES), digests(output, crawl, known[crawl]), roots)
        except (WrongStamp, OSError) as error:
            on_finding(Finding("stamp", file, None, str(error), crawl=crawl))
        else:
            proven += 1
    return proven
