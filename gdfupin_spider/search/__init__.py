"""Full-text search: one way to fold, index and ask, for archives and for releases. docs/search.md has the rules."""

from .index import Hit, HitCounts, SearchIndex, SearchRequest, SearchResult, Selection
from .index_build import bring_up_to_date

__all__ = ["Hit", "HitCounts", "SearchIndex", "SearchRequest", "SearchResult", "Selection", "bring_up_to_date"]
