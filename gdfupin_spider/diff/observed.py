"""Evidence of a change as a sentence, from sightings alone. Days and times are UTC."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ..catalog import Change
from ..messages.text import N_, SEMICOLON, enumeration, joined

NAMED = 4
"""Days that are listed; more are counted."""
_OTHERS = {"moved": N_("led elsewhere"), "blocked": N_("blocked"), "unreadable": N_("not readable")}


class SightingWithStatus(NamedTuple):
    """One sighting of an article, with the HTTP status."""

    captured_at: str
    outcome: str
    word: str | None
    """alive, missing, moved; None: it proves nothing."""
    origin: str
    status: int | None
    """HTTP status, of a missing one; None if unknown."""


def of_archive(change: Change, sightings: Sequence[SightingWithStatus]) -> str:
    """The sentence of a change of the archive. `looks`: all sightings from `seen_before` to `seen_after`, both included."""
    before, after = change.seen_before, change.seen_after
    if before is None:
        origin = next((sighting.origin for sighting in sightings if sighting.captured_at == after), "live")
        day = Days([after]).of(after)
        if origin in ("live", "demo"):
            return N_("first seen {day}", day=day)
        return N_("first seen {day} by {origin}", day=day, origin=origin)
    days = Days([before, after, *(sighting.captured_at for sighting in sightings)])
    between = [sighting for sighting in sightings if before < sighting.captured_at < after]
    if change.kind in ("gone", "reappeared"):
        missing = [
            sighting
            for sighting in sightings
            if sighting.word in ("missing", "moved") and sighting.captured_at > before
        ]
        others = [sighting for sighting in between if sighting not in missing]
        parts = [N_("seen {day}", day=days.of(before)), _answers(missing, days)]
        parts += [N_("seen again {day}", day=days.of(after))] if change.kind == "reappeared" else []
        is_whole = change.kind == "reappeared" and missing and not others
        return joined(parts) if is_whole else _with_rest(joined(parts), others, days)
    figures = {"before": days.of(before), "after": days.of(after)}
    sentence = (
        N_("seen at its old place on {before}, at the new one on {after}", **figures)
        if change.kind == "moved"
        else N_("seen before the edit on {before}, after it on {after}", **figures)
    )
    return _with_rest(sentence, between, days)


def stamped(evidence: str, origin: str) -> str:
    """The evidence of a change, marked where it is of demo data: every format shows it."""
    return N_("{evidence} (demo data)", evidence=evidence) if origin == "demo" else evidence


class Days:
    """Days as people write them: the year once, the time of day where a day has several times.

    >>> days = Days(["2026-11-02T03:00:00Z", "2026-11-08T03:00:00Z", "2026-11-08T16:05:00Z", "2027-01-01T03:00:00Z"])
    >>> days.of("2026-11-02T03:00:00Z"), days.of("2026-11-08T16:05:00Z"), days.of("2027-01-01T03:00:00Z")
    ('2026-11-02', '11-08 16:05', '2027-01-01')
    """

    def __init__(self, times: Sequence[str]) -> None:
        """`times`: all times that will be shown."""
        self._first = min(times)
        self._many = Counter(time[:10] for time in set(times))

    def of(self, time: str) -> str:
        same_year = time[:4] == self._first[:4] and time != self._first
        day = time[5:10] if same_year else time[:10]
        return f"{day} {time[11:16]}" if self._many[time[:10]] > 1 else day

    def listed(self, times: Sequence[str]) -> str:
        """`11-08 and 11-09`; the first few where there are many."""
        shown_times = list(dict.fromkeys(map(self.of, times)))
        if len(shown_times) > NAMED + 1:
            return N_(
                "{days} and {more} more times until {last}",
                days=enumeration(shown_times[:NAMED]),
                more=len(shown_times) - NAMED,
                last=shown_times[-1],
            )
        if len(shown_times) == 1:
            return shown_times[0]
        return N_("{days} and {last}", days=enumeration(shown_times[:-1]), last=shown_times[-1])


def _answers(missing: Sequence[SightingWithStatus], days: Days) -> str:
    """`answered 404 on 11-08 and 11-09`."""
    return _outcomes_on_days([(_answer(sighting), sighting.captured_at) for sighting in missing], days) or N_(
        "not found"
    )


def _answer(sighting: SightingWithStatus) -> str:
    if sighting.word == "moved":
        return N_("led elsewhere")
    if sighting.status is None:
        return N_("missing")
    if sighting.status == 200:
        return N_("said it is not there (200)")
    if 300 <= sighting.status < 400:
        return N_("led to the home page or to an error page ({status})", status=sighting.status)
    return N_("answered {status}", status=sighting.status)


def _with_rest(sentence: str, sightings: Sequence[SightingWithStatus], days: Days) -> str:
    """The sentence with the results of all other sightings in between."""
    shown_times = _outcomes_on_days(
        [(_OTHERS.get(sighting.outcome, N_("looked at")), sighting.captured_at) for sighting in sightings], days
    )
    if shown_times:
        return joined((sentence, shown_times), SEMICOLON)
    return joined((sentence, N_("not looked at between")))


def _outcomes_on_days(seen: Sequence[tuple[str, str]], days: Days) -> str:
    """Each outcome with its days."""
    outcomes = dict.fromkeys(what for what, _ in seen)
    return joined(
        N_("{what} on {days}", what=each, days=days.listed([time for what, time in seen if what == each]))
        for each in outcomes
    )
