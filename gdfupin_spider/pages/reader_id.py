"""The identity of the reader: what turned bytes into records. It is in every article line, reading and catalog.

`<number>+<profile>.<digest>`: the number of the rules, the name of the profile, and the digest of everything the profile
says, the general words included. Two readers with one id read the same bytes in the same way.
"""

from collections.abc import Mapping

from ..profiles import Profile

READER = 2
"""Number of the rules. Raise it whenever the same bytes may read differently, and note it under *Data* in CHANGELOG."""

SAME: Mapping[str, str] = {}
"""Readers of earlier versions that read exactly as one of today's bundled profiles: their lines need no new reading.

A change of a rule or of a word changes the id on the right, and the entry no longer applies.
"""


def reader(profile: Profile) -> str:
    """The id of the reader that this version of the program is, with a profile."""
    return f"{READER}+{profile.name}.{profile.digest}"


def same_reader(recorded: str) -> str:
    """The id by which a recorded reader is known today.

    >>> same_reader("1+county.00000000")
    '1+county.00000000'
    """
    return SAME.get(recorded, recorded)


def known_as(reader: str) -> list[str]:
    """All ids by which a reader is recorded, today's first."""
    return [reader, *(old for old, new in SAME.items() if new == reader)]
