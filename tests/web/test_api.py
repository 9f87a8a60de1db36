"""The API of the reading room: it describes itself, long lists come part by part, exports are whole."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gdfupin_spider.web import api, exports
from tests.catalog.lines import id_of
from tests.releases.archives import url
from tests.web.rooms import Room


def test_the_api_has_what_the_release_has_and_describes_itself(room: Room) -> None:
    described = json.loads(room.get("/api/v1/openapi.json").text)
    assert set(described["paths"]) == {f"/api/v1{each.path}" for each in api.ENDPOINTS} | {
        f"/api/v1/search.{each}" for each in exports.KINDS
    }
    for path in described["paths"]:
        got = room.get(path.replace("{id}", id_of(url(3))))
        assert got.status == (400 if path.endswith(".wacz") else 200), path  # this archive has no WARC files
        assert got.headers["access-control-allow-origin"] == "*"
    versions: list[dict[str, Any]] = json.loads(room.get(f"/api/v1/articles/{id_of(url(3))}/versions").text)
    assert [each["version"] for each in versions] == [1, 2]
    assert json.loads(room.get("/api/v1/articles/nothing").text) == {"error": "no such article: nothing"}


@pytest.mark.parametrize("table", ["articles", "versions", "captures", "search"])
def test_a_long_list_is_read_part_by_part_and_each_row_once(room: Room, table: str) -> None:
    address, rows, parts = f"/api/v1/{table}?limit=7&sort=date", list[dict[str, Any]](), 0
    while address:
        got = room.get(address)
        answer = json.loads(got.text)
        rows += answer["hits"] if table == "search" else answer
        parts += 1
        [address] = re.findall(r'^<(.*)>; rel="next"$', got.headers["link"]) if "link" in got.headers else [""]
    counts = json.loads(room.get("/api/v1/release").text)["counts"]
    assert len(rows) == counts["articles" if table == "search" else table]
    assert parts == -(-len(rows) // 7)
    keys = [json.dumps([row["id"], row.get("version"), row.get("number")]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_a_cursor_of_another_release_is_refused(room: Room) -> None:
    assert room.get("/api/v1/articles", cursor="2009.01.01~7").status == 409
    assert room.get("/api/v1/search", cursor="nothing").status == 400


def test_other_sites_may_read_the_api_and_its_links(room: Room) -> None:
    got = room.get("/api/v1/articles?limit=1")
    assert got.headers["access-control-expose-headers"] == "ETag, Link"
    asked = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "if-none-match",
    }
    allowed = room.get("/api/v1/articles", asked, method="OPTIONS")
    assert (allowed.status, allowed.headers["access-control-allow-methods"]) == (204, "GET, HEAD")
    assert allowed.headers["access-control-allow-headers"] == "If-None-Match"
    assert room.get("/search", asked, method="OPTIONS").status == 405


def test_a_search_is_exported_as_parquet(room: Room) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    got = room.get("/api/v1/search.parquet", q="修路", sort="date")
    rows = parquet.read_table(io.BytesIO(got.body)).to_pylist()
    lines = [json.loads(line) for line in room.get("/api/v1/search.jsonl", q="修路", sort="date").text.splitlines()]
    assert rows == [{name: line[name] for name in rows[0]} for line in lines]
    assert room.get("/api/v1/search.parquet", q="没有的词").status == 200
    assert room.get("/api/v1/search.parquet", {"If-None-Match": got.headers["etag"]}).status == 304


def test_exports_for_several_readers_at_once_are_whole(room: Room) -> None:
    with ThreadPoolExecutor(8) as readers:
        got = list(readers.map(lambda _: room.get("/api/v1/search.jsonl", q="修路").text, range(40)))
    assert len(set(got)) == 1
    assert len(got[0].splitlines()) == 30
