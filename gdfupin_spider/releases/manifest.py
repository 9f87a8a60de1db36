"""`manifest.json`: the inputs and the files of a release, enough to make it again from the same crawls."""

import json
import platform
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from .. import __version__, data_files
from ..errors import ArchiveError, NotInstalled
from ..items import as_dict, decode
from ..messages.text import N_
from ..pages import same_reader
from ..profiles import gazetteer, source_names
from ..storage.publication import UNPUBLISHED, Publication
from .metadata import CrawlUsed

NAME = "manifest.json"
SUMS = "SHA256SUMS"
FORMAT = 2
"""Incremented when contents or layout of releases change; the same crawls then make another release."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file of the release."""

    name: str
    bytes: int
    sha256: str
    """Of the file."""
    rows: int | None = None
    """Number of records; null if it has none."""
    lines_sha256: str | None = None
    """Of JSON Lines: of the lines, uncompressed."""


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """The previous release, which was an input."""

    name: str
    records_sha256: str


@dataclass(frozen=True, slots=True)
class Allowed:
    """A check that was waived by name."""

    assertion: str
    let_pass: tuple[str, ...]
    """What would have stopped the release."""


@dataclass(frozen=True, slots=True)
class CrawlInput:
    """A crawl that was an input."""

    crawl: CrawlUsed
    folded: Mapping[str, int]
    """Bytes of its lines that were folded, by kind."""


@dataclass(frozen=True, slots=True)
class NotHeld:
    """Articles that listings name and that the archive does not have."""

    section: str
    month: str
    """`YYYY-MM` of the date that the row prints; empty where it prints none."""
    articles: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of the file, in its order."""

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
    """By optional field: articles that have it."""
    recurring: tuple[str, ...]
    """Lines that recur in bodies and were waived."""
    allowed: tuple[Allowed, ...]
    made_with: Mapping[str, str]
    """Versions of everything that shapes bytes."""
    crawls: tuple[CrawlInput, ...]
    files: tuple[ListedFile, ...]
    """All but this one and SHA256SUMS."""
    reviews_sha256: str = ""
    """Of the decisions of persons that held; empty where there were none."""
    tables: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of the tables that fields are derived with, by name."""
    publication: Publication = UNPUBLISHED
    """Who published it, and where."""
    withdrawals_sha256: str = ""
    """Of the withdrawals that held; empty where there were none."""
    not_held: tuple[NotHeld, ...] = ()
    """By section and month."""

    @property
    def decided(self) -> tuple[str, str]:
        """Digests of what persons decided: reviews, withdrawals."""
        return self.reviews_sha256, self.withdrawals_sha256

    def text(self) -> str:
        """The file."""
        return json.dumps(as_dict(self), ensure_ascii=False, indent=2) + "\n"

    def made_of(
        self, crawls: tuple[CrawlInput, ...], reader: str, decided: tuple[str, str], publication: Publication
    ) -> bool:
        """Whether a release of these inputs would be this one."""
        made = self.format, same_reader(self.reader), self.crawls, self.decided, self.tables, self.publication
        return made == (FORMAT, same_reader(reader), crawls, decided, lookup_tables(), publication)


def load(path: Path) -> Manifest:
    """The manifest in the folder of a release. Raises ArchiveError."""
    file = path / NAME
    try:
        value = data_files.json_value(data_files.content(file, data_files.METADATA, follow_links=False))
        manifest = decode(Manifest, value)
    except OSError as error:
        raise ArchiveError(file, error.strerror or str(error)) from error
    except ValueError as error:
        raise ArchiveError(file, N_("not the manifest of a release: {error}", error=error)) from error
    if outside := [each.name for each in manifest.files if "/" in each.name or each.name in (".", "..")]:
        raise ArchiveError(file, N_("it names a file outside the release: {outside!r}", outside=outside[0]))
    return manifest


LIBRARIES = {"pyarrow": "pyarrow", "pygal": "pygal", "jinja2": "jinja2", "pyyaml": "yaml", "rensa": "rensa"}
"""Packages of the extra `datasets`, with their import names."""


def need_libraries() -> None:
    """Raises NotInstalled if a package of the extra is missing."""
    for library, name in LIBRARIES.items():
        try:
            import_module(name)
        except ImportError:
            raise NotInstalled(library, "a release", "datasets") from None


def lookup_tables() -> dict[str, str]:
    """SHA-256 of the tables of this program that fields are derived with."""
    return {"sources.csv": source_names.digest(), "places.csv": gazetteer.digest()}


def made_with() -> dict[str, str]:
    """Versions of everything that shapes bytes, on this machine."""
    return {
        "gdfupin_spider": __version__,
        "python": platform.python_version(),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "sqlite": sqlite3.sqlite_version,
        **{library: version(library) for library in LIBRARIES},
    }
