"""`gdfupin crawl --from wayback` against a loopback archive that is filled from crawls of the replica."""

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import warc
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import truth
from tests.sites import Crawl, run
from tests.web_archive import ArchiveFaults, Stored, archive_of, captures_of, settings_for

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


def number_of(url: str) -> int:
    """The number of the article that a page belongs to; 0 for other pages."""
    return _numbers().get(identity_key(url), 0)


@functools.cache
def _numbers() -> dict[str, int]:
    return {
        identity_key(url): record.number
        for record in truth(MARKUP)
        for address in record.addresses
        for url in address.parts
    }


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


def test_what_the_archive_refuses_is_named_replaced_by_an_equal_capture_and_not_asked_for_again(
    tmp_path: Path, stored: list[Stored]
) -> None:
    """Five articles; a later capture with the same bytes exists of the third and the fourth."""
    pages = [next(each for each in stored if each.url == record.url) for record in truth(MARKUP)[20:25]]
    later = [replace(each, timestamp=f"2014{each.timestamp[4:]}") for each in pages[2:4]]
    withheld, missing, nearest, corrupt = ((each.key, each.timestamp) for each in pages[:4])
    faults = ArchiveFaults(withheld={withheld}, missing={missing}, nearest={nearest}, corrupt={corrupt})
    output = tmp_path / "output"
    with archive_of([*pages, *later], faults) as server:
        settings_for(output, server)
        taken = imported(output, code=0)
        before = len(server.paths("playback"))
        again = imported(output)
        assert len(server.paths("playback")) == before == 7
        settings_for(output, server, retry_days=0)
        imported(output)
        assert len(server.paths("playback")) == before + 4
    assert taken["refused"] == {"withheld": 1, "missing": 1, "nearest": 1, "mismatch": 1}
    assert taken["taken"] == 3
    assert set(articles(output)) == {record.number for record in truth(MARKUP)[22:25]}
    assert again["plan"]["left_out"]["refused before"] == 4
    issues = (output / "crawls" / taken["crawl"] / "issues.jsonl").read_text("utf-8")
    for what in ("archive-withheld", "archive-missing", "archive-nearest", "archive-mismatch"):
        assert what in issues


def test_an_archive_that_shuts_us_out_ends_with_exit_code_7_and_is_left_alone(
    tmp_path: Path, stored: list[Stored]
) -> None:
    output = tmp_path / "output"
    with archive_of(stored) as server:
        settings_for(output, server)
        imported(output, "--plan")
    for _ in range(2):
        ended = imported(output, "--limit", "5", code=7)
        assert "firewall" in ended["error"]
        assert ended["exit_code"] == 7
    assert not (output / "crawls").exists()


def test_an_archive_that_is_blocked_halfway_keeps_what_was_fetched(tmp_path: Path, stored: list[Stored]) -> None:
    """Of 80 articles, one of several pages among them."""
    output = tmp_path / "output"
    some = {record.number for record in truth(MARKUP)[:80]} | {
        record.number for record in truth(MARKUP) if record.pages > 1
    }
    stored = [each for each in stored if number_of(each.url) in some]
    with archive_of(stored) as server:
        settings_for(output, server)

        def close(number: int) -> None:
            if number == 50:
                server.refuse()

        server.on_request = close
        ended = imported(output, "--only", "articles", code=7)
    assert "firewall" in ended["error"]
    found = len(articles(output))
    assert 20 < found <= 50
    with archive_of(stored, port=server.port) as server:
        settings_for(output, server)
        imported(output, "--only", "articles", code=7)  # the hour is not over
        for file in (tmp_path / "pace").iterdir():
            file.unlink()
        imported(output, "--only", "articles")
        again = [key for key, count in server.served.items() if count > 1]
        assert again == []
    assert set(articles(output)) == some


def test_the_plan_ends_with_the_command_that_fetches_it(tmp_path: Path, stored: list[Stored]) -> None:
    """With the limits and the profile that were given, as the archive does not know it yet."""
    output = tmp_path / "output"
    with archive_of(stored[:40]) as server:
        settings_for(output, server)
        limits = ("--since", "2013-02", "--until", "2013", "--only", "articles", "--profile", "gdfupin")
        done = run("crawl", "--from", "wayback", "--output", str(output), "--plan", *limits)
        scout = run("scout", "--output", str(output), "--profile", "gdfupin")
    shown, scouted = (" ".join(each.stdout.split()) for each in (done, scout))
    assert f"--from wayback --since 201302 --until 2013 --only articles --profile gdfupin --output {output}" in shown
    assert f"--from wayback --plan --profile gdfupin --output {output}" in scouted


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "wayback", "--delay", "2"), "--delay is about the live site"),
        (("--from", "wayback", "http://a.cn/"), "URL is about the live site"),
        (("--from", "wayback", "--full"), "--full is about the live site"),
        (("--plan",), "--plan needs --from"),
        (("--since", "2013"), "--since needs --from"),
        (("--from", "wayback", "--since", "yesterday"), "not a year, month or day"),
        (("--from", "geocities"), "none of wayback"),
        (("--from", "cdx=archive.example"), "must begin with http"),
    ],
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = run("crawl", "--output", str(tmp_path / "output"), *arguments)
    assert done.returncode == 2
    assert message in " ".join(done.stderr.split())


def test_best_asks_the_archive_with_most_of_what_is_missing_first_and_fetches_the_rest_from_the_others(
    tmp_path: Path, stored: list[Stored]
) -> None:
    """The Wayback Machine has every second article, another archive has every third and the rest; one is down."""
    output = tmp_path / "output"
    stored = [each for each in stored if number_of(each.url) % 3 == 0]
    some = [each for each in stored if number_of(each.url) % 2 == 0]
    most = [each for each in stored if number_of(each.url) % 2 or number_of(each.url) % 5 == 0]
    with archive_of(some) as one, archive_of(most) as two:
        settings_for(output, one, cdx=[f"{two.url}/county/cdx"], commoncrawl_index=f"{one.url}/none.json")
        plan = json.loads(run("crawl", "--from", "best", "--plan", "--output", str(output), "--json").stdout)
        done = run("crawl", "--from", "best", "--output", str(output), "--json")
    order = ["cdx", "wayback", "commoncrawl"]
    for each in (plan["sources"], plan["order"], json.loads(done.stdout)["sources"]):
        assert [source["source"].partition("=")[0] for source in each] == order
    first, second, last = plan["order"]
    assert first["missing_articles"] > second["missing_articles"] > last["missing_articles"] == 0
    assert first["why"].startswith(f"{first['missing_articles']} articles that are not held, ")
    assert (last["refused"], "cannot be asked now" in last["why"]) == (True, True)
    assert f"1. {first['source']}: {first['why']}" in done.stderr
    assert done.returncode == 0, done.stderr
    cdx, wayback, commoncrawl = json.loads(done.stdout)["sources"]
    assert (wayback["taken"] > 40, cdx["taken"] > 40) == (True, True)
    assert wayback["plan"]["left_out"]["held"] >= 10
    assert commoncrawl["exit_code"] == 7
    assert set(articles(output)) == {record.number for record in truth(MARKUP) if record.number % 3 == 0}
