"""Alarms as text for a terminal."""

from collections.abc import Iterable

from rich.text import Text

from ..storage.aftermath import Alarm
from ..terminal import shown


def alarms_text(alarms: Iterable[Alarm]) -> Text:
    """One alarm a line, with the day of the first crawl that raised it."""
    text = Text()
    for alarm in alarms:
        text.append(f"\nalarm {shown(alarm.name)}: ", style="bold red")
        known = f"; acknowledged: {shown(alarm.acknowledged)}" if alarm.acknowledged is not None else ""
        text.append(f"{shown(alarm.message)} (since {shown(alarm.since[:10])}{known})")
    return text
