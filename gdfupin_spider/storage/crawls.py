"""The crawls of an output folder."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ..errors import WrongArchive
from ..messages.text import N_
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


_NAME = re.compile(r"\d{8}T\d{6}Z-([a-z]+)(?:-\d+)?")


def is_of_site(name: str) -> bool:
    """Whether a crawl asked the site itself, by its name; a folder of another program may have any name.

    >>> [is_of_site(name) for name in ("20261123T030000Z-live-2", "20261123T030000Z-demo", "20261123T030000Z-wayback", "wget")]
    [True, True, False, True]
    """
    found = _NAME.fullmatch(name)
    return found is None or found[1] in ("live", "demo")


def crawls(output: Path) -> list[Crawl]:
    """The crawls of an output by name, which is from the oldest to the newest; none if the output does not exist."""
    folder = output / "crawls"
    paths = folder.iterdir() if folder.is_dir() else ()
    found = (crawl_at(path) for path in paths if path.is_dir() and not path.name.startswith("."))
    return sorted(found, key=lambda crawl: natural_key(crawl.name))


def need_crawls(output: Path) -> None:
    """Raises WrongArchive where an output has none: what --existing asks for."""
    if not crawls(output):
        raise WrongArchive(
            output,
            N_(
                "there is no archive here, and --existing forbids to start one. Is the disk mounted? Is --output right?"
            ),
        )


AHEAD = timedelta(days=1)
"""What is later than now by more than this was captured while the clock of the machine was wrong."""


def is_ahead(crawl: Crawl, now: datetime) -> bool:
    """Whether a crawl is named by a clock that was ahead."""
    return crawl.name > f"{now + AHEAD:%Y%m%dT%H%M%SZ}"


def by_age(known: Iterable[Crawl], now: datetime) -> list[Crawl]:
    """Crawls from the oldest to the newest. Those of a clock that was ahead come first, so that none stays the newest."""
    return sorted(known, key=lambda crawl: not is_ahead(crawl, now))  # stable


def crawls_of_site(output: Path, now: datetime) -> list[Crawl]:
    """The crawls that asked the site itself, from the oldest to the newest as by_age has it.

    What is asked of the newest crawl, such as its gaps and alarms, is asked of these: an import has none.
    """
    return by_age((crawl for crawl in crawls(output) if is_of_site(crawl.name)), now)


def crawl_at(path: Path) -> Crawl:
    """The crawl in this folder."""
    return Crawl(path, path.name, (path / CRAWL_REPORT).is_file())
