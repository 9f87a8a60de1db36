"""Bad days: the crawl ends, complete where the site allows it, with each gap named."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gdfupin_spider import warc
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import HARSH, MARKUPS, Faults, Replica
from tests.extract import crawl_replica, serve, truth
from tests.sites import Crawl, run, scrapy

ONE = "/ShowArticle.asp?ArticleID=365"
"""An ordinary article."""


def keys(crawl: Crawl) -> Counter[str]:
    return Counter(identity_key(line["url"]) for line in crawl.lines("articles"))


def complete(crawl: Crawl, markup: str) -> bool:
    """Whether every article was found once and nothing else was."""
    found = keys(crawl)
    wanted = [[identity_key(url) for url in t.urls] for t in truth(markup)]
    return sum(found.values()) == len(wanted) and all(sum(found[key] for key in group) == 1 for group in wanted)


def impatient_crawl(folder: Path, markup: str, faults: Faults) -> tuple[Crawl, Replica]:
    """A crawl that waits less than it should between its tries, so that tests do not take all day."""
    short = {"DOWNLOAD_DELAY": "0", "CONCURRENT_REQUESTS": "8", "CONCURRENT_REQUESTS_PER_DOMAIN": "8"}
    short |= {"GDFUPIN_RETRY_WAITS": "0.5,1,3", "GDFUPIN_BLOCK_WAITS": "0.5,2,6", "GDFUPIN_MAX_PACE": "0.5"}
    options = [option for name, value in short.items() for option in ("-s", f"{name}={value}")]
    with serve(markup, faults=faults) as replica:
        done = scrapy("crawl", "gdfupin", "-a", "media=no", *options, proxy=replica.proxy, folder=folder)
    [crawled] = (folder / "output" / "crawls").iterdir()
    report = json.loads((crawled / "report.json").read_text("utf-8"))
    return Crawl(report["exit_code"], crawled, report, done.stderr), replica


TRAPPED = ("asp-tables", "frames")
"""Markups in which traps are on: a page of 30 MB and a bomb cost more than all other pages, and are the same in each."""


@pytest.mark.parametrize("markup", sorted(MARKUPS))
def test_under_harsh_faults_every_article_is_found_and_traps_are_bounded(markup: str, tmp_path: Path) -> None:
    crawl, replica = impatient_crawl(
        tmp_path, markup, replace(HARSH, stall=0.3, retry_after=0, traps=markup in TRAPPED)
    )
    assert complete(crawl, markup), crawl.log
    assert replica.forbidden == []
    asked = Counter(urlsplit(request.path).path for request in replica.requests)
    assert (asked["/calendar.asp"] > 0) == (markup in TRAPPED)
    assert asked["/calendar.asp"] < 150
    assert asked["/filter.asp"] < 150
    gaps = {urlsplit(url).path for _, url in crawl.issues("failure")}
    assert gaps <= {"/odd/stall.html", "/odd/huge.html", "/odd/loop.html"}, crawl.issues("failure")
    done = run("replay", str(crawl.folder), "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    [folder] = (tmp_path / "readings").glob("*/*")
    assert crawl.folder is not None
    for kind in ("articles.jsonl", "issues.jsonl"):
        ours, theirs = ((place / kind).read_bytes().splitlines() for place in (crawl.folder, folder))
        assert sorted(ours) == sorted(theirs), kind
    notes = {what for what, _ in crawl.issues("note")}
    assert "broken-bytes" in notes
    # In two markups broken bytes hit the site's name on the first page of a trap: it reads as foreign, and leads nowhere.
    assert ("endless-space" in notes) == (max(asked["/calendar.asp"], asked["/filter.asp"]) > 1)


def ordinary(number: int) -> list[str]:
    """Addresses of that many ordinary articles, without host."""
    parts = [urlsplit(t.urls[0]) for t in truth("asp-tables") if len(t.urls) == 1 and "ArticleID" in t.urls[0]]
    return [f"{part.path}?{part.query}" for part in parts[40 : 40 + number]]


def test_what_fails_once_is_fetched_again_and_read(tmp_path: Path) -> None:
    kinds = ("500", "503", "reset", "long", "short", "stall", "empty", "loop")
    at = {address: (kind,) for address, kind in zip(ordinary(len(kinds)), kinds, strict=True)}
    crawl, replica = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=Faults(at=at, stall=1.0))
    assert crawl.exit_code == 0, crawl.log
    assert complete(crawl, "asp-tables")
    asked = Counter(request.path.lower() for request in replica.requests)
    once = {"long": 1}  # the body is whole, in spite of its length
    assert {kind: asked[address.lower()] for address, (kind,) in at.items()} == dict.fromkeys(kinds, 2) | once


LASTING = {
    "500": ("status-500", None),
    "reset": ("cut-off", "disconnect"),
    "stall": ("cut-off", "disconnect"),
    "empty": ("empty", None),
    "loop": ("redirect-loop", None),
    "huge": ("oversize", "length"),
}
"""Faults that do not pass: the name of the issue, and how the capture is truncated."""


def test_what_fails_for_good_is_a_gap_with_its_evidence_kept(tmp_path: Path) -> None:
    always = dict(zip(ordinary(len(LASTING)), LASTING, strict=True))
    crawl, _ = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=Faults(always=always, stall=0.5))
    assert crawl.exit_code == 1
    found = {}
    for issue in crawl.lines("issues"):
        if issue["level"] == "failure" or issue["what"] == "oversize":
            parts = urlsplit(issue["url"])
            kept = warc.read_at(tmp_path / "crawls" / issue["capture"]["warc"], issue["capture"]["offset"])
            found[f"{parts.path}?{parts.query}"] = (issue["what"], kept.truncated)
    assert found == {address: LASTING[kind] for address, kind in always.items()}
    assert len(crawl.lines("articles")) == len(truth("asp-tables")) - len(LASTING)


def test_a_body_that_stalls_beyond_the_time_out_keeps_what_came_of_it(tmp_path: Path) -> None:
    with serve("asp-tables", faults=Faults(always={ONE: "stall"}, stall=30)) as replica:
        done = scrapy(
            "crawl", "gdfupin", "-a", "media=no",
            "-s", "DOWNLOAD_DELAY=0", "-s", "DOWNLOAD_TIMEOUT=1", "-s", "GDFUPIN_RETRY_WAITS=1",
            proxy=replica.proxy, folder=tmp_path,
        )  # fmt: skip
    [folder] = (tmp_path / "output" / "crawls").iterdir()
    [issue] = [
        json.loads(line) for line in (folder / "issues.jsonl").read_text("utf-8").splitlines() if "failure" in line
    ]
    kept = warc.read_at(folder / "capture-00000.warc.gz", issue["capture"]["offset"])
    assert (issue["what"], kept.truncated, kept.status) == ("stalled", "time", 200), done.stderr
    assert len(kept.payload) > 0


def test_pages_that_are_gone_are_no_gap(tmp_path: Path) -> None:
    faults = Faults(always={ONE: "404", "/ShowArticle.asp?ArticleID=276": "soft404"})
    crawl, _ = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=faults)
    assert crawl.exit_code == 0
    missing = {line["url"].rpartition("=")[2] for line in crawl.lines("sightings") if line["outcome"] == "missing"}
    assert missing == {"365", "276"}


def test_a_bomb_is_survived_and_named(tmp_path: Path) -> None:
    crawl, _ = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=Faults(always={ONE: "bomb"}))
    assert len(crawl.lines("articles")) == len(truth("asp-tables")) - 1
    assert any(url.lower().endswith(ONE.lower()) for _, url in crawl.issues())


def test_a_compressed_or_chunked_answer_is_read_like_any_other(tmp_path: Path) -> None:
    faults = Faults(shares={"gzip": 0.3, "chunked": 0.3, "latin": 0.3})
    crawl, _ = crawl_replica(tmp_path, "asp-tables", "--no-media", faults=faults)
    assert crawl.exit_code == 0, crawl.log
    assert complete(crawl, "asp-tables")
