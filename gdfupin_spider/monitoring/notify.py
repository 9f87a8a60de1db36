"""Tells whom it concerns how a crawl ended. It changes nothing in the archive, and cannot make a crawl fail."""

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

TEST = Message("gdfupin: a test", "Somebody asked for this by `gdfupin notify`. 试发一条。", "info")


def after(
    settings: Channels, file: Path, exit_code: int, report: CrawlReport | None, folder: Path | None, error: str | None
) -> list[str]:
    """After a crawl: a message where there is something to say, and the ping. What did not work, a sentence each.

    `file`: operator.toml, from which `settings` are.
    """
    known, wrong = channels(settings, file)
    new = list(islice(_new(folder), 5)) if folder is not None else []
    said = message(exit_code, report, error, new, changes=known.changes)
    ping = known.ping if is_good(exit_code, report) or not known.ping else failing(known.ping)
    if exit_code == CrawlRunning.exit_code:
        ping = ""  # the crawl that runs will say how it ended
    sent = send(known.urls, ping, said)
    return [*([wrong] if wrong else []), *(f"{each.channel}: {each.failed}" for each in sent if each.failed)]


def test(settings: Channels, file: Path) -> tuple[list[Sent], str | None]:
    """A message to every channel, and the ping as after a good crawl; and what is wrong with the file."""
    known, wrong = channels(settings, file)
    return send(known.urls, known.ping, TEST), wrong


def _new(folder: Path) -> Iterator[NewArticle]:
    """The new articles of a crawl, in the order of its changes."""
    for _, change in lines(folder / "changes.jsonl"):
        if change.get("kind") == "added":
            with contextlib.suppress(WrongShape):
                yield decode(NewArticle, change)
