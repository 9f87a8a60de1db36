"""A page of the reading room before it is rendered, and what the pages share to find what they show."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from ..releases.records import VersionRow
from .edition import Edition
from .library import Library

MOST_LISTED = 300
"""Rows of a list on one page."""
Values = Mapping[str, object]


class NoSuchThing(Exception):
    """Raised where there is no such article, version or section."""


@dataclass(frozen=True, slots=True)
class RoomPage:
    """What a template gets, and the code that gives the same."""

    template: str
    values: Values
    command: str = ""
    """Empty, as the next ones: there is none."""
    api: str = ""
    """Path and query."""
    sql: str = ""
    """For `articles.sqlite` of the release."""
    python: str = ""
    """An expression, behind its imports."""
    original: str = ""
    """The address on the site whose captures Memento finds."""


View = Callable[[Edition, Request], RoomPage]


def template_values(page: RoomPage) -> dict[str, object]:
    """For Jinja2."""
    return {**page.values, "page": page}


def library_of(request: Request) -> Library:
    """What the application of a request shows."""
    return cast(Library, request.app.state.library)


def resolved(edition: Edition, name: str) -> str:
    """The id of an article by any id or URL that it ever had. Raises NoSuchThing."""
    id_ = edition.resolve(name)
    if id_ is None:
        raise NoSuchThing(name)
    return id_


def version_of(versions: Sequence[VersionRow], number: int) -> VersionRow:
    """`number`: 0 for the newest one. Raises NoSuchThing."""
    if number == 0 and versions:
        return versions[-1]
    for each in versions:
        if each["version"] == number:
            return each
    raise NoSuchThing(str(number))
