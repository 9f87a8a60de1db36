"""Text as it is compared: what two pages print alike is equal."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def plain(text: str) -> str:
    """Text with its width folded and without white space.

    >>> plain("ＧＤＰ 增长 ８％")
    'GDP增长8%'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SPACE.sub("", text).replace("“", '"').replace("”", '"')
