"""Moves the WARC files of old crawls out of the archive. Nothing is deleted before its copy has the same digest.

The folder of the crawl keeps everything else, and a link in place of each WARC file. The new place gets the whole folder, so
that it is a crawl by itself.
"""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import clock, warc
from ..errors import ArchiveError, CannotWrite, WrongArchive
from ..frontier.build import past
from ..items import as_dict
from ..messages.text import N_
from ..storage.crawls import Crawl
from ..storage.durable import free_bytes, refusals, sync_folder, write_whole
from ..storage.lock import OutputLock
from ..storage.report import FileDigest, digest_of, read_crawl_report
from ..storage.retired import FILE, RetiredCrawl, retired
from ..storage.reviews import load


@dataclass(frozen=True, slots=True)
class Retirement:
    """What was moved."""

    crawl: str
    to: str
    files: int
    bytes: int


def retire(output: Path, crawls: Sequence[Crawl], to: Path, say: Callable[[str], None]) -> list[Retirement]:
    """Moves the WARC files of these crawls to `to/<crawl>/`.

    Raises WrongArchive where a crawl cannot be retired, ArchiveError where a file is not as its crawl closed it, CannotWrite,
    CrawlRunning. Crawls before the one that failed stay retired.
    """
    if to.resolve().is_relative_to(output.resolve()):
        raise WrongArchive(output, N_("{to} is in the archive itself; name a folder outside with --to", to=to))
    done: list[Retirement] = []
    with OutputLock(output, "gdfupin retire"):
        for crawl in crawls:
            if (reason := why_not(output, crawl)) is not None:
                raise WrongArchive(output, N_("{name} cannot be retired: {reason}", name=crawl.name, reason=reason))
        for crawl in crawls:
            say(N_("{name}: its WARC files go to {to}", name=crawl.name, to=to / crawl.name))
            done.append(_retire(crawl, to.absolute() / crawl.name))
    return done


def why_not(output: Path, crawl: Crawl) -> str | None:
    """Why a crawl cannot be retired; None where it can."""
    if crawl.path.parent.resolve() != (output / "crawls").resolve():
        return N_("it is not in this archive")
    if not crawl.whole:
        return N_("it has no report: it runs, or was killed, and the next crawl reads its captures")
    if retired(crawl.path) is not None:
        return N_("it is retired already")
    if crawl.name in {each.name for each in past(output, clock.now()).unfinished}:
        return N_("it did not finish, and the next crawl goes on from its captures")
    if any(review.capture.warc.startswith(f"{crawl.name}/") for _, review in load(output, lambda damage: None)):
        return N_("persons reviewed pages of it (`gdfupin review`), which need its captures")
    return None


def _retire(crawl: Crawl, target: Path) -> Retirement:
    report = read_crawl_report(crawl.path)
    known = report.warcs if report is not None else {}
    files = warc.files(crawl.path)
    if missing := sorted(known.keys() - {file.name for file in files}):
        raise ArchiveError(crawl.path / missing[0], N_("the file does not exist: run `gdfupin verify`"))
    size = sum(file.stat().st_size for file in files)
    if target.exists():
        raise CannotWrite(target, N_("it exists already; nothing was moved"))
    with refusals(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    if free_bytes(target.parent) < size + 10_000_000:
        raise CannotWrite(target, N_("{size:,.0f} MB are needed there", size=size / 1e6))
    draft = target.with_name(f".{target.name}.new")
    digests: dict[str, FileDigest] = {}
    try:
        with refusals(target):
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(crawl.path, draft)
            for file in files:
                digests[file.name] = _proven(file, draft / file.name, known.get(file.name))
            for path in draft.iterdir():
                _force(path)
            sync_folder(draft)
            draft.rename(target)
            sync_folder(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    record = RetiredCrawl(str(target), clock.stamp(), digests)
    write_whole(crawl.path / FILE, json.dumps(as_dict(record), ensure_ascii=False, indent=2) + "\n")
    with refusals(crawl.path):
        for file in files:
            link = file.with_name(f".{file.name}.link")
            link.unlink(missing_ok=True)
            link.symlink_to(target / file.name)
            link.replace(file)
        sync_folder(crawl.path)
    return Retirement(crawl.name, str(target), len(files), size)


def _proven(file: Path, copy: Path, recorded: FileDigest | None) -> FileDigest:
    """The digest of a file and its copy, which is the one in the report where that has one."""
    digest = digest_of(file)
    if recorded is not None and digest != recorded:
        raise ArchiveError(
            file, N_("it does not match its digest in report.json; nothing was moved: run `gdfupin verify`")
        )
    if digest_of(copy) != digest:
        raise ArchiveError(copy, N_("the copy differs from the original; nothing was moved"))
    return digest


def _force(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
