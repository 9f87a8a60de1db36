"""Which lines are folded: of each crawl, those of the current reader.

The own lines of a crawl if the current reader wrote them and the crawl ended well, else its complete reading, else the
complete lines that a killed crawl left. A crawl without lines of the current reader must be parsed again first.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from .. import catalog, pages, warc
from ..errors import ArchiveError
from ..profiles import Profile
from ..storage.crawl_settings import from_warcinfo
from ..storage.crawls import Crawl, crawls
from . import FoldResult, Naming, Rules

CATALOG = "catalog.sqlite"


@dataclass(frozen=True)
class LineFolder:
    """A folder of lines; a `catalog.LineSource`."""

    name: str
    path: Path
    folder: str
    stamp: str
    homes: tuple[str, ...]

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
                if line.endswith(b"\n"):
                    yield start, line
                start += len(line)

    def body(self, offset: int) -> str:
        with self._open("articles") as file:
            file.seek(offset)
            line = file.readline()
        try:
            return str(json.loads(line)["body"])
        except (ValueError, KeyError, TypeError) as error:
            raise ArchiveError(self.path / "articles.jsonl", f"not an article line: {error!r}", offset) from error

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


def choose(output: Path, profile: Profile, running: str | None = None) -> SourceChoice:
    """`running`: the crawl that is running now; its lines are of the current reader although it has no report yet."""
    reader = pages.reader(profile)
    sources: list[LineFolder] = []
    unread: list[Crawl] = []
    for crawl in crawls(output):
        source = _source(output, crawl, profile, reader, running)
        if source is None:
            unread.append(crawl)
        else:
            sources.append(source)
    return SourceChoice(tuple(sources), tuple(unread))


def fold(
    output: Path,
    profile: Profile,
    rules: Rules | None = None,
    *,
    running: str | None = None,
    rebuild: bool = False,
    progress: Callable[[int], None] | None = None,
) -> tuple[FoldResult, SourceChoice]:
    """Folds new lines below `output` into `output/catalog.sqlite`.

    The caller holds the lock of the output. Raises CatalogUnusable, CannotWrite, ArchiveError.
    """
    choice = choose(output, profile, running)
    path = output / CATALOG
    reader = pages.reader(profile)
    return catalog.fold(
        path, choice.sources, reader, naming(profile), rules, rebuild=rebuild, progress=progress
    ), choice


def naming(profile: Profile) -> Naming:
    """Identity keys and ids of addresses under this profile."""
    return Naming(pages.identity_key, partial(pages.article_id, profile.name))


def _source(output: Path, crawl: Crawl, profile: Profile, reader: str, running: str | None) -> LineFolder | None:
    report = _json_object(crawl.path / "report.json")
    homes = _homes(crawl, report) or profile.start_urls
    own = crawl.name == running or reader_of(crawl) == reader
    if not (own and (crawl.whole or crawl.name == running)):
        folder = Path("readings", reader, crawl.name)
        reading = _json_object(output / folder / "reading.json")
        if reading:
            return LineFolder(crawl.name, output / folder, folder.as_posix(), str(reading.get("finished")), homes)
    if own:
        return LineFolder(crawl.name, crawl.path, f"crawls/{crawl.name}", "own", homes)
    return None


def _homes(crawl: Crawl, report: Mapping[str, object]) -> tuple[str, ...]:
    """Start URLs of a crawl by its report or its WARC; empty if neither has them."""
    settings = report.get("settings")
    if isinstance(settings, dict) and isinstance(urls := settings.get("start_urls"), list):
        return tuple(map(str, urls))
    files = warc.files(crawl.path)
    asked = from_warcinfo(warc.about(files[0])) if files else None
    return asked.start_urls if asked else ()


def reader_of(crawl: Crawl) -> str | None:
    """The reader of a crawl's own lines, by its report or its first article; None if neither has it."""
    versions = _json_object(crawl.path / "report.json").get("versions")
    if isinstance(versions, dict) and (reader := versions.get("reader")):
        return str(reader)
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


def _json_object(path: Path) -> dict[str, object]:
    """The JSON object in a file; empty if there is no such file, or no complete object in it."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
