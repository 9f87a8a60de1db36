"""`gdfupin scout`: where the site can still be had, and the command to type next."""

import json
import random
import socket
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gdfupin_spider import profiles
from gdfupin_spider.frontier.web_archives import WebArchives
from gdfupin_spider.replica import Faults, serve, truth
from gdfupin_spider.replica.foreign_pages import GAMBLING, LOGIN, PARKED, WAF
from gdfupin_spider.sources.scouting.estimates import (
    ArticleEstimate,
    captured_twice,
    distinct_of_all,
    printed,
    total_of_all,
)
from gdfupin_spider.sources.scouting.live_site import Verdict, looked_at
from gdfupin_spider.sources.scouting.scout_report import scouted
from tests import forked
from tests.common_crawl import files_of
from tests.sites import environment
from tests.web_archive import archive_of, at_time, of_replica, settings_for

PROFILE = profiles.load("gdfupin")
HOME = "<html><head><title>广东扶贫网</title></head><body><p>广东扶贫网</p><a href='/list.asp?id=1'>扶贫动态</a><p>主办单位:广东省扶贫开发办公室</p></body></html>"
FRAMES = "<html><frameset cols='200,*'><frame src='/left.asp'><frame src='/main.asp'></frameset></html>"
SOME = frozenset(each.number for each in truth("frames")[:30])
Page = tuple[int, Mapping[str, str], str]


class SmallProxy:
    """A proxy that has a page for some hosts, and refuses all others."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host = urlsplit(self.path).netloc
                status, headers, text = pages.get(host, (502, {}, ""))
                body = text.encode()
                self.send_response(status)
                for name, value in {
                    "Content-Type": "text/html; charset=utf-8",
                    **headers,
                    "Content-Length": str(len(body)),
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(autouse=True)
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No host resolves; archives are on loopback and are asked without the proxy of the site."""
    monkeypatch.setenv("GDFUPIN_PACE", str(tmp_path / "pace"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

    def resolve(host: str, *arguments: object, **named: object) -> list[object]:
        if host == "127.0.0.1":
            return found(host, *arguments, **named)  # type: ignore[arg-type, return-value]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    found = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    ("verdict", "pages"),
    [
        ("alive", {"www.gdfupin.org.cn": (200, {}, HOME)}),
        ("alive", {"www.gdfupin.org.cn": (301, {"Location": "http://gdfupin.org.cn/"}, ""), "gdfupin.org.cn": (200, {}, HOME)}),
        ("moved", {"www.gdfupin.org.cn": (302, {"Location": "http://fp.new.example/"}, ""), "fp.new.example": (200, {}, HOME)}),
        ("foreign", {"www.gdfupin.org.cn": (200, {}, GAMBLING)}),
        ("foreign", {"www.gdfupin.org.cn": (302, {"Location": "http://sold.example/"}, ""), "sold.example": (200, {}, PARKED)}),
        ("walled", {"www.gdfupin.org.cn": (200, {}, WAF)}),
        ("walled", {"www.gdfupin.org.cn": (200, {}, LOGIN)}),
        ("foreign", {"www.gdfupin.org.cn": (302, {"Location": "http://sold.example/"}, ""), "sold.example": (200, {}, FRAMES)}),
        ("alive", {"www.gdfupin.org.cn": (200, {}, FRAMES)}),
        ("failing", {"www.gdfupin.org.cn": (200, {}, "")}),
        ("failing", {"www.gdfupin.org.cn": (301, {"Location": "http://www.gdfupin.org.cn/"}, "<h1>301 Moved Permanently</h1>")}),
        ("failing", {"www.gdfupin.org.cn": (503, {}, "down")}),
        ("unreachable", None),
    ],
)  # fmt: skip
def test_the_live_site_is_what_it_is(
    monkeypatch: pytest.MonkeyPatch, verdict: Verdict, pages: Mapping[str, Page] | None
) -> None:
    if pages is None:
        assert looked_at(PROFILE).verdict == "unreachable"
        assert {fetch.detail for fetch in looked_at(PROFILE).fetches} == {"its name does not resolve"}
        return
    proxy = SmallProxy(pages)
    monkeypatch.setenv("http_proxy", proxy.url)
    try:
        live = looked_at(PROFILE)
    finally:
        proxy.close()
    assert live.verdict == verdict, live.fetches
    assert (live.start_url == "http://fp.new.example/") == (verdict == "moved")


def test_a_redirect_into_a_private_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = SmallProxy({"www.gdfupin.org.cn": (302, {"Location": "http://127.0.0.1:1/admin"}, "")})
    monkeypatch.setenv("http_proxy", proxy.url)
    try:
        first, *_ = looked_at(PROFILE).fetches
    finally:
        proxy.close()
    assert first.detail == "its address 127.0.0.1 is private"


@pytest.mark.parametrize(
    ("site", "archived", "commands"),
    [
        ("", True, ["crawl", "crawl --from wayback --plan"]),
        ("", False, ["crawl"]),
        ("down", True, ["crawl --from wayback --plan"]),
        ("gambling", True, ["crawl --from wayback --plan"]),
        ("gambling", False, ["import PATH"]),
        ("waf", True, ["crawl --from wayback --plan", "probe http://www.gdfupin.org.cn/"]),
        ("waf", False, ["probe http://www.gdfupin.org.cn/"]),
    ],
)
def test_the_next_command_is_the_right_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str, archived: bool, commands: list[str]
) -> None:
    captures = of_replica("frames", 0, "20130601000000", SOME) if archived else []
    with serve("frames", faults=Faults(site=site)) as replica, archive_of(captures) as server:  # type: ignore[arg-type]
        monkeypatch.setenv("http_proxy", replica.proxy)
        server.files = files_of({"CC-MAIN-2014-15": []})
        settings = WebArchives(
            server.url, f"{server.url}/collinfo.json", server.url, index_per_minute=60000, playbacks_per_minute=60000
        )
        report = scouted(tmp_path, PROFILE, settings, 0)
        assert not server.paths("playback")
        assert len(server.requests) <= 25
    assert [each.command for each in report.next] == [f"gdfupin {command}" for command in commands]
    assert len(replica.requests) <= 8


def test_an_archive_that_cannot_be_asked_is_named_and_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive_of(of_replica("frames", 0, "20130601000000", SOME)) as server:
        one = f"{server.url}/cdx/search/cdx"
        settings = WebArchives(
            "http://127.0.0.1:9", "http://127.0.0.1:9/c.json", "http://127.0.0.1:9", (one,), index_per_minute=60000
        )
        report = scouted(tmp_path, PROFILE, settings, 0)
    dead, alive, other = report.archives
    assert (other.name, other.error is None) == ("commoncrawl", False)
    assert dead.error is not None
    assert "refused" in dead.error
    assert alive.error is None
    assert alive.article_addresses > 25
    assert alive.years["2013"]["listing"] > 5
    assert [each.command for each in report.next] == [f"gdfupin crawl --from cdx={one} --plan"]


def test_the_command_prints_a_table_and_json(tmp_path: Path) -> None:
    output = tmp_path / "output"
    with (
        serve("frames") as replica,
        archive_of(of_replica("frames", 0, "20130601000000", SOME)) as server,
    ):
        settings_for(output, server)
        known = {**environment(replica.proxy), "no_proxy": "127.0.0.1"}
        shown, data = (
            forked.run(forked.GDFUPIN, ["scout", "--output", str(output), *more], environment=known, timeout=60)
            for more in ([], ["--json"])
        )
    assert (shown.returncode, data.returncode) == (0, 0), shown.stderr
    for text in ("Live site: alive", "wayback", "2013", "Next: ", "Then: "):
        assert text in shown.stdout
    report = json.loads(data.stdout)
    assert report["live"]["verdict"] == "alive"
    assert report["archives"][0]["new_articles"] > 25
    assert report["next"][0]["command"] == "gdfupin crawl"


def test_crawls_of_common_crawl_are_compared_with_each_other(tmp_path: Path) -> None:
    one, two = (of_replica("frames", 0, f"{year}0601000000", SOME) for year in (2014, 2015))
    with archive_of([]) as server:
        server.files = files_of({"CC-MAIN-2014-15": one[:-5], "CC-MAIN-2015-18": two[5:]})
        settings = WebArchives(
            server.url, f"{server.url}/collinfo.json", server.url, index_per_minute=60000, playbacks_per_minute=60000
        )
        report = scouted(tmp_path, PROFILE, settings, 0)
    estimate = next(each for each in report.estimates if "CC-MAIN" in each.of)
    assert estimate.of.startswith("CC-MAIN-2014-15 (25), CC-MAIN-2015-18 (30)")
    assert estimate.estimate == 30


def test_common_crawl_is_a_sample_of_its_indexes_in_a_few_dozen_requests(tmp_path: Path) -> None:
    """Thirty indexes of which each has another half of the articles, and the third none."""
    names = [f"CC-MAIN-{2010 + number // 2}-{'10' if number % 2 == 0 else '40'}" for number in range(30)]
    everything = of_replica("frames", 0, "20130601000000", SOME)
    chance = random.Random(7)
    collections = {
        name: [at_time(each, f"{name[8:12]}0{name[13]}{each.timestamp[6:]}") for each in chance.sample(everything, 25)]
        for name in names
    }
    collections |= {name: [] for name in names[::3]}
    output = tmp_path / "output"
    with archive_of([]) as server:
        server.files = files_of(collections)
        settings_for(output, server)
        began = time.monotonic()
        done = forked.run(
            forked.GDFUPIN, ["scout", "--output", str(output), "--json"], environment=environment(None), timeout=60
        )
        index = [path for path in server.paths("index") if "/cc-index/" in path]
        shown = forked.run(
            forked.GDFUPIN, ["scout", "--output", str(output)], environment=environment(None), timeout=60
        )
    assert time.monotonic() - began < 60
    assert done.returncode == 0, done.stderr
    asked = {path.split("/")[3] for path in index}
    assert {names[0], names[-1]} < asked
    assert max(b - a for a, b in pairwise(sorted(names.index(name) for name in asked))) <= 4
    assert len(index) < 60
    [_, found] = json.loads(done.stdout)["archives"]
    sample = found["sample"]
    assert (sample["asked"], sample["of"], len(asked)) == (9, 30, 9)
    captures = sum(map(len, collections.values()))
    assert sample["captures"]["low"] <= captures <= sample["captures"]["high"]
    articles = sample["article_addresses"]
    assert found["article_addresses"] == articles["low"] <= articles["estimate"] <= articles["high"]
    assert articles["high"] < 2 * len(everything)
    assert "a sample: 18 of 30 monthly indexes were asked; in all of them some" in " ".join(shown.stdout.split())


# --- estimates -------------------------------------------------------------------------------------------------------


def test_chapman_finds_the_number_that_two_independent_samples_came_from() -> None:
    everything = [f"a.cn/{number}" for number in range(1000)]
    one, two = (frozenset(everything[begin::step]) for begin, step in ((0, 2), (0, 5)))
    [estimate] = captured_twice({"wayback": one, "held": two})
    assert estimate.low <= 1000 <= (estimate.high or 0)
    assert 900 < estimate.estimate < 1100
    assert "Chapman" in estimate.method
    assert estimate.of == "held (200), wayback (500), in both 100"


def test_a_sample_of_indexes_gives_figures_of_all_with_bounds() -> None:
    """Of 1,000 addresses each of 100 indexes shows every one with the chance of a tenth; nine are asked."""
    chance = random.Random(1)
    indexes = [{str(n) for n in range(1000) if chance.random() < 0.1} for _ in range(100)]
    asked = indexes[::12]
    total = total_of_all([len(each) for each in asked], len(indexes))
    assert total.low <= sum(map(len, indexes)) <= total.high < 1.5 * total.low
    distinct = distinct_of_all(asked, len(indexes))
    assert distinct.low == len(set().union(*asked)) < 700
    assert distinct.low < distinct.estimate <= 1000 * 1.1
    assert distinct.high >= 1000


def test_no_estimate_is_made_from_samples_with_little_in_common() -> None:
    one, two = ({f"{name}{number}" for number in range(100)} | {str(number) for number in range(6)} for name in "ab")
    assert captured_twice({"a": one, "b": two}) == []


def test_a_source_that_has_all_that_the_other_has_gives_no_less_than_was_seen() -> None:
    everything = {str(number) for number in range(50)}
    [estimate] = captured_twice({"a": everything, "b": {str(number) for number in range(20)}})
    assert (estimate.low, estimate.estimate) == (50, 50)


def test_totals_of_listings_bound_the_number_from_both_sides() -> None:
    assert printed([("新闻", 120), ("通知", 30), ("空", 0)]) == [
        ArticleEstimate("totals printed by listings", "2 listings that print their number of articles", 120, 150, 150)
    ]
