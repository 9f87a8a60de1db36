"""The data files of a release: media type, contents and fields of each."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from .formats.csv_files import BODY_CUT, columns
from .manifest import ListedFile
from .metadata import File
from .records import Field
from .tables import TABLES, Table

ARTICLES = TABLES["articles"].fields
NEW_IN_FORMAT_2 = frozenset({"sections", "reviewed", "source_name", "reprint_group", "reprint_first", "places"})
"""Fields of articles, and of their aliases, that releases of format 1 do not have."""
SQLITE, SHEET, SAMPLE = "articles.sqlite", "articles.csv", "sample.jsonl"
LINES, OLDER, CHANGED, PROOF, REVIEWED = (
    TABLES[name].text for name in ("articles", "versions", "changes", "captures", "corrections")
)


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


def _contents() -> Iterator[tuple[str, tuple[str, str, tuple[Field, ...], Table | None]]]:
    for table in TABLES.values():
        lines = ".jsonl" in table.text
        kind = "One JSON object a line." if lines else "CSV."
        media_type = "application/jsonl" if table.text.endswith(".jsonl") else "application/gzip"
        yield table.text, (media_type, f"{table.what} {kind}", table.fields, table)
        typed = f"Table `{table.name}`, typed: dates, times in UTC, lists, records."
        yield table.parquet, ("application/vnd.apache.parquet", typed, table.fields, table)
        if table.name == "articles":
            what = "All tables, with keys, indexes, views and full-text search."
            yield SQLITE, ("application/vnd.sqlite3", what, ARTICLES, None)
            what = "The newest versions for Excel: formulas guarded, long bodies cut; not for programs."
            yield SHEET, ("text/csv", what, _flat(), None)
    what = "A hundred articles spread over sections and years, one JSON object a line."
    yield SAMPLE, ("application/jsonl", what, ARTICLES, None)


CONTENTS = dict(_contents())
"""By name, in the order of the cards: media type, contents, fields, and the table that the file has whole, if it is one."""


def described(listed: Sequence[ListedFile]) -> tuple[File, ...]:
    """The data files among these, for the cards."""
    by_name = {each.name: each for each in listed}
    return tuple(
        File(name, media_type, what, by_name[name].bytes, by_name[name].sha256, by_name[name].rows or 0, fields, table)
        for name, (media_type, what, fields, table) in CONTENTS.items()
        if name in by_name
    )
