"""The site as time goes by."""

import functools

from .content import stories
from .markups import DRESSES
from .markups.dress import Dress, Setting
from .shelf import Shelf


@functools.cache
def site(markup: str, epoch: int = 0, extras: tuple[tuple[str, str], ...] = ()) -> Dress:
    """The site in one markup at one epoch."""
    return DRESSES[markup](Setting(Shelf(stories()), extras))
