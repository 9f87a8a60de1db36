"""`output/withdrawals.jsonl`: articles withdrawn on request. One record a line; lines are appended, never changed.

The captures and lines of a withdrawn article stay where they are. Everything that shows articles leaves it out. Of several lines
about one id the last one counts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ..errors import ArchiveError
from ..items import WrongShape, as_line, decode
from ..messages.text import N_
from ..warc import Damage, Report
from .line_file import append_whole, lines

FILE = "withdrawals.jsonl"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One line."""

    id: str
    """Of the article, at the time of the withdrawal."""
    date: str
    """`YYYY-MM-DD`: the day of the withdrawal. Published."""
    reason: str
    """Published, so it must not repeat what was withdrawn."""
    at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: when the line was written."""
    undone: bool = False
    """Whether this line takes an earlier one back."""


def in_force(written: Iterable[Withdrawal]) -> dict[str, Withdrawal]:
    """By id: the withdrawals that hold. `written`: oldest first."""
    found: dict[str, Withdrawal] = {}
    for each in written:
        found.pop(each.id, None)
        if not each.undone:
            found[each.id] = each
    return found


def load(output: Path, damage: Report | None = None) -> list[Withdrawal]:
    """All lines, oldest first; none without the file. Damage is passed to `damage`.

    Without `damage` raises ArchiveError for it: with the line passed over, an article could be published that must not be.
    """
    report = damage or _refuse
    found = []
    for offset, value in lines(output / FILE, report):
        try:
            found.append(_checked(value))
        except WrongShape as error:
            report(Damage(output / FILE, offset, N_("not a withdrawal: {error}", error=error)))
    return found


def withdrawn_ids(output: Path) -> frozenset[str]:
    """The ids in the lines that hold, for messages and screens that open no catalog. Damaged lines are passed over."""
    return frozenset(in_force(load(output, lambda damage: None)))


def append(output: Path, withdrawals: Iterable[Withdrawal]) -> None:
    """Appends lines, forced to the disk. Raises CannotWrite; then none of them is in the file."""
    append_whole(output / FILE, map(as_line, withdrawals))


def is_day(text: str) -> bool:
    """Whether this is a day.

    >>> is_day("2026-11-29"), is_day("2026-11-31"), is_day("20261129")
    (True, False, False)
    """
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _checked(value: Mapping[str, object]) -> Withdrawal:
    found = decode(Withdrawal, value)
    if not is_day(found.date):
        raise WrongShape(N_("date: {date!r} is not a day such as 2026-11-29", date=found.date))
    return found


def _refuse(damage: Damage) -> None:
    raise ArchiveError(
        damage.path,
        N_("{reason}; restore the file from a copy, or correct this line", reason=damage.reason),
        damage.offset,
    )
