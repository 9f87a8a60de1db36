"""Which site is visited next: some at once, never two of one host, none waits for one that fails."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass

from .. import clock
from ..errors import ExitCode, GdfupinError
from ..messages.text import N_, reason_of
from .fleet_report import Visit
from .members import Member

AGAIN = 10
"""Times that a site is tried whose archive another process writes to,"""
PAUSE = 15.0
"""with this number of seconds between them: the crawl of a lost worker ends by itself."""


@dataclass(frozen=True, slots=True)
class VisitPace:
    """How many sites are visited at once."""

    at_once: int = 4
    stagger: float = 2.0
    """Seconds between the beginnings of two visits, and between two of one host."""


def in_turn(members: Iterable[Member], earlier: Mapping[str, Visit]) -> list[Member]:
    """Those never visited first, then those whose visit is the oldest: a run that was ended early is made up for."""
    return sorted(members, key=lambda each: earlier[each.name].started if each.name in earlier else "")


@dataclass(slots=True)
class _Turn:
    member: Member
    tries: int = 0
    not_before: float = 0.0


def visit_all(
    members: Iterable[Member],
    pace: VisitPace,
    executor: Executor,
    visit: Callable[[Member], Visit],
    ended: Callable[[Visit], None],
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Visits each member once. `ended` is called with each visit, in this thread.

    `is_stopped`: whether no further visit may begin; visits that run are waited for.
    """
    waiting = [_Turn(member) for member in members]
    running: dict[Future[Visit], _Turn] = {}
    free_at: dict[str, float] = {}
    next_start = 0.0
    while running or (waiting and not is_stopped()):
        now = time.monotonic()
        busy = {host for turn in running.values() for host in turn.member.hosts}
        busy |= {host for host, at in free_at.items() if at > now}
        turn = next((t for t in waiting if t.not_before <= now and not t.member.hosts & busy), None)
        if turn is not None and now >= next_start and len(running) < pace.at_once and not is_stopped():
            waiting.remove(turn)
            running[executor.submit(visit, turn.member)] = turn
            next_start = now + (pace.stagger if turn.member.problem is None else 0.0)  # nothing is asked of anybody
            continue
        if not running:
            time.sleep(0.1)
            continue
        done, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
        for future in done:
            turn = running.pop(future)
            result = _result(future, turn.member)
            free_at.update(dict.fromkeys(turn.member.hosts, time.monotonic() + pace.stagger))
            turn.tries += 1
            if result.exit_code == ExitCode.RUNNING and turn.tries < AGAIN and not is_stopped():
                turn.not_before = time.monotonic() + PAUSE
                waiting.append(turn)
            else:
                ended(result)


def _result(future: "Future[Visit]", member: Member) -> Visit:
    """The visit; where the worker that made it could not, a visit that says so."""
    try:
        return future.result()
    except CancelledError:
        return Visit(member.name, member.title, ExitCode.GAPS, clock.stamp(), message=N_("the visit was cancelled"))
    except GdfupinError as error:
        return Visit(member.name, member.title, error.exit_code, clock.stamp(), message=reason_of(error))
    except Exception as error:  # noqa: BLE001  whatever one worker raises, the other sites go on
        reason = f"{type(error).__name__}: {error}"
        return Visit(member.name, member.title, ExitCode.INTERNAL, clock.stamp(), message=reason)
