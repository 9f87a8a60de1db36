"""Sets of articles, as the comparison sees them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ..pages import identity_key
from .difference import ComparedArticle


class Head(NamedTuple):
    """The fields of an article that show whether it differs."""

    id: str
    sha256: str
    """Content digest."""
    url: str
    status: str | None = None
    """live, suspected, gone, archived; None if the set has no status."""

    def names(self) -> tuple[str, str]:
        """Its id and the identity key of its address."""
        return self.id, identity_key(self.url)


HeadFields = tuple[str, str, str, str | None]
"""A head as a plain tuple, which takes half the time to make."""


class ArticleSet(Protocol):
    """A set of articles. Rows are numbered from 0 in the order of the file."""

    @property
    def name(self) -> str:
        """Its name for people."""

    def heads(self) -> Iterator[HeadFields]:
        """The `Head` of each row, in their order. Raises NotArticles."""

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Further ids and identity keys, by row; rows without any may be left out.

        Asked for after `heads`, and only where an article of one set is not found in the other. Raises NotArticles.
        """

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        """The articles of these rows, in ascending order. Raises NotArticles."""


@dataclass(frozen=True)
class ArticlesInMemory:
    """A set of articles in memory."""

    articles: Sequence[ComparedArticle]
    name: str = "articles"

    def heads(self) -> Iterator[Head]:
        for record in self.articles:
            yield Head(record["id"], record["content_sha256"], record["url"], record.get("status"))

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        return ((row, names_of(record.get("aliases"))) for row, record in enumerate(self.articles))

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        return (self.articles[row] for row in rows)


def names_of(aliases: Iterable[Mapping[str, str] | str] | None) -> tuple[str, ...]:
    """Ids and identity keys of aliases: records with `id` and `url`, as releases write them, or bare ids and URLs.

    >>> names_of([{"id": "gdfupin-1", "url": "http://www.a.cn/1"}, "http://b.cn/"])
    ('gdfupin-1', 'a.cn/1', 'b.cn/')
    """
    names = (
        name
        for alias in aliases or ()
        for name in ([alias] if isinstance(alias, str) else [alias[key] for key in ("id", "url") if key in alias])
    )
    return tuple(identity_key(name) if "://" in name else name for name in names)
