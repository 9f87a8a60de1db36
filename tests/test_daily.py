"""`gdfupin daily`: what a run does, what it sends to whom, and what the next one makes of a run that was ended."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider.daily import runs
from gdfupin_spider.daily.state import DailyState, Parcel
from gdfupin_spider.monitoring.message import Message
from gdfupin_spider.storage.crawls import crawls
from gdfupin_spider.storage.lock import OutputLock, holder
from tests import daily_kills, forked, handmade
from tests.daily_runs import COMMAND, Service, daily, variables
from tests.living_site import SECTIONS, LivingSite, html, on
from tests.months import FIRST
from tests.papers import least_of_a_backup
from tests.sites import run
from tests.web_archive import Stored, archive_of, settings_for

SHORT = 'release = false\nfeeds = ""\n'
"""Of [daily]: what most of these tests are not about."""
TYPE = (("Content-Type", "text/html; charset=utf-8"),)
QUICK = {"GDFUPIN_RETRY_WAITS": "0,0,0", "GDFUPIN_BLOCK_WAITS": "0,0,0"}


@dataclass
class Archive:
    """An archive of a site that the test changes, and what was sent about it."""

    output: Path
    site: LivingSite
    service: Service

    def settings(self, text: str = "") -> None:
        path = self.output / "operator.toml"
        path.write_text(f"[daily]\n{SHORT}{text}\n", "utf-8")
        path.chmod(0o600)

    def run(self, day: float, *arguments: str, **more: str) -> tuple[int, dict[str, Any], str]:
        """Exit code, JSON and stderr of the run of a day, counted from that of the first crawl."""
        known = {**variables(self.site.url, self.service), **QUICK, **more}
        self.site.now = FIRST + timedelta(days=day)
        done = daily(self.output, known, self.clock, *arguments)
        return done.returncode, json.loads(done.stdout), done.stderr

    @property
    def clock(self) -> str:
        return f"{self.site.now:%Y-%m-%dT%H:%M:%SZ}"

    def publish(self, day: float) -> str:
        """Title of a new article."""
        return self.site.publish(SECTIONS[0], (FIRST + timedelta(days=day)).date()).title

    def summary(self, answer: dict[str, Any], step: str) -> tuple[str, str]:
        return next((each["state"], each["summary"]) for each in answer["steps"] if each["step"] == step)


@pytest.fixture
def archive(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """After a first run, which nobody was told of."""

    with LivingSite().fill(8, FIRST.date()) as site, Service() as service:
        output = tmp_path / "output"
        output.mkdir()
        made = Archive(output, site, service)
        made.settings()
        code, answer, log = made.run(0)
        assert code == 0, (answer, log)
        yield made


def test_a_day_has_one_digest_a_quiet_day_has_none_and_a_day_without_a_run_is_in_the_next(archive: Archive) -> None:
    [first] = archive.service.digests
    assert first.counts == {"added": 8}
    assert archive.run(1)[0] == 0
    assert len(archive.service.digests) == 1, "a quiet day"
    one, two = archive.publish(2), archive.publish(2)
    archive.run(2)
    three = archive.publish(2.3)
    code, answer, _ = archive.run(2.3)
    assert (code, archive.summary(answer, "digest")) == (0, ("skipped", "one was sent today"))
    archive.site.items[0].gone = True
    archive.run(4)
    found = [set(each.titles) for each in archive.service.digests[1:]]
    assert found == [{("added", one), ("added", two)}, {("added", three)}]
    assert archive.service.pings == ["good"] * 5
    log = (archive.output / "daily.log").read_text("utf-8")
    assert log.count("crawl: done: ") == 5
    assert log.count(" INFO Crawl ") == 5, "crawls write their lines there, too"


def test_a_digest_has_the_edited_text_in_the_operators_language(archive: Archive) -> None:
    archive.settings('language = "zh"\nweekly = "friday"')
    archive.publish(1)
    archive.run(1)
    item = archive.site.items[-1]
    item.body = item.body.replace("第9号", "第19号")
    archive.run(2)
    title, text = archive.service.messages[-1]
    assert title == "广东扶贫网存档日报 2026-01-03：修改1篇"
    assert f"修改1篇\n· {item.title}\n  {archive.site.url_of(item)}\n" in text
    assert "  第[-9-]{+19+}号消息" in text
    assert "\n采集库状况\n· 最近一次看到网站：2026-01-03 03:00（UTC）\n· 收藏文章：在线 9\n" in text
    archive.run(7.9)
    title, text = archive.service.messages[-1]
    assert title == "广东扶贫网存档周报 2026-01-09：没有变化"
    assert "过去七天\n· 新增1篇\n· 扶贫要闻：1\n" in text, "it was published and edited in these days"


def test_readers_hear_changes_and_that_the_archive_is_alive_and_nothing_of_the_machine(archive: Archive) -> None:
    archive.settings(f'{archive.service.settings}\nsilent_days = 3\nweekly = ""')
    title = archive.publish(1)
    archive.run(1)
    for day in (2, 3, 4, 5):
        archive.run(day)
    [(one, changes), (two, alive)] = archive.service.readers
    assert one == "广东扶贫网, digest of 2026-01-02: 1 new"
    assert f"· {title}\n" in changes
    assert "Disk" not in changes
    assert two == "广东扶贫网: the archive is alive"
    assert alive == "No changes were found since 2026-01-02.\nThe site was last seen on 2026-01-05 03:00 UTC"


def test_where_the_site_is_gone_nothing_changed_is_not_said_and_the_last_look_is_named(archive: Archive) -> None:
    archive.settings(f'{archive.service.settings}\nsilent_days = 8\nweekly = "friday"\nlanguage = "zh"\narchives = ""')
    archive.publish(1)
    archive.run(1)
    archive.site.fault = lambda path, right: None
    for day in range(2, 10):
        archive.run(day)
    title, week = next(each for each in archive.service.messages if "周报 2026-01-09" in each[0])
    assert title == "广东扶贫网存档周报 2026-01-09：没能看到网站"
    assert "· 最近一次看到网站：2026-01-02 03:00（UTC）\n" in week
    assert archive.service.readers[-1] == (
        "广东扶贫网：采集库仍在运行",
        "自 2026-01-02 以来没有发现新的变化。\n最近一次看到网站：2026-01-02 03:00（UTC）\n"
        "最近一次采集没能看到网站，没有变化不等于网站没有变",
    )


def test_what_nobody_accepted_is_sent_by_the_next_run(archive: Archive) -> None:
    title = archive.publish(1)
    archive.service.status = 500
    code, answer, _ = archive.run(1)
    assert (code, archive.summary(answer, "send")[0]) == (1, "failed")
    assert "1 waits: channel 1 (json): was not accepted" in archive.summary(answer, "send")[1]
    archive.service.status = 200
    code, answer, _ = archive.run(2)
    assert archive.summary(answer, "send") == ("done", "1 message sent")
    assert archive.service.digests[-1].titles == {("added", title)}


def test_recipients_that_others_can_read_fail_the_run_and_what_they_missed_is_sent_later(archive: Archive) -> None:
    listed = '[[alerts]]\nname = "all"\n[notify]\nurls = ["json://{0}/operator"]\nping = "http://{0}/ping"\n'
    archive.settings(listed.format(archive.service.host))
    alone = {"GDFUPIN_NOTIFY": "", "GDFUPIN_PING": ""}
    assert archive.run(0.5, **alone)[0] == 0
    (archive.output / "operator.toml").chmod(0o644)
    title, pings = archive.publish(1), len(archive.service.pings)
    code, answer, log = archive.run(1, **alone)
    assert code == 2
    assert [each["step"] for each in answer["steps"] if each["state"] == "failed"] == [
        "notify", "alerts", "digest", "ping",
    ]  # fmt: skip
    assert f"chmod 600 {archive.output / 'operator.toml'}" in log
    assert len(archive.service.pings) == pings
    (archive.output / "operator.toml").chmod(0o600)
    code, answer, log = archive.run(1.1, **alone)
    assert code == 0, log
    assert [title in text for _, text in archive.service.messages[-2:]] == [True, True], "the alert and the digest"
    assert len(archive.service.pings) == pings + 1


def test_after_a_restore_of_the_least_of_a_backup_each_change_is_told_once(archive: Archive, tmp_path: Path) -> None:
    archive.settings("digest = false")
    waiting = archive.publish(1)
    archive.run(1)
    archive.settings(archive.service.settings)
    restored = tmp_path / "restored"
    restored.mkdir()
    for name in least_of_a_backup():
        if (archive.output / name).is_dir():
            shutil.copytree(archive.output / name, restored / name, symlinks=True)
        elif (archive.output / name).exists():
            shutil.copy2(archive.output / name, restored / name)
    archive.output = restored
    listed = list(archive.service.messages), list(archive.service.readers)
    title = archive.publish(2)
    code, _, log = archive.run(2)
    assert code == 0, log
    for before, now in zip(listed, (archive.service.messages, archive.service.readers), strict=True):
        [(_, text)] = now[len(before) :]
        assert (waiting in text, title in text, text.count("http://")) == (True, True, 2)


def test_a_message_of_a_clock_that_was_ahead_is_not_tried_forever(archive: Archive) -> None:
    archive.service.status = 500
    archive.publish(1)
    archive.run(400)
    assert len(DailyState.load(archive.output).queue) == 1
    archive.run(1)
    assert [each.at[:4] for each in DailyState.load(archive.output).queue] == ["2026"], "that of the right day waits"


def test_what_was_being_sent_when_the_machine_stopped_is_named_and_not_sent_again(archive: Archive) -> None:
    lost = Parcel(
        "digest operator x", "operator", Message("the digest of Monday", "…", "info"), "2026-01-01T03:00:00Z", "sending"
    )
    state = DailyState.load(archive.output)
    DailyState(state.run, (lost,), reported=state.reported).save(archive.output)
    archive.publish(1)
    archive.run(1)
    assert "the digest of Monday" not in [title for title, _ in archive.service.messages]
    named = "“the digest of Monday” of 2026-01-01 may not have arrived"
    assert named in archive.service.digests[-1].text
    archive.publish(2)
    archive.run(2)
    assert named not in archive.service.digests[-1].text


def test_a_problem_is_told_once_and_once_when_it_is_over(archive: Archive) -> None:
    archive.site.fault = on(lambda path: True, html("Service Unavailable", 503))
    code, answer, _ = archive.run(1)
    assert (code, answer["exit_code"]) == (3, 3)
    assert archive.run(2)[0] == 3
    archive.site.fault = None
    assert archive.run(3)[0] == 0
    [begin, over] = [title for title, _ in archive.service.problems]
    assert "site unreachable (exit code 3)" in begin
    assert "over: site unreachable" in over
    assert archive.service.pings == ["good", "bad", "bad", "good"]


def test_where_another_timer_crawls_its_gaps_are_not_told_again_by_each_run(archive: Archive) -> None:
    bad = archive.site.path_of(archive.site.items[0])
    archive.publish(1)
    item = archive.site.items[-1]
    archive.site.fault = on(lambda path: path in (bad, archive.site.path_of(item)), html("an error", 500))
    assert archive.run(1)[0] == 1
    assert len(archive.service.problems) == 1
    archive.settings("crawl = false")
    for day in (2, 3):
        code, answer, _ = archive.run(day)
        assert (code, archive.summary(answer, "crawl")) == (0, ("off", ""))
    assert len(archive.service.problems) == 1
    assert len(crawls(archive.output)) == 2


def test_a_step_that_fails_stops_no_other_and_is_told(archive: Archive) -> None:
    folder = crawls(archive.output)[0].path
    with (folder / "articles.jsonl").open("ab") as file:
        file.write(b"{}\n")
    state = DailyState.load(archive.output)
    DailyState(state.run, reported=state.reported).save(archive.output)  # so that the crawl was never checked
    code, answer, log = archive.run(1)
    assert code == 9
    assert "gdfupin: verify: failed: " in log, "a timer has no progress, but it has what failed"
    state, why = archive.summary(answer, "verify")
    assert state == "failed"
    assert "articles.jsonl" in why
    assert archive.summary(answer, "ping") == ("done", "bad")
    [(title, text)] = archive.service.problems
    assert "verify failed" in title
    assert "`gdfupin verify --repair --output " in text


def test_a_missing_mount_a_broken_setting_and_a_running_run_end_before_anything_is_done(archive: Archive) -> None:
    empty = archive.output.with_name("mount")
    known = variables(archive.site.url, archive.service)
    done = daily(empty, known, archive.clock, "--existing")
    assert done.returncode == 2
    assert not empty.exists() or not [path.name for path in empty.iterdir() if path.name != "notified.json"]
    archive.settings("kep = 3")
    done = daily(archive.output, known, archive.clock)
    assert done.returncode == 2
    assert [
        ("Is the disk mounted?" in text, "daily.kep: no such key" in text) for _, text in archive.service.problems
    ] == [
        (True, False),
        (False, True),
    ]
    archive.settings()
    before = (archive.output / "daily.json").read_bytes()
    with OutputLock(archive.output, "gdfupin daily", runs.LOCK):
        code, answer, _ = archive.run(1)
    assert (code, answer["exit_code"]) == (5, 5)
    assert (archive.output / "daily.json").read_bytes() == before
    with OutputLock(archive.output, "gdfupin catalog"):
        code, answer, _ = archive.run(1)
    assert (code, answer["finished"]) == (5, None)
    assert "gdfupin catalog" in answer["stopped"]
    code, answer, _ = archive.run(1)
    assert (code, answer["resumed"]) == (0, True)
    [(title, _)] = archive.service.problems[2:]
    assert title.startswith("gdfupin: over: wrong usage"), "that another process has the archive is no problem"


def test_sigterm_ends_the_crawl_with_a_report_and_the_next_run_goes_on_there(archive: Archive) -> None:
    title = archive.publish(1)
    archive.site.now = FIRST + timedelta(days=1)
    waits = {"GDFUPIN_CRAWL_DELAY": "1"}
    known = {**variables(archive.site.url, archive.service), **waits, "GDFUPIN_CLOCK": archive.clock}
    with forked.start(COMMAND, ["daily", "--output", str(archive.output)], environment=known) as process:
        deadline = time.monotonic() + 30
        archive.site.asked.clear()
        while len(archive.site.asked) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        _, log = process.wait(60)
    assert process.returncode == 1, log
    newest = crawls(archive.output)[-1]
    assert json.loads((newest.path / "report.json").read_bytes())["reason"] == "interrupted"
    assert holder(archive.output) is None
    state = DailyState.load(archive.output)
    assert state.run is not None
    assert (state.run.results, state.run.finished) == ((), "")
    code, answer, _ = archive.run(1.01)
    assert (code, answer["resumed"]) == (0, True), answer
    assert archive.service.digests[-1].titles == {("added", title)}


def test_where_the_site_is_gone_web_archives_are_asked_and_their_finds_are_in_the_digest(
    archive: Archive, tmp_path: Path
) -> None:
    def stored(number: int) -> Stored:
        page = handmade.article(f"修路的消息第{number}号")
        return Stored(f"http://www.gdfupin.org.cn/show.asp?id=90{number}", "20130501000000", 200, TYPE, page)

    with archive_of([stored(number) for number in range(3)]) as server:
        settings_for(archive.output, server)
        pace = (archive.output / "operator.toml").read_text()
        archive.settings(f'archives = "wayback"\narchives_after_days = 2\n{pace}')
        archive.site.fault = on(lambda path: True, html("Service Unavailable", 503))
        found = [archive.run(day, GDFUPIN_PACE=str(tmp_path / "pace"))[1] for day in (1, 3)]
    assert [archive.summary(answer, "archives") for answer in found] == [
        ("skipped", "the live site was read on 2026-01-01"),
        ("done", "1 import"),
    ]
    digest = archive.service.digests[-1]
    assert digest.titles == {("added", f"修路的消息第{number}号") for number in range(3)}
    assert "· The site was last seen on 2026-01-01 03:00 UTC\n" in digest.text, "an import looks at no site"


def test_a_release_is_made_when_an_article_changed_and_those_with_a_name_are_kept(archive: Archive) -> None:
    def releases() -> list[str]:
        return sorted(
            path.name
            for path in (archive.output / "releases").iterdir()
            if path.name[0] != "." and path.name != "latest"
        )

    text = (archive.output / "operator.toml").read_text().replace("release = false", 'allow = ["leaks"]\nkeep = 1')
    (archive.output / "operator.toml").write_text(
        text.replace('feeds = ""', 'feeds_url = "https://example.org/feeds"\nlanguage = "zh"')
    )
    code, answer, _ = archive.run(1)
    assert (code, archive.summary(answer, "release")) == (0, ("done", "2026.01.02"))
    assert (archive.output / "feeds" / "feeds.opml").is_file()
    feed = json.loads((archive.output / "feeds" / "all.json").read_text("utf-8"))
    assert {each["title"].partition("：")[0] for each in feed["items"]} == {"新增"}, (
        "whatever the language of the timer"
    )
    code, answer, _ = archive.run(2)
    assert archive.summary(answer, "release") == ("done", "nothing new")
    named = run("release", "--name", "report", "--allow", "leaks", "--output", str(archive.output))
    assert named.returncode == 0, named.stderr
    for day in (3, 4):
        archive.publish(day)
        code, answer, _ = archive.run(day)
    assert releases() == ["2026.01.05", "report"]
    assert os.readlink(archive.output / "releases" / "latest") == "2026.01.05"


def test_a_run_that_was_killed_long_ago_is_not_gone_on_with_but_its_crawl_is_told_of(archive: Archive) -> None:
    archive.site.fault = on(lambda path: True, html("Service Unavailable", 503))
    archive.run(1)
    state = DailyState.load(archive.output)
    assert state.run is not None
    killed = replace(state.run, results=state.run.results[:1], finished="")  # after its crawl
    replace(state, run=killed).save(archive.output)
    (archive.output / "notified.json").unlink()
    archive.service.messages.clear()
    archive.site.fault = None
    title = archive.publish(2)
    code, answer, _ = archive.run(2)
    assert (code, answer["resumed"]) == (0, False)
    assert answer["run"] != killed.name
    assert archive.service.digests[-1].titles == {("added", title)}
    [begin, over] = [title for title, _ in archive.service.problems]
    assert "site unreachable (exit code 3)" in begin
    assert "over: site unreachable" in over


def test_the_log_is_renamed_when_it_is_large(archive: Archive) -> None:
    archive.settings("log_megabytes = 0.001\nlog_files = 2")
    for day in (1, 2, 3):
        archive.run(day)
    assert sorted(path.name for path in archive.output.glob("daily.log*")) == [
        "daily.log",
        "daily.log.1",
        "daily.log.2",
    ]


def test_killed_in_each_step_the_next_run_completes_and_nothing_is_sent_twice(tmp_path: Path) -> None:
    steps = ("crawl", "archives", "verify", "notify", "alerts", "digest", "send", "ping")
    happened = list(daily_kills.kill(len(steps), seed=1, folder=tmp_path, steps=steps))
    assert {each.step for each in happened if each.ended} == set(steps)
