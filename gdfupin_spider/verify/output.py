"""An output, proven as it stands: crawl by crawl, then the catalog."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..catalog.sources import CATALOG
from ..errors import CannotWrite
from ..profiles import Profile
from ..storage.crawls import Crawl, crawls
from ..storage.lock import OutputLock
from ..storage.lookup import every
from .catalog import prove_catalog
from .crawl import prove
from .findings import Finding

Say = Callable[[str], None]
SAID_EVERY = 10.0
"""Seconds between two words of progress."""


@dataclass
class Verified:
    """What was proven, what was found, and after a repair what was done."""

    crawls: int = 0
    captures: int = 0
    lines: int = 0
    readings: int = 0
    catalog: bool = False
    """Whether a catalog was compared with its fold."""
    findings: list[Finding] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def damage(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.damage]

    @property
    def notes(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.damage]


def verify(output: Path, profile: Profile, only: Sequence[Crawl] = (), say: Say = lambda text: None) -> Verified:
    """Proves the whole output, or only these crawls with their readings. Nothing is written below the output.

    Raises CrawlRunning: what a crawl writes to cannot be proven; NoSuchCrawl where there is nothing to prove.
    """
    with locked(output, "gdfupin verify", only):
        return proven(output, profile, only, say)


@contextlib.contextmanager
def locked(output: Path, what: str, only: Sequence[Crawl]) -> Iterator[None]:
    """Keeps crawls off while it is looked at. Where nothing can be written there is none to be kept off."""
    if not only and not (output / CATALOG).exists():
        every(output)  # a mistyped output is neither made nor said to be whole
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
    """As `verify`, for one that holds the lock."""
    found = Verified()
    there = list(only) or crawls(output)
    for number, crawl in enumerate(there, 1):
        say(f"{crawl.name} ({number} of {len(there)})")
        readings = readings_of(output, crawl.name)
        one = prove(crawl, readings, profile, found.findings.append, _now_and_then(say, "captures"))
        found.crawls += 1
        found.readings += len(readings)
        found.captures += one.captures
        found.lines += one.lines
    if not only:
        _left_over(output, {crawl.name for crawl in there}, found)
        say("the catalog")
        found.catalog = prove_catalog(output, profile, found.findings.append, _now_and_then(say, "lines folded"))
    return found


def readings_of(output: Path, crawl: str) -> list[Path]:
    """The readings of a crawl that took their name, by any reader."""
    return sorted(path for path in (output / "readings").glob(f"*/{crawl}") if path.is_dir())


def _left_over(output: Path, names: set[str], found: Verified) -> None:
    for path in sorted((output / "readings").glob("*/*")):
        if path.name.startswith("."):
            said = "left by a replay that was ended; the next one of this crawl takes it away"
        elif ".aside-" not in path.name and path.name not in names:
            said = "its crawl is not there, so it cannot be proven; it is not folded"
        else:
            continue
        found.findings.append(Finding("reading", path, None, said, damage=False))


def _now_and_then(say: Say, what: str) -> Callable[[int], None]:
    said = time.monotonic()

    def tell(count: int) -> None:
        nonlocal said
        if time.monotonic() - said >= SAID_EVERY:
            said = time.monotonic()
            say(f"  {count:,} {what}")

    return tell
