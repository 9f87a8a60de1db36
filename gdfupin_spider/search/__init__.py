"""Full-text search: one way to fold, index and ask, for archives and for releases. docs/search.md has the rules."""

from .index import Hit, HitCounts, SearchIndex, SearchRequest, SearchResult
from .index_build import bring_up_to_date
from .selection import ArticleSelection

__all__ = ["ArticleSelection", "Hit", "HitCounts", "SearchIndex", "SearchRequest", "SearchResult", "bring_up_to_date"]
