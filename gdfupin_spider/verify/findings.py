"""What verify finds: damage, or something that is worth a word and harms nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Part = Literal["warc", "lines", "report", "reading", "catalog"]

NEXT: dict[Part, str] = {
    "warc": "`gdfupin verify --repair` keeps what is whole of it and sets it aside; the next crawl fetches the rest again",
    "lines": "`gdfupin verify --repair` sets the file aside and makes it again, from its good lines and the WARC",
    "report": "`gdfupin verify --repair` sets it aside; the crawl then counts as one that was killed",
    "reading": "`gdfupin verify --repair` sets the reading aside and reads the WARC again",
    "catalog": "`gdfupin verify --repair` sets it aside and folds it again",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found."""

    part: Part
    path: Path
    offset: int | None
    """The byte at which it begins; null where it is about the whole file."""
    reason: str
    damage: bool = True
    """False: named, because somebody may wonder; nothing is lost by it and exit code 0 stands."""
    crawl: str = ""
    """Name of the crawl it belongs to; empty where it is about the output."""

    @property
    def next(self) -> str:
        """What to do about it; empty where nothing need be done."""
        return NEXT[self.part] if self.damage else ""

    def __str__(self) -> str:
        at = "" if self.offset is None else f" at byte {self.offset}"
        return f"{self.path}{at}: {self.reason}"

    def as_dict(self) -> dict[str, Any]:
        """For machines."""
        said = {"crawl": self.crawl or None, "part": self.part, "file": str(self.path), "offset": self.offset}
        return {**said, "reason": self.reason, "next": self.next or None}


Report = Callable[[Finding], None]
