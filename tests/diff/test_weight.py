"""Whether an edit changed what is said, or only how it is set."""

import pytest

from gdfupin_spider.diff.significance import weight
from tests.diff.records import article


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("会议在广州召开。", "会议在 广州\u3000召开。"),
        ("会议在广州召开。", "会议在\n广州召开。"),
        ("共ＡＢ１２户", "共AB12户"),
        ("“扶贫”、（一）", "「扶贫」, (一)"),
        ("会议在广州召开", "会议在广州召开。"),
        ("共1,200元", "共1200元"),
        ("2021-1-13", "2021/1/13"),
        ("会议\u200b召开", "会议召开"),
    ],
)
def test_white_space_width_and_punctuation_are_cosmetic(old: str, new: str) -> None:
    assert weight(article(body=old), article(body=new)) == "cosmetic"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("会议在广州召开。", "会议在深圳召开。"),
        ("共12户", "共13户"),
        ("增长3.5倍", "增长35倍"),
        ("增长3.5倍", "增长3，5倍"),
        ("增长5%", "增长5"),
        ("气温-5度", "气温5度"),
        ("第3、5组", "第35组"),
    ],
)
def test_another_word_or_number_is_substantive(old: str, new: str) -> None:
    assert weight(article(body=old), article(body=new)) == "substantive"


def test_a_field_that_comes_or_goes_is_substantive() -> None:
    assert weight(article(source=None), article()) == "substantive"
    assert weight(article(captions=[None]), article(captions=["。"])) == "substantive"
    assert weight(article(), article(captions=["图"])) == "substantive"


def test_one_substantive_field_outweighs_all_others() -> None:
    assert weight(article(body="甲。", title="题"), article(body="甲", title="新题")) == "substantive"
