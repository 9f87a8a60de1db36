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


def of_archive(change: Change, looks: Sequence[SightingWithStatus]) -> str:
    """The sentence of a change of the archive. `looks`: all sightings from `seen_before` to `seen_after`, both included."""
    before, after = change.seen_before, change.seen_after
    if before is None:
        origin = next((look.origin for look in looks if look.captured_at == after), "live")
        day = Days([after]).of(after)
        if origin in ("live", "demo"):
            return N_("first seen {day}", day=day)
        return N_("first seen {day} by {origin}", day=day, origin=origin)
    days = Days([before, after, *(look.captured_at for look in looks)])
    between = [look for look in looks if before < look.captured_at < after]
    if change.kind in ("gone", "reappeared"):
        missing = [look for look in looks if look.word in ("missing", "moved") and look.captured_at > before]
        others = [look for look in between if look not in missing]
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
    return _outcomes_on_days([(_answer(look), look.captured_at) for look in missing], days) or N_("not found")


def _answer(look: SightingWithStatus) -> str:
    if look.word == "moved":
        return N_("led elsewhere")
    if look.status is None:
        return N_("missing")
    if look.status == 200:
        return N_("said it is not there (200)")
    if 300 <= look.status < 400:
        return N_("led to the home page or to an error page ({status})", status=look.status)
    return N_("answered {status}", status=look.status)


def _with_rest(sentence: str, looks: Sequence[SightingWithStatus], days: Days) -> str:
    """The sentence with the results of all other sightings in between."""
    shown_times = _outcomes_on_days(
        [(_OTHERS.get(look.outcome, N_("looked at")), look.captured_at) for look in looks], days
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
