"""What other tools write: read as far as it is an exchange, passed over by name where it is not."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter as OtherWriter

from gdfupin_spider.errors import ArchiveError, DamagedRecord
from gdfupin_spider.warc import Damage, Exchange, WarcWriter, check, read, read_at

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>page</p>"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6;x=y\r\n<p>pag\r\n5\r\ne</p>\r\n0\r\n\r\n"


def record(kind: str, block: bytes, url: str = "http://g.cn/", **fields: str) -> bytes:
    """A record as some tool may write it; `WARC_Date` for WARC-Date."""
    known = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": "2013-05-06T07:08:09Z"}
    known |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}\r\n" for name, value in known.items() if value]
    return b"WARC/1.0\r\n%b" % "".join(lines).encode() + b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(block), block)


def store(folder: Path, *records: bytes, name: str = "other.warc.gz") -> Path:
    path = folder / name
    join = [gzip.compress(one) for one in records] if name.endswith(".gz") else list(records)
    path.write_bytes(b"".join(join))
    return path


def by_another_tool(path: Path) -> None:
    """Response, request, metadata and resource, as warcio writes them; the body chunked as it came."""
    with path.open("wb") as out:
        other = OtherWriter(out, gzip=path.name.endswith(".gz"))
        other.write_record(other.create_warcinfo_record(path.name, {"software": "other"}))
        response = other.create_warc_record("http://g.cn/a", "response", io.BytesIO(CHUNKED), len(CHUNKED))
        posted = StatusAndHeaders("POST /a HTTP/1.1", [("Host", "g.cn")], is_http_request=True)
        request = other.create_warc_record(
            "http://g.cn/a", "request", io.BytesIO(b"page=2"), length=6, http_headers=posted
        )
        other.write_request_response_pair(request, response)
        for kind in ("metadata", "resource"):
            other.write_record(other.create_warc_record("http://g.cn/x", kind, io.BytesIO(b"{}"), 2))


@pytest.mark.parametrize("name", ["other.warc.gz", "other.warc"])
def test_a_warc_of_another_tool_gives_its_exchanges(tmp_path: Path, name: str) -> None:
    by_another_tool(tmp_path / name)
    (capture,) = read(tmp_path / name, strict=True)
    assert (capture.url, capture.status, capture.payload) == ("http://g.cn/a", 200, b"<p>page</p>")
    assert (capture.method, capture.request_body, capture.origin, capture.purpose) == (
        "POST",
        b"page=2",
        "warc",
        "page",
    )
    assert capture.header("transfer-encoding") == "chunked"
    assert capture.proof.warc == f"{tmp_path.name}/{name}"
    assert capture.proof.payload_sha256 == hashlib.sha256(b"<p>page</p>").hexdigest()
    assert read_at(tmp_path / name, capture.proof.offset) == capture
    assert check(tmp_path / name) == []


def test_a_capture_of_another_tool_can_be_kept_as_ours(tmp_path: Path) -> None:
    by_another_tool(tmp_path / "other.warc.gz")
    (theirs,) = read(tmp_path / "other.warc.gz")
    headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in theirs.headers)
    (tmp_path / "ours").mkdir()
    writer = WarcWriter(tmp_path / "ours", "ours", {})
    ours = writer.write(
        Exchange(theirs.url, theirs.captured_at, theirs.status, headers, theirs.payload, origin="warc", method="POST")
    )
    writer.close()
    assert ours.headers == (("X-Crawler-Transfer-Encoding", "chunked"),)
    assert (ours.payload, ours.captured_at, ours.origin) == (theirs.payload, theirs.captured_at, "warc")
    assert list(read(tmp_path / "ours", strict=True)) == [ours]


def test_a_request_before_its_response_is_found_as_well(tmp_path: Path) -> None:
    post = b"POST / HTTP/1.1\r\nHost: g.cn\r\n\r\na=1"
    path = store(
        tmp_path,
        record("request", post, WARC_Record_ID="<urn:uuid:1>"),
        record("response", PAGE, WARC_Concurrent_To="<urn:uuid:1>"),
        record("request", post, "http://g.cn/other"),
        record("response", PAGE),
    )
    assert [(capture.method, capture.request_body) for capture in read(path, strict=True)] == [
        ("POST", b"a=1"),
        ("GET", b""),
    ]


def test_a_request_without_any_id_belongs_to_the_same_address_and_date(tmp_path: Path) -> None:
    post = b"POST / HTTP/1.1\r\nHost: g.cn\r\n\r\na=1"
    path = store(tmp_path, record("response", PAGE), record("request", post))
    assert [capture.method for capture in read(path, strict=True)] == ["POST"]


@pytest.mark.parametrize(
    ("block", "payload"),
    [
        (CHUNKED, b"<p>page</p>"),
        *((CHUNKED[:-cut], b"<p>page</p>") for cut in range(1, 8)),
        (CHUNKED[:-9], b"<p>page</"),
        *((CHUNKED[:-cut], b"<p>pag") for cut in range(12, 18)),
        (CHUNKED.replace(b"5\r\n", b"4\r\n"), None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>not chunked in truth</p>", None),
        (b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>bare line ends</p>", b"<p>bare line ends</p>"),
        (b"HTTP/1.0 200\r\n\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", b""),
        (b"HTTP/1.1 200 OK\r\nX: a\r\n b\r\nno colon\r\n\r\nfolded", b"folded"),
    ],
)
def test_bodies_come_out_as_the_page_was(tmp_path: Path, block: bytes, payload: bytes | None) -> None:
    (capture,) = read(store(tmp_path, record("response", block)), strict=True)
    assert capture.payload == (payload if payload is not None else block.partition(b"\r\n\r\n")[2])


def test_a_folded_header_is_one_header(tmp_path: Path) -> None:
    block = b"HTTP/1.1 200 OK\r\nX: a\r\n\t b\r\nY:\r\n c\r\n\r\n"
    (capture,) = read(store(tmp_path, record("response", block)))
    assert capture.headers == (("X", "a b"), ("Y", "c"))


@pytest.mark.parametrize(
    ("date", "captured_at"),
    [
        ("2013-05-06T07:08:09.123456Z", "2013-05-06T07:08:09Z"),
        ("2013-05-06T07:08Z", "2013-05-06T07:08:00Z"),
        ("2013-05", "2013-05-01T00:00:00Z"),
        ("2013", "2013-01-01T00:00:00Z"),
    ],
)
def test_dates_of_every_precision_become_seconds(tmp_path: Path, date: str, captured_at: str) -> None:
    (capture,) = read(store(tmp_path, record("response", PAGE, WARC_Date=date)))
    assert capture.captured_at == captured_at


def test_what_is_no_http_exchange_is_passed_over_in_silence(tmp_path: Path) -> None:
    path = store(
        tmp_path,
        record("resource", b"text"),
        record("conversion", b"text"),
        record("metadata", b"a: b"),
        record("response", b"1.2.3.4", "dns:g.cn"),
        record("response", PAGE, "<http://g.cn/wget>"),
        record("response", PAGE, "http://g.cn/robots.txt"),
    )
    captures = list(read(path, strict=True))
    assert [(capture.url, capture.purpose) for capture in captures] == [
        ("http://g.cn/wget", "page"),
        ("http://g.cn/robots.txt", "robots"),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (record("response", b"<html>HTTP/0.9</html>"), "no HTTP status line: b'<html>HTTP/0.9</html>'"),
        (record("response", b""), "no HTTP status line: b''"),
        (record("response", PAGE, WARC_Date="yesterday"), "WARC-Date is 'yesterday'"),
        (record("response", PAGE, WARC_Segment_Number="1"), "the record is one segment of several"),
        (record("revisit", PAGE[:-11]), "the payload this revisit refers to is not in its folder"),
        (b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n", "Content-Length is 'x'"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "Content-Length is None"),
        (b"WARC/9.9\r\n\r\n", "no WARC record: Invalid WARC record, first line: WARC/9.9"),
        (b"", "no WARC record: it is empty"),
        (record("response", PAGE)[:-12], "the record says 55 bytes and has 47"),
        (record("metadata", b"") * 2, "more than one record in a gzip member"),
    ],
)
def test_an_odd_record_is_named_and_the_next_is_read(tmp_path: Path, bad: bytes, reason: str) -> None:
    path = store(tmp_path, record("metadata", b""), bad, record("response", PAGE, "http://g.cn/next"))
    damages: list[Damage] = []
    assert [capture.url for capture in read(path, damages.append)] == ["http://g.cn/next"]
    (damage,) = damages
    assert (damage.path, damage.offset) == (path, len(gzip.compress(record("metadata", b""))))
    assert damage.reason.strip().startswith(reason)
    assert not damage.tail
    assert check(path) == damages
    with pytest.raises(DamagedRecord):
        list(read(path, strict=True))


def test_damage_nobody_asked_for_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = store(tmp_path, record("response", b"junk"))
    assert list(read(path)) == []
    assert f"{path} at byte 0: no HTTP status line: b'junk'; passed over" in caplog.text


def test_a_revisit_of_another_tool_finds_its_payload_by_digest_or_by_address_and_date(tmp_path: Path) -> None:
    sha1 = "sha1:" + hashlib.sha1(b"<p>page</p>").hexdigest()
    store(tmp_path, record("response", PAGE, "http://g.cn/before"), name="earlier.warc")
    path = store(
        tmp_path,
        record("response", PAGE, WARC_Payload_Digest=sha1),
        record("revisit", PAGE[:-11], "http://g.cn/1", WARC_Payload_Digest=sha1.upper().replace("SHA1", "sha1")),
        record(
            "revisit",
            b"",
            "http://g.cn/2",
            WARC_Refers_To_Target_URI="http://g.cn/before",
            WARC_Refers_To_Date="2013-05-06T07:08:09Z",
        ),
        record(
            "revisit",
            b"HTTP/1.1 200 OK\r\n\r\n",
            "http://g.cn/3",
            WARC_Refers_To_Target_URI="http://g.cn/before",
            WARC_Refers_To_Date="2013-05-06T07:08:09Z",
            WARC_Payload_Digest="sha1:" + "0" * 40,
        ),
    )
    damages: list[Damage] = []
    captures = list(read(path, damages.append))
    assert [(capture.url, capture.payload) for capture in captures] == [
        ("http://g.cn/", b"<p>page</p>"),
        ("http://g.cn/1", b"<p>page</p>"),
        ("http://g.cn/2", b"<p>page</p>"),
    ]
    assert captures[2].status == 200, "of the original, as the record has no head"
    assert [damage.reason for damage in damages] == [
        "the payload this revisit refers to is not in its folder",
    ]


def test_a_not_modified_revisit_is_a_304(tmp_path: Path) -> None:
    profile = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
    path = store(tmp_path, record("revisit", b"HTTP/1.1 304 Not Modified\r\n\r\n", WARC_Profile=profile))
    assert [(capture.status, capture.payload) for capture in read(path, strict=True)] == [(304, b"")]


def test_a_revisit_that_points_outside_its_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    store(tmp_path, record("response", PAGE), name="secret.warc")
    path = store(
        tmp_path / "in", record("revisit", PAGE[:-11], Gdfupin_Purpose="page", Gdfupin_Refers_To="../secret.warc 0")
    )
    damages: list[Damage] = []
    assert list(read(path, damages.append)) == []
    assert len(damages) == 1


@pytest.mark.parametrize(
    ("field", "value", "good"),
    [
        ("WARC_Block_Digest", "sha1:" + hashlib.sha1(CHUNKED).hexdigest(), True),
        ("WARC_Payload_Digest", "sha256:" + hashlib.sha256(b"<p>page</p>").hexdigest(), True),
        ("WARC_Payload_Digest", "md5:" + hashlib.md5(CHUNKED.partition(b"\r\n\r\n")[2]).hexdigest(), True),
        ("WARC_Payload_Digest", "crc32:00", True),
        ("WARC_Block_Digest", "sha1:" + "0" * 40, False),
        ("WARC_Payload_Digest", "sha1:nonsense!", False),
    ],
)
def test_digests_of_other_tools_are_checked_in_every_spelling(
    tmp_path: Path, field: str, value: str, good: bool
) -> None:
    path = store(tmp_path, record("response", CHUNKED, **{field: value}))
    assert (check(path) == []) is good


def test_a_payload_that_does_not_match_our_digest_is_not_trusted(
    writing: Callable[..., WarcWriter], page: Callable[..., Exchange], folder: Path
) -> None:
    writer = writing()
    capture = writer.write(page(payload=b"true"))
    writer.close()
    whole = writer.path.read_bytes()
    start = capture.proof.offset
    unzip = zlib.decompressobj(31)
    forged = unzip.decompress(whole[start:]).replace(b"\r\n\r\ntrue", b"\r\n\r\nfals")
    writer.path.write_bytes(whole[:start] + gzip.compress(forged) + unzip.unused_data)
    damages: list[Damage] = []
    assert list(read(writer.path, damages.append)) == []
    assert [damage.reason for damage in damages] == ["the payload digest does not hold"]
    (damage,) = check(writer.path)
    assert damage.offset == start
    with pytest.raises(DamagedRecord, match=f"at byte {start}: the payload digest does not hold"):
        read_at(writer.path, start)


def test_a_place_that_is_no_response_is_named(
    writing: Callable[..., WarcWriter], page: Callable[..., Exchange]
) -> None:
    writer = writing()
    capture = writer.write(page())
    writer.close()
    for offset, reason in [
        (0, "warcinfo is no response"),
        (capture.proof.offset + 1, "no gzip member begins here"),
        (writer.path.stat().st_size, "the file ends within a gzip member"),
    ]:
        with pytest.raises(DamagedRecord, match=reason):
            read_at(writer.path, offset)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"none\.warc\.gz: No such file"):
        list(read(tmp_path / "none.warc.gz"))
    with pytest.raises(ArchiveError, match=r"none\.warc\.gz: No such file"):
        read_at(tmp_path / "none.warc.gz", 0)
