"""Commands in processes of their own, forked from one that has imported the libraries already.

Importing Scrapy, Twisted, lxml and the program takes longer than most crawls of these tests. Each process reads its own
environment all the same: gdfupin_spider.settings is loaded again after the fork, and the clock begins anew.
"""

import importlib
import io
import multiprocessing
import os
import pkgutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

GDFUPIN, SCRAPY = "gdfupin_spider.commands:main", "scrapy.cmdline:execute"
"""The functions behind two commands."""


def _child(
    command: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    folder: str,
    streams: tuple[str, str],
) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in enumerate(streams, start=1):
        file = os.open(stream, os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8") for number in (1, 2))
    sys.path[:0] = environment["PYTHONPATH"].split(os.pathsep)
    code: object = 0
    try:
        for module in ("gdfupin_spider.clock", "gdfupin_spider.settings"):  # they read the time and the environment
            importlib.reload(importlib.import_module(module))
        function = pkgutil.resolve_name(command)
        sys.argv = [command, *arguments]
        function()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 (as the interpreter does)
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


class Forked:
    """A running command. At the end of a `with` block it is killed if it still runs."""

    def __init__(self, command: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.preloaded"])
        self._place = tempfile.TemporaryDirectory()
        out, err = (str(Path(self._place.name) / name) for name in ("out", "err"))
        self._process = context.Process(target=_child, args=(command, arguments, environment, str(folder), (out, err)))
        self._process.start()

    def __enter__(self) -> "Forked":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()
        self._place.cleanup()

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def wait(self, timeout: float) -> tuple[str, str]:
        """What it wrote on stdout and stderr until its end. Raises TimeoutError."""
        self._process.join(timeout)
        if self.returncode is None:
            raise TimeoutError(f"it runs for {timeout:g} seconds")
        stdout, stderr = (
            (Path(self._place.name) / name).read_bytes().decode("utf-8", "replace") for name in ("out", "err")
        )
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
