"""What is fetched of an archive to know whether articles were gone, though its payload is known.

Of a run of captures with one payload the oldest is enough to know a text, but not to know when it was still there. So these are
fetched, too: of a run of 404s the first that is far enough from its beginning; of an address that was missing, in this archive or
elsewhere, the newest capture with content, which shows that it came back; and for each missing article the newest captures of
others that were there at its time, which show that the site itself still stood (`catalog/absence.py` asks for as many of
them as were missing).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple, Self

from .cdx_rows import IndexRow

GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class AbsenceProof:
    """What one archive can show."""

    rows: frozenset[IndexRow]
    """Captures that are fetched whatever payloads are held."""
    apart: timedelta
    """Between two 404s that make an article gone."""

    @classmethod
    def of(
        cls,
        addresses: Iterable[tuple[Sequence[IndexRow], str | None]],
        usable: Callable[[IndexRow], bool],
        apart: timedelta,
    ) -> Self:
        """`addresses`: those that may be articles, each with its rows in time order, and when the catalog first has it missing."""
        returned: set[IndexRow] = set()
        questions: list[_Question] = []
        stood: list[tuple[str, IndexRow]] = []  # month since when an address was there, its newest capture
        for rows, missing_since in addresses:
            content = [row for row in rows if row.status in (200, None) and usable(row)]
            gone = [row for row in rows if row.status in GONE and usable(row)]
            times = [*(row.captured_at for row in gone[:1]), *([missing_since] if missing_since else [])]
            if times:
                since = min(times)
                returned.update(row for row in content[-1:] if row.captured_at > since)
                seen = max((row.captured_at for row in content if row.captured_at < since), default=since)
                confirmed = next((row.captured_at for row in gone if _is_apart(row, gone[0], apart)), since)
                last = max((row.captured_at for row in content), default="")
                questions.append(_Question(*map(_month, (seen, confirmed, last))))
            if content:
                stood.append((_month(content[0].captured_at), content[-1]))
        return cls(frozenset(returned.union(_standing(questions, stood))), apart)

    def confirms(self, row: IndexRow, first: IndexRow) -> bool:
        """Whether a 404 is far enough from the first of its run."""
        return _is_apart(row, first, self.apart)


class _Question(NamedTuple):
    """Whether an article was gone. All three are months."""

    seen: str
    """When it was last there before."""
    missing: str
    """When that is decided."""
    last: str
    """When it was last there at all; empty: this archive never saw it."""


def _standing(questions: Sequence[_Question], stood: Sequence[tuple[str, IndexRow]]) -> Iterator[IndexRow]:
    """For each question as many captures of its month or later as articles are missing then, of the oldest addresses."""
    stood = sorted(stood, key=lambda each: (each[0], each[1].url))
    for seen, at in {(each.seen, each.missing) for each in questions}:
        missing = sum(each.missing >= at > each.last for each in questions)
        others = (newest for first, newest in stood if first <= seen and _month(newest.captured_at) >= at)
        yield from islice(others, missing)


def _is_apart(row: IndexRow, first: IndexRow, apart: timedelta) -> bool:
    return datetime.fromisoformat(row.captured_at) - datetime.fromisoformat(first.captured_at) >= apart


def _month(captured_at: str) -> str:
    return captured_at[: len("2013-05")]
