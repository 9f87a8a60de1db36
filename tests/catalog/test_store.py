"""The catalog's file: what becomes of it when it is old, foreign, damaged, held or not ours to write."""

import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gdfupin_spider.catalog import Catalog, fold
from gdfupin_spider.catalog import store as stored
from gdfupin_spider.errors import CatalogUnusable
from tests.catalog.lines import HOME, NAMING, READER, Crawl, X, Y, dumped, folded

NAME = "catalog.sqlite"


@pytest.fixture
def crawl() -> Crawl:
    return Crawl(0).read(X).read(Y, title="另一则")


def test_the_file_is_in_wal_mode_with_foreign_keys_that_hold(tmp_path: Path, crawl: Crawl) -> None:
    with folded(tmp_path, crawl) as catalog:
        assert catalog._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert catalog._db.execute("PRAGMA user_version").fetchone() == (stored.VERSION,)
        assert catalog._db.execute("PRAGMA foreign_key_check").fetchall() == []
    with stored.writing(tmp_path / NAME) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO version VALUES (1, 1, 1, NULL, '', '', 1, 1)")


def test_to_fold_again_what_is_folded_changes_nothing(tmp_path: Path, crawl: Crawl) -> None:
    folded(tmp_path, crawl).close()
    before = dumped(tmp_path)
    again = fold(tmp_path / NAME, [crawl], READER, NAMING)
    assert (again.lines, again.articles, again.again) == (0, 0, None)
    assert dumped(tmp_path) == before


def test_a_catalog_that_was_deleted_is_folded_again_with_the_same_result(tmp_path: Path, crawl: Crawl) -> None:
    folded(tmp_path, crawl).close()
    before = dumped(tmp_path)
    (tmp_path / NAME).unlink()
    folded(tmp_path, crawl).close()
    assert dumped(tmp_path) == before


@pytest.mark.parametrize("version", [stored.VERSION - 1, stored.VERSION + 1])
def test_an_older_or_newer_catalog_is_folded_again(tmp_path: Path, crawl: Crawl, version: int) -> None:
    folded(tmp_path, crawl).close()
    before = dumped(tmp_path)
    db = sqlite3.connect(tmp_path / NAME)
    db.executescript(
        f"ALTER TABLE article ADD COLUMN more; CREATE TABLE other (n INTEGER REFERENCES sighting (n));"
        f"INSERT INTO other SELECT n FROM sighting; CREATE VIEW seen AS SELECT n FROM other; PRAGMA user_version = {version}"
    )
    db.close()
    with pytest.raises(CatalogUnusable, match="another version"):
        Catalog(tmp_path / NAME)
    assert fold(tmp_path / NAME, [crawl], READER, NAMING).again == "the catalog is of another version of the program"
    assert dumped(tmp_path) == before


def test_another_reader_s_catalog_is_folded_again(tmp_path: Path, crawl: Crawl) -> None:
    folded(tmp_path, crawl).close()
    result = fold(tmp_path / NAME, [], "2+gdfupin.00000000", NAMING)
    assert result.again == f"the reader was {READER} and is 2+gdfupin.00000000"
    with Catalog(tmp_path / NAME) as catalog:
        assert catalog.reader == "2+gdfupin.00000000"
        assert list(catalog.articles()) == []


def test_lines_of_another_reader_are_never_mixed_in(tmp_path: Path, crawl: Crawl) -> None:
    strange = Crawl(1).read(X, "别的文字")
    strange.files["articles"] = [strange.files["articles"][0].replace(READER.encode(), b"2+gdfupin.00000000")]
    result = fold(tmp_path / NAME, [crawl, strange], READER, NAMING)
    assert [problem.reason for problem in result.problems] == [
        f"WrongReader: read by 2+gdfupin.00000000, not by {READER}"
    ]
    with Catalog(tmp_path / NAME) as catalog:
        assert catalog.counts().versions == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda crawl: crawl.files["articles"].pop(), "bytes long and is"),
        (lambda crawl: setattr(crawl, "stamp", "2026-02-01T00:00:00Z"), "was read again"),
    ],
)
def test_lines_that_were_made_again_are_folded_again(tmp_path: Path, crawl: Crawl, change: object, why: str) -> None:
    folded(tmp_path, crawl).close()
    change(crawl)  # type: ignore[operator]
    result = fold(tmp_path / NAME, [crawl], READER, NAMING)
    assert result.again is not None
    assert why in result.again
    before = dumped(tmp_path)
    fold(tmp_path / NAME, [crawl], READER, NAMING, rebuild=True)
    assert dumped(tmp_path) == before


def test_a_crawl_that_was_taken_away_is_taken_out(tmp_path: Path, crawl: Crawl) -> None:
    folded(tmp_path, crawl, Crawl(1).read(X, "改过")).close()
    result = fold(tmp_path / NAME, [crawl], READER, NAMING)
    assert result.again is not None
    with Catalog(tmp_path / NAME) as catalog:
        assert catalog.counts().versions == 2


def test_a_line_that_is_none_is_passed_over_and_named(tmp_path: Path, crawl: Crawl) -> None:
    odd = [b"{\n", b"[]\n", b'{"id":1}\n', b'{"reader":"%s","title":null}\n' % READER.encode(), b"\xff\n"]
    crawl.files["articles"] += odd
    crawl.files["pages"] = [b'{"url":"x"}\n']
    result = fold(tmp_path / NAME, [crawl], READER, NAMING)
    assert [(problem.kind, problem.reason.partition(":")[0]) for problem in result.problems] == [
        ("articles", "JSONDecodeError"), ("articles", "ValueError"), ("articles", "KeyError"),
        ("articles", "KeyError"), ("articles", "UnicodeDecodeError"), ("pages", "KeyError"),
    ]  # fmt: skip
    with Catalog(tmp_path / NAME) as catalog:
        assert catalog.counts().versions == 2


def test_a_lone_surrogate_does_not_stop_the_fold(tmp_path: Path) -> None:
    crawl = Crawl(0).read(X, title="扶贫X要闻", section="要X闻")
    crawl.files["articles"] = [crawl.files["articles"][0].replace(b"X", b"\\ud800")]
    with folded(tmp_path, crawl) as catalog:
        assert [article.title for article in catalog.articles()] == ["扶贫?要闻"]


@pytest.mark.parametrize("damage", [b"not a database at all, by no means " * 40, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_fails_to_open_is_kept_and_set_aside_only_when_asked(
    tmp_path: Path, crawl: Crawl, damage: bytes
) -> None:
    path = tmp_path / NAME
    path.write_bytes(damage)
    with pytest.raises(CatalogUnusable, match="--rebuild"):
        fold(path, [crawl], READER, NAMING)
    assert path.read_bytes() == damage
    fold(path, [crawl], READER, NAMING, rebuild=True)
    assert (tmp_path / f"{NAME}.aside-1").read_bytes() == damage
    with Catalog(path) as catalog:
        assert catalog.counts().versions == 2


def test_a_file_damaged_farther_in_is_set_aside_when_asked(tmp_path: Path, crawl: Crawl) -> None:
    path = tmp_path / NAME
    for number in range(300):
        crawl.read(f"{HOME}{number}.asp", title=f"第{number}则")
    folded(tmp_path, crawl).close()
    before = dumped(tmp_path)
    size = path.stat().st_size
    with path.open("r+b") as file:
        for page in range(4, size // 4096, 2):
            file.seek(4096 * page)
            file.write(b"\xff" * 2000)
    with pytest.raises(CatalogUnusable, match="--rebuild"):
        fold(path, [crawl, Crawl(1).read(f"{HOME}7.asp", "改过")], READER, NAMING)
    fold(path, [crawl], READER, NAMING, rebuild=True)
    assert (tmp_path / f"{NAME}.aside-1").stat().st_size == size
    assert dumped(tmp_path) == before


def test_another_program_s_database_is_left_alone(tmp_path: Path, crawl: Crawl) -> None:
    db = sqlite3.connect(tmp_path / NAME)
    db.executescript("CREATE TABLE mine (n); INSERT INTO mine VALUES (1)")
    db.close()
    with pytest.raises(CatalogUnusable, match="another program"):
        fold(tmp_path / NAME, [crawl], READER, NAMING)
    db = sqlite3.connect(tmp_path / NAME)
    assert db.execute("SELECT n FROM mine").fetchall() == [(1,)]
    db.close()


def test_a_held_catalog_is_not_rebuilt_but_waited_for(
    tmp_path: Path, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded(tmp_path, crawl).close()
    monkeypatch.setattr(stored, "PATIENCE", 0.05)
    with stored.writing(tmp_path / NAME):
        for rebuild in (False, True):
            with pytest.raises(CatalogUnusable, match="another process") as error:
                fold(tmp_path / NAME, [crawl], READER, NAMING, rebuild=rebuild)
            assert error.value.held
    assert not (tmp_path / f"{NAME}.aside-1").exists()


def test_readers_see_the_old_catalog_until_the_new_one_is_whole(tmp_path: Path, crawl: Crawl) -> None:
    with folded(tmp_path, crawl) as catalog:
        before = catalog.counts()
        with stored.writing(tmp_path / NAME, rebuild=True) as db:
            assert db.execute("SELECT count(*) FROM sighting").fetchone() == (0,)
            assert catalog.counts() == before
            with Catalog(tmp_path / NAME) as another:
                assert another.counts() == before
        assert catalog._db.execute("SELECT count(*) FROM sighting").fetchone() == (0,)


def test_a_closed_catalog_is_one_file(tmp_path: Path, crawl: Crawl) -> None:
    with folded(tmp_path, crawl) as catalog, Catalog(tmp_path / NAME) as another:
        assert another.counts() == catalog.counts()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(NAME)] == [NAME]


def test_whoever_reads_cannot_write(tmp_path: Path, crawl: Crawl) -> None:
    with folded(tmp_path, crawl) as catalog, pytest.raises(sqlite3.OperationalError, match="readonly"):
        catalog._db.execute("DELETE FROM sighting")


def test_there_is_nothing_to_read_before_the_first_fold(tmp_path: Path) -> None:
    with pytest.raises(CatalogUnusable, match="gdfupin catalog"):
        Catalog(tmp_path / NAME)
    assert not (tmp_path / NAME).exists()


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """Root may write anywhere, unless it drops its capabilities: so in a process of its own."""
    script = textwrap.dedent(f"""
        import ctypes, os
        from pathlib import Path
        from gdfupin_spider.errors import CannotWrite, CatalogUnusable
        from tests.catalog.lines import *
        from tests.catalog.test_store import NAME, fold
        if os.geteuid() == 0:
            assert ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()) == 0
        try:
            fold(Path({str(tmp_path)!r}) / NAME, [Crawl(0).read(X)], READER, NAMING)
        except (CannotWrite, CatalogUnusable) as error:
            print(type(error).__name__)
    """)
    root = Path(__file__).parents[2]
    tmp_path.chmod(0o500)
    try:
        done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    finally:
        tmp_path.chmod(0o700)
    assert done.stdout.strip() in ("CannotWrite", "CatalogUnusable")
    assert list(tmp_path.iterdir()) == []


def test_a_fold_that_is_killed_leaves_the_catalog_as_it_was(tmp_path: Path, crawl: Crawl) -> None:
    folded(tmp_path, crawl).close()
    before = dumped(tmp_path)
    script = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from gdfupin_spider.catalog import fold
        from gdfupin_spider.catalog import fold as _
        import sys
        sys.modules["gdfupin_spider.catalog.fold"].rewrite_histories = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        from tests.catalog.lines import *
        crawl = Crawl(0).read(X).read(Y, title="另一则")
        fold(Path({str(tmp_path / NAME)!r}), [crawl, Crawl(1).read(X, "改过" * 5000)], READER, NAMING)
    """)
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert dumped(tmp_path) == before
    shutil.copytree(tmp_path, tmp_path / "copy")
    crawls = [crawl, Crawl(1).read(X, "改过" * 5000)]
    fold(tmp_path / NAME, crawls, READER, NAMING)
    fold(tmp_path / "copy" / "new.sqlite", crawls, READER, NAMING)
    (tmp_path / "copy" / "new.sqlite").replace(tmp_path / "copy" / NAME)
    assert dumped(tmp_path) == dumped(tmp_path / "copy")


def test_start_pages_that_are_known_later_count_as_if_they_had_been_from_the_start(tmp_path: Path) -> None:
    mirror = "http://mirror.example.cn/"
    first, second = Crawl(0).read(X), Crawl(1).page(mirror, "foreign").missing(X)
    folded(tmp_path, first, second).close()
    second.homes = (mirror,)
    with folded(tmp_path, first, second) as catalog:
        assert [doubted.why for doubted in catalog.doubted()] == ["home"]
        assert catalog.counts().articles == {"live": 1}
    before = dumped(tmp_path)
    fold(tmp_path / NAME, [first, second], READER, NAMING, rebuild=True)
    assert dumped(tmp_path) == before


def test_a_crawl_that_grows_is_folded_on(tmp_path: Path) -> None:
    grown = Crawl(0).read(X)
    folded(tmp_path, grown).close()
    grown.read(Y, title="另一则").page(HOME, "home").failure(f"{HOME}slow.asp")
    assert fold(tmp_path / NAME, [grown], READER, NAMING).lines == 4
    with Catalog(tmp_path / NAME) as catalog:
        assert catalog.counts().sightings == 2
