"""What the parts of a web address ask for, typed and within bounds. The API documents itself with these."""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta
from starlette.datastructures import QueryParams

from ..messages.text import N_
from ..search import ArticleSelection, SearchRequest
from ..search.index import Column
from ..search.selection import PERIOD, is_reversed

MOST_TERMS = 5
PAGE = 20
Words = Annotated[str, Meta(max_length=400, description='Words as in `gdfupin search`: -word, "phrase", OR')]
Name = Annotated[str, Meta(max_length=200)]
Period = Annotated[str, Meta(pattern=rf"^({PERIOD})?$", description="YYYY, YYYY-MM or YYYY-MM-DD")]
Flag = Literal["", "1"]


Q = TypeVar("Q", bound="ReaderQuery")


class WrongQuery(ValueError):
    """The address asks for something that makes no sense. Says what."""


class ReaderQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What every query has."""

    lang: Annotated[str, Meta(pattern="^(zh|en)?$")] = ""


class HomeQuery(ReaderQuery, frozen=True, kw_only=True):
    """A window."""

    since: Annotated[
        str, Meta(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$", description="YYYY-MM-DD")
    ] = ""
    crawl: Name = ""


class Paged(ReaderQuery, frozen=True, kw_only=True):
    """A part of a list."""

    offset: Annotated[int, Meta(ge=0, le=10_000_000, description="How many to leave out")] = 0
    limit: Annotated[int, Meta(ge=1, le=200, description="How many at most")] = PAGE


Cursor = Annotated[str, Meta(max_length=200, description="Of the link `next`, in place of the offset")]


class Listed(Paged, frozen=True, kw_only=True):
    """A part of a long list of the API."""

    cursor: Cursor = ""


class SearchQuery(Paged, frozen=True, kw_only=True):
    """A search."""

    q: Words = ""
    section: Name = ""
    source: Annotated[Name, Meta(description="As printed, or its canonical name")] = ""
    status: Literal["", "live", "suspected", "gone", "archived"] = ""
    place: Annotated[
        Name, Meta(description="A county, city or prefecture that is named: its full name on that day")
    ] = ""
    since: Period = ""
    until: Period = ""
    column: Annotated[Literal["", "title", "body"], Meta(description="Where words must be")] = ""
    sort: Literal["relevance", "date"] = "relevance"
    edited: Annotated[Flag, Meta(description="1: only articles with several versions")] = ""
    versions: Annotated[Flag, Meta(description="1: every version, not only the newest")] = ""
    then: Annotated[Flag, Meta(description="1: only older versions that have the words where the newest does not")] = ""
    script: Annotated[Flag, Meta(description="1: simplified and traditional characters are the same")] = ""

    @property
    def selection(self) -> ArticleSelection:
        """Raises WrongQuery for a period that ends before it begins."""
        need_order(self.since, self.until)
        return ArticleSelection(
            tuple(filter(None, [self.section])),
            tuple(filter(None, [self.source])),
            tuple(filter(None, [self.status])),
            self.since,
            self.until,
            all_versions=self.versions == "1",
            places=tuple(filter(None, [self.place])),
            is_edited=self.edited == "1",
            no_longer=self.then == "1",
        )

    def request(self, *, with_counts: bool) -> SearchRequest:
        """For the index."""
        column: Column = None if self.column == "" else self.column
        return SearchRequest(
            self.q, self.selection, column, self.sort, self.limit, self.offset, with_counts, any_script=self.script == "1"
        )  # fmt: skip


class SearchPart(SearchQuery, frozen=True, kw_only=True):
    """A part of what a search finds."""

    cursor: Cursor = ""


class TrendQuery(ReaderQuery, frozen=True, kw_only=True):
    """Queries over time."""

    q: Annotated[str, Meta(max_length=2000, description="Up to five queries, one a line")] = ""
    by: Literal["month", "year"] = "year"
    section: Name = ""
    reprints: Annotated[
        Literal["all", "once"], Meta(description="once: of articles with nearly the same text only the oldest")
    ] = "all"
    share: Annotated[Flag, Meta(description="1: shares of all articles of the period")] = ""

    @property
    def queries(self) -> tuple[str, ...]:
        """Raises WrongQuery for too many of them."""
        found = tuple(dict.fromkeys(line.strip() for line in self.q.splitlines() if line.strip()))
        if len(found) > MOST_TERMS:
            raise WrongQuery(
                N_("q has {queries:d} queries, and {most:d} are the most", queries=len(found), most=MOST_TERMS)
            )
        return found


class LookupQuery(ReaderQuery, frozen=True, kw_only=True):
    """Something that may be held."""

    q: Annotated[str, Meta(max_length=4000, description="A URL, an id, or a piece of text")] = ""


class GoneQuery(Paged, frozen=True, kw_only=True):
    """Articles that are gone, or edits."""

    what: Literal["edited", "gone"] = "edited"
    section: Name = ""
    field: Annotated[Name, Meta(description="Of edits: a field that changed")] = ""
    weight: Annotated[Literal["", "substantive", "cosmetic"], Meta(description="Of edits")] = ""
    since: Period = ""
    until: Period = ""


class VersionQuery(ReaderQuery, frozen=True, kw_only=True):
    """A version of an article."""

    version: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the newest")] = 0


class CompareQuery(ReaderQuery, frozen=True, kw_only=True):
    """Two versions of an article."""

    old: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the one before")] = 0
    new: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the newest")] = 0
    view: Literal["inline", "side"] = "inline"


def need_order(since: str, until: str) -> None:
    """Raises WrongQuery for a period that ends before it begins."""
    if is_reversed(since, until):
        raise WrongQuery(
            N_("since is {since} and until is {until}: the first one is the later one", since=since, until=until)
        )


def query_of(parameters: QueryParams, kind: type[Q]) -> Q:
    """The parameters as a query. Unknown ones and empty ones are left out. Raises WrongQuery."""
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    given = {name: value for name, value in parameters.items() if name in known and value != ""}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise WrongQuery(str(error).replace("$.", "")) from None
