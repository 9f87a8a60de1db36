"""A disk that refuses: the writer says so, and leaves whole records behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gdfupin_spider.errors import CannotWrite
from gdfupin_spider.warc import Exchange, WarcWriter, check, read

# A process of its own, whose files may not grow beyond a limit: to it the disk is full.
FULL = """
import json, random, resource, sys
from pathlib import Path
from gdfupin_spider.warc import Exchange, WarcWriter
from gdfupin_spider.errors import CannotWrite
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
noise, kept = random.Random(1), 0
try:
    writer = WarcWriter(folder, folder.name, {})
    for number in range(100):
        payload = noise.randbytes(1500)
        try:
            writer.write(Exchange(f"http://g.cn/{number}", "2026-11-23T12:00:00Z", 200, (), payload))
        except CannotWrite:
            writer.write(Exchange("http://g.cn/small", "2026-11-23T12:00:00Z", 200, (), b""))
            kept += 1
            raise
        kept += 1
except CannotWrite as error:
    print(json.dumps({"kept": kept, "error": str(error), "code": error.exit_code}))
"""


@pytest.mark.parametrize("limit", [*range(10_000, 12_400, 300), 100, 0])
def test_a_full_disk_stops_the_crawl_and_costs_only_the_exchange_that_did_not_fit(tmp_path: Path, limit: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(limit)], capture_output=True, text=True, check=True
    )
    answer = json.loads(run.stdout)
    assert answer["code"] == 6
    assert "capture-00000.warc.gz: File too large" in answer["error"]
    assert len(list(read(tmp_path, strict=True))) == answer["kept"]
    assert check(tmp_path) == []
    assert (answer["kept"] > 3) is (limit > 1000)
    assert any(tmp_path.iterdir()) is (limit > 1000)


def test_where_even_taking_back_fails_nothing_is_written_behind_the_torn_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = WarcWriter(tmp_path, tmp_path.name, {})
    page = Exchange("http://g.cn/", "2026-11-23T12:00:00Z", 200, (), b"page")
    first = writer.write(page)
    true_write = os.write

    def half(file: int, data: memoryview) -> int:
        if len(data) < 300:
            raise OSError(28, "No space left on device")
        return true_write(file, data[:-200])

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr("gdfupin_spider.warc.writer.os.write", half)
        broken.setattr("gdfupin_spider.warc.writer.os.ftruncate", refuse)
        with pytest.raises(CannotWrite, match=r"No space left.*half a record remains at byte \d+ \(Input/output"):
            writer.write(page)
    with pytest.raises(CannotWrite, match="the file is closed"):
        writer.write(page)
    assert all(damage.tail for damage in check(tmp_path))
    assert list(read(tmp_path, lambda _: None)) == [first]


def test_a_disk_that_fails_to_sync_stops_the_crawl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> None:
        raise OSError(5, "Input/output error")

    writer = WarcWriter(tmp_path, tmp_path.name, {})
    writer.write(Exchange("http://g.cn/", "2026-11-23T12:00:00Z", 200, (), b"page"))
    monkeypatch.setattr("gdfupin_spider.warc.writer.os.fsync", refuse)
    with pytest.raises(CannotWrite, match="Input/output error"):
        writer.sync()
    with pytest.raises(CannotWrite, match="Input/output error"):
        writer.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"none/capture-00000\.warc\.gz: No such file or directory"):
        WarcWriter(tmp_path / "none", "none", {})
