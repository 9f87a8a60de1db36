"""Sends a message in a process of its own, so that the crawl waits no longer than LIMIT whatever a service does.

The process gets the addresses on stdin and never prints them: a channel is named by its number and scheme, a failure by
its kind. Log lines of Apprise and other libraries are discarded, as they may have secrets in them.
"""

import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qs, urlsplit, urlunsplit

from ..items import as_dict, decode
from ..messages.text import N_
from .message import Message

LIMIT = 30.0
"""Seconds for all channels together."""
PING_TIMEOUT = 15.0
"""Seconds."""
NOT_INSTALLED = N_("Apprise is not installed: pip install 'gdfupin_spider[notify]'")
_SCHEME = re.compile(r"[a-z][a-z0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Sent:
    """The result of one channel."""

    channel: str
    """`channel 1 (mailto)`, or `ping`."""
    failed: str | None
    """The reason of a failure; None where it worked."""
    may_have: bool = False
    """Of a failure: whether the message may have arrived all the same, as no answer came."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the process gets on stdin."""

    urls: tuple[str, ...]
    ping: str
    message: Message | None

    def tasks(self) -> Iterator[tuple[str, Callable[[], str | None]]]:
        """Name of each channel and the call that uses it, which returns why it failed."""
        if self.ping:
            yield "ping", partial(_ping, self.ping)
        if self.message is not None:
            for number, url in enumerate(self.urls, 1):
                yield named(number, url), partial(_notify, url, self.message)


def send(urls: tuple[str, ...], ping: str, message: Message | None, limit: float = LIMIT) -> list[Sent]:
    """Sends the message to all URLs and requests the ping URL. Takes `limit` seconds at most; returns one result each."""
    names = [*(["ping"] if ping else []), *(named(n, url) for n, url in enumerate(urls, 1) if message)]
    if not names:
        return []
    job = Job(urls if message else (), ping, message)
    try:
        lines = in_process(json.dumps(as_dict(job)).encode(), limit).splitlines()
        failures: dict[str, str | None] = dict(map(json.loads, lines))
    except (subprocess.TimeoutExpired, OSError, ValueError) as error:
        return [Sent(name, N_("the sending process failed: {kind}", kind=type(error).__name__), True) for name in names]
    late = N_("no answer within {limit:.0f} s", limit=limit)
    return [Sent(name, failures.get(name, late), name not in failures) for name in names]


def in_process(job: bytes, limit: float) -> bytes:
    """What a process that gets a job prints. Raises TimeoutExpired, OSError."""
    command = [sys.executable, "-m", __name__, str(limit)]
    return subprocess.run(
        command, input=job, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=limit + 10, check=False
    ).stdout


def named(number: int, url: str) -> str:
    """A name of a channel without its secrets.

    >>> named(1, "mailto://me:secret@example.org"), named(2, "SECRET")
    ('channel 1 (mailto)', 'channel 2')
    """
    scheme, colon, _ = url.partition("://")
    return (
        N_("channel {number} ({scheme})", number=number, scheme=scheme)
        if colon and _SCHEME.fullmatch(scheme)
        else N_("channel {number}", number=number)
    )


def failing(url: str) -> str:
    """The ping URL after a bad crawl.

    >>> failing("https://ping.example/abc?rid=7")
    'https://ping.example/abc/fail?rid=7'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


def _ping(url: str) -> str | None:
    if not url.startswith(("http://", "https://")):
        return N_("must begin with http:// or https://")
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "gdfupin_spider"})
        with urllib.request.urlopen(request, timeout=PING_TIMEOUT):
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except OSError as error:  # its text may have the address in it
        reason: object = getattr(error, "reason", error)
        number = reason.errno if isinstance(reason, OSError) else None
        return os.strerror(number) if number is not None and number > 0 else type(reason).__name__
    except ValueError:
        return N_("is not a URL")


def _notify(url: str, message: Message) -> str | None:
    try:
        import apprise
    except ImportError:
        return NOT_INSTALLED
    asset = apprise.AppriseAsset(app_id="gdfupin", app_desc="", secure_logging=True)
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        return N_("is not an address that Apprise supports")
    if "rto" not in parse_qs(urlsplit(url).query):
        service[0].socket_read_timeout = 2 * LIMIT  # default 4 s: a slow answer would be a refusal, and be sent again
    is_html = bool(message.html) and service[0].resolve_format().value == "html"  # of a mail, or what the URL asks for
    text, form = (message.html, "html") if is_html else (message.body, "text")
    taken = service.notify(text, title=message.title, notify_type=message.kind, body_format=form)
    return None if taken else N_("was not accepted")


def main(limit: float) -> None:
    """The process: a job on stdin; on stdout a line `[channel, why it failed]` as soon as a channel is done."""
    job = decode(Job, json.load(sys.stdin))
    out, lock = os.dup(1), threading.Lock()
    os.dup2(2, 1)  # libraries may print

    def work(name: str, do: Callable[[], str | None]) -> None:
        try:
            failed = do()
        except Exception as error:  # noqa: BLE001  any service's code; its text may have the address in it
            failed = type(error).__name__
        with lock:
            os.write(out, json.dumps([name, failed]).encode() + b"\n")

    threads = [threading.Thread(target=work, args=task, daemon=True) for task in job.tasks()]
    for thread in threads:
        thread.start()
    ends = threading.Event()
    timer = threading.Timer(limit, ends.set)
    timer.daemon = True
    timer.start()
    for thread in threads:
        while thread.is_alive() and not ends.is_set():
            thread.join(0.05)
    os._exit(0)  # threads that still run are abandoned


if __name__ == "__main__":
    main(float(sys.argv[1]))
