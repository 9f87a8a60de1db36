"""Sentences that were read back from a file are shown in Chinese, within bounds."""

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdfupin_spider.messages import message_language
from gdfupin_spider.messages.recorded import recorded


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("14 of 200 known articles were missing at once", "200 篇已知文章中有 14 篇同时缺失"),
        (
            "mass-disappearance: 14 of 200 known articles were missing at once; the catalog treats this as a site problem and marks nothing as gone",
            "mass-disappearance：200 篇已知文章中有 14 篇同时缺失；目录库视为网站故障，没有文章标为消失",
        ),
        ("nothing new for 30 days, since 2026-11-01; the longest silence in the two years before was 9 days",
         "30天没有新内容，自 2026-11-01 起；此前两年中最长的沉寂为9天"),
        ("no listing of 扶贫要闻 was found; each of the 5 crawls before found one",
         "没有找到扶贫要闻的列表页；此前 5 次采集每次都找到过"),
        # The name of the alarm has the separator, too, and occurs again.
        ("encoding: gbk: 3 articles are live, usually 40. If this is known: `gdfupin ack 'encoding: gbk' --reason TEXT`",
         "encoding: gbk：在线文章3篇，通常为40篇。如果已知晓：`gdfupin ack 'encoding: gbk' --reason TEXT`"),
        ("a.toml cannot be read: Permission denied", "a.toml 无法读取：权限不足"),
        ("operator.toml: not TOML: Invalid value (at line 7, column 3)", "operator.toml：不是 TOML：值无效（第 7 行第 3 列）"),
        ("not JSON: Expecting value: line 1 column 1 (char 0)", "不是 JSON：此处应为值：第 1 行第 1 列（字符 0）"),
        ("not a line of articles.jsonl: Object missing required field `title`", "不是 articles.jsonl 的行：对象缺少必填字段 `title`"),
        ("not a review: Expected `str`, got `null` - at `$.url`", "不是校订记录：应为 `str`，实为 `null`，位于 `$.url`"),
        ("Connection was refused by other side: 111: Connection refused", "连接被对方拒绝：111：连接被拒绝"),
        ("robots.txt asks for 60 s between requests; the crawl waits 10 s at most",
         "robots.txt 要求每次请求间隔 60 秒；采集最多等待 10 秒"),
        ("blocked: 13%", "blocked: 13%"),
        ("listings-unread", "listings-unread"),
        ("status-503", "状态码 503"),
        ("the keeper knows", "the keeper knows"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_of_a_file_is_shown_in_chinese(english: str, chinese: str, in_chinese: None) -> None:
    """Alarms of a report, of which the next command knows no more than the text."""
    assert recorded(english) == chinese
    with message_language.speaking("en"):
        assert recorded(english) == english


@given(st.text(alphabet="a{}: ;.中0", max_size=30))
def test_any_text_of_a_file_can_be_shown(text: str) -> None:
    """Also one with braces. A text that is not a sentence of the program stays as it is."""
    with message_language.speaking("zh"):
        assert re.findall("[a{}中0]", recorded(text)) == re.findall("[a{}中0]", text)


@pytest.mark.parametrize(
    "text",
    [
        "扶" * 100_000,
        "a, " * 33_000 + "a sentence of a page",
        "x is not the site of this profile: " + "y. y " * 700,
        "2026-11-01  " + "x: x, requested by " * 200,
        "x refers to " + "y, which does not exist: " * 150 + "run `ln -sfn y y`.",
        "a-b: " * 780 + "x y",
        "it cannot be read: " * 200,
    ],
    ids=lambda text: text[:20],
)
def test_a_text_that_a_page_made_long_or_odd_does_not_hold_up_a_terminal(text: str, in_chinese: None) -> None:
    """Without bounds some of these take minutes."""
    before = process_time()
    assert "".join(recorded(text).split())[-1] == text.strip()[-1]
    assert process_time() - before < 1


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("status 503: a frame of a firewall instead of a page", "状态码 503：只有防火墙的框架，没有页面"),
        ("prints 'a password field and little else' and no article", "页面载有“密码框，此外几乎没有内容”，没有文章"),
        ("a listing links here as to an article, but it reads as foreign: prints 六合彩",
         "列表页把它作为文章链接，但解析为非本站：页面载有 六合彩"),
        ("status-503: status 503, 12 bytes; every try ended like this", "状态码 503：状态码 503，12 字节；每次尝试结果相同"),
        ("gzip: unpacks to more than 10000000 bytes", "gzip：解压后超过 10000000 字节"),
        ("'编审' in '2013-5-6 编审'", "“2013-5-6 编审”中的“编审”"),
        ("'来源：编辑部'; '日期：每年清明'", "“来源：编辑部”；“日期：每年清明”"),
        ("title was accepted as 'a title' by anna on 2026-11-01; the page has changed since",
         "题名曾由 anna 于 2026-11-01 接受为 'a title'；此后页面有改动"),
        ("the team in the room", "the team in the room"),
    ],
)  # fmt: skip
def test_evidence_of_a_file_is_shown_in_chinese(english: str, chinese: str, in_chinese: None) -> None:
    assert recorded(english) == chinese
