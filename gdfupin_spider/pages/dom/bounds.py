"""Bounds of a page, applied before the parser sees it: what exceeds one is cut off, and a note says so.

Each is many times the largest page of such a site. The parser and the walk take time and memory for each tag, and the parser
compares each attribute of an element with all before it.
"""

import re

from ...messages.text import N_, joined

MOST_TAGS = 100_000
"""Beginnings of tags. A listing of 5,000 rows has some 30,000; the parser and the walk need about 1 KB of memory for each."""
MOST_LINE_ENDS = 100_000
"""Line ends of a page with `<pre>`, where each begins a line."""
LONG_TAG = 20_000
"""Bytes from which on the attributes of a tag are looked at, and bytes of one attribute. Only the view state of ASP.NET, in an
`<input>`, and embedded pictures are longer."""
_SMALL = 60_000
"""Bytes of a page that is not looked at: it cannot have so many tags or lines, and the parser takes 0.2 s for all of them as
attributes of one element."""
_KEPT = 1_000
"""Bytes that are kept of a longer attribute."""
MOST_ATTRIBUTES = 500
"""Attributes of a long tag; it loses all of them beyond this number."""
MOST_SPANNED = 100
"""Lines of a link; an unclosed one ends after them, because each of its lines has the text of all."""
DEEPEST = 500
"""Blocks in blocks. Browsers nest no more than 512 elements; further ones only end a line."""
_LONG = re.compile(rb"<([a-zA-Z][^\s<>/]*)([^<>]{%d,})" % LONG_TAG)
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")


def bounded(data: bytes) -> tuple[bytes, str | None]:
    """The page as far as it is read, and what was cut off; None if nothing."""
    if len(data) <= _SMALL:
        return data, None
    cut = []
    if data.count(b"<") > MOST_TAGS:
        data = _beginning(data, b"<", MOST_TAGS)
        cut.append(N_("{count:,} tags", count=MOST_TAGS))
    if data.count(b"\n") > MOST_LINE_ENDS and b"<pre" in data.lower():
        data = _beginning(data, b"\n", MOST_LINE_ENDS)
        cut.append(N_("{count:,} lines", count=MOST_LINE_ENDS))
    if max(map(len, data.split(b"<"))) > LONG_TAG:
        data, is_cut = _with_short_tags(data)
        if is_cut:
            cut.append(
                N_(
                    "{attributes:d} attributes of an element, or {size:,} bytes of one",
                    attributes=MOST_ATTRIBUTES,
                    size=LONG_TAG,
                )
            )
    if not cut:
        return data, None
    return data, N_("the page has more than {bounds}; only these are read", bounds=joined(cut, N_(" and ")))


def _with_short_tags(data: bytes) -> tuple[bytes, bool]:
    """The page without attributes that are too many or too long, and whether one was cut that is not embedded data."""
    is_cut = False

    def shorter(tag: re.Match[bytes]) -> bytes:
        nonlocal is_cut
        name, attributes = tag[1], tag[2]
        rest = _QUOTED.sub(b"", attributes).split()
        if len(rest) > MOST_ATTRIBUTES or (name.lower() != b"input" and max(map(len, rest), default=0) > LONG_TAG):
            is_cut = True
            return b"<" + name + b" "
        return tag[0] if name.lower() == b"input" else b"<" + name + _QUOTED.sub(value, attributes)

    def value(quoted: re.Match[bytes]) -> bytes:
        nonlocal is_cut
        if len(quoted[0]) <= LONG_TAG:
            return quoted[0]
        is_cut = is_cut or quoted[0][1:6].lower() != b"data:"
        return quoted[0][:_KEPT] + quoted[0][:1]

    return _LONG.sub(shorter, data), is_cut


def _beginning(data: bytes, sign: bytes, count: int) -> bytes:
    """The data before this sign occurs for the (count + 1)th time."""
    rest = data.split(sign, count + 1)[-1]
    return data[: len(data) - len(rest) - 1]
