"""Changes in the order in which people read them: the same edit of many pages once, then by section, and a redesign as one item."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from .difference import KINDS, Difference
from .edits import signature

FEW = 1000
"""Most changes that are sorted: some 10 MB of articles."""
FOLDED = 10
"""More moved articles than this are one item."""
SAME = 3
"""As many pages with the same edit are one item."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes that are shown as one: the same edit of several pages, or the moves of a redesign."""

    changes: tuple[Difference, ...]
    """At least one. Of moves without their records, which can be 100,000."""

    @property
    def first(self) -> Difference:
        return self.changes[0]


def arranged(changes: Iterable[Difference], *, fold_moves: bool = True) -> Iterator[Difference | ChangeGroup]:
    """The same edits first, the greatest number first; then by section, kind and date, newest first; many moves last.

    The first FEW changes are sorted, further ones follow as they come.
    """
    moves: list[Difference] = []

    def others() -> Iterator[Difference]:
        for change in changes:
            if fold_moves and change.kind == "moved":
                moves.append(change if len(moves) < FOLDED else replace(change, old=None, new=None))
            else:
                yield change

    rest = others()
    some = list(islice(rest, FEW))
    groups = _same_edits(some)
    yield from groups
    grouped = {id(change) for group in groups for change in group.changes}
    singles = [change for change in some if id(change) not in grouped]
    if len(some) < FEW and len(moves) <= FOLDED:
        singles += moves
        moves = []
    yield from by_section(singles)
    yield from rest
    if moves:
        yield ChangeGroup(tuple(replace(change, old=None, new=None) for change in moves))


def by_section(changes: Iterable[Difference]) -> list[Difference]:
    """Sorted by section, kind and date, newest first."""
    some = sorted(changes, key=_date, reverse=True)
    return sorted(some, key=lambda each: (each.section or "", KINDS.index(each.kind)))


def _same_edits(changes: Iterable[Difference]) -> list[ChangeGroup]:
    found: dict[object, list[Difference]] = {}
    for change in changes:
        if change.kind == "edited" and (key := signature(change)):
            found.setdefault(key, []).append(change)
    groups = [ChangeGroup(tuple(some)) for some in found.values() if len(some) >= SAME]
    return sorted(groups, key=lambda group: -len(group.changes))


def _date(change: Difference) -> str:
    return (article["date"] or "") if (article := change.newest) else ""
