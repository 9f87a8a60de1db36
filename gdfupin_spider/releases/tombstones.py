"""`tombstones.jsonl`: what a release has of articles that were withdrawn: id, day, reason and digests, and nothing that they print."""

from collections.abc import Iterator, Mapping
from typing import cast

from ..catalog import Catalog
from ..catalog.decisions import Decisions
from ..catalog.withdrawn import Withdrawn
from .records import ReleasedTombstone
from .rows import ArticleLines


def tombstones(
    catalog: Catalog, lines: ArticleLines, decisions: Decisions, withdrawn: Withdrawn
) -> Iterator[ReleasedTombstone]:
    """Those of all withdrawn articles, by id. An article that the catalog does not know has no digests."""
    for id_, withdrawal in withdrawn:
        contents: list[str] = []
        payloads: dict[str, None] = {}
        for version in catalog.versions(id_):
            if version.line is None:
                continue
            row = lines.read(version.line)
            contents.append(str(decisions.applied(cast(Mapping[str, object], row)).record["content_sha256"]))
            payloads.update(dict.fromkeys(capture["payload_sha256"] for capture in row["captures"]))
        aliases = sorted(alias.id for alias in catalog.addresses(id_))
        yield ReleasedTombstone(
            id_, tuple(aliases), withdrawal.date, withdrawal.reason, tuple(contents), tuple(payloads)
        )
