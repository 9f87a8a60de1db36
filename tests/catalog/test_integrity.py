"""What SQLite reports about a catalog file is believed only where it is true."""

import sqlite3
from pathlib import Path

from gdfupin_spider.catalog.integrity import damage
from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import crawl, run

TABLE = "CREATE TABLE t (a INTEGER NOT NULL, b TEXT NOT NULL, c INTEGER NOT NULL, PRIMARY KEY (c, a)) WITHOUT ROWID"


def test_a_key_that_is_not_in_the_order_of_the_columns_is_no_damage() -> None:
    db = sqlite3.connect(":memory:")
    db.execute(TABLE)
    db.executemany("INSERT INTO t VALUES (?, ?, ?)", [(n, "x", n) for n in range(200)])
    assert (damage(db), damage(db, "quick_check")) == (None, None)


def test_a_value_that_is_not_there_is_damage() -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE t (a INTEGER, b TEXT)")
    db.execute("INSERT INTO t VALUES (1, NULL)")
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = 'CREATE TABLE t (a INTEGER, b TEXT NOT NULL)'")
    db.execute("PRAGMA writable_schema = RESET")
    assert "NULL value in t.b" in str(damage(db))


def test_an_archive_in_which_an_address_failed_is_whole(tmp_path: Path) -> None:
    broken: Answer = (500, {}, b"")
    with Handmade({"/": page(links("/a.htm", "/b.htm")), "/a.htm": article("修路"), "/b.htm": broken}) as site:
        assert crawl(tmp_path, "--start-url", site.url).exit_code == 1
    for arguments in ((), ("--repair",)):
        done = run("verify", "--output", str(tmp_path), *arguments)
        assert (done.returncode, "no damage" in done.stdout) == (0, True), done.stdout
