"""Pages far longer than any real one: what is quadratic in them would take minutes or hours. Counted in calls, not in time."""

import sys

import pytest

from gdfupin_spider import pages

HEAD = "<title>关于扶贫的通知</title><h1>关于扶贫的通知</h1><div>加入时间:2021-1-13 来源:南方日报</div>"
PIECES = {
    "end words above the last paragraph": "<p>欢迎访问广东扶贫网</p>",
    "buttons between paragraphs": "<p>各地要认真组织落实，确保按时完成各项任务。</p><p>【打印】【关闭】</p>",
    "rows of one table": "<tr><td>单位名称</td><td>金额</td></tr>",
}


def calls(piece: str, count: int) -> int:
    """How many functions are called, or generators resumed, to read a page of so many pieces."""
    made = 0

    def count_one(*_: object) -> None:
        nonlocal made
        made += 1

    whole = f"<table>{piece * count}</table>" if piece.startswith("<tr") else piece * count
    whole += "<p>各地要认真组织落实，确保按时完成各项任务。</p>"
    sys.setprofile(count_one)
    try:
        read = pages.read_article((HEAD + whole).encode(), profile="gdfupin")
    finally:
        sys.setprofile(None)
    assert read["title"] == "关于扶贫的通知"
    return made


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_the_work_grows_as_the_page_does(piece: str) -> None:
    calls(piece, 10)  # what is loaded and compiled once
    assert calls(piece, 800) < 12 * calls(piece, 100)
