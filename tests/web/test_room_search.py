"""What is asked for in the reading room is what the commands find: words, words over time, an address, a digest or a text."""

import html
import itertools
import json
import re
import shlex
from pathlib import Path

import feedparser
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from gdfupin_spider.search import SearchIndex, bring_up_to_date
from gdfupin_spider.search.output_formats import encode
from gdfupin_spider.web import as_code, search_pages
from gdfupin_spider.web.parameters import SearchQuery
from tests.catalog.lines import id_of
from tests.releases.archives import SECTIONS, crawl, released, url, write
from tests.sites import run
from tests.web.rooms import Room, room_of


def test_an_article_is_found_by_any_id_and_address_that_it_had_and_by_its_text(room: Room) -> None:
    shouted = url(5).replace("http://www", "HTTPS://WWW")
    for asked in (id_of(url(5)), url(5), shouted, "全村38户都走上了水泥路", "全村38户都走上了水泥路。\n=村民第5代表说"):
        assert "第5村修路记" in room.get("/lookup", q=asked).text, asked
    nothing = room.get("/lookup", q="http://www.gdfupin.org.cn/nothing.asp").text
    assert "没有收藏" in nothing
    assert "没有收藏" in room.get("/lookup", q="全村38户都走上了水泥路。" + "没有的话" * 200).text


def test_a_digest_leads_to_the_versions_that_have_it(room: Room) -> None:
    first, second = json.loads(room.get(f"/api/v1/articles/{id_of(url(3))}/versions").text)
    for each in (first, second):
        text = room.get("/lookup", q=each["content_sha256"].upper()).text
        assert f"/articles/{id_of(url(3))}?version={each['version']}" in text
        assert f"最后见到 {each['last_seen'][:10]}" in text
    assert "没有收藏" in room.get("/lookup", q="12" * 32).text


def test_a_digest_that_every_page_has_lists_the_first_ones(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that answers all addresses alike is read once, whatever the number of its pages."""
    monkeypatch.setattr(search_pages, "MOST_LISTED", 3)
    text = room.get("/lookup", q="0" * 64).text  # that of all pages made by hand
    assert len(re.findall(r'href="/articles/[^"]*\?version=', text)) == 3


def test_an_address_that_is_listed_and_not_held_says_so_and_why(tmp_path: Path) -> None:
    made = crawl(0, range(2))
    made.page(
        f"{url(0)}&list=1",
        "listing",
        section="部门动态",
        article_links=(url(0), url(7)),
        row_dates=("2012-03-01", "2013-04-02"),
    )
    output = write(tmp_path / "output", made)
    released(output)
    with room_of(output, tmp_path / "cache") as room:
        text = room.get("/lookup", q=url(7)).text
        assert "没有收藏，但栏目“部门动态”的列表中有这个网址（列表所载日期：2013-04-02）。原因：尚未请求" in text
        assert "没有收藏" not in room.get("/lookup", q=url(0)).text
        assert "列表中" not in room.get("/lookup", q=url(8)).text


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=30),
    st.sampled_from(["/search", "/lookup", "/trends", "/api/v1/search", "/api/v1/trends", "/trends.svg"]),
)
@example("\uffff", "/trends")  # XML cannot hold it
@example("\uffff", "/trends.svg")
def test_whatever_is_typed_is_answered(room: Room, text: str, path: str) -> None:
    got = room.get(path, q=text.encode("utf-8", "replace"))
    assert got.status in (200, 400)
    assert (
        "<script" not in got.text.replace('<script type="module" src="/static/', "")
        or "json" in got.headers["content-type"]
    )


@pytest.mark.parametrize(
    "asked", [{"edited": "1"}, {"then": "1", "q": "38户 OR 第3村修路记 -更正"}, {"place": "连南瑶族自治县"}, {"since": "2012-02-13", "until": "2013-05"},
              {"status": "gone"}]
)  # fmt: skip
def test_a_facet_finds_what_the_option_finds(room: Room, output: Path, asked: dict[str, str]) -> None:
    query = SearchQuery(**asked, sort="date")  # type: ignore[arg-type]
    with SearchIndex(bring_up_to_date(output, with_places=True)) as index:
        expected = encode(query.request(with_counts=True), index.search(query.request(with_counts=True)))
    assert expected["total"]
    answer = json.loads(room.get("/api/v1/search", **asked, sort="date").text)
    assert answer == {**json.loads(json.dumps(expected)), "not_held": answer["not_held"]}
    done = run(*shlex.split(as_code.search_command(query))[1:], "--json", "--output", str(output))
    assert [hit["id"] for hit in json.loads(done.stdout)["hits"]] == [hit["id"] for hit in answer["hits"]]


WORDS = ["修路", "第3村", "更正 -水泥", '"通了，全村"', "脱贫 OR 更正", "script", "alert(1)", "31万元", "", "没有的词"]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("versions", ["", "1"])
def test_a_search_finds_what_the_command_finds(room: Room, output: Path, words: str, versions: str) -> None:
    request = SearchQuery(q=words, versions="1" if versions else "", sort="date", limit=200).request(with_counts=True)
    with SearchIndex(bring_up_to_date(output, with_places=True)) as index:
        expected = encode(request, index.search(request))
    answer = json.loads(room.get("/api/v1/search", q=words, versions=versions, sort="date", limit=200).text)
    assert answer == {**json.loads(json.dumps(expected)), "not_held": answer["not_held"]}
    lines = room.get("/api/v1/search.jsonl", q=words, versions=versions, sort="date").text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [hit["id"] for hit in answer["hits"]]


@pytest.mark.parametrize("reprints", ["all", "once"])
def test_trends_are_those_of_the_command_and_nothing_held_is_a_gap(room: Room, output: Path, reprints: str) -> None:
    asked = ("修路", "讲话 OR 道路")
    done = run("trend", *asked, "--by", "month", "--reprints", reprints, "--json", "--output", str(output))
    query = {"q": "\n".join(asked), "by": "month", "reprints": reprints}
    answer = json.loads(room.get("/api/v1/trends", **query).text)
    assert answer == json.loads(done.stdout)
    dated = [point for point in answer["points"] if point["period"]]
    held = sum(not point["is_gap"] for point in dated)
    assert 0 < held < len(dated)
    picture = room.get("/trends.svg", **query).text
    assert picture.count('class="dot ') == 2 * held
    lines = sum(
        not is_gap and len(list(some)) > 1 for is_gap, some in itertools.groupby(point["is_gap"] for point in dated)
    )
    assert sum(path.count("M") for path in re.findall(r'<path d="([^"]*)" class="line reactive', picture)) == 2 * lines
    page = room.get("/trends", **query).text
    one, both, other = (int(each) for each in re.findall(r"<dd>(?:<a [^>]*>)?(\d+)", page))
    totals = [
        json.loads(room.get("/api/v1/search", q=each, limit=1).text)["total"] for each in (*asked, " ".join(asked))
    ]
    assert (one + both, both + other, both) == tuple(totals)


def test_any_search_is_a_feed_with_an_address_and_an_id_of_its_own(room: Room) -> None:
    page = room.get("/search", q="修路 OR 讲话", section=SECTIONS[1]).text
    links = [html.unescape(each) for each in re.findall(r'<link rel="alternate" type="[^"]*" href="([^"]*)"', page)]
    atom, json_feed = (room.get(link) for link in links)
    parsed = feedparser.parse(atom.body)
    assert not parsed.bozo
    items = json.loads(json_feed.text)
    answer = json.loads(room.get("/api/v1/search", q="修路 OR 讲话", section=SECTIONS[1], limit=200).text)
    assert {entry.title for entry in parsed.entries} == {hit["title"] for hit in answer["hits"]}
    assert [entry.id for entry in parsed.entries] == [item["id"] for item in items["items"]]
    assert all(entry.link.startswith(f"{room.url}/articles/") for entry in parsed.entries)
    assert items["feed_url"] == room.url + links[1]
    assert parsed.feed.id != feedparser.parse(room.get("/search.atom", q="修路").body).feed.id
    schema = etree.RelaxNG(etree.parse(Path(__file__).parents[1] / "diff" / "atom.rng"))
    for feed in (
        atom,
        room.get("/search.atom"),
        room.get("/search.atom", q="没有的词"),
        room.get("/search.atom", then="1", q="38户"),
    ):
        schema.assertValid(etree.fromstring(feed.body))
    assert (room.get("/search.atom", since="x").status, room.get("/search.xml").status) == (400, 404)
