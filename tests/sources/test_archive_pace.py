"""The pace of requests to an archive: one file for all processes of a machine; a clock that is set by hand."""

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gdfupin_spider.errors import ArchiveRefuses
from gdfupin_spider.sources.archives.client import ArchiveClient, NoAnswer
from gdfupin_spider.sources.archives.pace import ArchivePace, Stopped
from tests.web_archive import ArchiveFaults, Stored, WebArchiveServer, archive_of, surt

HOST = "http://archive.example/cdx"
URL = "http://a.cn/1.htm"
STORED = Stored(URL, "20130501000000", 200, (("Content-Type", "text/html"),), b"<p>one</p>")
NAME = surt(URL), STORED.timestamp


@dataclass
class Clock:
    """Time that passes only where somebody sleeps."""

    now: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def pace_of(folder: Path, clock: Clock, base: str = HOST, **options: bool) -> ArchivePace:
    per_minute = {"index": 24.0, "playback": 480.0}
    return ArchivePace(base, per_minute, folder=folder, now=lambda: clock.now, sleep=clock.sleep, **options)  # type: ignore[arg-type]


def test_index_queries_are_two_and_a_half_seconds_apart_and_playbacks_an_eighth(tmp_path: Path) -> None:
    clock = Clock()
    pace = pace_of(tmp_path, clock)
    queries = [pace.wait("index") for _ in range(25)]
    assert queries[24] - queries[0] == pytest.approx(60)
    playbacks = [pace.wait("playback") for _ in range(481)]
    assert playbacks[480] - playbacks[0] == pytest.approx(60)


def test_two_commands_share_one_pace_and_two_archives_do_not(tmp_path: Path) -> None:
    clock = Clock()
    one, two = (pace_of(tmp_path, clock) for _ in range(2))
    times = [pace.wait("index") for _ in range(5) for pace in (one, two)]
    assert times[-1] - times[0] == pytest.approx(9 * 2.5)
    before = clock.now
    pace_of(tmp_path, clock, "http://other.example/").wait("index")
    assert clock.now == before


def _many(folder: str, count: int, queue: "multiprocessing.Queue[float]") -> None:
    pace = ArchivePace(HOST, {"index": 24, "playback": 6000}, folder=Path(folder))
    for _ in range(count):
        queue.put(pace.wait("playback"))


def test_processes_keep_the_pace_together(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    queue = context.Queue()
    processes = [context.Process(target=_many, args=(str(tmp_path), 40, queue)) for _ in range(3)]
    for process in processes:
        process.start()
    times = sorted(queue.get(timeout=60) for _ in range(120))
    for process in processes:
        process.join()
    assert times[-1] - times[0] >= 119 * 0.01 - 0.02


def test_pauses_grow_hold_for_all_and_end_with_exit_code_7(tmp_path: Path) -> None:
    clock = Clock()
    one, two = (pace_of(tmp_path, clock) for _ in range(2))
    waits = []
    for _ in range(6):
        sent = one.wait("playback")
        one.slowed(sent, "status 429")
        two.slowed(sent, "status 429")  # it was underway, too
        before = clock.now
        two.wait("index")
        waits.append(round(clock.now - before))
    assert waits == [60, 120, 240, 480, 960, 960]
    with pytest.raises(ArchiveRefuses, match="7 pauses in a row") as refused:
        one.slowed(one.wait("playback"), "status 429")
    assert refused.value.exit_code == 7
    patient = pace_of(tmp_path, clock, patient=True)
    patient.slowed(patient.wait("playback"), "status 429")
    before = clock.now
    patient.wait("index")
    assert clock.now - before == pytest.approx(960)


def test_a_good_answer_makes_the_next_pause_short_again(tmp_path: Path) -> None:
    clock = Clock()
    pace = pace_of(tmp_path, clock)
    for _ in range(3):
        pace.slowed(pace.wait("playback"), "status 503")
    pace.wait("playback")
    pace.answered()
    pace.slowed(pace.wait("playback"), "status 503")
    before = clock.now
    pace.wait("playback")
    assert clock.now - before == pytest.approx(60)


def test_a_refused_connection_is_an_hour_doubled_each_time_and_nobody_knocks_meanwhile(tmp_path: Path) -> None:
    clock = Clock()
    pace = pace_of(tmp_path, clock)
    sent = pace.wait("playback")
    pace.answered()
    for hours in (1, 2, 4):
        with pytest.raises(ArchiveRefuses, match="firewall"):
            pace.refused(sent)
        begin = clock.now
        other = pace_of(tmp_path, clock)
        with pytest.raises(ArchiveRefuses, match="after 1970"):
            other.wait("index")
        patient = pace_of(tmp_path, clock, patient=True)
        sent = patient.wait("index")
        assert clock.now - begin == pytest.approx(hours * 3600)


def test_an_archive_that_never_answered_is_no_firewall(tmp_path: Path) -> None:
    clock = Clock()
    pace = pace_of(tmp_path, clock)
    with pytest.raises(ArchiveRefuses, match="is the address right"):
        pace.refused(pace.wait("index"))
    pace.wait("index")


def test_a_torn_file_and_a_clock_that_was_ahead_do_not_stop_anybody(tmp_path: Path) -> None:
    clock = Clock(now=4_000_000_000)
    pace = pace_of(tmp_path, clock)
    pace.wait("index")
    clock.now = 1_000_000_000
    pace.wait("index")
    assert clock.now < 1_000_000_100
    [file] = tmp_path.iterdir()
    file.write_text('{"next": {"ind')
    pace.wait("index")


def test_a_wait_ends_where_the_command_is_interrupted(tmp_path: Path) -> None:
    pace = ArchivePace(HOST, {"index": 0.1, "playback": 1}, folder=tmp_path)
    pace.wait("index")
    pace.stop()
    with pytest.raises(Stopped):
        pace.wait("index")


# --- the client ------------------------------------------------------------------------------------------------------


@pytest.fixture
def faults() -> ArchiveFaults:
    return ArchiveFaults()


@pytest.fixture
def server(faults: ArchiveFaults) -> Iterator[WebArchiveServer]:
    with archive_of([STORED], faults) as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock(now=time.time())


@pytest.fixture
def client(server: WebArchiveServer, clock: Clock, tmp_path: Path) -> ArchiveClient:
    return ArchiveClient(pace_of(tmp_path / "pace", clock, server.url))


def playback(server: WebArchiveServer) -> str:
    return f"{server.url}/web/{STORED.timestamp}id_/{URL}"


@pytest.mark.parametrize(("fault", "slept"), [("500", 5), ("504", 5), ("429", 60), ("503", 60), ("closed", 0)])
def test_what_passes_is_tried_again(
    server: WebArchiveServer, faults: ArchiveFaults, client: ArchiveClient, clock: Clock, fault: str, slept: int
) -> None:
    faults.once[NAME] = fault
    assert client.get(playback(server), "playback").body == STORED.body
    assert sum(clock.slept) == pytest.approx(slept, abs=0.3)


@pytest.mark.parametrize(("fault", "requests"), [("502", 4), ("503", 3), ("closed", 4)])
def test_a_request_that_always_fails_has_no_answer_and_others_go_on(
    server: WebArchiveServer, faults: ArchiveFaults, client: ArchiveClient, fault: str, requests: int
) -> None:
    faults.always[NAME] = fault
    with pytest.raises(NoAnswer):
        client.get(playback(server), "playback")
    assert client.requests == requests
    assert client.get(f"{server.url}/web/20130101000000id_/http://b.cn/", "playback").status == 404


def test_429_is_never_about_one_request(
    server: WebArchiveServer, faults: ArchiveFaults, client: ArchiveClient, clock: Clock
) -> None:
    faults.always[NAME] = "429"
    with pytest.raises(ArchiveRefuses, match="7 pauses in a row"):
        client.get(playback(server), "playback")
    assert sum(clock.slept) == pytest.approx(60 + 120 + 240 + 480 + 960 + 960, abs=1)


def test_an_archived_503_is_an_answer_and_an_answer_that_is_too_long_is_none(clock: Clock, tmp_path: Path) -> None:
    down = Stored(URL, STORED.timestamp, 503, (("Retry-After", "3600"),), b"x" * 1000)
    with archive_of([down]) as server:
        client = ArchiveClient(pace_of(tmp_path, clock, server.url))
        answer = client.get(playback(server), "playback")
        assert (answer.status, answer.is_memento, clock.slept) == (503, True, [])
        with pytest.raises(NoAnswer, match="longer than 999 bytes"):
            client.get(playback(server), "playback", longest=999)


def test_a_connection_that_is_refused_after_good_answers_is_the_firewall(clock: Clock, tmp_path: Path) -> None:
    with archive_of([STORED]) as server:
        client = ArchiveClient(pace_of(tmp_path, clock, server.url))
        client.get(playback(server), "playback")
        client.close()
    with pytest.raises(ArchiveRefuses, match="firewall") as refused:
        client.get(playback(server), "playback")
    assert refused.value.until is not None
    requests = client.requests
    with pytest.raises(ArchiveRefuses, match="firewall"):
        client.get(playback(server), "playback")
    assert client.requests == requests


def test_the_contact_is_sent(
    monkeypatch: pytest.MonkeyPatch, server: WebArchiveServer, clock: Clock, tmp_path: Path
) -> None:
    monkeypatch.setenv("GDFUPIN_CONTACT", "keeper@mail.example")
    ArchiveClient(pace_of(tmp_path, clock, server.url)).get(playback(server), "playback")
    [(*_, headers)] = server.requests
    assert "keeper@mail.example" in headers["user-agent"]
