"""The articles and versions of a release or a copy of one, as records. The files may come from a stranger: all is checked.

Lines are those that the manifest lists: their digest is computed while they are read, and a difference is an error at the end.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from .. import data_files
from ..errors import ArchiveError
from . import contents, manifest
from .formats import read_lines
from .records import ReleasedRow, VersionRow

TEXT, MAY_LACK = (str,), (str, type(None))
NEEDED: dict[str, tuple[type, ...]] = {
    "id": TEXT, "url": TEXT, "title": TEXT, "body": TEXT, "content_sha256": TEXT,
    "date": MAY_LACK, "section": MAY_LACK, "source": MAY_LACK,
}  # fmt: skip
"""Fields of every article and version that is read, with their types."""
OF_ARTICLE: dict[str, tuple[type, ...]] = NEEDED | {"status": TEXT}


def released_articles(release: Path) -> Iterator[ReleasedRow]:
    """The newest version of every article, by id. Raises ArchiveError."""
    return (cast(ReleasedRow, each) for each in _records(release, contents.LINES, OF_ARTICLE))


def released_versions(release: Path) -> Iterator[VersionRow]:
    """Every version of every article, by id and number. Raises ArchiveError."""
    return (cast(VersionRow, each) for each in _records(release, contents.OLDER, NEEDED))


def lines_of(release: Path, name: str) -> frozenset[str]:
    """The lines of a file; empty where the release has no such file. Raises ArchiveError."""
    return frozenset(read_lines(release / name)) if (release / name).is_file() else frozenset()


def _records(release: Path, name: str, needed: dict[str, tuple[type, ...]]) -> Iterator[dict[str, object]]:
    path, digest = release / name, hashlib.sha256()
    listed = next((file.lines_sha256 for file in manifest.load(release).files if file.name == name), None)
    for number, line in enumerate(read_lines(path), 1):
        digest.update(f"{line}\n".encode())
        try:
            value = data_files.json_value(line)
        except ValueError as error:
            raise ArchiveError(path, f"line {number:,} is not JSON: {error}") from None
        if not isinstance(value, dict) or any(not isinstance(value.get(key), kinds) for key, kinds in needed.items()):
            raise ArchiveError(path, f"line {number:,} is not a record of a release")
        yield value
    if digest.hexdigest() != listed:
        raise ArchiveError(path, f"its lines are not those that {manifest.NAME} lists; restore it from a copy")
