"""Commands in processes of their own, forked from one that has imported the libraries already (`tests.fork_server`).

Importing Scrapy, Twisted, lxml and the program takes longer than most crawls of these tests. Each process reads its own
environment all the same: gdfupin_spider.settings is loaded again after the fork, and the clock begins anew.
"""

import fcntl
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.fork_server import LIFE, NUMBER, SOCKET

GDFUPIN, SCRAPY = "gdfupin_spider.commands:main", "scrapy.cmdline:execute"
"""The functions behind two commands."""
ROOT = Path(__file__).parents[1]


@functools.cache
def _server() -> Path:
    """The socket of the server of this run. The first worker that needs it starts it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = Path(tempfile.gettempdir()) / f"forks-{run}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not (folder / LIFE).exists()
        if first:
            os.mkfifo(folder / LIFE)
        os.open(folder / LIFE, os.O_RDWR)  # open until this process ends
        if first:
            subprocess.run(
                [sys.executable, "-m", "tests.fork_server"],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the tests
                check=True,
            )
    return folder / SOCKET


class Forked:
    """A running command. At the end of a `with` block it is killed if it still runs."""

    def __init__(self, command: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        self._place = tempfile.TemporaryDirectory()
        self._streams = [Path(self._place.name) / name for name in ("out", "err")]
        asked = {
            "command": command,
            "arguments": list(arguments),
            "environment": dict(environment),
            "folder": str(folder),
            "streams": list(map(str, self._streams)),
        }
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(str(_server()))
        self._connection.sendall(json.dumps(asked).encode() + b"\n")
        self.pid = self._number()
        self._code: int | None = None

    def __enter__(self) -> "Forked":
        return self

    def __exit__(self, *_: object) -> None:
        if self.returncode is None:
            self.send_signal(signal.SIGKILL)
            self._ended(None)
        self._connection.close()
        self._place.cleanup()

    def _number(self) -> int:
        number: int = NUMBER.unpack(self._connection.recv(NUMBER.size, socket.MSG_WAITALL))[0]
        return number

    def _ended(self, timeout: float | None) -> int | None:
        """The exit code; None if it runs for this time (seconds)."""
        if self._code is None and select.select([self._connection], [], [], timeout)[0]:
            self._code = self._number()
        return self._code

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._ended(0)

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self, timeout: float) -> tuple[str, str]:
        """What it wrote on stdout and stderr until its end. Raises TimeoutError."""
        if self._ended(timeout) is None:
            raise TimeoutError(f"it runs for {timeout:g} seconds")
        stdout, stderr = (stream.read_bytes().decode("utf-8", "replace") for stream in self._streams)
        return stdout, stderr


def start(command: str, arguments: Sequence[str], *, environment: Mapping[str, str]) -> Forked:
    """Starts a function (`module:name`) as the main program, as `subprocess.Popen` would."""
    return Forked(command, arguments, environment, Path.cwd())


def run(
    command: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str],
    folder: Path | None = None,
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Runs a function (`module:name`) as the main program, as `subprocess.run` with captured text would."""
    with Forked(command, arguments, environment, folder or Path.cwd()) as process:
        stdout, stderr = process.wait(timeout)
        assert process.returncode is not None
        return subprocess.CompletedProcess(list(arguments), process.returncode, stdout, stderr)
