"""The crawls of an output folder."""

import logging
from dataclasses import dataclass
from pathlib import Path

from .natural_order import natural_key
from .report import CRAWL_REPORT

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crawl:
    """An existing folder of a crawl."""

    path: Path
    name: str
    whole: bool
    """Whether it has a report; else it is running or was killed."""


def crawls(output: Path) -> list[Crawl]:
    """The crawls of an output by name, which is from the oldest to the newest; none if the output does not exist."""
    folder = output / "crawls"
    paths = folder.iterdir() if folder.is_dir() else ()
    found = (crawl_at(path) for path in paths if path.is_dir() and not path.name.startswith("."))
    return sorted(found, key=lambda crawl: natural_key(crawl.name))


def crawl_at(path: Path) -> Crawl:
    """The crawl in this folder."""
    return Crawl(path, path.name, (path / CRAWL_REPORT).is_file())
