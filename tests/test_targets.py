"""Where results are written: files, links, pipes, devices."""

import gzip
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gdfupin_spider.errors import CannotWrite
from gdfupin_spider.storage.durable import write_target, write_whole
from tests.sites import environment, run


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[str] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_text("utf-8")))
    reader.start()
    write_target(pipe, "扶贫\n")
    reader.join(timeout=10)
    assert received == ["扶贫\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device(tmp_path: Path) -> None:
    link = tmp_path / "null"
    link.symlink_to(os.devnull)
    write_target(link, "nothing")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
    assert link.is_symlink()


def test_a_link_stays_a_link_and_its_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_target(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    (tmp_path / "dangling").symlink_to("absent")
    write_target(tmp_path / "dangling", "new")
    assert (tmp_path / "absent").read_text() == "new"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="neither a file nor a FIFO"):
        write_target(tmp_path, "x")


def test_a_planted_link_beside_a_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / ".report.json.new").symlink_to(victim)
    write_whole(tmp_path / "report.json", "{}")
    assert (victim.read_text(), (tmp_path / "report.json").read_text()) == ("mine", "{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "victim"]


def test_a_probe_of_a_page_writes_its_html_into_a_link(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><body>当前位置:首页->>扶贫前沿</body></html>", "utf-8")
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")
    assert run("probe", str(tmp_path / "page.html"), "--html", str(tmp_path / "link.html")).returncode == 0
    assert (tmp_path / "link.html").is_symlink()
    assert "扶贫前沿" in (tmp_path / "real.html").read_text("utf-8")


def warc_record(kind: str, block: bytes) -> bytes:
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.cn/1.htm\r\nWARC-Date: 2021-01-13T00:00:00Z\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(block) + block + b"\r\n\r\n"


@pytest.mark.parametrize("options", [["--url", "http://a.cn/1.htm"], []], ids=["url", "none"])
def test_a_warc_of_one_gzip_member_is_refused_with_the_reason_and_the_way_to_mend_it(
    options: list[str], tmp_path: Path
) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>a</p></html>"
    path = tmp_path / "all.warc.gz"
    path.write_bytes(gzip.compress(warc_record("warcinfo", b"") + warc_record("response", answer)))
    done = run("probe", str(path), *options)
    assert done.returncode == 2
    assert "1 record cannot be read: all.warc.gz at byte 0: more than one record in a gzip member" in done.stderr
    assert "warcio recompress" in done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["read", "page.html"], ["probe", "page.html", "--json"]], ids=str)
def test_a_full_stdout_ends_with_one_sentence_and_its_own_exit_code(arguments: list[str], tmp_path: Path) -> None:
    body = "".join(f"<p>第{n}段写的是村里修路的事，大家都来帮忙。</p>" for n in range(99))
    (tmp_path / "page.html").write_text(f"<html><body>{body}</body></html>", "utf-8")
    command = [sys.executable, "-m", "gdfupin_spider", *arguments]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            command, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, env=environment(None)
        )
    assert (done.returncode, done.stderr.count("\n")) == (74, 1), done.stderr
    assert "stdout cannot be written" in done.stderr


def test_a_closed_stdout_ends_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><body>当前位置:首页->>扶贫前沿</body></html>", "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "gdfupin_spider", "probe", "page.html", "--json"]
    done = subprocess.run(
        command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, env=environment(None)
    )
    os.close(writing)
    assert (done.returncode, "Traceback" in done.stderr) == (74, False), done.stderr
