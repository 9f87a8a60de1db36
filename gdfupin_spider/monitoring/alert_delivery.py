"""Evaluates alerts after a crawl and sends their messages. What fails is named, and fails no crawl."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from .. import clock
from ..diff import DiffQuery, for_readers
from ..errors import NobodyLooked
from ..messages.text import N_
from .alert_message import alert_message
from .alerts import Alert, fired
from .channels import Channels, channels
from .delivery import send
from .message import Message

BOOKMARK = "last:[alerts]"
"""How far alerts have seen the changes, as `gdfupin diff --since` has it."""
AT_ONCE = 4
"""Messages that are sent at the same time."""


def send_alerts(
    settings: Channels, alerts: Sequence[Alert], file: Path, complete: Callable[[str], str] = lambda text: text
) -> list[str]:
    """Sends a message for each alert that changes since the last time fire. Returns what failed, a sentence each.

    `file`: the operator.toml of the settings, in the archive. Where no recipient of an alert accepted its message, all these changes
    are evaluated again after the next crawl. Changes of imports and of accepted crawls are among them. `complete`: as of
    `alert_message`.
    """
    if not alerts:
        return []
    try:
        with DiffQuery(file.parent, (), BOOKMARK, clock.now(), UTC) as query:
            failures, is_taken = _send(alert_messages(query, alerts, complete), settings, file)
            if is_taken:
                query.remember()
            return failures
    except NobodyLooked:
        return []
    except Exception as error:  # noqa: BLE001  a crawl that has ended well does not fail by its messages
        return [N_("alerts: {error}", error=error or type(error).__name__)]


def alert_messages(
    query: DiffQuery, alerts: Sequence[Alert], complete: Callable[[str], str] = lambda text: text
) -> list[tuple[Alert, Message]]:
    """The message of each alert that the changes of a query fire, in the order of the file."""
    found = fired(alerts, for_readers(query.changes()))
    crawls = query.coverage.window.crawls if query.coverage.window is not None else ()
    return [(one.alert, alert_message(one, crawls[-1] if crawls else "", complete)) for one in found]


def recipients(alert: Alert, settings: Channels, file: Path) -> tuple[tuple[str, ...], str | None]:
    """Who gets the messages of an alert, and a warning about the file or None.

    Its own recipients, as far as no other user can read them; else those of all messages.
    """
    known, warning = channels(replace(settings, urls=alert.recipients or settings.urls), file)
    return (alert.recipients if alert.recipients and not warning else known.urls), warning


def _send(messages: Sequence[tuple[Alert, Message]], settings: Channels, file: Path) -> tuple[list[str], bool]:
    """What failed, and whether at least one recipient of each alert that has any took its message."""
    failures: list[str] = []
    jobs: list[tuple[Alert, Message, tuple[str, ...]]] = []
    for alert, message in messages:
        urls, warning = recipients(alert, settings, file)
        if warning and warning not in failures:
            failures.append(warning)
        if urls:
            jobs.append((alert, message, urls))
        else:
            failures.append(
                N_("alert {name}: no recipients: set its recipients, or those of [notify]", name=alert.name)
            )
    is_taken = True
    with ThreadPoolExecutor(AT_ONCE) as threads:
        results = threads.map(lambda job: send(job[2], "", job[1]), jobs)
        for (alert, _, _), sent in zip(jobs, results, strict=True):
            is_taken = is_taken and any(each.failed is None for each in sent)
            failures += [
                N_("alert {name}, {channel}: {failed}", name=alert.name, channel=each.channel, failed=each.failed)
                for each in sent
                if each.failed
            ]
    return failures, is_taken
