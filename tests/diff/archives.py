"""Archives on disk, of lines made by hand, and what a release would say of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gdfupin_spider.catalog import Catalog
from tests.catalog.lines import Crawl, folded


def laid(output: Path, *crawls: Crawl) -> Catalog:
    """The crawls as folders of an output, and the catalog of all of them."""
    for crawl in crawls:
        folder = output / crawl.folder
        folder.mkdir(parents=True, exist_ok=True)
        for kind, lines in crawl.files.items():
            (folder / f"{kind}.jsonl").write_bytes(b"".join(lines))
    return folded(output, *crawls)


def exported(output: Path, catalog: Catalog) -> Iterator[dict[str, Any]]:
    """All articles as they stand, with what a release adds to their lines."""
    for state in catalog.articles():
        *_, version = catalog.versions(state.id)
        assert version.line is not None
        with (output / version.line.folder / "articles.jsonl").open("rb") as file:
            file.seek(version.line.offset)
            line = json.loads(file.readline())
        aliases = [
            {"id": alias.id, "url": alias.url, "sections": list(alias.sections)}
            for alias in catalog.addresses(state.id)
        ]
        yield {
            **line, "id": state.id, "aliases": aliases, "version": version.number, "first_seen": state.first_seen,
            "last_seen": state.last_seen, "status": state.status,
            "sections": list(state.sections),
        }  # fmt: skip
