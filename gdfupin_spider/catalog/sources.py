"""Which lines are folded: of each crawl, those of the current reader.

The own lines of a crawl if the current reader wrote them and the crawl ended well, else its complete reading, else the
complete lines that a killed crawl left. A crawl without lines of the current reader must be parsed again first.

Crawls that are held back (`storage.holds`) are left out. Decisions of persons about whole pages count here: lines of rejected
pages are left out, and admitted ones are the lines of one more folder (`admitted`).
"""

import json
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from .. import catalog, pages
from ..errors import ArchiveError
from ..messages.text import N_
from ..profiles import Profile
from ..storage.crawl_settings import settings_of
from ..storage.crawls import Crawl, crawls
from ..storage.holds import decisions as decisions_about_crawls
from ..storage.holds import is_held
from ..storage.report import CrawlReport, read_crawl_report, read_reading_report
from . import FoldResult, Naming, Rules
from .admitted import NAME as ADMITTED
from .admitted import admitted_lines, write_admitted
from .decisions import Decisions, decisions_of, key_of

CATALOG = "catalog.sqlite"


@dataclass(frozen=True)
class LineFolder:
    """A folder of lines; implements `catalog.LineSource`."""

    name: str
    path: Path
    folder: str
    stamp: str
    homes: tuple[str, ...]
    rejected: frozenset[str] = frozenset()
    """Payloads whose article lines are left out; see `decisions.key_of`."""

    def size(self, kind: str) -> int:
        try:
            return (self.path / f"{kind}.jsonl").stat().st_size
        except FileNotFoundError:
            return 0

    def lines(self, kind: str, start: int) -> Iterator[tuple[int, bytes]]:
        """An incomplete last line, which a killed crawl can leave, is not included."""
        with self._open(kind) as file:
            file.seek(start)
            for line in file:
                if line.endswith(b"\n") and not (self.rejected and kind == "articles" and self._is_rejected(line)):
                    yield start, line
                start += len(line)

    def _is_rejected(self, line: bytes) -> bool:
        try:
            return key_of(json.loads(line)) in self.rejected
        except (ValueError, TypeError, KeyError, AttributeError):
            return False  # the fold reports it

    def body(self, offset: int) -> str:
        with self._open("articles") as file:
            file.seek(offset)
            line = file.readline()
        try:
            return str(json.loads(line)["body"])
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(
                self.path / "articles.jsonl", N_("not an article line: {error}", error=repr(error)), offset
            ) from error

    def _open(self, kind: str) -> BinaryIO:
        path = self.path / f"{kind}.jsonl"
        try:
            return path.open("rb", buffering=1 << 20)  # article lines have some 5 KB
        except OSError as error:
            raise ArchiveError(path, error.strerror or str(error)) from error


@dataclass(frozen=True)
class SourceChoice:
    """The folders of an output that can be folded."""

    sources: tuple[LineFolder, ...]
    unread: tuple[Crawl, ...]
    """Crawls without lines of the current reader: parse them again (`replay`) first."""
    admitted: str = ""
    """What `reviewed/articles.jsonl` must hold; `fold` writes it."""


def choose(
    output: Path,
    profile: Profile,
    running: str | None = None,
    decisions: Decisions | None = None,
    without: Container[str] = (),
) -> SourceChoice:
    """`running`: the crawl that is running now; its lines are of the current reader although it has no report yet.

    `decisions`: those of the output where None. `without`: names of crawls that are left out.
    """
    reader = pages.reader(profile)
    decisions = decisions if decisions is not None else decisions_of(output)
    sources: list[LineFolder] = []
    unread: list[Crawl] = []
    decided = decisions_about_crawls(output)
    for crawl in crawls(output):
        if crawl.name in without or is_held(crawl.name, read_crawl_report(crawl.path), decided):
            continue
        source = _source(output, crawl, profile, reader, running)
        if source is None:
            unread.append(crawl)
        else:
            sources.append(source)
    if rejected := decisions.rejected:
        mark = sha256("\n".join(sorted(rejected)).encode()).hexdigest()[:12]
        sources = [replace(each, rejected=rejected, stamp=f"{each.stamp} without {mark}") for each in sources]
    content = admitted_lines(output, profile, decisions, [each.path for each in sources])
    if content or (output / ADMITTED / "articles.jsonl").exists():
        stamp = sha256(content.encode("utf-8", "backslashreplace")).hexdigest()[:12]
        sources.append(LineFolder(ADMITTED, output / ADMITTED, ADMITTED, stamp, ()))
    return SourceChoice(tuple(sources), tuple(unread), content)


def fold(
    output: Path,
    profile: Profile,
    rules: Rules | None = None,
    *,
    running: str | None = None,
    without: Container[str] = (),
    rebuild: bool = False,
    progress: Callable[[int], None] | None = None,
) -> tuple[FoldResult, SourceChoice]:
    """Folds new lines below `output` into `output/catalog.sqlite`.

    The caller holds the lock of the output. Raises CatalogUnusable, CannotWrite, ArchiveError.
    """
    choice = choose(output, profile, running, without=without)
    write_admitted(output, choice.admitted)
    path = output / CATALOG
    reader = pages.reader(profile)
    return catalog.fold(
        path, choice.sources, reader, naming(profile), rules, rebuild=rebuild, progress=progress
    ), choice


def naming(profile: Profile) -> Naming:
    """How this profile's addresses are named."""
    return Naming(pages.identity_key, partial(pages.article_id, profile.name), pages.same_reader)


def _source(output: Path, crawl: Crawl, profile: Profile, reader: str, running: str | None) -> LineFolder | None:
    report = read_crawl_report(crawl.path)
    homes = _homes(crawl, report) or profile.start_urls
    own = crawl.name == running or pages.same_reader(_reader(crawl, report) or "") == reader
    if not (own and (crawl.whole or crawl.name == running)):
        for known in pages.known_as(reader):
            folder = Path("readings", known, crawl.name)
            reading = read_reading_report(output / folder)
            if reading is not None:
                return LineFolder(crawl.name, output / folder, folder.as_posix(), reading.finished, homes)
    if own:
        return LineFolder(crawl.name, crawl.path, f"crawls/{crawl.name}", "own", homes)
    return None


def _homes(crawl: Crawl, report: CrawlReport | None) -> tuple[str, ...]:
    """Start URLs of a crawl, from its report or its WARC; empty where neither has them."""
    known = report.settings.start_urls if report is not None else ()
    return known or settings_of(crawl.path).start_urls


def reader_of(crawl: Crawl) -> str | None:
    """The reader that made a crawl's own lines; None where neither its report nor an article has it."""
    return _reader(crawl, read_crawl_report(crawl.path))


def _reader(crawl: Crawl, report: CrawlReport | None) -> str | None:
    if report is not None and report.versions is not None and report.versions.reader:
        return report.versions.reader
    path = crawl.path / "articles.jsonl"
    if path.exists():
        with path.open("rb") as file:
            line = file.readline()
        if line.endswith(b"\n"):
            try:
                return str(json.loads(line)["reader"])
            except (ValueError, KeyError, TypeError):
                return None
    return None
