"""Checks one crawl and its readings. Reads the WARC twice, each line file once."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .. import pages, warc
from ..catalog.sources import reader_of
from ..errors import ArchiveError
from ..items import Article, Capture, Issue, Media, PageSeen, Proof, Sighting, as_line
from ..messages.text import N_
from ..profiles import Profile
from ..replay.replayer import is_page, replaying
from ..storage.crawl_folder import KINDS
from ..storage.crawls import Crawl
from ..storage.line_file import Seal, seal_of_file
from ..storage.reading_folder import KINDS as READ_AGAIN
from ..storage.report import (
    CRAWL_REPORT,
    READING_REPORT,
    CrawlReport,
    ReadingReport,
    broken_seal,
    digest_of,
    read_crawl_report,
    read_reading_report,
)
from ..storage.retired import retired
from ..terminal import pluralized
from .findings import Finding, OnFinding, Part
from .line_files import LineFileCheck, Place, place_of

DERIVED = {
    "changes.jsonl": N_("the catalog still has the changes of this crawl"),
    "gaps.jsonl": N_("the next crawl takes over the gaps of an earlier crawl; messages may name some of them again"),
}
"""Line files of a crawl that cannot be rebuilt from it alone, and what their loss means."""


@dataclass
class CheckedCrawl:
    """Numbers of what was checked."""

    captures: int = 0
    lines: int = 0
    again: int = 0
    """Folders of lines that were compared with parsing again."""


@dataclass
class _Folder:
    """A folder of line files: of the crawl itself, or of a reading."""

    path: Path
    part: Part
    files: dict[str, LineFileCheck]
    report: CrawlReport | ReadingReport | None = None
    reader: str | None = None
    """The reader that made them, as recorded."""
    again: bool = False
    """Whether that is the current reader."""
    whole: bool = False

    def seal(self, path: Path) -> Seal | None:
        """Of a line file; None where the report has none, as those of older programs."""
        return self.report.files.get(path.name) if self.report is not None else None


def _encoded(line: str) -> bytes:
    """A line with its end, as in a file."""
    return line.encode("utf-8", "backslashreplace") + b"\n"


class _Comparing:
    """Takes the lines that the current reader makes, and passes each to the files that should have it."""

    def __init__(self, folders: list[_Folder]) -> None:
        self._folders = folders

    def article(self, record: Article) -> None:
        self._came("articles", record.captures[0], record)

    def sighting(self, record: Sighting) -> None:
        self._came("sightings", record.capture, record)

    def page(self, record: PageSeen) -> None:
        self._came("pages", record.capture, record)

    def issue(self, record: Issue) -> None:
        if record.capture is not None:
            self._came("issues", record.capture, record)

    def _came(self, kind: str, proof: Proof, record: object) -> None:
        line = _encoded(as_line(record))
        for folder in self._folders:
            if isinstance(record, Article) and folder.reader is not None and folder.reader != record.reader:
                # an earlier id of the same reader
                folder.files[kind].gives(
                    (proof.warc, proof.offset), _encoded(as_line(replace(record, reader=folder.reader)))
                )
            else:
                folder.files[kind].gives((proof.warc, proof.offset), line)


def prove(
    crawl: Crawl, readings: list[Path], profile: Profile, on_finding: OnFinding, progress: Callable[[int], None]
) -> CheckedCrawl:
    """Checks a crawl and its readings. `progress` is called with the number of captures read until now."""
    proven = CheckedCrawl()
    folders = [_own(crawl, profile, on_finding), *(_reading(path, crawl, profile, on_finding) for path in readings)]
    own, again = folders[0], [folder for folder in folders if folder.again]
    places: dict[Place, bytes] = {}
    tails: list[warc.Damage] = []
    rereading, _ = replaying(crawl.path, profile, _Comparing(again))
    bad_files: set[Path] = set()

    def on_warc(finding: Finding) -> None:
        bad_files.add(finding.path)
        on_finding(finding)

    moved = retired(crawl.path)
    if moved is not None and moved.missing():
        reason = N_(
            "its WARC files are at {to} (`gdfupin retire`), which cannot be reached: only seals were checked",
            to=moved.to,
        )
        on_finding(Finding("warc", crawl.path, None, reason, False, crawl.name))
        _seals(folders, proven, on_finding)
        _changes(crawl, own, on_finding)
        return proven
    for capture in _captures(crawl, own.whole, on_warc, tails):
        proof = capture.proof
        places[sys.intern(proof.warc), proof.offset] = place_of(proof.payload_sha256, is_page(capture))
        if again:
            rereading.add(capture)
        if capture.purpose == "media":
            own.files["media"].may_have(_encoded(as_line(Media.of(capture))))
        proven.captures += 1
        progress(proven.captures)
    for folder in folders:
        for file in folder.files.values():
            file.check(places, folder.seal(file.path), whole=folder.whole, again=folder.again)
            proven.lines += file.lines
    _changes(crawl, own, on_finding)
    _tails(crawl, folders, tails, on_warc)
    _digests(crawl, own, bad_files, on_finding)
    _exchanges(crawl, own, proven.captures, bool(tails), on_finding)
    if again:
        rereading.judge()
        proven.again = len(again)
        for folder in again:
            _differences(folder)
    elif any(file.lines for file in own.files.values()):
        reader = reader_of(crawl) or N_("an unknown reader")
        reason = N_(
            "its lines are of {reader}, not of {profile}: only captures and digests were checked",
            reader=reader,
            profile=pages.reader(profile),
        )
        on_finding(Finding("lines", crawl.path, None, reason, False, crawl.name))
    return proven


def _own(crawl: Crawl, profile: Profile, on_finding: OnFinding) -> _Folder:
    path = crawl.path / CRAWL_REPORT
    files = {kind: LineFileCheck(crawl.path / f"{kind}.jsonl", kind, "lines", crawl.name, on_finding) for kind in KINDS}
    lines = _Folder(crawl.path, "lines", files, reader=(reader := reader_of(crawl)), again=_is_current(reader, profile))
    if not crawl.whole:
        reason = N_("it has no report.json: it was killed (or the file was deleted); its whole lines are folded")
        on_finding(Finding("report", path, None, reason, False, crawl.name))
        return lines
    lines.report = read_crawl_report(crawl.path)
    lines.whole = lines.report is not None
    wrong = broken_seal(path) or (None if lines.whole else N_("it is not the report of a crawl"))
    if wrong:
        on_finding(Finding("report", path, None, wrong, crawl=crawl.name))
    return lines


def _reading(path: Path, crawl: Crawl, profile: Profile, on_finding: OnFinding) -> _Folder:
    files = {
        kind: LineFileCheck(path / f"{kind}.jsonl", kind, "reading", crawl.name, on_finding) for kind in READ_AGAIN
    }
    reading, file = read_reading_report(path), path / READING_REPORT
    wrong = broken_seal(file) or (None if reading is not None else N_("it is not the report of a reading"))
    if wrong:
        on_finding(
            Finding("reading", file, None, N_("the reading is not complete: {wrong}", wrong=wrong), crawl=crawl.name)
        )
    reader = path.parent.name
    return _Folder(path, "reading", files, reading, reader, _is_current(reader, profile), whole=True)


def _is_current(reader: str | None, profile: Profile) -> bool:
    return reader is not None and pages.same_reader(reader) == pages.reader(profile)


def _captures(crawl: Crawl, whole: bool, on_finding: OnFinding, tails: list[warc.Damage]) -> Iterator[Capture]:
    files = warc.files(crawl.path)
    if not files and whole:
        on_finding(
            Finding("warc", crawl.path / "capture-00000.warc.gz", None, N_("the file does not exist"), crawl=crawl.name)
        )
    for number, file in enumerate(files):
        last = number == len(files) - 1

        def damaged(damage: warc.Damage, last: bool = last) -> None:
            if damage.tail and last:
                tails.append(damage)
            else:
                on_finding(Finding("warc", damage.path, damage.offset, damage.reason, crawl=crawl.name))

        try:
            if not file.stat().st_size:
                reason = N_("the file is empty")
                on_finding(Finding("warc", file, 0, reason, damage=whole or not last, crawl=crawl.name))
            yield from warc.checked(file, damaged)
        except ArchiveError as error:
            on_finding(Finding("warc", file, None, error.reason, crawl=crawl.name))


def _changes(crawl: Crawl, own: _Folder, on_finding: OnFinding) -> None:
    """Checks these files by their seals only: their content depends on other crawls, too."""
    for name in DERIVED:
        path = crawl.path / name
        seal = own.seal(path)
        if seal is not None and (not path.exists() or seal_of_file(path) != seal):
            reason = N_("the file does not match its seal") if path.exists() else N_("the file does not exist")
            on_finding(Finding("lines", path, None, reason, crawl=crawl.name))


def _tails(crawl: Crawl, folders: list[_Folder], tails: list[warc.Damage], on_finding: OnFinding) -> None:
    """A half record at the end of a WARC is damage where a line refers to it."""
    for tail in tails:
        name = f"{crawl.name}/{tail.path.name}"
        last = max((file.last.get(name, -1) for folder in folders for file in folder.files.values()), default=-1)
        damage = last >= tail.offset
        reason = tail.reason if damage else N_("{reason}; a torn tail, no line refers to it", reason=tail.reason)
        on_finding(Finding("warc", tail.path, tail.offset, reason, damage, crawl.name))


def _seals(folders: list[_Folder], proven: CheckedCrawl, on_finding: OnFinding) -> None:
    """Checks line files by their seals alone."""
    for folder in folders:
        for kind, file in folder.files.items():
            seal = folder.seal(file.path)
            if seal is None:
                continue
            if not file.path.exists() or seal_of_file(file.path) != seal:
                reason = N_("the file does not match its seal") if file.path.exists() else N_("the file does not exist")
                on_finding(Finding(folder.part, file.path, None, f"{kind}: {reason}"))
            proven.lines += seal.lines


def _digests(crawl: Crawl, own: _Folder, bad: set[Path], on_finding: OnFinding) -> None:
    """Compares closed WARC files with their digests in the report. `bad`: files whose damage is known."""
    report = own.report
    if not isinstance(report, CrawlReport):
        return
    moved = retired(crawl.path)
    for name, digest in (report.warcs or (moved.warcs if moved is not None else {})).items():
        path = crawl.path / name
        if path in bad:
            continue
        if not path.exists():
            on_finding(Finding("warc", path, None, N_("the file does not exist"), crawl=crawl.name))
        elif digest_of(path) != digest:
            on_finding(
                Finding("digest", path, None, N_("the file does not match its digest in report.json"), crawl=crawl.name)
            )


def _exchanges(crawl: Crawl, own: _Folder, captures: int, torn: bool, on_finding: OnFinding) -> None:
    """Compares the number of exchanges with the report: records that are missing at the end leave no other trace."""
    if not isinstance(own.report, CrawlReport):
        return
    total = own.report.run.requests_total
    lost = (own.report.repaired.lost_exchanges or 0) if own.report.repaired is not None else 0
    if captures + lost + torn < total:
        reason = N_(
            "the report counts {exchanges}, the WARC files have {captures}",
            exchanges=pluralized(total, "exchange"),
            captures=captures + lost,
        )
        on_finding(Finding("warc", crawl.path / CRAWL_REPORT, None, reason, crawl=crawl.name))


def _differences(folder: _Folder) -> None:
    for kind, file in folder.files.items():
        sealed = folder.part == "lines" and kind != "articles" and folder.seal(file.path) is not None
        for offset, reason in file.left():
            file.found(offset, reason, damage=not sealed)
        if file.more and kind != "issues":
            reason = N_(
                "parsing the WARC again gives {lines} than the file has", lines=pluralized(file.more, "more line")
            )
            file.found(None, reason, damage=folder.part == "reading")
