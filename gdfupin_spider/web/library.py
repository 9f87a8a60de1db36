"""The release that is shown: the one that was named, or the newest of an archive, which may change while people read; and the captures
of that archive, where it is at hand.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from .. import warc
from ..items import Capture
from ..releases.folder import LATEST, ReleasesFolder
from ..releases.search_index import index_of
from .edition import Edition

EVERY = 2.0
"""Seconds between two looks for a newer release."""


class Library:
    """Gives the edition of a request. A request keeps the edition that it began with."""

    def __init__(self, output: Path, asked: str, cache: Path, say: Callable[[str], None] = lambda text: None) -> None:
        """`asked`: a release by name, `latest`, or the folder of a copy. Raises NoSuchRelease, ArchiveError, CannotWrite."""
        self._folder, self._asked, self._cache, self._say = ReleasesFolder(output), asked, cache, say
        self._crawls = output / "crawls"
        self._lock = threading.Lock()
        self._looked = time.monotonic()
        self._edition = self._opened(self._folder.find(asked))

    @property
    def edition(self) -> Edition:
        """The newest one. Where a newer release cannot be opened, the one before stays."""
        if self._asked == LATEST and time.monotonic() - self._looked > EVERY and self._lock.acquire(blocking=False):
            try:
                self._looked = time.monotonic()
                path = self._folder.find(LATEST)
                if path != self._edition.folder:
                    self._edition = self._opened(path)
            except Exception as error:  # noqa: BLE001 (people go on reading, whatever is wrong with the newer one)
                self._say(f"the newer release cannot be shown: {error}")
            finally:
                self._lock.release()
        return self._edition

    def capture(self, edition: Edition, file: str, offset: int) -> Capture | None:
        """A capture of an article of this release; None where it is none, or where its WARC file is not here. Raises ArchiveError."""
        path = self._crawls / file
        if not edition.is_listed(file, offset) or not path.is_file():
            return None
        return warc.read_at(path, offset)

    def has_captures(self, file: str) -> bool:
        """Whether a WARC file is here."""
        return (self._crawls / file).is_file()

    def _opened(self, path: Path) -> Edition:
        return Edition(path, index_of(path, self._cache, self._say))
