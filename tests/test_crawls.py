"""A crawl's folder: its lock, its lines, its report; and what a kill or a full disk leaves of them."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from gdfupin_spider import warc
from gdfupin_spider.errors import CannotWrite, CrawlRunning, NoSuchCrawl, WrongArgument
from gdfupin_spider.items import Article, Issue, Media, PageSeen, Proof, Sighting
from gdfupin_spider.storage.counts import Counts
from gdfupin_spider.storage.crawl_folder import KINDS, CrawlFolder
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.storage.durable import free_bytes, need_room, write_whole
from gdfupin_spider.storage.line_file import Seal, lines
from gdfupin_spider.storage.lock import OutputLock
from gdfupin_spider.storage.lookup import remarks, resolve
from gdfupin_spider.storage.report import CrawlReport, Run, broken_seal, decode_crawl_report, read_crawl_report, seal_of
from gdfupin_spider.warc import Damage, Exchange

NOW = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
AT = "2026-11-23T03:00:01Z"


def exchange(number: int = 0) -> Exchange:
    return Exchange(f"http://g.cn/{number}", AT, 200, (), b"<p>%d" % number)


def seen(proof: Proof) -> PageSeen:
    return PageSeen("http://g.cn/", "home", 200, None, None, None, None, (), True, AT, proof)


def issue(evidence: str = "seen", proof: Proof | None = None) -> Issue:
    return Issue("note", "odd", "http://g.cn/", evidence, proof)


def article(proof: Proof) -> Article:
    return Article(
        id="gdfupin-000000000000",
        url="http://g.cn/0",
        title="扶贫",
        date=None,
        source=None,
        author=None,
        section=None,
        breadcrumb=(),
        info_line=None,
        body="正文",
        images=(),
        attachments=(),
        content_sha256="0" * 64,
        captured_at=AT,
        origin="live",
        captures=(proof,),
        encoding="gb18030",
        reader="1+gdfupin.00000000",
    )


def report(exit_code: int = 0, message: str | None = None) -> CrawlReport:
    return CrawlReport(Run("20261123T030000Z-live", exit_code=exit_code, message=message))


def test_a_crawl_is_named_by_its_start_in_utc_and_its_origin(tmp_path: Path) -> None:
    in_shanghai = NOW.astimezone(timezone(timedelta(hours=8)))
    names = [CrawlFolder.create(tmp_path, moment, "live").name for moment in (NOW, in_shanghai, NOW)]
    assert names == ["20261123T030000Z-live", "20261123T030000Z-live-2", "20261123T030000Z-live-3"]
    assert CrawlFolder.create(tmp_path, NOW, "wayback").name == "20261123T030000Z-wayback"


def test_every_file_of_a_crawl_is_there_from_the_start_but_the_report(tmp_path: Path) -> None:
    folder = CrawlFolder.create(tmp_path, NOW, "live")
    assert sorted(path.name for path in folder.path.iterdir()) == [
        "articles.jsonl",
        "capture-00000.warc.gz",
        "issues.jsonl",
        "media.jsonl",
        "pages.jsonl",
        "sightings.jsonl",
    ]
    folder.close(report())


def test_each_kind_of_line_goes_into_its_file_and_comes_back(tmp_path: Path) -> None:
    folder = CrawlFolder.create(tmp_path, NOW, "live", {"profile": "gdfupin"})
    proof = folder.warc.write(exchange()).proof
    folder.article(article(proof))
    folder.sighting(Sighting("gdfupin-000000000000", "http://g.cn/0", "read", AT, "live", proof))
    folder.page(seen(proof))
    folder.media(Media("http://g.cn/a.jpg", 200, "image/jpeg", 3, "0" * 64, AT, proof))
    folder.issue(issue("行 \u2028 \x85 \ud800", proof))
    folder.issue(issue())
    assert folder.counts == {"articles": 1, "sightings": 1, "pages": 1, "media": 1, "issues": 2}
    folder.close(report(message="扶贫"))
    read = {kind: list(lines(folder.path / f"{kind}.jsonl")) for kind in KINDS}
    assert {kind: len(found) for kind, found in read.items()} == folder.counts
    assert read["articles"][0][1]["captures"] == [
        {"warc": proof.warc, "offset": proof.offset, "payload_sha256": proof.payload_sha256}
    ]
    assert [record["evidence"] for _, record in read["issues"]] == ["行 \u2028 \x85 \ud800", "seen"]
    assert read["issues"][1][0] == len((folder.path / "issues.jsonl").read_bytes().splitlines(keepends=True)[0])
    assert (folder.path / "articles.jsonl").read_text("utf-8") == article(proof).line() + "\n"
    written = json.loads((folder.path / "report.json").read_text("utf-8"))
    assert (written["message"], written["seal"]) == ("扶贫", seal_of(written))
    content = (folder.path / "issues.jsonl").read_bytes()
    read_back = read_crawl_report(folder.path)
    assert read_back is not None
    assert read_back.files["issues.jsonl"] == Seal(2, len(content), hashlib.sha256(content).hexdigest())
    assert read_back.files.keys() == {f"{kind}.jsonl" for kind in KINDS}
    assert read_back == replace(report(message="扶贫"), files=read_back.files, warcs=read_back.warcs)
    assert [capture.proof for capture in warc.read(folder.path, strict=True)] == [proof]


def test_a_capture_is_on_the_disk_before_a_line_that_refers_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = CrawlFolder.create(tmp_path, NOW, "live")
    events: list[str] = []

    def name(file: int) -> str:
        return Path(os.readlink(f"/proc/self/fd/{file}")).name

    true_write, true_fsync = os.write, os.fsync
    monkeypatch.setattr(
        os, "write", lambda file, data: (events.append(f"write {name(file)}"), true_write(file, data))[1]
    )
    monkeypatch.setattr(os, "fsync", lambda file: (events.append(f"sync {name(file)}"), true_fsync(file))[1])
    proof = folder.warc.write(exchange()).proof
    folder.issue(issue())
    folder.article(article(proof))
    folder.issue(issue(proof=proof))
    folder.close(report())
    monkeypatch.undo()
    assert events == [
        "write capture-00000.warc.gz",
        "write issues.jsonl",
        "sync capture-00000.warc.gz",
        "sync 20261123T030000Z-live",
        "write articles.jsonl",
        "write issues.jsonl",
        "sync articles.jsonl",
        "sync issues.jsonl",
        "sync 20261123T030000Z-live",
        "sync .report.json.new",
        "sync 20261123T030000Z-live",
    ]


def test_a_crawl_is_whole_once_its_report_is_there(tmp_path: Path) -> None:
    assert crawls(tmp_path) == []
    for _ in range(11):
        CrawlFolder.create(tmp_path, NOW, "live").abandon()
    later = CrawlFolder.create(tmp_path, NOW + timedelta(days=1), "wayback")
    later.close(report())
    (tmp_path / "crawls" / ".hidden").mkdir()
    (tmp_path / "crawls" / "note.txt").touch()
    found = crawls(tmp_path)
    first = "20261123T030000Z-live"
    assert [crawl.name for crawl in found] == [first, *(f"{first}-{n}" for n in range(2, 12)), later.name]
    assert [crawl.whole for crawl in found] == [False] * 11 + [True]


def test_a_crawl_is_found_by_latest_by_name_and_by_path(tmp_path: Path) -> None:
    first, second = (CrawlFolder.create(tmp_path, NOW, "live") for _ in range(2))
    first.close(report())
    second.page(seen(second.warc.write(exchange()).proof))
    second.abandon()
    assert resolve(tmp_path, "latest").name == second.name
    assert resolve(tmp_path, first.name).path == first.path
    assert resolve(tmp_path / "elsewhere", first.path) == crawls(tmp_path)[0]
    assert resolve(tmp_path, str(first.path) + "/").whole


@pytest.mark.parametrize("code", [3, 4])
def test_a_crawl_that_found_no_site_does_not_become_the_latest(tmp_path: Path, code: int) -> None:
    good, foreign = (CrawlFolder.create(tmp_path, NOW, "live") for _ in range(2))
    for folder in (good, foreign):
        folder.page(seen(folder.warc.write(exchange()).proof))
    good.close(report(exit_code=1))
    foreign.close(report(exit_code=code))
    latest = resolve(tmp_path, "latest")
    assert latest.name == good.name
    assert remarks(tmp_path, "latest", latest) == [
        f"latest is {good.name}; later crawls found nothing ({foreign.name})"
    ]
    assert remarks(tmp_path, good.name, latest) == []


def test_where_no_crawl_found_the_site_the_newest_is_the_latest_and_says_so(tmp_path: Path) -> None:
    older, newer = (CrawlFolder.create(tmp_path, NOW, "live") for _ in range(2))
    older.close(report(exit_code=3))
    newer.close(report(exit_code=3))
    assert resolve(tmp_path, "latest").name == newer.name
    assert remarks(tmp_path, "latest", resolve(tmp_path, "latest")) == [
        f"{newer.name} found nothing of the site; nor did any other crawl here"
    ]


def test_a_crawl_without_a_report_is_said_to_run_or_to_be_killed(tmp_path: Path) -> None:
    folder = CrawlFolder.create(tmp_path, NOW, "live")
    folder.page(seen(folder.warc.write(exchange()).proof))
    with OutputLock(tmp_path, folder.name):
        [runs] = remarks(tmp_path, "latest", resolve(tmp_path, "latest"))
    folder.abandon()
    (tmp_path / ".lock").write_text('{"what": "another"}')
    [killed] = remarks(tmp_path, "latest", resolve(tmp_path, "latest"))
    assert f"is under way, pid {os.getpid()}" in runs
    assert "has no report.json, so it was killed" in killed


@pytest.mark.parametrize("asked", ["yesterday", "latest", "."])
def test_a_crawl_that_is_not_there_is_answered_by_those_that_are(tmp_path: Path, asked: str) -> None:
    with pytest.raises(NoSuchCrawl, match="There are none yet: run `gdfupin crawl`"):
        resolve(tmp_path, asked)
    for _ in range(12):
        CrawlFolder.create(tmp_path, NOW, "live").abandon()
    with pytest.raises(NoSuchCrawl, match=r"no crawl 2027 in .*-live-3, .*-live-12 \(and 2 older\), or `latest`"):
        resolve(tmp_path, "2027")


def test_a_torn_or_broken_line_is_named_and_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "articles.jsonl"
    whole = '{"a":"扶"}\n'.encode() + b'{"a":\n[1]\n\xff\n{"b":2}\n'
    path.write_bytes(whole + b'{"c":3}')
    damages: list[Damage] = []
    assert list(lines(path, damages.append)) == [(0, {"a": "扶"}), (24, {"b": 2})]
    assert [(damage.offset, damage.tail) for damage in damages] == [(12, False), (18, False), (22, False), (32, True)]
    assert len(list(lines(path))) == 2
    assert "articles.jsonl at byte 32: half a last line; skipped" in caplog.text
    assert list(lines(tmp_path / "none.jsonl")) == []


def test_lines_torn_at_any_byte_give_every_line_before_it(tmp_path: Path) -> None:
    path = tmp_path / "issues.jsonl"
    texts = [f'{{"title":"扶贫要闻{number}"}}\n'.encode() for number in range(3)]
    content = b"".join(texts)
    for size in range(len(content) + 1):
        path.write_bytes(content[:size])
        found = list(lines(path, lambda _: None))
        assert len(found) == sum(len(b"".join(texts[: n + 1])) <= size for n in range(3))


# Processes of their own: a lock and a limit belong to a process.
HOLD = """
import sys, time
from pathlib import Path
from gdfupin_spider.storage.lock import OutputLock
with OutputLock(Path(sys.argv[1]), "20261123T030000Z-live"):
    print("held", flush=True)
    time.sleep(60)
"""
FULL = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from gdfupin_spider.storage.crawl_folder import CrawlFolder
from gdfupin_spider.errors import CannotWrite
from gdfupin_spider.items import Issue
folder = CrawlFolder.create(Path(sys.argv[1]), datetime(2026, 11, 23, 3, tzinfo=UTC), "live")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    while True:
        folder.issue(Issue("note", "odd", "http://g.cn/", "e" * 200))
except CannotWrite as error:
    print(folder.counts["issues"], error)
folder.abandon()
"""
READ_ONLY = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from gdfupin_spider.storage.crawl_folder import CrawlFolder
from gdfupin_spider.storage.lock import OutputLock
from gdfupin_spider.errors import CannotWrite
output = Path(sys.argv[1])
if os.geteuid() == 0:
    os.seteuid(65534)  # root may write anywhere
for attempt in (OutputLock(output).__enter__, lambda: CrawlFolder.create(output, datetime.now(UTC), "live")):
    try:
        attempt()
    except CannotWrite as error:
        print(error.exit_code, error.reason)
"""


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def test_a_second_crawl_is_told_who_the_first_is_and_a_killed_one_frees_the_lock(tmp_path: Path) -> None:
    output = tmp_path / "new" / "output"
    with run(HOLD, output) as first:
        try:
            assert first.stdout
            assert first.stdout.readline() == "held\n"
            since = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M")
            with pytest.raises(CrawlRunning) as refused, OutputLock(output):
                pass
            assert f"20261123T030000Z-live, pid {first.pid} on " in refused.value.holder
            assert f"since {since[:-1]}" in refused.value.holder
            assert refused.value.exit_code == 5
            with run(HOLD, output) as second:
                assert second.wait() == 1
        finally:
            first.send_signal(signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    with OutputLock(output, "the next") as lock:
        lock.name("20261124T030000Z-live")
        with pytest.raises(CrawlRunning, match=f"20261124T030000Z-live, pid {os.getpid()} on"), OutputLock(output):
            pass
    with OutputLock(output):
        pass


def test_a_lock_whose_holder_has_not_written_yet_still_holds(tmp_path: Path) -> None:
    with OutputLock(tmp_path):
        (tmp_path / ".lock").write_bytes(b"")
        with pytest.raises(CrawlRunning, match="it has not written its name yet"), OutputLock(tmp_path):
            pass


@pytest.mark.parametrize("limit", [2000, 2001, 2100, 2250])
def test_on_a_full_disk_a_line_is_whole_or_absent(tmp_path: Path, limit: int) -> None:
    with run(FULL, tmp_path, limit) as process:
        count, _, answer = process.communicate()[0].partition(" ")
    assert "issues.jsonl: " in answer
    path = tmp_path / "crawls" / "20261123T030000Z-live" / "issues.jsonl"
    content = path.read_bytes()
    assert content.endswith(b"\n")
    assert len(list(lines(path))) == int(count) == content.count(b"\n")
    assert limit - len(content) < 300


def test_where_half_a_line_cannot_be_taken_back_nothing_follows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = CrawlFolder.create(tmp_path, NOW, "live")
    folder.issue(issue("first"))

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    true_write = os.write
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", lambda file, data: true_write(file, data[:20]))
        broken.setattr(os, "ftruncate", refuse)
        with pytest.raises(CannotWrite, match="Input/output error"):
            folder.issue(issue("half"))
    with pytest.raises(CannotWrite, match="the file is closed"):
        folder.issue(issue("behind"))
    folder.abandon()
    damages: list[Damage] = []
    found = [record["evidence"] for _, record in lines(folder.path / "issues.jsonl", damages.append)]
    assert found == ["first"]
    assert [damage.tail for damage in damages] == [True]


def test_an_output_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with run(READ_ONLY, tmp_path) as process:
            assert process.communicate()[0] == "6 Permission denied\n" * 2
    finally:
        tmp_path.chmod(0o755)
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=r"file/crawls: Not a directory"):
        CrawlFolder.create(tmp_path / "file", NOW, "live")
    with pytest.raises(CannotWrite), OutputLock(tmp_path / "file"):
        pass


def test_a_report_that_lacks_something_or_has_a_wrong_part_is_read_as_far_as_possible(tmp_path: Path) -> None:
    written = report(exit_code=1).encode()
    assert decode_crawl_report(written).comparable
    for wrong in ({"leaks": None}, {"fields": 7}, {"catalog": []}, {"settings": {"limit": "all"}}):
        found = decode_crawl_report({**written, **wrong})
        assert (found.run.exit_code, found.comparable) == (1, False)
    older = {name: value for name, value in written.items() if name not in ("leaks", "message")}
    assert decode_crawl_report({**older, "gaps": 3}).counts == Counts(gaps=3)
    assert not decode_crawl_report(older).comparable
    for text in ("", "{", "[1]", '{"exit_code": "1"}'):
        (tmp_path / "report.json").write_text(text)
        assert read_crawl_report(tmp_path) is None


def test_a_changed_report_has_a_broken_seal_and_one_of_an_older_program_has_none(tmp_path: Path) -> None:
    folder = CrawlFolder.create(tmp_path, NOW, "live")
    folder.close(report())
    path = folder.path / "report.json"
    assert broken_seal(path) is None
    written = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**written, "exit_code": 3}))
    assert broken_seal(path) == "its seal does not match: it was changed after it was written"
    path.write_text(json.dumps({name: value for name, value in written.items() if name != "seal"}))
    assert broken_seal(path) is None
    path.write_text("[]")
    assert broken_seal(path) == "it is not a JSON object"


def test_a_report_is_the_new_one_or_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    write_whole(path, "old")

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(CannotWrite, match=r"report\.json: No space left on device"):
        write_whole(path, "new")
    assert [(found.name, found.read_text()) for found in tmp_path.iterdir()] == [("report.json", "old")]


def test_the_needed_room_is_that_of_the_environment_for_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDFUPIN_FREE_BYTES", str(10**18))
    with pytest.raises(CannotWrite, match="1,000,000,000,000 MB are needed"):
        need_room(tmp_path)
    monkeypatch.setenv("GDFUPIN_FREE_BYTES", "0")
    need_room(tmp_path)
    monkeypatch.setenv("GDFUPIN_FREE_BYTES", "much")
    with pytest.raises(WrongArgument, match="GDFUPIN_FREE_BYTES: 'much' is no number of 0 or more"):
        need_room(tmp_path)


def test_room_is_asked_of_the_disk_under_the_output(tmp_path: Path) -> None:
    free = free_bytes(tmp_path)
    assert abs(free - free_bytes(tmp_path / "not" / "there" / "yet")) < 1_000_000_000
    need_room(tmp_path, floor=1)
    with pytest.raises(CannotWrite, match=r"only [\d,]+ MB are free on this disk, [\d,]+ MB are needed"):
        need_room(tmp_path, floor=free * 1000)


# Writes captures and lines until it is killed.
KILLED = """
import itertools, random, sys
from datetime import UTC, datetime
from pathlib import Path
from gdfupin_spider.warc import Exchange
from gdfupin_spider.storage.crawl_folder import CrawlFolder
from gdfupin_spider.items import Issue
folder = CrawlFolder.create(Path(sys.argv[1]), datetime(2026, 11, 23, 3, tzinfo=UTC), "live", max_bytes=300_000)
noise = random.Random(1)
print("begun", flush=True)
for number in itertools.count():
    payload = noise.randbytes(30_000)
    capture = folder.warc.write(Exchange(f"http://g.cn/{number}", "2026-11-23T03:00:01Z", 200, (), payload))
    folder.issue(Issue("note", "odd", capture.url, "e" * 9000, capture.proof))
"""


@pytest.mark.parametrize("milliseconds", [1, 30, 70])
def test_a_crawl_killed_at_any_moment_leaves_lines_whose_captures_are_there(tmp_path: Path, milliseconds: int) -> None:
    with run(KILLED, tmp_path) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(milliseconds / 1000)
        process.kill()
    (crawl,) = crawls(tmp_path)
    assert not crawl.whole
    damages: list[Damage] = []
    kept = {capture.proof.warc + str(capture.proof.offset) for capture in warc.read(crawl.path, damages.append)}
    written = list(lines(crawl.path / "issues.jsonl", damages.append))
    assert all(damage.tail for damage in damages)
    assert len(kept) - len(written) in (0, 1)
    for _, line in written:
        proof = line["capture"]
        assert proof["warc"] + str(proof["offset"]) in kept
        found = warc.read_at(tmp_path / "crawls" / proof["warc"], proof["offset"])
        assert (found.url, found.proof.payload_sha256) == (line["url"], proof["payload_sha256"])
