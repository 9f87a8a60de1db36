"""The catalog at both ends of a crawl: brought up to date, and folded again where it cannot be used."""

import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ..catalog import Rules, set_aside
from ..catalog.sources import CATALOG
from ..catalog.update import catch_up
from ..errors import CannotWrite, CatalogUnusable
from ..messages.text import N_
from ..monitoring.killed_crawls import judge_killed_crawls
from ..monitoring.thresholds import Thresholds
from ..profiles import Profile

log = logging.getLogger(__name__)
T = TypeVar("T")


class CatalogKeeper:
    """The catalog of one output, whose lock the crawl holds."""

    def __init__(self, output: Path, rules: Rules, thresholds: Thresholds) -> None:
        self._output, self._rules, self._thresholds = output, rules, thresholds
        self.rebuilt = ""
        """Why the catalog was set aside and folded again; empty where it was not."""

    def current(
        self, profile: Profile, result: Callable[[], T], running: str | None = None, *, judged: bool = False
    ) -> T:
        """Brings the catalog up to date and returns a result that reads it.

        `running`: the crawl whose lines are folded, too. `judged`: all killed crawls have a verdict.

        A damaged or foreign file is set aside and folded again, once: it is made of the lines of the crawls, and without it
        every crawl would fetch the whole site. Raises CannotWrite, CatalogUnusable, ArchiveError, sqlite3.Error.
        """
        path = self._output / CATALOG
        for last in (False, True):
            try:
                if not judged:
                    judge_killed_crawls(self._output, profile, self._rules, self._thresholds)
                catch_up(self._output, profile, self._rules, running=running, say=log.info)
                return result()
            except (CatalogUnusable, sqlite3.DatabaseError) as error:
                cause = error.__cause__ if isinstance(error, CatalogUnusable) else error
                if getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_IOERR", "SQLITE_FULL")):
                    raise CannotWrite(path, str(error)) from error  # the disk fails, not the file
                if last or (isinstance(error, CatalogUnusable) and error.held):
                    raise
                reason = error.reason if isinstance(error, CatalogUnusable) else str(error)
                set_aside(path)
                why = N_(
                    "could not be used ({reason}); it was set aside and folded again", reason=reason.partition(". ")[0]
                )
                self.rebuilt = N_("the catalog {why}", why=why)
                log.warning("The catalog %s", why)
        raise AssertionError("the second attempt returns or raises")
