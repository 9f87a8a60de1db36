"""What files of articles have as a whole: sections, sources, the newest capture. They have no list of it, so they are read once more."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .article_files import opened

NO_TIME = "1970-01-01T00:00:00Z"
"""Where nothing has a time: a feed must have one, and that of today would differ each time."""
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Of some files together."""

    sections: frozenset[str]
    """As printed."""
    sources: frozenset[str]
    """As printed."""
    newest: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: the newest capture; NO_TIME where there is none."""


def facts_of(files: Iterable[Path]) -> FileFacts:
    """Raises NotArticles."""
    sections, sources, newest = set[str](), set[str](), NO_TIME
    for path in files:
        articles = opened(path)
        for record in articles.records(range(sum(1 for _ in articles.heads()))):
            sections.update(filter(None, [record["section"]]))
            sources.update(filter(None, [record["source"]]))
            if TIME.fullmatch(record["captured_at"]):
                newest = max(newest, record["captured_at"])
    return FileFacts(frozenset(sections), frozenset(sources), newest)
