"""`output/acknowledged.jsonl`: gaps, alarms and losses that a person knows of, each with a reason. Appended, never changed.

An acknowledged gap or alarm does not change the exit code and is not in messages; reports and `status` still have it. The
acknowledgement of an alarm ends with the alarm: if it is raised again later, it is in messages again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..items import as_line
from ..pages import identity_key
from .line_file import append_whole, records

FILE = "acknowledged.jsonl"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """One line."""

    what: str
    """A URL, the name of an alarm, or a damaged file as `verify` names it, below the output. `*` stands for any characters."""
    reason: str
    at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC."""
    undone: bool = False
    """Whether this line takes an earlier one back."""


class Acknowledgements:
    """Those that hold."""

    def __init__(self, known: Iterable[Acknowledgement] = ()) -> None:
        """`known`: oldest first."""
        self._by_text: dict[str, Acknowledgement] = {}
        for each in known:
            self._by_text.pop(each.what, None)
            if not each.undone:
                self._by_text[each.what] = each
        self._patterns = {text: _pattern(text) for text in self._by_text if "*" in text}

    def all(self) -> list[Acknowledgement]:
        """Oldest first."""
        return list(self._by_text.values())

    def of(self, name: str) -> Acknowledgement | None:
        """That of an alarm or a damaged file; None without one."""
        if name in self._by_text:
            return self._by_text[name]
        return next((self._by_text[text] for text, known in self._patterns.items() if known.fullmatch(name)), None)

    def of_url(self, url: str) -> Acknowledgement | None:
        """That of an address, in any spelling of it."""
        found = self.of(url)
        if found is None and "://" in url:
            key = identity_key(url)
            same = (each for text, each in self._by_text.items() if "://" in text and identity_key(text) == key)
            found = next(same, None)
        return found

    def of_alarm(self, name: str, since: str) -> Acknowledgement | None:
        """That of an alarm that was raised first at `since` (UTC): an earlier one was for an alarm that has ended."""
        found = self.of(name)
        return found if found is not None and found.at >= since else None


def load(output: Path) -> Acknowledgements:
    """Those of an archive; none without the file. Damaged lines are skipped."""
    return Acknowledgements(records(output / FILE, Acknowledgement))


def append(output: Path, acknowledgements: Iterable[Acknowledgement]) -> None:
    """Appends lines, forced to the disk. Raises CannotWrite; then none of them is in the file."""
    append_whole(output / FILE, map(as_line, acknowledgements))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.S)
