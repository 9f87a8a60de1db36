"""Learns the layouts of a site from the WARC files of an archive, and keeps them in `output/layouts/`."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from .. import deadline, warc
from ..messages.text import N_
from ..pages.learning.lessons import Lessons
from ..profiles import Profile
from ..profiles.layouts import Layouts, files
from ..storage.archive_info import LAYOUTS
from ..storage.crawls import Crawl
from ..storage.durable import refusals, sync_folder, write_whole
from ..storage.report import read_crawl_report
from ..storage.retired import is_reachable
from .replayer import is_page

PROGRESS = 5000
"""Pages between two lines of progress."""


def learned(
    profile: Profile, crawls: Sequence[Crawl], *, whole: bool = False, say: Callable[[str], None] = lambda text: None
) -> Layouts:
    """The layouts that the captures of these crawls give. Damaged records are skipped, and so are retired crawls that
    cannot be reached. Raises ArchiveError.

    `whole`: one of the crawls ended without a limit, although it may have no report yet.
    """
    lessons, pages = Lessons(profile, deadline.read), 0
    for number, crawl in enumerate(crawls, 1):
        if not is_reachable(crawl.path):
            say(N_("{name} is retired and cannot be reached; nothing is learned from it", name=crawl.name))
            continue
        say(N_("learning from {name} ({number} of {crawls})", name=crawl.name, number=number, crawls=len(crawls)))
        for capture in warc.read(crawl.path, lambda damage: None, without="media"):
            if is_page(capture):
                lessons.add(capture)
                pages += 1
                if pages % PROGRESS == 0:
                    say(N_("learning: {pages:,} pages", pages=pages))
    return lessons.layouts(whole or any(map(_is_whole, crawls)))


def _is_whole(crawl: Crawl) -> bool:
    report = read_crawl_report(crawl.path)
    return report is not None and report.run.reason == "finished"


def pages_counted(crawls: Iterable[Crawl]) -> int:
    """The number of pages of crawls, by their reports: at least as many as can be learned from."""
    reports = (read_crawl_report(crawl.path) for crawl in crawls)
    return sum(sum(report.counts.pages.values()) for report in reports if report is not None)


def keep(output: Path, layouts: Layouts) -> None:
    """Writes `output/layouts/` in place of what it held. The caller holds the lock. Raises CannotWrite."""
    folder = output / LAYOUTS
    draft, older = folder.with_name(f".{LAYOUTS}.new"), folder.with_name(f".{LAYOUTS}.old")
    with refusals(folder):
        for leftover in (draft, older):
            if leftover.exists():
                shutil.rmtree(leftover)
        draft.mkdir(parents=True)
        for name, text in files(layouts).items() if layouts else ():
            write_whole(draft / name, text)
        if folder.exists():
            folder.rename(older)
        draft.rename(folder)
        sync_folder(output)
        if older.exists():
            shutil.rmtree(older)
