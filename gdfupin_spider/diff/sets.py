"""Sets of articles, as the comparison sees them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    def names(self) -> tuple[str, str]:
        """Its id and the identity key of its address."""
        return self.id, identity_key(self.url)


HeadFields = tuple[str, str, str, str | None]
"""A head without its name: of a hundred thousand rows, tuples are made in half the time."""


class ArticleSet(Protocol):
    """A set of articles. Rows are numbered from 0, as they lie."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def heads(self) -> Iterator[HeadFields]:
        """The `Head` of each row, in their order. Raises NotArticles."""

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """What else articles go by (ids and identity keys), by row; rows that have but one name may be left out.

        Asked for after `heads`, and only where an article of one set is not found in the other. Raises NotArticles.
        """

    def records(self, rows: Sequence[int]) -> Iterator[Record]:
        """The articles of these rows, which ascend. Raises NotArticles."""


@dataclass(frozen=True)
class ArticlesInMemory:
    """A set of articles that is in memory."""

    articles: Sequence[Record]
    name: str = "articles"

    def heads(self) -> Iterator[Head]:
        for record in self.articles:
            yield Head(record["id"], record["content_sha256"], record["url"], record.get("status"))

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        return ((row, names_of(record.get("aliases"))) for row, record in enumerate(self.articles))

    def records(self, rows: Sequence[int]) -> Iterator[Record]:
        return (self.articles[row] for row in rows)


def names_of(aliases: Iterable[Mapping[str, str] | str] | None) -> tuple[str, ...]:
    """Ids and identity keys of `{id, url}`, as releases write aliases, or of bare ids and URLs.

    >>> names_of([{"id": "gdfupin-1", "url": "http://www.a.cn/1"}, "http://b.cn/"])
    ('gdfupin-1', 'a.cn/1', 'b.cn/')
    """
    names = (name for alias in aliases or () for name in ([alias] if isinstance(alias, str) else alias.values()))
    return tuple(identity_key(name) if "://" in name else name for name in names)
