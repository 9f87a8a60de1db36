"""Notifications after a crawl. They change nothing in the archive but `notified.json`, and cannot make a crawl fail."""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from itertools import islice
from pathlib import Path

from .. import clock, data_files
from ..diff import DiffQuery, for_readers
from ..errors import CannotWrite, CrawlRunning, GdfupinError, NobodyLooked
from ..items import WrongShape, as_dict, decode
from ..storage.durable import write_whole
from ..storage.line_file import lines
from ..storage.report import CrawlReport
from .alert_message import alert_message
from .alerts import Alert, fired
from .channels import Channels, channels
from .delivery import Sent, failing, send
from .message import CrawlEnd, Message, NewArticle, is_good, message
from .problems import ToldProblems

TEST = Message("gdfupin: a test", "Sent by `gdfupin notify`. 测试消息。", "info")
FILE = "notified.json"
BOOKMARK = "last:[alerts]"
"""How far alerts have seen the changes, as `gdfupin diff --since` has it."""
AT_ONCE = 4
"""Messages of alerts that are sent at the same time."""


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
    new = tuple(islice(_new(folder), 5)) if folder is not None else ()
    told = _told(file.with_name(FILE))
    end = CrawlEnd(exit_code, clock.stamp(), report, error, new)
    text, told_now = message(end, told, changes=known.changes, command=command)
    ping = known.ping if is_good(exit_code, report) or not known.ping else failing(known.ping)
    if exit_code == CrawlRunning.exit_code:
        ping = ""  # the running crawl sends it when it ends
    sent = send(known.urls, ping, text)
    is_sent = text is None or any(each.failed is None for each in sent if each.channel != "ping")
    if known.urls and is_sent and told_now != told:
        with contextlib.suppress(CannotWrite):  # the next crawl sends it again
            write_whole(file.with_name(FILE), json.dumps(as_dict(told_now), ensure_ascii=False, indent=2) + "\n")
    return [*([warning] if warning else []), *(f"{each.channel}: {each.failed}" for each in sent if each.failed)]


def alert(settings: Channels, alerts: Sequence[Alert], file: Path) -> list[str]:
    """Sends a message for each alert that changes since the last time fire. Returns what failed, a sentence each.

    Where no recipient of an alert accepted its message, all these changes are evaluated again after the next crawl. Changes of
    crawls that sent no messages, such as imports and accepted ones, are among them.
    """
    if not alerts:
        return []
    failures: list[str] = []
    try:
        with DiffQuery(file.parent, (), BOOKMARK, clock.now(), UTC) as query:
            found = fired(alerts, for_readers(query.changes()))
            window = query.coverage.window
            crawl = window.crawls[-1] if window is not None and window.crawls else ""
            is_sent = True
            with ThreadPoolExecutor(AT_ONCE) as threads:
                jobs = []
                for one in found:
                    each = one.alert
                    urls, warning = recipients(each, settings, file)
                    if warning and warning not in failures:
                        failures.append(warning)
                    if not urls:
                        failures.append(f"alert {each.name}: no recipients: set its recipients, or those of [notify]")
                        continue
                    jobs.append((each, threads.submit(send, urls, "", alert_message(one, crawl))))
                for each, job in jobs:
                    sent = job.result()
                    is_sent = is_sent and any(result.failed is None for result in sent)
                    failures += [
                        f"alert {each.name}, {result.channel}: {result.failed}" for result in sent if result.failed
                    ]
            if is_sent:
                query.remember()
    except NobodyLooked:
        pass
    except GdfupinError as error:
        failures.append(f"alerts: {error}")
    return failures


def recipients(alert: Alert, settings: Channels, file: Path) -> tuple[tuple[str, ...], str | None]:
    """Who gets the messages of an alert, and a warning about the file or None.

    Its own recipients, as far as no other user can read them; else those of all messages.
    """
    known, warning = channels(replace(settings, urls=alert.recipients or settings.urls), file)
    return (alert.recipients if alert.recipients and not warning else known.urls), warning


def _told(path: Path) -> ToldProblems:
    """What earlier messages told; nothing where the file is absent or damaged."""
    try:
        return decode(ToldProblems, data_files.json_value(data_files.content(path, data_files.METADATA)))
    except (OSError, ValueError):
        return ToldProblems()


def test(settings: Channels, alerts: Sequence[Alert], file: Path) -> tuple[list[Sent], str | None]:
    """Sends a test message to every recipient, those of alerts included, and the ping as after a good crawl.

    Also returns the warning about the file.
    """
    known, warning = channels(settings, file)
    sent = send(known.urls, known.ping, TEST)
    for each in alerts:
        urls, unread = recipients(each, settings, file)
        warning = warning or unread
        if each.recipients and urls:
            sent += [replace(one, channel=f"alert {each.name}, {one.channel}") for one in send(urls, "", TEST)]
    return sent, warning


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
