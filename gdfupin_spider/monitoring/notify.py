"""Notifications after a crawl. They change nothing in the archive but `notified.json`, and cannot make a crawl fail."""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from .. import clock, data_files
from ..errors import CannotWrite, CrawlRunning
from ..items import WrongShape, as_dict, decode
from ..messages.text import N_, T_
from ..storage.durable import write_whole
from ..storage.line_file import lines
from ..storage.report import CrawlReport
from ..storage.withdrawals import withdrawn_ids
from .alert_delivery import recipients
from .alerts import Alert
from .channels import Channels, channels
from .delivery import Sent, failing, send
from .message import TITLES, CrawlEnd, Message, NewArticle, is_good, message
from .problems import ReportedProblems

FILE = "notified.json"


def after(
    settings: Channels,
    file: Path,
    exit_code: int,
    report: CrawlReport | None,
    folder: Path | None,
    error: str | None,
    command: Callable[[str], str] = lambda text: text,
) -> list[str]:
    """Sends a message about a crawl, where it needs one, and the ping. Returns what failed, a sentence each.

    `file`: the operator.toml of `settings`, in the archive. `error`: why the crawl ended. `command`: completes the commands
    of a message, so that they run as printed.
    """
    known, warning = channels(settings, file)
    reported = load_reported(file.parent)
    end = CrawlEnd(exit_code, clock.stamp(), report, error, some_new(folder))
    text, reported_now = message(end, reported, changes=known.changes, command=command)
    ping = known.ping if is_good(exit_code, report) or not known.ping else failing(known.ping)
    if exit_code == CrawlRunning.exit_code:
        ping = ""  # the running crawl sends it when it ends
    sent = send(known.urls, ping, text)
    is_sent = text is None or any(each.failed is None for each in sent if each.channel != "ping")
    if known.urls and is_sent and reported_now != reported:
        with contextlib.suppress(CannotWrite):  # the next crawl sends it again
            save_reported(file.parent, reported_now)
    return [*([warning] if warning else []), *(f"{each.channel}: {each.failed}" for each in sent if each.failed)]


def load_reported(output: Path) -> ReportedProblems:
    """What earlier messages told; nothing where the file is absent or damaged."""
    try:
        return decode(ReportedProblems, data_files.json_value(data_files.content(output / FILE, data_files.METADATA)))
    except (OSError, ValueError):
        return ReportedProblems()


def save_reported(output: Path, reported: ReportedProblems) -> None:
    """Raises CannotWrite."""
    write_whole(output / FILE, json.dumps(as_dict(reported), ensure_ascii=False, indent=2) + "\n")


def some_new(folder: Path | None) -> tuple[NewArticle, ...]:
    """The first new articles of a crawl."""
    return tuple(islice(_new(folder), TITLES)) if folder is not None else ()


def test(settings: Channels, alerts: Sequence[Alert], file: Path) -> tuple[list[Sent], str | None]:
    """Sends a test message to every recipient, those of alerts included, and the ping as after a good crawl.

    Also returns the warning about the file.
    """
    known, warning = channels(settings, file)
    text = Message(T_("gdfupin: a test"), T_("Sent by `gdfupin notify`. 测试消息。"), "info")
    sent = send(known.urls, known.ping, text)
    for each in alerts:
        urls, unread = recipients(each, settings, file)
        warning = warning or unread
        if each.recipients and urls:
            sent += [
                replace(one, channel=N_("alert {name}, {channel}", name=each.name, channel=one.channel))
                for one in send(urls, "", text)
            ]
    return sent, warning


def failure(settings: Channels, file: Path, text: str) -> tuple[list[Sent], str | None]:
    """Sends a text about a failure to every recipient, and the ping of a failure. Also returns the warning about the file."""
    known, warning = channels(settings, file)
    ping = failing(known.ping) if known.ping else ""
    return send(known.urls, ping, Message(T_("gdfupin: failure"), text, "failure")), warning


def _new(folder: Path) -> Iterator[NewArticle]:
    """The new articles of a crawl, in the order of its changes, without withdrawn ones."""
    withdrawn = withdrawn_ids(folder.parents[1])
    for _, change in lines(folder / "changes.jsonl"):
        if change.get("kind") == "added" and change.get("id") not in withdrawn:
            with contextlib.suppress(WrongShape):
                yield decode(NewArticle, change)
