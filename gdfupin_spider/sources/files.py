"""Files of other programs as a source: WARC, ARC and WACZ, one file or a folder of them.

A file is known by its first bytes, not by its name. Revisits find their payload in the neighbours of their file.
"""

import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .. import data_files, warc
from ..errors import ArchiveError
from ..frontier.scope import Scope
from ..items import Capture, Issue, Origin
from ..pages import host_of
from ..warc import Damage, Exchange

MOST_MEMBERS = 10_000
"""WARC files in one WACZ."""
LARGEST_MEMBER = 20_000_000_000
"""Bytes of one of them."""
_PIECE = 1 << 20
EXAMPLES = 3
_KEPT_ORIGINS: frozenset[Origin] = frozenset({"wayback", "commoncrawl", "cdx", "saved", "demo"})


@dataclass
class Tally:
    """What was found in the files, counted while they are read."""

    files: int = 0
    records: int = 0
    """Captures of the site."""
    other_hosts: Counter[str] = field(default_factory=Counter)
    """Captures of hosts that are not of the site, by host."""
    losses: list[Issue] = field(default_factory=list)
    """What could not be read: a note each, with the name of the file as its URL."""
    unusable: int = 0
    """Captures without a date or status that could be stored."""

    def lost(self, path: Path, offset: int | None, reason: str) -> None:
        place = f"{path.name} at byte {offset}" if offset is not None else path.name
        self.losses.append(Issue("note", "damaged-record", place, reason[:300]))


def kind_of(path: Path) -> str | None:
    """`warc`, `arc` or `wacz`, by the first bytes of a file; None for any other file. Raises OSError."""
    with data_files.opened(path) as file:
        start = file.read(8192)
    if start[:4] == b"PK\x03\x04":
        return "wacz" if path.suffix.lower() in (".wacz", ".zip") else None
    if start[:2] == b"\x1f\x8b":
        try:
            start = zlib.decompressobj(31).decompress(start, 64)
        except zlib.error:
            # A damaged first record: the name is all that is left.
            return "warc" if path.name.lower().endswith((".warc.gz", ".warc")) else None
    if start.startswith(b"WARC/"):
        return "warc"
    if start.startswith(b"filedesc:"):
        return "arc"
    return "warc" if path.name.lower().endswith((".warc.gz", ".warc")) else None


def files_in(path: Path) -> list[Path]:
    """The files to read: `path` itself, or all below it that hold captures, by name. Links are not followed. Raises OSError."""
    if not path.is_dir():
        return [path]
    found = (each for each in path.rglob("*") if each.is_file() and not each.is_symlink())
    return sorted(each for each in found if kind_of(each) is not None)


def exchanges(paths: list[Path], scope: Scope, tally: Tally, say: Callable[[str], None]) -> Iterator[Exchange]:
    """The exchanges with the hosts of the site, file by file. Raises ArchiveError where a file cannot be opened."""
    for number, path in enumerate(paths, 1):
        tally.files += 1
        say(f"{path.name} ({number} of {len(paths)}): {tally.records:,} captures so far")
        try:
            kind = kind_of(path)
        except OSError as error:
            raise ArchiveError(path, error.strerror or str(error)) from error
        if kind == "wacz":
            yield from _of_wacz(path, scope, tally)
        else:
            yield from _of_file(path, path.name, scope, tally, arc=kind == "arc")


def _of_file(path: Path, name: str, scope: Scope, tally: Tally, *, arc: bool = False) -> Iterator[Exchange]:
    def report(damage: Damage) -> None:
        tally.lost(Path(name), damage.offset, damage.reason)

    for capture in warc.read_arc(path, report) if arc else warc.read(path, report):
        if not (scope.page(capture.url) or scope.media(capture.url)):
            tally.other_hosts[host_of(capture.url)] += 1
            continue
        try:
            exchange = exchange_of(capture, f"{name} {capture.proof.offset}")
        except ValueError as error:
            tally.unusable += 1
            tally.lost(Path(name), capture.proof.offset, str(error))
            continue
        tally.records += 1
        yield exchange


def _of_wacz(path: Path, scope: Scope, tally: Tally) -> Iterator[Exchange]:
    """The WARC files within a WACZ are unpacked first, since they refer to each other. No name from within it is a path."""
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory(prefix="gdfupin-wacz-") as folder:
            members = [each for each in archive.infolist() if each.filename.lower().endswith((".warc.gz", ".warc"))]
            unpacked = []
            for number, member in enumerate(members[:MOST_MEMBERS]):
                if member.file_size > LARGEST_MEMBER:
                    tally.lost(path, None, f"{member.filename[:100]} is larger than {LARGEST_MEMBER:,} bytes")
                    continue
                gz = ".gz" if member.filename.lower().endswith(".gz") else ""
                target = Path(folder, f"{number:05}.warc{gz}")
                with archive.open(member) as source, target.open("wb") as copy:
                    while piece := source.read(_PIECE):
                        copy.write(piece)
                unpacked.append((target, f"{path.name}!{member.filename.rpartition('/')[2]}"))
            if not unpacked:
                tally.lost(path, None, "no WARC file in it")
            for target, name in unpacked:
                yield from _of_file(target, name, scope, tally)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        tally.lost(path, None, f"it cannot be unpacked: {error}")


def exchange_of(capture: Capture, note: str) -> Exchange:
    """A capture of another file as an exchange. Raises ValueError where date or status cannot be stored.

    What another program captured has the origin `warc`, also what a live crawl of ours captured elsewhere.
    """
    origin = capture.origin if capture.origin in _KEPT_ORIGINS else "warc"
    return warc.copy_of(capture, note, origin=origin, purpose=_purpose(capture))


def _purpose(capture: Capture) -> warc.Purpose:
    match capture.purpose:
        case "robots" | "media" | "part" | "probe":
            return capture.purpose
    kind = (capture.header("content-type") or "text/html").partition(";")[0].strip().lower()
    is_text = kind.startswith("text/") or kind.endswith(("html", "xml")) or not kind
    return "page" if is_text or 300 <= capture.status < 400 else "media"
