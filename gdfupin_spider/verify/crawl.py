"""One crawl and its readings, proven: twice through its WARC, once through each file of lines."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import pages, warc
from ..catalog.sources import reader_of
from ..errors import ArchiveError
from ..items import Article, Capture, Issue, Media, PageSeen, Proof, Sighting, as_line
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
    read_crawl_report,
    read_reading_report,
)
from .findings import Finding, Part, Report
from .line_files import LineFile, Place, place_of


@dataclass
class Proven:
    """What one crawl was found to have."""

    captures: int = 0
    lines: int = 0
    again: int = 0
    """Folders of lines that were held against reading again."""


@dataclass
class _Lines:
    """A folder of lines: the crawl's own, or a reading's."""

    path: Path
    part: Part
    files: dict[str, LineFile]
    report: CrawlReport | ReadingReport | None = None
    again: bool = False
    """Whether today's reader wrote them."""
    whole: bool = False

    def seal(self, path: Path) -> Seal | None:
        """Of a line file; None where the report has none, as those of older programs."""
        return self.report.files.get(path.name) if self.report is not None else None


def _encoded(line: str) -> bytes:
    """As it stands in a file."""
    return line.encode("utf-8", "backslashreplace") + b"\n"


class _Comparing:
    """Takes the lines that today's reader makes, and hands each to the files that should have it."""

    def __init__(self, folders: list[_Lines]) -> None:
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
            folder.files[kind].gives((proof.warc, proof.offset), line)


def prove(
    crawl: Crawl, readings: list[Path], profile: Profile, report: Report, progress: Callable[[int], None]
) -> Proven:
    """Proves a crawl and its readings. `progress` is told the number of captures now and then."""
    proven = Proven()
    folders = [_own(crawl, profile, report), *(_reading(path, crawl, profile, report) for path in readings)]
    own, again = folders[0], [folder for folder in folders if folder.again]
    places: dict[Place, bytes] = {}
    tails: list[warc.Damage] = []
    rereading, _ = replaying(crawl.path, profile, _Comparing(again))
    for capture in _captures(crawl, own.whole, report, tails):
        proof = capture.proof
        places[sys.intern(proof.warc), proof.offset] = place_of(proof.payload_sha256, is_page(capture))
        if again:
            rereading.add(capture)
        if capture.purpose == "media":
            own.files["media"].may_have(_encoded(media_line(capture)))
        proven.captures += 1
        progress(proven.captures)
    for folder in folders:
        for file in folder.files.values():
            file.check(places, folder.seal(file.path), whole=folder.whole, again=folder.again)
            proven.lines += file.lines
    _changes(crawl, own, report)
    _tails(crawl, folders, tails, report)
    _exchanges(crawl, own, proven.captures, bool(tails), report)
    if again:
        rereading.judge()
        proven.again = len(again)
        for folder in again:
            _differences(folder)
    elif any(file.lines for file in own.files.values()):
        reader = reader_of(crawl) or "a reader that is not named"
        said = (
            f"its lines are of {reader}, not of {pages.reader(profile)}: captures and digests were proven, not the text"
        )
        report(Finding("lines", crawl.path, None, said, False, crawl.name))
    return proven


def _own(crawl: Crawl, profile: Profile, report: Report) -> _Lines:
    path = crawl.path / CRAWL_REPORT
    files = {kind: LineFile(crawl.path / f"{kind}.jsonl", kind, "lines", crawl.name, report) for kind in KINDS}
    lines = _Lines(crawl.path, "lines", files, again=reader_of(crawl) == pages.reader(profile))
    if not crawl.whole:
        said = "it has no report.json: it was killed (or the file was deleted); what is whole of it is folded"
        report(Finding("report", path, None, said, False, crawl.name))
        return lines
    lines.report = read_crawl_report(crawl.path)
    lines.whole = lines.report is not None
    wrong = broken_seal(path) or (None if lines.whole else "it is not the report of a crawl")
    if wrong:
        report(Finding("report", path, None, wrong, crawl=crawl.name))
    return lines


def _reading(path: Path, crawl: Crawl, profile: Profile, report: Report) -> _Lines:
    files = {kind: LineFile(path / f"{kind}.jsonl", kind, "reading", crawl.name, report) for kind in READ_AGAIN}
    reading, file = read_reading_report(path), path / READING_REPORT
    wrong = broken_seal(file) or (None if reading is not None else "it is not the report of a reading")
    if wrong:
        report(Finding("reading", file, None, f"the reading is not whole: {wrong}", crawl=crawl.name))
    return _Lines(path, "reading", files, reading, path.parent.name == pages.reader(profile), whole=True)


def _captures(crawl: Crawl, whole: bool, report: Report, tails: list[warc.Damage]) -> Iterator[Capture]:
    files = warc.files(crawl.path)
    if not files and whole:
        report(Finding("warc", crawl.path / "capture-00000.warc.gz", None, "the file is not there", crawl=crawl.name))
    for number, file in enumerate(files):
        last = number == len(files) - 1

        def damaged(damage: warc.Damage, last: bool = last) -> None:
            if damage.tail and last:
                tails.append(damage)
            else:
                report(Finding("warc", damage.path, damage.offset, damage.reason, crawl=crawl.name))

        try:
            if not file.stat().st_size:
                said = "the file is empty"
                report(Finding("warc", file, 0, said, damage=whole or not last, crawl=crawl.name))
            yield from warc.checked(file, damaged)
        except ArchiveError as error:
            report(Finding("warc", file, None, error.reason, crawl=crawl.name))


def media_line(capture: Capture) -> str:
    """The line of a picture or attachment, which needs no reading."""
    proof = capture.proof
    made = Media(
        url=capture.url,
        status=capture.status,
        type=capture.header("content-type"),
        bytes=len(capture.payload),
        sha256=proof.payload_sha256,
        captured_at=capture.captured_at,
        capture=proof,
    )
    return as_line(made)


def _changes(crawl: Crawl, own: _Lines, report: Report) -> None:
    """What the fold knew at the end of the crawl: made of other crawls too, so only its seal can be held against it."""
    path = crawl.path / "changes.jsonl"
    seal = own.seal(path)
    if seal is not None and (not path.exists() or seal_of_file(path) != seal):
        said = "the file is not what was sealed" if path.exists() else "the file is not there"
        report(Finding("lines", path, None, said, crawl=crawl.name))


def _tails(crawl: Crawl, folders: list[_Lines], tails: list[warc.Damage], report: Report) -> None:
    """What is torn at the end is damage where a line refers to it."""
    for tail in tails:
        name = f"{crawl.name}/{tail.path.name}"
        last = max((file.last.get(name, -1) for folder in folders for file in folder.files.values()), default=-1)
        damage = last >= tail.offset
        said = tail.reason if damage else f"{tail.reason}; a torn tail, and no line refers to it"
        report(Finding("warc", tail.path, tail.offset, said, damage, crawl.name))


def _exchanges(crawl: Crawl, own: _Lines, captures: int, torn: bool, report: Report) -> None:
    """A report says how many exchanges there were: records that are gone from the end of a file leave no other trace."""
    if not isinstance(own.report, CrawlReport):
        return
    total = own.report.run.requests_total
    lost = (own.report.repaired.lost_exchanges or 0) if own.report.repaired is not None else 0
    if captures + lost + torn < total:
        reason = f"the report counts {total} exchanges, the WARC files have {captures + lost}"
        report(Finding("warc", crawl.path / CRAWL_REPORT, None, reason, crawl=crawl.name))


def _differences(folder: _Lines) -> None:
    for kind, file in folder.files.items():
        sealed = folder.part == "lines" and kind != "articles" and folder.seal(file.path) is not None
        for offset, reason in file.left():
            file.found(offset, reason, damage=not sealed)
        if file.more and kind != "issues":
            said = f"reading the WARC again gives {file.more} lines more than stand here"
            file.found(None, said, damage=folder.part == "reading")
