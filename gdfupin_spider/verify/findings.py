"""Findings of verify: damage, or notes about something unusual that is not damage."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..messages.text import N_

Part = Literal[
    "warc",
    "digest",
    "lines",
    "report",
    "reading",
    "catalog",
    "reviews",
    "folder",
    "release",
    "layouts",
    "chain",
    "stamp",
    "withdrawals",
]

NEXT: dict[Part, str] = {
    "warc": N_(
        "`gdfupin verify --repair` renames the file and keeps its intact records; the next crawl "
        "fetches lost pages again"
    ),
    "digest": N_("no record is damaged, but the file is not as its crawl closed it: restore it from a copy"),
    "lines": N_("`gdfupin verify --repair` renames the file and rebuilds it from its good lines and the WARC"),
    "report": N_("`gdfupin verify --repair` renames it; the crawl then counts as killed"),
    "reading": N_("`gdfupin verify --repair` renames the reading and parses the WARC again"),
    "catalog": N_("`gdfupin verify --repair` renames it and rebuilds it"),
    "reviews": N_(
        "damaged decisions do not count, all others do: restore the file from a copy, or decide again "
        "with `gdfupin review`"
    ),
    "folder": N_("the message has what to do; what was moved out on purpose belongs to `gdfupin retire`"),
    "release": N_("restore the release from a copy; `gdfupin release` makes a new one"),
    "layouts": N_("restore the file from a copy, or learn again: `gdfupin layouts --learn`, then `gdfupin catalog`"),
    "chain": N_("restore the report from a copy; if it was changed on purpose, `gdfupin ack` records why"),
    "stamp": N_(
        "restore the stamp or the report from a copy; `gdfupin stamp` makes a new stamp, of the time when it is made"
    ),
    "withdrawals": N_("nothing shows articles until it is mended: restore the file from a copy, or correct the line"),
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
    acknowledged: str | None = None
    """The reason that a person gave (`gdfupin ack`): it stays recorded and does not affect the exit code."""

    @property
    def next(self) -> str:
        """What to do about damage; empty for a note."""
        return NEXT[self.part] if self.damage else ""

    def file(self, output: Path) -> str:
        """The file as `gdfupin ack` names it: below the output, with `/`."""
        return self.path.relative_to(output).as_posix() if self.path.is_relative_to(output) else self.path.as_posix()

    def place(self, output: Path) -> str:
        """The file and the byte, as `gdfupin ack` names them."""
        return self.file(output) + ("" if self.offset is None else f"@{self.offset}")

    def __str__(self) -> str:
        return str(self.sentence())

    def sentence(self) -> str:
        """Place and reason."""
        if self.offset is None:
            return N_("{path}: {reason}", path=self.path, reason=self.reason)
        return N_("{path} at byte {offset}: {reason}", path=self.path, offset=self.offset, reason=self.reason)

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "crawl": self.crawl or None,
            "part": self.part,
            "file": str(self.path),
            "offset": self.offset,
            "reason": self.reason,
            "next": self.next or None,
            **({"acknowledged": self.acknowledged} if self.acknowledged is not None else {}),
        }


OnFinding = Callable[[Finding], None]
