"""Page text for terminals: control characters made visible, JSON escaped, consoles without markup."""

import json
import re
from collections.abc import Iterator

from rich.console import Console


def shown(text: str) -> str:
    """Page text for a terminal: control and bidi characters become symbols, line ends stay.

    >>> shown("a\\x1b[31mb\\u202ec\\n")
    'a␛[31mb�c\\n'
    """
    return "".join(_symbols(text))


def plain_json(value: object) -> str:
    """One line of JSON in which every character is escaped that a terminal may act upon or cannot print.

    >>> plain_json({"title": "扶贫\x9b31m\u202e"})
    '{"title": "扶贫\\\\u009b31m\\\\u202e"}'
    """
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(value, ensure_ascii=False))


_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _symbols(text: str) -> Iterator[str]:
    for char in text:
        code = ord(char)
        if char in "\n\t" or (code >= 32 and not _is_unseen(code)):
            yield char
        elif code < 32:
            yield chr(0x2400 + code)
        elif code == 127:
            yield "␡"
        else:
            yield "�"


def _is_unseen(code: int) -> bool:
    """True for C1 controls, lone surrogates, line separators, and characters that change the direction of text."""
    return (
        127 <= code < 160
        or code in (0x200E, 0x200F, 0x061C)
        or 0x2028 <= code <= 0x202E
        or 0x2066 <= code <= 0x2069
        or 0xD800 <= code <= 0xDFFF
    )


def console(*, stderr: bool = False) -> Console:
    """A console that does not interpret markup in printed text."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters of a cell that a spreadsheet may run as a formula; the wide ones in Chinese and Japanese settings."""


def cell_text(text: str) -> str:
    """Page text as a cell of a spreadsheet: a `'` in front keeps it from being run as a formula.

    >>> cell_text("=1+1"), cell_text("扶贫")
    ("'=1+1", '扶贫')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
