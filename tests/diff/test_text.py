"""How one text became another, for people who read Chinese."""

import time
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdfupin_spider.diff import align
from gdfupin_spider.diff.align import aligned
from gdfupin_spider.diff.text_diff import after, before, runs, text_diff

ONE = "广东省扶贫开发协会在广州召开会议，部署今年的定点帮扶工作。"
TWO = "连樟村的蔬菜基地今年扩种到三百亩，村民在家门口务工。"
THREE = "会议要求各地落实责任，把项目办到村里、办到户里。"
FOUR = "每月收入三千多元，集体账上也有了余钱，路也修到了地头。"


def shown(old: str, new: str) -> str:
    """Runs as [-cut-] and {+put+}."""
    signs = {"same": "{}", "cut": "[-{}-]", "put": "{{+{}+}}"}
    return "".join(signs[run.kind].format(run.text) for run in runs(old, new))


@pytest.mark.parametrize(
    ("old", "new", "reported"),
    [
        ("全市12户脱贫", "全市13户脱贫", "全市[-12-]{+13+}户脱贫"),
        ("共1,200元", "共1,500元", "共[-1,200-]{+1,500+}元"),
        ("2021年1月13日召开", "2021年1月18日召开", "[-2021年1月13日-]{+2021年1月18日+}召开"),
        ("同比增长3.5%。", "同比增长3.9%。", "同比增长[-3.5%-]{+3.9%+}。"),
        ("参加WTO会议", "参加WHO会议", "参加[-WTO-]{+WHO+}会议"),
        ("省委书记到村里调研", "副省长到村里调研", "[-省委书记-]{+副省长+}到村里调研"),
        ("会议召开。", "会议召开。要求落实。", "会议召开。{+要求落实。+}"),
        ("甲乙丙", "丁乙戊", "[-甲乙丙-]{+丁乙戊+}"),
        ("召开。会议要求。各地", "召开。会议指出。会议要求。各地", "召开。{+会议指出。+}会议要求。各地"),
        ("抓落实，促发展，保稳定", "抓落实，保稳定", "抓落实，[-促发展，-]保稳定"),
    ],
)
def test_a_change_is_told_in_pieces_that_can_be_read(old: str, new: str, reported: str) -> None:
    assert shown(old, new) == reported


def kinds(old: str, new: str) -> list[str]:
    return [block.kind for block in text_diff(old, new)]


def test_equal_texts_differ_in_nothing() -> None:
    assert text_diff(ONE, ONE) == text_diff("", "") == []


def test_paragraphs_that_stayed_stay_and_similar_ones_are_paired() -> None:
    blocks = text_diff(f"{ONE}\n{TWO}\n{THREE}", f"{ONE}\n{TWO.replace('三百', '五百')}\n{THREE}")
    assert [block.kind for block in blocks] == ["same", "changed", "same"]
    assert [run.text for run in blocks[1].runs if run.kind != "same"] == ["三", "五"]


def test_paragraphs_that_came_and_went_are_told_as_such() -> None:
    assert kinds(f"{ONE}\n{TWO}", f"{ONE}\n{THREE}\n{TWO}") == ["same", "put", "same"]
    assert kinds(f"{ONE}\n{THREE}\n{TWO}", f"{ONE}\n{TWO}") == ["same", "cut", "same"]
    assert kinds(ONE, TWO) == ["cut", "put"]


def test_a_moved_paragraph_is_moved_and_neither_cut_nor_put() -> None:
    blocks = text_diff(f"{TWO}\n{ONE}\n{THREE}\n{FOUR}", f"{ONE}\n{THREE}\n{FOUR}\n{TWO}")
    assert [block.kind for block in blocks] == ["same", "moved"]
    assert (blocks[1].old, blocks[1].new) == (range(1), range(3, 4))
    assert [run.kind for run in blocks[1].runs] == ["same"]


def test_a_paragraph_that_was_moved_and_edited_is_moved_with_its_edit() -> None:
    moved = TWO.replace("三百", "五百")
    blocks = text_diff(f"{TWO}\n{ONE}\n{THREE}\n{FOUR}", f"{ONE}\n{THREE}\n{FOUR}\n{moved}")
    assert [block.kind for block in blocks] == ["same", "moved"]
    assert [run.kind for run in blocks[1].runs] == ["same", "cut", "put", "same"]


def test_a_paragraph_that_was_divided_differs_by_a_line_end_only() -> None:
    blocks = text_diff(f"{FOUR}\n{ONE}{TWO}", f"{FOUR}\n{ONE}\n{TWO}")
    assert [block.kind for block in blocks] == ["same", "changed"]
    assert [(run.kind, run.text) for run in blocks[1].runs] == [("same", ONE), ("put", "\n"), ("same", TWO)]
    back = text_diff(f"{FOUR}\n{ONE}\n{TWO}", f"{FOUR}\n{ONE}{TWO}")
    assert [(run.kind, run.text) for run in back[1].runs] == [("same", ONE), ("cut", "\n"), ("same", TWO)]


letters = st.sampled_from("甲乙丙丁，。\n12aB ％\ud800")
texts = st.lists(letters, max_size=60).map("".join)
lines = st.lists(st.sampled_from([ONE, TWO, THREE, FOUR, ONE + TWO, FOUR[:9], ""]), max_size=7).map("\n".join)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.one_of(st.tuples(texts, texts), st.tuples(lines, lines)))
def test_a_difference_holds_both_texts_whole(both: tuple[str, str]) -> None:
    old, new = both
    blocks = text_diff(old, new)
    assert bool(blocks) == (old != new)
    if blocks:
        assert (before(blocks), after(blocks)) == both


@settings(derandomize=True, max_examples=200, deadline=None)
@given(texts, texts)
def test_runs_hold_both_texts_whole_and_none_is_empty(old: str, new: str) -> None:
    found = runs(old, new)
    assert "".join(run.text for run in found if run.kind != "put") == old
    assert "".join(run.text for run in found if run.kind != "cut") == new
    assert all(run.text for run in found)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 4), max_size=40),
    st.lists(st.integers(0, 4), max_size=40),
    st.sampled_from([(align.CELLS, 0), (0, 10_000), (0, 300)]),
)
def test_an_alignment_covers_both_and_says_truly_what_is_the_same(
    old: list[int], new: list[int], limits: tuple[int, int]
) -> None:
    """Short sequences, long ones with few edits, and other long ones are compared in three ways."""
    i = j = 0
    with mock.patch.object(align, "CELLS", limits[0]), mock.patch.object(align, "STEPS", limits[1]):
        spans = aligned(old, new)
    for same, a, b, c, d in spans:
        assert (a, c) == (i, j)
        assert not same or old[a:b] == new[c:d]
        i, j = b, d
    assert (i, j) == (len(old), len(new))


def test_long_texts_that_have_nothing_in_common_take_no_minute() -> None:
    old = "\n".join(f"{n}甲乙{n * 7}" for n in range(30_000))
    new = "\n".join(f"{n}丙丁{n * 7 + 1}" for n in range(30_000))
    began = time.perf_counter()
    for one, other in (
        (old, new),
        (old.replace("\n", "x"), new.replace("\n", "x")),
        ("甲乙" * 100_000, "乙丙" * 100_000),
    ):
        blocks = text_diff(one, other)
        assert (before(blocks), after(blocks)) == (one, other)
    assert time.perf_counter() - began < 60


def test_one_word_in_a_megabyte_is_found() -> None:
    words = [f"第{n}户增收{n * 37 % 1000}元。" for n in range(70_000)]
    old = "".join(words)
    words[35_000] = "此户未增收。"
    found = [run for run in runs(old, "".join(words)) if run.kind != "same"]
    assert {run.kind for run in found} == {"cut", "put"}
    assert sum(len(run.text) for run in found) < 40
