"""Bytes to text: Chinese text comes back from any of its encodings, and nothing raises."""

import unicodedata
import zlib

import brotli
import pytest
import zstandard
from hypothesis import assume, example, given
from hypothesis import strategies as st

from gdfupin_spider.pages.text.decode import decode
from gdfupin_spider.pages.text.unpack import unpack

from .prose import paragraphs

_DECLARED = st.sampled_from(
    [None, "text/html", *(f"text/html; charset={name}" for name in ("utf-8", "gb2312", "iso-8859-1", "nonsense"))]
)
_TRADITIONAL = (
    "長潭村被一條河分成兩半，",
    "沒有橋的時候，孩子上學要坐竹排。",
    "縣裡配套三十萬元，去年冬天動工建橋。",
    "廣東省扶貧開發協會召開會議，",
    "這是對老區人民的關心和幫助。",
)
_traditional = st.lists(st.sampled_from(_TRADITIONAL), min_size=2, max_size=6).map("".join)
# What a page may print besides: no controls, nothing without width, and no `&`, which begins a reference.
_any_text = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Co", "Cn"), exclude_characters="&"))


def page(text: str) -> str:
    return f"<html><head><title>gdfupin</title></head><body><p>{text}</p></body></html>"


@given(paragraphs, _any_text, _DECLARED)
def test_utf_8_comes_back_whatever_is_declared(prose: str, text: str, declared: str | None) -> None:
    result, encoding = decode(page(prose + text).encode(), declared)
    assert (result, encoding.name, encoding.replaced) == (page(prose + text), "utf-8", 0)


@given(paragraphs, st.sampled_from(["gb2312", "gbk", "gb18030"]), _DECLARED)
@example("〇、一九九〇年；①②③：《通知》……——“‘引号’”", "gb18030", "text/html; charset=utf-8")
def test_gb_comes_back_as_gb18030_whatever_is_declared(prose: str, written: str, declared: str | None) -> None:
    try:
        payload = page(prose).encode(written)
    except UnicodeEncodeError:
        payload = page(prose).encode("gb18030")
    result, encoding = decode(payload, declared)
    assert (result, encoding.name, encoding.replaced) == (page(prose), "gb18030", 0)


@given(paragraphs, st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x2FA1D, categories=("Lo",)), max_size=5))
def test_rare_characters_come_back_from_gb18030(prose: str, rare: str) -> None:
    result, encoding = decode(page(prose * 3 + rare).encode("gb18030"), "text/html; charset=gb2312")
    assert (result, encoding.name) == (page(prose * 3 + rare), "gb18030")


@given(_traditional, st.sampled_from([None, "text/html; charset=big5", "text/html"]))
def test_big5_comes_back(prose: str, declared: str | None) -> None:
    result, encoding = decode(page(prose).encode("big5"), declared)
    assert (result, encoding.name) == (page(prose), "big5")


@given(paragraphs, _DECLARED)
def test_utf_16_with_its_mark_comes_back(prose: str, declared: str | None) -> None:
    result, encoding = decode(page(prose).encode("utf-16"), declared)
    assert (result, encoding.name) == (page(prose), "utf-16")


@given(paragraphs)
def test_a_mark_at_the_start_decides_and_is_not_text(prose: str) -> None:
    result, encoding = decode(b"\xef\xbb\xbf" + page(prose).encode(), "text/html; charset=gb2312")
    assert (result, encoding.name) == (page(prose), "utf-8")


@given(st.lists(paragraphs, min_size=3, max_size=6), st.sampled_from(["utf-8", "gb18030"]), st.data())
def test_a_few_broken_bytes_cost_nothing_but_themselves(prose: list[str], encoding: str, data: st.DataObject) -> None:
    text = page("".join(prose))
    at = sorted(data.draw(st.sets(st.integers(1, len(text) - 1), min_size=1, max_size=4)))
    payload, expected = b"", ""
    for start, end in zip([0, *at], [*at, len(text)], strict=True):
        payload += text[start:end].encode(encoding) + (b"\xff" if end in at else b"")
        expected += text[start:end] + ("\ufffd" if end in at else "")
    result, read = decode(payload, "text/html")
    assert result.replace("\ufffd", "") == text
    assert (result, read.name, read.replaced) == (expected, encoding, len(at))


@given(st.lists(paragraphs, min_size=3, max_size=6), st.data())
def test_a_page_cut_in_mid_character_keeps_all_before(prose: list[str], data: st.DataObject) -> None:
    payload = "".join(prose).encode("gb18030")
    size = data.draw(st.integers(len(payload) // 2, len(payload)))
    result, read = decode(payload[:size], None)
    whole = payload[:size].decode("gb18030", "ignore")
    assert (result.removesuffix("\ufffd"), read.name) == (whole, "gb18030")


@given(
    st.binary(max_size=300),
    _DECLARED,
    st.sampled_from([None, "gzip", "deflate", "br", "zstd", "gzip, br", "nonsense", ",", ""]),
)
@example(b"\x1f\x8b", None, None)
@example(b"\xef\xbb\xbf", None, None)
@example(b"\xef\xbb\xbf\x00", None, None)
@example(b"\xff\xfe\x01\x00\x2d\x4e", None, None)
@example(b"\xff\xfe\x00", None, None)
@example(b"\x00\x00", None, None)
@example(b"<?xml", None, None)
@example(b"&#xD800;&#55362;&#x110000;&#0;", None, None)
@example(b"\x81" * 301, "text/html; charset=gb2312", None)
def test_any_bytes_give_some_text_without_controls(payload: bytes, declared: str | None, packed: str | None) -> None:
    result, encoding = decode(payload, declared, packed)
    assert not set(result) & set("\x00\x01\x08\x0b\x1f\ufeff")
    assert encoding.evidence or not payload
    result.encode("utf-8")  # no lone surrogates


@given(st.binary(max_size=2000), st.lists(st.sampled_from(["gzip", "deflate", "br", "zstd"]), max_size=3))
def test_content_encodings_are_undone_in_their_order(data: bytes, names: list[str]) -> None:
    assume(data[:2] != b"\x1f\x8b")
    packed = data
    for name in names:
        packed = _packed(name, packed)
    assert unpack(packed, ", ".join(names)) == (data, None) or not names


def _packed(name: str, data: bytes) -> bytes:
    if name == "gzip":
        packer = zlib.compressobj(wbits=31)
        return packer.compress(data) + packer.flush()
    return {"deflate": zlib.compress, "br": brotli.compress, "zstd": zstandard.compress}[name](data)


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_stops_at_the_limit_and_is_noted(name: str) -> None:
    result, error = unpack(_packed(name, b"\0" * 3_000_000), name, limit=1_000_000)
    assert len(result) == 1_000_000
    assert error == "unpacks to more than 1000000 bytes" or error == f"{name}: unpacks to more than 1000000 bytes"


@given(st.binary(min_size=200, max_size=2000), st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.data())
def test_a_cut_stream_gives_its_beginning_and_a_note(data: bytes, name: str, drawn: st.DataObject) -> None:
    packed = _packed(name, data)
    size = drawn.draw(st.integers(3, len(packed) - 1))
    result, error = unpack(packed[:size], name)
    assert error
    assert data.startswith(result) or result == packed[:size]


def test_what_gbk_has_is_the_same_in_gb18030_and_prints_something() -> None:
    """Bytes that are valid GBK are decoded as GBK, and not searched for characters without width."""
    for lead in range(0x100):
        for data in (bytes((lead,)), *(bytes((lead, trail)) for trail in range(0x100))):
            try:
                text = data.decode("gbk")
            except UnicodeDecodeError:
                continue
            assert text == data.decode("gb18030")
            assert not unicodedata.category(text[0]).startswith("Cf")
    assert "\ufeff".encode().startswith("锘".encode("gbk"))
