"""A layout as pages are read with it: its template, and the paths of text and of lines beside it, for quick look-up."""

import functools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from ...profiles.layouts import Layout

Texts = Mapping[str, Set[str]]
"""The texts of lines by their path, digits as 0."""


@dataclass(frozen=True, slots=True)
class LayoutIndex:
    """The lines and paths of a layout."""

    template: Texts
    repeated: Set[str]
    """The texts of the template, on whatever path."""
    asides: Texts
    prose: Set[str]
    heads: Set[str]
    below_text: Set[str]


@functools.lru_cache(maxsize=256)  # the same few layouts for all pages of a site
def index_of(layout: Layout) -> LayoutIndex:
    """The index of a layout."""
    return LayoutIndex(
        _by_path(layout.template),
        frozenset(text for _, text in layout.template),
        _by_path(layout.asides),
        frozenset(layout.prose_paths),
        frozenset(layout.heads),
        frozenset(layout.below_text),
    )


def _by_path(lines: Sequence[tuple[str, str]]) -> Texts:
    found: dict[str, set[str]] = {}
    for path, text in lines:
        found.setdefault(path, set()).add(text)
    return found
