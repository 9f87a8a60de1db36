"""Files of articles: whatever form they come in, the same; damaged or foreign ones are named with the place."""

import gzip
import hashlib
import json
import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from gdfupin_spider.diff import ArticlesInMemory, compare, opened
from gdfupin_spider.errors import NotArticles
from tests.diff.records import BODY, OTHER, X, Y, Z, article, at

XS, YS, ZS, YS2, ZS2 = ({"id": article(url)["id"], "url": url} for url in (X, Y, Z, f"{Y}2", f"{Z}2"))
OLD = [
    article(X, status="live", aliases=[XS], captions=["图"], names=["附件"], last_seen=at(1)),
    article(Y, OTHER, date=None, status="live", aliases=[YS, YS2], last_seen=at(1)),
    article(Z, title="将去", status="live", aliases=[ZS], last_seen=at(1)),
]
NEW = [
    article(X, f"{BODY}又记。", status="live", aliases=[XS], captions=["图"], names=["附件"], captured_at=at(2)),
    article(Y, OTHER, date=None, section="部门动态", status="live", aliases=[YS, YS2], captured_at=at(2)),
    article(Z, title="将去", status="gone", aliases=[ZS]),
    article(f"{Z}2", title="新来", status="live", aliases=[ZS2], captured_at=at(2)),
]
Set = list[dict[str, Any]]


def jsonl(path: Path, articles: Set) -> Path:
    path.write_text("".join(json.dumps(each, ensure_ascii=False) + "\n" for each in articles))
    return path


def gzipped(path: Path, articles: Set) -> Path:
    path.write_bytes(gzip.compress(jsonl(path, articles).read_bytes()))
    return path


def typed(path: Path, articles: Set, rows: int = 2) -> Path:
    """Parquet in which dates are dates and times are times."""
    values = [dict(each) for each in articles]
    for value in values:
        value["date"] = date.fromisoformat(value["date"]) if value["date"] else None
        for name in ("captured_at", "last_seen"):
            if name in value:
                value[name] = datetime.fromisoformat(value[name])
    parquet.write_table(pyarrow.Table.from_pylist(values), path, row_group_size=rows)
    return path


def database(path: Path, articles: Set) -> Path:
    names = sorted({name for each in articles for name in each})
    with sqlite3.connect(path) as db:
        db.execute(f"CREATE TABLE articles ({', '.join(names)})")
        for each in articles:
            values = [json.dumps(value) if isinstance(value := each.get(name), list) else value for name in names]
            db.execute(f"INSERT INTO articles VALUES ({', '.join('?' * len(names))})", values)
    db.close()
    return path


FORMS: dict[str, Callable[[Path, Set], Path]] = {
    "jsonl": jsonl,
    "jsonl.gz": gzipped,
    "parquet": typed,
    "sqlite": database,
}


@pytest.mark.parametrize("new", FORMS)
@pytest.mark.parametrize("old", FORMS)
def test_two_files_of_any_form_differ_as_what_they_hold(tmp_path: Path, old: str, new: str) -> None:
    names = "old", "new"
    files = FORMS[old](tmp_path / f"old.{old}", OLD), FORMS[new](tmp_path / f"new.{new}", NEW)
    known = list(compare(ArticlesInMemory(OLD, "old"), ArticlesInMemory(NEW, "new")))
    assert [each.kind for each in known if each.url == X] == ["edited"]
    assert len(known) == 4
    found = list(compare(*(opened(file, name) for file, name in zip(files, names, strict=True))))
    assert found == known
    for one, other in zip(found, known, strict=True):
        for mine, theirs in ((one.old, other.old), (one.new, other.new)):
            assert theirs is None or {**(mine or {}), "aliases": theirs["aliases"]} == theirs


def test_what_a_file_is_its_bytes_say_and_not_its_name(tmp_path: Path) -> None:
    for form, write in FORMS.items():
        assert list(compare(opened(write(tmp_path / f"{form}.dat", OLD)), ArticlesInMemory(OLD))) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_folder_of_a_release_or_a_crawl_is_its_articles(tmp_path: Path, form: str) -> None:
    FORMS[form](tmp_path / f"articles.{form}", OLD)
    assert list(compare(opened(tmp_path), ArticlesInMemory(OLD))) == []


def test_half_a_last_line_of_a_killed_crawl_is_not_there_yet(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "articles.jsonl", OLD)
    file.write_bytes(file.read_bytes()[:-20])
    assert [each.kind for each in compare(opened(tmp_path), ArticlesInMemory(OLD))] == ["added"]
    with pytest.raises(NotArticles, match=r"line 3, byte \d+: no JSON"):
        list(opened(file).heads())


def test_lines_with_a_byte_order_mark_and_empty_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / "edited by hand.jsonl"
    file.write_text("\ufeff" + "\r\n\n".join(map(json.dumps, OLD)))
    assert list(compare(opened(file), ArticlesInMemory(OLD))) == []


def test_an_empty_file_has_no_articles(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert [each.kind for each in compare(opened(tmp_path / "empty.jsonl"), ArticlesInMemory(OLD))] == ["added"] * 3


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b'{"id": "x"}\n', "line 1, byte 0: no article: it has no url, title"),
        ("a.jsonl", b'{"id": "x",\n', "line 1, byte 0: no JSON"),
        ("a.jsonl.gz", gzip.compress(json.dumps(OLD).encode(), mtime=0)[:-30], "damaged gzip"),
        ("a.jsonl.gz", gzip.compress(b"[]\n", mtime=0), "line 1, byte 0: no article: no JSON object"),
        ("a.parquet", b"PAR1 and nothing else PAR1", "damaged Parquet"),
        ("a.sqlite", b"SQLite format 3\0 and nothing else", "damaged SQLite"),
        ("articles.csv", b"id,url\n", "CSV is for Excel"),
        ("a.html", b"<html>", "neither JSON Lines"),
    ],
)
def test_a_damaged_or_foreign_file_is_named_with_the_place(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(NotArticles) as raised:
        list(opened(file).heads())
    assert str(file) in str(raised.value)
    assert reason in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_table_of_something_else_is_no_set_of_articles(tmp_path: Path) -> None:
    parquet.write_table(pyarrow.table({"id": ["a"]}), tmp_path / "a.parquet")
    with sqlite3.connect(tmp_path / "a.sqlite") as db:
        db.execute("CREATE TABLE articles (id)")
    db.close()
    for name in ("a.parquet", "a.sqlite"):
        with pytest.raises(NotArticles, match="no articles"):
            opened(tmp_path / name)


def test_a_record_that_lacks_a_field_is_named_where_it_is_read(tmp_path: Path) -> None:
    broken = {name: value for name, value in OLD[0].items() if name != "body"}
    file = jsonl(tmp_path / "a.jsonl", [OLD[1], broken])
    with pytest.raises(NotArticles, match=r"line 2, byte \d+: no article: it has no body"):
        list(compare(opened(file), ArticlesInMemory([])))


def test_a_damaged_page_of_parquet_is_named_by_its_row_group(tmp_path: Path) -> None:
    file = typed(tmp_path / "a.parquet", OLD * 50, rows=40)
    data = bytearray(file.read_bytes())
    data[len(data) // 3 : len(data) // 3 + 200] = b"\xff" * 200
    file.write_bytes(data)
    with pytest.raises(NotArticles, match=r"row group|columns"):
        list(compare(opened(file), ArticlesInMemory([])))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotArticles, match="No such file"):
        opened(tmp_path / "none.jsonl")
    with pytest.raises(NotArticles, match="a folder with none of"):
        opened(tmp_path)


@pytest.mark.parametrize("form", FORMS)
def test_an_alias_tells_an_article_in_every_form(tmp_path: Path, form: str) -> None:
    later = [{**each, "aliases": [*each["aliases"], {"id": "gdfupin-0", "url": f"{each['url']}?old"}]} for each in OLD]
    old = [article(f"{Z}?old", "题文皆异")]
    (change, *added) = compare(ArticlesInMemory(old), opened(FORMS[form](tmp_path / "new", later)))
    assert sorted([change.kind, *(each.kind for each in added)]) == ["added", "added", "edited", "moved"]
    assert [each.url_before for each in [change, *added] if each.kind == "moved"] == [f"{Z}?old"]
    assert list(compare(ArticlesInMemory([*old, *OLD]), opened(tmp_path / "new"))) == []


@pytest.mark.parametrize("write", [jsonl, gzipped, typed, database])
def test_an_edit_is_seen_although_the_digest_was_left_as_it_was(
    tmp_path: Path, write: Callable[[Path, Set], Path]
) -> None:
    edited = [
        {**OLD[0], "body": OLD[0]["body"] + "后来有人改过。"},
        {**OLD[1], "source": "不是原来的报纸"},
        OLD[2],
    ]
    old, new = opened(write(tmp_path / "old", OLD)), opened(write(tmp_path / "new", edited))
    changes = list(compare(old, new))
    assert [change.kind for change in changes] == ["edited", "edited"]
    assert all(change.before != change.after for change in changes)


@pytest.mark.parametrize("write", [typed, database])
def test_the_digests_of_a_released_file_are_trusted_only_while_it_is_as_released(
    tmp_path: Path, write: Callable[[Path, Set], Path]
) -> None:
    path = write(tmp_path / "articles", [{**OLD[0], "content_sha256": "0" * 64}])
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  articles\n")
    assert [tuple(head)[1] for head in opened(path).heads()] == ["0" * 64]
    sums.write_text(f"{'1' * 64}  articles\n")
    assert [tuple(head)[1] for head in opened(path).heads()] == [OLD[0]["content_sha256"]]
