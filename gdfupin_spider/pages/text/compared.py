"""Text as it is compared: what two pages print alike is equal."""

import re
import unicodedata

_DIGITS = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Text with its width folded and without white space.

    >>> plain("ＧＤＰ 增长 ８％")
    'GDP增长8%'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SPACE.sub("", text).replace("“", '"').replace("”", '"')


def without_digits(text: str) -> str:
    """Text with each number as 0, so that lines that differ in a counter only are equal.

    >>> without_digits("点击:1482次")
    '点击:0次'
    """
    return _DIGITS.sub("0", text)
