"""Notifications after a crawl. They change nothing in the archive, and cannot make a crawl fail."""

import contextlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ..errors import CrawlRunning
from ..items import WrongShape, decode
from ..storage.line_file import lines
from ..storage.report import CrawlReport
from .channels import Channels, channels
from .delivery import Sent, failing, send
from .message import Message, NewArticle, is_good, message

TEST = Message("gdfupin: a test", "Sent by `gdfupin notify`. 测试消息。", "info")


def after(
    settings: Channels, file: Path, exit_code: int, report: CrawlReport | None, folder: Path | None, error: str | None
) -> list[str]:
    """Sends a message about a crawl, where it needs one, and the ping. Returns what failed, a sentence each.

    `file`: the operator.toml of `settings`. `error`: why the crawl ended.
    """
    known, warning = channels(settings, file)
    new = list(islice(_new(folder), 5)) if folder is not None else []
    text = message(exit_code, report, error, new, changes=known.changes)
    ping = known.ping if is_good(exit_code, report) or not known.ping else failing(known.ping)
    if exit_code == CrawlRunning.exit_code:
        ping = ""  # the running crawl sends it when it ends
    sent = send(known.urls, ping, text)
    return [*([warning] if warning else []), *(f"{each.channel}: {each.failed}" for each in sent if each.failed)]


def test(settings: Channels, file: Path) -> tuple[list[Sent], str | None]:
    """Sends a test message to every recipient, and the ping as after a good crawl. Also returns the warning about the file."""
    known, warning = channels(settings, file)
    return send(known.urls, known.ping, TEST), warning


def failure(settings: Channels, file: Path, text: str) -> tuple[list[Sent], str | None]:
    """Sends a text about a failure to every recipient, and the ping of a failure. Also returns the warning about the file."""
    known, warning = channels(settings, file)
    ping = failing(known.ping) if known.ping else ""
    return send(known.urls, ping, Message("gdfupin: failure", text, "failure")), warning


def _new(folder: Path) -> Iterator[NewArticle]:
    """The new articles of a crawl, in the order of its changes."""
    for _, change in lines(folder / "changes.jsonl"):
        if change.get("kind") == "added":
            with contextlib.suppress(WrongShape):
                yield decode(NewArticle, change)
