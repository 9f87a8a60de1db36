"""The process that `tests.forked` forks commands from: one for all workers of a run, because its imports take seconds.

Run as a module, in a folder with a pipe (LIFE) that is open for writing in each process that may need it; the server ends with the
last of them, and removes the folder. A client connects to SOCKET and sends one JSON line; it is answered with two NUMBERs: the id
of the process, and, once that has ended, its exit code, negative for a signal.
"""

import atexit
import contextlib
import importlib
import io
import json
import os
import pkgutil
import selectors
import shutil
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path

from tests import preloaded

LIFE, SOCKET = "life", "socket"
"""Names in the folder."""
NUMBER = struct.Struct("!i")


def main() -> None:
    """Serves, in the background, until its clients have ended."""
    preloaded.load()
    children: dict[int, socket.socket] = {}
    with socket.socket(socket.AF_UNIX) as server, selectors.DefaultSelector() as events:
        server.bind(SOCKET)
        server.listen(64)
        if os.fork():
            os._exit(0)  # whoever started it knows that it serves
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for file in (server, woken, life := os.open(LIFE, os.O_RDONLY | os.O_NONBLOCK)):
            events.register(file, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in events.select()}
            if woken in ready:
                os.read(woken, 4096)
                _tell_ended(children)
            if server in ready:
                connection, _ = server.accept()
                if not (pid := os.fork()):
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    _become(connection)
                children[pid] = connection
                with contextlib.suppress(OSError):
                    connection.sendall(NUMBER.pack(pid))
            elif life in ready:
                break
    shutil.rmtree(Path.cwd())


def _tell_ended(children: dict[int, socket.socket]) -> None:
    """Answers for all children that have ended."""
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            break
        with children.pop(pid) as connection, contextlib.suppress(OSError):  # nobody waits for it any more
            connection.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _become(connection: socket.socket) -> None:
    """Becomes the process that a client asks for. Does not return."""
    with connection, connection.makefile("r", encoding="utf-8") as request:
        asked = json.loads(request.readline())
    os.closerange(3, 256)  # as a program that is executed
    os.setsid()
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    for number in (1, 2):
        file = os.open(asked["streams"][number - 1], os.O_WRONLY | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)
    sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(number, "w", closefd=False), "utf-8") for number in (1, 2))
    sys.path[:0] = asked["environment"]["PYTHONPATH"].split(os.pathsep)
    code: object = 0
    try:
        for module in ("gdfupin_spider.clock", "gdfupin_spider.settings"):  # they read the time and the environment
            importlib.reload(importlib.import_module(module))
        function = pkgutil.resolve_name(asked["command"])
        sys.argv = [asked["command"], *asked["arguments"]]
        function()
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 (as the interpreter does)
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()  # a crawl ends its worker there
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
