"""Processes that read pages: each takes a chunk of captures from the WARC files and gives the facts of their pages.

One process judges and writes, in capture order, so the lines are the same for any number of readers. What needs other captures
is left to it: an article of several pages, and addresses that were fetched several times.
"""

import concurrent.futures
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from .. import deadline, pages, warc
from ..items import Capture
from ..ledger.page_facts import PageFacts, facts_of
from ..ledger.response_faults import response_fault
from ..profiles import Profile
from .rare_collections import rare_collections

CHUNK = 100
"""Captures of one chunk: half a second of work, so that a lost one costs little."""
AHEAD = 4
"""Chunks for each reader that wait or are read while the first is judged."""
PATIENCE = 10.0
"""Seconds without a result after which it is asked whether a process was lost."""
TRIES = 3
"""After so many lost processes in a row the chunk is read by this one."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Captures of one crawl, in capture order."""

    files: tuple[tuple[Path, int], ...]
    """File and byte offset of each."""


@dataclass(frozen=True, slots=True)
class CaptureRead:
    """One capture as a reader gives it."""

    capture: Capture
    """Without its payload."""
    facts: PageFacts | None
    """None where the response has a fault, or the article has further pages."""
    fault: str | None
    has_further_pages: bool
    """Whether the judging process must read it again with its further pages."""


class PageReaders(Protocol):
    """Reads chunks in other processes."""

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Sequence[CaptureRead]]:
        """The captures of each chunk, in the order of the chunks."""


def read_chunk(chunk: Chunk, profile: Profile) -> list[CaptureRead]:
    """Reads the captures of a chunk. Raises ArchiveError."""
    with rare_collections():
        return [_read(warc.read_at(file, offset), profile) for file, offset in chunk.files]


def _read(capture: Capture, profile: Profile) -> CaptureRead:
    page = deadline.read(capture, profile)
    fault = response_fault(capture, page)
    light = replace(capture, payload=b"", length=capture.size)
    if fault is not None:
        return CaptureRead(light, None, fault, False)
    further = page.kind == "article" and page.first_part is None and pages.next_part([page]) is not None
    return CaptureRead(light, None if further else facts_of(page), None, further)


_profile: Profile | None = None
"""The profile of a reader process."""


def _begin(profile: Profile) -> None:
    global _profile
    _profile = profile
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this reader when the process that judges was killed: nobody would ever stop it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _read_here(chunk: Chunk) -> list[CaptureRead]:
    assert _profile is not None
    return read_chunk(chunk, _profile)


class LocalReaders:
    """Processes of this machine. A chunk whose process was lost is read again."""

    def __init__(self, profile: Profile, workers: int) -> None:
        self._profile, self._workers = profile, workers
        self._pool: concurrent.futures.ProcessPoolExecutor | None = None

    def __enter__(self) -> "LocalReaders":
        return self

    def __exit__(self, *error: object) -> None:
        self._drop()

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Sequence[CaptureRead]]:
        """The captures of each chunk, in the order of the chunks."""
        waiting: deque[tuple[Chunk, concurrent.futures.Future[list[CaptureRead]]]] = deque()
        rest, losses = iter(chunks), 0
        while True:
            while len(waiting) < AHEAD * self._workers and (chunk := next(rest, None)) is not None:
                waiting.append((chunk, self._submit(chunk)))
            if not waiting:
                return
            chunk, future = waiting[0]
            if not concurrent.futures.wait([future], PATIENCE).done:
                if self._is_stuck():
                    self._end_stuck()
                continue
            try:
                result = future.result()
            except BrokenProcessPool:
                losses += 1
                self._drop()
                if losses >= TRIES:
                    waiting.popleft()
                    yield read_chunk(chunk, self._profile)
                    losses = 0
                waiting = deque((each, self._submit(each)) for each, _ in waiting)
                continue
            waiting.popleft()
            losses = 0
            yield result

    def _submit(self, chunk: Chunk) -> "concurrent.futures.Future[list[CaptureRead]]":
        if self._pool is None:
            self._pool = self._started()
        try:
            return self._pool.submit(_read_here, chunk)
        except BrokenProcessPool:  # it broke since the last result
            self._drop()
            self._pool = self._started()
            return self._pool.submit(_read_here, chunk)

    def _started(self) -> concurrent.futures.ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # a fork would share the timer and the worker of `deadline`
        return concurrent.futures.ProcessPoolExecutor(self._workers, context, _begin, (self._profile,))

    def _is_stuck(self) -> bool:
        """Whether a process was lost unnoticed: killed while it wrote a result, of which the pool then waits for the rest for ever."""
        processes = self._pool._processes if self._pool is not None else {}
        return any(process.exitcode is not None for process in list(processes.values()))

    def _end_stuck(self) -> None:
        """Ends the result that the pool waits for: it then is broken, as after any other loss."""
        assert self._pool is not None
        for process in list(self._pool._processes.values()):
            process.kill()
            process.join()
        self._pool._result_queue._writer.close()  # type: ignore[attr-defined]

    def _drop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)
