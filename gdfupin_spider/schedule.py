"""When what is in the archive is looked at again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Schedule:
    """Figures that the operator may set."""

    full_days: float = 30
    """A crawl is full by itself where the last full one that finished began so long ago."""
