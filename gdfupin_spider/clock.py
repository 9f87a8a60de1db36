"""The one clock of the program. It can be set from outside, so that a test, or a demonstration, lives on another day.

`GDFUPIN_CLOCK=2026-11-23T03:00:00Z` lets the clock of a process begin there and run on from there. It names crawls and
stands in captures; how long things take is measured otherwise.
"""

import functools
import os
from datetime import UTC, datetime, timedelta

from .errors import WrongSetting
from .messages.text import N_

VARIABLE = "GDFUPIN_CLOCK"
_BEGAN = datetime.now(UTC)


def now() -> datetime:
    """The time, aware, in UTC. Raises WrongSetting where GDFUPIN_CLOCK is no time."""
    return datetime.now(UTC) + _ahead(os.environ.get(VARIABLE, ""))


def stamp(time: datetime | None = None) -> str:
    """A time, or now, as records have it.

    >>> stamp(datetime(2026, 11, 23, 3, tzinfo=UTC))
    '2026-11-23T03:00:00Z'
    """
    return (time or now()).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@functools.cache
def _ahead(text: str) -> timedelta:
    """How far the clock is set ahead of the machine's."""
    if not text:
        return timedelta()
    try:
        begin = datetime.fromisoformat(text)
    except ValueError:
        raise WrongSetting(
            N_("the environment"), VARIABLE, N_("{text!r} is not a time such as 2026-11-23T03:00:00Z", text=text)
        ) from None
    return (begin if begin.tzinfo else begin.replace(tzinfo=UTC)) - _BEGAN
