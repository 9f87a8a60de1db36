"""Whether an edit is substantive or cosmetic."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from .difference import ComparedArticle, Weight, content_fields

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DATE = re.compile(r"\d+(?:\.\d+){2,}")
_BETWEEN = re.compile(r"(?<=\d)([^\w\s]+)(?=\d)")
_SIGNED = re.compile(r"(?<![0-9A-Za-z])-(?=\d)")
_MARK = re.compile(r"[^\w%‰]|_")


def weight(old: ComparedArticle, new: ComparedArticle) -> Weight:
    """`cosmetic` if only white space, width or punctuation changed, else `substantive`."""
    pairs = zip(content_fields(old), content_fields(new), strict=True)
    return "cosmetic" if all(one == other or _alike(one, other) for one, other in pairs) else "substantive"


def _alike(old: Any, new: Any) -> bool:
    if isinstance(old, str) and isinstance(new, str):
        one, other = old.split("\n"), new.split("\n")
        while one and other and one[-1] == other[-1]:  # most of a body is the same
            del one[-1], other[-1]
        head = beginning(one, other)
        return core("\n".join(one[head:])) == core("\n".join(other[head:]))
    if isinstance(old, tuple) and isinstance(new, tuple):
        return len(old) == len(new) and all(a == b or _alike(a, b) for a, b in zip(old, new, strict=True))
    return False


def beginning(one: Sequence[str], other: Sequence[str]) -> int:
    """Number of equal lines at the beginning."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def core(text: str) -> str:
    """The text without white space, width and punctuation; numbers stay distinct.

    >>> core("“扶贫”， 工作（一）") == core("「扶贫」工作 (一)。"), core("共１，２００元") == core("共1200元")
    (True, True)
    >>> core("增长3.5%") == core("增长35%"), core("3、5日") == core("35日"), core("2021-1-3") == core("2021.1.3")
    (False, False, True)
    """
    text = unicodedata.normalize("NFKC", text)
    text = _THOUSANDS.sub("", text)
    text = _DATE.sub(lambda match: match[0].replace(".", "-"), text)
    # Between digits a mark divides numbers, or makes a fraction of two: which marks, but for the point, says nothing.
    text = _BETWEEN.sub(lambda match: "." if match[1] == "." else "+", text)
    return _MARK.sub(_kept, text)


def _kept(mark: re.Match[str]) -> str:
    """The mark if it matters (decimal point, sign), else an empty string."""
    char, text, at = mark[0], mark.string, mark.start()
    if char in ".+" and 0 < at < len(text) - 1 and text[at - 1].isdigit() and text[at + 1].isdigit():
        return char
    if char == "-" and _SIGNED.match(text, at):
        return char
    return "" if unicodedata.category(char)[0] in "PZC" else char
