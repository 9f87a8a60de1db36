"""Pages of one article that are spread over archives, and captures of one archive that answer questions of another."""

import json
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import open_archive, warc
from gdfupin_spider.replica import truth
from tests import handmade
from tests.common_crawl import files_of
from tests.sites import run
from tests.web_archive import Stored, archive_of, at_time, of_replica, settings_for

MARKUP = "static-cms"
RECORD = max((each for each in truth(MARKUP) if len(each.addresses) == 1), key=lambda each: each.pages)
ONE, *REST = RECORD.addresses[0].parts
SITE = "http://www.gdfupin.org.cn/show.asp?id="


@pytest.fixture(autouse=True)
def pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_PACE", str(tmp_path / "pace"))


def parts() -> dict[str, Stored]:
    """The pages of an article, archived in June 2014."""
    captures = of_replica(MARKUP, 0, "20140601000000", {RECORD.number})
    return {each.url: each for each in captures if each.url in (ONE, *REST)}


def best(output: Path, *arguments: str) -> dict[str, Any]:
    done = run("crawl", "--from", "best", "--output", str(output), "--json", *arguments)
    assert done.returncode == 0, done.stderr
    data: dict[str, Any] = json.loads(done.stdout)
    return data


@pytest.mark.parametrize("first_in", ["wayback", "commoncrawl"])
def test_pages_of_an_article_that_two_archives_share_are_joined(tmp_path: Path, first_in: str) -> None:
    """One has the first page, the other the rest, some months later."""
    known = parts()
    first = [known[ONE]]
    rest = [at_time(known[url], f"201409010000{number:02}") for number, url in enumerate(REST)]
    wayback, commoncrawl = (first, rest) if first_in == "wayback" else (rest, first)
    output = tmp_path / "output"
    with archive_of(wayback) as server:
        server.files = files_of({"CC-MAIN-2014-15": commoncrawl})
        settings_for(output, server)
        done = best(output)
        again = best(output)
    assert done["joined"]["captures"] == 1 + len(REST) > 1
    assert again["joined"] is None
    with open_archive(output) as archive:
        [article] = [each for each in archive if each["title"] == RECORD.title]
    assert article["body"] == RECORD.body
    captures = [warc.read_at(output / "crawls" / each["warc"], each["offset"]) for each in article["captures"]]  # type: ignore[attr-defined]
    origins = [each.origin for each in captures]
    assert (origins[0], set(origins[1:])) == (first_in, {"wayback", "commoncrawl"} - {first_in})
    assert all(each.source_uri and each.source_note for each in captures)
    folder = output / "crawls" / done["joined"]["crawl"]
    before = sorted((folder / "articles.jsonl").read_text("utf-8").splitlines())
    assert run("replay", folder.name, "--output", str(output)).returncode == 0
    [replayed] = (output / "readings").glob(f"*/{folder.name}/articles.jsonl")
    assert sorted(replayed.read_text("utf-8").splitlines()) == before
    assert run("verify", "--output", str(output)).returncode == 0


def test_a_404_of_one_archive_makes_another_show_that_the_page_was_there_later(tmp_path: Path) -> None:
    """The newest capture of 1 has the payload of the oldest, so at first it was not fetched. 2 is gone."""

    def stored(number: int, year: int, status: int = 200, more: str = "") -> Stored:
        body = handmade.article(f"修路的消息第{number}号", more) if status == 200 else b"<h1>404 Not Found</h1>"
        return Stored(f"{SITE}{number}", f"{year}0501000000", status, (("Content-Type", "text/html"),), body)

    wayback = [*(stored(number, 2013) for number in range(1, 8)), stored(1, 2018)]
    wayback += [stored(number, 2018, more="<p>浏览次数:12</p>") for number in range(3, 8)]
    other = [stored(number, year, 404) for number in (1, 2) for year in (2014, 2015)]
    output = tmp_path / "output"
    with archive_of(wayback) as server, archive_of(other) as second:
        settings_for(output, server, cdx=[f"{second.url}/county/cdx"], commoncrawl_index=f"{server.url}/none.json")
        data = best(output)
    assert [each["source"].partition("=")[0] for each in data["sources"]] == [
        "wayback",
        "cdx",
        "commoncrawl",
        "wayback",
    ]
    assert data["sources"][-1]["taken"] == 1
    with open_archive(output) as archive:
        found = {str(each["url"])[-1]: (each["status"], str(each["last_seen"])[:4]) for each in archive}
    assert (found["1"], found["2"]) == (("archived", "2018"), ("gone", "2013"))
