"""The end of a fleet that is asked to end early."""

import contextlib
import signal
import subprocess
import threading
from collections.abc import Iterator


class Stop:
    """Ends visits in order: those that run get SIGTERM, none begins. It works for visits in this process only."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self.is_set = False

    def now(self) -> None:
        """Ends them, and those that begin from now on."""
        with self._lock:
            self.is_set = True
            for process in self._running:
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)

    @contextlib.contextmanager
    def covers(self, process: "subprocess.Popen[bytes]") -> Iterator[None]:
        """While the block lasts, `now` ends this process, too."""
        with self._lock:
            self._running.add(process)
            if self.is_set:
                process.send_signal(signal.SIGTERM)
        try:
            yield
        finally:
            with self._lock:
                self._running.discard(process)
