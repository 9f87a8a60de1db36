"""A crawl seen from another terminal, options by environment, log files, shell completion, the pager."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from gdfupin_spider.commands import main
from gdfupin_spider.commands.crawl import crawl_command
from gdfupin_spider.replica import serve
from gdfupin_spider.storage.live_progress import FILE
from tests.sites import environment, run


def test_a_first_crawl_that_runs_shows_in_status_and_leaves_no_trace(tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    output = tmp_path / "archive"
    arguments = ["crawl", "--delay", "0.3", "--no-media", "--quiet", "--log-file", str(log)]
    with serve("asp-tables") as site:
        known = {**environment(site.proxy), "GDFUPIN_OUTPUT": str(output)}
        command = [sys.executable, "-m", "gdfupin_spider", *arguments]
        crawl = subprocess.Popen(command, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not list(output.glob(f"crawls/*/{FILE}")):
            assert crawl.poll() is None
            time.sleep(0.05)
        crawl.send_signal(signal.SIGSTOP)  # both show the same moment
        status = run("status", "--output", str(output))
        figures = json.loads(run("status", "--output", str(output), "--json").stdout)
        crawl.send_signal(signal.SIGCONT)
        crawl.send_signal(signal.SIGTERM)
        printed, errors = crawl.communicate(timeout=30)
    assert status.returncode == 0, status.stderr
    assert "This is the first crawl" in status.stdout
    assert f"{figures['progress']['queued']:,} queued" in status.stdout
    assert figures["progress"]["pages"] >= 3
    assert (crawl.returncode, printed) == (1, "")
    assert " INFO " not in errors
    assert " INFO Crawl " in log.read_text("utf-8")
    assert list(output.glob("crawls/*/.*")) == []


def test_options_come_from_the_environment_and_typed_ones_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDFUPIN_OUTPUT", "elsewhere")
    monkeypatch.setenv("GDFUPIN_CRAWL_DELAY", "3")
    monkeypatch.setenv("GDFUPIN_CRAWL_NO_MEDIA", "1")
    parent = main.make_context("gdfupin", ["status"], resilient_parsing=False)
    for typed, delay in (([], 3), (["--delay", "5"], 5)):
        options = crawl_command.make_context("crawl", list(typed), parent=parent).params
        assert (options["output"], options["delay"], options["no_media"]) == (Path("elsewhere"), delay, True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_completion(shell: str) -> None:
    source = CliRunner().invoke(main, [], prog_name="gdfupin", env={"_GDFUPIN_COMPLETE": f"{shell}_source"})
    assert "_GDFUPIN_COMPLETE" in source.stdout
    words = {"COMP_WORDS": "gdfupin sta", "COMP_CWORD": "sta" if shell == "fish" else "1"}
    names = CliRunner().invoke(main, [], prog_name="gdfupin", env={"_GDFUPIN_COMPLETE": f"{shell}_complete", **words})
    assert "status" in names.stdout


def test_a_log_file_that_cannot_be_written_ends_with_6(tmp_path: Path) -> None:
    done = run("crawl", "--output", str(tmp_path), "--log-file", str(tmp_path / "no" / "log"), "--json")
    assert (done.returncode, json.loads(done.stdout)["exit_code"]) == (6, 6)


@pytest.mark.parametrize(("lines", "is_paged"), [("5", True), ("200", False)])
def test_long_output_on_a_terminal_goes_through_the_pager(lines: str, is_paged: bool, tmp_path: Path) -> None:
    known = {**environment(None), "PAGER": "cat -n", "LINES": lines, "COLUMNS": "80", "TERM": "xterm"}
    (tmp_path / "page.html").write_text("<p>当前位置:首页->>扶贫前沿</p>" * 10, "utf-8")
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "gdfupin_spider", "probe", str(tmp_path / "page.html")]
        os.execve(sys.executable, command, known)
    printed = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # the process has ended
            break
        if not part:
            break
        printed += part
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert (b"     1\t" in printed) == is_paged
