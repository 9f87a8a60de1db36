"""What the history of an article is made of."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .observation import Observation

Status = Literal["live", "suspected", "gone", "archived"]
EventKind = Literal["added", "edited", "moved", "gone", "reappeared"]


@dataclass(slots=True)
class Version:
    """What the article said from one look to another."""

    number: int
    content: int
    first: Observation
    last: Observation
    sightings: int = 1
    lines: dict[int, Observation] = field(default_factory=dict)
    """The newest look with a line of it, by address."""

    def line(self, place: int) -> Observation | None:
        """The look whose line stands for the version: at this address if there is one, else the newest."""
        return self.lines.get(place) or (max(self.lines.values()) if self.lines else None)


class Snapshot(NamedTuple):
    """How the article stands at one point, for an observer."""

    version: int
    sha256: str | None
    """Content digest, with the section; None where no line says it."""
    place: int
    url: str
    section: str | None
    """The last one that was printed at its place, or before it came there."""
    gone: bool
    version_seen: str
    """When this version was last seen, anywhere."""
    place_seen: str
    """When the article was last seen at this place."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened between two looks; `look` is the second."""

    kind: EventKind
    look: Observation
    before: Snapshot | None
    after: Snapshot
    seen_before: str | None
    """When the state before was last seen."""
    missing_since: str | None = None
    """Of gone: the first look that found nothing."""


@dataclass(slots=True)
class AddressHistory:
    """One address of the article as far as it was seen."""

    n: int
    seen: Observation | None = None
    """The last look that found the article here."""
    live_since: Observation | None = None
    live_until: Observation | None = None
    content: int | None = None
    """What it said last."""
    marks: dict[str, int] = field(default_factory=dict)
    """What it said, by ETag."""
    section: str | None = None
    overdue: bool = False
    """It became the article's place although it lagged behind: what it says next counts."""
    missing: list[Observation] = field(default_factory=list)
    """The looks that found nothing, since it was last seen."""
    gone: bool = False
    """Two of them belong to two crawls and lie far enough apart."""
    away: list[Observation] = field(default_factory=list)
    """The looks that found nothing or were led elsewhere, since it was last seen."""
    left: Observation | None = None
    """The last of these looks, where it was led elsewhere."""

    @property
    def stands(self) -> bool:
        return self.live_since is not None and not self.away

    @property
    def state(self) -> str:
        """live, suspected, gone, moved or archived."""
        if self.live_since is None:
            return "archived"
        if self.left:
            return "moved"
        if self.gone:
            return "gone"
        return "suspected" if self.missing else "live"
