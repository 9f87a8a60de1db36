"""Pictures and attachments of any length: they reach the WARC piece by piece, within bounds of memory and length."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gdfupin_spider import warc
from tests.handmade import article, links, page
from tests.raw_site import Site, Write, response
from tests.sites import environment, run

PIECE = os.urandom(1 << 20)
BASE = 150_000_000
"""Bytes of memory of a crawl that meets nothing long."""

CODE = """
import atexit, sys
from gdfupin_spider import settings
from gdfupin_spider.commands import main
settings.GDFUPIN_MEDIA_BYTES = {limit}
atexit.register(lambda: sys.stderr.write(open("/proc/self/status").read()))
main()
"""


def _long(megabytes: int, declared: int | None = None) -> Callable[[Write], None]:
    """A response with a body of random bytes. `declared`: its Content-Length in MB; without one, it is in chunks."""

    def respond(write: Write) -> None:
        if declared is not None:
            write(response(b"", length=declared << 20))
        else:
            write(b"HTTP/1.1 200 OK\r\nContent-Type: application/zip\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(megabytes):
            write(PIECE if declared is not None else b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
        if declared is None:
            write(b"0\r\n\r\n")

    return respond


def _lines(output: Path, kind: str) -> list[dict[str, Any]]:
    [folder] = (output / "crawls").iterdir()
    return [json.loads(line) for line in (folder / f"{kind}.jsonl").read_text("utf-8").splitlines()]


def _crawl(output: Path, file: Callable[[Write], None], limit: int = 200_000_000) -> tuple[dict[str, Any], int, int]:
    """The media line of a crawl with one attachment, the peak memory of the crawl, and its exit code."""
    site = Site(
        {
            "/": response(page(links("/a.htm"))),
            "/a.htm": response(article("种果", body="种果的人多了。<a href='/a.zip'>附件.zip</a>山上的果树种了三百亩，今年第一次挂果。")),
            "/a.zip": file,
        }
    )  # fmt: skip
    code = CODE.format(limit=limit)
    with site.serve() as url:
        command = [sys.executable, "-c", code, "crawl", "--output", str(output), "--delay", "0", "--start-url", url]
        done = subprocess.run(command, env=environment(None), capture_output=True, text=True, timeout=60, check=False)
    answer = done.stderr
    assert "Traceback" not in answer, answer
    [media] = _lines(output, "media")
    return media, int(answer.rpartition("VmHWM:")[2].split()[0]) * 1024, done.returncode


@pytest.mark.parametrize("declared", [32, None])
def test_a_long_attachment_is_kept_and_never_held(declared: int | None, tmp_path: Path) -> None:
    media, memory, code = _crawl(tmp_path, _long(32, declared))
    whole = hashlib.sha256(PIECE * 32).hexdigest()
    assert (code, media["bytes"], media["sha256"]) == (0, 32 << 20, whole)
    assert memory < BASE
    place = media["capture"]
    capture = warc.read_at(tmp_path / "crawls" / place["warc"], place["offset"])
    assert hashlib.sha256(capture.payload).hexdigest() == whole
    assert (capture.purpose, capture.truncated) == ("media", None)
    assert run("verify", "--output", str(tmp_path)).returncode == 0


def test_an_attachment_above_the_limit_is_cut(tmp_path: Path) -> None:
    media, memory, code = _crawl(tmp_path, _long(32, 32), limit=10_000_000)
    assert (code, media["bytes"]) == (0, 10_000_000)
    assert memory < BASE
    [issue] = _lines(tmp_path, "issues")
    assert issue["what"] == "oversize"


def test_an_attachment_that_breaks_off_is_kept_as_far_as_it_came(tmp_path: Path) -> None:
    media, memory, code = _crawl(tmp_path, _long(8, 64))
    assert (code, media["bytes"]) == (1, 8 << 20)
    place = media["capture"]
    assert warc.read_at(tmp_path / "crawls" / place["warc"], place["offset"]).truncated == "disconnect"
    assert memory < BASE
