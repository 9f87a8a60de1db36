"""One import from one archive: inventory, plan, captures, intake."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ... import clock, config
from ...frontier.scope import Scope
from ...profiles import Profile
from ...storage.lock import OutputLock
from ..held import Held
from ..intake import LAYOUT_PAGES, Source, Taken, take
from .address_kinds import AddressKinds
from .capture_plan import ArchivePlan, Wanted, plan
from .fetching import ArchiveFetch, FetchProgress
from .outcomes import Outcomes
from .web_archive import WebArchive

CONNECTIONS = 4
"""Captures that are fetched at once: one takes a second or two, and 480 a minute are allowed."""


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """How much is fetched."""

    captures: int | None = None
    minutes: float | None = None
    connections: int = CONNECTIONS


class ArchiveImport:
    """An import from an archive. First the plan is made, then `run` fetches."""

    def __init__(
        self,
        output: Path,
        profile: Profile,
        archive: WebArchive,
        wanted: Wanted,
        *,
        refresh: bool = False,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Makes the inventory where there is none, and the plan. `refresh`: the inventory is made again, whatever its age.

        Raises ArchiveRefuses, CrawlRunning, CannotWrite, ArchiveError.
        """
        self.output, self.profile, self.archive, self._wanted, self._say = output, profile, archive, wanted, say
        operator = config.load(output)
        settings, self._gone_hours = operator.archives, operator.rules.gone_hours
        self.inventories = archive.inventories(output, profile)
        with OutputLock(output, f"the inventory of {archive.name}"):
            for inventory in self.inventories:
                days = 0 if refresh else settings.inventory_days
                inventory.walk(archive.index, walks=archive.walks, days=days, say=say)
        self.outcomes = Outcomes(archive.folder(output), settings.retry_days)
        self._held = Held.of(output, say)
        self._kinds, self._scope = AddressKinds(output, profile), Scope(profile)
        self.plan = self._planned()
        self.progress = FetchProgress()

    def _planned(self) -> ArchivePlan:
        rows = (row for inventory in self.inventories for row in inventory.rows())
        rate, now = self.archive.per_minute, clock.now()
        return plan(
            rows, self._wanted, self._kinds, self._held, self.outcomes, self._scope, rate, now, self._gone_hours
        )

    def run(self, limits: ImportLimits, report: Callable[[FetchProgress], None] = lambda progress: None) -> Taken:
        """Fetches what is planned. Raises ArchiveRefuses after what was taken was folded, and what `take` raises."""
        fetch = ArchiveFetch(
            self.archive,
            self.plan,
            self._planned,
            self._held,
            self.outcomes,
            connections=limits.connections,
            limit=limits.captures,
            minutes=limits.minutes,
            report=report,
        )
        self.progress = fetch.progress
        source = Source(
            self.archive.origin,
            fetch.exchanges(),
            fetch.description,
            lambda: list(self.outcomes.issues()),
            fetch.is_again,
        )
        pages = int(os.environ.get("GDFUPIN_LAYOUT_PAGES") or LAYOUT_PAGES)
        return take(self.output, self.profile, source, layout_pages=pages, say=self._say)

    def encode(self) -> dict[str, object]:
        """For JSON."""
        inventories = [
            {
                "domain": inventory.domain,
                "walks": len(inventory.walks),
                "added_by_last_walk": inventory.added(),
                "malformed": inventory.malformed,
                "warnings": list(inventory.warnings),
            }
            for inventory in self.inventories
        ]
        return {"source": self.archive.option, "inventories": inventories, "plan": self.plan.encode()}
