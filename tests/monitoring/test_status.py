"""`gdfupin status`: what a person reads, and a machine."""

import io
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from gdfupin_spider import profiles
from gdfupin_spider.errors import CrawlRunning, NothingThere
from gdfupin_spider.monitoring.status import Status, status
from gdfupin_spider.monitoring.status_view import screen
from gdfupin_spider.storage.crawl_folder import CrawlFolder
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.storage.lock import OutputLock, holder
from tests.sites import Crawl, run

GDFUPIN = profiles.load("gdfupin")
NOW = datetime.now(UTC)


@pytest.fixture
def output(crawled_extract: Callable[[str], Crawl], tmp_path: Path) -> Path:
    """An archive of one crawl, of its own."""
    folder = crawled_extract("asp-tables").folder
    assert folder is not None
    shutil.copytree(folder.parents[1], tmp_path / "output")
    return tmp_path / "output"


def shown(found: Status, width: int = 80) -> list[str]:
    terminal = Console(width=width, file=io.StringIO(), markup=False, highlight=False)
    with terminal.capture() as captured:
        terminal.print(screen(found))
    first, *lines = captured.get().splitlines()
    assert first == "Demo data: all articles are invented"
    return lines


def test_one_screen_of_eighty_columns_says_what_there_is(output: Path) -> None:
    found = status(output, GDFUPIN, NOW)
    lines = shown(found)
    assert max(map(cell_len, lines)) <= 80
    assert len(lines) <= 40
    answer = "\n".join(lines)
    assert lines[0].startswith(f"{found.catalog.articles['live']} live")
    assert all(section in answer for section in found.completeness.sections)
    assert found.newest_crawls[0].crawl in answer
    assert "not up to date" not in answer
    assert "Under way" not in answer


def test_the_command_says_the_same_to_a_machine_and_writes_nothing(output: Path) -> None:
    before = {path: path.read_bytes() for path in output.rglob("*") if path.is_file()}
    done = run("status", "--output", str(output), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    [crawl] = found["newest_crawls"]
    assert (crawl["state"], crawl["exit_code"], crawl["changes"]["added"]) == ("whole", 0, found["articles"]["live"])
    assert found["running"] is None
    assert found["stale"] == []
    assert found["disk"]["used"] == sum(map(len, before.values()))
    assert {path: path.read_bytes() for path in output.rglob("*") if path.is_file()} == before


def test_where_there_is_nothing_the_next_step_is_named(output: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="run `gdfupin crawl`"):
        status(tmp_path / "empty", GDFUPIN, NOW)
    (output / "catalog.sqlite").unlink()
    done = run("status", "--output", str(output))
    assert (done.returncode, done.stdout) == (2, "")
    assert "1 crawl, but no catalog yet: run `gdfupin catalog --output" in done.stderr


def test_a_crawl_under_way_is_said_and_not_missed_in_the_catalog(output: Path) -> None:
    with OutputLock(output) as lock:
        folder = CrawlFolder.create(output, NOW + timedelta(hours=1), "live")
        lock.name(folder.name)
        found = status(output, GDFUPIN, NOW)
        assert found.running is not None
        assert found.running.what == folder.name
        assert found.newest_crawls[0].state == "running"
        assert found.stale == ()
        assert shown(found)[0].startswith(f"Under way: {folder.name}")
    found = status(output, GDFUPIN, NOW)
    assert found.running is None
    assert found.newest_crawls[0].state == "unfinished"


def test_a_catalog_behind_the_crawls_is_said_with_the_command(output: Path) -> None:
    [crawl] = crawls(output)
    shutil.copytree(crawl.path, crawl.path.with_name("20200101T000000Z-live"))
    (reason,) = status(output, GDFUPIN, NOW).stale
    assert reason == "20200101T000000Z-live is not in it"
    answer = " ".join(" ".join(shown(status(output, GDFUPIN, NOW))[:2]).split())
    assert answer.startswith(f"The catalog is not up to date: {reason}; run `gdfupin catalog`")


def test_lines_that_are_not_folded_yet_are_noticed_but_not_half_a_last_one(output: Path) -> None:
    [crawl] = crawls(output)
    file = crawl.path / "sightings.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + b'{"id": "gdf')
    assert status(output, GDFUPIN, NOW).stale == ()
    file.write_bytes(whole + whole.splitlines(keepends=True)[0])
    assert status(output, GDFUPIN, NOW).stale == (f"{crawl.name} has grown",)


def test_an_alarm_of_the_last_crawl_stays_on_the_screen(output: Path) -> None:
    [crawl] = crawls(output)
    report = json.loads((crawl.path / "report.json").read_text("utf-8"))
    alarm = {"name": "nothing-new", "message": "nothing new for 20 days\x1b[31m", "since": "2026-11-23T03:00:00Z"}
    report |= {"exit_code": 1, "monitors": {"compared_with": 5, "alarms": [alarm]}}
    (crawl.path / "report.json").write_text(json.dumps(report), "utf-8")
    found = status(output, GDFUPIN, NOW)
    assert found.encode()["alarms"] == [{**alarm, "acknowledged": None}]
    answer = "\n".join(shown(found))
    assert "nothing-new: nothing new for 20 days␛[31m (since 2026-11-23)" in answer.replace("\n", " ")


def test_whoever_looks_who_holds_the_lock_is_in_nobodys_way(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with OutputLock(tmp_path, "a test"):
        held = holder(tmp_path)
        assert held is not None
        assert (held.what, held.pid) == ("a test", os.getpid())
        with pytest.raises(CrawlRunning):
            OutputLock(tmp_path).__enter__()
    assert holder(tmp_path) is None
    with OutputLock(tmp_path):
        pass


def test_what_is_to_be_looked_at_again_is_counted(output: Path) -> None:
    now = status(output, GDFUPIN, NOW)
    articles = now.catalog.articles["live"]
    assert now.rechecks.most_in_a_crawl == 100
    assert now.rechecks.due <= now.rechecks.within_a_day <= now.rechecks.within_a_week < articles
    later = status(output, GDFUPIN, NOW + timedelta(days=181))
    assert later.rechecks.due == articles
    assert f"rechecks: {articles} due now" in " ".join(" ".join(shown(later)).split())


def test_how_old_the_knowledge_is_is_counted(output: Path) -> None:
    articles = status(output, GDFUPIN, NOW).catalog.articles["live"]
    for days, seen in ((1, (articles,) * 3), (8, (0, articles, articles)), (31, (0, 0, articles)), (91, (0, 0, 0))):
        now = status(output, GDFUPIN, NOW + timedelta(days=days)).seen
        assert (now.within_7_days, now.within_30_days, now.within_90_days) == seen, days
