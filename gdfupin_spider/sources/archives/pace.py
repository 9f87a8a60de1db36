"""How fast one machine asks one archive: a small locked file that all commands of the machine share.

Archives count by IP address, so a limit within one process would not hold. The file has the time of the next request of each
pool, pauses and blocks. The clock is that of the machine, in seconds since 1970: nothing else is common to two processes.
"""

import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from ...errors import ArchiveRefuses, CannotWrite
from ...items import WrongShape, decode
from ...messages.text import N_

VARIABLE = "GDFUPIN_PACE"
"""Environment variable: the folder of the files, in place of the user's cache folder."""
Pool = Literal["index", "playback"]
"""What an archive counts together: `/cdx` and TimeMaps; everything else."""
FIRST_PAUSE = 60.0
"""Seconds. The Wayback Machine sends no Retry-After with 429; its staff ask for a minute."""
LONGEST_PAUSE = 960.0
MOST_PAUSES = 6
"""After this number of pauses in a row, some 40 minutes, the archive is taken to refuse us."""
FIRST_BLOCK = 3600.0
"""Seconds. Whoever ignores 429 for a minute is shut out by the firewall for an hour, doubled each time."""
LONGEST_BLOCK = 7 * 86400.0


@dataclass(slots=True)
class PaceState:
    """Content of the file. Times are seconds since 1970."""

    next: dict[str, float] = field(default_factory=dict)
    """When the next request of each pool may be sent."""
    paused_at: float = 0
    paused_until: float = 0
    pauses: int = 0
    """Pauses since the last good answer."""
    blocked_at: float = 0
    blocked_until: float = 0
    blocks: int = 0
    """Refused connections since the last good answer."""
    answered_at: float = 0
    """The last good answer; 0: never."""


class Stopped(Exception):
    """Raised by a wait that `ArchivePace.stop` ended."""


class ArchivePace:
    """Waits before each request, and keeps what the archive demands. Threads share one; processes share its file."""

    def __init__(
        self,
        base: str,
        per_minute: Mapping[Pool, float],
        *,
        patient: bool = False,
        folder: Path | None = None,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], object] | None = None,
        say: Callable[[str], None] = lambda text: None,
    ) -> None:
        """`base`: any address of the archive; its host and port name the file. `patient`: pauses and blocks are waited for, however long they last."""
        self.host = urlsplit(base).netloc.lower()
        self._per_minute, self._patient, self._now, self._say = per_minute, patient, now, say
        self._stop = threading.Event()
        self._sleep = sleep or self._stop.wait
        name = hashlib.sha256(self.host.encode()).hexdigest()[:8]
        self._path = (folder or _folder()) / f"{self.host.replace(':', '-').strip('[]')}-{name}.json"

    def stop(self) -> None:
        """Ends all waits with Stopped, also later ones."""
        self._stop.set()

    def wait(self, pool: Pool) -> float:
        """Waits until the next request may be sent. Returns the time. Raises ArchiveRefuses, Stopped, CannotWrite."""
        while True:
            with self._state() as state:
                now = self._now()
                if state.blocked_until > now and not self._patient:
                    raise ArchiveRefuses(self.host, _blocked(state), _time(state.blocked_until))
                begin = max(state.paused_until, state.blocked_until, state.next.get(pool, 0), now)
                if begin > now + LONGEST_BLOCK:  # the clock was ahead
                    begin = now
                state.next[pool] = begin + 60 / self._per_minute[pool]
            self.pause(begin - now)
            with self._state() as state:  # another process may have been paused meanwhile
                if max(state.paused_until, state.blocked_until) <= (at := self._now()):
                    return at

    def pause(self, seconds: float) -> None:
        """Sleeps. Raises Stopped."""
        if seconds > 0:
            self._sleep(seconds)
        if self._stop.is_set():
            raise Stopped

    def answered(self) -> None:
        """The archive gave a good answer."""
        with self._state() as state:
            now = self._now()
            if state.pauses or state.blocks or now - state.answered_at > 60:
                state.answered_at, state.pauses, state.blocks = now, 0, 0

    def slowed(self, sent: float, reason: str) -> None:
        """The archive asks for a pause (429, 503, a connection closed without an answer): all commands wait.

        `sent`: when the request was sent; one that was underway when a pause began does not lengthen it. Raises
        ArchiveRefuses after MOST_PAUSES pauses in a row, unless patient.
        """
        with self._state() as state:
            if state.paused_at >= sent:
                return
            state.pauses += 1
            now = self._now()
            seconds = min(FIRST_PAUSE * 2 ** (state.pauses - 1), LONGEST_PAUSE)
            state.paused_at, state.paused_until = now, now + seconds
            pauses = state.pauses
        if pauses > MOST_PAUSES and not self._patient:
            raise ArchiveRefuses(
                self.host,
                N_("it asked for {pauses} pauses in a row ({reason})", pauses=pauses, reason=reason),
                _time(now + seconds),
            )
        self._say(
            N_("{host}: {reason}; all requests wait {seconds:.0f} s", host=self.host, reason=reason, seconds=seconds)
        )

    def refused(self, sent: float) -> None:
        """A connection was refused. If the archive ever answered, that is its firewall. Raises ArchiveRefuses unless patient."""
        with self._state() as state:
            if not state.answered_at:
                raise ArchiveRefuses(
                    self.host, N_("the connection was refused, and it never answered before: is the address right?")
                )
            if state.blocked_at < sent:
                state.blocks += 1
                now = self._now()
                state.blocked_at = now
                state.blocked_until = now + min(FIRST_BLOCK * 2 ** (state.blocks - 1), LONGEST_BLOCK)
            reason, until = _blocked(state), _time(state.blocked_until)
        if not self._patient:
            raise ArchiveRefuses(self.host, reason, until)
        self._say(N_("{host}: {reason}; all requests wait until {until}", host=self.host, reason=reason, until=until))

    @contextmanager
    def _state(self) -> Iterator[PaceState]:
        """The state, locked. It is written where the block ends well."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotWrite(self._path, error.strerror or str(error)) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            before = os.pread(file, 10_000, 0)
            state = _decoded(before)
            try:
                yield state
            finally:
                after = json.dumps(asdict(state)).encode()
                if after != before:
                    os.pwrite(file, after, 0)
                    os.ftruncate(file, len(after))
        except OSError as error:
            raise CannotWrite(self._path, error.strerror or str(error)) from error
        finally:
            os.close(file)


def _decoded(content: bytes) -> PaceState:
    """A file that is empty or half written begins anew."""
    try:
        return decode(PaceState, json.loads(content))
    except (ValueError, WrongShape):
        return PaceState()


def _blocked(state: PaceState) -> str:
    return N_(
        "the connection was refused at {blocked_at}: its firewall shuts us out", blocked_at=_time(state.blocked_at)
    )


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _folder() -> Path:
    if given := os.environ.get(VARIABLE):
        return Path(given)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gdfupin"
