"""Crawls whose WARC files were moved out of the archive by `gdfupin retire`: `retired.json` in the folder of the crawl.

Lines, report and readings stay, so catalog, releases and diffs are the same without the WARC files. In place of each file
there is a link to where it is now: while that place can be reached, everything works as before.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import ArchiveError
from ..items import WrongShape, decode
from ..messages.text import N_
from .report import FileDigest

FILE = "retired.json"


@dataclass(frozen=True)
class RetiredCrawl:
    """`retired.json`."""

    to: str
    """The folder that has the WARC files now; absolute."""
    at: str
    """UTC."""
    warcs: Mapping[str, FileDigest] = field(default_factory=dict)
    """What was moved, by name."""

    def missing(self) -> list[str]:
        """Names of the files that are not at their place, or that cannot be reached now."""
        return [name for name in self.warcs if not (Path(self.to) / name).is_file()]


def retired(folder: Path) -> RetiredCrawl | None:
    """What is recorded in the folder of a crawl; None where it is not retired. Raises ArchiveError where that is damaged."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return decode(RetiredCrawl, json.loads(path.read_bytes()))
    except (OSError, ValueError, WrongShape) as error:
        raise ArchiveError(path, N_("it cannot be read: {error}", error=error)) from None


def require_captures(folder: Path) -> None:
    """Raises ArchiveError for a retired crawl whose WARC files cannot be reached."""
    known = retired(folder)
    if known is not None and known.missing():
        raise ArchiveError(
            folder,
            N_(
                "its WARC files were moved to {to} by `gdfupin retire`, which cannot be reached now: mount it",
                to=known.to,
            ),
        )


def is_reachable(folder: Path) -> bool:
    """Whether the WARC files of a crawl can be read now."""
    known = retired(folder)
    return known is None or not known.missing()
