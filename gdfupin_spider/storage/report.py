"""The reports of crawls and readings: records of `report.json` and `reading.json`, and their only reader and writer.

A report is written last, in one step: a folder that has one is whole. Its `files` have the lines, bytes and SHA-256 of
every line file, and its `seal` is the SHA-256 of all its other keys, so that `gdfupin verify` detects a change in either.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from ..items import Level, Origin, WrongShape, as_dict, decode
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


# --- What the pages of a crawl or reading became ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Example:
    """One of the pages behind a count."""

    url: str
    evidence: str


@dataclass(frozen=True, slots=True)
class IssueCount:
    """Issues of one kind."""

    level: Level
    what: str
    count: int
    examples: tuple[Example, ...] = ()
    """The first few."""


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """One section as a crawl saw it."""

    printed_total: int | None = None
    """The largest number of articles that its listings print (共N条)."""
    printed_pages: int | None = None
    """The largest number of pages that its listings print (页次:1/N)."""
    listing_pages: int = 0
    """Listing pages read."""
    listed: int = 0
    """Distinct addresses in their rows."""
    read: int = 0
    """Article lines."""


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """A line that many bodies have, up to its digits: perhaps boilerplate."""

    line: str
    articles: int
    share: float
    """Of all articles, 0 to 1."""
    other_pages: int
    """Listings and home pages that print it, too."""
    url: str
    """An article that has it."""


@dataclass(frozen=True, slots=True)
class RecurringLines:
    """All lines that recur in bodies."""

    count: int = 0
    examples: tuple[RecurringLine, ...] = ()
    """The most frequent ones."""


@dataclass(frozen=True, slots=True)
class TitleDifference:
    """A listing row and the page it links to that print different titles."""

    url: str
    listed: str
    title: str


@dataclass(frozen=True, slots=True)
class TitleCheck:
    """Titles in listings, compared with those of the articles."""

    compared: int = 0
    """Rows whose article was read."""
    disagree: int = 0
    """Articles whose row has another title."""
    examples: tuple[TitleDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class BoilerplateCheck:
    """Results of `ledger.boilerplate`."""

    articles: int = 0
    """Article lines that were checked."""
    recurring_lines: RecurringLines = RecurringLines()
    titles: TitleCheck = TitleCheck()


@dataclass(frozen=True, slots=True)
class LayoutFit:
    """Whether the layouts of the site fit its pages. Articles and pages of unknown kind are counted; all 0 without layouts."""

    pages: int = 0
    """Pages whose address pattern has a layout."""
    misfits: int = 0
    """Those of them that no layout fits: they were read alone."""
    differing: int = 0
    """Those of them where a layout fits, and the page alone gives another title, date or body."""
    other_shapes: int = 0
    """Articles whose address pattern has no layout, beside `pages`."""
    examples: tuple[Example, ...] = ()
    """The first few misfits."""


@dataclass(frozen=True, slots=True)
class UnknownShape:
    """An address pattern of which many pages are neither article nor listing."""

    shape: str
    """As in the profile's `article_urls`: `show.asp?id=0`."""
    unknown: int
    pages: int
    """All pages with the pattern that have content."""
    url: str
    """URL of an unknown page: the lowest one, whatever the order of the pages."""


@dataclass(frozen=True)
class Counts:
    """What the pages of a crawl or reading became."""

    articles: int = 0
    """Article lines."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """Pages by kind."""
    sightings: Mapping[str, int] = field(default_factory=dict)
    """Sightings by outcome."""
    issues: tuple[IssueCount, ...] = ()
    coverage: Mapping[str, SectionCounts] = field(default_factory=dict)
    """By section; the empty string is for listings that name none."""
    years: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Article lines by section and year (`YYYY`; empty where the page has no date)."""
    fields: Mapping[str, int] = field(default_factory=dict)
    """Article lines that have a date, source, author, section."""
    encodings: Mapping[str, int] = field(default_factory=dict)
    """Article lines by encoding, as Python names it."""
    broken: int = 0
    """Article lines with U+FFFD in title or body."""
    leaks: BoilerplateCheck = BoilerplateCheck()
    gaps: int = 0
    """Refusals and failures."""
    layouts: LayoutFit = LayoutFit()
    unknown_shapes: tuple[UnknownShape, ...] = ()
    """Each is a gap, too."""


# --- The archive after a crawl ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MassLoss:
    """A crawl whose missing articles are not believed to be gone."""

    crawl: str
    why: Literal["home", "mass"]
    """`home`: the home page was foreign or blocked; `mass`: too many articles were missing at once."""
    known: int | None = None
    """Articles that the crawl requested; None for `home`."""
    missing: int | None = None
    """Those of them that were missing."""


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """Contents of the catalog."""

    articles: Mapping[str, int]
    """By status."""
    versions: int = 0
    sightings: int = 0
    doubt: MassLoss | None = None
    """Of the crawl whose report this is."""


@dataclass(frozen=True, slots=True)
class SectionCompleteness:
    """One section: what its listings print, what the archive has, what is missing."""

    printed_total: int | None
    """The newest number of articles that its listings print."""
    printed_pages: int | None
    listed: int
    """Articles that its listings ever linked to, and linked addresses without an article."""
    articles: int
    """Those of them that are articles of the archive."""
    missing: Mapping[str, int]
    """Number of missing articles by reason."""
    examples: Mapping[str, tuple[str, ...]]
    """Some of their URLs by reason."""


@dataclass(frozen=True, slots=True)
class IdRun:
    """Consecutive numbers in URLs, as sites give them to their articles."""

    pattern: str
    """The URL without scheme, `{n}` in place of the number and `#` in place of other digits."""
    first: int
    last: int
    articles: int
    others: int
    """Known numbers without an article: pages that are missing, blocked, unreadable, or not requested yet."""
    unknown: int
    """Numbers that no known URL has."""
    longest: tuple[tuple[int, int], ...]
    """The longest gaps: first and last unknown number."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the site last published something, compared with its usual intervals. Days are `YYYY-MM-DD`."""

    newest: str | None = None
    """The newest date of an article that is not in the future."""
    silent_days: int | None = None
    """Days since then."""
    longest_silence: int | None = None
    """Days: the longest interval without articles in the two years before; None where there are too few to know."""
    found_at: str | None = None
    """When the archive last got a new article; UTC."""


@dataclass(frozen=True)
class Completeness:
    """How much of the site the archive has."""

    events: Mapping[str, int] = field(default_factory=dict)
    """Changes of all crawls by kind."""
    sections: Mapping[str, SectionCompleteness] = field(default_factory=dict)
    unlisted: int = 0
    """Articles that no listing links to."""
    runs: tuple[IdRun, ...] = ()
    fresh: Freshness = Freshness()
    fields: Mapping[str, int] = field(default_factory=dict)
    """Articles, and those that have a date, source, author, section."""
    encodings: Mapping[str, int] = field(default_factory=dict)
    """Article lines by encoding."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something an operator should look at."""

    name: str
    """Name of the monitor; for a section `name: section`."""
    message: str
    """One sentence with the figures."""
    since: str
    """Start of the first crawl of those in a row that raised it; UTC."""


@dataclass(frozen=True, slots=True)
class Monitors:
    """A crawl compared with earlier ones."""

    compared_with: int = 0
    """Number of those crawls."""
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True)
class Aftermath:
    """The archive after a crawl. A field is None where the catalog could not be updated, or the comparison failed."""

    changes: Mapping[str, int] | None = None
    """Changes first seen by this crawl, by kind."""
    catalog: CatalogCounts | None = None
    completeness: Completeness | None = None
    monitors: Monitors | None = None
    read_again: str | None = None
    """Folder, below the output, of the reading that the counts describe: the crawl learned layouts and was read again with
    them. None: the counts are those of the crawl's own lines."""


# --- The reports ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Versions:
    """The software that parsed the pages, as far as it can change the result."""

    gdfupin_spider: str = ""
    reader: str = ""
    scrapy: str = ""
    lxml: str = ""
    libxml2: str = ""
    python: str = ""


@dataclass(frozen=True)
class Run:
    """One crawl: when it ran, how it ended, what it requested. Times are UTC."""

    crawl: str
    origin: Origin = "live"
    started: str = ""
    finished: str = ""
    seconds: float = 0
    reason: str = ""
    """`finished`, `limit`, `max-minutes`, `interrupted`, `gave-up`, or the name of the error that ended it."""
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


@dataclass(frozen=True)
class Repaired:
    """Changes by `gdfupin verify --repair`."""

    lost_exchanges: int | None = None
    files: tuple[str, ...] = ()
    """Line files that were written again."""


@dataclass(frozen=True)
class CrawlReport:
    """`report.json`."""

    run: Run
    counts: Counts = Counts()
    after: Aftermath = Aftermath()
    settings: CrawlSettings = field(default_factory=CrawlSettings)
    versions: Versions | None = None
    files: Mapping[str, Seal] = field(default_factory=dict)
    """Seals of line files by name."""
    repaired: Repaired | None = None
    comparable: bool = True
    """False where the file lacks something that is compared between crawls, as those of older programs may."""

    def encode(self) -> dict[str, object]:
        """As one flat JSON object, without `files` and `seal`."""
        after = as_dict(self.after)
        monitors = after.pop("monitors")
        return {
            **as_dict(self.run),
            **as_dict(self.counts),
            **after,
            "settings": self.settings.encode(),
            "versions": as_dict(self.versions) if self.versions else None,
            "monitors": monitors,
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
    counts: Counts = Counts()
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
    path: Path, report: CrawlReport | ReadingReport, files: Iterable[LineFile], others: Iterable[Path] = ()
) -> None:
    """Writes a report with the seals of line files: `files` that were just closed, and `others` where they exist.

    Raises CannotWrite.
    """
    seals = {file.path.name: file.seal() for file in files}
    seals |= {other.name: seal_of_file(other) for other in others if other.exists()}
    _write(path, {**report.encode(), "files": {name: as_dict(seal) for name, seal in seals.items()}})


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
        _part(Repaired, value.get("repaired")),
        comparable=None not in (counts, after, settings) and value.keys() >= COMPARED,
    )


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
    old: Path, new: Path, *, files: Iterable[LineFile] = (), drop: str | None = None, lost: int | None = None
) -> None:
    """Writes the report of a repaired crawl to `new`: as `old`, but for the seals and what was repaired.

    `files`: line files that were written again. `drop`: name of one that no longer exists. `lost`: number of exchanges
    that the WARC files lost. Raises CannotWrite.
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
    _write(new, {**value, "files": {**seals, **written}})


def seal_of(value: Mapping[str, object]) -> str:
    """The SHA-256 of a report as JSON, without its seal."""
    return hashlib.sha256(
        json.dumps({name: each for name, each in value.items() if name != "seal"}).encode()
    ).hexdigest()


@dataclass(frozen=True)
class _Files:
    files: Mapping[str, Seal] = field(default_factory=dict)


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
        value: object = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return value


def _write(path: Path, value: dict[str, object]) -> None:
    write_whole(path, json.dumps({**value, "seal": seal_of(value)}, ensure_ascii=False, indent=2) + "\n")
