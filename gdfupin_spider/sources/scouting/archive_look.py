"""A look at one archive: some answers of its index, counted. The rows are kept, and a crawl goes on where they end."""

from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import ArchiveRefuses
from ...frontier.scope import Scope
from ...frontier.web_archives import WebArchives
from ...messages.text import N_
from ...profiles import Profile
from ..archives.address_kinds import AddressKinds
from ..archives.inventory import Inventory
from ..archives.web_archive import archive_named
from .holdings import ArchiveHoldings, counted


def look_at(
    option: str,
    output: Path,
    profile: Profile,
    settings: WebArchives,
    kinds: AddressKinds,
    scope: Scope,
    *,
    ask: bool = True,
    say: Callable[[str], None] = lambda text: None,
) -> ArchiveHoldings:
    """What the archive that `--from` would name has. The caller holds the lock of the output. Raises CannotWrite.

    `ask`: its index is asked where the inventory is not whole; else only what is on the disk is counted.
    """
    archive = archive_named(option, settings, say=say)
    inventories = archive.inventories(output, profile)
    error = None
    try:
        for inventory in inventories if ask else ():
            inventory.walk(archive.index, walks=1, days=settings.inventory_days, most=archive.sample, say=say)
    except ArchiveRefuses as refused:
        error = (
            N_("{reason}, until {until}", reason=refused.reason, until=refused.until)
            if refused.until
            else refused.reason
        )
    finally:
        archive.close()
    if error is not None and not any(walk.pieces for inventory in inventories for walk in inventory.walks):
        return ArchiveHoldings(archive.name, option, error)
    asked = _asked(inventories) if archive.origin == "commoncrawl" else None
    is_partial = asked is None and any(each.is_partial for each in inventories)
    note = N_("its index has more than was read now") if is_partial else None
    if error is not None:
        note = N_("from an earlier inventory: {error}", error=error)
    rows = (row for inventory in inventories for row in inventory.rows())
    return counted(archive.name, option, rows, kinds, scope, note, asked)


def _asked(inventories: Sequence[Inventory]) -> tuple[int, int] | None:
    """Monthly indexes that were read, and of how many; None where all were, at some time."""
    found = []
    for inventory in inventories:
        if not inventory.is_partial or not inventory.walks:
            return None
        walk = inventory.walks[-1]
        read = walk.pieces - len(walk.warnings)  # a warning is of an index that could not be read
        found.append((read, read + len((walk.cursor or "").split())))
    return min(found, default=None)
