"""Withdrawn articles of compared files: a copy of a release made earlier still has their text, and it is not shown."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import data_files
from ..items import WrongShape, decode
from ..messages.text import N_
from ..storage.line_file import lines
from ..storage.natural_order import natural_key
from ..storage.withdrawals import FILE, Withdrawal

TOMBSTONES = "tombstones.jsonl"
"""Of a release, beside its articles."""
MANIFEST = "manifest.json"
NAMED = 20
"""Withdrawn articles that are named at most; more are counted."""


@dataclass(frozen=True, slots=True)
class _Tombstone:
    """The fields of a line of TOMBSTONES that are needed here."""

    id: str
    date: str
    reason: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Dated:
    """The fields of MANIFEST that are needed here."""

    release: str
    date: str


def archive_of(path: Path) -> Path | None:
    """The archive in which a compared file or folder is, if that has withdrawals: `<archive>/releases/<name>/articles.parquet`."""
    return next((folder for folder in path.resolve().parents if (folder / FILE).is_file()), None)


def tombstones_of(*paths: Path) -> dict[str, Withdrawal]:
    """By all its ids: what the newest of the releases of these files or folders has withdrawn.

    A withdrawal of an older release may have been undone since. Where a release has no manifest that says how old it is, the
    tombstones of all of them hold. Damaged lines are passed over.
    """
    folders = [path if path.is_dir() else path.parent for path in paths]
    dates = [_date_of(folder) for folder in folders]
    if None not in dates:
        folders = [folder for folder, date in zip(folders, dates, strict=True) if date == max(filter(None, dates))]
    found: dict[str, Withdrawal] = {}
    for folder in folders:
        for _, value in lines(folder / TOMBSTONES):
            with contextlib.suppress(WrongShape):
                stone = decode(_Tombstone, value)
                named = Withdrawal(stone.id, stone.date, stone.reason, "")
                found.update(dict.fromkeys((stone.id, *stone.aliases), named))
    return found


def _date_of(release: Path) -> tuple[str, list[tuple[int, str]]] | None:
    """What orders releases: their day, then their name; None where the manifest does not tell."""
    try:
        value = data_files.json_value(data_files.content(release / MANIFEST, data_files.METADATA))
        manifest = decode(_Dated, value) if isinstance(value, dict) else None
    except (OSError, ValueError):
        return None
    return (manifest.date, natural_key(manifest.release)) if manifest is not None else None


def withdrawn_lines(withdrawn: Mapping[str, Withdrawal]) -> Iterable[str]:
    """A line for each article, without any text of it; by id.

    >>> list(withdrawn_lines({"gdfupin-1": Withdrawal("gdfupin-1", "2026-11-29", "on request", "")}))
    ['withdrawn  gdfupin-1  on 2026-11-29: on request']
    """
    for id_, each in sorted(withdrawn.items())[:NAMED]:
        yield N_("withdrawn  {id_}  on {date}: {reason}", id_=id_, date=each.date, reason=each.reason)
    if len(withdrawn) > NAMED:
        yield N_("and {more:,} more withdrawn articles", more=len(withdrawn) - NAMED)
