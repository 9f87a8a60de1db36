"""The inventory of a site in an archive: walks that go on, their union, and indexes that cut, repeat and loop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gdfupin_spider.errors import ArchiveRefuses
from gdfupin_spider.sources.archives.client import ArchiveClient
from gdfupin_spider.sources.archives.indexes import CdxjIndex, Index, IndexPiece, WaybackIndex
from gdfupin_spider.sources.archives.inventory import Inventory
from gdfupin_spider.sources.archives.pace import ArchivePace
from tests.web_archive import ArchiveFaults, Stored, WebArchiveServer, archive_of

CAPTURES = [
    Stored(f"http://www.a.cn/{year}/{number}.htm", f"{year}0101000000", 200, (), b"%d" % number)
    for year in (2012, 2013, 2014)
    for number in range(300)
]


@pytest.fixture
def faults() -> ArchiveFaults:
    return ArchiveFaults()


@pytest.fixture
def server(faults: ArchiveFaults) -> Iterator[WebArchiveServer]:
    others = [
        Stored("http://b.cn/", "20130101000000", 200, (), b""),
        Stored("http://ba.cn/", "20130101000000", 200, (), b""),
    ]
    with archive_of([*CAPTURES, *others], faults) as server:
        yield server


@pytest.fixture
def client(server: WebArchiveServer, tmp_path: Path) -> ArchiveClient:
    return ArchiveClient(ArchivePace(server.url, {"index": 60000, "playback": 60000}, folder=tmp_path / "pace"))


def wayback(server: WebArchiveServer, client: ArchiveClient, rows: int = 100) -> WaybackIndex:
    return WaybackIndex(client, f"{server.url}/cdx/search/cdx", rows)


def test_a_walk_follows_the_resume_key_to_the_end(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(wayback(server, client))
    assert [(walk.rows, walk.pieces) for walk in inventory.walks] == [(900, 9), (900, 9)]
    assert len(list(inventory.rows())) == 900
    assert inventory.added() == 0
    before = len(server.requests)
    Inventory(tmp_path, "a.cn").walk(wayback(server, client))
    assert len(server.requests) == before


class Dying:
    """An index whose process is killed after some pieces."""

    def __init__(self, index: Index, pieces: int) -> None:
        self._index, self._left = index, pieces

    def piece(self, domain: str, cursor: str | None) -> IndexPiece:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return self._index.piece(domain, cursor)


def test_a_walk_that_is_killed_goes_on_where_it_was(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    for pieces in (1, 2, 3):
        with pytest.raises(KeyboardInterrupt):
            Inventory(tmp_path, "a.cn").walk(Dying(wayback(server, client), pieces))
        [file] = tmp_path.glob("*-1.jsonl")
        with file.open("ab") as rows:
            rows.write(b'{"urlkey": "torn')
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(wayback(server, client))
    assert len(list(inventory.rows())) == 900
    assert len(server.requests) == 18


def test_the_union_of_two_walks_counts_and_what_the_second_added_is_known(
    server: WebArchiveServer, client: ArchiveClient, faults: ArchiveFaults, tmp_path: Path
) -> None:
    faults.hide = lambda walk, number: number % 10 == walk
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(wayback(server, client, 10_000))
    assert [walk.rows for walk in inventory.walks] == [810, 810]
    assert (len(list(inventory.rows())), inventory.added()) == (900, 90)


def test_a_cursor_that_comes_back_ends_the_walk_with_a_warning(
    server: WebArchiveServer, client: ArchiveClient, faults: ArchiveFaults, tmp_path: Path
) -> None:
    faults.loop = True
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(wayback(server, client))
    assert all("repeated the cursor" in warning for walk in inventory.walks for warning in walk.warnings)
    assert len(server.requests) < 50


def test_a_scout_reads_some_pieces_and_a_crawl_goes_on(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(wayback(server, client), walks=1, most=3)
    assert (len(list(inventory.rows())), inventory.is_partial) == (300, True)
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(wayback(server, client))
    assert (len(list(inventory.rows())), inventory.is_partial) == (900, False)
    assert len(server.requests) == 18


def test_an_index_without_resume_key_that_cuts_its_answers_is_asked_for_shorter_periods(
    server: WebArchiveServer, client: ArchiveClient, faults: ArchiveFaults, tmp_path: Path
) -> None:
    faults.cut = 500
    inventory = Inventory(tmp_path, "a.cn")
    inventory.walk(CdxjIndex(client, f"{server.url}/county/cdx", 2026), walks=1)
    assert len(list(inventory.rows())) == 900
    assert inventory.walks[0].warnings == ()
    assert len(server.requests) < 12


def test_an_answer_that_is_no_index_is_named(server: WebArchiveServer, client: ArchiveClient) -> None:
    with pytest.raises(ArchiveRefuses, match="its index answered 404: no such page"):
        WaybackIndex(client, f"{server.url}/other").piece("a.cn", None)
