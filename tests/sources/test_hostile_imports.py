"""Files of strangers are imported as data: what is impossible or damaged is a named loss, and the rest is taken."""

import gzip
import json
import os
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from gdfupin_spider import profiles
from gdfupin_spider.errors import WrongArgument
from gdfupin_spider.sources import files
from gdfupin_spider.sources.imports import Imported, import_paths

from .other_programs import Page, as_arc, as_wacz, members, written_by_warcio

PROFILE = profiles.load("gdfupin")
SITE = "http://www.gdfupin.org.cn/"
HTML = "<html><title>扶贫</title><p>扶贫工作".encode()
LATER = "2014-01-01T00:00:00Z"
LONG_LENGTH = b"9" * 5000


def record(
    path: str = "a.asp", *, date: str = "2013-05-06T07:08:09Z", fields: str = "", kind: str = "text/html"
) -> bytes:
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + HTML
    url = path if "://" in path else SITE + path
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{path}>\r\nWARC-Date: {date}\r\nWARC-Target-URI: {url}\r\n"
    return f"{head}{fields}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def lying(content: bytes) -> bytes:
    """The record with a Content-Length of thousands of digits."""
    before, name, after = content.partition(b"Content-Length: ")
    return before + name + LONG_LENGTH + after[after.index(b"\r\n") :]


def taken(tmp_path: Path, name: str, content: bytes) -> Imported:
    (tmp_path / name).write_bytes(content)
    return import_paths(tmp_path / "output", PROFILE, (tmp_path / name,))


def dates(tmp_path: Path) -> list[str]:
    return [
        json.loads(line)["captured_at"]
        for path in tmp_path.glob("output/crawls/*/pages.jsonl")
        for line in path.read_text().splitlines()
    ]


@pytest.mark.parametrize(
    "date", ["0001-01-01T00:00:00Z", "2013-02-30T00:00:00Z", "2013-13-45T99:99:99Z", "9999-12-31T23:59:59Z"]
)
def test_a_date_that_no_capture_has_is_a_loss(date: str, tmp_path: Path) -> None:
    done = taken(tmp_path, "a.warc.gz", gzip.compress(record(date=date)) + gzip.compress(record("b.asp")))
    assert (done.taken.captures, len(done.tally.losses)) == (1, 1)
    assert date in done.tally.losses[0].evidence
    assert dates(tmp_path) == ["2013-05-06T07:08:09Z"]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_length_of_thousands_of_digits_costs_its_record(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    done = taken(tmp_path, "a.warc", pack(lying(record())) + pack(record("b.asp")))
    assert (done.taken.captures, len(done.tally.losses)) == (1, 1)


def test_pictures_and_torn_pages_are_taken_once(tmp_path: Path) -> None:
    parts = (record("a.jpg", kind="image/jpeg"), record("b.asp", fields="WARC-Truncated: length\r\n"), record())
    content = b"".join(map(gzip.compress, parts))
    assert taken(tmp_path, "a.warc.gz", content).taken.captures == 3
    again = taken(tmp_path, "a.warc.gz", content).taken
    assert (again.captures, again.held) == (0, 3)
    itself = import_paths(tmp_path / "output", PROFILE, (tmp_path / "output",)).taken
    assert (itself.captures, itself.held) == (0, 3), "the archive holds what it holds"


@pytest.mark.parametrize("url", ["http://me:secret@www.gdfupin.org.cn/", "http://[::1/", f"{SITE}\x1b[2J"])
def test_an_address_that_cannot_be_used_is_a_loss(url: str, tmp_path: Path) -> None:
    done = taken(tmp_path, "a.warc", record() + record(url))
    assert (done.taken.captures, len(done.tally.losses), dict(done.tally.other_hosts)) == (1, 1, {})
    assert "secret" not in json.dumps(done.encode())


def _central(wacz: bytes, change: Callable[[bytearray, int], None]) -> bytes:
    """With the entry of the first WARC file in the directory of the ZIP changed."""
    data = bytearray(wacz)
    change(data, data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1))
    return bytes(data)


def _encrypted(data: bytearray, entry: int) -> None:
    data[entry + 8] |= 1
    data[struct.unpack_from("<I", data, entry + 42)[0] + 6] |= 1


def _elsewhere(data: bytearray, entry: int) -> None:
    struct.pack_into("<I", data, entry + 42, 0x7FFFFFF0)


def _packed(data: bytearray, entry: int) -> None:
    data[entry + 10] = data[struct.unpack_from("<I", data, entry + 42)[0] + 8] = 14  # LZMA


def _wrong_sum(data: bytearray, entry: int) -> None:
    data[entry + 16] ^= 0xFF


@pytest.mark.parametrize("damage", [_encrypted, _elsewhere, _packed, _wrong_sum])
def test_one_damaged_file_of_a_wacz_costs_no_other(damage: Callable[[bytearray, int], None], tmp_path: Path) -> None:
    wacz = as_wacz([record(), record("b.asp")])
    done = taken(tmp_path, "a.wacz", _central(wacz, damage))
    assert (done.taken.captures, len(done.tally.losses)) == (1, 1)
    assert done.tally.losses[0].url == "a.wacz!data-0.warc.gz"


def test_names_within_a_wacz_are_no_paths_and_none_is_dropped_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_MEMBERS", 3)
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number, name in enumerate(["../../a.warc", "/a.warc", "b\r\nEvil: 1.warc", "c.warc"]):
            archive.writestr(name, record(f"{number}.asp"))
    done = taken(tmp_path, "in.wacz", stream.getvalue())
    assert (done.taken.captures, [issue.evidence for issue in done.tally.losses]) == (
        3, ["it has 4 WARC files; only the first 3 are read"],
    )  # fmt: skip
    assert {path.name for path in tmp_path.iterdir()} == {"in.wacz", "output"}


@pytest.mark.parametrize("lost", [2, 40])
def test_an_arc_that_ends_within_a_record_names_the_loss(lost: int, tmp_path: Path) -> None:
    whole = as_arc([Page(f"{SITE}a.asp", 200, HTML), Page(f"{SITE}b.asp", 200, HTML)])
    last = whole.rindex(b"\x1f\x8b\x08\x00")
    torn = gzip.compress(gzip.decompress(whole[last:])[:-lost])
    done = taken(tmp_path, "a.arc.gz", whole[:last] + torn)
    assert (done.taken.captures, len(done.tally.losses)) == (1, 1)


def test_a_folder_may_hold_anything(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    os.mkfifo(folder / "pipe.warc")
    (folder / "device.warc").symlink_to("/dev/zero")
    (folder / "loop").symlink_to(folder)
    (folder / os.fsdecode("扶贫".encode("gbk") + b"\n.warc")).write_bytes(record() + record("b.asp", date="never"))
    done = import_paths(tmp_path / "output", PROFILE, (folder,))
    assert (done.taken.captures, len(done.tally.losses)) == (1, 1)
    assert done.tally.losses[0].url.isprintable()
    with pytest.raises(WrongArgument, match="a pipe, not a file"):
        import_paths(tmp_path / "output", PROFILE, (folder / "pipe.warc",))


def test_a_revisit_is_looked_for_in_files_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    revisit = record(fields="WARC-Payload-Digest: sha1:AAAA\r\n").replace(b"response\r\n", b"revisit\r\n", 1)
    (tmp_path / "in" / "a.warc").write_bytes(revisit + record("b.asp"))
    os.mkfifo(tmp_path / "in" / "b.warc")
    (tmp_path / "in" / "c.warc").mkdir()
    done = import_paths(tmp_path / "output", PROFILE, (tmp_path / "in" / "a.warc",))
    assert (done.taken.captures, len(done.tally.losses)) == (1, 1)


def test_saved_pages_beside_warc_files_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.warc").write_bytes(record())
    (folder / "b.html").write_bytes(HTML)
    printed: list[str] = []
    import_paths(tmp_path / "output", PROFILE, (folder,), say=printed.append)
    assert any("1 saved pages below in are not read" in text for text in printed)


def test_a_file_of_which_nothing_can_be_read_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(WrongArgument, match="nothing of it can be read"):
        taken(tmp_path, "a.warc.gz", b"\x1f\x8b\x08" + b"\xff" * 100)


HTTRACK = "<!-- Mirrored from www.gdfupin.org.cn/a.asp by HTTrack Website Copier/3.x, {} -->"


@pytest.mark.parametrize(
    ("name", "start", "url", "date"),
    [
        ("扶贫".encode("gbk") + b".html", "", "%B7%F6%C6%B6.html", LATER),
        (b"a\n\x1b.html", "", "a%0A%1B.html", LATER),
        (b"a.html", HTTRACK.format("Mon, 99 Foo 2013 99:99:99 GMT"), "a.asp", LATER),
        (b"a.html", HTTRACK.format("Mon, 06 May 2013 07:08:09 GMT"), "a.asp", "2013-05-06T07:08:09Z"),
        (b"a.html", '<a href="%00" tppabs="http://www.gdfupin.org.cn/">', "a.html", LATER),
    ],
    ids=["gbk", "controls", "no date", "date", "nul"],
)  # fmt: skip
def test_a_saved_page_has_its_address_whatever_its_name(
    name: bytes, start: str, url: str, date: str, tmp_path: Path
) -> None:
    path = tmp_path / "in" / os.fsdecode(name)
    path.parent.mkdir()
    path.write_bytes(start.encode() + HTML)
    os.utime(path, (1388534400, 1388534400))
    done = import_paths(tmp_path / "output", PROFILE, (path.parent,), prefix=SITE)
    [line] = [json.loads(x) for x in next(tmp_path.glob("output/crawls/*/pages.jsonl")).read_text().splitlines()]
    assert (line["url"], line["captured_at"], done.tally.losses) == (SITE + url, date, [])


@pytest.mark.parametrize(("name", "time"), [("a.html", 0), ("a.html", 4_000_000_000), ("a.mht", 1388534400)])
def test_a_saved_page_that_cannot_be_placed_or_read_is_a_loss(name: str, time: int, tmp_path: Path) -> None:
    for each in (name, "b.html"):
        path = tmp_path / "in" / each
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(HTML)
        os.utime(path, (time if each == name else 1388534400,) * 2)
    done = import_paths(tmp_path / "output", PROFILE, (path.parent,), prefix=SITE)
    assert (done.taken.captures, [issue.url for issue in done.tally.losses]) == (1, [name])


def test_what_an_interrupted_import_took_is_read_by_the_same_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    content = b"".join(members(written_by_warcio([Page(f"{SITE}a.asp", 200, HTML)])))
    with monkeypatch.context() as patch:
        patch.setattr("gdfupin_spider.sources.intake.replaying", pressed)
        with pytest.raises(KeyboardInterrupt):
            taken(tmp_path, "a.warc.gz", content)
    assert not list(tmp_path.glob("output/catalog.sqlite"))
    assert taken(tmp_path, "a.warc.gz", content).taken.held == 1
    assert list(tmp_path.glob("output/catalog.sqlite"))


def test_a_long_import_prints_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdfupin_spider.replay.running_count.EVERY", 0)
    (tmp_path / "a.warc").write_bytes(record() + record("b.asp"))
    printed: list[str] = []
    import_paths(tmp_path / "output", PROFILE, (tmp_path / "a.warc",), say=printed.append)
    assert {"2 captures found, 1 of them new", "2 pages of 2 captures read"} <= set(printed)
