"""`.progress.json` in the folder of a running crawl: how far it is, for `gdfupin status` in another terminal.

It is replaced every two seconds and removed at the end. A killed crawl leaves it; readers ask the lock whether the crawl runs.
"""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from ..items import WrongShape, as_dict, decode

FILE = ".progress.json"


@dataclass(frozen=True, slots=True)
class LiveProgress:
    """The state of a running crawl."""

    at: str
    """When it was written; UTC."""
    seconds: float
    """Since the crawl began."""
    pages: int
    """Responses."""
    queued: int
    """Known addresses that are not requested yet."""
    articles: int
    gaps: int
    rate: float
    """Responses per second, recently."""
    left: float | None
    """Estimated seconds that are left at this rate; None where it is unknown."""


def write_progress(folder: Path, progress: LiveProgress) -> None:
    """Replaces the file. A failure is ignored: the crawl itself reports that its disk is full."""
    draft = folder / f"{FILE}.new"
    with contextlib.suppress(OSError):
        draft.write_text(json.dumps(as_dict(progress)), "utf-8")
        os.replace(draft, folder / FILE)


def remove_progress(folder: Path) -> None:
    """Removes the file."""
    for name in (FILE, f"{FILE}.new"):
        with contextlib.suppress(OSError):
            (folder / name).unlink()


def read_progress(folder: Path) -> LiveProgress | None:
    """The state of the crawl; None where it wrote none."""
    try:
        return decode(LiveProgress, json.loads((folder / FILE).read_bytes()))
    except (OSError, ValueError, WrongShape):
        return None
