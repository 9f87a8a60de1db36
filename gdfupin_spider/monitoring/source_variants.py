"""Sources as articles print them, with their canonical names: what the table of names does not have, and what a line would change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..catalog import Catalog, coverage
from ..profiles.source_names import SourceNames, SourceRow

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class SourceVariant:
    """A source as printed."""

    printed: str
    articles: int
    """In their newest version."""
    name: str | None
    """None: the table has none."""
    rule: str
    """How the name was found: see `profiles.source_names`."""


@dataclass(frozen=True, slots=True)
class NameChange:
    """What a further line of the table changes."""

    printed: str
    articles: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class UnnamedSources:
    """Printed sources without a canonical name."""

    variants: int = 0
    """All printed sources."""
    unnamed: int = 0
    """Those without a name."""
    articles: int = 0
    """Articles of these."""
    examples: tuple[SourceVariant, ...] = ()
    """The most frequent of these."""


def variants(catalog: Catalog, names: SourceNames) -> list[SourceVariant]:
    """All printed sources, most frequent first."""
    return [
        SourceVariant(printed, articles, (found := names.found(printed)).name, found.rule)
        for printed, articles in coverage.sources(catalog)
    ]


def unnamed(known: Sequence[SourceVariant]) -> UnnamedSources:
    """A summary of those without a name."""
    without = [variant for variant in known if variant.name is None]
    articles = sum(variant.articles for variant in without)
    return UnnamedSources(len(known), len(without), articles, tuple(without[:EXAMPLES]))


def changes(known: Iterable[SourceVariant], names: SourceNames, rows: tuple[SourceRow, ...]) -> Iterator[NameChange]:
    """What further rows of the table change, or other ones in place of its own. Raises WrongArgument where they contradict each other."""
    longer = names.with_rows(rows)
    for variant in known:
        after = longer.name(variant.printed)
        if after != variant.name:
            yield NameChange(variant.printed, variant.articles, variant.name, after)
