"""`gdfupin verify --repair`: nothing is deleted, what can be made again is, and what is lost is named."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from gdfupin_spider import pages, warc
from gdfupin_spider.catalog import Catalog
from gdfupin_spider.storage.crawls import Crawl
from gdfupin_spider.storage.line_file import lines
from gdfupin_spider.verify import repair, verify
from tests.sites import run
from tests.verify.conftest import PROFILE

WARC = "capture-00000.warc.gz"


def flip(path: Path, at: int) -> bytes:
    """Spoils a byte; gives back how the file was spoilt."""
    content = bytearray(path.read_bytes())
    content[at] ^= 0x10
    path.write_bytes(content)
    return bytes(content)


def articles(path: Path) -> dict[str, dict[str, object]]:
    return {line["id"]: line for _, line in lines(path / "articles.jsonl")}


def test_what_is_whole_is_not_touched(output: Path) -> None:
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file() and path.name != ".lock"}
    found = repair(output, PROFILE)
    assert (found.damage, found.repaired, found.lost) == ([], [], [])
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("kind", ["articles", "sightings", "pages", "media"])
@pytest.mark.parametrize("has_report", [True, False])
def test_damaged_lines_come_back_from_the_warc(output: Path, crawl: Crawl, kind: str, has_report: bool) -> None:
    if not has_report:
        (crawl.path / "report.json").unlink()
    path = crawl.path / f"{kind}.jsonl"
    whole = sorted(path.read_bytes().splitlines())
    spoilt = flip(path, path.stat().st_size // 2)
    done = run("verify", "--repair", "--output", str(output), "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["damage"], answer["lost"]) == (0, [], [])
    assert any("rebuilt" in line for line in answer["repaired"])
    assert sorted(path.read_bytes().splitlines()) == whole
    assert path.with_name(f"{path.name}.aside-1").read_bytes() == spoilt
    if has_report:
        assert json.loads((crawl.path / "report.json").read_text())["repaired"]["files"] == [path.name]


def test_of_a_damaged_warc_the_rest_stays_and_the_lost_article_is_named(output: Path, crawl: Crawl) -> None:
    before = articles(crawl.path)
    spoilt_article = next(line for line in before.values() if line["captures"][0]["offset"] > 0)  # type: ignore[index]
    proof = spoilt_article["captures"][0]  # type: ignore[index]
    captures = list(warc.read(crawl.path))
    spoilt = flip(crawl.path / WARC, proof["offset"] + 400)
    found = repair(output, PROFILE)
    assert found.damage == [], found.damage
    assert (crawl.path / f"{WARC}.aside-1").read_bytes() == spoilt
    assert list(warc.read(crawl.path, strict=True)) == [
        capture for capture in captures if capture.proof.offset != proof["offset"]
    ]
    assert any(str(proof["offset"]) in lost for lost in found.lost)
    [named] = [lost for lost in found.lost if lost.startswith("article ")]
    assert spoilt_article["title"] in named  # type: ignore[operator]
    after = articles(crawl.path)
    assert spoilt_article["id"] not in after
    # The crawl was asked for twelve articles: one that it had captured and left out takes the place of the lost one.
    assert {key: line for key, line in after.items() if key in before} == {
        key: line for key, line in before.items() if line is not spoilt_article
    }
    with Catalog(output / "catalog.sqlite") as catalog:
        assert {article.id for article in catalog.articles()} == after.keys()
    assert json.loads((crawl.path / "report.json").read_text())["repaired"]["lost_exchanges"] == 1


def test_other_programs_read_a_mended_file(output: Path, crawl: Crawl) -> None:
    from fastwarc.warc import ArchiveIterator
    from warcio.archiveiterator import ArchiveIterator as OfWarcio

    captures = list(warc.read(crawl.path))
    flip(crawl.path / WARC, captures[3].proof.offset + 300)
    repair(output, PROFILE)
    with (crawl.path / WARC).open("rb") as file:
        kinds = [record.rec_type for record in OfWarcio(file)]
    with (crawl.path / WARC).open("rb") as file:
        assert len(list(ArchiveIterator(file, parse_http=False))) == len(kinds)
    assert kinds.count("metadata") == 1
    assert kinds.count("response") + kinds.count("revisit") == len(captures) - 1


def test_a_warc_cut_in_half_keeps_its_first_half(output: Path, crawl: Crawl) -> None:
    path = crawl.path / WARC
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = repair(output, PROFILE)
    assert found.damage == [], found.damage
    assert found.captures == len(list(warc.read(crawl.path, strict=True)))
    assert any(lost.startswith("article ") for lost in found.lost)


def test_a_warc_that_is_gone_takes_its_lines_with_it(output: Path, crawl: Crawl) -> None:
    (crawl.path / WARC).unlink()
    found = repair(output, PROFILE)
    assert [finding for finding in found.damage if finding.part == "lines"] == []
    assert articles(crawl.path) == {}
    assert len([lost for lost in found.lost if lost.startswith("article ")]) == 12


def test_a_changed_catalog_and_one_that_is_none_are_folded_again(output: Path) -> None:
    path = output / "catalog.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("UPDATE article SET status = 'gone'")
    assert repair(output, PROFILE).damage == []
    assert path.with_name("catalog.sqlite.aside-1").exists()
    for aside in output.glob("catalog.sqlite-*"):
        aside.unlink()
    path.write_bytes(b"no database " * 100)
    assert repair(output, PROFILE).damage == []
    assert path.with_name("catalog.sqlite.aside-2").read_bytes() == b"no database " * 100
    with Catalog(path) as catalog:
        assert {article.status for article in catalog.articles()} == {"live"}


def test_a_report_and_a_reading_are_set_aside(output: Path, crawl: Crawl) -> None:
    reading = output / "readings" / pages.reader(PROFILE) / crawl.name
    before = articles(reading)
    (crawl.path / "report.json").write_text("{")
    flip(reading / "articles.jsonl", 500)
    found = repair(output, PROFILE)
    assert found.damage == []
    assert (crawl.path / "report.json.aside-1").read_text() == "{"
    assert not (crawl.path / "report.json").exists()
    assert articles(reading) == before
    assert reading.with_name(f"{crawl.name}.aside-1").is_dir()


def test_lines_of_another_reader_are_kept_as_far_as_they_are_good(output: Path, crawl: Crawl) -> None:
    """They cannot be made again; today's reading of the WARC is what is folded."""
    (crawl.path / "report.json").unlink()
    shutil.rmtree(output / "readings")
    path = crawl.path / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(pages.reader(PROFILE).encode(), b"0+gdfupin.00000000"))
    before = articles(crawl.path)
    flip(path, path.stat().st_size - 500)
    found = repair(output, PROFILE)
    assert found.damage == []
    assert len(articles(crawl.path)) == len(before) - 1
    assert articles(output / "readings" / pages.reader(PROFILE) / crawl.name).keys() == before.keys()
    assert verify(output, PROFILE).catalog
