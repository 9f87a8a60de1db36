"""A crawl's folder: its lock, its WARC, its lines, its report. And the folders there are.

What a killed process leaves is whole up to the last line: each line is one write, and a capture is forced to the disk
before a line that refers to it. A power cut can take the newest lines (they are forced to the disk by `sync` and at the
end), never the capture behind a line that is there; what it takes is read again from the WARC, or fetched again.
"""

import contextlib
import errno
import fcntl
import hashlib
import itertools
import json
import logging
import os
import re
import shutil
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from gdfupin_spider import clock
from gdfupin_spider.archive import Damage, Report, WarcWriter
from gdfupin_spider.errors import CannotWrite, CrawlRunning
from gdfupin_spider.items import Article, Issue, Media, Origin, PageSeen, Proof, Sighting, as_line

log = logging.getLogger(__name__)
KINDS = ("articles", "sightings", "pages", "media", "issues")
FREE_FLOOR = 200_000_000  # bytes, unless GDFUPIN_FREE_BYTES says else; room for a big attachment, the last lines, the report and the catalog's own files
_NUMBERS = re.compile(r"(\d+)")


class OutputLock:
    """Keeps a second crawl off one output. The kernel's lock, not the file, is what counts: it ends with its process.

    >>> import tempfile
    >>> with OutputLock(Path(tempfile.mkdtemp()), "a test"):
    ...     pass
    """

    def __init__(self, output: Path, what: str = "a crawl") -> None:
        """`what`: who the next one who comes is told about, such as the name of the crawl."""
        self._output, self._what = output, what
        self._since = ""
        self._file = -1

    def __enter__(self) -> Self:
        """Raises CrawlRunning where another holds the lock, CannotWrite where there can be none."""
        path = self._output / ".lock"
        try:
            self._output.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotWrite(path, error.strerror or str(error)) from error
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # perhaps only `holder` that looked just now
                time.sleep(0.05)
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = _holder(os.pread(file, 1000, 0))
            os.close(file)
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                raise CrawlRunning(self._output, holder) from None
            raise CannotWrite(path, error.strerror or str(error)) from error
        self._file = file
        self._since = clock.stamp()
        self.name(self._what)
        return self

    def name(self, what: str) -> None:
        """Says what holds the lock from now on."""
        holder = {"pid": os.getpid(), "what": what, "since": self._since, "host": socket.gethostname()}
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(holder).encode() + b"\n", 0)
        except OSError as error:
            raise CannotWrite(self._output / ".lock", error.strerror or str(error)) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The file stays: to remove it would let two crawls lock two files of one name.
        os.close(self._file)
        self._file = -1


def holder(output: Path) -> dict[str, Any] | None:
    """Who holds the lock of an output now (`what`, `pid`, `host`, `since`; empty where it has not said so yet), or None.

    Nothing is written. To know, it takes the lock itself for a moment, which OutputLock allows for.
    """
    try:
        file = os.open(output / ".lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        try:
            said = json.loads(os.pread(file, 1000, 0))
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}
    finally:
        os.close(file)
    return None


def _holder(content: bytes) -> str:
    try:
        said = json.loads(content)
        return f"{said['what']}, pid {said['pid']} on {said['host']}, since {said['since']}"
    except (ValueError, KeyError, TypeError):
        return "it has not said who it is yet"


class LineFile:
    """An append-only file of JSON lines, each whole or absent."""

    def __init__(self, path: Path) -> None:
        """Makes the file, empty; it must not exist yet."""
        self.path = path
        self.count = 0
        self._size = self._synced = 0
        self._hash = hashlib.sha256()
        with refusals(path):
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def append(self, line: str) -> None:
        """Writes the line by one write. On CannotWrite nothing of it remains."""
        # A lone surrogate is no UTF-8; backslashed it is what JSON writes for it.
        data = line.encode("utf-8", "backslashreplace") + b"\n"
        if self._file < 0:
            raise CannotWrite(self.path, "the file is closed")
        with refusals(self.path):
            written = os.write(self._file, data)
            if written < len(data):
                self._take_back()
                raise CannotWrite(self.path, f"the disk took {written} of {len(data)} bytes of a line; is it full?")
        self._size += written
        self.count += 1
        self._hash.update(data)

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._file, self._size)
        except OSError:
            # Half a line remains, and nothing may be written behind it: `lines` ends there.
            os.close(self._file)
            self._file = -1
            raise

    def seal(self) -> dict[str, Any]:
        """What the file must be as long as it stands: its lines, bytes and SHA-256."""
        return {"lines": self.count, "bytes": self._size, "sha256": self._hash.hexdigest()}

    def sync(self) -> None:
        """Forces the lines to the disk."""
        if self._synced < self._size and self._file >= 0:
            with refusals(self.path):
                os.fsync(self._file)
            self._synced = self._size

    def close(self) -> None:
        """Syncs and closes; the second time it does nothing."""
        if self._file >= 0:
            try:
                self.sync()
            finally:
                os.close(self._file)
                self._file = -1


class CrawlFolder:
    """The folder of the crawl that runs now. It is never changed once `close` wrote its report."""

    def __init__(self, path: Path, warc: WarcWriter, files: Mapping[str, LineFile]) -> None:
        self.path, self.name, self.warc = path, path.name, warc
        self._files = files

    @classmethod
    def create(
        cls,
        output: Path,
        now: datetime,
        origin: Origin,
        info: Mapping[str, str] | None = None,
        max_bytes: int = 1_000_000_000,
    ) -> Self:
        """Makes `crawls/20261123T030000Z-live` (taken: `-2`, `-3` ...) with its first WARC file and empty line files.

        `now` is aware; `info` goes into `warcinfo`: profile and whitelisted settings. Raises CannotWrite.
        """
        stem = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{origin}"
        path = _make(output / "crawls", stem)
        warc = WarcWriter(path, path.name, info or {}, max_bytes)
        return cls(path, warc, {kind: LineFile(path / f"{kind}.jsonl") for kind in KINDS})

    @property
    def counts(self) -> dict[str, int]:
        """Lines written, by kind."""
        return {kind: file.count for kind, file in self._files.items()}

    def article(self, article: Article) -> None:
        self._append("articles", article, *article.captures)

    def sighting(self, sighting: Sighting) -> None:
        self._append("sightings", sighting, sighting.capture)

    def page(self, page: PageSeen) -> None:
        self._append("pages", page, page.capture)

    def media(self, media: Media) -> None:
        self._append("media", media, media.capture)

    def issue(self, issue: Issue) -> None:
        self._append("issues", issue, issue.capture)

    def sync(self) -> None:
        """Forces captures and lines to the disk."""
        self.warc.sync()
        for file in self._files.values():
            file.sync()

    def finish(self) -> None:
        """Forces all captures and lines to the disk and closes them: what is told of them can follow."""
        self.warc.close()
        for file in self._files.values():
            file.close()
        sync_folder(self.path)

    def changes(self, lines: Iterable[bytes]) -> None:
        """Writes `changes.jsonl`, whole or not at all: what the fold knows to have come to light by this crawl."""
        write_whole(self.path / "changes.jsonl", lines)

    def close(self, report: Mapping[str, Any]) -> None:
        """Closes everything and writes `report.json` last, with a seal of each file of lines: so the crawl is whole."""
        self.finish()
        changes = self.path / "changes.jsonl"
        older = {changes.name: seal_of_file(changes)} if changes.exists() else {}
        write_report(self.path / "report.json", report, self._files.values(), older)

    def abandon(self) -> None:
        """Closes what can be closed and writes no report: for a crawl that cannot write any more."""
        for close in (self.warc.close, *(file.close for file in self._files.values())):
            with contextlib.suppress(CannotWrite):
                close()

    def _append(self, kind: str, record: Any, *captures: Proof | None) -> None:
        for capture in captures:
            if capture:
                self.warc.sync(capture)
        self._files[kind].append(as_line(record))


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl's folder that is there."""

    path: Path
    name: str
    whole: bool
    """Whether it ended and wrote its report; else it runs now or was killed."""


def crawls(output: Path) -> list[Crawl]:
    """The crawls of an output by name, so from the oldest to the newest; none where there is no such folder."""
    folder = output / "crawls"
    paths = folder.iterdir() if folder.is_dir() else ()
    found = (crawl_at(path) for path in paths if path.is_dir() and not path.name.startswith("."))
    return sorted(found, key=lambda crawl: _by_number(crawl.name))


def lines(path: Path, damage: Report | None = None) -> Iterator[tuple[int, dict[str, Any]]]:
    """The whole lines of a file with the byte offset of each; a missing file has none.

    Half a last line, as a killed crawl may leave it, is passed over (`Damage.tail`), and so is any other line that is
    no JSON object. Both are handed to `damage`, or logged.
    """
    report = damage or _log
    if not path.exists():
        return
    offset = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                report(Damage(path, offset, "half a last line", tail=True))
                return
            try:
                record = json.loads(line)
            except ValueError as error:
                report(Damage(path, offset, f"no JSON: {error}"))
            else:
                if isinstance(record, dict):
                    yield offset, record
                else:
                    report(Damage(path, offset, "no JSON object"))
            offset += len(line)


def write_report(
    path: Path, report: Mapping[str, Any], files: Iterable[LineFile], older: Mapping[str, Any] | None = None
) -> None:
    """Writes a report with the seals of the files beside it, and one of its own. `older`: seals that still stand.

    Raises CannotWrite.
    """
    said = {**report, "files": {**(older or {}), **{file.path.name: file.seal() for file in files}}}
    write_whole(path, json.dumps({**said, "seal": seal_of(said)}, ensure_ascii=False, indent=2) + "\n")


def seal_of_file(path: Path) -> dict[str, Any]:
    """As `LineFile.seal`, of a file that is there."""
    with path.open("rb") as file:
        lines = sum(1 for _ in file)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"lines": lines, "bytes": file.tell(), "sha256": digest}


def seal_of(report: Mapping[str, Any]) -> str:
    """The SHA-256 of what a report says, its seal left out."""
    said = {key: value for key, value in report.items() if key != "seal"}
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def write_whole(path: Path, content: str | Iterable[bytes]) -> None:
    """Writes the file so that it is there whole, with the old content, or not at all, even after a power cut."""
    draft = path.with_name(f".{path.name}.new")
    with refusals(path):
        try:
            with draft.open("wb") as file:
                file.writelines([content.encode("utf-8", "backslashreplace")] if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
            raise
    sync_folder(path.parent)


def free_bytes(path: Path) -> int:
    """What the disk under this path, or under the nearest parent that exists, has left for us."""
    there = next(parent for parent in (path.absolute(), *path.absolute().parents) if parent.exists())
    return shutil.disk_usage(there).free


def need_room(output: Path, floor: int = FREE_FLOOR) -> None:
    """Raises CannotWrite where the disk has less left than the floor: before a crawl, and now and then during it."""
    free = free_bytes(output)
    if free < floor:
        raise CannotWrite(
            output,
            f"only {free / 1e6:,.0f} MB are free on this disk, {floor / 1e6:,.0f} MB are needed. Free some space, then "
            "run the same command again; GDFUPIN_FREE_BYTES sets how much is needed.",
        )


def _make(folder: Path, stem: str) -> Path:
    with refusals(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            path = folder / (stem if number == 1 else f"{stem}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                continue
            sync_folder(folder)
            return path
    raise AssertionError("there is always a next number")


def crawl_at(path: Path) -> Crawl:
    """The crawl whose folder this is."""
    return Crawl(path, path.name, (path / "report.json").is_file())


def _by_number(name: str) -> list[tuple[int, str]]:
    """So that `-10` comes after `-2`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(name)]


@contextlib.contextmanager
def refusals(path: Path) -> Iterator[None]:
    """What the disk refuses within is CannotWrite."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(path, error.strerror or str(error)) from error


def sync_folder(folder: Path) -> None:
    """Forces names in a folder to the disk: what was made, renamed or taken away there."""
    with refusals(folder):
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _log(damage: Damage) -> None:
    log.warning("%s at byte %d: %s; passed over", damage.path, damage.offset, damage.reason)
