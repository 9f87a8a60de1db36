"""Page text at the places where it is shown: a terminal, HTML, Markdown, JSON. Nothing in it acts."""

import json
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from gdfupin_spider.diff.html_change import link
from gdfupin_spider.terminal import cell_text, html_text, markdown_text, plain_json, shown

ODD = st.text(st.characters() | st.sampled_from("<>&'\"`*_[]()!|\\#~{}\x1b\u202e\u3164\n\t扶"))


@given(ODD)
@example("\u2061\u3164\U000e0041\u200b\x9b31m")
def test_a_terminal_gets_no_character_that_nobody_sees(text: str) -> None:
    for char in shown(text):
        assert char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), ascii(char)
    assert len(shown(text)) == len(text)


@pytest.mark.parametrize("text", ["扶贫\u3000要闻", "葛\U000e0100城", "１２３ —“”…·", "𠮷野家"])
def test_chinese_text_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == text


@given(ODD)
def test_json_for_a_terminal_has_the_same_value(text: str) -> None:
    line = plain_json({"title": text})
    assert json.loads(line) == {"title": text}
    assert shown(line) == line


@given(ODD)
def test_html_has_the_text_and_nothing_else(text: str) -> None:
    made = html.fragment_fromstring(f'<p title="{html_text(text)}">{html_text(text)}</p>')
    assert len(made) == 0
    assert dict(made.attrib) == {"title": shown(text)}
    assert (made.text or "") == shown(text)


def test_an_address_in_html_adds_no_attribute() -> None:
    made = html.fragment_fromstring(link("http://a.cn/class=dim/onmouseover=alert(1)'\"><b>"))
    assert sorted(made.attrib) == ["href", "rel"]


@given(ODD)
@example("![t](http://evil/t.png)")
@example("<img src=x onerror=y>")
@example("a | b `c` **d** <http://e.cn>")
def test_markdown_has_the_text_and_no_markup(text: str) -> None:
    table = MarkdownIt("commonmark").enable("table").render(f"| x{markdown_text(text)}x |\n|---|\n")
    assert set(re.findall(r"</?(\w+)", table)) == {"table", "thead", "tr", "th"}
    cell = html.fragment_fromstring(table).findtext(".//th")
    assert cell == f"x{' '.join(shown(text).split())}x"


@pytest.mark.parametrize("sign", "=+-@＝＋－＠\t\r")
def test_no_cell_is_a_formula_in_any_spreadsheet(sign: str) -> None:
    assert cell_text(f"{sign}1+1") == f"'{sign}1+1"
