"""The articles and versions of a release or a copy of one, as records. The files may come from a stranger: all is checked.

Lines are those that the manifest lists: their digest is computed while they are read, and a difference is an error at the end.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NotRequired, TypedDict, cast

import msgspec

from .. import data_files
from ..errors import ArchiveError
from ..messages.text import N_
from . import contents, manifest
from .formats import read_lines
from .records import ReleasedRow, VersionRow


class _ReadVersion(TypedDict):
    """What is read of a version."""

    id: str
    url: str
    title: str
    body: str
    content_sha256: str
    date: str | None
    section: str | None
    source: str | None


class _ReadArticle(_ReadVersion):
    """The same of an article."""

    status: str
    first_seen: str
    sections: list[str]
    source_name: str | None
    reprint_group: str | None
    reprint_first: bool


class _ReadOldArticle(_ReadVersion):
    """The same of an article in releases of format 1, which have no more."""

    status: str
    sections: NotRequired[list[str]]
    source_name: NotRequired[str | None]


def released_articles(release: Path) -> Iterator[ReleasedRow]:
    """The newest version of every article, by id. Raises ArchiveError."""
    kind = _ReadArticle if manifest.load(release).format > 1 else _ReadOldArticle
    return (cast(ReleasedRow, each) for each in _records(release, contents.LINES, kind))


def released_versions(release: Path) -> Iterator[VersionRow]:
    """Every version of every article, by id and number. Raises ArchiveError."""
    return (cast(VersionRow, each) for each in _records(release, contents.OLDER, _ReadVersion))


def lines_of(release: Path, name: str) -> frozenset[str]:
    """The lines of a file; empty where the release has no such file. Raises ArchiveError."""
    return frozenset(read_lines(release / name)) if (release / name).is_file() else frozenset()


def _records(release: Path, name: str, kind: type) -> Iterator[dict[str, object]]:
    path, digest = release / name, hashlib.sha256()
    listed = next((file.lines_sha256 for file in manifest.load(release).files if file.name == name), None)
    for number, line in enumerate(read_lines(path), 1):
        digest.update(f"{line}\n".encode())
        try:
            value = data_files.json_value(line)
        except ValueError as error:
            raise ArchiveError(path, N_("line {number:,} is not JSON: {error}", number=number, error=error)) from None
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise ArchiveError(
                path, N_("line {number:,} is not a record of a release: {error}", number=number, error=error)
            ) from None
        yield cast(dict[str, object], value)
    if digest.hexdigest() != listed:
        raise ArchiveError(
            path, N_("its lines are not those that {name} lists; restore it from a copy", name=manifest.NAME)
        )
