"""Crawls read again by today's reader: into readings, or only to see what would be told otherwise."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .. import pages
from ..profiles import Profile
from ..storage.crawls import Crawl
from ..storage.lock import OutputLock
from .replayer import replay

Say = Callable[[str], None]


def read_again(
    output: Path, profile: Profile, crawls: Sequence[Crawl], *, again: bool = False, say: Say = lambda text: None
) -> dict[str, Any]:
    """Reads each crawl into a reading; those that have a whole one are passed over, unless `again`.

    An end at any moment leaves whole readings or none. Raises CrawlRunning, CannotWrite, ArchiveError.
    """
    reader = pages.reader(profile)
    read: list[dict[str, Any]] = []
    passed: list[str] = []
    with OutputLock(output, "gdfupin replay"):
        for number, crawl in enumerate(crawls, 1):
            if not again and (output / "readings" / reader / crawl.name / "reading.json").is_file():
                passed.append(crawl.name)
                continue
            say(f"{crawl.name} ({number} of {len(crawls)})")
            report = replay(crawl, profile, output)
            read.append(report)
    return {"reader": reader, "read": read, "there_already": passed}
