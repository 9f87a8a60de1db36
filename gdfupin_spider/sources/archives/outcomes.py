"""Captures that an archive did not give, in `output/sources/<archive>/outcomes.jsonl`: a later run does not ask again soon."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ... import clock
from ...items import Issue, WrongShape, as_line, decode
from ...storage.durable import refusals
from .cdx_rows import IndexRow
from .memento import Reason, Refusal

FILE = "outcomes.jsonl"
FAILED_DAYS = 1.0
"""A capture that failed for a reason that may pass is asked for again after this time."""


@dataclass(frozen=True, slots=True)
class PlaybackOutcome:
    """A line of the file."""

    at: str
    """UTC."""
    url: str
    timestamp: str
    digest: str
    """Of the index."""
    reason: Reason
    detail: str
    nearest: str | None = None


class Outcomes:
    """The file of one archive. The newest line of a capture counts."""

    def __init__(self, folder: Path, retry_days: float) -> None:
        """`folder`: `output/sources/<archive>`."""
        self._path, self._days = folder / FILE, retry_days
        self._torn = False
        self._newest = {(each.url, each.timestamp): each for each in self._lines()}
        self._this_run: set[tuple[str, str]] = set()
        self.added: list[PlaybackOutcome] = []
        """Those of this run."""

    def _lines(self) -> Iterator[PlaybackOutcome]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            with refusals(self._path):
                raise error
        self._torn = not content.endswith(b"\n") and content != b""
        for line in content.splitlines():
            try:
                yield decode(PlaybackOutcome, json.loads(line))
            except (ValueError, WrongShape):
                continue  # the torn last line of a killed process

    def recent(self, row: IndexRow, now: datetime) -> PlaybackOutcome | None:
        """The outcome of a capture for which it is not asked again yet: never twice in one run."""
        outcome = self._newest.get((row.url, row.timestamp))
        if outcome is None or (row.url, row.timestamp) in self._this_run:
            return outcome
        days = min(FAILED_DAYS, self._days) if outcome.reason == "failed" else self._days
        return outcome if now - datetime.fromisoformat(outcome.at) < timedelta(days=days) else None

    def add(self, row: IndexRow, refusal: Refusal) -> None:
        """Appends a line. Raises CannotWrite."""
        outcome = PlaybackOutcome(
            clock.stamp(), row.url, row.timestamp, row.digest, refusal.reason, refusal.detail, refusal.nearest
        )
        self._newest[row.url, row.timestamp] = outcome
        self._this_run.add((row.url, row.timestamp))
        self.added.append(outcome)
        with refusals(self._path):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                begin = "\n" if self._torn else ""
                file.write(f"{begin}{as_line(outcome)}\n".encode("utf-8", "backslashreplace"))
        self._torn = False

    def counts(self) -> Counter[Reason]:
        """Outcomes of this run by reason."""
        return Counter(each.reason for each in self.added)

    def issues(self) -> Iterator[Issue]:
        """Outcomes of this run as issues of the crawl: failures where the archive should have given a page."""
        for each in self.added:
            evidence = f"{each.timestamp}: {each.detail}"
            match each.reason:
                case "withheld":
                    yield Issue("note", "archive-withheld", each.url, evidence)
                case "missing":
                    yield Issue("note", "archive-missing", each.url, evidence)
                case "nearest":
                    yield Issue("note", "archive-nearest", each.url, evidence)
                case "mismatch":
                    yield Issue("refusal", "archive-mismatch", each.url, evidence)
                case "no-content":
                    yield Issue("note", "archive-no-content", each.url, evidence)
                case "failed":
                    yield Issue("failure", "archive-failed", each.url, evidence)
