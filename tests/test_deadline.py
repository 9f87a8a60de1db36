"""No page can stop the program: reading has a deadline, whatever it is stuck in."""

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gdfupin_spider import deadline, pages
from gdfupin_spider.commands.read import read_command
from gdfupin_spider.deadline import timed
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.ledger.judge import Judge
from gdfupin_spider.ledger.response_faults import response_fault
from gdfupin_spider.profiles import Profile, load

PAGE = "<title>修路</title><h1>修路</h1><p>加入时间：2021-1-13 来源：南方日报</p><p>会议总结了全年的扶贫工作，部署了明年的任务。</p>"
STUCK = "//*[count(//*[count(//*[count(//*[count(//*)>0])>0])>0])>0]"
"""An XPath of exponential cost, as a stranger's profile may have one."""


def _capture(text: str) -> Capture:
    return Capture("http://a.cn/show.asp?id=7", "2030-01-01T00:00:00Z", 200, (), text.encode(), Proof("", 0, ""))


@pytest.fixture
def profile() -> Profile:
    return load("general")


@pytest.fixture
def stuck(profile: Profile) -> Profile:
    return replace(profile, overrides={"title": STUCK})


@pytest.fixture(autouse=True)
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timed, "DEADLINE", 2.0)
    monkeypatch.setattr(timed, "_worker", timed.WorkerProcess())
    yield
    timed._worker._kill()


def test_a_small_page_is_read_without_the_worker(profile: Profile) -> None:
    page = deadline.quick(_capture(PAGE), profile)
    assert page is not None
    assert page.kind == "article"
    assert timed._worker._process is None


def test_a_large_page_is_read_as_without_a_deadline(profile: Profile) -> None:
    capture = _capture(PAGE + "<p>会议强调，要巩固成果。</p>" * 5000)
    assert deadline.quick(capture, profile) is None
    assert pages.article([deadline.read(capture, profile)]) == pages.article([pages.read(capture, profile)])


def test_a_packed_page_counts_as_large_as_it_is_unpacked(profile: Profile) -> None:
    """Sites send pages packed, and other programs keep them so: small ones need no worker either."""
    packed = (("Content-Encoding", "gzip"),)
    small, large = (_capture(PAGE + "<p>会议强调，要巩固成果。</p>" * number) for number in (10, 5000))
    for headers in (packed, ()):
        page = deadline.quick(replace(small, payload=gzip.compress(small.payload), headers=headers), profile)
        assert page is not None
        assert pages.article([page]) == pages.article([pages.read(small, profile)])
        assert deadline.quick(replace(large, payload=gzip.compress(large.payload), headers=headers), profile) is None
    assert timed._worker._process is None


def test_a_stuck_regular_expression_is_interrupted() -> None:
    began = time.process_time()
    with pytest.raises(timed._OutOfTime), timed._timer():
        re.match("(a+)+$", "a" * 40 + "b")
    assert time.process_time() - began < 3


def test_a_stuck_parser_is_killed_and_the_next_page_is_read(profile: Profile, stuck: Profile) -> None:
    capture = _capture(PAGE + "<p>字</p>" * 300)
    page = deadline.read(capture, stuck)
    assert page.unread == "reading it takes more than 2 seconds"
    assert response_fault(capture, page) == "too-costly"
    (issue,) = Judge(stuck, ()).judge(capture, page, "too-costly").issues
    assert (issue.level, issue.what) == ("failure", "too-costly")
    assert deadline.read(capture, replace(profile, overrides={"title": "//h1"})).kind == "article"


ENDS = """
import atexit, signal
atexit.register(lambda: print(signal.getitimer(signal.ITIMER_VIRTUAL)))  # registered first, so it runs last
from gdfupin_spider import deadline, profiles
from gdfupin_spider.items import Capture, Proof
deadline.read(Capture("http://a.cn/", "2026-01-01T00:00:00Z", 200, (), b"<p>text</p>", Proof("", 0, "")), profiles.load("general"))
"""


def test_no_timer_ticks_while_python_ends() -> None:
    """Its handler is gone by then, and the signal would end the process with another exit code."""
    ended = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, check=True)
    assert ended.stdout == "(0.0, 0.0)\n"


def test_the_verb_read_has_the_deadline_and_says_what_it_could_not_read(tmp_path: Path) -> None:
    (tmp_path / "stuck.toml").write_text(f'name = "stuck"\ntitle = "Stuck"\n[overrides]\ntitle = "{STUCK}"\n')
    (tmp_path / "page.htm").write_text(PAGE + "<p>字</p>" * 300)
    arguments = ["--profile", str(tmp_path / "stuck.toml"), str(tmp_path / "page.htm")]
    line = json.loads(CliRunner().invoke(read_command, arguments).stdout)
    assert (line["kind"], line["title"], line["body"]) == ("unknown", None, "")
    assert line["issues"] == [
        {"level": "failure", "what": "too-costly", "evidence": "reading it takes more than 2 seconds"}
    ]
