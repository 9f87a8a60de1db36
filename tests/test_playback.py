"""What is kept can be looked at with the programs that people use for it."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from gdfupin_spider import warc
from gdfupin_spider.warc.record import record_at
from tests.pywb import played
from tests.shared import once
from tests.sites import crawl_replica, environment, run


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output with a crawl of some articles and their pictures."""

    def make(folder: Path) -> Path:
        crawl_replica(folder / "output", "asp-tables", "--limit", "12")
        return folder / "output"

    return once(tmp_path_factory, "small-output", make)


def test_a_wacz_has_all_captures_and_begins_with_the_articles(small: Path, tmp_path: Path) -> None:
    done = run("export", "wacz", "--output", str(small), "--to", str(tmp_path / "site.wacz"), "--json")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "site.wacz") as packed:
        [name] = [each for each in packed.namelist() if each.startswith("archive/")]
        [crawl] = (small / "crawls").iterdir()
        assert name == f"archive/{crawl.name}-capture-00000.warc.gz"
        assert packed.read(name) == (crawl / "capture-00000.warc.gz").read_bytes()
        head, *pages = map(json.loads, packed.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert len(pages) == 1 + 12
    assert all(page["title"] and page["ts"].endswith("Z") for page in pages)


def test_a_wacz_of_damaged_files_is_refused_and_leaves_nothing(small: Path, tmp_path: Path) -> None:
    output, target = tmp_path / "output", tmp_path / "to" / "site.wacz"
    target.parent.mkdir()
    shutil.copytree(small, output)
    [file] = output.glob("crawls/*/*.warc.gz")
    whole = file.read_bytes()
    ends = [record_at(file, each.proof.offset).end for each in warc.read(file)]
    for place in (len(whole) // 2, ends[5] - 5, ends[-1] - 40):  # five bytes before its end a record has its check sum
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        done = run("export", "wacz", "--output", str(output), "--to", str(target))
        assert done.returncode == 9, (place, done.stderr)
        assert "gdfupin verify --repair" in done.stderr
    os.mkfifo(target)
    done = run("export", "wacz", "--output", str(output), "--to", str(target))
    assert (done.returncode, target.is_fifo()) == (6, True), "only a file is replaced"
    assert list(target.parent.iterdir()) == [target]


FULL = """
import resource, sys
from gdfupin_spider.commands import main
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
main(sys.argv[1:])
"""


def test_a_full_disk_is_one_sentence_and_leaves_nothing(small: Path, tmp_path: Path) -> None:
    target = tmp_path / "to" / "site.wacz"
    target.parent.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", FULL, "export", "wacz", "--output", str(small), "--to", str(target)],
        env=environment(None), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert done.stderr.splitlines()[1:] == [f"gdfupin: {target}: File too large"]
    assert list(target.parent.iterdir()) == []


def test_an_archive_without_captures_says_what_to_do(tmp_path: Path) -> None:
    done = run("export", "wacz", "--output", str(tmp_path), "--to", str(tmp_path / "site.wacz"))
    assert done.returncode == 2
    assert not (tmp_path / "site.wacz").exists()


def test_pywb_gives_every_payload_back(small: Path, pywb: Path, tmp_path: Path) -> None:
    [crawl] = (small / "crawls").iterdir()
    wrong, compared = [], 0
    with played(pywb, tmp_path, warc.files(crawl)) as address:
        for capture in warc.read(crawl):
            if capture.status != 200 or capture.method != "GET":
                continue
            stamp = "".join(sign for sign in capture.captured_at if sign.isdigit())
            request = urllib.request.Request(f"{address}/{stamp}id_/{capture.url}")
            with urllib.request.urlopen(request, timeout=30) as response:
                found = hashlib.sha256(response.read()).hexdigest()
            compared += 1
            if found != capture.proof.payload_sha256:
                wrong.append(capture.url)
    assert compared >= 20, "pages and pictures of twelve articles"
    assert wrong == []
