"""Rows of capture indexes in each dialect, and what is wrong with some of them."""

import json
from collections.abc import Sequence

import pytest

from gdfupin_spider.sources.archives.cdx_rows import IndexRow, NotAnIndex, RowFaults, cdxj_rows, wayback_rows
from tests.web_archive import NAMES

DIGEST = "B2LTWWPUOYAH7UIPQ7ZUPQ4VMBSVC36A"
ROW = ["cn,a)/1.htm", "20130501000000", "http://www.a.cn:80/1.htm", "text/html", "200", DIGEST, "1234"]


def body(*rows: Sequence[str]) -> bytes:
    return json.dumps([list(NAMES), *rows]).encode()


def test_the_array_of_the_wayback_machine_has_names_rows_and_a_resume_key() -> None:
    faults = RowFaults()
    [row], key = wayback_rows(body(ROW, [], ["cn,a)/2.htm 20130501000001"]), faults)
    assert row == IndexRow(
        "cn,a)/1.htm", "20130501000000", "http://www.a.cn/1.htm", "text/html", 200, DIGEST, length=1234
    )
    assert row.captured_at == "2013-05-01T00:00:00Z"
    assert key == "cn,a)/2.htm 20130501000001"
    assert wayback_rows(body(ROW), faults)[1] is None
    assert wayback_rows(b"[]", faults) == wayback_rows(b"\n", faults) == ([], None)


def test_equal_neighbours_are_one_row_and_broken_rows_are_counted_and_shown() -> None:
    faults = RowFaults()
    rows, _ = wayback_rows(
        body(ROW, ROW, ["cn,a)/"], [*ROW[:1], "2013", *ROW[2:]], [*ROW[:2], "dns:www.a.cn", *ROW[3:]], ROW), faults
    )
    assert len(rows) == 1
    assert faults.repeated == 2
    assert faults.malformed == {"number of fields": 1, "timestamp": 1, "address": 1}
    assert faults.examples[1].startswith("timestamp: ")


def test_a_revisit_has_no_status_and_a_broken_digest_is_none() -> None:
    rows, _ = wayback_rows(body([*ROW[:3], "warc/revisit", "-", DIGEST, "0"], [*ROW[:5], "-", "-"]), RowFaults())
    assert [(row.status, row.digest, row.length) for row in rows] == [(None, DIGEST, 0), (200, "", None)]


@pytest.mark.parametrize("answer", [b"<html>Sorry</html>", b'{"error": "x"}', b"[[1"])
def test_what_is_no_index_is_refused(answer: bytes) -> None:
    with pytest.raises(NotAnIndex):
        wayback_rows(answer, RowFaults())


def test_lines_of_pywb_and_of_common_crawl_are_the_same_rows() -> None:
    fields = {"url": "https://a.cn:443/1.htm", "mime": "text/html", "status": "200", "digest": f"sha1:{DIGEST}",
              "length": "900", "offset": "12", "filename": "crawl-data/x.warc.gz", "truncated": "length"}  # fmt: skip
    lines = [
        json.dumps({"urlkey": "cn,a)/1.htm", "timestamp": "20130501000000", **fields}),
        f"cn,a)/2.htm 20130501000000 {json.dumps(fields)}",
        "cn,a)/3.htm 20130501000000 {",
        "",
    ]
    faults = RowFaults()
    one, two = cdxj_rows(lines, faults)
    assert (one.urlkey, two.urlkey) == ("cn,a)/1.htm", "cn,a)/2.htm")
    for row in (one, two):
        assert (row.url, row.digest, row.offset, row.length) == ("https://a.cn/1.htm", DIGEST, 12, 900)
        assert (row.filename, row.truncated) == ("crawl-data/x.warc.gz", "length")
    assert faults.malformed == {"no JSON": 1}
