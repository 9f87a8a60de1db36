"""Checks an output: crawl by crawl, then the catalog."""

import contextlib
import functools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..catalog.sources import CATALOG
from ..errors import CannotWrite
from ..messages.text import N_
from ..profiles import Profile, layouts
from ..storage import acknowledgements
from ..storage.acknowledgements import Acknowledgement
from ..storage.archive_info import LAYOUTS
from ..storage.crawl_register import FILE as REGISTER
from ..storage.crawls import Crawl, crawls
from ..storage.lock import OutputLock
from ..storage.lookup import every
from .catalog import prove_catalog
from .chain import prove_chain
from .crawl import prove
from .findings import Finding, OnFinding
from .folders import prove_folders
from .release_files import prove_releases
from .review_file import prove_reviews
from .stamps import prove_stamps
from .withdrawal_file import prove_withdrawals

Say = Callable[[str], None]
PROGRESS_EVERY = 10.0
"""Seconds between two lines of progress."""


@dataclass
class Verified:
    """What was checked and found, and after a repair what was done."""

    crawls: int = 0
    captures: int = 0
    lines: int = 0
    readings: int = 0
    reviews: int = 0
    """Whole decisions in `reviews.jsonl`."""
    releases: int = 0
    stamps: int = 0
    """Time stamps that prove a report."""
    catalog: bool = False
    """Whether the catalog was compared with its source lines."""
    findings: list[Finding] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def damage(self) -> list[Finding]:
        """Damage that is not acknowledged."""
        return [finding for finding in self.findings if finding.damage and finding.acknowledged is None]

    @property
    def acknowledged(self) -> list[Finding]:
        """Damage that a person acknowledged."""
        return [finding for finding in self.findings if finding.acknowledged is not None]

    @property
    def notes(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.damage]


def verify(output: Path, profile: Profile, only: Sequence[Crawl] = (), say: Say = lambda text: None) -> Verified:
    """Checks the whole output, or only these crawls with their readings. Writes nothing below the output.

    Raises CrawlRunning, as an output that changes cannot be checked, and NoSuchCrawl where it is empty.
    """
    with locked(output, "gdfupin verify", only):
        return proven(output, profile, only, say)


@contextlib.contextmanager
def locked(output: Path, what: str, only: Sequence[Crawl]) -> Iterator[None]:
    """Holds the lock of the output. Where it cannot be written no crawl can run either, so no lock is needed."""
    if not only and not (output / CATALOG).exists() and not (output / REGISTER).exists():
        every(output)  # raises NoSuchCrawl: a mistyped output is neither created nor reported as intact
    lock = OutputLock(output, what)
    try:
        lock.__enter__()
    except CannotWrite:
        yield
        return
    try:
        yield
    finally:
        lock.__exit__(None, None, None)


def proven(output: Path, profile: Profile, only: Sequence[Crawl], say: Say) -> Verified:
    """As `verify`; the caller holds the lock."""
    found = Verified()
    checked = list(only) or prove_folders(output, crawls(output), found.findings.append)
    for number, crawl in enumerate(checked, 1):
        say(N_("{name} ({number} of {checked})", name=crawl.name, number=number, checked=len(checked)))
        readings = readings_of(output, crawl.name)
        result = prove(crawl, readings, profile, found.findings.append, _progress(say, "captures"))
        found.crawls += 1
        found.readings += len(readings)
        found.captures += result.captures
        found.lines += result.lines
    if not only:
        _left_over(output, {crawl.name for crawl in checked}, found)
        prove_chain(output, found.findings.append)
        found.stamps = prove_stamps(output, found.findings.append)
        found.reviews = prove_reviews(output, found.findings.append)
        prove_withdrawals(output, found.findings.append)
        prove_layouts(output, found.findings.append)
        say(N_("the releases"))
        found.releases = prove_releases(output, found.findings.append)
        say(N_("the catalog"))
        found.catalog = prove_catalog(output, profile, found.findings.append, _progress(say, N_("lines folded")))
    known = acknowledgements.load(output)
    covers = functools.cache(Acknowledgement.covers)  # the digest of a file is made once, however many findings it has
    found.findings = [_with_reason(finding, output, known, covers) for finding in found.findings]
    return found


def _with_reason(
    finding: Finding,
    output: Path,
    known: acknowledgements.Acknowledgements,
    covers: Callable[[Acknowledgement, Path], bool],
) -> Finding:
    """The finding with the reason of its acknowledgement: of the place in the file, or of the file as it was then."""
    if not finding.damage:
        return finding
    each = known.of(finding.place(output))
    if each is None and (of_file := known.of(finding.file(output))) is not None and covers(of_file, finding.path):
        is_later = of_file.bytes is not None and finding.offset is not None and finding.offset >= of_file.bytes > 0
        each = None if is_later else of_file
    return replace(finding, acknowledged=each.reason) if each is not None else finding


def prove_layouts(output: Path, on_finding: OnFinding) -> None:
    """Each file of a layout is named by the digest of what it holds."""
    for file in sorted((output / LAYOUTS).glob("*.json")):
        if file.name != layouts.SITE_FILE and layouts.digest_in(file) != file.stem:
            reason = N_("its name is not the digest of what it holds: it was changed after it was learned")
            on_finding(Finding("layouts", file, None, reason))


def readings_of(output: Path, crawl: str) -> list[Path]:
    """The complete readings of a crawl, by any reader."""
    return sorted(path for path in (output / "readings").glob(f"*/{crawl}") if path.is_dir())


def _left_over(output: Path, names: set[str], found: Verified) -> None:
    for path in sorted((output / "readings").glob("*/*")):
        if path.name.startswith("."):
            reason = N_("left by an interrupted replay; the next replay of this crawl deletes it")
        elif ".aside-" not in path.name and path.name not in names:
            reason = N_("its crawl does not exist, so it cannot be checked; it is not in the catalog")
        else:
            continue
        found.findings.append(Finding("reading", path, None, reason, damage=False))


def _progress(say: Say, what: str) -> Callable[[int], None]:
    """A callback that prints a count at most every PROGRESS_EVERY seconds."""
    last = time.monotonic()

    def count(number: int) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_EVERY:
            last = time.monotonic()
            say(f"  {number:,} {what}")

    return count
