"""The crawls of an output folder."""

import logging
import re
from dataclasses import dataclass
from pathlib import Path

from .report import CRAWL_REPORT

log = logging.getLogger(__name__)
_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Crawl:
    """A crawl's folder that is there."""

    path: Path
    name: str
    whole: bool
    """Whether it ended and wrote its report; else it runs now or was killed."""


def crawls(output: Path) -> list[Crawl]:
    """The crawls of an output by name, so from the oldest to the newest; none where there is no such folder."""
    folder = output / "crawls"
    paths = folder.iterdir() if folder.is_dir() else ()
    found = (crawl_at(path) for path in paths if path.is_dir() and not path.name.startswith("."))
    return sorted(found, key=lambda crawl: _by_number(crawl.name))


def crawl_at(path: Path) -> Crawl:
    """The crawl whose folder this is."""
    return Crawl(path, path.name, (path / CRAWL_REPORT).is_file())


def _by_number(name: str) -> list[tuple[int, str]]:
    """So that `-10` comes after `-2`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(name)]
