"""Messages that wait, and how each is sent once: what is to be sent is written down before it is, and what became of it after."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from ..diff.arguments import Bookmark, save_bookmark
from ..monitoring.delivery import Sent, failing, send
from .state import DailyState, Parcel, ReportedDays, UncertainMessage

KEPT = timedelta(days=7)
"""A message that nobody accepts is tried by each run for this time."""


class Outbox:
    """The queue of `daily.json`. Its owner holds the lock of the runs."""

    def __init__(self, output: Path, state: DailyState) -> None:
        """`state`: as it was loaded. What a killed run left is settled at once. Raises CannotWrite."""
        self._output, self.state = output, state
        self._settle()

    def put(
        self,
        parcels: Iterable[Parcel],
        bookmarks: Mapping[str, Bookmark] | None = None,
        reported: ReportedDays | None = None,
        *,
        name_doubts: bool = False,
    ) -> None:
        """Adds messages, and with them how far they have seen the changes, in one write.

        `reported`: what else changes with them. `name_doubts`: they name the doubtful messages, which no later one does then. A key that the queue has already is the same message.
        """
        known = {each.key for each in self.state.queue}
        new = tuple(each for each in parcels if each.key not in known)
        seen = {**self.state.bookmarks, **(bookmarks or {})}
        doubts = () if name_doubts else self.state.doubts
        queue = (*self.state.queue, *new)
        self.save(
            replace(self.state, queue=queue, bookmarks=seen, reported=reported or self.state.reported, doubts=doubts)
        )
        self._keep_bookmarks()

    def save(self, state: DailyState) -> None:
        """Raises CannotWrite."""
        self.state = state.save(self._output)

    def send(
        self, waiting: Iterable[Parcel], addresses: Callable[[str], tuple[str, ...]], now: str
    ) -> list[tuple[Parcel, list[Sent]]]:
        """Sends some of the queue, one after the other. Returns what became of each.

        `addresses`: of a `to`. What nobody accepted waits for the next run, for a week.
        """
        results: list[tuple[Parcel, list[Sent]]] = []
        for parcel in tuple(waiting):
            self._change(parcel, replace(parcel, state="sending"))
            sent = _sent(parcel, addresses(parcel.to))
            is_taken = any(each.failed is None for each in sent)
            if not is_taken and parcel.message is not None and any(each.may_have for each in sent):
                self._settle()
            else:
                is_over = is_taken or not sent or parcel.message is None or _is_old(parcel, now)
                self._change(parcel, None if is_over else parcel)
            results.append((parcel, sent))
        return results

    def _change(self, parcel: Parcel, new: Parcel | None) -> None:
        queue = (new if each.key == parcel.key else each for each in self.state.queue)
        self.save(replace(self.state, queue=tuple(each for each in queue if each is not None)))

    def _settle(self) -> None:
        """What was being sent is not sent again, as nobody knows whether it arrived: it is doubtful."""
        cut = [each for each in self.state.queue if each.state == "sending"]
        if cut:
            doubts = (
                *self.state.doubts,
                *(UncertainMessage(each.title, each.at) for each in cut if each.message is not None),
            )
            waiting = tuple(each for each in self.state.queue if each.state == "waiting")
            self.save(replace(self.state, queue=waiting, doubts=doubts))
        self._keep_bookmarks()

    def _keep_bookmarks(self) -> None:
        if not self.state.bookmarks:
            return
        for name, bookmark in self.state.bookmarks.items():
            save_bookmark(self._output, name, bookmark)
        self.save(replace(self.state, bookmarks={}))


def _sent(parcel: Parcel, urls: tuple[str, ...]) -> list[Sent]:
    if parcel.message is not None:
        return send(urls, "", parcel.message)
    ping = "".join(urls)
    return send((), (ping if parcel.is_good else failing(ping)) if ping else "", None)


def _is_old(parcel: Parcel, now: str) -> bool:
    """Also of one that was put there by a clock that was ahead."""
    return abs(datetime.fromisoformat(now) - datetime.fromisoformat(parcel.at)) > KEPT
