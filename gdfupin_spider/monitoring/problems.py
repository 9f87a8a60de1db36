"""Problems that last: messages name each one when it begins, once a week while it lasts, and when it is over. Pure.

`notified.json` of the archive has those that messages have named, so that a nightly timer does not repeat itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..messages.recorded import recorded
from ..messages.text import N_, joined
from ..terminal import pluralized

REMIND_AFTER = timedelta(days=7)
SLACK = timedelta(hours=3)
"""A daily timer is not exact."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an operator should know of."""

    name: str
    """`exit 3`, `interrupted`, `alarm nothing-new`."""
    title: str
    """A few words."""
    text: str
    """The whole message, with the address and the next command."""
    since: str
    """When it began; UTC."""
    reported: str = ""
    """When a message had it last; UTC."""


@dataclass(frozen=True, slots=True)
class ReportedProblems:
    """`notified.json`."""

    problems: tuple[Problem, ...] = ()
    """Those that messages have named and that are not over."""
    gaps_reported: str = ""
    """When a message had the open gaps last; UTC."""


@dataclass(frozen=True, slots=True)
class ProblemChanges:
    """Problems after a crawl, compared with those that messages have named."""

    new: tuple[Problem, ...]
    over: tuple[Problem, ...]
    lasting: tuple[Problem, ...]
    """Those whose weekly line is due."""
    known: tuple[Problem, ...]
    """Those to remember."""


def compare(reported: Sequence[Problem], current: Sequence[Problem], now: str, *, well: bool) -> ProblemChanges:
    """The problems that the next message names. `now`: UTC. `well`: the crawl reached its end, so that what it did not meet is over."""
    before = {problem.name: problem for problem in reported}
    names = {problem.name for problem in current}
    new = tuple(replace(problem, reported=now) for problem in current if problem.name not in before)
    over = tuple(problem for problem in reported if well and problem.name not in names)
    kept = tuple(problem for problem in reported if problem not in over)
    lasting = tuple(problem for problem in kept if problem.name in names and is_due(problem.reported, now))
    known = (*(replace(each, reported=now) if each in lasting else each for each in kept), *new)
    return ProblemChanges(new, over, lasting, known)


def is_due(reported: str, now: str) -> bool:
    """Whether a week has passed since a message had something; both are UTC. Also true if none ever had, or a clock was ahead then.

    >>> is_due("2026-11-01T03:00:00Z", "2026-11-08T02:00:00Z"), is_due("2027-12-01T03:00:00Z", "2026-11-08T02:00:00Z")
    (True, True)
    """
    return not reported or abs(datetime.fromisoformat(now) - datetime.fromisoformat(reported)) >= REMIND_AFTER - SLACK


def days(since: str, now: str) -> str:
    """How long something lasts, in words.

    >>> days("2026-11-01T03:00:00Z", "2026-11-08T03:30:00Z"), days("2026-11-01T03:00:00Z", "2026-11-01T05:00:00Z")
    ('since 2026-11-01, 7 days', 'since 2026-11-01')
    """
    count = (datetime.fromisoformat(now) - datetime.fromisoformat(since) + SLACK).days
    start = N_("since {since}", since=since[:10])
    return joined((start, pluralized(count, "day"))) if count > 0 else start


def titles(problems: Iterable[Problem]) -> str:
    """Their titles in one line."""
    return joined(recorded(problem.title) for problem in problems)
