"""The cards of a release: by the name of the file, what makes its text."""

from collections.abc import Callable, Mapping

from .about import About

CARDS: Mapping[str, Callable[[About], str]] = {}
