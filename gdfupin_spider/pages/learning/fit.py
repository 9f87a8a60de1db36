"""A page that fits a title place."""

from collections.abc import Sequence
from dataclasses import dataclass

from .sketch import Sketch
from .titles import Label


@dataclass(frozen=True, slots=True)
class Fit:
    """A page with the title place of a layout."""

    sketch: Sketch
    after: int
    """Index of the line after its title."""
    label: Label
    agrees: bool
    """Whether its title equals its label, or begins with a cut one."""


def of_pages(fits: Sequence[Fit]) -> list[tuple[Sketch, int]]:
    """The pages, each with the index of the line after its title."""
    return [(fit.sketch, fit.after) for fit in fits]
