"""Sends a message, in a process of its own: whatever a service does, the crawl waits no longer than LIMIT.

Addresses go in by stdin and come out nowhere: a channel is named by its number and scheme, and a failure by what kind
it is. What Apprise and others would log is not kept, as it may have secrets in it.
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
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit, urlunsplit

from .message import Message

LIMIT = 30.0
"""Seconds for all channels together."""
ONE = 15.0
"""Seconds for a ping."""
NOT_INSTALLED = "Apprise is not installed: pip install 'gdfupin_spider[notify]'"
_SCHEME = re.compile(r"[a-z][a-z0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one channel."""

    channel: str
    """`channel 1 (mailto)`, or `ping`."""
    failed: str | None
    """Why it did not work; None: it did."""


def send(urls: tuple[str, ...], ping: str, message: Message | None, limit: float = LIMIT) -> list[Sent]:
    """Sends the message to all URLs, and asks for the ping address; what became of each. Takes `limit` seconds at most."""
    names = [*(["ping"] if ping else []), *(named(n, url) for n, url in enumerate(urls, 1) if message)]
    if not names:
        return []
    order = {"urls": urls if message else [], "ping": ping, "message": asdict(message) if message else None}
    command = [sys.executable, "-m", __name__, str(limit)]
    try:
        done = subprocess.run(
            command, input=json.dumps(order).encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=limit + 10, check=False,
        )  # fmt: skip
        said = dict(json.loads(line) for line in done.stdout.splitlines())
    except (subprocess.TimeoutExpired, OSError, ValueError) as error:
        return [Sent(name, f"the process that sends it failed: {type(error).__name__}") for name in names]
    late = f"no answer within {limit:.0f} s"
    return [Sent(name, said.get(name, late)) for name in names]


def named(number: int, url: str) -> str:
    """A channel without what is secret of it.

    >>> named(1, "mailto://me:secret@example.org"), named(2, "SECRET")
    ('channel 1 (mailto)', 'channel 2')
    """
    scheme, colon, _ = url.partition("://")
    return f"channel {number} ({scheme})" if colon and _SCHEME.fullmatch(scheme) else f"channel {number}"


def failing(url: str) -> str:
    """Where a ping says that something is wrong.

    >>> failing("https://ping.example/abc?rid=7")
    'https://ping.example/abc/fail?rid=7'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


def _ping(url: str) -> str | None:
    if not url.startswith(("http://", "https://")):
        return "must begin with http:// or https://"
    try:
        request = urllib.request.Request(url, headers={"User-Agent": "gdfupin_spider"})
        with urllib.request.urlopen(request, timeout=ONE):
            return None
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except OSError as error:  # its own words may hold the address
        reason: object = getattr(error, "reason", error)
        number = reason.errno if isinstance(reason, OSError) else None
        return os.strerror(number) if number is not None and number > 0 else type(reason).__name__
    except ValueError:
        return "is no address"


def _notify(url: str, message: Message) -> str | None:
    try:
        import apprise
    except ImportError:
        return NOT_INSTALLED
    asset = apprise.AppriseAsset(app_id="gdfupin", app_desc="", secure_logging=True)
    service = apprise.Apprise(asset=asset)
    if not service.add(url):
        return "is no address that Apprise knows"
    taken = service.notify(message.body, title=message.title, notify_type=message.kind, body_format="text")
    return None if taken else "was not taken"


def _each(order: dict[str, object]) -> Iterator[tuple[str, Callable[[], str | None]]]:
    said, ping = order["message"], order["ping"]
    if ping:
        yield "ping", lambda: _ping(str(ping))
    if isinstance(said, dict):
        message = Message(**said)
        urls = order["urls"]
        assert isinstance(urls, list)
        for number, url in enumerate(urls, 1):
            yield named(number, url), lambda url=url: _notify(url, message)  # type: ignore[misc]


def main(limit: float) -> None:
    """The process: an order on stdin, a line `[channel, why it failed]` on stdout as soon as one is done."""
    order = json.load(sys.stdin)
    out, lock = os.dup(1), threading.Lock()
    os.dup2(2, 1)  # nobody else's words

    def work(name: str, do: Callable[[], str | None]) -> None:
        try:
            failed = do()
        except Exception as error:  # noqa: BLE001  whatever a service's code does; its words may hold the address
            failed = type(error).__name__
        with lock:
            os.write(out, json.dumps([name, failed]).encode() + b"\n")

    threads = [threading.Thread(target=work, args=each, daemon=True) for each in _each(order)]
    for thread in threads:
        thread.start()
    ends = threading.Event()
    timer = threading.Timer(limit, ends.set)
    timer.daemon = True
    timer.start()
    for thread in threads:
        while thread.is_alive() and not ends.is_set():
            thread.join(0.05)
    os._exit(0)  # whatever is still under way


if __name__ == "__main__":
    main(float(sys.argv[1]))
