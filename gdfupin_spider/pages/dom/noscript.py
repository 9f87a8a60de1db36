"""`<noscript>` as browsers read it, whose scripts are on: raw text up to `</noscript>`.

The parser takes its content for markup, so that an element that is not closed in it swallows the rest of the page.
"""

import re
from collections import Counter

_OPENS = re.compile(rb"<!--|<(script|style|textarea|title|noscript)(?=[\s/>])")
_TAG = re.compile(rb"<(/?)([a-z][a-z0-9]*)")
_MARKUP = re.compile(rb"<[^>]*>?")
_HARMLESS = frozenset(b"area base br col embed hr img input link meta param source wbr p".split())
"""Elements without an end tag, or that the end of any other one closes."""


def with_raw_noscript(data: bytes, lower: bytes) -> bytes:
    """A page without the markup of each `<noscript>` in which an element is not closed. `lower`: the page in lower case."""
    pieces: list[bytes] = []
    kept = at = 0
    unclosed: set[bytes] = set()
    """Names of which no end tag follows: they are not searched again, as a page may open them a million times."""
    while (opens := _OPENS.search(lower, at)) is not None:
        at, name = opens.end(), opens[1] or b"--"
        if name in unclosed:
            continue
        end = lower.find(b"-->" if name == b"--" else b"</" + name, at)
        if end < 0:
            unclosed.add(name)
            continue
        if name == b"noscript" and (start := lower.find(b">", at, end)) >= 0 and not _is_closed(lower[start + 1 : end]):
            pieces += data[kept : start + 1], _MARKUP.sub(b"", data[start + 1 : end])
            kept = end
        at = end
    return b"".join((*pieces, data[kept:])) if pieces else data


def _is_closed(markup: bytes) -> bool:
    """Whether as many elements of each name, and comments, are closed as opened.

    >>> _is_closed(b"<div><img></div>"), _is_closed(b"<div><a href=x>")
    (True, False)
    """
    left: Counter[bytes] = Counter()
    for tag in _TAG.finditer(markup):
        left[tag[2]] += -1 if tag[1] else 1
    if markup.count(b"<!--") != markup.count(b"-->"):
        return False
    return not any(count for name, count in left.items() if name not in _HARMLESS)
