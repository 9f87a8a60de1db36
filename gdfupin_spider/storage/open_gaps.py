"""`gaps.jsonl` in the folder of a crawl: the gaps that are open after it, whether this crawl requested them or not.

Each crawl takes over those of the crawl before it. So a gap is reported once, and requested again after growing pauses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from .. import clock
from ..items import Issue, Level, as_line
from .crawls import crawls_of_site
from .line_file import records

FILE = "gaps.jsonl"
LONGEST = timedelta(days=32)
"""Maximum pause between two requests."""
PERMANENT = frozenset({"oversize", "no-access", "login-page"})
"""Failures that another request will not mend soon: the longest pause from the beginning."""
NOTED = frozenset({"oversize", "login-page"})
"""Issues of level `note` that are kept here, too, so that these addresses are not requested every night. They are no gaps."""


@dataclass(frozen=True, slots=True)
class OpenGap:
    """One address that should have been read and was not."""

    url: str
    what: str
    """Name of the issue: `timeout`, `no-title`."""
    level: Level
    """`note` for what is not requested often but is no gap; see NOTED."""
    evidence: str
    since: str
    """Start of the first crawl that reported it; UTC."""
    tried: str
    """Start of the newest crawl that requested it; UTC."""
    tries: int = 1
    """Number of crawls in a row that requested it in vain."""

    def due(self) -> datetime:
        """When it is requested again: by the next crawl, then 2, 4, 8 … days after the last request."""
        tried = datetime.fromisoformat(self.tried)
        if self.what in PERMANENT:
            return tried + LONGEST
        if self.tries == 1:
            return tried
        return tried + min(LONGEST, timedelta(days=2 ** min(self.tries - 1, 10)))


def is_kept(issue: Issue) -> bool:
    """Whether an issue is an open gap, or is noted here."""
    return issue.level != "note" or issue.what in NOTED


def last_open_gaps(output: Path) -> list[OpenGap]:
    """The open gaps after the newest crawl of the site that has the file; none where no crawl has it. Damaged lines are skipped."""
    for crawl in reversed(crawls_of_site(output, clock.now())):
        if (crawl.path / FILE).is_file():
            return list(records(crawl.path / FILE, OpenGap))
    return []


def issues_of(folder: Path) -> Iterable[Issue]:
    """The issues of a crawl or reading. Damaged lines are skipped."""
    return records(folder / "issues.jsonl", Issue)


def lines_of(gaps: Iterable[OpenGap]) -> Iterable[bytes]:
    """The lines of the file, by URL."""
    return [
        f"{as_line(gap)}\n".encode("utf-8", "backslashreplace")
        for gap in sorted(gaps, key=lambda gap: (gap.url, gap.what))
    ]
