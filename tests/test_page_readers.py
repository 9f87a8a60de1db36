"""Pages that several processes read give the lines that one process gives."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from gdfupin_spider import pages, profiles, warc
from gdfupin_spider.errors import ArchiveError
from gdfupin_spider.replay.page_readers import CaptureRead, Chunk, LocalReaders, _Reader, read_chunk
from gdfupin_spider.replay.replayer import replay
from gdfupin_spider.replica import Faults
from gdfupin_spider.storage.crawls import Crawl as CrawlFolder
from gdfupin_spider.storage.crawls import crawl_at
from tests.extract import crawl_replica
from tests.shared import once
from tests.sites import Crawl, environment, run

PROFILE = profiles.load("gdfupin")
KINDS = ("articles", "sightings", "pages", "issues")
SHARES = dict.fromkeys(("500", "empty", "429", "waf"), 0.05)


@pytest.fixture(scope="module")
def crawled_with_retries(tmp_path_factory: pytest.TempPathFactory) -> CrawlFolder:
    """A crawl in which addresses were fetched several times, with articles of several pages."""

    def make(folder: Path) -> Crawl:
        return crawl_replica(folder, "aspnet", "--no-media", faults=Faults(shares=SHARES, retry_after=0))[0]

    crawl = once(tmp_path_factory, "crawl-with-retries", make)
    assert crawl.folder is not None, crawl.log
    assert crawl.answer["requests"]["page"].get("500"), "the faults did happen"
    return crawl_at(crawl.folder)


def lines(output: Path) -> dict[str, list[bytes]]:
    [folder] = (output / "readings").glob("*/*")
    return {kind: (folder / f"{kind}.jsonl").read_bytes().splitlines() for kind in KINDS}


@pytest.fixture(scope="module")
def alone(crawled_with_retries: CrawlFolder, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """The lines of one process."""
    output = tmp_path_factory.mktemp("alone")
    replay(crawled_with_retries, PROFILE, output)
    return lines(output)


def test_two_processes_write_the_lines_of_one_in_the_same_order(
    crawled_with_retries: CrawlFolder, alone: dict[str, list[bytes]], tmp_path: Path
) -> None:
    with LocalReaders(PROFILE, 2) as readers:
        replay(crawled_with_retries, PROFILE, tmp_path, readers)
    assert lines(tmp_path) == alone


class Killing:
    """Readers of which one process is killed after the third chunk."""

    def __init__(self, readers: LocalReaders) -> None:
        self._readers = readers
        self.killed = 0

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Sequence[CaptureRead]]:
        for number, result in enumerate(self._readers.read(chunks)):
            yield result
            if number == 2:
                for process in self._readers.pids:
                    os.kill(process, signal.SIGKILL)
                    self.killed += 1


def test_what_a_killed_process_had_is_read_again(
    crawled_with_retries: CrawlFolder,
    alone: dict[str, list[bytes]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gdfupin_spider.replay.replayer.CHUNK", 10)
    with LocalReaders(PROFILE, 2) as readers:
        killing = Killing(readers)
        replay(crawled_with_retries, PROFILE, tmp_path, killing)
    assert killing.killed == 2
    assert lines(tmp_path) == alone


def test_a_process_that_is_killed_while_it_writes_its_result_is_lost_and_nothing_waits_for_it(
    crawled_with_retries: CrawlFolder,
) -> None:
    """The result of a chunk is larger than a pipe holds: a reader is within writing one as long as nobody takes it."""
    file = crawled_with_retries.path / "capture-00000.warc.gz"
    captures = sorted(warc.read(crawled_with_retries.path, pytest.fail), key=lambda capture: len(capture.payload))
    chunk = Chunk(tuple((file, capture.proof.offset) for capture in captures[-30:] * 10))
    reader = _Reader(PROFILE)
    pipe = reader._started()
    assert pipe is not None
    pipe.send(chunk)
    assert pipe.poll(60)  # the beginning of the result is there
    lost = reader.pid
    assert lost is not None
    os.kill(lost, signal.SIGKILL)
    with pytest.raises((EOFError, OSError)):  # before or within a message
        pipe.recv()
    found = reader.read(chunk)
    assert found == read_chunk(chunk, PROFILE)
    assert reader.pid != lost
    reader.end()
    assert reader.read(chunk) is None
    reader.close()


def test_a_file_that_cannot_be_read_is_named_by_a_reader_as_by_the_judging_process(tmp_path: Path) -> None:
    chunk = Chunk(((tmp_path / "capture-00000.warc.gz", 0),))
    with LocalReaders(PROFILE, 1) as readers:
        with pytest.raises(ArchiveError, match=r"capture-00000\.warc\.gz"):
            next(readers.read([chunk]))
        assert list(readers.read([Chunk(())])) == [[]]  # the process goes on


class Failing:
    """Readers that give one capture less than they were asked for, or one more."""

    def __init__(self, change: Callable[[list[CaptureRead]], list[CaptureRead]]) -> None:
        self._change = change

    def read(self, chunks: Iterable[Chunk]) -> Iterator[Sequence[CaptureRead]]:
        for chunk in chunks:
            yield self._change(read_chunk(chunk, PROFILE))


@pytest.mark.parametrize(
    "change", [lambda found: found[1:], lambda found: [*found, found[-1]], lambda found: found[::-1]]
)
def test_a_capture_that_is_missing_or_twice_ends_the_reading(
    crawled_with_retries: CrawlFolder, tmp_path: Path, change: Callable[[list[CaptureRead]], list[CaptureRead]]
) -> None:
    with pytest.raises(Exception, match="captures"):
        replay(crawled_with_retries, PROFILE, tmp_path, Failing(change))
    assert not list((tmp_path / "readings").glob("*/*"))


def test_the_verb_reads_on_a_cluster_as_on_one_core(
    crawled_with_retries: CrawlFolder, alone: dict[str, list[bytes]], tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    (tmp_path / "crawls").mkdir()
    shutil.copytree(crawled_with_retries.path, tmp_path / "crawls" / crawled_with_retries.name)
    code = (
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:\n"
        "        print(cluster.scheduler_address, flush=True)\n"
        "        input()\n"
    )
    script = tmp_path / "cluster.py"
    script.write_text(code)
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=environment(None),
    ) as cluster:  # fmt: skip
        assert cluster.stdout is not None
        address = cluster.stdout.readline().strip()
        done = run("replay", "--all", "--scheduler", address, "--output", str(tmp_path), "--json")
        cluster.communicate("\n", timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["reader"] == pages.reader(PROFILE)
    assert lines(tmp_path) == alone


def test_workers_and_a_scheduler_exclude_each_other_and_a_dead_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "crawls").mkdir()
    for wrong in (("--workers", "2", "--scheduler", "tcp://127.0.0.1:1"), ("--workers", "2", "--dry-run")):
        assert run("replay", "--all", *wrong, "--output", str(tmp_path)).returncode == 2


ENDLESS = """
import os, signal
from gdfupin_spider import profiles
from gdfupin_spider.replay.page_readers import Chunk, _Reader

if __name__ == "__main__":
    reader = _Reader(profiles.load("gdfupin"))
    reader.read(Chunk(()))
    print(reader.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_readers_end_with_a_judging_process_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "judge.py"
    script.write_text(ENDLESS)
    # Readers inherit its stdout: this returns when the last of them has ended.
    done = subprocess.run(
        [sys.executable, script], env=environment(None), capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout.strip().isdecimal()) == (-signal.SIGKILL, True), done.stderr
