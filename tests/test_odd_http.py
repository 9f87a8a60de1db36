"""Responses that browsers read although HTTP forbids them."""

import asyncio
import gzip
from pathlib import Path

import pytest

from gdfupin_spider.crawl.tolerant_client import NotHttp, read_body, read_head
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.ledger.response_faults import response_fault
from tests.handmade import article, links, page
from tests.raw_site import Site, Write
from tests.sites import crawl, run

HOME = page(f"<p>村里的新闻都在这里。</p>{links('/a.htm', '/b.htm')}")
BODIES = {"/": HOME, "/a.htm": article("修路"), "/b.htm": article("种果")}


def raw(body: bytes, *headers: bytes) -> bytes:
    lines = (b"HTTP/1.1 200 OK", b"Content-Type: text/html", *headers, b"Connection: close", b"", b"")
    return b"\r\n".join(lines) + body


def sized(body: bytes) -> bytes:
    return b"Content-Length: %d" % len(body)


def chunks(body: bytes, form: bytes = b"%x", last: bytes = b"0\r\n\r\n") -> bytes:
    half = len(body) // 2
    return b"".join(form % len(part) + b"\r\n" + part + b"\r\n" for part in (body[:half], body[half:])) + last


ODD = {
    "a blank before the colon": lambda body: raw(body, b"Server : IIS/5.0", b'P3P : CP="ALL"', sized(body)),
    "a blank before the colon of the length": lambda body: raw(body, b"Content-Length : %d" % len(body)),
    "a header in Chinese": lambda body: raw(body, "服务器: 一号".encode("gbk"), sized(body)),
    "a header without a colon": lambda body: raw(body, b"cached page", sized(body)),
    "blanks behind the size of a chunk": lambda body: raw(chunks(body, b"%x  "), b"Transfer-Encoding: chunked"),
    "a chunk size with zeros": lambda body: raw(chunks(body, b"%08X"), b"Transfer-Encoding: chunked"),
    "no last chunk": lambda body: raw(chunks(body, last=b""), b"Transfer-Encoding: chunked"),
    "two lengths": lambda body: raw(body, sized(body), b"Content-Length: 7"),
    "a length that is too big": lambda body: raw(body, b"Content-Length: %d" % (len(body) + 9)),
    "no length": lambda body: raw(body),
    "the length of the plain text of gzip": lambda body: raw(
        gzip.compress(body), b"Content-Encoding: gzip", sized(body)
    ),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_site_is_read_in_spite_of(odd: str, tmp_path: Path) -> None:
    site = Site({path: ODD[odd](body) for path, body in BODIES.items()})
    with site.serve() as url:
        done = crawl(tmp_path, "--start-url", url)
    assert done.exit_code == 0, done.log
    assert {line["title"] for line in done.lines("articles")} == {"修路", "种果"}
    assert {issue["level"] for issue in done.lines("issues")} <= {"note"}
    assert len(site.paths) <= 2 * 4, "the tolerant client is asked first once a host needs it"
    replayed = run("replay", "latest", "--output", str(tmp_path))
    assert replayed.returncode == 0, replayed.stdout
    assert run("verify", "--output", str(tmp_path)).returncode == 0


def test_what_was_odd_is_named_once_with_its_bytes(tmp_path: Path) -> None:
    site = Site({path: ODD["a blank before the colon"](body) for path, body in BODIES.items()})
    with site.serve() as url:
        done = crawl(tmp_path, "--start-url", url)
    [note] = [issue for issue in done.lines("issues") if issue["what"] == "odd-http"]
    assert "Server : IIS/5.0" in note["evidence"]


@pytest.mark.parametrize("cut", ["length", "chunks", "gzip"])
def test_a_page_that_breaks_off_is_still_a_gap(cut: str, tmp_path: Path) -> None:
    body = BODIES["/a.htm"]
    half = {
        "length": raw(body[:-60], sized(body)),
        "chunks": raw(chunks(body)[:-40], b"Transfer-Encoding: chunked"),
        "gzip": raw(gzip.compress(body, mtime=0)[:-4], b"Content-Encoding: gzip", sized(body)),
    }[cut]
    site = Site({"/": raw(HOME, sized(HOME)), "/a.htm": half, "/b.htm": raw(BODIES["/b.htm"], sized(BODIES["/b.htm"]))})
    with site.serve() as url:
        done = crawl(tmp_path, "--start-url", url)
    assert done.exit_code == 1
    assert done.issues("failure") == {("cut-off", f"{url}a.htm")}


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (b"<html><p>a</p></html>", None),
        (b"<html><p>a</p></HTML>\r\n\0\0", None),
        (b"<html><p>a</p></html", "cut-off"),
        (b"<html><p>a</p></html><p>", "cut-off"),
        (gzip.compress(b"a" * 3_000_000, mtime=0), None),
        (gzip.compress(b"a", mtime=0)[:-1], "cut-off"),
        (gzip.compress(b"a", mtime=0)[:-8] + b"x" * 8, "cut-off"),
        (gzip.compress(b"a", mtime=0) + b"<p>", "cut-off"),
        (b"", "cut-off"),
    ],
)
def test_what_proves_that_a_body_is_whole(payload: bytes, fault: str | None) -> None:
    proof = Proof("", 0, "")
    capture = Capture("http://a.cn/", "2021-01-13T00:00:00Z", 200, (), payload, proof, truncated="disconnect")
    assert response_fault(capture) == fault


def received(data: bytes) -> bytes:
    async def read() -> bytes:
        reader = asyncio.StreamReader(limit=65_536)
        reader.feed_data(data)
        reader.feed_eof()
        head = await read_head(reader)
        return b"".join([piece async for piece in read_body(reader, head)])

    return asyncio.run(read())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nA: b",
        b"HTTP/1.1 200 OK\r\n" + b"A: " + b"b" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 400_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    ],
)
def test_what_is_no_http_is_refused(data: bytes) -> None:
    with pytest.raises((NotHttp, asyncio.IncompleteReadError)):
        received(data)


def test_a_proxy_is_used_by_the_tolerant_client_too(tmp_path: Path) -> None:
    host = "http://www.gdfupin.org.cn"
    site = Site({host + path: ODD["a blank before the colon"](body) for path, body in BODIES.items()})
    with site.serve() as proxy:
        done = crawl(tmp_path, proxy=proxy, demo=False)
    assert (done.exit_code, len(done.lines("articles"))) == (0, 2), done.log


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"], ids=["at once", "after a 100"])
def test_headers_are_bounded_and_the_crawl_goes_on(
    before: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDFUPIN_RETRY_WAITS", "0.2,0.2,0.2")
    sent: list[int] = []

    def endless(write: Write) -> None:
        write(before + b"HTTP/1.1 200 OK\r\n")
        for number in range(3000):  # 30 MB
            write(b"".join(b"X-%d-%d: %s\r\n" % (number, each, b"x" * 1000) for each in range(10)))
            sent.append(10_000)

    names = list(BODIES)
    site = Site({path: raw(body, sized(body)) for path, body in BODIES.items()} | {names[-1]: endless})
    with site.serve() as url:
        done = crawl(tmp_path, "--start-url", url)
    assert (done.exit_code, len(done.lines("articles"))) == (1, 1), done.log
    assert sum(sent) / site.paths.count(names[-1]) < 10_000_000, "what the socket holds beside the limit"
