"""A page as lines: every visible text once, no hidden text, no exception."""

import html
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gdfupin_spider.pages.dom.document import fold
from gdfupin_spider.pages.dom.lines import parse
from gdfupin_spider.pages.dom.noscript import with_raw_noscript
from gdfupin_spider.pages.text.decode import decode

_BLOCKS = ("div", "p", "td", "li", "center", "h3", "blockquote", "dd", "fieldset", "article", "table", "tr", "ul")
_INLINE = ("font", "span", "b", "i", "u", "em", "strong", "small", "big", "sub", "label", "nobr", "wbr", "unknown-tag")
_SILENT = ("script", "style", "textarea", "noscript", "title", "select", "object", "button")
_HIDDEN = (
    "<span style='display: none'>密</span>",
    "<div hidden>密</div>",
    "<p style=VISIBILITY:hidden>密</p>",
    "<ul class=x style='color:red;DISPLAY:none'><li>密</ul>",
)
_SHREDS = (
    *(b"<", b">", b"</", b"<p", b"<td>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&#", b"&nbsp", b'"', b"'", b"="),
    *(b"<script>", b"\x00", b"<a href=", b"<br/", "扶".encode(), b"<?xml", b"<!DOCTYPE", b"<svg>", b"<template>"),
)
_words = st.text(st.characters(categories=("Lo", "Nd", "Po")), min_size=1, max_size=6).map(fold).filter(bool)


def printed(text: str) -> list[str]:
    return [line.text for line in parse(text).lines if line.text]


@st.composite
def markup(draw: st.DrawFn) -> tuple[str, str]:
    """Markup of nested, partly unclosed tags, and the words it prints in order."""
    written: list[str] = []
    words: list[str] = []
    opened: list[str] = []
    for _ in range(draw(st.integers(1, 25))):
        match draw(st.sampled_from(("word", "word", "open", "open", "close", "stray", "break", "hidden", "comment"))):
            case "word":
                word = draw(_words)
                written.append(html.escape(word))
                words.append(word)
            case "open":
                tag = draw(st.sampled_from(_BLOCKS + _INLINE))
                opened.append(tag)
                written.append(f"<{draw(st.sampled_from((tag, tag.upper())))}>")
            case "close" if opened:
                written.append(f"</{opened.pop()}>")
            case "stray":
                written.append(f"</{draw(st.sampled_from(_INLINE))}>")
            case "break":
                written.append(draw(st.sampled_from(("<br>", "<br/>", "<hr>", "\n", "&nbsp;", "　"))))
            case "hidden":
                tag = draw(st.sampled_from(_SILENT))
                written.append(draw(st.sampled_from((*_HIDDEN, f"<{tag}>密</{tag}>"))))
            case "comment":
                written.append("<!-- 密 -->")
    return "".join(written), "".join(words)


@given(markup())
@example(("<table><tr><td>甲<table><tr><td>乙</table>丙", "甲乙丙"))
@example(("<p>甲<div>乙</p>丙</div>丁", "甲乙丙丁"))
@example(("<font>甲<p>乙</font>丙<p>丁", "甲乙丙丁"))
@example(("<html><body>甲</body></html>乙<html><body>丙", "甲乙丙"))
@example(("<li>甲<li>乙<ul><li>丙</ul>丁", "甲乙丙丁"))
@example(("<a href=1>甲<a href=2>乙</a>丙", "甲乙丙"))
def test_visible_text_is_printed_once_and_in_order(case: tuple[str, str]) -> None:
    written, words = case
    assert "".join("".join(printed(written)).split()) == "".join(words.split())


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.sampled_from([" ", "\t", "\n", "\xa0", "\u3000", "\r\n", "扶", "贫", "a"])).map("".join))
def test_folded_text_has_single_spaces_and_none_at_its_ends(text: str) -> None:
    result = fold(text)
    assert "  " not in result
    assert result == result.strip()
    assert result.replace(" ", "") == "".join(text.split())


@given(st.binary(max_size=400) | st.lists(st.sampled_from(_SHREDS), max_size=40).map(b"".join))
def test_any_bytes_make_some_lines(payload: bytes) -> None:
    doc = parse(decode(payload)[0])
    for line in doc.lines:
        assert line.text == fold(line.text)
        assert line.size == len(line.text)
        assert 0 <= line.linked <= line.size
        assert line.text or line.images
    assert [line.index for line in doc.lines] == list(range(len(doc.lines)))


@given(markup())
def test_blocks_hold_the_lines_that_stand_in_them(case: tuple[str, str]) -> None:
    doc = parse(case[0])
    for line in doc.lines:
        for block in line.block.ancestors():
            assert block.start <= line.index < block.end


@given(st.lists(st.tuples(_words, st.booleans()), min_size=1, max_size=8))
def test_links_belong_to_the_line_they_stand_in_and_to_no_other(pieces: list[tuple[str, bool]]) -> None:
    shown = [f"<a href=x>{html.escape(word)}</a>" if linked else html.escape(word) for word, linked in pieces]
    doc = parse("".join(f"<p>{word}</p>" for word in shown))
    result = [(line.text, len(line.anchors), line.linked == line.size) for line in doc.lines]
    assert result == [(word, int(linked), linked) for word, linked in pieces]


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_pictures_belong_to_the_line_they_stand_in_and_to_no_other(pictured: list[bool]) -> None:
    doc = parse("".join(f"<p>字{'<img src=1.jpg>' if picture else ''}</p>" for picture in pictured))
    assert [len(line.images) for line in doc.lines] == [int(picture) for picture in pictured]


@pytest.mark.parametrize("tag", ["font", "div", "b", "span", "p", "td", "table", "center", "li", "blockquote"])
def test_a_page_of_two_thousand_unclosed_tags_keeps_its_last_line(tag: str) -> None:
    result = printed("".join(f"<{tag}>第{number}段。" for number in range(2000)))
    assert "第0段。" in result[0]
    assert result[-1].endswith("第1999段。")
    assert "".join(result).count("段") == 2000


def test_a_line_ends_at_blocks_and_breaks_but_not_at_inline_tags() -> None:
    assert printed("一<b>二</b><font>三</font><br>四<div>五</div>六<p>七<span>八</span>") == [
        "一二三",
        "四",
        "五",
        "六",
        "七八",
    ]


def test_preformatted_text_keeps_its_lines() -> None:
    assert printed("<pre>一\n 二 \n\n三</pre>四\n五") == ["一", "二", "三", "四 五"]


def test_text_behind_the_end_of_the_page_is_read() -> None:
    assert printed(
        "<html><body><p>一</p></body></html><html><head><title>x</title></head><body>二</body></html>三"
    ) == ["一", "二", "三"]


@pytest.mark.parametrize("inner", ["<div><a href=x><img src=y>", "<table><tr><td>", "<!-- 无", "<DIV>请启用<b>脚本"])
def test_an_element_that_is_not_closed_in_noscript_swallows_nothing(inner: str) -> None:
    page = parse(f"<p>甲</p><noscript>{inner}</noscript><p>乙</p><script>w('<noscript>')</script><p>丙</p>")
    assert [line.text for line in page.lines if line.text] == ["甲", "乙", "丙"]


def test_many_elements_without_an_end_cost_no_more_than_their_number() -> None:
    page = b"<noscript <script <!--" * 40_000
    began = time.process_time()
    assert with_raw_noscript(page, page) == page
    assert time.process_time() - began < 1
