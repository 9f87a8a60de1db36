"""Checks which folders of crawls there are: missing, renamed, copied and unknown ones."""

import sqlite3
from collections import defaultdict
from pathlib import Path

from .. import warc
from ..catalog import Catalog
from ..catalog.admitted import NAME as ADMITTED
from ..catalog.sources import CATALOG
from ..errors import ArchiveError
from ..messages.text import N_
from ..storage.crawl_folder import KINDS
from ..storage.crawl_register import registered
from ..storage.crawls import Crawl
from ..storage.report import CRAWL_REPORT, read_crawl_report
from .findings import Finding, OnFinding


def prove_folders(output: Path, crawls: list[Crawl], on_finding: OnFinding) -> list[Crawl]:
    """Returns the crawls that can be checked: not renamed, not copied, and no other folders."""
    sound: list[Crawl] = []
    by_name: defaultdict[str, list[Crawl]] = defaultdict(list)
    for crawl in crawls:
        if not _is_crawl(crawl):
            reason = N_("it is not the folder of a crawl: it has neither WARC files nor lines nor a report")
            on_finding(Finding("folder", crawl.path, None, reason, False, crawl.name))
            continue
        name = recorded_name(crawl)
        by_name[name or crawl.name].append(crawl)
    for name, same in by_name.items():
        named = [crawl for crawl in same if crawl.name == name]
        sound += named
        for crawl in same:
            if crawl.name == name:
                continue
            if named:
                reason = N_(
                    "it is a copy of {name}, which exists, too: move it out of {parent}",
                    name=name,
                    parent=crawl.path.parent,
                )
            else:
                reason = N_(
                    "it was renamed: it is the crawl {name}, and its lines refer to that name; rename it back",
                    name=name,
                )
            on_finding(Finding("folder", crawl.path, None, reason, crawl=crawl.name))
    there = {crawl.name for crawl in crawls} | by_name.keys()
    for name in sorted(known_crawls(output) - there):
        reason = N_(
            "the archive had this crawl, and its folder is missing: put it back, as what it read is new to "
            "the next crawl"
        )
        on_finding(Finding("folder", output / "crawls" / name, None, reason, crawl=name))
    return [crawl for crawl in crawls if crawl in sound]


def known_crawls(output: Path) -> set[str]:
    """Names of crawls that ended in this archive, or that its catalog was folded from."""
    known = set(registered(output))
    try:
        with Catalog(output / CATALOG) as catalog:
            known |= {folded.crawl for folded in catalog.folded()} - {ADMITTED}
    except (ArchiveError, sqlite3.Error):
        pass  # the check of the catalog reports it
    return known


def recorded_name(crawl: Crawl) -> str | None:
    """The name that report or WARC of a crawl have; None where neither has one."""
    report = read_crawl_report(crawl.path)
    if report is not None and report.run.crawl:
        return report.run.crawl
    for file in warc.files(crawl.path)[:1]:
        try:
            return warc.about(file).get("isPartOf")
        except ArchiveError:
            return None
    return None


def _is_crawl(crawl: Crawl) -> bool:
    names = (CRAWL_REPORT, *(f"{kind}.jsonl" for kind in KINDS))
    return bool(warc.files(crawl.path)) or any((crawl.path / name).exists() for name in names)
