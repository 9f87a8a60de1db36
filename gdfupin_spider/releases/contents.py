"""The data files of a release: media type, contents and fields of each."""

from collections.abc import Sequence
from dataclasses import replace

from ..diff import Difference
from .formats.csv_files import BODY_CUT, columns
from .manifest import ListedFile
from .metadata import File
from .records import Field, Released, ReleasedCapture, ReleasedReview, ReleasedSource, ReleasedVersion, dictionary
from .tombstones import TOMBSTONES, ReleasedTombstone

ARTICLES, VERSIONS, CAPTURES = dictionary(Released), dictionary(ReleasedVersion), dictionary(ReleasedCapture)
NEW_IN_FORMAT_2 = frozenset({"sections", "reviewed", "source_name", "reprint_group", "reprint_first", "places"})
"""Fields of articles, and of their aliases, that releases of format 1 do not have."""
CHANGES = tuple(field for field in dictionary(Difference) if field.name not in ("old", "new"))
LINES, PARQUET, SQLITE, SHEET = "articles.jsonl.gz", "articles.parquet", "articles.sqlite", "articles.csv"
OLDER, CHANGED, PROOF, SAMPLE = "versions.jsonl.gz", "changes.jsonl.gz", "captures.csv.gz", "sample.jsonl"
REVIEWED, SOURCES = "corrections.jsonl", "sources.csv.gz"


def articles_of(format_: int) -> tuple[Field, ...]:
    """The fields of an article in a release of this format."""
    return ARTICLES if format_ > 1 else _without(ARTICLES, NEW_IN_FORMAT_2)


def _without(fields: Sequence[Field], names: frozenset[str]) -> tuple[Field, ...]:
    return tuple(replace(each, parts=_without(each.parts, names)) for each in fields if each.name not in names)


def _flat() -> tuple[Field, ...]:
    """The columns of the CSV: all of them are text."""
    known = {field.name: field for field in ARTICLES}
    cut = Field(BODY_CUT, "string", False, "`1` where the body was longer than a cell of Excel holds, else `0`.")
    return tuple(
        replace(known[name], type="string", nullable=_may_be_empty(known[name]), parts=()) if name in known else cut
        for name in columns(ARTICLES)
    )


def _may_be_empty(field: Field) -> bool:
    return field.nullable or field.name == "body" or field.type in ("strings", "structs")


CONTENTS: dict[str, tuple[str, str, tuple[Field, ...]]] = {
    LINES: ("application/gzip", "The newest version of every article, one JSON object a line, by id.", ARTICLES),
    PARQUET: ("application/vnd.apache.parquet", "The same, typed: dates, times in UTC, lists, records.", ARTICLES),
    SQLITE: ("application/vnd.sqlite3", "The same with indexes, views and full-text search.", ARTICLES),
    SHEET: ("text/csv", "The same for Excel: formulas guarded, long bodies cut; not for programs.", _flat()),
    OLDER: ("application/gzip", "Every version of every article, one JSON object a line, by id and number.", VERSIONS),
    CHANGED: ("application/gzip", "Changes since the previous release, one JSON object a line, by id.", CHANGES),
    PROOF: ("application/gzip", "CSV: the WARC records that each version was read from.", CAPTURES),
    SOURCES: (
        "application/gzip",
        "CSV: every source as printed, with its canonical name, kind and region, by number of articles.",
        dictionary(ReleasedSource),
    ),
    REVIEWED: (
        "application/jsonl",
        "What persons accepted, corrected and rejected, one JSON object a line, by id.",
        dictionary(ReleasedReview),
    ),
    TOMBSTONES: (
        "application/jsonl",
        "Withdrawn articles: id, day, reason and digests, one JSON object a line, by id.",
        dictionary(ReleasedTombstone),
    ),
    SAMPLE: (
        "application/jsonl",
        "A hundred articles spread over sections and years, one JSON object a line.",
        ARTICLES,
    ),
}
"""By name, in the order of the cards: media type, contents, fields."""


def described(listed: Sequence[ListedFile]) -> tuple[File, ...]:
    """The data files among these, for the cards."""
    by_name = {each.name: each for each in listed}
    return tuple(
        File(name, media_type, what, by_name[name].bytes, by_name[name].sha256, by_name[name].rows or 0, fields)
        for name, (media_type, what, fields) in CONTENTS.items()
        if name in by_name
    )
