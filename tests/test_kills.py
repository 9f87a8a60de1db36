"""Nothing is lost and nothing doubled, however crawls end. `python -m tests.kills 1000` does it for longer."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import warc
from gdfupin_spider.storage import crawls
from tests import county, kills
from tests.kills import PROFILE, Ended, articles, assert_equal, crawl
from tests.sites import environment, run


@pytest.fixture(scope="module")
def site() -> Iterator[county.County]:
    with county.serve() as site:
        yield site


@pytest.fixture(scope="module")
def undisturbed(site: county.County, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, int]]:
    """What a crawl that nobody disturbs knows of each article, and what it writes."""
    output = tmp_path_factory.mktemp("undisturbed") / "output"
    ended = crawl(output, site.proxy)
    assert ended.code == 0, ended.log
    return articles(output), ended.counts


@pytest.mark.usefixtures("layouts")
def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path: Path, site: county.County) -> None:
    happened = list(kills.kill(20, seed=20261123, folder=tmp_path, proxy=site.proxy))
    assert len(happened) == 20
    assert {one.unit for one in happened} == set(kills.UNITS)


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_sigterm_ends_with_a_report_and_the_next_crawl_completes(
    tmp_path: Path, site: county.County, undisturbed: tuple[dict[str, Any], dict[str, int]], share: float
) -> None:
    known, counts = undisturbed
    ended = crawl(tmp_path, site.proxy, "bytes", int(counts["bytes"] * share), "SIGTERM")
    assert ended.code == 1, ended.log
    assert ended.answer["reason"] == "interrupted"
    assert crawls.crawls(tmp_path)[0].whole
    assert crawl(tmp_path, site.proxy).code == 0
    assert_equal(tmp_path, known)


FULL = """
import resource, sys
from gdfupin_spider.commands import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
main(sys.argv[2:])
"""


@pytest.mark.parametrize("size", [40, 3_000, 20_000, 60_000])
def test_a_disk_that_takes_no_more_ends_with_6_and_the_next_crawl_completes(
    tmp_path: Path, site: county.County, undisturbed: tuple[dict[str, Any], dict[str, int]], size: int
) -> None:
    """No file may grow beyond a size: the lock, the WARC, the catalog."""
    options = ["--profile", str(PROFILE), "--delay", "0", "--concurrency", "4", "--output", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(size), "crawl", *options],
        env=environment(site.proxy, demo=False), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    assert crawl(tmp_path, site.proxy).code == 0
    assert_equal(tmp_path, undisturbed[0])


# Root may write anywhere, unless it lays down its capabilities.
UNPRIVILEGED = """
import ctypes, os, sys
if os.geteuid() == 0:
    assert ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()) == 0
from gdfupin_spider.commands import main
main(sys.argv[1:])
"""


def test_an_output_that_may_not_be_written_asks_nothing_of_the_site(tmp_path: Path, site: county.County) -> None:
    before = len(site.asked)
    tmp_path.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", UNPRIVILEGED, "crawl", "--profile", str(PROFILE), "--output", str(tmp_path)],
            env=environment(site.proxy, demo=False), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        tmp_path.chmod(0o755)
    assert done.returncode == 6, done.stderr
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(site.asked) == before


def test_a_torn_gzip_tail_is_passed_over(
    tmp_path: Path, site: county.County, undisturbed: tuple[dict[str, Any], dict[str, int]]
) -> None:
    known, counts = undisturbed
    killed: Ended = crawl(tmp_path, site.proxy, "lines", counts["lines"] // 2, "SIGKILL")
    assert killed.code == -signal.SIGKILL
    [folder] = crawls.crawls(tmp_path)
    path = folder.path / "capture-00000.warc.gz"
    last = list(warc.read(folder.path, lambda damage: None))[-1].proof.offset
    content = path.read_bytes()
    path.write_bytes(content + content[last : last + 100])
    assert crawl(tmp_path, site.proxy).code == 0
    assert_equal(tmp_path, known)


def test_a_second_crawl_on_one_output_ends_at_once_and_names_the_first(tmp_path: Path, site: county.County) -> None:
    arguments = ["crawl", "--output", str(tmp_path), "--profile", str(PROFILE)]
    first = subprocess.Popen(
        [sys.executable, "-m", "gdfupin_spider", *arguments, "--delay", "5"],
        env=environment(site.proxy, demo=False), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert first.stderr
        for line in first.stderr:
            if " Crawl " in line:
                break
        second = run(*arguments, proxy=site.proxy)
        [running] = crawls.crawls(tmp_path)
        assert second.returncode == 5
        assert f"{running.name}, pid {first.pid} on " in second.stderr
        assert run("verify", "--output", str(tmp_path)).returncode == 5
    finally:
        first.kill()
        first.communicate()
    assert json.loads((tmp_path / ".lock").read_text())["pid"] == first.pid
    assert run("verify", "--output", str(tmp_path), "--profile", str(PROFILE)).returncode == 0
