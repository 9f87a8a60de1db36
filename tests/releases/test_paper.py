"""docs/releases.md and the README of a release are held against the code, and what they tell to type works."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.items import Article
from gdfupin_spider.releases.assertions import ASSERTIONS
from gdfupin_spider.releases.cards.readme import LOADING
from gdfupin_spider.releases.chinese_meanings import meanings
from gdfupin_spider.releases.dictionary import Field, dictionary
from gdfupin_spider.releases.records import Released, ReleasedCapture
from gdfupin_spider.releases.released_tables import TABLES
from tests.papers import ROOT, fenced, rows, text
from tests.releases.archives import body, crawl, need_r, released, url, write

PAPER = ROOT / "docs" / "releases.md"
COUNT = 13


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = crawl(0).read(url(50), body(50, "脱贫攻坚"), title="脱贫攻坚进行时", source="中国组织人事报")
    return released(write(tmp_path_factory.mktemp("paper"), made))


@pytest.fixture
def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    return folder


def by_python(line: str, folder: Path) -> int:
    """Runs it, as somebody who imported the library would."""
    import datasets
    import duckdb
    import pandas
    import polars

    if line.startswith("datasets."):
        line = line.replace("2026.11.23", folder.name)
        os.chdir(folder.parent)
        upload = folder.parent / "ORGANISATION" / "NAME"
        if not upload.exists():
            shutil.copytree(folder, upload)
    datasets.config.HF_DATASETS_CACHE = folder.parent / "cache"
    known = {"pandas": pandas, "polars": polars, "duckdb": duckdb, "datasets": datasets}
    found: Any = eval(line, known)
    return sum(row[1] for row in found.fetchall()) if "duckdb" in line else len(found)


def by_duckdb(line: str, folder: Path) -> int:
    import duckdb

    return int(sum(row[1] for row in duckdb.sql(line).fetchall()))


def by_r(line: str, folder: Path) -> int:
    need_r()
    done = subprocess.run(
        ["Rscript", "-e", f"cat('\\n', nrow({line}), '\\n')"],
        cwd=folder, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


def by_sqlite(line: str, folder: Path) -> int:
    if line.startswith("sqlite3 "):
        line = re.sub(r'^sqlite3 \S+ "(.*)"$', r"\1", line)
    with sqlite3.connect(folder / "articles.sqlite") as db:
        return len(db.execute(line).fetchall())


RUN: dict[str, Callable[[str, Path], int]] = {"R": by_r, "SQLite": by_sqlite}


def lines_of_paper() -> list[tuple[str, str]]:
    table = text(PAPER).partition("<!-- loading -->")[2].partition("<!-- /loading -->")[0]
    return re.findall(r"^\| (\w+) \| `(.+)` \|$", table, re.M)


@pytest.mark.parametrize(("program", "line"), lines_of_paper(), ids=[program for program, _ in lines_of_paper()])
def test_each_line_of_the_paper_loads_a_release(inside: Path, program: str, line: str) -> None:
    found = RUN.get(program, by_python)(line, inside)
    assert found == (12 if program == "SQLite" else COUNT)


@pytest.mark.parametrize(("program", "language", "line"), LOADING, ids=[each[0] for each in LOADING])
def test_each_line_of_the_card_loads_the_release(inside: Path, program: str, language: str, line: str) -> None:
    run = by_duckdb if language == "sql" else RUN.get(program, by_python)
    assert run(line, inside) == COUNT
    assert line in (inside / "README.md").read_text("utf-8")


def test_the_first_line_of_the_card_loads_an_upload_by_the_name_of_its_repository(inside: Path) -> None:
    card = (inside / "README.md").read_text("utf-8").partition("How to load the data")[2]
    first = re.search(r"`(.+?)`", card)
    assert first is not None
    assert first[1] == 'datasets.load_dataset("ORGANISATION/NAME", "versions", split="train")'
    assert by_python(f"{first[1]}.filter(lambda row: row['sightings'])", inside) == COUNT
    assert by_python(first[1].replace(', "versions"', ""), inside) == COUNT


def test_versions_load_as_the_paper_says(inside: Path) -> None:
    assert by_python('pandas.read_json("versions.jsonl.gz", lines=True)', inside) == COUNT
    assert '`pandas.read_json("versions.jsonl.gz", lines=True)`' in text(PAPER)


def test_the_searches_of_the_paper_find_what_they_should(inside: Path) -> None:
    [query] = fenced(PAPER, "sql")
    with sqlite3.connect(inside / "articles.sqlite") as db:
        for words in ("脱贫", "脱贫攻坚", "脱贫 -没有的词", '"攻坚进行"', "没有的词 OR 脱贫"):
            assert [row[3] for row in db.execute(query, {"q": words})] == ["脱贫攻坚进行时"], words


def test_the_paper_names_every_file_and_no_other(inside: Path) -> None:
    named = {name for row in rows(PAPER, "The files") for name in re.findall(r"`(\w+\.[\w.]+|SHA256SUMS)`", row[0])}
    assert named == {path.name for path in inside.iterdir()}


def test_the_paper_has_the_tables_with_their_keys_and_references() -> None:
    def columns(names: tuple[str, ...]) -> str:
        return ", ".join(f"`{name}`" for name in names)

    assert rows(PAPER, "Tables")[2:] == [
        [
            f"`{table.name}`",
            table.what,
            columns(table.key),
            "; ".join(f"{columns(each.columns)} → `{each.table}`" for each in table.references),
        ]
        for table in TABLES.values()
    ]


def _kind(field: Field) -> str:
    parts = ", ".join(part.name for part in field.parts)
    kind = {"strings": "list of texts", "structs": f"list of `{{{parts}}}`"}.get(field.type, field.type)
    return f"{kind} or null" if field.nullable else kind


def test_the_paper_has_the_fields_that_a_release_adds_as_the_code_documents_them() -> None:
    added = dictionary(Released)[len(Article.__dataclass_fields__) :]
    known = [[f"`{field.name}`", _kind(field), field.meaning] for field in added]
    assert [row for row in rows(PAPER, "The files") if row[0] in {each[0] for each in known}] == known
    [captures] = [row[1] for row in rows(PAPER, "The files") if row[0] == "`captures.csv.gz`"]
    assert re.findall(r"`(\w+)`", captures) == list(ReleasedCapture.__dataclass_fields__)


def test_the_paper_has_every_assertion_as_the_code_says_it() -> None:
    table = rows(PAPER, "Never worse than the last")[2:]
    assert table == [[f"`{name}`", meaning] for name, (meaning, _) in ASSERTIONS.items()]


def test_every_field_has_its_meaning_in_both_languages_and_no_meaning_is_of_a_field_that_is_gone() -> None:
    named = set()
    for table in TABLES.values():
        for field in table.fields:
            for name, each in [(field.name, field), *((f"{field.name}.{part.name}", part) for part in field.parts)]:
                assert each.meaning, f"{table.name}.{name}"
                assert re.search(r"[\u4e00-\u9fff]", each.meaning_zh), f"{table.name}.{name}"
                named.add((table.name, name))
    assert {(table, name) for table, some in meanings().items() for name in some} <= named
