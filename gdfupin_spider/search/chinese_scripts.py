"""Traditional characters as simplified ones, each as exactly one, so that positions stay; and tokens for both.

The index has the tokens of a text as it is written. Only where a text has a traditional character, a second row of tokens follows: its
pairs and characters as simplified ones, each behind a mark. A word in simplified characters is then in one of the two rows exactly
where it is in the text, in whichever script that is written. A text without traditional characters costs nothing.
"""

import functools
from collections.abc import Callable
from importlib import resources
from itertools import chain
from operator import add

from .folding import fold, index_text, phrase, token_form

FILE = "chinese_scripts.tsv"
"""See chinese_scripts.NOTICE.txt for source and licence."""
_PAIR, _SINGLE = "繁", "繁繁繁"
"""Marks. Marked tokens have three and four characters, all others of characters one or two."""


_COMPATIBLE = range(0x2E80, 0x3400), range(0xF900, 0xFB00), range(0x1F200, 0x1F300), range(0x2F800, 0x2FA20)
"""Radicals, characters in circles and squares, compatibility ideographs."""


def fold_script(text: str) -> str:
    """The text with width and case folded and traditional characters as simplified ones, of the same length.

    >>> fold_script("廣東省ＧＤＰ發展，乾隆头髮")
    '广东省gdp发展,干隆头发'
    """
    return fold(text).translate(_table())


def folding(*, any_script: bool) -> Callable[[str], str]:
    """How texts and words are folded. `any_script`: with traditional characters as simplified ones."""
    return fold_script if any_script else fold


def index_text_of_scripts(text: str) -> str:
    """The tokens of a text, for searches with and without `fold_script`.

    >>> index_text_of_scripts("扶貧").split()
    ['every', '扶貧', '扶', '貧', '繁扶贫', '繁繁繁扶', '繁繁繁贫']
    >>> index_text_of_scripts("扶贫") == index_text("扶贫")
    True
    """
    tokens = index_text(text)
    if _changed().isdisjoint(text):
        return tokens
    form = token_form(fold_script(text))
    pairs = (f"{_PAIR}{pair}" for pair in map(add, form, form[1:]))
    return " ".join((tokens, *pairs, *(f"{_SINGLE}{each}" for each in dict.fromkeys(form))))


def phrase_of_scripts(word: str) -> str:
    """What the index is asked for a word in either script.

    >>> phrase_of_scripts("扶貧"), phrase_of_scripts("貧")
    ('("扶贫" OR "繁扶贫")', '("贫" OR "繁繁繁贫")')
    """
    simplified = fold_script(word)
    form = token_form(simplified)
    marked = " ".join(f"{_PAIR}{pair}" for pair in map(add, form, form[1:])) or f"{_SINGLE}{form}"
    return f'({phrase(simplified)} OR "{marked}")'


@functools.cache
def _changed() -> frozenset[str]:
    """Characters that are folded otherwise than by `fold` alone: the traditional ones, and compatibility forms of some."""
    characters = map(chr, chain(_table(), *_COMPATIBLE))
    return frozenset(each for each in characters if fold_script(each) != fold(each))


@functools.cache
def _table() -> dict[int, str]:
    rows = resources.files(__package__).joinpath(FILE).read_text("utf-8").splitlines()
    pairs = (row.split("\t") for row in rows)
    return {ord(each): simplified for simplified, traditional in pairs for each in traditional}
