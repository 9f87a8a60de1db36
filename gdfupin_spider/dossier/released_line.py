"""The line of an article in a release, as somebody with a copy of the release finds it there."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ..releases import contents
from ..releases.folder import ReleasesFolder
from ..releases.formats import read_lines
from ..releases.held_ids import held_ids
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
    for name in releases.newest_first():
        path = releases.path(name) / contents.LINES
        beginnings = tuple(f'{{"id":"{id_}",' for id_ in held_ids(releases.path(name), ids))
        for number, line in enumerate(read_lines(path), 1) if beginnings else ():
            if line.startswith(beginnings):
                return ReleasedLine(releases.manifest(name), number, line, digest_of(path).sha256)
    return None
