"""Where Chinese text is broken: in help, on a terminal and in cells of tables."""

import io
import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from gdfupin_spider.messages.wrapped_lines import NOT_FIRST, lines
from gdfupin_spider.terminal import console
from tests.foreign_words import CHINESE


@given(st.text(alphabet="采集的网站，。（）ab -", max_size=60), st.integers(6, 30))
def test_wrapped_text_loses_nothing_and_breaks_where_chinese_may(text: str, width: int) -> None:
    wrapped = lines(text, width)
    assert "".join("".join(wrapped).split()) == "".join(text.split())
    assert not any(line[0] in NOT_FIRST for line in wrapped[1:])
    for line in wrapped:
        parts = len(re.findall(r"[采集的网站]", line))
        assert cell_len(line) <= width or parts <= 1 or re.search(r"[，。（）ab-]{4,}", line)


@given(st.text(alphabet="采集的网站，。（）ab -", max_size=60), st.integers(6, 30))
def test_a_terminal_breaks_chinese_in_the_same_way(text: str, width: int) -> None:
    screen = console()
    screen.file, screen.width = io.StringIO(), width
    screen.print(Text(text))
    printed = screen.file.getvalue().splitlines()
    assert "".join("".join(printed).split()) == "".join(text.split())
    if CHINESE.search(text) and all(cell_len(each) <= width for each in lines(text, width)):
        assert [each.strip() for each in printed if each.strip()] == [each.strip() for each in lines(text, width)]


def test_a_cell_of_a_table_begins_with_no_comma_and_is_broken_within_a_run() -> None:
    """An address is folded, and text goes on behind it."""
    screen = console()
    screen.file, screen.width = io.StringIO(), 24
    table_ = Table(box=None, show_header=False, padding=0)
    table_.add_column(overflow="fold")
    table_.add_row("版式 503ade5f3416，省里的补助，协会的捐款，一笔一行。\nhttp://www.gdfupin.org.cn/a 的条目")
    screen.print(table_)
    assert [each.rstrip() for each in screen.file.getvalue().splitlines()] == [
        "版式 503ade5f3416，省里",
        "的补助，协会的捐款，一笔",
        "一行。",
        "http://www.gdfupin.org.c",
        "n/a 的条目",
    ]
