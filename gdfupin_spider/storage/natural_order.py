"""Names with numbers in them, in the order of the numbers."""

import re

_NUMBERS = re.compile(r"(\d+)")


def natural_key(name: str) -> list[tuple[int, str]]:
    """Sort key of a crawl or a release: digits count as numbers.

    >>> sorted(["2026.11.23.10", "2026.11.23", "2026.11.23.2"], key=natural_key)
    ['2026.11.23', '2026.11.23.2', '2026.11.23.10']
    """
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBERS.split(name)]
