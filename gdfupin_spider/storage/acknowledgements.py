"""`output/acknowledged.jsonl`: gaps, alarms and losses that a person knows of, each with a reason. Appended, never changed.

An acknowledged gap or alarm does not change the exit code and is not in messages; reports and `status` still have it. The
acknowledgement of an alarm ends with the alarm: if it is raised again later, it is in messages again.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .. import data_files
from ..items import as_line
from ..pages import identity_key
from .line_file import append_whole, records

FILE = "acknowledged.jsonl"
_PIECE = 1 << 20


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
    bytes: int | None = None
    """Of a file: how long it was, 0 if it was missing. None for everything else, and in lines of older programs."""
    sha256: str | None = None
    """Of a file: the SHA-256 of these bytes. What is damaged later is not acknowledged by it."""

    def covers(self, path: Path) -> bool:
        """Whether a file is as it was when it was acknowledged; it may have grown. Raises OSError."""
        return self.bytes is None or digest_of_start(path, self.bytes or None) == (self.bytes, self.sha256)


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


def digest_of_start(path: Path, size: int | None = None) -> tuple[int, str]:
    """(length, SHA-256) of the first `size` bytes of a file; of all where None. A missing file has no bytes. Raises OSError."""
    digest, length = hashlib.sha256(), 0
    if path.is_file():
        with data_files.opened(path) as file:
            while piece := file.read(_PIECE if size is None else min(_PIECE, size - length)):
                digest.update(piece)
                length += len(piece)
    return length, digest.hexdigest()


def load(output: Path) -> Acknowledgements:
    """Those of an archive; none without the file. Damaged lines are skipped."""
    return Acknowledgements(records(output / FILE, Acknowledgement))


def append(output: Path, acknowledgements: Iterable[Acknowledgement]) -> None:
    """Appends lines, forced to the disk. Raises CannotWrite; then none of them is in the file."""
    append_whole(output / FILE, map(as_line, acknowledgements))


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, text.split("*"))), re.S)
