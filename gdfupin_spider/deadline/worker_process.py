"""The worker process: started when a page needs it, killed when it takes too long, started again for the next page."""

import atexit
import contextlib
import os
import pickle
import select
import struct
import subprocess
import sys
import threading
import time

from ..items import Capture
from ..messages.text import N_
from ..profiles import Profile

START = 60.0
"""Seconds until the worker is ready; it imports the parsers, on a slow disk."""
READY, READ, FAILED = b"!", b"y", b"n"
"""What the worker answers: it is ready; the page was read; reading raised an error, as for want of memory."""
LENGTH = struct.Struct(">Q")
"""Length of each pickled message to the worker."""


class WorkerProcess:
    """One worker for one page at a time; threads wait for each other."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._profile: Profile | None = None
        """The profile that the worker has."""
        self._lock = threading.Lock()

    def refusal(self, capture: Capture, profile: Profile, seconds: float) -> str | None:
        """Why a page is not to be read here, a sentence; None where the worker has read it."""
        with self._lock:
            process = self._started()
            if process is None:
                return "it is large or complex, and no process can be started to read it within limits"
            known = profile is self._profile
            self._profile = profile
            message = pickle.dumps((capture, None if known else profile, seconds))
            try:
                answer = self._answer(process, message, seconds)
            except OSError:
                answer = b""
            if answer == READ:
                return None
            self._kill()
            if answer is None:
                return N_("reading it takes more than {seconds:g} seconds", seconds=seconds)
            return N_("reading it needs too much memory, or breaks the parser")

    def _started(self) -> "subprocess.Popen[bytes] | None":
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._kill()
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "gdfupin_spider.deadline.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path)},
                start_new_session=True,  # Ctrl-C is for the crawl, which ends it
            )
        except OSError:
            return None
        atexit.register(self._kill)
        self._process = process
        if _received(process, START) != READY:
            self._kill()
            return None
        return process

    def _answer(self, process: "subprocess.Popen[bytes]", message: bytes, seconds: float) -> bytes | None:
        """The answer of the worker, empty if it ended; None after these seconds."""
        assert process.stdin is not None
        process.stdin.write(LENGTH.pack(len(message)) + message)
        process.stdin.flush()
        return _received(process, seconds)

    def _kill(self) -> None:
        process, self._process, self._profile = self._process, None, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what the worker did not read is lost with it
                    stream.close()
        process.wait()
        atexit.unregister(self._kill)


def _received(process: "subprocess.Popen[bytes]", seconds: float) -> bytes | None:
    """The next byte of the worker, empty if it ended; None if there is none within these seconds."""
    assert process.stdout is not None
    number = process.stdout.fileno()
    poll = select.poll()
    poll.register(number, select.POLLIN)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if poll.poll(left * 1000):
            return os.read(number, 1)
    return None
