"""Checks the time stamps of an archive: each signs a report, and its authority is trusted."""

from pathlib import Path

from .. import config, data_files
from ..errors import NotInstalled, WrongSetting
from ..messages.text import N_
from ..storage.report_chain import report_file, with_digest
from ..storage.time_stamps import FOLDER, MOST_BYTES, WrongStamp, roots_of, signed_digest, verified
from .findings import Finding, OnFinding


def prove_stamps(output: Path, on_finding: OnFinding) -> int:
    """Returns how many stamps prove a report."""
    files, proven = sorted((output / FOLDER).glob("*.tsr")), 0
    try:
        roots = roots_of(config.load(output).stamps.certificates, output) if files else []
    except (NotInstalled, WrongSetting) as error:
        on_finding(
            Finding(
                "stamp", output / FOLDER, None, N_("time stamps are not checked: {error}", error=error), damage=False
            )
        )
        return 0
    for file in files:
        crawl = file.name.partition(".")[0]
        report = report_file(output, crawl)
        try:
            payload = data_files.content(file, MOST_BYTES)
            verified(payload, roots)
            signed = with_digest(output, crawl, signed_digest(payload))
        except (WrongStamp, OSError) as error:
            on_finding(Finding("stamp", file, None, str(error), crawl=crawl))
            continue
        if signed is None:
            reason = N_(
                "it signs another content than that of the report: one of them was changed, or the report is missing"
            )
            on_finding(Finding("stamp", file, None, reason, crawl=crawl))
            continue
        if signed != report:
            reason = N_("it signs {name}: the report was repaired after it was stamped", name=signed.name)
            on_finding(Finding("stamp", file, None, reason, damage=False, crawl=crawl))
        proven += 1
    return proven
