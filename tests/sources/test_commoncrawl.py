"""Common Crawl on loopback: index files and records by byte ranges, and what is wrong with some of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gdfupin_spider.errors import ArchiveRefuses, WrongArgument
from gdfupin_spider.sources.archives.cdx_rows import IndexRow
from gdfupin_spider.sources.archives.client import ArchiveClient
from gdfupin_spider.sources.archives.commoncrawl import WINDOW, CommonCrawlIndex, CommonCrawlPlayback
from gdfupin_spider.sources.archives.inventory import Inventory
from gdfupin_spider.sources.archives.memento import Refusal
from gdfupin_spider.sources.archives.pace import ArchivePace
from gdfupin_spider.warc import Exchange
from tests.common_crawl import files_of
from tests.web_archive import Stored, WebArchiveServer, archive_of

SITE = "http://www.gdfupin.org.cn"
TYPE = (("Content-Type", "text/html"),)
OLD = [Stored(f"{SITE}/show.asp?id={n}", "20090501000000", 200, TYPE, b"old %d" % n) for n in range(3)]
NEW = [Stored(f"{SITE}/show.asp?id={n}", "20140501000000", 200, TYPE, b"new %d" % n) for n in range(150)]
NEW += [
    Stored("https://gdfupin.org.cn:8443/a.htm", "20140501000000", 200, TYPE, b"port"),
    Stored("http://news.gdfupin.org.cn/", "20140501000000", 302, (("Location", "/x"),), b""),
    Stored(f"{SITE}/cut.htm", "20140501000000", 200, TYPE, b"cut"),
]  # fmt: skip
NAMES = ("CC-MAIN-2009-2010", "CC-MAIN-2014-15")


@pytest.fixture
def server() -> Iterator[WebArchiveServer]:
    with archive_of([]) as server:
        server.files = files_of(dict(zip(NAMES, (OLD, NEW), strict=True)), truncated=[f"{SITE}/cut.htm"])
        yield server


@pytest.fixture
def client(server: WebArchiveServer, tmp_path: Path) -> ArchiveClient:
    pace = ArchivePace(server.url, {"index": 60000, "playback": 60000}, folder=tmp_path / "pace")
    return ArchiveClient(pace, waits=(0,))


def index_of(server: WebArchiveServer, client: ArchiveClient, *named: str, window: int = WINDOW) -> CommonCrawlIndex:
    return CommonCrawlIndex(client, f"{server.url}/collinfo.json", server.url, named, window)


def rows_of(server: WebArchiveServer, client: ArchiveClient, tmp_path: Path) -> dict[tuple[str, int], IndexRow]:
    inventory = Inventory(tmp_path / "inventory", "gdfupin.org.cn")
    inventory.walk(index_of(server, client), walks=1)
    return {(row.url, row.year): row for row in inventory.rows()}


def test_all_rows_of_the_site_are_found_and_no_others(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    rows = rows_of(server, client, tmp_path)
    assert set(rows) == {(each.url, int(each.timestamp[:4])) for each in (*OLD, *NEW)}
    assert sum(path.endswith("cluster.idx") for path in server.paths("index")) == 2 * 2
    assert sum("cdx-0" in path for path in server.paths("index")) <= 2 * 2  # adjacent blocks of a file at once
    assert [row.url for row in rows.values() if row.truncated] == [f"{SITE}/cut.htm"]


def test_the_place_of_the_site_is_found_by_few_requests_and_fewer_where_the_collection_before_had_it(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    index = index_of(server, client, window=400)  # of lists of 15,000 bytes
    inventory = Inventory(tmp_path / "inventory", "gdfupin.org.cn")
    inventory.walk(index, walks=1)
    assert {(row.url, row.year) for row in inventory.rows()} == {
        (each.url, int(each.timestamp[:4])) for each in (*OLD, *NEW)
    }
    first, second = (sum(f"{name}/indexes/cluster.idx" in path for path in server.paths("index")) for name in NAMES)
    assert second < first <= 9


def test_every_record_is_had_with_its_digest_from_warc_and_arc(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    playback = CommonCrawlPlayback(client, server.url)
    stored = {(each.url, int(each.timestamp[:4])): each for each in (*OLD, *NEW)}
    for name, row in rows_of(server, client, tmp_path).items():
        exchange = playback(row)
        assert isinstance(exchange, Exchange), exchange
        assert (exchange.url, exchange.payload, exchange.status) == (name[0], stored[name].body, stored[name].status)
        assert exchange.captured_at == row.captured_at
        assert exchange.source_note == f"{row.filename} {row.offset}"
        assert exchange.truncated == ("length" if name[0].endswith("cut.htm") else None)


def test_what_is_not_the_record_of_the_index_is_refused(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    row = rows_of(server, client, tmp_path)[NEW[0].url, 2014]
    playback = CommonCrawlPlayback(client, server.url)
    cases = {
        "mismatch": [replace(row, digest="A" * 32), replace(row, url=f"{SITE}/other.htm"), replace(row, timestamp="20140501000001")],
        "missing": [replace(row, filename="crawl-data/none.warc.gz")],
        "failed": [replace(row, offset=None), replace(row, offset=3), replace(row, length=10**9)],
    }  # fmt: skip
    for reason, wrong in cases.items():
        for each in wrong:
            refusal = playback(each)
            assert isinstance(refusal, Refusal), each
            assert refusal.reason == reason, refusal


def test_collections_can_be_named(server: WebArchiveServer, client: ArchiveClient, tmp_path: Path) -> None:
    inventory = Inventory(tmp_path / "inventory", "gdfupin.org.cn", NAMES[0])
    inventory.walk(index_of(server, client, NAMES[0]), walks=1)
    assert len(list(inventory.rows())) == len(OLD)
    with pytest.raises(WrongArgument, match="no index CC-MAIN-1990; the newest is CC-MAIN-2014-15"):
        index_of(server, client, "CC-MAIN-1990").names()


def test_an_index_that_cannot_be_read_is_a_warning_and_the_others_go_on(
    server: WebArchiveServer, client: ArchiveClient, tmp_path: Path
) -> None:
    del server.files[f"/cc-index/collections/{NAMES[0]}/indexes/cluster.idx"]
    inventory = Inventory(tmp_path / "inventory", "gdfupin.org.cn")
    inventory.walk(index_of(server, client), walks=1)
    assert len(list(inventory.rows())) == len(NEW)
    [warning] = inventory.walks[0].warnings
    assert warning.startswith(f"{NAMES[0]}: its index cannot be read: status 404")


def test_a_list_that_is_none_is_named(server: WebArchiveServer, client: ArchiveClient) -> None:
    server.files["/collinfo.json"] = json.dumps({"message": "too many requests"}).encode()
    with pytest.raises(ArchiveRefuses, match="its list of indexes is"):
        index_of(server, client).names()
    del server.files["/collinfo.json"]
    with pytest.raises(ArchiveRefuses, match="its list of indexes cannot be read: status 404"):
        index_of(server, client).names()
