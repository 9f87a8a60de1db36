"""The release that is shown: the one that was named, or the newest of an archive, which may change while people read; and the captures
of that archive, where it is at hand.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from .. import warc
from ..errors import GdfupinError, HoldsWithdrawn
from ..items import Capture
from ..messages.text import N_
from ..releases.folder import LATEST, ReleasesFolder
from ..releases.held_ids import held_ids
from ..releases.search_index import index_of, remove_others
from ..storage.withdrawals import in_force, load
from .archive_side import ArchiveSide
from .edition import Edition

EVERY = 2.0
"""Seconds between two looks for a newer release and for withdrawals."""


class Library:
    """Gives the edition of a request. A request keeps the edition that it began with.

    A release that has an article which was withdrawn since is not shown at all: its files have the article, too.
    """

    def __init__(self, output: Path, asked: str, cache: Path, say: Callable[[str], None] = lambda text: None) -> None:
        """`asked`: a release by name, `latest`, or the folder of a copy. `cache`: for indexes of the search.

        Raises NoSuchRelease, HoldsWithdrawn, ArchiveError, CannotWrite.
        """
        self._output, self._folder, self._asked, self._cache, self._say = (
            output,
            ReleasesFolder(output),
            asked,
            cache,
            say,
        )
        self._archive = ArchiveSide(output)
        self._refusal: GdfupinError | None = None
        path = self._folder.find(asked)
        self._require_shown(path)
        self._edition = self._opened(path)

    @property
    def edition(self) -> Edition:
        """The release that is shown now, unless it is held back."""
        return self._edition

    @property
    def is_held_back(self) -> bool:
        """Whether nothing may be shown: the release has a withdrawn article, or the file of withdrawals is damaged."""
        return self._refusal is not None

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Looks every few seconds, in a thread: an index takes minutes to build, and people go on reading."""
        end = threading.Event()

        def watch() -> None:
            while not end.wait(EVERY):
                self.look()

        thread = threading.Thread(target=watch, name="library", daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join(EVERY)

    def look(self) -> None:
        """Takes a newer release, and notices withdrawals. Where a newer release cannot be opened, the one before stays."""
        try:
            if self._asked == LATEST and (path := self._folder.find(LATEST)) != self._edition.folder:
                self._require_shown(path)
                self._edition = self._opened(path)
        except Exception as error:  # noqa: BLE001 (people go on reading, whatever is wrong with the newer one)
            self._say(N_("the newer release cannot be shown: {error}", error=error))
        before = self._refusal
        try:
            self._require_shown(self._edition.folder)
            self._refusal = None
        except GdfupinError as error:
            self._refusal = error
            if before is None:
                self._say(str(error))

    def archive_of(self, edition: Edition) -> ArchiveSide | None:
        """The archive that a release is of; None where it is not here."""
        crawls = edition.manifest.crawls
        here = bool(crawls) and (self._output / "crawls" / crawls[-1].crawl.name).is_dir()
        return self._archive if here and self._archive.is_there else None

    def capture(self, edition: Edition, file: str, offset: int) -> Capture | None:
        """A capture of an article of this release; None where it is none, or where its WARC file is not here. Raises ArchiveError."""
        if not edition.is_listed(file, offset) or not self.has_captures(file):
            return None
        return warc.read_at(self._output / "crawls" / file, offset)

    def has_captures(self, file: str) -> bool:
        """Whether a WARC file is here."""
        return (self._output / "crawls" / file).is_file()

    def _opened(self, path: Path) -> Edition:
        edition = Edition(path, index_of(path, self._cache, self._say))
        if self._asked == LATEST:
            remove_others(path, self._cache)
        return edition

    def _require_shown(self, release: Path) -> None:
        """Raises HoldsWithdrawn, and ArchiveError where that cannot be known."""
        if (withdrawn := in_force(load(self._output))) and (held := held_ids(release, withdrawn)):
            raise HoldsWithdrawn(release.name, len(held))
