"""Places in long lists, as the API hands them out: a list is the same for as long as its release is shown."""

import re

_CURSOR = re.compile(r"(?P<release>[A-Za-z0-9][A-Za-z0-9._-]{0,99})~(?P<after>[0-9]{1,12})")


class StaleCursor(Exception):
    """A list of another release: whoever reads it begins again."""


def cursor(release: str, after: int) -> str:
    """Behind this many rows.

    >>> cursor("2026.11.23", 40), after("2026.11.23~40", "2026.11.23")
    ('2026.11.23~40', 40)
    """
    return f"{release}~{after}"


def after(text: str, release: str) -> int:
    """The number of rows before the place of a cursor. Raises ValueError for a text that is not a cursor, and StaleCursor."""
    found = _CURSOR.fullmatch(text)
    if found is None:
        raise ValueError(f"{text}: not a cursor; take the one of the link `next`")
    if found["release"] != release:
        raise StaleCursor(f"the list is of release {found['release']}, and now {release} is shown: begin again")
    return int(found["after"])
