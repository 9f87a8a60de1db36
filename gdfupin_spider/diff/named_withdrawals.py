"""Withdrawn articles of compared files: a copy of a release made earlier still has their text, and it is not shown."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ..catalog import Catalog
from ..catalog.sources import CATALOG
from ..catalog.withdrawn import Withdrawn, withdrawn_in
from ..items import WrongShape, decode
from ..storage.line_file import lines
from ..storage.withdrawals import FILE, Withdrawal

TOMBSTONES = "tombstones.jsonl"
"""Of a release, beside its articles."""
NAMED = 20
"""Withdrawn articles that are named at most; more are counted."""


@dataclass(frozen=True, slots=True)
class _Tombstone:
    """The fields of a line of TOMBSTONES that are needed here."""

    id: str
    date: str
    reason: str
    aliases: tuple[str, ...] = ()


def archive_of(path: Path) -> Path | None:
    """The archive in which a compared file or folder is, if that has withdrawals: `<archive>/releases/<name>/articles.parquet`."""
    return next((folder for folder in path.resolve().parents if (folder / FILE).is_file()), None)


def withdrawn_of(archive: Path) -> Withdrawn:
    """The withdrawn articles of an archive. Raises ArchiveError, CatalogUnusable."""
    with ExitStack() as stack:
        path = archive / CATALOG
        return withdrawn_in(archive, stack.enter_context(Catalog(path)) if path.exists() else None)


def tombstones_of(path: Path) -> dict[str, Withdrawal]:
    """By all its ids: what the release of this file or folder says was withdrawn. Damaged lines are logged and passed over."""
    folder = path if path.is_dir() else path.parent
    found: dict[str, Withdrawal] = {}
    for _, value in lines(folder / TOMBSTONES):
        try:
            stone = decode(_Tombstone, value)
        except WrongShape:
            continue
        found.update(dict.fromkeys((stone.id, *stone.aliases), Withdrawal(stone.id, stone.date, stone.reason, "")))
    return found


def named(withdrawn: Mapping[str, Withdrawal]) -> Iterable[str]:
    """A line for each article, without any text of it; by id.

    >>> list(named({"gdfupin-1": Withdrawal("gdfupin-1", "2026-11-29", "on request", "")}))
    ['withdrawn  gdfupin-1  on 2026-11-29: on request']
    """
    for id_, each in sorted(withdrawn.items())[:NAMED]:
        yield f"withdrawn  {id_}  on {each.date}: {each.reason}"
    if len(withdrawn) > NAMED:
        yield f"and {len(withdrawn) - NAMED:,} more withdrawn articles"
