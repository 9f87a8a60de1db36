"""Alarms as text for a terminal."""

from collections.abc import Mapping

from rich.text import Text

from ..terminal import shown


def alarms_text(alarms: list[Mapping[str, str]]) -> Text:
    """What is unlike earlier crawls, one a line, and since when."""
    said = Text()
    for alarm in alarms:
        said.append(f"\nalarm {shown(alarm['name'])}: ", style="bold red")
        said.append(f"{shown(alarm['message'])} (since {alarm['since'][:10]})")
    return said
