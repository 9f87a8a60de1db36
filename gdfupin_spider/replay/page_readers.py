"""Processes that read pages: each takes a chunk of captures from the WARC files and gives the facts of their pages.

One process judges and writes, in capture order, so the lines are the same for any number of readers. What needs other captures
is left to it: an article of several pages, and addresses that were fetched several times.
"""

import concurrent.futures
import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol, cast

from .. import deadline, pages, warc
from ..errors import ArchiveError
from ..items import Capture
from ..ledger.page_facts import PageFacts, facts_of
from ..ledger.response_faults import response_fault
from ..profiles import Profile
from .rare_collections import rare_collections

CHUNK = 100
"""Captures of one chunk: half a second of work, so that a lost one costs little."""
AHEAD = 4
"""Chunks for each reader that wait or are read while the first is judged."""
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
    return [_read(warc.read_at(file, offset), profile) for file, offset in chunk.files]


def _read(capture: Capture, profile: Profile) -> CaptureRead:
    page = deadline.read(capture, profile)
    fault = response_fault(capture, page)
    light = replace(capture, payload=b"", length=capture.size)
    if fault is not None:
        return CaptureRead(light, None, fault, False)
    further = page.kind == "article" and page.first_part is None and pages.next_part([page]) is not None
    return CaptureRead(light, None if further else facts_of(page), None, further)


def _serve(pipe: Connection, profile: Profile) -> None:
    """A reader process: answers each chunk until the judging process has ended or closed the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the judging process, which ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError), rare_collections():
        while True:
            chunk: Chunk = pipe.recv()
            try:
                pipe.send(read_chunk(chunk, profile))
            except ArchiveError as error:
                pipe.send(error)


def _end_with_parent() -> None:
    """Ends this reader, in the midst of a chunk, when the process that judges was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Reader:
    """A reader process, started when it is needed, and the pipe to it.

    Only the process has the other end: the pipe breaks when it ends, also in the midst of a result. The executor of the standard
    library has one pipe for all processes, and waits for ever for the second half of what a killed one began to write.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._ended = False

    @property
    def pid(self) -> int | None:
        """None while there is no process."""
        process = self._process
        return process.pid if process is not None else None

    def read(self, chunk: Chunk) -> list[CaptureRead] | None:
        """None where TRIES processes in a row were lost, or after `end`. Raises ArchiveError."""
        for _ in range(TRIES):
            pipe = self._started()
            if pipe is None:
                return None
            try:
                pipe.send(chunk)
                answer = cast("list[CaptureRead] | ArchiveError", pipe.recv())
            except (EOFError, OSError):
                self._drop()
                continue
            if isinstance(answer, ArchiveError):
                raise answer
            return answer
        return None

    def end(self) -> None:
        """Ends the process, also in the midst of a chunk; none is started again."""
        with self._lock:
            self._ended = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Waits for the process, when no thread reads any more."""
        self._drop()

    def _started(self) -> Connection | None:
        with self._lock:
            if self._ended:
                return None
            if self._pipe is None:
                # A fork would share the timer and the worker of `deadline`.
                context = multiprocessing.get_context("spawn")
                self._pipe, theirs = context.Pipe()
                self._process = context.Process(target=_serve, args=(theirs, self._profile))
                self._process.start()
                theirs.close()
            return self._pipe

    def _drop(self) -> None:
        with self._lock:
            process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if process is not None and pipe is not None:
            process.kill()
            process.join()
            pipe.close()


class LocalReaders:
    """Processes of this machine. A chunk whose process was lost is read again."""

    def __init__(self, profile: Profile, workers: int) -> None:
        self._profile = profile
        self._readers = tuple(_Reader(profile) for _ in range(workers))
        self._idle: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        for reader in self._readers:
            self._idle.put(reader)
        self._threads = concurrent.futures.ThreadPoolExecutor(workers)
        """One waits for each process."""

    def __enter__(self) -> "LocalReaders":
        return self

    def __exit__(self, *error: object) -> None:
        for reader in self._readers:
            reader.end()
        self._threads.shutdown(cancel_futures=True)
        for reader in self._readers:
            reader.close()

    @property
    def pids(self) -> list[int]:
        """The processes that run."""
        return [pid for reader in self._readers if (pid := reader.pid) is not None]

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Sequence[CaptureRead]]:
        """The captures of each chunk, in the order of the chunks. Raises ArchiveError."""
        waiting: deque[tuple[Chunk, concurrent.futures.Future[list[CaptureRead] | None]]] = deque()
        rest = iter(chunks)
        while True:
            while len(waiting) < AHEAD * len(self._readers) and (chunk := next(rest, None)) is not None:
                waiting.append((chunk, self._threads.submit(self._read, chunk)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            result = future.result()
            yield read_chunk(chunk, self._profile) if result is None else result

    def _read(self, chunk: Chunk) -> list[CaptureRead] | None:
        reader = self._idle.get()
        try:
            return reader.read(chunk)
        finally:
            self._idle.put(reader)
