"""The cards of a release, for people and programs: each is a pure function of `About`.

No card asks a clock or the network, so the same release gives the same bytes on another day.
"""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from ...terminal import shown
from ..metadata import About
from . import citation, croissant, datapackage, datasette, readme, web_page

_MADE: Mapping[str, Callable[[About], str]] = {
    "README.md": readme.text,
    "CITATION.cff": citation.text,
    "datapackage.json": datapackage.text,
    "croissant.json": croissant.text,
    "datasette.json": datasette.text,
    "index.html": web_page.text,
}
"""Files of a release that are made of `About` alone, by name."""


def cards(about: About) -> dict[str, str]:
    """The text of each card by its file's name. Control and bidi characters of page text are shown as symbols."""
    seemly = _seemly(about)
    return {name: make(seemly) for name, make in _MADE.items()}


def _seemly(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, tuple):
        return tuple(map(_seemly, value))
    if isinstance(value, Mapping):
        return {_seemly(key): _seemly(each) for key, each in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{name: _seemly(getattr(value, name)) for name in value.__dataclass_fields__})
    return value


__all__ = ["cards"]
