"""The fold of all crawls: articles, their addresses, versions, sightings and events. docs/catalog.md defines the terms.

A function of the set of lines, in capture order; the order of folding does not matter. The fold takes lines
(`LineSource`) and a way to name addresses (`Naming`); it knows neither pages nor files and stores no bodies.
"""

from .changes import BEGIN, END, Change, after_crawl, as_of, changes, changes_of
from .dump import dump
from .facts import Naming, content_number, title_number
from .fold import FoldResult, LineSource, SkippedLine, fold
from .frontier_state import Known, Listing, known
from .history_types import EventKind
from .observation import Point
from .queries import Catalog
from .records import (
    AddressState,
    Alias,
    ArticleState,
    CrawlState,
    FailedLooks,
    FoldedLines,
    ListingState,
    Place,
    SightingState,
    VersionState,
)
from .rules import Rules
from .store import set_aside

__all__ = [
    "BEGIN",
    "END",
    "AddressState",
    "Alias",
    "ArticleState",
    "Catalog",
    "Change",
    "CrawlState",
    "EventKind",
    "FailedLooks",
    "FoldResult",
    "FoldedLines",
    "Known",
    "LineSource",
    "Listing",
    "ListingState",
    "Naming",
    "Place",
    "Point",
    "Rules",
    "SightingState",
    "SkippedLine",
    "VersionState",
    "after_crawl",
    "as_of",
    "changes",
    "changes_of",
    "content_number",
    "dump",
    "fold",
    "known",
    "set_aside",
    "title_number",
]
