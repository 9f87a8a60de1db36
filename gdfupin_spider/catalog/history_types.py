"""The parts of the history of an article."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .observation import Observation

Status = Literal["live", "suspected", "gone", "archived"]
EventKind = Literal["added", "edited", "moved", "gone", "reappeared"]


@dataclass(slots=True)
class Version:
    """The content of the article from one observation to another."""

    number: int
    content: int
    first: Observation
    last: Observation
    sightings: int = 1
    lines: dict[int, Observation] = field(default_factory=dict)
    """By address: the newest observation with an article line."""

    def line(self, place: int) -> Observation | None:
        """The observation whose line represents the version: the one at this address, else the newest."""
        return self.lines.get(place) or (max(self.lines.values()) if self.lines else None)


class Snapshot(NamedTuple):
    """The state of the article after one observation."""

    version: int
    sha256: str | None
    """Content digest with the section; None if there is no line."""
    place: int
    url: str
    section: str | None
    """The last section printed at its canonical address, or before it came there."""
    gone: bool
    version_seen: str
    """When this version was last seen, anywhere."""
    place_seen: str
    """When the article was last seen at this address."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change of state between two observations; `look` is the second."""

    kind: EventKind
    observation: Observation
    before: Snapshot | None
    after: Snapshot
    seen_before: str | None
    """When the old state was last seen."""
    missing_since: str | None = None
    """Of `gone`: the first observation that did not find it at its place."""


@dataclass(slots=True)
class AddressHistory:
    """The state of one address of the article after some observations."""

    n: int
    seen: Observation | None = None
    """The last observation that found the article here."""
    live_since: Observation | None = None
    live_until: Observation | None = None
    content: int | None = None
    """Its last content."""
    marks: dict[str, int] = field(default_factory=dict)
    """Its content, by ETag."""
    section: str | None = None
    overdue: bool = False
    """The canonical address moved here while the content here was old: the next content read here becomes a version."""
    missing: list[Observation] = field(default_factory=list)
    """`missing` observations since it was last seen."""
    gone: bool = False
    """Two of them are of two crawls and far enough apart."""
    away: list[Observation] = field(default_factory=list)
    """`missing` and `moved` observations since it was last seen."""
    left: Observation | None = None
    """The last of these, if it is `moved`."""

    @property
    def stands(self) -> bool:
        return self.live_since is not None and not self.away

    @property
    def state(self) -> str:
        """live, suspected, gone, moved or archived."""
        if self.left:
            return "moved"
        if self.gone:
            return "gone"
        if self.missing:
            return "suspected"
        return "archived" if self.live_since is None else "live"
