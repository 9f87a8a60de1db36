"""Replays of several crawls by the current reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import pages
from ..messages.text import N_
from ..profiles import Profile
from ..storage.crawls import Crawl
from ..storage.lock import OutputLock
from ..storage.report import READING_REPORT, ReadingReport
from ..storage.retired import require_captures
from .page_readers import PageReaders
from .replayer import replay

Say = Callable[[str], None]


@dataclass(frozen=True)
class ReadAgain:
    """New readings, and crawls that had a reading already."""

    reader: str
    read: tuple[ReadingReport, ...]
    there_already: tuple[str, ...]
    """Names of crawls."""

    def encode(self) -> dict[str, object]:
        """For JSON."""
        read = [report.encode() for report in self.read]
        return {"reader": self.reader, "read": read, "there_already": list(self.there_already)}


def read_again(
    output: Path,
    profile: Profile,
    crawls: Sequence[Crawl],
    *,
    again: bool = False,
    readers: PageReaders | None = None,
    say: Say = lambda text: None,
) -> ReadAgain:
    """Replays each crawl into a reading. Crawls that have a complete one are skipped, unless `again`.

    `readers`: other processes that read the pages; None: this one does.

    An interruption leaves no incomplete reading. Raises CrawlRunning, CannotWrite, ArchiveError.
    """
    reader = pages.reader(profile)
    read: list[ReadingReport] = []
    skipped: list[str] = []
    with OutputLock(output, "gdfupin replay"):
        for number, crawl in enumerate(crawls, 1):
            folders = (output / "readings" / known / crawl.name for known in pages.known_as(reader))
            if not again and any((folder / READING_REPORT).is_file() for folder in folders):
                skipped.append(crawl.name)
                continue
            require_captures(crawl.path)
            say(N_("{name} ({number} of {crawls})", name=crawl.name, number=number, crawls=len(crawls)))
            read.append(replay(crawl, profile, output, readers, say))
    return ReadAgain(reader, tuple(read), tuple(skipped))
