"""`gdfupin daily` in tests: its crawls are forked, as all commands of tests are, and a service on this machine takes its messages."""

import importlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from gdfupin_spider import commands
from gdfupin_spider.daily import crawl_steps
from gdfupin_spider.daily.digest_text import WORDS
from gdfupin_spider.monitoring import delivery
from tests import forked
from tests.sites import environment

COMMAND = "tests.daily_runs:main"
KINDS = ("added", "edited", "moved", "gone", "reappeared")


def main() -> None:
    """`gdfupin …`; crawls and messages of `gdfupin daily` are forked from it, as importing Scrapy takes longer than a crawl, and Apprise
    longer than a message."""
    crawl_steps.start = _fork  # type: ignore[assignment]
    delivery.in_process = _send
    commands.main()


class _Forked:
    """What `subprocess.Popen` has, as far as it is needed."""

    returncode: int | None = None

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self) -> int:
        _, status = os.waitpid(self.pid, 0)
        self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)


def _fork(arguments: Sequence[str], variables: Mapping[str, str], out: IO[bytes]) -> _Forked:
    if pid := os.fork():
        return _Forked(pid)
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(out.fileno(), 1)
    os.closerange(3, 256)  # as a program that is executed: the lock of the run is not the crawl's
    os.environ.update(variables)
    code: object = 0
    try:
        for module in ("gdfupin_spider.clock", "gdfupin_spider.settings"):
            importlib.reload(importlib.import_module(module))
        sys.argv = ["gdfupin", *arguments]
        commands.main()
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


def _send(job: bytes, limit: float) -> bytes:
    """As `delivery.in_process`."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out:
        given.write(job)
        given.seek(0)
        if not (pid := os.fork()):
            os.setsid()
            os.dup2(out.fileno(), 1)
            sys.stdin = io.TextIOWrapper(given, "utf-8")
            delivery.main(limit)
        os.waitpid(pid, 0)
        out.seek(0)
        return out.read()


@dataclass
class Service:
    """Takes messages (json://) and pings while its `with` block lasts."""

    messages: list[tuple[str, str]] = field(default_factory=list)
    """Title and text, of the operator."""
    readers: list[tuple[str, str]] = field(default_factory=list)
    pings: list[str] = field(default_factory=list)
    """`good` or `bad`."""
    status: int = 200

    def __enter__(self) -> Self:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                value: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["content-length"])))
                self.send_response(service.status)
                self.end_headers()
                if service.status == 200:
                    to = service.readers if self.path.startswith("/readers") else service.messages
                    to.append((value["title"], value["message"]))

            def do_GET(self) -> None:
                service.pings.append("bad" if self.path.endswith("/fail") else "good")
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.host = f"127.0.0.1:{self._server.server_port}"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def variables(self) -> dict[str, str]:
        """What the commands need to send here."""
        return {"GDFUPIN_NOTIFY": f"json://{self.host}/operator", "GDFUPIN_PING": f"http://{self.host}/ping"}

    @property
    def settings(self) -> str:
        """A line of [daily] for the readers' channel."""
        return f'readers = ["json://{self.host}/readers"]'

    @property
    def digests(self) -> list["ReadDigest"]:
        """Those that the operator got."""
        return [
            ReadDigest.of(text) for title, text in self.messages if ", digest of " in title or ", the week to " in title
        ]

    @property
    def problems(self) -> list[tuple[str, str]]:
        """The other messages to the operator."""
        return [(title, text) for title, text in self.messages if title.startswith("gdfupin: ")]


@dataclass(frozen=True)
class ReadDigest:
    """What a digest in English reports, as a person reads it."""

    counts: Mapping[str, int]
    titles: frozenset[tuple[str, str]]
    """(kind, title) of each change that is listed."""
    text: str

    @classmethod
    def of(cls, text: str) -> "ReadDigest":
        words = {WORDS[kind][1]: kind for kind in KINDS}
        counts: Counter[str] = Counter()
        found: list[tuple[str, str]] = []
        kind = ""
        for line in text.splitlines():
            if head := re.fullmatch(r"([\d,]+) (.+)", line):
                kind = words.get(head[2], "")
                if kind:
                    counts[kind] = int(head[1].replace(",", ""))
            elif not line or line.startswith(("Health", "Alerts", "The last seven")):
                kind = ""
            elif kind and line.startswith("· "):
                found.append((kind, line.removeprefix("· ")))
        assert len(found) == len(set(found)), found
        return cls(counts, frozenset(found), text)


def variables(site: str, service: Service) -> dict[str, str]:
    """The environment of `gdfupin daily` for a site on this machine."""
    return {
        **environment(None),
        "GDFUPIN_CRAWL_START_URL": site,
        "GDFUPIN_CRAWL_NO_MEDIA": "1",
        "GDFUPIN_CRAWL_DELAY": "0",
        "GDFUPIN_CRAWL_CONCURRENCY": "4",
        **service.variables,
    }


def daily(output: Path, known: Mapping[str, str], clock: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`gdfupin daily` at a time."""
    command = ["daily", "--output", str(output), "--json", *arguments]
    return forked.run(COMMAND, command, environment={**known, "GDFUPIN_CLOCK": clock}, timeout=240)
