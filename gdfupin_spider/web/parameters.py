"""What the parts of a web address ask for, typed and within bounds. The API documents itself with these."""

from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta
from starlette.datastructures import QueryParams

from ..search import ArticleSelection, SearchRequest
from ..search.index import Column

MOST_TERMS = 5
PAGE = 20
Words = Annotated[str, Meta(max_length=400, description='Words as in `gdfupin search`: -word, "phrase", OR')]
Name = Annotated[str, Meta(max_length=200)]
Year = Annotated[str, Meta(pattern=r"^([0-9]{4})?$", description="YYYY")]


Q = TypeVar("Q", bound="ReaderQuery")


class WrongQuery(ValueError):
    """The address asks for something that makes no sense. Says what."""


class ReaderQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What every query has."""

    lang: Annotated[str, Meta(pattern="^(zh|en)?$")] = ""


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
    since: Year = ""
    until: Year = ""
    column: Annotated[Literal["", "title", "body"], Meta(description="Where words must be")] = ""
    sort: Literal["relevance", "date"] = "relevance"
    versions: Annotated[Literal["", "1"], Meta(description="1: every version, not only the newest")] = ""
    script: Annotated[Literal["", "1"], Meta(description="1: simplified and traditional characters are the same")] = ""

    @property
    def selection(self) -> ArticleSelection:
        """Raises WrongQuery for a period that ends before it begins."""
        if self.since and self.until and self.since > self.until:
            raise WrongQuery(f"since is {self.since} and until is {self.until}: the first year is the later one")
        return ArticleSelection(
            tuple(filter(None, [self.section])),
            tuple(filter(None, [self.source])),
            tuple(filter(None, [self.status])),
            self.since,
            self.until,
            all_versions=self.versions == "1",
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
    share: Annotated[Literal["", "1"], Meta(description="1: shares of all articles of the period")] = ""

    @property
    def queries(self) -> tuple[str, ...]:
        """Raises WrongQuery for too many of them."""
        found = tuple(dict.fromkeys(line.strip() for line in self.q.splitlines() if line.strip()))
        if len(found) > MOST_TERMS:
            raise WrongQuery(f"q has {len(found)} queries, and {MOST_TERMS} are the most")
        return found


class LookupQuery(ReaderQuery, frozen=True, kw_only=True):
    """Something that may be held."""

    q: Annotated[str, Meta(max_length=4000, description="A URL, an id, or a piece of text")] = ""


class VersionQuery(ReaderQuery, frozen=True, kw_only=True):
    """A version of an article."""

    version: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the newest")] = 0


class CompareQuery(ReaderQuery, frozen=True, kw_only=True):
    """Two versions of an article."""

    old: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    new: Annotated[int, Meta(ge=0, le=1_000_000, description="0: the newest")] = 0


def query_of(parameters: QueryParams, kind: type[Q]) -> Q:
    """The parameters as a query. Unknown ones and empty ones are left out. Raises WrongQuery."""
    known = {field.encode_name for field in msgspec.structs.fields(kind)}
    given = {name: value for name, value in parameters.items() if name in known and value != ""}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise WrongQuery(str(error).replace("$.", "")) from None
