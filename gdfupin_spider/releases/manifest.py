"""`manifest.json`: what a release is made of. Whoever has it and the crawls can make the release again."""

import json
import platform
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .. import __version__
from ..errors import ArchiveError, NotInstalled
from ..items import as_dict
from ..pages import same_reader
from .metadata import CrawlUsed

NAME = "manifest.json"
SUMS = "SHA256SUMS"
FORMAT = 1
"""Raised when what is in a release, or how, changes: the next release is then another one of the same crawls."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the release."""

    name: str
    bytes: int
    sha256: str
    """Of the file."""
    rows: int | None = None
    """Records in it; null where it holds none."""
    lines_sha256: str | None = None
    """Of JSON Lines: of the lines, uncompressed."""


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """The release before, which was an input."""

    name: str
    records_sha256: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """An assertion that was lifted by name."""

    assertion: str
    let_pass: tuple[str, ...]
    """What would have stopped the release."""


@dataclass(frozen=True, slots=True)
class CrawlInput:
    """How much of a crawl is in it."""

    crawl: CrawlUsed
    folded: Mapping[str, int]
    """Bytes of its lines, by kind."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file says, in its order."""

    release: str
    format: int
    date: str
    title: str
    profile: str
    reader: str
    program: str
    previous: PreviousRelease | None
    records_sha256: str
    """Of the lines of `articles.jsonl.gz`: the same whatever libraries wrote the files."""
    counts: Mapping[str, int]
    """articles, versions, captures, changes, sample; `status:live` and so on."""
    coverage: Mapping[str, int]
    """Articles that have a field, of those that an article may be without."""
    recurring: tuple[str, ...]
    """Lines that recur in bodies, and were let pass."""
    allowed: tuple[Allowed, ...]
    made_with: Mapping[str, str]
    """Versions of all that shapes bytes."""
    crawls: tuple[CrawlInput, ...]
    files: tuple[ListedFile, ...]
    """All but this one and SHA256SUMS."""

    def text(self) -> str:
        """The file."""
        return json.dumps(as_dict(self), ensure_ascii=False, indent=2) + "\n"

    def made_of(self, crawls: tuple[CrawlInput, ...], reader: str) -> bool:
        """Whether this release is what would come of these inputs today."""
        return (self.format, same_reader(self.reader), self.crawls) == (FORMAT, same_reader(reader), crawls)


def load(path: Path) -> Manifest:
    """The manifest of a release's folder. Raises ArchiveError."""
    file = path / NAME
    try:
        value: dict[str, Any] = json.loads(file.read_bytes())
        value["previous"] = PreviousRelease(**value["previous"]) if value["previous"] else None
        value["recurring"] = tuple(value["recurring"])
        value["allowed"] = tuple(Allowed(each["assertion"], tuple(each["let_pass"])) for each in value["allowed"])
        value["crawls"] = tuple(
            CrawlInput(CrawlUsed(**{**each["crawl"], "origins": tuple(each["crawl"]["origins"])}), each["folded"])
            for each in value["crawls"]
        )
        value["files"] = tuple(ListedFile(**each) for each in value["files"])
        return Manifest(**value)
    except OSError as error:
        raise ArchiveError(file, error.strerror or str(error)) from error
    except (ValueError, TypeError, KeyError) as error:
        raise ArchiveError(file, f"is no manifest of a release: {error!r}") from error


LIBRARIES = {"pyarrow": "pyarrow", "pygal": "pygal", "jinja2": "jinja2", "pyyaml": "yaml"}
"""What the extra `datasets` installs, and how it is imported."""


def need_libraries() -> None:
    """Raises NotInstalled where one of the extra is not there."""
    for library, name in LIBRARIES.items():
        try:
            import_module(name)
        except ImportError:
            raise NotInstalled(library, "A release", "datasets") from None


def made_with() -> dict[str, str]:
    """Versions of what shapes the bytes of a release here."""
    return {
        "gdfupin_spider": __version__,
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "sqlite": sqlite3.sqlite_version,
        **{library: version(library) for library in LIBRARIES},
    }
