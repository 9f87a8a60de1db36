"""`tombstones.jsonl`: what a release has of articles that were withdrawn: id, day, reason and digests, and nothing that they print."""

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import cast

from ..catalog import Catalog
from ..catalog.decisions import Decisions
from ..catalog.withdrawn import Withdrawn
from ..errors import ArchiveError
from .folder import ReleasesFolder
from .formats import read_lines
from .records import ReleasedTombstone
from .rows import ArticleLines

LINES = "articles.jsonl.gz"


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


def lines_of(release: Path, name: str) -> frozenset[str]:
    """The lines of a file of the release before; empty where it has no such file. Raises ArchiveError."""
    return frozenset(read_lines(release / name)) if (release / name).is_file() else frozenset()


def releases_with(folder: ReleasesFolder, ids: Collection[str]) -> list[str]:
    """The releases that have one of these articles, by name; also those that cannot be read."""
    return [name for name in folder.names() if _has(folder.path(name), ids)]


def _has(release: Path, ids: Collection[str]) -> bool:
    try:
        return any(json.loads(line)["id"] in ids for line in read_lines(release / LINES))
    except (ArchiveError, ValueError, KeyError, TypeError):
        return True
