"""The reports of crawls and readings: records of `report.json` and `reading.json`, and their only reader and writer.

A report is written last, in one step: a folder that has one is whole. Its `files` have the lines, bytes and SHA-256 of
every line file, and its `seal` is the SHA-256 of all its other keys, so that `gdfupin verify` detects a change in either.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from .. import data_files
from ..items import Origin, WrongShape, as_dict, decode
from .aftermath import Aftermath
from .counts import Counts
from .crawl_settings import CrawlSettings, decode_settings
from .durable import write_whole
from .line_file import LineFile, Seal, seal_of_file

T = TypeVar("T")
CRAWL_REPORT, READING_REPORT = "report.json", "reading.json"
COMPARED = {
    "started",
    "settings",
    "requests",
    "articles",
    "sightings",
    "coverage",
    "fields",
    "encodings",
    "broken",
    "leaks",
}
"""Keys that a report needs to be compared with others. Reports of older programs may lack some."""


@dataclass(frozen=True, slots=True)
class Versions:
    """The software that parsed the pages, as far as it can change the result."""

    gdfupin_spider: str = ""
    reader: str = ""
    scrapy: str = ""
    lxml: str = ""
    libxml2: str = ""
    python: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a crawl really looked at, of what earlier crawls know. Nothing that was not looked at is confirmed by it."""

    listings_known: int = 0
    """Listings whose first page was to be requested."""
    listings_read: int = 0
    """Those that answered as a listing, or as not modified."""
    listings_left: int = 0
    """Those that did not, and were missing or moved in an earlier crawl already."""
    articles_known: int = 0
    """Articles of the archive when the crawl began."""
    articles_requested: int = 0
    """Those of them that were requested again."""
    articles_seen: int = 0
    """Those of them with a definite result: read, not modified, missing, moved."""
    articles_missing: int = 0
    """Those of them that were missing."""
    sections_known: int = 0
    """Names of sections in the archive."""
    sections_found: int = 0
    """Those of them that listings of this crawl print."""
    sections_new: int = 0
    """Names of sections of this crawl that the archive does not know."""


@dataclass(frozen=True)
class Run:
    """One crawl: when it ran, how it ended, what it requested. Times are UTC."""

    crawl: str
    origin: Origin = "live"
    started: str = ""
    finished: str = ""
    seconds: float = 0
    reason: str = ""
    """`finished`, `limit`, `max-minutes`, `max-pages`, `interrupted`, `gave-up`, `too-many-pages`, `too-many-bytes`, `too-long`, or the name of the error that ended it."""
    message: str | None = None
    """The error, or why the catalog could not be updated."""
    exit_code: int = 0
    requests: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Number of exchanges by purpose and status (or truncation)."""
    requests_total: int = 0
    requests_by_reason: Mapping[str, int] = field(default_factory=dict)
    forbidden_by_robots: Mapping[str, int] = field(default_factory=dict)
    """Number of URLs that were not fetched, by host."""
    forbidden_articles: int = 0
    """Those of them to which a listing links as to an article, and all of `forbidden_known`."""
    forbidden_known: int = 0
    """Those of them that earlier crawls fetched: articles that were to be checked again, and listings."""
    given_up: Mapping[str, int] = field(default_factory=dict)
    """Number of URLs left out, by the URL pattern of a crawler trap."""
    payload_bytes: int = 0
    limits_reached: Mapping[str, str] = field(default_factory=dict)
    """Limits that the crawl reached, by name (`pages`, `bytes`, `hours`, `unlisted`, `files`, `host NAME`), each with a sentence."""
    looked: Looked = Looked()
    """All 0 in reports of older programs."""
    new_articles: int = 0
    """Articles whose address, and whose title and date, no earlier crawl knew."""
    identity: tuple[str, ...] = ()
    """The identity words of the profile that the start pages print."""
    clock_offset: float | None = None
    """Seconds by which the clock of the server was ahead; None where it sent no Date."""
    held: tuple[str, ...] = ()
    """Names of the alarms because of which the crawl is held back; see `storage.holds`. Empty: it is not."""
    killed_held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Killed crawls that are held back and that no earlier crawl told of: names of their alarms."""


@dataclass(frozen=True)
class Repaired:
    """Changes by `gdfupin verify --repair`."""

    lost_exchanges: int | None = None
    files: tuple[str, ...] = ()
    """Line files that were written again."""


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A closed file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A report that another report names: see `report_chain`."""

    crawl: str
    sha256: str
    """Of its file."""


@dataclass(frozen=True)
class CrawlReport:
    """`report.json`."""

    run: Run
    counts: Counts = field(default_factory=Counts)
    after: Aftermath = field(default_factory=Aftermath)
    settings: CrawlSettings = field(default_factory=CrawlSettings)
    versions: Versions | None = None
    files: Mapping[str, Seal] = field(default_factory=dict)
    """Seals of line files by name."""
    warcs: Mapping[str, FileDigest] = field(default_factory=dict)
    """Digests of WARC files by name; empty in reports of older programs."""
    repaired: Repaired | None = None
    previous: ReportLink | None = None
    """The newest report when this one was written; None in the first report of an archive, and in those of older programs."""
    comparable: bool = True
    """False where the file lacks something that is compared between crawls, as those of older programs may."""

    def encode(self) -> dict[str, object]:
        """As one flat JSON object, without `warcs`, `files` and `seal`."""
        after = as_dict(self.after)
        monitors = after.pop("monitors")
        return {
            **as_dict(self.run),
            **as_dict(self.counts),
            **after,
            "settings": self.settings.encode(),
            "versions": as_dict(self.versions) if self.versions else None,
            "monitors": monitors,
            "previous": as_dict(self.previous) if self.previous else None,
            **({"repaired": as_dict(self.repaired)} if self.repaired else {}),
        }


@dataclass(frozen=True, slots=True)
class DamageNote:
    """Damage in a WARC file that a reading skipped."""

    file: str
    offset: int
    reason: str
    tail: bool
    """Whether it is a half-written record at the end of the file, as a killed crawl leaves it."""


@dataclass(frozen=True)
class ReadingReport:
    """`reading.json`."""

    crawl: str
    started: str = ""
    finished: str = ""
    folder: str = ""
    counts: Counts = field(default_factory=Counts)
    damage: tuple[DamageNote, ...] = ()
    versions: Versions | None = None
    files: Mapping[str, Seal] = field(default_factory=dict)
    """Seals of line files by name."""

    def encode(self) -> dict[str, object]:
        """As one flat JSON object, without `files` and `seal`."""
        return {
            "crawl": self.crawl,
            "started": self.started,
            "finished": self.finished,
            "folder": self.folder,
            **as_dict(self.counts),
            "damage": [as_dict(note) for note in self.damage],
            "versions": as_dict(self.versions) if self.versions else None,
        }


def write_report(
    path: Path,
    report: CrawlReport | ReadingReport,
    files: Iterable[LineFile],
    others: Iterable[Path] = (),
    warcs: Mapping[str, tuple[int, str]] | None = None,
) -> None:
    """Writes a report with the seals of line files: `files` that were just closed, and `others` where they exist.

    `warcs`: bytes and SHA-256 of the WARC files of a crawl. Raises CannotWrite.
    """
    seals = {file.path.name: file.seal() for file in files}
    seals |= {other.name: seal_of_file(other) for other in others if other.exists()}
    digests = {name: {"bytes": size, "sha256": digest} for name, (size, digest) in sorted((warcs or {}).items())}
    kept = {"warcs": digests} if warcs is not None else {}
    _write(path, {**report.encode(), **kept, "files": {name: as_dict(seal) for name, seal in seals.items()}})


def read_crawl_report(folder: Path) -> CrawlReport | None:
    """The report in the folder of a crawl; None where it is absent, cut off, or not the report of a crawl."""
    try:
        return decode_crawl_report(_load(folder / CRAWL_REPORT), folder.name)
    except WrongShape:
        return None


def decode_crawl_report(value: object, crawl: str = "") -> CrawlReport:
    """A report from JSON. Parts other than the run that cannot be decoded are left empty.

    `crawl`: name of the crawl, where the report lacks it. Raises WrongShape.
    """
    if not isinstance(value, dict):
        raise WrongShape("a report is a JSON object")
    run = decode(Run, {"crawl": crawl, **value})
    counts, after = _part(Counts, value), _part(Aftermath, value)
    try:
        settings = decode_settings(value.get("settings", {}))
    except WrongShape:
        settings = None
    return CrawlReport(
        run,
        counts or Counts(),
        after or Aftermath(),
        settings or CrawlSettings(),
        _part(Versions, value.get("versions")),
        _files(value),
        warcs=(_part(_Warcs, value) or _Warcs()).warcs,
        repaired=_part(Repaired, value.get("repaired")),
        previous=_part(ReportLink, value.get("previous")),
        comparable=None not in (counts, after, settings) and value.keys() >= COMPARED,
    )


@dataclass(frozen=True)
class SealedReport:
    """What a report has of other files."""

    previous: ReportLink | None = None
    files: Mapping[str, Seal] = field(default_factory=dict)


def read_sealed(path: Path) -> SealedReport | None:
    """The seals in the report of a crawl, or in one that a repair set aside; None where it cannot be read."""
    value = _load(path)
    return _part(SealedReport, value) if isinstance(value, dict) else None


def read_reading_report(folder: Path) -> ReadingReport | None:
    """The report in the folder of a reading; None where it is absent, cut off, or not the report of a reading."""
    value = _load(folder / READING_REPORT)
    if not isinstance(value, dict):
        return None
    try:
        return decode(ReadingReport, {"crawl": folder.name, **value, "counts": value})
    except WrongShape:
        return None


def broken_seal(path: Path) -> str | None:
    """What is wrong with a report on the disk: unreadable, or changed after it was written; None where nothing is.

    Reports of older programs have no seal.
    """
    value = _load(path)
    if not isinstance(value, dict):
        return "it is not a JSON object"
    if "seal" in value and value["seal"] != seal_of(value):
        return "its seal does not match: it was changed after it was written"
    return None


def amend_report(
    old: Path,
    new: Path,
    *,
    files: Iterable[LineFile] = (),
    drop: str | None = None,
    lost: int | None = None,
    mended: Iterable[Path] = (),
) -> None:
    """Writes the report of a repaired crawl to `new`: as `old`, but for the seals and what was repaired.

    `files`: line files that were written again. `drop`: name of one that no longer exists. `lost`: number of exchanges
    that the WARC files lost. `mended`: WARC files that were written again. Raises CannotWrite.
    """
    value = _load(old)
    if not isinstance(value, dict):
        raise WrongShape(f"{old} is not a report")
    seals = {name: as_dict(seal) for name, seal in _files(value).items() if name != drop}
    written = {file.path.name: as_dict(file.seal()) for file in files}
    if written or lost is not None:
        repaired = _part(Repaired, value.get("repaired")) or Repaired()
        names = tuple(sorted({*repaired.files, *written}))
        value["repaired"] = as_dict(Repaired(repaired.lost_exchanges if lost is None else lost, names))
    if "warcs" in value:
        known = (_part(_Warcs, value) or _Warcs()).warcs
        digests = {**known, **{path.name: digest_of(path) for path in mended}}
        value["warcs"] = {name: as_dict(digest) for name, digest in sorted(digests.items())}
    _write(new, {**value, "files": {**seals, **written}})


def seal_of(value: Mapping[str, object]) -> str:
    """The SHA-256 of a report as JSON, without its seal."""
    return hashlib.sha256(
        json.dumps({name: each for name, each in value.items() if name != "seal"}).encode()
    ).hexdigest()


@dataclass(frozen=True)
class _Files:
    files: Mapping[str, Seal] = field(default_factory=dict)


@dataclass(frozen=True)
class _Warcs:
    warcs: Mapping[str, FileDigest] = field(default_factory=dict)


def digest_of(path: Path) -> FileDigest:
    """The digest of a file on the disk. Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileDigest(file.tell(), digest)


def _files(value: Mapping[str, object]) -> Mapping[str, Seal]:
    part = _part(_Files, value)
    return part.files if part else {}


def _part(record: type[T], value: object) -> T | None:
    try:
        return decode(record, value)
    except WrongShape:
        return None


def _load(path: Path) -> object:
    """None where there is no file, or no JSON in it."""
    try:
        return data_files.json_value(data_files.content(path, data_files.METADATA))
    except (OSError, ValueError):
        return None


def _write(path: Path, value: dict[str, object]) -> None:
    write_whole(path, json.dumps({**value, "seal": seal_of(value)}, ensure_ascii=False, indent=2) + "\n")
