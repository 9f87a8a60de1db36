"""Any search as a feed: what it finds, those that were captured last first."""

import hashlib
import html
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..diff import feed_documents
from ..diff.feed_documents import FeedEntry, FeedHead, tag_of
from ..search import Hit
from .edition import Edition
from .parameters import SearchQuery

MOST = 50
"""Entries of a feed."""
FEEDS: Mapping[str, tuple[str, Callable[[FeedHead, list[FeedEntry]], str]]] = {
    "atom": ("application/atom+xml; charset=utf-8", feed_documents.atom),
    "json": ("application/feed+json", feed_documents.jsonfeed),
}
"""By ending: the type, and how it is made."""
Absolute = Callable[[str], str]
"""The whole address of a path of the reading room, with its query."""


def search_feed(
    edition: Edition, query: SearchQuery, absolute: Absolute, page: str, own: str
) -> tuple[FeedHead, list[FeedEntry]]:
    """`page`, `own`: absolute addresses of the search and of the feed.

    Raises WrongQuery, WrongArgument, TookTooLong.
    """
    asked = replace(query.request(with_counts=False), order="date", limit=MOST, offset=0)
    with edition.searching() as index:
        hits = index.search(asked).hits
    conditions = [value for value in (query.q, query.section, query.source, query.place, query.status) if value]
    dated = query.selection.dated
    text = "\n".join((query.q, query.column, str(query.selection), query.script))
    site = hits[0].url if hits else absolute("/")
    head = FeedHead(
        f"{tag_of(site)}search/{hashlib.sha256(text.encode()).hexdigest()[:12]}",
        " · ".join((edition.manifest.title, *conditions, *([dated] if dated else []))),
        "Articles that a search finds.",
        page,
        edition.newest_capture or f"{edition.manifest.date}T00:00:00Z",
        own,
    )
    return head, [_entry(hit, absolute, of_versions=query.selection.finds_versions) for hit in hits]


def _entry(hit: Hit, absolute: Absolute, *, of_versions: bool) -> FeedEntry:
    version = f"?version={hit.version}" if of_versions else ""
    facts = " · ".join(each for each in (hit.date, hit.section, hit.source) if each)
    snippet = "".join(f"<b>{html.escape(text)}</b>" if is_word else html.escape(text) for text, is_word in hit.snippet)
    return FeedEntry(
        f"{tag_of(hit.url)}{hit.id}/version/{hit.version}",
        hit.title,
        hit.first_seen,
        absolute(f"/articles/{hit.id}{version}"),
        [each for each in (hit.section, hit.source) if each],
        hit.author,
        f"<p>{snippet}</p><p>{html.escape(facts)}</p>",
    )
