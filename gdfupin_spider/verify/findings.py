"""Findings of verify: damage, or notes about something unusual that is not damage."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Part = Literal["warc", "lines", "report", "reading", "catalog", "reviews"]

NEXT: dict[Part, str] = {
    "warc": "`gdfupin verify --repair` renames the file and keeps its intact records; the next crawl fetches lost pages again",
    "lines": "`gdfupin verify --repair` renames the file and rebuilds it from its good lines and the WARC",
    "report": "`gdfupin verify --repair` renames it; the crawl then counts as killed",
    "reading": "`gdfupin verify --repair` renames the reading and parses the WARC again",
    "catalog": "`gdfupin verify --repair` renames it and rebuilds it",
    "reviews": "damaged decisions do not count, all others do: restore the file from a copy, or decide again with `gdfupin review`",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding about a file."""

    part: Part
    path: Path
    offset: int | None
    """Byte offset; None where the finding is about the whole file."""
    reason: str
    damage: bool = True
    """False for a note: nothing is lost, and the exit code is not affected."""
    crawl: str = ""
    """Name of the crawl; empty where the finding is about the output."""

    @property
    def next(self) -> str:
        """What to do about damage; empty for a note."""
        return NEXT[self.part] if self.damage else ""

    def __str__(self) -> str:
        at = "" if self.offset is None else f" at byte {self.offset}"
        return f"{self.path}{at}: {self.reason}"

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "crawl": self.crawl or None,
            "part": self.part,
            "file": str(self.path),
            "offset": self.offset,
            "reason": self.reason,
            "next": self.next or None,
        }


OnFinding = Callable[[Finding], None]
