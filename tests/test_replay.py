"""The test that matters most: the lines of a crawl are the lines of its replay."""

import gzip
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from gdfupin_spider import warc
from gdfupin_spider.replica import MARKUPS, Faults
from tests.extract import crawl_replica
from tests.sites import Crawl, run

KINDS = ("articles", "sightings", "pages", "issues")


def replayed(crawl: Crawl, output: Path) -> dict[str, list[bytes]]:
    """The sorted lines of a fresh replay of this crawl, by kind."""
    done = run("replay", str(crawl.folder), "--output", str(output))
    assert done.returncode == 0, done.stderr
    [folder] = (output / "readings").glob("*/*")
    assert (folder / "reading.json").is_file()
    return {kind: sorted((folder / f"{kind}.jsonl").read_bytes().splitlines()) for kind in KINDS}


def lines(crawl: Crawl, kind: str) -> list[bytes]:
    assert crawl.folder is not None, crawl.log
    return sorted((crawl.folder / f"{kind}.jsonl").read_bytes().splitlines())


@pytest.mark.parametrize("markup", sorted(MARKUPS))
def test_a_crawl_equals_its_replay(crawled: Callable[[str], Crawl], markup: str, tmp_path: Path) -> None:
    crawl = crawled(markup)
    again = replayed(crawl, tmp_path)
    for kind in KINDS:
        assert again[kind] == lines(crawl, kind), kind


def test_a_crawl_with_retries_equals_its_replay(tmp_path: Path) -> None:
    shares = dict.fromkeys(("500", "reset", "long", "short", "empty", "429", "waf"), 0.04)
    crawl, _ = crawl_replica(tmp_path / "output", "static-cms", faults=Faults(shares=shares, retry_after=0))
    assert crawl.answer["requests"]["page"].get("500"), "the faults did happen"
    again = replayed(crawl, tmp_path)
    for kind in ("articles", "sightings"):
        assert again[kind] == lines(crawl, kind), kind


def test_a_crawl_with_a_limit_equals_its_replay(tmp_path: Path) -> None:
    crawl, _ = crawl_replica(tmp_path / "output", "shtml", "--limit", "9", "--no-media")
    assert replayed(crawl, tmp_path)["articles"] == lines(crawl, "articles")


def test_a_replay_needs_the_warc_only(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> None:
    crawl = crawled_extract("asp-tables")
    assert crawl.folder is not None
    bare = tmp_path / "output" / "crawls" / crawl.folder.name
    bare.mkdir(parents=True)
    shutil.copy(crawl.folder / "capture-00000.warc.gz", bare)
    assert replayed(replace(crawl, folder=bare), tmp_path / "output")["articles"] == lines(crawl, "articles")


def test_a_second_replay_takes_the_place_of_the_first(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> None:
    crawl = crawled_extract("frames")
    assert replayed(crawl, tmp_path) == replayed(crawl, tmp_path)
    [folder] = (tmp_path / "readings").glob("*/*")
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_replay_of_a_crawl_that_is_not_there_names_those_that_are(
    crawled_extract: Callable[[str], Crawl], tmp_path: Path
) -> None:
    done = run("replay", "yesterday", "--output", str(tmp_path))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "yesterday" in done.stderr


def test_a_warc_of_another_program_is_read(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> None:
    """Written by warcio as `wget --warc-file` would: no purposes, pictures and robots.txt among the pages."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    crawl = crawled_extract("static-cms")
    assert crawl.folder is not None
    folder = tmp_path / "foreign"
    folder.mkdir()
    with (folder / "capture-00000.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for capture in warc.read(crawl.folder):
            head = StatusAndHeaders(f"{capture.status} OK", list(capture.headers), protocol="HTTP/1.1")
            payload = BytesIO(capture.payload)
            record = writer.create_warc_record(capture.url, "response", payload, http_headers=head)
            writer.write_record(record)
            record.raw_stream.close()  # a temporary file of warcio's
    done = run("replay", str(folder), "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    [reading] = (tmp_path / "readings").glob("*/*")
    ours, theirs = (
        [json.loads(line) for line in (place / "articles.jsonl").read_text("utf-8").splitlines()]
        for place in (crawl.folder, reading)
    )
    assert {line["origin"] for line in theirs} == {"warc"}
    assert [line["content_sha256"] for line in theirs] == [line["content_sha256"] for line in ours]


@pytest.mark.parametrize("name", ["theirs-20210101.warc.gz", "site.warc"])
def test_warc_files_of_any_name_are_replayed(
    crawled_extract: Callable[[str], Crawl], name: str, tmp_path: Path
) -> None:
    crawl = crawled_extract("shtml")
    assert crawl.folder is not None
    [file] = warc.files(crawl.folder)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    content = file.read_bytes()
    (theirs / name).write_bytes(content if name.endswith(".gz") else gzip.decompress(content))
    done = run("replay", str(theirs), "--output", str(tmp_path / "output"))
    assert done.returncode == 0, done.stderr
    assert "killed" not in done.stderr
    assert f"{len(lines(crawl, 'articles'))} articles" in done.stdout
