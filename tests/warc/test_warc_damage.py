"""Torn, cut, overwritten: what is whole is read, what is not is named with file and offset."""

import gzip
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gdfupin_spider.errors import DamagedRecord
from gdfupin_spider.items import Capture
from gdfupin_spider.warc import Damage, Exchange, WarcWriter, check, read, read_at

Page = Callable[..., Exchange]
Writing = Callable[..., WarcWriter]


@pytest.fixture
def three(writing: Writing, page: Page) -> tuple[Path, list[Capture]]:
    """A file of three small exchanges, the second a POST with a body that looks like gzip."""
    writer = writing()
    captures = [
        writer.write(page("http://g.cn/1")),
        writer.write(page("http://g.cn/2", b"\x1f\x8b\x08" * 9, method="POST", request_body=b"a=1")),
        writer.write(page("http://g.cn/3", random.Random(3).randbytes(400))),
    ]
    writer.close()
    return writer.path, captures


def members(content: bytes) -> list[int]:
    """Where the gzip members of a file begin, and where the file ends."""
    starts = [0]
    while starts[-1] < len(content):
        unzip = zlib.decompressobj(31)
        unzip.decompress(content[starts[-1] :])
        starts.append(len(content) - len(unzip.unused_data))
    return starts


@pytest.mark.parametrize("zipped", [True, False])
def test_a_file_torn_at_any_byte_gives_every_exchange_before_it(
    three: tuple[Path, list[Capture]], tmp_path: Path, zipped: bool
) -> None:
    path, captures = three
    content = path.read_bytes()
    bounds = members(content)
    if not zipped:
        plain = [len(gzip.decompress(content[:bound])) if bound else 0 for bound in bounds]
        content, bounds = gzip.decompress(content), plain
    torn = tmp_path / "torn" / ("capture-00000.warc.gz" if zipped else "capture-00000.warc")
    torn.parent.mkdir()
    ends = bounds[3::2]  # behind warcinfo and each pair of response and request
    spare = 0 if zipped else 4  # the empty lines behind a plain record may be missing
    for size in range(len(content)):
        torn.write_bytes(content[:size])
        damages: list[Damage] = []
        found = list(read(torn, damages.append))
        whole = sum(end - spare <= size for end in ends)
        assert [capture.url for capture in found] == [capture.url for capture in captures[:whole]], size
        assert [capture.payload for capture in found] == [capture.payload for capture in captures[:whole]]
        if zipped:
            between = size in (0, bounds[1], *ends)
            assert [damage.tail for damage in damages] in ([[]] if between else [[True], [True, True]]), size
            for damage in damages:
                assert damage.offset in bounds
                assert damage.offset <= size


def test_a_torn_exchange_is_named_where_it_begins(three: tuple[Path, list[Capture]]) -> None:
    path, captures = three
    path.write_bytes(path.read_bytes()[: captures[2].proof.offset + 100])
    damages: list[Damage] = []
    assert list(read(path, damages.append)) == captures[:2]
    assert damages == [Damage(path, captures[2].proof.offset, "the file ends within a gzip member", tail=True)]
    assert check(path) == damages


def test_zeros_behind_the_last_record_are_a_torn_tail(three: tuple[Path, list[Capture]]) -> None:
    path, captures = three
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + bytes(5000))
    damages: list[Damage] = []
    assert list(read(path, damages.append)) == captures
    assert damages == [Damage(path, size, "no gzip member begins here", tail=True)]


def test_damage_at_any_byte_in_the_middle_costs_one_exchange_and_is_named(three: tuple[Path, list[Capture]]) -> None:
    path, captures = three
    content = path.read_bytes()
    bounds = members(content)
    first, last = captures[1].proof.offset, captures[2].proof.offset
    for at in range(first, last):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])
        damages: list[Damage] = []
        found = list(read(path, damages.append))
        urls = [capture.url for capture in found]
        header = at - max(bound for bound in bounds if bound <= at)
        if 4 <= header < 10:  # clock and system in a gzip header say nothing about the data
            assert found == captures
            continue
        assert [damage.offset for damage in damages] == [max(bound for bound in bounds if bound <= at)], at
        assert not damages[0].tail
        assert urls in (["http://g.cn/1", "http://g.cn/3"], ["http://g.cn/1", "http://g.cn/2", "http://g.cn/3"])
        assert found[0] == captures[0]
        assert found[-1] == captures[2]


def test_a_response_whose_request_is_damaged_is_still_read(three: tuple[Path, list[Capture]]) -> None:
    path, captures = three
    content = bytearray(path.read_bytes())
    content[members(bytes(content))[2] + 40] ^= 0xFF
    path.write_bytes(content)
    damages: list[Damage] = []
    assert list(read(path, damages.append)) == captures
    assert len(damages) == 1
    assert read_at(path, captures[0].proof.offset) == captures[0]


def test_a_hole_over_many_windows_is_crossed(writing: Writing, page: Page) -> None:
    writer = writing()
    noise = random.Random(5)
    first = writer.write(page("http://g.cn/1"))
    hole = writer.write(page("http://g.cn/2", noise.randbytes(3_000_000)))
    last = writer.write(page("http://g.cn/3", noise.randbytes(2000)))
    writer.close()
    content = bytearray(writer.path.read_bytes())
    content[hole.proof.offset : last.proof.offset] = bytes(last.proof.offset - hole.proof.offset)
    writer.path.write_bytes(content)
    damages: list[Damage] = []
    assert list(read(writer.path, damages.append)) == [first, last]
    assert [(damage.offset, damage.tail) for damage in damages] == [(hole.proof.offset, False)]


def test_the_head_of_a_file_may_be_gone(three: tuple[Path, list[Capture]]) -> None:
    path, captures = three
    content = bytearray(path.read_bytes())
    content[:20] = b"\0" * 20
    path.write_bytes(content)
    damages: list[Damage] = []
    assert list(read(path, damages.append)) == captures
    assert [damage.offset for damage in damages] == [0]


def test_a_plain_file_damaged_in_the_middle_goes_on_at_the_next_record(
    three: tuple[Path, list[Capture]], tmp_path: Path
) -> None:
    path, _ = three
    plain = tmp_path / "plain.warc"
    whole = gzip.decompress(path.read_bytes())
    at = whole.index(b"http://g.cn/2")
    record = whole.rindex(b"WARC/1.1", 0, at)
    for old, new in [(b"WARC/1.1", b"XXXX/1.1"), (b"Content-Length", b"Kontent-Length"), (b"\r\n\r\n", b"\r\n\r\r")]:
        place = whole.index(old, record)
        plain.write_bytes(whole[:place] + new + whole[place + len(new) :])
        damages: list[Damage] = []
        urls = [capture.url for capture in read(plain, damages.append)]
        assert urls == ["http://g.cn/1", "http://g.cn/3"]
        assert damages[0].offset == record
        assert not damages[0].tail


def test_a_length_that_swallows_the_next_records_is_found_out(
    three: tuple[Path, list[Capture]], tmp_path: Path
) -> None:
    path, _ = three
    plain = tmp_path / "plain.warc"
    whole = gzip.decompress(path.read_bytes())
    start = whole.index(b"WARC-Target-URI: http://g.cn/2")
    length = whole.index(b"Content-Length: ", start)
    for digits in (b"1", b"9999999", b"999999999999"):
        end = whole.index(b"\r\n", length)
        plain.write_bytes(whole[: length + 16] + digits + whole[end:])
        damages: list[Damage] = []
        urls = [capture.url for capture in read(plain, damages.append)]
        assert (urls[0], urls[-1]) == ("http://g.cn/1", "http://g.cn/3")
        assert damages


def test_a_bomb_in_somebodys_warc_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, three: tuple[Path, list[Capture]]
) -> None:
    monkeypatch.setattr("gdfupin_spider.warc.frames.RECORD_LIMIT", 100_000)
    path, captures = three
    content = path.read_bytes()
    bomb = gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\n\r\n" + bytes(1_000_000))
    place = captures[1].proof.offset
    path.write_bytes(content[:place] + bomb + content[place:])
    damages: list[Damage] = []
    assert [capture.url for capture in read(path, damages.append)] == [capture.url for capture in captures]
    assert damages == [Damage(path, place, "the record is larger than 100000 bytes")]
    plain = tmp_path / "bomb.warc"
    plain.write_bytes(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 100001\r\n\r\n" + bytes(100_001))
    with pytest.raises(DamagedRecord, match="larger than 100000 bytes"):
        list(read(plain, strict=True))


@pytest.mark.parametrize("content", [b"", b"\x1f", b"\x1f\x8b", b"WARC/", b"<html>", bytes(100), b"\x28\xb5\x2f\xfd"])
def test_a_file_that_is_no_warc_has_no_captures(tmp_path: Path, content: bytes) -> None:
    for name in ("a.warc.gz", "a.warc"):
        (tmp_path / name).write_bytes(content)
        assert list(read(tmp_path / name, lambda _: None)) == []
        assert bool(check(tmp_path / name)) is bool(content)
