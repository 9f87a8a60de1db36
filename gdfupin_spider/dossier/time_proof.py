"""What proves that captures existed at a time: the lines of their crawls, the reports that name these, and a time stamp.

A stamp signs one report. The report has the digests of the line files of its crawl and of the report before it, so it leads to the
line of every earlier capture. Of the line files only `sightings.jsonl` is taken: it has the digests of captures and no text. Further
pages of an article have no line there, so no stamp of theirs can be shown without the archive.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .. import data_files
from ..items import Sighting, WrongShape, decode
from ..storage.line_file import lines
from ..storage.report import SealedReport, digest_of, read_sealed
from ..storage.report_chain import report_files, with_digest
from ..storage.time_stamps import FOLDER, MOST_BYTES

SIGHTINGS = "sightings.jsonl"
Capture = tuple[str, int, str]
"""WARC file below `crawls/`, byte offset, payload digest."""
ChainLink = tuple[str, Path]
"""A crawl, and its report or one that a repair set aside."""


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


def time_proof(output: Path, crawls: Collection[str]) -> TimeProof:
    """For each of these crawls the stamp of the nearest report. Crawls that no stamp covers are left out.

    Whether a stamp is good is not checked; those who read the evidence decide which authorities they trust.
    """
    found, chains = TimeProof(), list(_chains(output))
    for crawl in sorted(crawls):
        reaching = [(chain[: at + 1], stamps) for chain, stamps in chains if (at := _place(chain, crawl)) is not None]
        sightings = output / "crawls" / crawl / SIGHTINGS
        for chain, stamps in sorted(reaching, key=lambda each: len(each[0])):
            if _is_sealed(sightings, read_sealed(chain[-1][1])):
                _add(found, crawl, sightings, chain, stamps)
                break
    return found


def _add(found: TimeProof, crawl: str, sightings: Path, chain: list[ChainLink], stamps: list[Path]) -> None:
    reports = {f"time/{name}/{file.name}": file for name, file in reversed(chain)}
    signed = {f"time/stamps/{stamp.name}": stamp for stamp in stamps}
    found.files |= {f"time/{crawl}/{SIGHTINGS}": sightings, **reports, **signed}
    found.crawls.append(StampedCrawl(crawl, f"time/{crawl}/{SIGHTINGS}", tuple(reports), tuple(signed)))
    for _, line in lines(sightings, lambda damage: None):
        try:
            proof = decode(Sighting, line).capture
        except WrongShape:
            continue
        found.captures.add((proof.warc, proof.offset, proof.payload_sha256))


def _chains(output: Path) -> Iterator[tuple[list[ChainLink], list[Path]]]:
    """Of each report that is stamped: the reports that it leads back to, itself first, and its stamps."""
    signed: dict[ChainLink, list[Path]] = {}
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
    for (crawl, report), stamps in signed.items():
        yield list(_back(output, crawl, report)), stamps


def _back(output: Path, crawl: str, report: Path | None) -> Iterator[ChainLink]:
    seen: set[str] = set()
    while report is not None and crawl not in seen:
        seen.add(crawl)
        yield crawl, report
        read = read_sealed(report)
        if read is None or read.previous is None:
            return
        crawl = read.previous.crawl
        report = with_digest(output, crawl, read.previous.sha256)


def _place(chain: list[ChainLink], crawl: str) -> int | None:
    return next((at for at, (name, _) in enumerate(chain) if name == crawl), None)


def _is_sealed(file: Path, report: SealedReport | None) -> bool:
    """Whether a line file is the one that the report names."""
    seal = report.files.get(file.name) if report is not None else None
    return seal is not None and file.is_file() and digest_of(file).sha256 == seal.sha256
