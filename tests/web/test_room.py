"""The reading room answers what the archive has, says so where it has nothing, and lets no text of a page act."""

import io
import json
import re
import shutil
import time
import urllib.parse
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider import warc
from gdfupin_spider.archive import open_archive
from gdfupin_spider.errors import HoldsWithdrawn
from gdfupin_spider.search import SearchIndex, bring_up_to_date
from gdfupin_spider.search.output_formats import encode
from gdfupin_spider.storage.withdrawals import Withdrawal, append
from gdfupin_spider.web import api, exports, pages
from gdfupin_spider.web.language import PHRASES
from gdfupin_spider.web.library import Library
from gdfupin_spider.web.parameters import SearchQuery
from tests.catalog.lines import Crawl, id_of
from tests.releases.archives import SECTIONS, body, crawl, released, url, write
from tests.sites import Crawl as CrawlOfSite
from tests.web.rooms import Got, Room, room_of

HOSTILE = "<script>alert(1)</script>\"' onload=x {{7*7}}"
SPEECH = "\n".join(body(number) for number in range(900, 906))


def archive(output: Path) -> Path:
    """Two crawls: edits, a hostile article, a reprint, an article that is gone."""
    first = crawl(0, range(30)).read(url(50), SPEECH, title="讲话", date="2014-02-03", section=None, source="南方日报")
    first.read(url(51), f"{SPEECH}\n{HOSTILE}", title=HOSTILE, date=None, section=HOSTILE, source=HOSTILE)
    first.read(url(52), SPEECH, title="讲话全文", date="2014-02-04", section="部门动态", source="人民网")
    rest = [number for number in range(1, 30) if number != 3]
    later = [crawl(day, rest).missing(url(0)) for day in (1, 2)]
    for each in later:
        each.read(url(3), body(3, "更正：31万元"), title="第3村修路记（更正）", date="2013-04-13", section=SECTIONS[0])
    return write(output, first, *later)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = archive(tmp_path_factory.mktemp("room") / "output")
    released(output)
    return output


@pytest.fixture(scope="module")
def room(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    with room_of(output, tmp_path_factory.mktemp("cache")) as room:
        yield room


ADDRESSES = [
    "/", "/search", "/search?q=修路&section=部门动态&since=2010&until=2014&versions=1&sort=date", "/trends", "/trends?q=修路%0A脱贫&share=1&by=month",
    "/gone", "/reprints", "/sections", "/sections/部门动态?offset=2&limit=3", "/data", "/lookup", "/lookup?q=修通了",
    f"/articles/{id_of(url(3))}", f"/articles/{id_of(url(3))}?version=1", f"/articles/{id_of(url(3))}/compare", f"/articles/{id_of(url(51))}",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_there_in_both_languages_and_nothing_in_it_acts(room: Room, address: str) -> None:
    address = urllib.parse.quote(address, safe="/?&=%")
    for language in ("zh", "en"):
        got = room.get(address, {"Accept-Language": f"fr, {language};q=0.8"})
        assert got.status == 200
        assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in got.text
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=\"|javascript:", got.text, re.IGNORECASE)
        policy = got.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "None" not in re.sub(r"<[^>]*>", "", got.text)
        assert re.findall(r'(?:src|href)="(?:https?:)?//(?!www\.gdfupin\.org\.cn)', got.text) == []


def test_an_article_has_its_text_its_versions_and_its_proof(room: Room) -> None:
    text = room.get(f"/articles/{id_of(url(3))}").text
    assert "第3村修路记（更正）" in text
    assert "更正：31万元" in text
    assert text.count("capture-00000.warc.gz") == 3
    old = room.get(f"/articles/{id_of(url(3))}", version=1).text
    assert "更正" not in re.sub(r"<(nav|footer).*?</\1>", "", old, flags=re.S)
    compared = room.get(f"/articles/{id_of(url(3))}/compare").text
    assert "<ins>（更正）</ins>" in compared
    assert "<ins>更正：31万元</ins>" in compared
    gone = room.get(f"/articles/{id_of(url(0))}").text
    assert "已消失" in gone
    assert "第0村修路记" in room.get("/gone").text
    assert "讲话全文" in room.get(f"/articles/{id_of(url(50))}").text  # its reprint


def test_the_neighbours_of_an_article_stand_beside_it_in_its_section(room: Room) -> None:
    listed = re.findall(
        r'<li><a href="(/articles/[^"]+)"', room.get(f"/sections/{urllib.parse.quote('部门动态')}?limit=200").text
    )
    assert len(listed) == 11
    for before, here, after in zip([None, *listed], listed, [*listed[1:], None], strict=False):
        text = room.get(here).text
        assert re.findall(r'rel="prev" href="([^"]+)"', text) == ([before] if before else [])
        assert re.findall(r'rel="next" href="([^"]+)"', text) == ([after] if after else [])


def test_an_article_is_found_by_any_id_and_address_that_it_had_and_by_its_text(room: Room) -> None:
    shouted = url(5).replace("http://www", "HTTPS://WWW")
    for asked in (id_of(url(5)), url(5), shouted, "全村38户都走上了水泥路", "全村38户都走上了水泥路。\n=村民第5代表说"):
        assert "第5村修路记" in room.get("/lookup", q=asked).text, asked
    nothing = room.get("/lookup", q="http://www.gdfupin.org.cn/nothing.asp").text
    assert "没有收藏" in nothing
    assert "没有收藏" in room.get("/lookup", q="全村38户都走上了水泥路。" + "没有的话" * 200).text


@pytest.mark.parametrize(
    "address", ["/articles/nothing", "/articles/gdfupin-000000000000/compare", f"/articles/{id_of(url(3))}?version=9",
                "/sections/nothing", "/nothing", "/files/manifest.json", "/files/..%2f..%2fcatalog.sqlite", "/static/nothing"],
)  # fmt: skip
def test_what_is_not_there_is_404(room: Room, address: str) -> None:
    assert room.get(address).status == 404


@pytest.mark.parametrize(
    "address", ["/search?limit=x", "/search?limit=100000", "/search?since=abcd", "/search?since=2021&until=2019", "/search?section=没有的栏目", "/search?sort=a",
                "/trends?q=1%0A2%0A3%0A4%0A5%0A6", "/sections/部门动态?offset=-1", "/search?q=" + "a" * 401],
)  # fmt: skip
def test_what_makes_no_sense_is_400_with_a_reason(room: Room, address: str) -> None:
    address = urllib.parse.quote(address, safe="/?&=%")
    got = room.get(address)
    assert got.status == 400
    assert "无法显示" in got.text
    if address.startswith(("/search", "/trends")):
        answer = room.get(f"/api/v1{address}")
        assert (answer.status, set(json.loads(answer.text))) == (400, {"error"})


def test_another_host_a_write_and_an_old_page_are_refused_or_spared(room: Room) -> None:
    assert room.get("/", {"Host": "evil.example"}).status == 400
    assert room.get("/", method="POST").status == 405
    first = room.get("/search?q=x")
    assert room.get("/search?q=x", {"If-None-Match": first.headers["etag"]}).status == 304
    assert room.get("/search?q=x", {"If-None-Match": first.headers["etag"], "Accept-Language": "en"}).status == 200
    chosen = room.get("/search?q=x&lang=en")
    assert (chosen.status, chosen.headers["location"]) == (303, "/search?q=x")
    assert "lang=en" in chosen.headers["set-cookie"]
    assert room.get("//evil.example/?lang=en").headers["location"] in ("/evil.example/", None)


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=30),
    st.sampled_from(["/search", "/lookup", "/trends", "/api/v1/search", "/api/v1/trends", "/trends.svg"]),
)
def test_whatever_is_typed_is_answered(room: Room, text: str, path: str) -> None:
    got = room.get(path, q=text.encode("utf-8", "replace"))
    assert got.status in (200, 400)
    assert "<script" not in got.text or "json" in got.headers["content-type"]


WORDS = ["修路", "第3村", "更正 -水泥", '"通了，全村"', "脱贫 OR 更正", "script", "alert(1)", "31万元", "", "没有的词"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("versions", ["", "1"])
def test_a_search_finds_what_the_command_finds(room: Room, output: Path, words: str, versions: str) -> None:
    request = SearchQuery(q=words, versions="1" if versions else "", sort="date", limit=200).request(with_counts=True)
    with SearchIndex(bring_up_to_date(output)) as index:
        expected = encode(request, index.search(request))
    answer = json.loads(room.get("/api/v1/search", q=words, versions=versions, sort="date", limit=200).text)
    assert answer == {**json.loads(json.dumps(expected)), "not_held": answer["not_held"]}
    lines = room.get("/api/v1/search.jsonl", q=words, versions=versions, sort="date").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [hit["id"] for hit in answer["hits"]]


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


def test_a_newer_release_is_shown_without_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdfupin_spider.web.library.EVERY", 0.02)
    output = write(tmp_path / "output", crawl(0))
    released(output)
    with room_of(output, tmp_path / "cache") as room:
        assert room.get(f"/articles/{id_of(url(12))}").status == 404
        write(output, crawl(1, range(13)))
        released(output)
        until(lambda: "第12村修路记" in room.get(f"/articles/{id_of(url(12))}").text)


def test_a_release_with_a_withdrawn_article_is_not_shown_until_there_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gdfupin_spider.web.library.EVERY", 0.02)
    output, cache = write(tmp_path / "output", crawl(0)), tmp_path / "cache"
    first = released(output)
    with room_of(output, cache) as room:
        assert room.get(f"/articles/{id_of(url(7))}").status == 200
        append(output, [Withdrawal(id_of(url(7)), "2026-11-29", "request", "2026-11-29T12:00:00Z")])
        until(lambda: room.get("/").status == 503)
        for address in (
            f"/articles/{id_of(url(7))}",
            "/search?q=第7村",
            "/files/articles.jsonl.gz",
            "/api/v1/search.csv",
            "/nothing",
        ):
            got = room.get(urllib.parse.quote(address, safe="/?&="))
            assert (got.status, "第7村" in got.text) == (503, False), address
        released(output)
        until(lambda: room.get("/").status == 200)
        assert room.get(f"/articles/{id_of(url(7))}").status == 404
        assert "request" in room.get("/lookup", q=url(7)).text
        until(lambda: len(list(cache.iterdir())) == 1)  # the index of the first release is gone
    with pytest.raises(HoldsWithdrawn, match="run `gdfupin release`"):
        Library(output, first.name, cache)


def until(holds: Callable[[], bool]) -> None:
    """Waits for it, ten seconds at most."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_exports_for_several_readers_at_once_are_whole(room: Room) -> None:
    with ThreadPoolExecutor(8) as readers:
        got = list(readers.map(lambda _: room.get("/api/v1/search.jsonl", q="修路").text, range(40)))
    assert len(set(got)) == 1
    assert len(got[0].splitlines()) == 30


def test_it_works_under_a_prefix(output: Path, tmp_path: Path) -> None:
    with room_of(output, tmp_path, prefix="/archive") as room:
        text = room.get("/").text
        assert set(re.findall(r'href="(/[^/"]*)', text)) == {"/archive"}
        assert room.get("/static/site.css").status == 200
        assert room.get("/search?lang=en").headers["location"] == "/archive/search"


def test_a_release_of_one_article_and_one_of_none_make_sense(tmp_path: Path) -> None:
    for name, made in (("one", crawl(0, range(1))), ("none", Crawl(0).page("http://www.gdfupin.org.cn/", "home"))):
        output = write(tmp_path / name, made)
        released(output, allow=["empty"] if name == "none" else [])
        with room_of(output, tmp_path / f"{name}-cache") as room:
            for address in ("/", "/search", "/trends?q=x", "/gone", "/reprints", "/sections", "/data", "/lookup?q=x"):
                assert room.get(address).status == 200, (name, address)


def test_a_page_is_shown_as_it_was_captured_in_a_sandbox(
    crawled_extract: Callable[[str], CrawlOfSite], tmp_path: Path
) -> None:
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    output = tmp_path / "output"
    shutil.copytree(folder, output / "crawls" / folder.name)
    released(output)
    with room_of(output, tmp_path / "cache") as room, open_archive(output) as archive:
        hit = json.loads(room.get("/api/v1/search", q="扶贫", limit=1).text)["hits"][0]
        [link, *_] = re.findall(r'href="(/captures/[^"]+)"', room.get(f"/articles/{hit['id']}").text)
        got = room.get(link)
        file, _, offset = link.removeprefix("/captures/").rpartition("/")
        assert got.body == archive.capture_at(file, int(offset)).payload
        assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
        home = next(each for each in archive.captures() if each.url.endswith("/"))
        for other in (
            f"/captures/{home.proof.warc}/{home.proof.offset}",
            f"/captures/{file}/{int(offset) + 1}",
            "/captures/../catalog.sqlite/0",
        ):
            assert room.get(other).status == 404, other
        memento_checks(room, link, got)
        wacz = room.get("/api/v1/search.wacz", q="扶贫", limit=1)
        assert wacz.status == 400 if len(hits(room)) > 1000 else wacz.status == 200
        with exports._PACKING:
            assert room.get("/api/v1/search.wacz", q=hit["title"]).status == 503
        with zipfile.ZipFile(io.BytesIO(wacz.body)) as packed:
            [name] = [each for each in packed.namelist() if each.endswith(".warc.gz")]
            kept = tmp_path / "search.warc.gz"
            kept.write_bytes(packed.read(name))
        assert archive.capture_at(file, int(offset)).payload in {capture.payload for capture in warc.read(kept)}


def hits(room: Room) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        json.loads(line) for line in room.get("/api/v1/search.jsonl", q="扶贫").text.splitlines()
    ]
    return found


def memento_checks(room: Room, capture: str, got: Got) -> None:
    """Statuses and headers of RFC 7089, sections 2 to 5."""
    original = re.findall(r'<([^>]*)>; rel="original"', got.headers["link"])[0]
    at = got.headers["memento-datetime"]
    for rel in ("timegate", "timemap"):
        assert f'rel="{rel}"' in got.headers["link"]
    before = {"Accept-Datetime": "Thu, 31 May 2007 20:35:00 GMT"}
    for asked in ({}, {"Accept-Datetime": at}, before):
        gate = room.get(f"/timegate/{original}", asked)
        assert (gate.status, gate.headers["location"], gate.headers["vary"]) == (
            302,
            room.url + capture,
            "accept-datetime",
        )
        assert "memento-datetime" not in gate.headers
        assert 'rel="original"' in gate.headers["link"]
        assert 'rel="timemap"' in gate.headers["link"]
    assert room.get(f"/timegate/{original}", {"Accept-Datetime": "yesterday"}).status == 400
    assert room.get("/timegate/http://www.example.org/").status == 404
    assert room.get("/timemap/link/http://www.example.org/").status == 404
    listed = room.get(f"/timemap/link/{original}")
    assert listed.headers["content-type"].startswith("application/link-format")
    assert f'<{original}>; rel="original"' in listed.text
    assert (
        f'<{room.url}/timemap/link/{original}>; rel="self"; type="application/link-format"; from="{at}"; until="{at}"'
        in listed.text
    )
    assert f'<{room.url}{capture}>; rel="first last memento"; datetime="{at}"' in listed.text


def test_every_phrase_is_used() -> None:
    templates = "".join(path.read_text("utf-8") for path in (Path(pages.__file__).parent / "templates").iterdir())
    code = Path(pages.__file__).read_text("utf-8") + (Path(pages.__file__).parent / "application.py").read_text("utf-8")
    unused = {name for name in PHRASES if f'"{name}"' not in templates + code and f"'{name}'" not in templates + code}
    dynamic = {"live", "suspected", "gone", "archived", "added", "edited", "moved", "reappeared", "reread", "withdrawn",
               "images", "attachments", "author", "title", "date", "source", "section", "body"}  # fmt: skip
    assert unused <= dynamic, unused - dynamic
