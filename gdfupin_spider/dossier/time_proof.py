"""What proves that captures existed at a time: the lines of their crawls, the reports that name these, and a time stamp.

A stamp signs one report. The report has the digests of the line files of its crawl and of the report before it, so it leads to the
line of every earlier capture. Of the line files only `sightings.jsonl` is taken: it has the digests of captures and no text. Further
pages of an article have no line there, so no stamp of theirs can be shown without the archive. It has the addresses of all articles that
the crawl looked at, and a line cannot be left out of a file whose digest counts: where one of them was withdrawn, the proof of the
whole crawl is left out.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .. import data_files
from ..archive import Archive
from ..items import Sighting
from ..storage.line_file import records
from ..storage.report import SealedReport, digest_of, read_sealed
from ..storage.report_chain import report_files, with_digest
from ..storage.time_stamps import FOLDER, MOST_BYTES

SIGHTINGS = "sightings.jsonl"
Capture = tuple[str, int, str]
"""WARC file below `crawls/`, byte offset, payload digest."""


@dataclass(frozen=True)
class StampedCrawl:
    """The proof for the captures of one crawl. Files are named as below the folder of the evidence."""

    crawl: str
    sightings: str
    reports: tuple[str, ...]
    """The report of this crawl, then each report that names the one before, up to the one that is stamped."""
    stamps: tuple[str, ...]
    """Of the last report; one for each authority that was asked."""


@dataclass
class TimeProof:
    """The proofs of some crawls, with their files."""

    crawls: list[StampedCrawl] = field(default_factory=list)
    files: dict[str, Path] = field(default_factory=dict)
    """By name below the folder of the evidence."""
    captures: set[Capture] = field(default_factory=set)
    """Captures of these crawls that are proven."""
    withheld: list[str] = field(default_factory=list)
    """Crawls that are stamped and left out: what leads to the stamp names a withdrawn article."""


@dataclass(frozen=True)
class _Stamped:
    """A report that a stamp covers."""

    crawl: str
    report: Path
    """The report of the crawl, or one that a repair set aside."""
    next: "_Stamped | None"
    """The report that names this one, on the way to the nearest stamp; None: it is stamped itself."""
    stamps: tuple[Path, ...]
    """Of the last report on that way."""

    def way(self) -> Iterator["_Stamped"]:
        """This report, then each that names the one before, up to the one that is stamped."""
        at: _Stamped | None = self
        while at is not None:
            yield at
            at = at.next


def time_proof(archive: Archive, crawls: Collection[str]) -> TimeProof:
    """For each of these crawls the stamp of the nearest report. Crawls that no stamp covers are left out.

    Whether a stamp is good is not checked; those who read the evidence decide which authorities they trust.
    """
    found, covered = TimeProof(), defaultdict[str, list[_Stamped]](list)
    for stamped in _covered(archive.path):
        covered[stamped.crawl].append(stamped)
    for crawl in sorted(crawls):
        sightings = archive.path / "crawls" / crawl / SIGHTINGS
        sealed = next((each for each in covered[crawl] if _is_sealed(sightings, read_sealed(each.report))), None)
        if sealed is None:
            continue
        reports = [each.report for each in sealed.way()]
        if any(_names_withdrawn(archive, file) for file in (sightings, *reports)):
            found.withheld.append(crawl)
        else:
            _add(found, crawl, sightings, sealed)
    return found


def _add(found: TimeProof, crawl: str, sightings: Path, sealed: _Stamped) -> None:
    reports = {f"time/{each.crawl}/{each.report.name}": each.report for each in sealed.way()}
    signed = {f"time/stamps/{stamp.name}": stamp for stamp in sealed.stamps}
    found.files |= {f"time/{crawl}/{SIGHTINGS}": sightings, **reports, **signed}
    found.crawls.append(StampedCrawl(crawl, f"time/{crawl}/{SIGHTINGS}", tuple(reports), tuple(signed)))
    for sighting in records(sightings, Sighting):
        proof = sighting.capture
        found.captures.add((proof.warc, proof.offset, proof.payload_sha256))


def _names_withdrawn(archive: Archive, file: Path) -> bool:
    with data_files.opened(file) as content:
        return any(archive.names_withdrawn(line.decode("utf-8", "replace")) for line in data_files.lines(content))


def _covered(output: Path) -> Iterator[_Stamped]:
    """Every report that a stamp covers, with the way to the nearest one; those with the shortest ways first. Each is read once."""
    signed: dict[tuple[str, Path], list[Path]] = {}
    for stamp in sorted((output / FOLDER).glob("*.tsr")):
        crawl = stamp.name.partition(".")[0]
        try:
            payload = data_files.content(stamp, MOST_BYTES)
        except OSError:
            continue
        for report in report_files(output, crawl):
            # A stamp contains the digest that it signs; this needs no library, and a stamp that does not sign it proves nothing.
            if bytes.fromhex(digest_of(report).sha256) in payload:
                signed.setdefault((crawl, report), []).append(stamp)
    waiting = deque(_Stamped(*place, None, tuple(stamps)) for place, stamps in signed.items())
    seen: set[Path] = set()
    while waiting:
        at = waiting.popleft()
        if at.report in seen:
            continue
        seen.add(at.report)
        yield at
        previous = read.previous if (read := read_sealed(at.report)) is not None else None
        before = with_digest(output, previous.crawl, previous.sha256) if previous is not None else None
        if previous is not None and before is not None:
            waiting.append(_Stamped(previous.crawl, before, at, at.stamps))


def _is_sealed(file: Path, report: SealedReport | None) -> bool:
    """Whether a line file is the one that the report names."""
    seal = report.files.get(file.name) if report is not None else None
    return seal is not None and file.is_file() and digest_of(file).sha256 == seal.sha256
