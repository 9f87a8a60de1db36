"""All crawls folded into one: articles, their addresses, versions and sightings, what happened to them.

A function of the set of lines there is, in capture order, whatever came first. docs/catalog.md says what its words mean
and why. It keeps no bodies, and knows neither pages nor files: it is handed lines (`Source`), and how addresses are
named (`Naming`).
"""

from .changes import BEGIN, END, Change, after_crawl, as_of, changes, changes_of
from .dump import dump
from .facts import Naming
from .fold import FoldResult, LineSource, Problem, fold
from .frontier_state import Known, Listing, known
from .history_types import EventKind
from .observation import Point
from .queries import Catalog
from .records import (
    AddressState,
    Alias,
    ArticleState,
    CrawlState,
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
    "FoldResult",
    "FoldedLines",
    "Known",
    "LineSource",
    "Listing",
    "ListingState",
    "Naming",
    "Place",
    "Point",
    "Problem",
    "Rules",
    "SightingState",
    "VersionState",
    "after_crawl",
    "as_of",
    "changes",
    "changes_of",
    "dump",
    "fold",
    "known",
    "set_aside",
]
