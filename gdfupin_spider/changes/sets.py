"""Sets of articles, as the comparison sees them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ..pages import identity_key
from .difference import Record


class Head(NamedTuple):
    """What tells of an article whether it has to be looked at."""

    id: str
    sha256: str
    """Content digest."""
    url: str
    status: str | None = None
    """live, suspected, gone, archived; None: the set does not say."""
    aliases: Sequence[Mapping[str, str] | str] | None = None
    """What else it goes by: `{id, url}`, as releases write it, or an id or a URL; None: the set does not say."""

    def own_names(self) -> tuple[str, str]:
        """Its id and the identity key of its address."""
        return self.id, identity_key(self.url)

    def names(self) -> Iterator[str]:
        """All it goes by."""
        yield from self.own_names()
        for alias in self.aliases or ():
            for name in (alias,) if isinstance(alias, str) else (alias["id"], alias["url"]):
                yield identity_key(name) if "://" in name else name


class Articles(Protocol):
    """A set of articles. Rows are numbered from 0, as they lie."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def heads(self) -> Iterator[Head]:
        """Of all rows, in their order. Raises NotArticles."""

    def records(self, rows: Sequence[int]) -> Iterator[Record]:
        """The articles of these rows, which ascend. Raises NotArticles."""


@dataclass(frozen=True)
class Here:
    """A set of articles that is in memory."""

    articles: Sequence[Record]
    name: str = "articles"

    def heads(self) -> Iterator[Head]:
        return map(head, self.articles)

    def records(self, rows: Sequence[int]) -> Iterator[Record]:
        return (self.articles[row] for row in rows)


def head(record: Record) -> Head:
    return Head(record["id"], record["content_sha256"], record["url"], record.get("status"), record.get("aliases"))
