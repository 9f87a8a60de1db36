"""`output/crawls.jsonl`: a line for each crawl that ended, so that a folder that is missing later is noticed.

The catalog cannot tell: it is folded from the folders that exist. The file only grows. Archives of older programs have none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..items import as_line
from .line_file import append_whole, records

FILE = "crawls.jsonl"


@dataclass(frozen=True, slots=True)
class RegisteredCrawl:
    """One line."""

    crawl: str
    """Name of its folder."""
    ended: str
    """When the line was written, at the end of this crawl or of a later one; UTC."""


def register(output: Path, crawls: Iterable[str], ended: str) -> None:
    """Appends crawls that are not in the file. Raises CannotWrite."""
    new = sorted(set(crawls) - set(registered(output)))
    append_whole(output / FILE, [as_line(RegisteredCrawl(crawl, ended)) for crawl in new])


def registered(output: Path) -> Iterator[str]:
    """The names of all crawls in the file. Damaged lines are skipped."""
    return (each.crawl for each in records(output / FILE, RegisteredCrawl))
