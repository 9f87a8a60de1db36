"""Six epochs of the replica behind a loopback Wayback Machine: articles and versions are those of the truth, whatever happens."""

import functools
import json
import os
import signal
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import open_archive, warc
from gdfupin_spider.pages import identity_key
from gdfupin_spider.replica import LAST, changes, truth
from gdfupin_spider.storage.lock import holder
from tests.common_crawl import files_of
from tests.pywb import played, write
from tests.sites import run
from tests.web_archive import ArchiveFaults, Content, Stored, archive_of, of_replica, settings_for, versions_of

MARKUP = "frames"
EPOCHS = range(LAST + 1)
FEW = (0, 3, 5)
"""Enough where every epoch is tested elsewhere: the last one is after the redesign."""


@functools.cache
def chosen() -> frozenset[int]:
    """Numbers of articles that are added, edited, removed or restored in some epoch, and of some others."""
    return frozenset(
        {each.number for epoch in EPOCHS[1:] for each in changes(MARKUP, epoch - 1, epoch) if each.kind != "moved"}
        | {each.number for each in truth(MARKUP) if each.number % 50 == 0}
    )


@functools.cache
def archived(epochs: Iterable[int] = EPOCHS) -> tuple[Stored, ...]:
    """The epochs, each of a year of its own."""
    return tuple(each for epoch in epochs for each in of_replica(MARKUP, epoch, f"{2010 + epoch}0601000000", chosen()))


@pytest.fixture(autouse=True)
def pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_PACE", str(tmp_path / "pace"))


@functools.cache
def numbers() -> dict[str, int]:
    """The number of each article, by the identity keys of its addresses."""
    return {
        identity_key(url): each.number for epoch in EPOCHS for each in truth(MARKUP, epoch=epoch) for url in each.urls
    }


def versions(output: Path) -> dict[int, list[int]]:
    """Number of versions of each article that the archive has of an article of the replica, by its number."""
    found: dict[int, list[int]] = {}
    with open_archive(output) as archive:
        for article in archive:
            found.setdefault(numbers()[identity_key(str(article["url"]))], []).append(int(str(article["versions"])))
    return found


def newest(output: Path) -> dict[int, Content]:
    """What the newest version of each article has, by its number, as `versions_of` gives it."""
    with open_archive(output) as archive:
        found: list[dict[str, Any]] = list(archive)
    return {
        numbers()[identity_key(each["url"])]: (
            *(each[name] for name in ("title", "date", "source", "author", "body")),
            tuple(image["caption"] for image in each["images"]),
            tuple(file["name"] for file in each["attachments"]),
        )
        for each in found
    }


def expected(epochs: Iterable[int] = EPOCHS) -> dict[int, list[int]]:
    return {number: [len(contents)] for number, contents in versions_of(MARKUP, epochs, chosen()).items()}


def test_articles_and_versions_are_those_of_the_truth_though_each_walk_is_a_sample(tmp_path: Path) -> None:
    """Each walk lacks every seventh row, rows repeat, some are broken, captures of equal pages are revisits."""
    broken = [
        ["cn,org,gdfupin)/x", "2013", "http://gdfupin.org.cn/x", "text/html", "200", "-", "0"],
        ["cn,org,gdfupin)/y"],
    ]
    faults = ArchiveFaults(
        revisits=True, repeat_rows=5, malformed=broken, hide=lambda walk, number: number % 7 == walk and number > 1
    )
    output = tmp_path / "output"
    with archive_of(archived(), faults) as server:
        settings_for(output, server)
        done = run("crawl", "--from", "wayback", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    assert versions(output) == expected()
    [inventory] = taken["inventories"]
    assert inventory["added_by_last_walk"] > 40
    assert inventory["malformed"] == 2 * len(broken)
    assert taken["plan"]["left_out"]["same content"] > 0


def test_pywb_itself_gives_the_same(pywb: Path, tmp_path: Path) -> None:
    """Its index has other names, two kinds of digests and no resume key; its playback gives the nearest capture at once."""
    output, place = tmp_path / "output", tmp_path / "pywb"
    place.mkdir()
    write(place / "replica.warc.gz", archived(FEW))
    with played(pywb, place, [place / "replica.warc.gz"]) as address:
        settings_for(output)
        done = run("crawl", "--from", f"cdx={address}/cdx", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    taken = json.loads(done.stdout)
    [inventory] = taken["inventories"]
    assert (inventory["walks"], inventory["added_by_last_walk"], inventory["warnings"]) == (2, 0, [])
    assert taken["refused"] == {}
    assert versions(output) == expected(FEW)
    assert newest(output) == {number: contents[-1] for number, contents in versions_of(MARKUP, FEW, chosen()).items()}
    [crawl] = (output / "crawls").iterdir()
    assert crawl.name.endswith("-cdx")
    capture = next(each for each in warc.read(crawl, strict=True) if each.url.endswith("class11.htm"))
    assert {name.lower() for name, _ in capture.headers} == {"content-type", "etag", "last-modified"}


def test_common_crawl_gives_the_same_from_warc_and_arc_files(tmp_path: Path) -> None:
    """Each epoch is a collection; those of 2010 to 2012 are ARC. Its index files are read by byte ranges."""
    collections: dict[str, list[Stored]] = {}
    for each in archived(FEW):
        year = each.timestamp[:4]
        collections.setdefault("CC-MAIN-2009-2012" if year < "2013" else f"CC-MAIN-{year}-20", []).append(each)
    output = tmp_path / "output"
    with archive_of([]) as server:
        server.files = files_of(collections)
        settings_for(output, server)
        done = run("crawl", "--from", "commoncrawl", "--output", str(output), "--json")
        index = [path for path in server.paths("index") if not path.startswith("/crawl-data/")]
        again = run("crawl", "--from", "commoncrawl", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    assert versions(output) == expected(FEW)
    assert len(index) < 5 * 20 + 20
    assert json.loads(again.stdout)["taken"] == 0
    [crawl] = (output / "crawls").iterdir()
    captures = list(warc.read(crawl, strict=True))
    assert {each.origin for each in captures} == {"commoncrawl"}
    assert all(each.source_note and each.source_uri and each.source_uri.startswith(server.url) for each in captures)


def test_what_is_killed_ten_times_and_resumed_has_everything_once_and_keeps_the_pace(tmp_path: Path) -> None:
    output = tmp_path / "output"
    points = [1, 2, 4, 8, 14, 22, 32, 45, 60, 80]
    with archive_of(archived(FEW), ArchiveFaults(per_second={"playback": 100})) as server:
        settings_for(output, server, playbacks_per_minute=60 * 80)

        def kill(number: int) -> None:
            process = holder(output)
            if points and number >= points[0] and process is not None and process.pid is not None:
                points.pop(0)
                os.kill(process.pid, signal.SIGKILL)

        server.on_request = kill
        codes = []
        while not codes or codes[-1] != 0:
            done = run("crawl", "--from", "wayback", "--output", str(output), "--json")
            codes.append(done.returncode)
            assert len(codes) < 15, done.stderr
        assert codes == [-signal.SIGKILL] * 10 + [0]
        assert server.too_fast == 0
        assert server.busiest("playback", 1) <= 90
    assert versions(output) == expected(FEW)
    captures = Counter(
        (identity_key(each.url), each.captured_at)
        for folder in (output / "crawls").iterdir()
        for each in warc.read(folder, lambda damage: None)
    )
    assert set(captures.values()) == {1}
    again = sum(count - 1 for count in server.served.values())
    assert again <= 10 * 8  # what was underway when the process was killed
