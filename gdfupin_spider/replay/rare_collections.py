"""Garbage collections while many pages are read."""

import contextlib
import gc
from collections.abc import Iterator

ALLOCATIONS = 10_000
"""Objects between two collections of the youngest generation; default 700. Pages leave no reference cycles."""


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """Collects rarely within the context, in the whole process."""
    before = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
