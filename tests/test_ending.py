"""SIGTERM, Ctrl-C and --max-minutes end a crawl within five seconds, whatever it waits for, with lines and a report."""

import json
import signal
import socket
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest

from gdfupin_spider.commands import main
from gdfupin_spider.deadline import timed
from tests import forked
from tests.handmade import article, links, page
from tests.raw_site import Site, Write, response
from tests.sites import environment, run

STUCK = "//*[count(//*[count(//*[count(//*[count(//*)>0])>0])>0])>0]"
"""An XPath of a profile that takes for ever on a page of many elements."""
LIMIT = 5.0
"""Seconds from the signal to the end of the process."""


def never(write: Write) -> None:
    """Accepts a request and responds with nothing."""
    time.sleep(60)


def half(write: Write) -> None:
    """Sends half a body and keeps the connection open."""
    write(response(article("修路")[:300], length=9_000))
    time.sleep(60)


def trickle(write: Write) -> None:
    """Sends a body that does not end, some bytes at a time."""
    write(response(b"<html>", length=1_000_000))
    while True:
        write(b"<p>")
        time.sleep(0.1)


READ, WAITED = response(article("修路")), "/w.htm"
HOME = response(page(links("/a.htm", WAITED, "/c.htm")))
PICTURE = response(
    article("种果", body="种果的人多了。<img src='/w.jpg'>山上的果树种了三百亩，今年第一次挂果，大家都来帮忙。")
)
PAGED = response(article("办学", more="<p><a href='/w.htm'>[2]</a> <a href='/w.htm'>下一页</a></p>"))
BUSY = response(b"busy", "503 Busy", "Retry-After: 60")
STATES: dict[str, tuple[dict[str, bytes | Callable[[Write], None]], str, str]] = {
    "a Retry-After": ({WAITED: BUSY}, WAITED, "0"),
    "a Retry-After of robots.txt": ({"/robots.txt": BUSY}, "/robots.txt", "0"),
    "a Crawl-delay": ({"/robots.txt": response(b"User-agent: *\nCrawl-delay: 60\n")}, "/robots.txt", "0"),
    "--delay": ({}, "/robots.txt", "60"),
    "another try": ({WAITED: response(b"", "500 Broken")}, WAITED, "1.5"),
    "the end of a block": ({WAITED: response(b"", "429 Too Many")}, WAITED, "1"),
    "the first byte of a page": ({WAITED: never}, WAITED, "0"),
    "the first byte of the start page": ({"/": never}, "/", "0"),
    "the first byte of robots.txt": ({"/robots.txt": never}, "/robots.txt", "0"),
    "the rest of a body": ({WAITED: half}, WAITED, "0"),
    "a body that does not end": ({WAITED: trickle}, WAITED, "0"),
    "a picture": ({"/a.htm": PICTURE, "/w.jpg": half}, "/w.jpg", "0"),
    "the second page of an article": ({"/a.htm": PAGED, WAITED: never}, WAITED, "0"),
    "another try of a second page": ({"/a.htm": PAGED, WAITED: BUSY}, WAITED, "0"),
}
"""What a crawl waits for: changed responses, the path after whose request it waits, --delay."""


def crawl_of(url: str, output: Path, *arguments: str, proxy: str | None = None) -> forked.Forked:
    """A crawl in a process of its own, killed at the end of the `with` block if it still runs."""
    known = environment(None) | ({"http_proxy": proxy, "https_proxy": proxy} if proxy else {})
    command = ("crawl", "--output", str(output), "--start-url", url, *arguments)
    return forked.start(forked.GDFUPIN, command, environment=known)


def impatient() -> None:
    """`gdfupin …` that reads no page for longer than two seconds."""
    timed.DEADLINE = 2.0
    main()


def ended(
    process: forked.Forked, output: Path, reason: str, begin: float, log: str = "", program: str = forked.GDFUPIN
) -> None:
    """Asserts that the process ends in time, with a report, and that the archive is whole."""
    _, answer = process.wait(LIMIT + 20)
    seconds = time.monotonic() - begin
    assert seconds < LIMIT, f"{seconds:.1f} s; {answer}"
    assert "Traceback" not in answer
    assert log in answer
    [path] = (output / "crawls").glob("*/report.json")
    assert json.loads(path.read_text("utf-8"))["reason"] == reason
    verify = ["verify", "--output", str(output)]
    verified = forked.run(program, verify, environment=environment(None), timeout=60)
    assert verified.returncode == 0, verified.stdout


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("state", STATES)
def test_sigterm_ends_a_crawl_that_waits_for(state: str, tmp_path: Path) -> None:
    changed, path, delay = STATES[state]
    site = Site({"/": HOME, "/a.htm": READ, WAITED: READ, "/c.htm": READ, **changed})
    with site.serve() as url, crawl_of(url, tmp_path, "--delay", delay) as process:
        wait_for(lambda: path in site.paths)
        time.sleep(0.7)
        process.send_signal(signal.SIGTERM)
        ended(process, tmp_path, "interrupted", time.monotonic(), "under way, then the report")
    assert process.returncode == 1


def test_sigterm_ends_a_crawl_that_is_stuck_in_reading_a_page(tmp_path: Path) -> None:
    site = Site({"/": HOME, "/a.htm": READ, WAITED: response(page("<p>字</p>" * 500)), "/c.htm": READ})
    written = resources.files("gdfupin_spider.profiles").joinpath("gdfupin.toml").read_text("utf-8")
    profile = tmp_path / "stuck.toml"
    profile.write_text(f'{written}\n[overrides]\nauthor = "{STUCK}"\n', "utf-8")
    output = tmp_path / "output"
    with site.serve() as url, crawl_of(url, output, "--delay", "0", "--profile", str(profile)) as process:
        wait_for(lambda: WAITED in site.paths)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        ended(process, output, "interrupted", time.monotonic(), program="tests.test_ending:impatient")


@pytest.mark.parametrize("state", ["a Crawl-delay", "a Retry-After", "the rest of a body", "a picture"])
def test_max_minutes_ends_a_crawl_that_waits_for(state: str, tmp_path: Path) -> None:
    changed, _, delay = STATES[state]
    site = Site({"/": HOME, "/a.htm": READ, WAITED: READ, "/c.htm": READ, **changed})
    seconds = 2.0
    with site.serve() as url, crawl_of(url, tmp_path, "--delay", delay, "--max-minutes", str(seconds / 60)) as process:
        wait_for(lambda: "/robots.txt" in site.paths)
        ended(process, tmp_path, "max-minutes", time.monotonic() + seconds)


def test_ctrl_c_ends_a_crawl_that_waits_for_a_connection(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        place = full.getsockname()
        others = [socket.socket() for _ in range(3)]
        for other in others:
            other.setblocking(False)
            other.connect_ex(place)
        with crawl_of(f"http://127.0.0.1:{place[1]}/", tmp_path, "--delay", "0") as process:
            wait_for(lambda: any(tmp_path.glob("crawls/*/capture-*")))
            time.sleep(1)
            process.send_signal(signal.SIGINT)
            ended(process, tmp_path, "interrupted", time.monotonic())
        for other in others:
            other.close()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_sigterm_ends_a_crawl_that_waits_for_a_proxy(scheme: str, tmp_path: Path) -> None:
    site = Site({})
    site.routes = dict.fromkeys(("www.gdfupin.org.cn:443", "http://www.gdfupin.org.cn/robots.txt"), never)
    url = f"{scheme}://www.gdfupin.org.cn/"
    with site.serve() as proxy, crawl_of(url, tmp_path, "--delay", "0", proxy=proxy) as process:
        wait_for(lambda: bool(site.paths))
        process.send_signal(signal.SIGTERM)
        ended(process, tmp_path, "interrupted", time.monotonic())


def test_a_response_that_is_broken_off_is_a_gap_that_the_next_crawl_closes(tmp_path: Path) -> None:
    site = Site({"/": HOME, "/a.htm": READ, WAITED: half, "/c.htm": READ})
    with site.serve() as url:
        with crawl_of(url, tmp_path, "--delay", "0") as process:
            wait_for(lambda: WAITED in site.paths)
            process.send_signal(signal.SIGTERM)
            ended(process, tmp_path, "interrupted", time.monotonic())
        [issues] = tmp_path.glob("crawls/*/issues.jsonl")
        assert [json.loads(line)["what"] for line in issues.read_text("utf-8").splitlines()] == ["interrupted"]
        site.routes[WAITED] = response(article("看病"))
        assert run("crawl", "--output", str(tmp_path), "--start-url", url, "--delay", "0").returncode == 0
