"""Politeness, measured at the server: what it was asked, and when."""

import email.utils
import itertools
import json
import statistics
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.middlewares.throttle import retry_after
from gdfupin_spider.middlewares.truncation import Endings, ends
from gdfupin_spider.replica import Faults
from gdfupin_spider.replica.server import Request
from tests.extract import crawl_replica, serve
from tests.handmade import Answer, Handmade, article, links, page
from tests.sites import crawl, scrapy


def gaps(requests: Iterable[Request]) -> list[float]:
    """Seconds between each request and the next."""
    return [later.time - earlier.time for earlier, later in itertools.pairwise(requests)]


def shortest_pause(requests: Iterable[Request], delay: float) -> float:
    """The shortest of these. A busy machine notes a request late: what a pause lacks then, the one before it had too much."""
    known = gaps(requests)
    before = [0.0, *(max(0.0, gap - delay) for gap in known)]
    return min(gap + late for gap, late in zip(known, before, strict=False))


def slow_crawl(output: Path, *arguments: str, faults: Faults | None = None) -> tuple[int, list[Request]]:
    """A short crawl one request at a time; its exit code and what the server saw."""
    with serve("asp-tables", faults=faults) as replica:
        done = crawl(output, "--concurrency", "1", "--no-media", *arguments, proxy=replica.proxy)
    return done.exit_code, replica.requests


def test_the_delay_is_exactly_what_is_done(tmp_path: Path) -> None:
    _, requests = slow_crawl(tmp_path, "--delay", "0.3", "--limit", "5")
    waits = gaps(requests)
    assert len(waits) > 5
    assert shortest_pause(requests, 0.3) > 0.27
    assert statistics.median(waits) < 0.45


def test_crawl_delay_raises_the_delay(tmp_path: Path) -> None:
    _, requests = slow_crawl(tmp_path, "--delay", "0.1", "--limit", "3", faults=Faults(crawl_delay=0.5))
    assert requests[0].path == "/robots.txt"
    assert shortest_pause(requests[1:], 0.5) > 0.47


def test_crawl_delay_never_lowers_the_delay(tmp_path: Path) -> None:
    _, requests = slow_crawl(tmp_path, "--delay", "0.4", "--limit", "2", faults=Faults(crawl_delay=0.1))
    assert shortest_pause(requests, 0.4) > 0.37


@pytest.mark.parametrize("seconds", [2])
def test_retry_after_is_kept_by_the_whole_host(seconds: int, tmp_path: Path) -> None:
    address = "/list.asp?ClassID=1"
    faults = Faults(at={address: ("429",)}, retry_after=seconds)
    code, requests = slow_crawl(tmp_path, "--delay", "0", "--limit", "30", faults=faults)
    [first, *_] = [n for n, request in enumerate(requests) if request.path == address]
    assert code == 0
    assert requests[first + 1].time - requests[first].time >= seconds - 0.05


def test_retry_after_may_be_a_date(tmp_path: Path) -> None:
    def busy(path: str) -> bytes | Answer:
        asked.append(time.monotonic())
        if len(asked) > 1:
            return article("修路")
        later = email.utils.formatdate(time.time() + 3, usegmt=True)
        return 503, {"Retry-After": later, "Date": email.utils.formatdate(usegmt=True)}, b"busy"

    asked: list[float] = []
    with Handmade({"/": page(links("/a.htm", "/b.htm")), "/a.htm": busy, "/b.htm": article("种果")}) as site:
        done = crawl(tmp_path, "--start-url", site.url, "--concurrency", "1")
    assert (done.exit_code, len(done.lines("articles"))) == (0, 2), done.log
    assert asked[1] - asked[0] > 2.5


def test_a_server_that_takes_ever_longer_is_asked_more_slowly(tmp_path: Path) -> None:
    def slow(path: str) -> bytes:
        number = int(path.partition("=")[2])
        starts.append(time.monotonic())
        time.sleep(0.7 if number >= 30 else 0.0)
        return article(f"第{number}村修路")

    starts: list[float] = []
    with Handmade({"/": page(links(*(f"/a.htm?n={n}" for n in range(46)))), "/a.htm": slow}) as site:
        done = crawl(tmp_path, "--start-url", site.url)  # four requests at once
    assert (done.exit_code, len(done.lines("articles"))) == (0, 46), done.log
    pauses = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert sum(pauses[:25]) < 10
    assert statistics.median(pauses[-6:]) > 0.6, "no longer four at once, but one for each answer's time"


def test_with_many_requests_under_way_retry_after_is_kept_too(tmp_path: Path) -> None:
    address = "/list.asp?ClassID=1"
    with serve("asp-tables", faults=Faults(at={address: ("503",)}, latency=0.05)) as replica:
        crawl(tmp_path, "--concurrency", "8", "--delay", "0", "--no-media", proxy=replica.proxy)
    assert len([request for request in replica.requests if request.path == address]) == 2


def test_one_request_at_a_time_is_one_request_at_a_time(tmp_path: Path) -> None:
    _, requests = slow_crawl(tmp_path, "--delay", "0", "--limit", "10", faults=Faults(latency=0.1))
    assert shortest_pause(requests, 0.1) > 0.09


def test_a_blocked_page_is_tried_again_later_and_is_never_content(tmp_path: Path) -> None:
    address = "/ShowArticle.asp?ArticleID=900"
    done, replica = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=Faults(at={address: ("waf", "waf")}))
    tries = [request.time for request in replica.requests if request.path.lower() == address.lower()]
    assert done.exit_code == 0, done.log
    assert len(tries) == 3
    assert tries[2] - tries[1] > tries[1] - tries[0] > 0.5
    assert [line["title"] for line in done.lines("articles") if line["url"].lower().endswith("=900")] == [
        "社保扶贫:兜底保障,筑牢幸福“底线”"
    ]


def test_a_page_that_stays_blocked_is_a_named_gap(tmp_path: Path) -> None:
    address = "/ShowArticle.asp?ArticleID=365"
    with serve("asp-tables", faults=Faults(always={address: "waf"})) as replica:
        scrapy(
            "crawl", "gdfupin", "-a", "media=no", "-s", "DOWNLOAD_DELAY=0", "-s", "GDFUPIN_BLOCK_WAITS=1,2",
            proxy=replica.proxy, folder=tmp_path,
        )  # fmt: skip
    [folder] = (tmp_path / "output" / "crawls").iterdir()
    report = json.loads((folder / "report.json").read_text("utf-8"))
    assert (report["exit_code"], report["sightings"]["blocked"]) == (1, 1)
    [issue] = [issue for issue in report["issues"] if issue["level"] == "failure"]
    assert issue["what"] == "blocked"
    assert issue["examples"][0]["url"].lower().endswith(address.lower())


def test_robots_txt_is_obeyed_and_is_no_gap(tmp_path: Path) -> None:
    faults = Faults(robots="User-agent: *\nDisallow: /list.asp?ClassID=2\n")
    done, replica = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=faults)
    assert done.exit_code == 0
    assert not [request for request in replica.requests if request.path.lower().startswith("/list.asp?classid=2")]
    assert sum(done.answer["forbidden_by_robots"].values()) > 0


def test_a_site_that_forbids_all_is_left_alone(tmp_path: Path) -> None:
    done, replica = crawl_replica(tmp_path, "asp-tables", faults=Faults(robots="User-agent: *\nDisallow: /\n"))
    assert done.exit_code == 3
    assert "robots.txt" in done.answer["message"]
    assert [request.path for request in replica.requests] == ["/robots.txt"]


def test_the_user_agent_is_honest(tmp_path: Path) -> None:
    _, requests = slow_crawl(tmp_path, "--delay", "0", "--limit", "1")
    assert {request.user_agent.partition("/")[0] for request in requests} == {"gdfupin_spider"}
    assert all("accept-encoding" not in request.headers for request in requests)


def capture(status: int = 503, payload: bytes = b"", **headers: str) -> Capture:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture("http://a.cn/", "2021-01-13T00:00:00Z", status, pairs, payload, Proof("", 0, ""))


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (capture(retry_after="120"), 120.0),
        (capture(retry_after=" 7 "), 7.0),
        (capture(date="Wed, 13 Jan 2021 00:00:00 GMT", retry_after="Wed, 13 Jan 2021 00:01:30 GMT"), 90.0),
        (capture(date="Wed, 13 Jan 2021 00:00:00 GMT", retry_after="Tue, 12 Jan 2021 00:00:00 GMT"), 0.0),
        (capture(retry_after="soon"), None),
        (capture(), None),
        (capture(200, retry_after="5"), None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(answer: Capture, seconds: float | None) -> None:
    assert retry_after(answer, time.time()) == seconds


def test_a_page_without_its_end_is_doubted_only_where_pages_have_one() -> None:
    whole, cut = capture(200, b"<html><p>a</p></html>"), capture(200, b"<html><p>a")
    assert (ends(whole), ends(cut), ends(capture(404, b"<html>"))) == (True, False, None)
    careless = Endings()
    assert [careless.doubt(cut) for _ in range(10)] == [None] * 10
    careful = Endings()
    assert [careful.doubt(whole) for _ in range(10)] == [None] * 10
    assert careful.doubt(cut) == "no-end"
