"""`gdfupin crawl --from wayback` against a loopback archive that is filled from crawls of the replica."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import warc
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import truth
from tests.sites import Crawl, run
from tests.web_archive import Stored, archive_of, captures_of, settings_for

MARKUP = "static-cms"


@pytest.fixture(autouse=True)
def pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files of the pace are of this test alone."""
    monkeypatch.setenv("GDFUPIN_PACE", str(tmp_path / "pace"))
    return tmp_path / "pace"


@pytest.fixture
def stored(crawled: Callable[[str], Crawl]) -> list[Stored]:
    """The replica as it was archived in May 2013."""
    folder = crawled(MARKUP).folder
    assert folder is not None
    return list(captures_of(folder, lambda timestamp: f"201305{timestamp[6:]}"))


def imported(output: Path, *arguments: str, code: int = 0) -> Mapping[str, Any]:
    """The JSON of `gdfupin crawl --from wayback`."""
    done = run("crawl", "--from", "wayback", "--output", str(output), "--json", *arguments)
    assert done.returncode == code, done.stderr
    data: Mapping[str, Any] = json.loads(done.stdout)
    return data


def articles(output: Path) -> dict[int, str]:
    """Content digest of each article of the replica by its number, of the newest line in all crawls."""
    numbers = {identity_key(url): record.number for record in truth(MARKUP) for url in record.urls}
    found = {}
    for path in sorted(output.glob("crawls/*/articles.jsonl")):
        for line in map(json.loads, path.read_text("utf-8").splitlines()):
            found[numbers[identity_key(line["url"])]] = line["content_sha256"]
    return found


def test_what_the_archive_has_becomes_the_articles_of_the_site(tmp_path: Path, stored: list[Stored]) -> None:
    output = tmp_path / "output"
    with archive_of(stored) as server:
        settings_for(output, server)
        planned = imported(output, "--plan")["plan"]
        assert not server.paths("playback")
        assert not (output / "crawls").exists()
        taken = imported(output)
        again = imported(output)
    assert planned["captures"] == taken["taken"] == len(server.paths("playback")) > 300
    assert list(planned["groups"]) == ["listings", "articles", "unknown"]
    assert set(planned["left_out"]) == {"media", "robots.txt"}
    assert (again["taken"], again["plan"]["left_out"]["held"]) == (0, taken["taken"])
    assert len(server.paths("index")) == 2  # two walks in one; then the inventory is on the disk
    found = articles(output)
    assert set(found) == {record.number for record in truth(MARKUP)}
    for record in truth(MARKUP):
        assert found[record.number] in {record.content_sha256(address.section) for address in record.addresses}
    assert set(taken["catalog"]["articles"]) == {"archived"}


def test_a_record_has_the_original_address_date_and_headers_and_names_the_archive(
    tmp_path: Path, stored: list[Stored]
) -> None:
    output = tmp_path / "output"
    with archive_of(stored) as server:
        settings_for(output, server)
        taken = imported(output, "--limit", "3", "--only", "articles")
    originals = {(each.url, each.timestamp): each for each in stored}
    captures = list(warc.read(output / "crawls" / taken["crawl"], strict=True))
    assert len(captures) == 3
    for capture in captures:
        assert capture.captured_at.startswith("2013-05-")
        timestamp = "".join(filter(str.isdigit, capture.captured_at))
        original = originals[capture.url, timestamp]
        assert (capture.status, capture.payload, capture.origin) == (200, original.body, "wayback")
        assert capture.source_uri == f"{server.url}/web/{timestamp}id_/{capture.url}"
        assert (capture.source_note or "").endswith(f"{timestamp}-00000.warc.gz")
        names = {name.lower() for name, _ in capture.headers}
        assert "memento-datetime" not in names
        assert capture.header("server") == "Microsoft-IIS/6.0"
    agents = {headers["user-agent"] for *_, headers in server.requests}
    assert all(agent.startswith("gdfupin_spider/") for agent in agents)
    assert {headers["accept-encoding"] for *_, headers in server.requests} == {"identity"}
