"""Names that a user asks for, sections and sources, against those that there are. They are compared folded."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from ..errors import WrongArgument
from ..messages.record_words import word
from ..messages.text import N_, enumeration
from ..profiles import source_names
from .folding import fold

NAMED = 12
"""Known names that a message lists at most."""


def unknown(asked: Iterable[str], known: Iterable[str]) -> list[str]:
    """The names that are none of the known ones.

    >>> unknown(["ＷＴＯ", "不存在"], ["wto", "新华社"])
    ['不存在']
    """
    folded = set(map(fold, known))
    return [name for name in asked if fold(name) not in folded]


def there_are(name: str, known: Collection[str]) -> str:
    """The known names for a message, those like `name` first.

    >>> there_are("新华", ["南方日报", "新华社"])
    'there are 新华社, 南方日报'
    """
    near = get_close_matches(name, sorted(known), 3, 0.3)
    names = near + [each for each in sorted(known) if each not in near]
    first = enumeration(names[:NAMED]) or N_("none")
    if len(names) > NAMED:
        return N_("there are {names} and {more:,} more", names=first, more=len(names) - NAMED)
    return N_("there are {names}", names=first)


def require_known(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    """Raises WrongArgument for a name of this option that no article has. `what`: section or source."""
    for name in unknown(asked, known):
        raise WrongArgument(
            f"--{what} {name}", N_("no article has this {what}; {known}", what=word(what), known=there_are(name, known))
        )


def with_canonical(sources: Iterable[str]) -> frozenset[str]:
    """Printed sources, and their canonical names as far as there are any."""
    printed = frozenset(sources)
    return printed | frozenset(filter(None, map(source_names.bundled().name, printed)))


def names_of_source(printed: str | None) -> frozenset[str]:
    """The folded names by which a printed source is found; empty for None."""
    return frozenset(map(fold, with_canonical([printed]))) if printed else frozenset()
