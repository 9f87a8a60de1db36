"""The line of an article in a release, as somebody with a copy of the release finds it there."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .. import data_files
from ..releases import contents
from ..releases.folder import ReleasesFolder
from ..releases.formats import read_lines
from ..releases.manifest import Manifest
from ..storage.report import digest_of


@dataclass(frozen=True)
class ReleasedLine:
    """A line, and where it is."""

    release: Manifest
    number: int
    """Of the line, from 1."""
    text: str
    """Without its end."""
    file_sha256: str
    """Of the file that has the line, as it is on the disk."""
    file: str = contents.LINES


def released_line(output: Path, ids: Collection[str]) -> ReleasedLine | None:
    """The line of the article that has one of these ids, in the newest release that has it; None: no release has. Raises ArchiveError."""
    releases = ReleasesFolder(output)
    latest = releases.latest()
    names = releases.names()[::-1]
    for name in sorted(names, key=lambda each: each != latest):
        path = releases.path(name) / contents.LINES
        for number, line in enumerate(read_lines(path), 1):
            if any(json.dumps(id_) in line for id_ in ids) and _id(line) in ids:
                return ReleasedLine(releases.manifest(name), number, line, digest_of(path).sha256)
    return None


def _id(line: str) -> object:
    return cast(dict[str, object], data_files.json_value(line)).get("id")
