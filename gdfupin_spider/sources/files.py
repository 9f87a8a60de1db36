"""Files of other programs as a source: WARC, ARC and WACZ, one file or a folder of them.

A file is known by its first bytes, not by its name. Revisits find their payload in the neighbours of their file.
"""

import lzma
import os
import struct
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from .. import clock, data_files, warc
from ..errors import ArchiveError
from ..frontier.scope import Scope
from ..items import Capture, Issue, Origin
from ..messages.text import N_, shortened
from ..pages import host_of
from ..storage.durable import free_floor, need_room, refusals
from ..terminal import without_credentials
from ..warc import Damage, Exchange

MOST_MEMBERS = 10_000
"""WARC files in one WACZ."""
LARGEST_MEMBER = 20_000_000_000
"""Bytes of one of them."""
_PIECE = 1 << 20
EARLIEST = "1990"
"""No page of the Web is older."""
_UNPACKING_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, RuntimeError, ValueError,
)  # fmt: skip
"""What zipfile raises about a file that is damaged, encrypted, or packed in a way that it does not know."""
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
    """Captures without an address, date or status that could be stored."""

    def lost(self, path: Path, offset: int | None, reason: str) -> None:
        name = readable(path.name)
        place = N_("{name} at byte {offset}", name=name, offset=offset) if offset is not None else name
        self.losses.append(Issue("note", "damaged-record", place, shortened(reason, 300)))

    def left_out(self, path: Path, offset: int | None, url: str) -> None:
        """Counts a capture that is not of the site; one without a host that could be compared is a loss."""
        if host := host_of(url):
            self.other_hosts[host] += 1
        else:
            self.unusable += 1
            self.lost(path, offset, N_("its address cannot be used: {url}", url=without_credentials(url)[:200]))


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


def readable(name: str) -> str:
    r"""The name of a file as printable text: invalid UTF-8, line ends and invisible characters are escaped.

    >>> readable("扶\udcb7\n.html")
    '扶\\xb7\\n.html'
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def files_in(path: Path, tally: Tally) -> list[Path]:
    """The files to read: `path` itself, or all below it that hold captures, by name. Links are not followed.

    A file below it that cannot be opened is a loss. Raises OSError where `path` itself cannot.
    """
    if not path.is_dir():
        return [path] if kind_of(path) is not None else []
    found = []
    for each in path.rglob("*"):
        if each.is_file() and not each.is_symlink():
            try:
                if kind_of(each) is not None:
                    found.append(each)
            except OSError as error:
                tally.lost(each, None, error.strerror or str(error))
    return sorted(found)


def exchanges(paths: list[Path], scope: Scope, tally: Tally, say: Callable[[str], None]) -> Iterator[Exchange]:
    """The exchanges with the hosts of the site, file by file. Raises ArchiveError where a file cannot be opened."""
    for number, path in enumerate(paths, 1):
        tally.files += 1
        say(
            N_(
                "{name} ({number} of {paths}): {records:,} captures so far",
                name=readable(path.name),
                number=number,
                paths=len(paths),
                records=tally.records,
            )
        )
        try:
            kind = kind_of(path)
        except OSError as error:
            raise ArchiveError(path, error.strerror or str(error)) from error
        if kind == "wacz":
            yield from _of_wacz(path, scope, tally)
        else:
            yield from _of_file(path, readable(path.name), scope, tally, arc=kind == "arc")


def _of_file(path: Path, name: str, scope: Scope, tally: Tally, *, arc: bool = False) -> Iterator[Exchange]:
    def report(damage: Damage) -> None:
        tally.lost(Path(name), damage.offset, damage.reason)

    for capture in warc.read_arc(path, report) if arc else warc.read(path, report):
        if not (scope.page(capture.url) or scope.media(capture.url)):
            tally.left_out(Path(name), capture.proof.offset, capture.url)
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
    """The WARC files within a WACZ are unpacked first, since they refer to each other. No name from within it is a path.

    Raises CannotWrite where the disk has no room for them.
    """
    with tempfile.TemporaryDirectory(prefix="gdfupin-wacz-") as folder:
        for target, name in _unpacked(path, Path(folder), tally):
            yield from _of_file(target, name, scope, tally)


def _unpacked(path: Path, folder: Path, tally: Tally) -> list[tuple[Path, str]]:
    """The WARC files within a WACZ, unpacked, each with the name that messages have. What cannot be unpacked is a loss."""
    unpacked: list[tuple[Path, str]] = []
    try:
        with data_files.opened(path) as file, zipfile.ZipFile(file) as archive:
            members = [each for each in archive.infolist() if each.filename.lower().endswith((".warc.gz", ".warc"))]
            if not members:
                tally.lost(path, None, N_("no WARC file in it"))
            if len(members) > MOST_MEMBERS:
                tally.lost(
                    path,
                    None,
                    N_(
                        "it has {members:,} WARC files; only the first {most_members:,} are read",
                        members=len(members),
                        most_members=MOST_MEMBERS,
                    ),
                )
            for number, member in enumerate(members[:MOST_MEMBERS]):
                name = f"{readable(path.name)}!{member.filename.rpartition('/')[2][:200]}"
                target = folder / f"{number:05}.warc{'.gz' if member.filename.lower().endswith('.gz') else ''}"
                if reason := _unpack(archive, member, target):
                    tally.lost(Path(name), None, N_("it cannot be unpacked: {reason}", reason=reason))
                    target.unlink(missing_ok=True)
                else:
                    unpacked.append((target, name))
    except _UNPACKING_ERRORS as error:
        tally.lost(path, None, N_("it cannot be unpacked: {error}", error=error))
    return unpacked


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> str | None:
    """Why one file of a WACZ cannot be unpacked; None where it was. Raises CannotWrite where the disk has no room for it."""
    if member.file_size > LARGEST_MEMBER:
        return N_("it is larger than {largest_member:,} bytes", largest_member=LARGEST_MEMBER)
    need_room(target.parent, free_floor() + member.file_size)
    try:
        with archive.open(member) as source, target.open("wb", buffering=0) as copy:
            while piece := source.read(_PIECE):
                with refusals(target.parent):
                    copy.write(piece)
    except _UNPACKING_ERRORS as error:
        return str(error)
    return None


def exchange_of(capture: Capture, note: str) -> Exchange:
    """A capture of another file as an exchange. Raises ValueError where date or status cannot be stored, or be true.

    What another program captured has the origin `warc`, also what a live crawl of ours captured elsewhere.
    """
    origin = capture.origin if capture.origin in _KEPT_ORIGINS else "warc"
    require_possible(capture.captured_at)
    return warc.copy_of(capture, note, origin=origin, purpose=_purpose(capture))


def require_possible(captured_at: str) -> None:
    """Raises ValueError for a date that no capture has: it would be the first or the newest sighting for ever."""
    if not EARLIEST <= captured_at <= clock.stamp(clock.now() + timedelta(days=1)):
        raise ValueError(
            N_("captured at {captured_at}, which is before the Web or in the future", captured_at=captured_at)
        )


def _purpose(capture: Capture) -> warc.Purpose:
    match capture.purpose:
        case "robots" | "media" | "part" | "probe":
            return capture.purpose
    kind = (capture.header("content-type") or "text/html").partition(";")[0].strip().lower()
    is_text = kind.startswith("text/") or kind.endswith(("html", "xml")) or not kind
    return "page" if is_text or 300 <= capture.status < 400 else "media"
