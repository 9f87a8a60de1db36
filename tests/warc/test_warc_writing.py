"""What we write: to the byte, to other tools, and back."""

import gzip
import hashlib
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdfupin_spider import __version__
from gdfupin_spider.errors import CannotWrite
from gdfupin_spider.items import Capture, Proof
from gdfupin_spider.warc import REVISIT_FROM, Exchange, WarcWriter, about, check, files, read, read_at

Page = Callable[..., Exchange]
Writing = Callable[..., WarcWriter]

LONG = b"<p>" + "扶贫要闻".encode("gb18030") * 300
VARIETY = [
    Exchange("http://g.cn/robots.txt", "2026-11-23T12:00:00Z", 404, (), b"", purpose="robots"),
    Exchange("http://g.cn/", "2026-11-23T12:00:01Z", 302, ((b"Location", b"/a/"),), b""),
    Exchange("http://g.cn/a/", "2026-11-23T12:00:02Z", 200, ((b"Content-Type", b"text/html"),), LONG),
    Exchange("http://g.cn/b/", "2026-11-23T12:00:03Z", 200, ((b"X-Copy", b"1"),), LONG, ip="127.0.0.1"),
    Exchange(
        "http://g.cn/list.asp?k=%B7%F6%C6%B6",
        "2026-11-23T12:00:04Z",
        200,
        (
            (b"Content-Disposition", "attachment; filename=扶贫.doc".encode("gb18030")),
            (b"Transfer-Encoding", b"chunked"),
        ),
        b"\xd0\xcf\x11\xe0",
        method="POST",
        request_headers=((b"User-Agent", b"gdfupin"), (b"Content-Length", b"8")),
        request_body=b"page=2&\xd6",
        purpose="media",
    ),
    Exchange("http://g.cn/z", "2026-11-23T12:00:05Z", 200, ((b"Content-Encoding", b"gzip"),), gzip.compress(LONG)),
    Exchange("http://g.cn/l", "2026-11-23T12:00:06Z", 200, ((b"Content-Length", b"99"),), b"abc", truncated="length"),
    Exchange("http://g.cn/t", "2026-11-23T12:00:06Z", 200, (), LONG, truncated="time"),
    Exchange("http://g.cn/d", "2026-11-23T12:00:06Z", 200, (), LONG, truncated="disconnect"),
    Exchange("http://g.cn/old", "2013-05-06T07:08:09Z", 200, (), b"old", origin="wayback"),
    Exchange("http://g.cn/304", "2026-11-23T12:00:07Z", 304, ((b"Content-Length", b"1234"), (b"ETag", b'"a"')), b""),
    Exchange("http://g.cn/odd", "2026-11-23T12:00:08Z", 599, (), b"odd"),
]


def write_all(writer: WarcWriter, exchanges: list[Exchange]) -> list[Capture]:
    captures = [writer.write(exchange) for exchange in exchanges]
    writer.close()
    return captures


def by_fastwarc(path: Path) -> list[tuple[str, str | None, int | None, tuple[tuple[bytes, bytes], ...], bytes]]:
    """Type, address, status, headers and payload of each response and revisit, as an independent reader sees them."""
    found = []
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest()
            if record.record_type in (WarcRecordType.response, WarcRecordType.revisit):
                record.parse_http()
                headers = record.http_headers
                found.append(
                    (
                        str(record.record_type),
                        record.headers.get("WARC-Target-URI"),
                        headers.status_code,
                        headers.items_bytes(),
                        record.reader.read(),
                    )
                )
    return found


def sha256_hex(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def test_a_file_is_written_to_the_byte_as_the_standard_says(writing: Writing, folder: Path, page: Page) -> None:
    writer = writing()
    writer.write(
        page("http://www.gdfupin.org.cn/show.asp?id=1", b"\xb7\xf6\xc6\xb6", request_headers=((b"User-Agent", b"g"),))
    )
    writer.close()
    warcinfo, exchange = gzip.decompress((folder / "capture-00000.warc.gz").read_bytes()).split(b"\r\n\r\n\r\n", 1)
    assert warcinfo.startswith(
        b"WARC/1.1\r\nWARC-Type: warcinfo\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        b"WARC-Date: 2026-11-23T12:00:00Z\r\nWARC-Filename: capture-00000.warc.gz\r\n"
    )
    assert f"\r\n\r\nsoftware: gdfupin_spider/{__version__}\r\nformat: WARC File Format 1.1\r\n".encode() in warcinfo
    assert warcinfo.endswith(
        b"\r\nisPartOf: 20261123T120000Z-live\r\nprofile: gdfupin\r\nrobots: obeyed software: evil"
    )
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n\xb7\xf6\xc6\xb6"
    request = b"GET /show.asp?id=1 HTTP/1.1\r\nHost: www.gdfupin.org.cn\r\nUser-Agent: g\r\n\r\n"
    assert exchange == (
        b"WARC/1.1\r\n"
        b"WARC-Type: response\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        b"WARC-Date: 2026-11-23T12:00:01Z\r\n"
        b"WARC-Target-URI: http://www.gdfupin.org.cn/show.asp?id=1\r\n"
        b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
        b"Gdfupin-Purpose: page\r\n"
        b"WARC-Payload-Digest: sha256:" + sha256_hex(b"\xb7\xf6\xc6\xb6") + b"\r\n"
        b"WARC-Block-Digest: sha256:" + sha256_hex(answer) + b"\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: 48\r\n"
        b"\r\n"
        b"" + answer + b"\r\n\r\n"
        b"WARC/1.1\r\n"
        b"WARC-Type: request\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
        b"WARC-Date: 2026-11-23T12:00:01Z\r\n"
        b"WARC-Target-URI: http://www.gdfupin.org.cn/show.asp?id=1\r\n"
        b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        b"WARC-Block-Digest: sha256:" + sha256_hex(request) + b"\r\n"
        b"Content-Type: application/http; msgtype=request\r\n"
        b"Content-Length: 72\r\n"
        b"\r\n"
        b"" + request + b"\r\n\r\n"
    )


def test_the_same_exchanges_written_twice_are_the_same_bytes(tmp_path: Path, page: Page) -> None:
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        writer = WarcWriter(
            tmp_path / name, "crawl", {}, now=lambda: datetime(2026, 11, 23, tzinfo=UTC), new_id=lambda: "<urn:uuid:1>"
        )
        write_all(writer, VARIETY)
        written.append((tmp_path / name / "capture-00000.warc.gz").read_bytes())
    assert written[0] == written[1]


def test_what_is_written_is_read_back_in_order_and_at_random(writing: Writing, folder: Path) -> None:
    captures = write_all(writing(), VARIETY)
    assert list(read(folder, strict=True)) == captures
    assert list(read(folder / "capture-00000.warc.gz", strict=True)) == captures
    for capture in reversed(captures):
        assert read_at(folder.parent / capture.proof.warc, capture.proof.offset) == capture
    for capture, exchange in zip(captures, VARIETY, strict=True):
        assert (capture.url, capture.captured_at, capture.status, capture.payload) == (
            exchange.url,
            exchange.captured_at,
            exchange.status,
            exchange.payload,
        )
        assert (capture.method, capture.request_body, capture.origin, capture.truncated, capture.purpose) == (
            exchange.method,
            exchange.request_body,
            exchange.origin,
            exchange.truncated,
            exchange.purpose,
        )


def test_warcio_checks_and_an_independent_reader_reads_every_record(writing: Writing, folder: Path) -> None:
    captures = write_all(writing(), VARIETY)
    (path,) = files(folder)
    warcio = [sys.executable, "-c", "from warcio.cli import main; main()", "check", "-v", str(path)]
    checked = subprocess.run(warcio, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.count("digest pass") == 2 * len(VARIETY)  # warcinfo, all requests, all but one response
    assert checked.stdout.count("not checked (revisit)") == 1
    assert not checked.stderr
    assert check(path) == []
    seen = by_fastwarc(path)
    assert [kind for kind, *_ in seen].count("revisit") == 1
    for (kind, url, status, headers, payload), capture in zip(seen, captures, strict=True):
        assert (url, status) == (capture.url, capture.status)
        assert headers == tuple((n.encode("latin-1"), v.encode("latin-1")) for n, v in capture.headers)
        assert payload == (b"" if kind == "revisit" else capture.payload)


def test_header_bytes_that_are_not_ascii_survive(writing: Writing, folder: Path, page: Page) -> None:
    name = "attachment; filename=扶贫.doc".encode("gb18030")
    writing().write(page(headers=((b"Content-Disposition", name), (b"X-\xb7\xf6", b"\xff\xfe"))))
    (capture,) = read(folder)
    assert capture.headers == (("Content-Disposition", name.decode("latin-1")), ("X-\xb7\xf6", "\xff\xfe"))


@pytest.mark.parametrize(
    ("sent", "payload", "stored"),
    [
        ((("Content-Length", "3"),), b"abc", (("Content-Length", "3"),)),
        ((), b"abc", ()),
        ((("Content-Length", "9"),), b"abc", (("X-Crawler-Content-Length", "9"), ("Content-Length", "3"))),
        (
            (("Content-Length", "3"), ("content-length", "3")),
            b"abc",
            (("Content-Length", "3"), ("X-Crawler-Content-Length", "3")),
        ),
        ((("TRANSFER-ENCODING", "chunked"),), b"abc", (("X-Crawler-Transfer-Encoding", "chunked"),)),
        ((("Content-Encoding", "gzip"),), b"abc", (("Content-Encoding", "gzip"),)),
    ],
)
def test_the_header_block_is_true_to_the_stored_body_and_nothing_is_lost(
    writing: Writing, page: Page, sent: tuple[tuple[str, str], ...], payload: bytes, stored: tuple[tuple[str, str], ...]
) -> None:
    headers = tuple((name.encode(), value.encode()) for name, value in sent)
    assert writing().write(page(payload=payload, headers=headers)).headers == stored


def test_an_answer_without_a_body_gets_no_length_of_zero(writing: Writing, page: Page) -> None:
    writer = writing()
    wrong = ((b"Content-Length", b"1234"),)
    for exchange in (page(status=304, headers=wrong, payload=b""), page(method="HEAD", headers=wrong, payload=b"")):
        assert writer.write(exchange).headers == (("X-Crawler-Content-Length", "1234"),)


def test_line_ends_never_reach_a_header_line(writing: Writing, folder: Path, page: Page) -> None:
    writing().write(
        page(
            "http://g.cn/a b\r\nWARC-Type: evil\0",
            headers=((b"A", b"1\r\nB: 2\0"), (b"C\r\nD: 3", b"4"), (b"", b"5"), (b" E:", b" 6 ")),
            request_headers=((b"X", b"1\r\n\r\nsmuggled"),),
            ip="127.0.0.1\r\nWARC-Type: evil",
        )
    )
    (capture,) = read(folder, strict=True)
    assert capture.url == "http://g.cn/a%20b%0D%0AWARC-Type:%20evil%00"
    assert capture.headers == (("A", "1  B: 2"), ("C__D__3", "4"), ("_", "5"), ("_E_", "6"))
    assert capture.request_body == b""
    assert b"\nWARC-Type: evil" not in gzip.decompress(files(folder)[0].read_bytes())


def test_credentials_of_a_request_are_not_stored(writing: Writing, folder: Path, page: Page) -> None:
    secret = ((b"Proxy-Authorization", b"Basic c2VjcmV0"), (b"authorization", b"Basic c2VjcmV0"), (b"Accept", b"*/*"))
    writing().write(page("http://user:secret@g.cn:81?q#f", request_headers=secret))
    written = gzip.decompress(files(folder)[0].read_bytes())
    assert b"c2VjcmV0" not in written
    assert b"GET /?q HTTP/1.1\r\nHost: g.cn:81\r\nAccept: */*\r\n\r\n" in written


def test_an_identical_payload_is_a_revisit_that_refers_within_the_crawl(
    writing: Writing, folder: Path, page: Page
) -> None:
    writer = writing()
    first = writer.write(page("http://g.cn/1", LONG))
    second = writer.write(page("http://g.cn/2", LONG, captured_at="2026-11-23T12:00:09Z", headers=((b"N", b"2"),)))
    writer.close()
    assert second.payload == first.payload
    assert second.headers == (("N", "2"),)
    written = gzip.decompress(files(folder)[0].read_bytes())
    assert written.count(LONG) == 1
    assert (
        b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
        b"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        b"WARC-Refers-To-Target-URI: http://g.cn/1\r\n"
        b"WARC-Refers-To-Date: 2026-11-23T12:00:01Z\r\n"
        b"Gdfupin-Refers-To: capture-00000.warc.gz %d\r\n" % first.proof.offset
    ) in written
    assert list(read(folder, strict=True)) == [first, second]


def test_small_empty_and_cut_off_payloads_are_stored_each_time(writing: Writing, folder: Path, page: Page) -> None:
    small = b"s" * (REVISIT_FROM - 1)
    exchanges = [page(payload=payload) for payload in (b"", b"", small, small)]
    exchanges += [page(payload=LONG, truncated="time"), page(payload=LONG), page(payload=LONG, truncated="time")]
    write_all(writing(), exchanges)
    assert b"revisit\r\n" not in gzip.decompress(files(folder)[0].read_bytes())


def test_a_payload_whose_first_record_was_taken_away_is_stored_once_more(
    writing: Writing, folder: Path, page: Page
) -> None:
    writer = writing()
    writer.write(page("http://g.cn/1", LONG))
    path = writer.path
    path.write_bytes(b"\0" * path.stat().st_size)
    again = writer.write(page("http://g.cn/2", LONG))
    assert read_at(path, again.proof.offset) == again


def test_a_full_file_is_followed_by_the_next_and_no_exchange_is_parted(
    writing: Writing, folder: Path, page: Page
) -> None:
    exchanges = [page(f"http://g.cn/{number}", bytes([number]) * 3000 + LONG) for number in range(20)]
    exchanges += [page("http://g.cn/again", exchanges[0].payload)]
    captures = write_all(writing(max_bytes=5000), exchanges)
    names = [path.name for path in files(folder)]
    assert len(names) > 2
    assert names == [f"capture-{number:05}.warc.gz" for number in range(len(names))]
    assert {capture.proof.warc for capture in captures} == {f"{folder.name}/{name}" for name in names}
    assert all(path.stat().st_size <= 5000 for path in files(folder))
    assert check(folder) == []
    assert list(read(folder, strict=True)) == captures
    assert [capture for path in files(folder) for capture in read(path, strict=True)] == captures
    for path in files(folder):
        with path.open("rb") as stream:
            first = next(iter(ArchiveIterator(stream)))
        assert first.headers["WARC-Filename"] == path.name


def test_an_exchange_larger_than_a_file_has_a_file_of_its_own(writing: Writing, folder: Path, page: Page) -> None:
    noise = random.Random(1).randbytes(9000)
    captures = write_all(writing(max_bytes=2000), [page(payload=noise), page(payload=noise[::-1])])
    names = [f"{folder.name}/capture-{number:05}.warc.gz" for number in range(2)]
    assert [capture.proof.warc for capture in captures] == names


def test_a_file_says_what_wrote_it_and_how(writing: Writing, folder: Path, tmp_path: Path) -> None:
    write_all(writing(), [])
    result = about(files(folder)[0])
    assert result["isPartOf"] == folder.name
    assert result["profile"] == "gdfupin"
    assert "rebuilt, not as received" in result["http-headers"]
    assert "stored de-chunked without Transfer-Encoding" in result["http-payloads"]
    (tmp_path / "empty.warc").touch()
    assert about(tmp_path / "empty.warc") == {}


def test_an_existing_file_is_never_written_over(folder: Path) -> None:
    (folder / "capture-00000.warc.gz").write_bytes(b"precious")
    with pytest.raises(CannotWrite, match=r"capture-00000\.warc\.gz: File exists"):
        WarcWriter(folder, folder.name, {})
    assert (folder / "capture-00000.warc.gz").read_bytes() == b"precious"


def test_sync_reaches_what_a_line_refers_to_and_no_further(
    writing: Writing, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr("gdfupin_spider.warc.writer.os.fsync", synced.append)
    writer = writing()
    first = writer.write(page())
    writer.sync(first.proof)
    assert len(synced) == 2  # the file, and once its folder
    second = writer.write(page())
    writer.sync(first.proof)
    writer.sync(Proof("another/capture-00000.warc.gz", 0, ""))
    assert len(synced) == 2
    writer.sync(second.proof)
    writer.sync()
    assert len(synced) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("captured_at", "2026-11-23"), ("captured_at", "now"), ("status", 0), ("status", 2000), ("method", "get it")],
)
def test_an_exchange_that_could_not_be_a_record_is_refused(page: Page, field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        page(**{field: value})


def test_a_closed_writer_refuses_and_closes_again_without_complaint(writing: Writing, page: Page) -> None:
    writer = writing()
    writer.close()
    writer.close()
    with pytest.raises(CannotWrite, match="the file is closed"):
        writer.write(page())


header_bytes = st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=30)), max_size=6).map(tuple)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    urls=st.lists(st.text(max_size=30), min_size=1, max_size=3),
    headers=header_bytes,
    request_headers=header_bytes,
    payload=st.binary(max_size=200),
    body=st.binary(max_size=50),
    status=st.integers(100, 999),
)
def test_whatever_a_server_sends_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    urls: list[str],
    headers: tuple[tuple[bytes, bytes], ...],
    request_headers: tuple[tuple[bytes, bytes], ...],
    payload: bytes,
    body: bytes,
    status: int,
) -> None:
    folder = tmp_path_factory.mktemp("crawl")
    exchanges = [
        Exchange(
            f"http://g.cn/{url}",
            "2026-11-23T12:00:01Z",
            status,
            headers,
            payload * (1 + 9 * (len(url) % 2)),
            method="POST",
            request_headers=request_headers,
            request_body=body,
        )
        for url in urls
    ]
    captures = write_all(WarcWriter(folder, folder.name, {}), exchanges)
    assert list(read(folder, strict=True)) == captures
    assert check(folder) == []
    for exchange, capture in zip(exchanges, captures, strict=True):
        assert (capture.payload, capture.request_body) == (exchange.payload, body)
        assert len(capture.headers) - len(headers) in (0, 1)
        assert read_at(folder / "capture-00000.warc.gz", capture.proof.offset) == capture
    seen = by_fastwarc(folder / "capture-00000.warc.gz")
    assert [(url, code) for _, url, code, _, _ in seen] == [(capture.url, status) for capture in captures]
    assert [seen_payload for kind, *_, seen_payload in seen if kind == "response"] == [
        capture.payload for (kind, *_), capture in zip(seen, captures, strict=True) if kind == "response"
    ]
