"""Alarms as text for a terminal."""

from collections.abc import Iterable

from rich.text import Text

from ..messages.recorded import recorded
from ..messages.text import T_
from ..storage.aftermath import Alarm
from ..terminal import shown


def alarms_text(alarms: Iterable[Alarm]) -> Text:
    """One alarm a line, with the day of the first crawl that raised it."""
    text = Text()
    for alarm in alarms:
        text.append(T_("\nalarm {name}: ", name=shown(alarm.name)), style="bold red")
        values = {"message": shown(recorded(alarm.message)), "since": shown(alarm.since[:10])}
        if alarm.acknowledged is None:
            text.append(T_("{message} (since {since})", **values))
        else:
            reason = shown(alarm.acknowledged)
            text.append(T_("{message} (since {since}; acknowledged: {reason})", reason=reason, **values))
    return text
