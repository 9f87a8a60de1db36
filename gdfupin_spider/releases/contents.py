"""The data files of a release: media type, contents and fields of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .dictionary import Field
from .formats.csv_files import BODY_CUT, columns
from .manifest import ListedFile
from .metadata import File
from .released_tables import TABLES, ReleasedTable

ARTICLES = TABLES["articles"].fields
NEW_IN_FORMAT_2 = frozenset({"sections", "reviewed", "source_name", "reprint_group", "reprint_first", "places"})
"""Fields of articles, and of their aliases, that releases of format 1 do not have."""
SQLITE, SHEET, SAMPLE = "articles.sqlite", "articles.csv", "sample.jsonl"
LINES, OLDER, CHANGED, PROOF, REVIEWED, TOMBSTONES = (
    TABLES[name].text for name in ("articles", "versions", "changes", "captures", "corrections", "tombstones")
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


@dataclass(frozen=True, slots=True)
class Content:
    """What a data file has."""

    media_type: str
    what: str
    """In one or two English sentences."""
    what_zh: str
    """The same in Chinese."""
    fields: tuple[Field, ...]
    table: ReleasedTable | None = None
    """The table that the file has whole, if it is one."""


def _contents() -> Iterator[tuple[str, Content]]:
    for table in TABLES.values():
        kind, kind_zh = (
            ("One JSON object a line.", "每行一个 JSON 对象。") if ".jsonl" in table.text else ("CSV.", "CSV 格式。")
        )
        media_type = "application/jsonl" if table.text.endswith(".jsonl") else "application/gzip"
        what, what_zh = f"{table.what} {kind}", f"{table.what_zh}{kind_zh}"
        yield table.text, Content(media_type, what, what_zh, table.fields, table)
        what = f"Table `{table.name}`, typed: dates, times in UTC, lists, records."
        what_zh = f"数据表 `{table.name}`，带类型：日期、时间（UTC）、列表、记录。"
        yield table.parquet, Content("application/vnd.apache.parquet", what, what_zh, table.fields, table)
        if table.name == "articles":
            what = "All tables, with keys, indexes, views and full-text search."
            yield (
                SQLITE,
                Content("application/vnd.sqlite3", what, "全部数据表，带主键、索引、视图和全文检索。", ARTICLES),
            )
            what = "The newest versions for Excel: formulas guarded, long bodies cut; not for programs."
            what_zh = "供 Excel 使用的最新版本：公式已防护，过长的正文已截断；不宜供程序读取。"
            yield SHEET, Content("text/csv", what, what_zh, _flat())
    what = "A hundred articles spread over sections and years, one JSON object a line."
    what_zh = "分布于各栏目、各年份的一百篇文章，每行一个 JSON 对象。"
    yield SAMPLE, Content("application/jsonl", what, what_zh, ARTICLES)


CONTENTS = dict(_contents())
"""By name, in the order of the cards."""


def described(listed: Sequence[ListedFile]) -> tuple[File, ...]:
    """The data files among these, for the cards."""
    by_name = {each.name: each for each in listed}
    return tuple(
        File(
            name=name,
            media_type=each.media_type,
            what=each.what,
            what_zh=each.what_zh,
            bytes=by_name[name].bytes,
            sha256=by_name[name].sha256,
            rows=by_name[name].rows or 0,
            fields=each.fields,
            table=each.table,
        )
        for name, each in CONTENTS.items()
        if name in by_name
    )
