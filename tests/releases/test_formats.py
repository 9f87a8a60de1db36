"""Every format, CSV aside, read with the programs people use, gives back equal records."""

import asyncio
import csv
import gzip
import json
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from gdfupin_spider.items import Attachment, Image
from gdfupin_spider.releases.formats import ParquetWriter
from gdfupin_spider.releases.formats.csv_files import CELL
from gdfupin_spider.releases.released_tables import TABLES, ReleasedTable
from gdfupin_spider.releases.sample import choose
from tests.catalog.lines import id_of
from tests.papers import ROOT, fenced
from tests.releases.archives import body, crawl, need_r, records, released, url, write

LONG = "长" * (CELL + 10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with nulls, lists, an article that is gone, one of two versions, odd characters."""
    made = crawl(0, range(30))
    made.read(url(100), f"{LONG}\n𠮷野家", title="=1+1 的“公式”，及\t制表", date=None, source=None, section=None)
    made.read(url(101), "图文各一", title="@有图有件", images=(Image("http://www.gdfupin.org.cn/1.jpg", "修路"),),
              attachments=(Attachment("http://www.gdfupin.org.cn/1.doc", "=附件"),))  # fmt: skip
    made.read(url(102), "定点连线扶贫攻坚，GDP增长7%。", title="连线", date="2009-12-31")
    later = crawl(1, range(1, 30)).missing(url(0)).read(url(102), "定点连线脱贫攻坚，GDP增长8%。", title="连线", date="2009-12-31")  # fmt: skip
    return released(write(tmp_path_factory.mktemp("formats"), made, later, crawl(2, range(1, 5)).missing(url(0))))


def plain(value: Any) -> Any:
    """As JSON has it: what libraries make of dates, times, arrays and missing values."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def by_pandas(folder: Path, table: ReleasedTable) -> list[Any]:
    import pandas

    frame = pandas.read_parquet(folder / table.parquet)
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{key: plain(value.to_pydatetime() if hasattr(value, "to_pydatetime") else value) for key, value in row.items()} for row in rows]  # fmt: skip


def by_pandas_lines(folder: Path, table: ReleasedTable) -> list[Any]:
    import pandas

    if ".csv" in table.text:
        frame = pandas.read_csv(folder / table.text, dtype=str, keep_default_na=False)
        return [typed(table, row) for row in frame.to_dict("records")]
    frame = pandas.read_json(folder / table.text, lines=True, dtype=False)
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def by_polars(folder: Path, table: ReleasedTable) -> list[Any]:
    import polars

    return [plain(row) for row in polars.read_parquet(folder / table.parquet).to_dicts()]


def by_duckdb(folder: Path, table: ReleasedTable) -> list[Any]:
    import duckdb

    with duckdb.connect() as db:
        db.execute("SET TimeZone = 'UTC'")
        found = db.execute(f"SELECT * FROM '{folder}/{table.parquet}'")
        names = [column[0] for column in found.description]
        return [plain(dict(zip(names, row, strict=True))) for row in found.fetchall()]


def by_sqlite(folder: Path, table: ReleasedTable) -> list[Any]:
    db = sqlite3.connect(folder / "articles.sqlite")
    db.row_factory = sqlite3.Row
    rows = [dict(row) for row in db.execute(f"SELECT * FROM {table.name} ORDER BY rowid")]
    db.close()
    return of_sqlite(table, rows)


def by_sqlite_utils(folder: Path, table: ReleasedTable) -> list[Any]:
    import sqlite_utils

    db = sqlite_utils.Database(folder / "articles.sqlite")
    rows = list(db[table.name].rows_where(order_by="rowid"))
    db.close()
    return of_sqlite(table, rows)


def asked_of_datasette(folder: Path, *paths: str) -> list[list[dict[str, Any]]]:
    """The rows that Datasette answers with, started as docs/releases.md has it."""
    from datasette.app import Datasette

    async def ask() -> Any:
        metadata = json.loads((folder / "datasette.json").read_text("utf-8"))
        server = Datasette([], immutables=[str(folder / "articles.sqlite")], metadata=metadata)
        await server.invoke_startup()
        answers = [await server.client.get(path) for path in paths]
        assert {answer.status_code for answer in answers} == {200}
        return [answer.json() for answer in answers]

    return asyncio.run(ask())  # type: ignore[no-any-return]


def of_sqlite(table: ReleasedTable, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of SQLite as the records that they were."""
    for row in rows:
        row.pop("n", None)
        for field in table.fields:
            if field.type in ("strings", "structs"):
                row[field.name] = json.loads(row[field.name])
            elif field.type == "boolean":
                row[field.name] = bool(row[field.name])
    return rows


def by_datasets(folder: Path, table: ReleasedTable) -> list[Any]:
    import datasets

    # Its cache goes beside the release, so that nothing is left in a home.
    options: dict[str, Any] = {"split": "train", "cache_dir": str(folder.parent / "cache")}
    if not rows_of(folder, table):  # it can load none; the card does not list such a table
        assert f"config_name: {table.name}\n" not in (folder / "README.md").read_text("utf-8")
        files = str(folder / table.parquet)
        return list(datasets.load_dataset("parquet", data_files=files, streaming=True, **options))
    return [plain(row) for row in datasets.load_dataset(str(folder), table.name, **options)]


def typed(table: ReleasedTable, row: dict[str, str]) -> dict[str, Any]:
    """A row of CSV as the record that it was."""
    of = {"integer": int, "boolean": {"true": True, "false": False}.__getitem__}
    return {field.name: of.get(field.type, str)(row[field.name]) if row[field.name] else None for field in table.fields}


def rows_of(folder: Path, table: ReleasedTable) -> list[Any]:
    """The records of the canonical text."""
    if ".csv" not in table.text:
        return records(folder, table.text)
    with gzip.open(folder / table.text, "rt", encoding="utf-8", newline="") as file:
        return [typed(table, row) for row in csv.DictReader(file)]


READERS = (by_pandas, by_pandas_lines, by_polars, by_duckdb, by_sqlite, by_sqlite_utils, by_datasets)


@pytest.mark.parametrize("read", READERS, ids=lambda it: it.__name__)
def test_what_is_read_back_are_equal_records(folder: Path, read: Callable[[Path, ReleasedTable], list[Any]]) -> None:
    """Of every table; that of changes, of corrections, of reprints and of places have no rows here."""
    for table in TABLES.values():
        assert read(folder, table) == rows_of(folder, table), table.name


def test_datasette_shows_equal_records(folder: Path) -> None:
    paths = [f"/articles/{name}.json?_shape=array&_size=max" for name in TABLES]
    for table, rows in zip(TABLES.values(), asked_of_datasette(folder, *paths), strict=True):
        by_key = itemgetter(*table.key)  # the order of its rows
        assert sorted(of_sqlite(table, rows), key=by_key) == sorted(rows_of(folder, table), key=by_key), table.name


def test_r_reads_equal_records(folder: Path) -> None:
    need_r()
    script = []
    for table in TABLES.values():
        if ".csv" in table.text:
            read = f'read.csv(gzfile("{folder}/{table.text}"), colClasses = "character", na.strings = NULL)'
        else:
            read = f'jsonlite::stream_in(gzfile("{folder}/{table.text}"), verbose = FALSE, simplifyVector = FALSE)'
        script.append(f'cat(jsonlite::toJSON({read}, auto_unbox = TRUE, null = "null", digits = NA), sep = "\\n")')
    command = ["Rscript", "-e", "\n".join(script)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    for table, line in zip(TABLES.values(), done.stdout.splitlines(), strict=True):
        rows = json.loads(line) or []
        found = [typed(table, row) for row in rows] if ".csv" in table.text else rows
        assert found == rows_of(folder, table), table.name


def test_parquet_is_typed(folder: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    schema = parquet.read_schema(folder / "articles.parquet")
    assert schema.field("date").type == pyarrow.date32()
    assert schema.field("last_seen").type == pyarrow.timestamp("ms", "UTC")
    assert schema.field("breadcrumb").type == pyarrow.list_(pyarrow.string())
    assert pyarrow.types.is_struct(schema.field("captures").type.value_type)
    assert parquet.read_metadata(folder / "articles.parquet").row_group(0).column(0).compression == "ZSTD"
    assert not schema.field("title").nullable


def test_duckdb_counts_by_section_without_reading_a_body(folder: Path, tmp_path: Path) -> None:
    """Of 9,000 articles; what it reads is counted."""
    import duckdb
    from fsspec.implementations.local import LocalFileSystem
    from pyarrow import parquet

    table, [first, *_] = TABLES["articles"], records(folder)
    path, reads = tmp_path / "articles.parquet", list[tuple[int, int]]()
    writer, dice = ParquetWriter(path, table), Random(7)
    for start in range(0, 9000, 500):
        writer.write(
            [{**first, "id": f"gdfupin-{n:06}", "body": dice.randbytes(1000).hex()} for n in range(start, start + 500)]
        )
    writer.close()

    class Watched:
        def __init__(self, path: str) -> None:
            self._file = BytesIO(Path(path).read_bytes())

        def read(self, size: int = -1) -> bytes:
            reads.append((self._file.tell(), self._file.tell() + size))
            return self._file.read(size)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

    class Files(LocalFileSystem):  # type: ignore[misc]
        protocol = "watched"

        @classmethod
        def _strip_protocol(cls, path: str) -> str:
            return path.removeprefix("watched://")

        def _open(self, path: str, mode: str = "rb", **_: object) -> Watched:
            return Watched(path)

    with duckdb.connect() as db:
        db.register_filesystem(Files())
        query = f"SELECT section, count(*), min(date), max(date) FROM 'watched://{path}' GROUP BY section"
        [(section, count, *_)] = db.execute(query).fetchall()
    assert (section, count) == (first["section"], 9000)
    metadata = parquet.read_metadata(path)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [4096, 4096, 808]
    bodies = []
    for group in range(metadata.num_row_groups):
        column = metadata.row_group(group).column(metadata.schema.names.index("body"))
        start = min(filter(None, (column.dictionary_page_offset, column.data_page_offset)))
        bodies.append((start, start + column.total_compressed_size))
    assert [(read, body) for read in reads for body in bodies if read[0] < body[1] and body[0] < read[1]] == []
    assert len(reads) < 20
    assert sum(end - start for start, end in reads) < 0.02 * path.stat().st_size


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_the_sheet_is_safe_in_a_spreadsheet(folder: Path) -> None:
    data = (folder / "articles.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,url,title,")
    csv.field_size_limit(1_000_000)
    with (folder / "articles.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows.keys() == {record["id"] for record in records(folder)}
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows.values() for cell in row.values())
    assert all(len(cell.encode("utf-16-le")) <= 2 * CELL for row in rows.values() for cell in row.values())
    odd, pictured, usual = (rows[id_of(url(number))] for number in (100, 101, 1))
    assert odd["title"].startswith("'=1+1")
    assert (odd["date"], odd["body_cut"], len(odd["body"])) == ("", "1", CELL)
    assert (pictured["title"], pictured["attachments"]) == ("'@有图有件", "http://www.gdfupin.org.cn/1.doc =附件")
    assert (usual["body"], usual["body_cut"]) == (body(1), "0")


# --- SQLite ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def db(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{folder}/articles.sqlite?mode=ro", uri=True)


def found(db: sqlite3.Connection, words: str) -> list[str]:
    """The titles that the query finds which the file itself documents."""
    (query,) = db.execute("SELECT value FROM about WHERE key = 'search'").fetchone()
    return [title for _, _, _, title, *_ in db.execute(query, {"q": words})]


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("脱贫", ["连线"]),
        ("脱贫攻坚", ["连线"]),
        ("坚", ["连线"]),
        ("GDP增长", ["连线"]),
        ("ｇｄｐ", ["连线"]),
        ("长8%", ["连线"]),
        ("定点连线 增长", ["连线"]),
        ("图文 OR 脱贫 -增长", ["@有图有件"]),
        ("扶贫攻坚", []),
        ("贫脱", []),
        ("有件", ["@有图有件"]),
        ("@有", ["@有图有件"]),
    ],
)
def test_words_of_any_kind_are_found_by_the_query_in_the_file(
    db: sqlite3.Connection, words: str, titles: list[str]
) -> None:
    assert found(db, words) == titles


def test_the_query_in_the_file_has_snippets_and_counts(db: sqlite3.Connection) -> None:
    (query,) = db.execute("SELECT value FROM about WHERE key = 'search'").fetchone()
    ((date_, section, source, _, snippet, _, _),) = db.execute(query, {"q": "gdp增长"})
    assert (date_, section, source, snippet) == (
        "2009-12-31",
        "扶贫要闻",
        "南方日报",
        "定点连线脱贫攻坚，【GDP增长】8%。",
    )
    ((*_, marked, _, _),) = db.execute(query, {"q": "脱贫攻坚 增长"})
    assert marked == "定点连线【脱贫攻坚】，GDP【增长】8%。"
    ((*_, folded, _, _),) = db.execute(query, {"q": "ｇｄｐ ８％"})
    assert folded == "定点连线脱贫攻坚，【GDP】增长【8%】。"
    (counts,) = db.execute("SELECT value FROM about WHERE key = 'search_by_year'").fetchone()
    assert db.execute(counts, {"q": "脱贫"}).fetchall() == [("2009", 1)]


def test_the_query_in_the_papers_is_the_one_in_the_file(db: sqlite3.Connection) -> None:
    (query,) = db.execute("SELECT value FROM about WHERE key = 'search'").fetchone()
    assert fenced(ROOT / "docs" / "releases.md", "sql") == [f"{query}\n"]


def test_datasette_gets_the_queries_of_the_file(folder: Path, db: sqlite3.Connection) -> None:
    metadata = json.loads((folder / "datasette.json").read_text("utf-8"))
    queries = metadata["databases"]["articles"]["queries"]
    for name, query in queries.items():
        assert db.execute("SELECT value FROM about WHERE key = ?", (name,)).fetchone() == (query["sql"],)
        assert db.execute(query["sql"], {"q": "脱贫"}).fetchall()
    assert len(queries) == 4
    [[row]] = asked_of_datasette(folder, "/articles/search.json?_shape=array&q=脱贫 -没有")
    assert (row["title"], row["snippet"]) == ("连线", "定点连线【脱贫】攻坚，GDP增长8%。")


def test_a_word_of_two_characters_is_found_as_it_is_typed(db: sqlite3.Connection) -> None:
    titles = db.execute("SELECT a.title FROM search JOIN articles a ON a.n = search.rowid WHERE search MATCH '脱贫'")
    assert titles.fetchall() == [("连线",)]
    assert len(found(db, "水泥")) == 30


def test_lists_have_views_and_counts_too(db: sqlite3.Connection) -> None:
    assert db.execute("SELECT article, number, url, caption FROM images").fetchall() == [
        (id_of(url(101)), 1, "http://www.gdfupin.org.cn/1.jpg", "修路")
    ]
    assert db.execute("SELECT count(*) FROM captures").fetchone() == (65,)
    assert dict(db.execute("SELECT year, articles FROM by_year"))["2009"] == 1
    assert sum(count for (count,) in db.execute("SELECT articles FROM by_section")) == 33
    assert db.execute("SELECT value FROM about WHERE key = 'release'").fetchone() == ("2026.01.03",)
    plan = db.execute("EXPLAIN QUERY PLAN SELECT * FROM articles WHERE source = '南方日报'").fetchall()
    assert "articles_source" in plan[0][-1]
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# --- lines -----------------------------------------------------------------------------------------------------------


def test_gzipped_files_hold_no_name_and_no_time(folder: Path) -> None:
    for path in folder.glob("*.gz"):
        head = path.read_bytes()[:10]
        assert head[3] == 0, path.name
        assert head[4:8] == bytes(4), path.name
        assert gzip.decompress(path.read_bytes()).endswith(b"\n") or path.name.startswith("changes")


def test_an_article_stands_as_it_does_on_the_site(folder: Path) -> None:
    statuses = {record["id"]: record["status"] for record in records(folder)}
    assert statuses[id_of(url(0))] == "gone"
    assert statuses[id_of(url(1))] == "live"


def test_the_sample_is_spread_over_sections_and_years() -> None:
    there = [(f"{section}-{year}-{n}", section, str(year)) for section in "甲乙丙" for year in range(2010, 2020) for n in range(50)]  # fmt: skip
    there += [("only", "丁", "2012")]
    chosen = choose(there)
    assert len(chosen) == 100
    assert "only" in chosen
    kinds = {(section, year): 0 for _, section, year in there}
    for id_, section, year in there:
        kinds[section, year] += id_ in chosen
    assert set(kinds.values()) == {1, 3, 4}
    assert choose(reversed(there)) == chosen
    assert choose(there[:5]) == {id_ for id_, *_ in there[:5]}


def test_the_sample_of_a_release_is_some_of_its_articles(folder: Path) -> None:
    sample = records(folder, "sample.jsonl")
    everything = records(folder)
    assert len(sample) == min(100, len(everything))
    assert all(record in everything for record in sample)
