"""English in a file that the program wrote for a Chinese reader."""

import re
from html import unescape

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,}(?:[ ,;]+(?:[A-Za-z]{2,}|a)){2,}")
"""Three words in a row."""
CODE = re.compile(r"`[^`]+`|https?://\S+|(?<=chmod )600 \S+")
NO_TEXT = re.compile(r"<(style|script|pre)\b.*?</\1>|<[^>]+>", re.DOTALL)
NAMES = re.compile(r"https?://[^\s<]+|\b[0-9a-f]{32,}\b|\d{8}T\d{6}Z-\w+|[\w./-]*[0-9][\w./-]*|[\w-]+(?:\.\w+)+")
SAME = frozenset(("HTTP", "SHA", "UTC", "WARC"))
"""Words that are the same in Chinese."""


def english(text: str) -> list[str]:
    """What somebody would have to translate."""
    return [each[0] for each in ENGLISH.finditer(CODE.sub("·", text))]


def words_of_page(html: str) -> set[str]:
    """Latin words that a page shows, besides addresses, names and digests."""
    return set(re.findall(r"[A-Za-z]{2,}", NAMES.sub("·", unescape(NO_TEXT.sub("\n", html))))) - SAME
