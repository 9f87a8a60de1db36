"""The tables of a release: their rows, and that their keys and references hold in every description of them."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from gdfupin_spider.diff import DiffQuery
from gdfupin_spider.diff.tables import PROOF_KEYS, jsonl
from gdfupin_spider.releases.released_tables import TABLES
from tests.catalog.lines import id_of
from tests.diff.test_archive import answered
from tests.releases.archives import body, crawl, released, url, write
from tests.releases.test_formats import READERS, rows_of

SPEECH = "\n".join(
    body(number, f"第{number}组又修了{number * 3}里路，种了{number * 5}亩茶。") for number in range(200, 206)
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second release: with changes, a text printed twice, places."""
    output = write(tmp_path_factory.mktemp("tables"), crawl(0))
    released(output)
    later = crawl(1).read(url(20), SPEECH, title="梅县区修路", date="2016-03-01", source="梅州日报", section="地市联播")
    later.read(url(21), SPEECH, title="路通了", date="2016-03-02", source="南方日报讯", section=None)
    later.read(url(3), body(3, "更正"), title="第3村修路记")
    return released(write(output, later))


EMPTY = {"corrections", "tombstones"}
"""Tables without a row in the release."""


def test_every_program_reads_equal_rows_of_every_table(folder: Path) -> None:
    rows = {name: rows_of(folder, table) for name, table in TABLES.items()}
    assert {name for name, each in rows.items() if not each} == EMPTY
    for read in READERS:
        if read.__name__ != "by_datasets":  # it makes a cache for each table; test_formats has it
            assert {name: read(folder, table) for name, table in TABLES.items()} == rows, read.__name__


def test_sections_sources_and_reprints_are_counted_and_places_listed(folder: Path) -> None:
    def rows(name: str) -> list[dict[str, object]]:
        return rows_of(folder, TABLES[name])

    sections = {row["section"]: row["articles"] for row in rows("sections")}
    assert sections == {"地市联播": 5, "扶贫要闻": 4, "部门动态": 4}
    assert [(row["source"], row["source_name"], row["articles"]) for row in rows("sources")] == [
        ("南方日报", "南方日报", 12),
        ("南方日报讯", "南方日报", 1),
        ("梅州日报", "梅州日报", 1),
    ]
    assert rows("reprints") == [
        {
            "reprint_group": id_of(url(20)),
            "articles": 2,
            "sources": 2,
            "first_date": "2016-03-01",
            "last_date": "2016-03-02",
        }
    ]
    assert [(row["id"], row["number"], row["code"], row["in_title"]) for row in rows("places")] == [
        (id_of(url(20)), 1, "441403", True)
    ]
    assert {row["kind"] for row in rows("changes")} >= {"added", "edited"}


def test_changes_have_the_texts_and_proofs_that_a_diff_of_the_archive_has(tmp_path: Path) -> None:
    """An article that was edited, a new one, and one that is gone: its text stays, and what answered 404 proves it."""
    released(write(tmp_path, crawl(0)))
    later = answered(tmp_path, crawl(7, [1, 2, *range(4, 13)]), (url(0), 404)).read(
        url(3), body(3, "更正"), title="=第3村修路记"
    )
    write(tmp_path, later, answered(tmp_path, crawl(8, []), (url(0), 410)))
    found = {row["kind"]: row for row in rows_of(released(tmp_path), TABLES["changes"])}
    with DiffQuery(tmp_path, (crawl(0).name, "latest"), None, datetime(2026, 1, 20, tzinfo=UTC), UTC) as query:
        lines = {line["kind"]: line for line in map(json.loads, jsonl(query.changes(), query.proofs))}
    assert found.keys() == lines.keys() == {"added", "edited", "gone"}
    for kind, line in lines.items():
        sides = ("proof_before", "proof_after")
        proofs = {f"{side}_{key}": (line[side] or {}).get(key) for side in sides for key in PROOF_KEYS}
        same = (
            "id",
            "title",
            "section",
            "fields",
            "values",
            "date",
            "source",
            "missing_since",
            "seen_before",
            "seen_after",
        )
        assert {**{name: line[name] for name in same}, **proofs} == {
            name: found[kind][name] for name in (*same, *proofs)
        }, kind
    assert found["gone"]["proof_after_status"] == 410
    assert {"field": "body", "before": body(0), "after": None} in found["gone"]["values"]
    with sqlite3.connect(tmp_path / "releases/latest/articles.sqlite") as db:
        query_ = "SELECT field, before, after FROM changed_fields WHERE kind = 'edited' AND field = 'title'"
        assert db.execute(query_).fetchall() == [("title", "第3村修路记", "=第3村修路记")]


def test_keys_are_unique_and_references_lead_to_a_row(folder: Path) -> None:
    with sqlite3.connect(folder / "articles.sqlite") as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in TABLES.values():
            found = db.execute(f"PRAGMA foreign_key_list({table.name})").fetchall()
            assert {(each[2], each[3], each[4]) for each in found} == {
                (reference.table, *columns)
                for reference in table.references
                for columns in zip(reference.columns, reference.key, strict=True)
            }
    for table in TABLES.values():
        rows = rows_of(folder, table)
        keys = {tuple(row[name] for name in table.key) for row in rows}
        assert len(keys) == len(rows), table.name
        for reference in table.references:
            known = {tuple(row[name] for name in reference.key) for row in rows_of(folder, TABLES[reference.table])}
            values = {tuple(row[name] for name in reference.columns) for row in rows}
            assert {each for each in values if None not in each} <= known, (table.name, reference)


def test_the_cards_describe_tables_keys_and_references(folder: Path) -> None:
    from huggingface_hub import DatasetCard

    card = (folder / "README.md").read_text("utf-8")
    known = [{"config_name": name, "data_files": table.parquet} for name, table in TABLES.items() if name not in EMPTY]
    known[0]["default"] = True  # type: ignore[assignment]
    assert yaml.safe_load(card.split("---\n")[1])["configs"] == known
    assert DatasetCard.load(folder / "README.md").data.configs == known
    resources = {
        each["path"]: each for each in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    }
    sets = {each["name"]: each for each in json.loads((folder / "croissant.json").read_text("utf-8"))["recordSet"]}
    for table in TABLES.values():
        assert f"| `{table.name}` |" in card
        if table.name not in EMPTY:
            schema = resources[table.text]["schema"]
            assert schema["primaryKey"] == list(table.key)
            keys_of = [tuple(each["fields"]) for each in schema["foreignKeys"]]
            # Frictionless takes a null in a key of several columns for a value that is missing there.
            assert keys_of == [
                each.columns
                for each in table.references
                if each.columns != ("id", "version") or table.name != "captures"
            ]
        keys = [f"{table.name}/{name}" for name in table.key]
        found = sets[table.name]["key"]
        assert [each["@id"] for each in (found if isinstance(found, list) else [found])] == keys
        referring = {each["name"] for each in sets[table.name]["field"] if " Refers to " in f" {each['description']}"}
        assert referring == {name for reference in table.references for name in reference.columns}
