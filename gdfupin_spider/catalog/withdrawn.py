"""The articles of a catalog that were withdrawn. Everything that shows articles to people asks here, and leaves them out.

The catalog itself, its crawls and its checks know nothing of it: what was withdrawn is still archived and looked at.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from .. import pages, warc
from ..errors import ArchiveError
from ..items import as_line
from ..storage.json_rows import ArticleRow
from ..storage.line_file import line_at
from ..storage.withdrawals import Withdrawal, in_force, load
from .queries import Catalog
from .sources import CATALOG


class Withdrawn:
    """The withdrawals that hold, by all ids that their articles have or had."""

    def __init__(self, catalog: Catalog | None = None, withdrawals: Mapping[str, Withdrawal] | None = None) -> None:
        """None: nothing was withdrawn."""
        self._articles: dict[str, Withdrawal] = {}
        self._by_id: dict[str, Withdrawal] = {}
        for id_, each in (withdrawals or {}).items():
            article = catalog.resolve(id_) if catalog is not None else None
            self._articles[article or id_] = each
            aliases = [alias.id for alias in catalog.addresses(article)] if catalog is not None and article else []
            self._by_id.update(dict.fromkeys((id_, article or id_, *aliases), each))

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def __contains__(self, id_: object) -> bool:
        """Whether an article with this id, of today or of earlier, was withdrawn."""
        return id_ in self._by_id

    def __iter__(self) -> Iterator[tuple[str, Withdrawal]]:
        """Id of today and withdrawal of each article, by id."""
        return iter(sorted(self._articles.items()))

    def of(self, id_: str) -> Withdrawal | None:
        """The withdrawal of the article with this id, of today or of earlier; None: it was not withdrawn."""
        return self._by_id.get(id_)

    @property
    def ids(self) -> frozenset[str]:
        """All ids of all addresses of these articles."""
        return frozenset(self._by_id)

    @property
    def digest(self) -> str:
        """Hex SHA-256 of the withdrawals that hold; empty where there are none."""
        text = "\n".join(f"{id_} {as_line(each)}" for id_, each in self)
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest() if text else ""


def withdrawn_in(output: Path, catalog: Catalog | None) -> Withdrawn:
    """The withdrawn articles of an archive. Raises ArchiveError for a damaged `withdrawals.jsonl`."""
    known = in_force(load(output))
    return Withdrawn(catalog, known) if known else Withdrawn()


def withdrawn_of(output: Path) -> Withdrawn:
    """The same for who has no catalog open. Raises ArchiveError, CatalogUnusable."""
    if not (output / CATALOG).exists():
        return withdrawn_in(output, None)
    with Catalog(output / CATALOG) as catalog:
        return withdrawn_in(output, catalog)


def withheld_addresses(output: Path, catalog: Catalog, withdrawn: Withdrawn) -> frozenset[str]:
    """Identity keys of all URLs whose captures show a withdrawn article: its addresses and further pages, pictures and
    attachments. A picture that another article shows, too, is among them."""
    urls: set[str] = set()
    for id_, _ in withdrawn:
        urls.update(catalog.aliases(id_))
        for place in catalog.lines_of(id_):
            try:
                row = cast(ArticleRow, line_at(output / place.folder / "articles.jsonl", place.offset))
            except ArchiveError:
                continue
            urls.add(row["url"])
            urls.update(each["url"] for each in (*row["images"], *row["attachments"]))
            for proof in row["captures"]:
                try:
                    urls.add(warc.read_at(output / "crawls" / proof["warc"], proof["offset"]).url)
                except ArchiveError:
                    continue  # its file is elsewhere or damaged: it cannot be shown either
    return frozenset(map(pages.identity_key, urls))
