"""What an archive answers to a request for one capture: the capture with proof, or the reason why it is not available."""

import gzip
from dataclasses import replace

import pytest

from gdfupin_spider.sources.archives.cdx_rows import IndexRow
from gdfupin_spider.sources.archives.client import Answer
from gdfupin_spider.sources.archives.memento import Refusal, exchange_of
from gdfupin_spider.sources.held import sha1_of
from gdfupin_spider.warc import Exchange

BODY = b"<html><p>\xb7\xf6\xc6\xb6</p></html>"
ROW = IndexRow(
    "cn,a)/show.asp?id=1", "20130501000000", "http://www.a.cn/show.asp?id=1", "text/html", 200, sha1_of(BODY)
)
REPLAY = "https://web.archive.org/web/20130501000000id_/http://www.a.cn/show.asp?id=1"
HEADERS = {
    "Memento-Datetime": "Wed, 01 May 2013 00:00:00 GMT",
    "Link": '<http://www.a.cn:80/Show.asp?ID=1>; rel="original", <https://x/>; rel="timemap"; type="application/link-format"',
    "X-Archive-Src": "item/file.warc.gz",
    "Content-Type": "text/html",
    "Content-Encoding": "",
    "Server": "nginx",
    "X-Archive-Orig-content-type": "text/html; charset=gb2312",
    "X-Archive-Orig-x-powered-by": "ASP.NET",
}


def answer(status: int = 200, body: bytes = BODY, without: str = "", **headers: str) -> Answer:
    named = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Answer(REPLAY, status, tuple((name, value) for name, value in named.items() if name != without), body)


def taken(given: Answer, row: IndexRow = ROW) -> Exchange:
    exchange = exchange_of(row, given, "wayback", REPLAY)
    assert isinstance(exchange, Exchange), exchange
    return exchange


def refused(given: Answer, row: IndexRow = ROW) -> Refusal:
    refusal = exchange_of(row, given, "wayback", REPLAY)
    assert isinstance(refusal, Refusal)
    return refusal


def test_a_capture_has_the_address_time_status_and_headers_of_the_original() -> None:
    exchange = taken(answer())
    assert (exchange.url, exchange.captured_at, exchange.status) == (
        "http://www.a.cn/Show.asp?ID=1", "2013-05-01T00:00:00Z", 200,
    )  # fmt: skip
    assert exchange.headers == ((b"content-type", b"text/html; charset=gb2312"), (b"x-powered-by", b"ASP.NET"))
    assert (exchange.payload, exchange.origin, exchange.purpose) == (BODY, "wayback", "page")
    assert (exchange.source_uri, exchange.source_note) == (REPLAY, "item/file.warc.gz")


def test_a_redirect_keeps_where_it_leads() -> None:
    row = replace(ROW, status=302, digest=sha1_of(b""))
    location = "/web/20130501000000id_/http://www.a.cn/new.htm"
    own = taken(answer(302, b"", Location=location), row)
    assert dict(own.headers)[b"Location"] == b"http://www.a.cn/new.htm"
    original = taken(answer(302, b"", Location=location, X_Archive_Orig_location="new.htm"), row)
    assert dict(original.headers)[b"location"] == b"new.htm"


def test_an_archived_404_is_a_capture_and_an_archived_403_is_no_content() -> None:
    assert taken(answer(404)).status == 404
    for status in (403, 429, 500, 503):
        assert refused(answer(status)).reason == "no-content"


def test_bytes_that_are_not_those_of_the_index_are_refused() -> None:
    assert refused(answer(body=BODY + b"<!-- toolbar -->")).reason == "mismatch"
    assert taken(answer(body=BODY + b"x"), replace(ROW, digest="")).source_note == (
        "item/file.warc.gz; the index has no digest"
    )


def test_compression_that_the_archive_added_is_taken_off_and_that_of_the_site_is_kept() -> None:
    packed = gzip.compress(BODY, mtime=0)
    assert taken(answer(body=packed, Content_Encoding="gzip")).payload == BODY
    assert taken(answer(body=packed, Content_Encoding="gzip"), replace(ROW, digest=sha1_of(packed))).payload == packed


def test_another_address_or_another_time_is_not_the_capture() -> None:
    assert refused(answer(Link='<http://b.cn/show.asp?id=1>; rel="original"')).reason == "mismatch"
    assert refused(answer(Link='<http://www.a.cn/show.asp?id=2>; rel="original"')).reason == "mismatch"
    nearest = refused(answer(Memento_Datetime="Thu, 02 May 2013 00:00:00 GMT"))
    assert (nearest.reason, nearest.nearest) == ("nearest", "20130502000000")


@pytest.mark.parametrize("location", [
    "https://web.archive.org/web/20131224000000id_/http://www.a.cn/show.asp?id=1",
    "/web/20131224000000id_/http%3A//www.a.cn/show.asp?id=1",
])  # fmt: skip
def test_a_redirect_of_the_archive_itself_offers_the_nearest_capture(location: str) -> None:
    refusal = refused(answer(302, b"", "Memento-Datetime", Location=location))
    assert (refusal.reason, refusal.nearest) == ("nearest", "20131224000000")


@pytest.mark.parametrize(("status", "error", "reason"), [
    (403, "AdministrativeAccessControlException: Blocked Site Error", "withheld"),
    (403, "RobotAccessControlException: Blocked By Robots", "withheld"),
    (404, "ResourceNotAvailableException", "missing"),
    (404, "", "missing"),
    (200, "", "failed"),
    (500, "", "failed"),
])  # fmt: skip
def test_withheld_missing_and_failed_are_told_apart(status: int, error: str, reason: str) -> None:
    given = answer(status, b"", "Memento-Datetime", X_Archive_Wayback_Runtime_Error=error)
    assert refused(given).reason == reason


def test_a_time_that_is_none_is_a_failure() -> None:
    assert refused(answer(Memento_Datetime="yesterday")).reason == "failed"
