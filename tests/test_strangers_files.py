"""Files of strangers are opened as data: each refusal is one sentence and an exit code, at once, whatever the file is."""

import gzip
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider import data_files
from gdfupin_spider.errors import NothingReadable
from tests.sites import run

DEEP = "[" * 100_000
ENDLESS = """
    CREATE VIEW articles AS WITH RECURSIVE a(id, url, title, date, source, author, section, body, images, attachments,
    content_sha256, captured_at) AS (SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 UNION ALL SELECT * FROM a) SELECT * FROM a
"""


def refused(*arguments: str, code: int = 2) -> str:
    """The message of a command that refuses a file within seconds."""
    done = run(*arguments, timeout=20)
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr.strip().splitlines()[-1]


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def device(path: Path) -> Path:
    path.symlink_to("/dev/zero")
    return path


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A file without articles, which every command can read."""
    path = tmp_path / "articles.jsonl"
    path.touch()
    return path


@pytest.mark.parametrize("make", [pipe, device])
@pytest.mark.parametrize(
    "command",
    [("diff", "FILE", "ARTICLES"), ("probe", "FILE"), ("read", "FILE"), ("read", "--profile", "FILE", "ARTICLES")],
)
def test_pipes_and_devices_are_no_files(
    command: tuple[str, ...], make: Callable[[Path], Path], tmp_path: Path, articles: Path
) -> None:
    paths = {"FILE": str(make(tmp_path / "odd.toml")), "ARTICLES": str(articles)}
    assert "not a file" in refused(*(paths.get(argument, argument) for argument in command))


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": ' + DEEP.encode() + b"}",
        b'{"id": ' + b"9" * 10_000 + b"}",
        b'{"id": [1], "title": {}}',
        gzip.compress(b"{" + b" " * (data_files.LONGEST_LINE + 10), 1),
        b"PAR1" + b"\xff" * 100 + b"PAR1",
        b"SQLite format 3\0" + b"\xff" * 4000,
        b"\0" * 100,
    ],
    ids=["deep", "long number", "types", "long line", "parquet", "sqlite", "zeros"],
)
def test_damaged_and_hostile_articles_are_refused(content: bytes, tmp_path: Path, articles: Path) -> None:
    path = tmp_path / "theirs"
    path.write_bytes(content)
    assert str(path) in refused("diff", str(path), str(articles))


@pytest.mark.parametrize(
    "schema", [ENDLESS, "CREATE TABLE articles(id)", "CREATE VIRTUAL TABLE articles USING fts5(id)"]
)
def test_a_database_is_trusted_only_as_a_table(schema: str, tmp_path: Path, articles: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with sqlite3.connect(path) as db:
        db.execute(schema)
    assert "no articles" in refused("diff", str(path), str(articles))


@pytest.mark.parametrize(
    "content",
    ["x = " + "9" * 100_000, "x = " + DEEP, ".".join("a" * 60_000) + " = 1", "x = 9999-99-99", "# " + "x" * 2_000_000],
    ids=["number", "values", "keys", "date", "size"],
)
def test_a_hostile_profile_or_settings_file_is_refused(content: str, tmp_path: Path, articles: Path) -> None:
    (tmp_path / "operator.toml").write_text(content)
    assert "operator.toml: " in refused("read", "--profile", str(tmp_path / "operator.toml"), str(articles))
    assert "operator.toml: " in refused("crawl", "--output", str(tmp_path), "--start-url", "http://127.0.0.1:1/")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that name a release, and nothing else right."""
    folder = tmp_path_factory.mktemp("release")
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  articles.jsonl.gz\n")
    (folder / "articles.jsonl.gz").write_bytes(b"")
    return folder


def outside(folder: Path) -> None:
    """A manifest that names a file of the machine."""
    value = {
        "release": "r", "format": 2, "date": "2026-01-01", "title": "t", "profile": "p", "reader": "r", "program": "p",
        "previous": None, "records_sha256": "0", "counts": {}, "coverage": {}, "recurring": {}, "allowed": [],
        "made_with": {}, "crawls": [], "reviews_sha256": None,
        "files": [{"name": "../../../etc/passwd", "bytes": 1, "sha256": "0", "rows": 1, "lines_sha256": None}],
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(value))


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: pipe(folder / "manifest.json"),
        lambda folder: (folder / "manifest.json").write_text(DEEP),
        lambda folder: (folder / "manifest.json").write_text('{"files": 5}'),
        lambda folder: ((folder / "articles.jsonl.gz").unlink(), device(folder / "articles.jsonl.gz")),
        outside,
    ],
    ids=["pipe", "deep", "types", "device", "outside"],
)
def test_a_hostile_release_fails_its_checks(change: Callable[[Path], object], release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    shutil.copytree(release, folder)
    change(folder)
    done = run("release", "--verify", str(folder), timeout=20)
    assert done.returncode not in (0, 70), done.stderr
    assert "Traceback" not in done.stderr
    assert "root:" not in done.stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("theirs.warc.gz", gzip.compress(b"\0" * 20_000_000)),
        ("theirs.warc", b"WARC/1.0\r\nX: " + b"a" * 5_000_000 + b"\r\n\r\n"),
        ("theirs.warc", b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\nabc"),
        ("theirs.warc.gz", gzip.compress(b"WARC/1.0\r\nContent-Length: 5\r\n\r\nabc")),
    ],
    ids=["zeros", "header", "length", "short"],
)
def test_a_warc_without_a_record_that_can_be_read_is_no_success(name: str, content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / name).write_bytes(content)
    message = refused("replay", str(folder), "--output", str(tmp_path / "output"), code=NothingReadable.exit_code)
    assert "none of its records can be read" in message
    assert name in message


@pytest.mark.parametrize("make", [pipe, device])
def test_a_warc_is_a_file(make: Callable[[Path], Path], tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    make(tmp_path / "theirs" / "capture.warc.gz")
    done = run("replay", str(tmp_path / "theirs"), "--output", str(tmp_path / "output"), timeout=20)
    assert "not a file" in done.stderr
    assert done.returncode not in (0, 70)


def test_no_limit_is_in_the_way_of_ordinary_files(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[a."b.c"]\nx = [[1, 2], [3, {y = "' + "www.a.b.c.d." * 3 + '"}]]\n')
    assert data_files.toml((tmp_path / "a.toml").read_bytes())["a"]["b.c"]["x"][0] == [1, 2]
    with data_files.opened(tmp_path / "a.toml") as file:
        assert len(list(data_files.lines(file))) == 2
