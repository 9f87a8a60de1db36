"""Fetches the captures of a plan, several at a time, and gives them in the order of the plan."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from ... import warc
from ...messages.text import N_
from ...warc import Exchange
from ..held import Held
from .capture_plan import ArchivePlan, PlannedCapture
from .memento import Refusal
from .outcomes import Outcomes
from .web_archive import WebArchive


@dataclass
class FetchProgress:
    """How far a fetch is."""

    planned: int = 0
    done: int = 0
    taken: int = 0
    refused: int = 0
    began: float = 0

    @property
    def left(self) -> int:
        return self.planned - self.done

    def line(self, now: float) -> str:
        """One line for people. `now`: `time.monotonic()`.

        >>> FetchProgress(planned=1000, done=240, taken=230, refused=10, began=0).line(30)
        '240 of 1,000 captures, 10 not available, 480 a minute, 2 min left'
        """
        seconds = max(now - self.began, 0.001)
        rate = self.done / seconds * 60
        minutes = self.left / rate if rate else 0
        left = (
            N_("{minutes:.1f} h left", minutes=minutes / 60)
            if minutes >= 90
            else N_("{minutes:.0f} min left", minutes=minutes)
        )
        return N_(
            "{done:,} of {planned:,} captures, {refused:,} not available, {rate:,.0f} a minute, {left}",
            done=self.done,
            planned=self.planned,
            refused=self.refused,
            rate=rate,
            left=left,
        )


class ArchiveFetch:
    """The exchanges of one archive. What it refuses is an outcome; then another capture with the same payload is tried."""

    def __init__(
        self,
        archive: WebArchive,
        first_plan: ArchivePlan,
        replan: Callable[[], ArchivePlan],
        held: Held,
        outcomes: Outcomes,
        *,
        connections: int = 4,
        limit: int | None = None,
        minutes: float | None = None,
        report: Callable[[FetchProgress], None] = lambda progress: None,
    ) -> None:
        """`replan`: the plan after all captures of the last one were tried. `limit`: captures to take at most."""
        self._archive, self._plan, self._replan, self._held, self._outcomes = (
            archive,
            first_plan,
            replan,
            held,
            outcomes,
        )
        self._connections, self._limit, self._minutes, self._report = connections, limit, minutes, report
        self.progress = FetchProgress()
        self._again: set[tuple[str, str]] = set()
        self._tried: set[tuple[str, str]] = set()
        self.ended_early: str | None = None
        """Why it ended before the end of the plan; None: it did not, or by an error."""

    def exchanges(self) -> Iterator[Exchange]:
        """Raises ArchiveRefuses, CannotWrite."""
        self.progress.began = time.monotonic()
        plan = self._plan
        while captures := [each for each in plan.captures if (each.row.url, each.row.timestamp) not in self._tried]:
            self.progress.planned += len(captures)
            for planned, answer in self._answers(captures):
                self._tried.add((planned.row.url, planned.row.timestamp))
                self.progress.done += 1
                if isinstance(answer, Refusal):
                    self.progress.refused += 1
                    self._outcomes.add(planned.row, answer)
                else:
                    self.progress.taken += 1
                    if planned.again:
                        self._again.add((answer.url, answer.captured_at))
                    yield answer
                    self._held.add(warc.unkept(answer))
                self._report(self.progress)
                if self._is_over():
                    return
            plan = self._replan()

    def _answers(
        self, planned_captures: Sequence[PlannedCapture]
    ) -> Iterator[tuple[PlannedCapture, Exchange | Refusal]]:
        executor = ThreadPoolExecutor(self._connections, "archive")
        waiting: deque[tuple[PlannedCapture, Future[Exchange | Refusal]]] = deque()
        captures = iter(planned_captures)
        try:
            while True:
                while len(waiting) < 2 * self._connections and (planned := next(captures, None)) is not None:
                    waiting.append((planned, executor.submit(self._archive.playback, planned.row)))
                if not waiting:
                    return
                planned, future = waiting.popleft()
                yield planned, future.result()
        finally:
            if waiting:
                self._archive.pace.stop()
            executor.shutdown(wait=not waiting, cancel_futures=True)

    def _is_over(self) -> bool:
        if self._limit is not None and self.progress.taken >= self._limit:
            self.ended_early = N_("--limit {limit}", limit=self._limit)
        elif self._minutes is not None and time.monotonic() - self.progress.began >= self._minutes * 60:
            self.ended_early = N_("--max-minutes {minutes:g}", minutes=self._minutes)
        return self.ended_early is not None

    def is_again(self, exchange: Exchange) -> bool:
        """Whether a capture was fetched although it is held."""
        return (exchange.url, exchange.captured_at) in self._again

    def description(self) -> str:
        """What was taken, a sentence."""
        end = N_("; ended by {ended_early}", ended_early=self.ended_early) if self.ended_early else ""
        return N_(
            "{taken:,} of {planned:,} planned captures from {name}{end}",
            taken=self.progress.taken,
            planned=self.progress.planned,
            name=self._archive.name,
            end=end,
        )
