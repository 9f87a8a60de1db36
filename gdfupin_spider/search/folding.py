"""Text as it is searched: width and case folded, each character to exactly one, so that positions stay.

The full-text index of SQLite (FTS5, tokenizer `ascii`) gets its tokens from here: each pair of adjacent characters in the order of
the text, then each character once. The phrase of the pairs of a word therefore occurs exactly where the word does, of whatever
characters it is made. Tokenizers of SQLite cannot do that: `unicode61` takes a whole sentence for one word, `trigram` finds
nothing of two characters, and both lose punctuation.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache
from operator import add

TABLE = "CREATE VIRTUAL TABLE search USING fts5 (body, title, content='', tokenize='ascii')"
"""The index, of an archive and of a release; its row numbers are those of the table beside it. The first column takes the least space."""
EVERY = "every"
"""A token of all texts: matches everything. Other tokens have one or two characters."""
_ASCII = 0x10FF00
"""The tokenizer takes ASCII punctuation for space; a token has U+10FF00 + the number of such a character in its place."""
_UNKNOWN = "\ufffd"
"""For what no text of SQLite holds, and for the characters that stand for punctuation."""
_FOLDED_RANGES = (
    range(0x3400),
    range(0xA000, 0xAC00),
    range(0xD7A4, 0x20000),
    range(0x2F800, 0x2FA20),
    range(0x10FF00, 0x10FF80),
)
"""Characters outside of these fold to themselves."""


class _Folded(dict[int, str]):
    def __missing__(self, number: int) -> str:
        self[number] = folded = _fold_character(chr(number))
        return folded


class _TokenForm(dict[int, str]):
    def __missing__(self, number: int) -> str:
        folded = _FOLDED[number]
        self[number] = form = folded if folded.isalnum() or folded > "\x7f" else chr(_ASCII + ord(folded))
        return form


_FOLDED = _Folded()
_TOKEN_FORM = _TokenForm()


def fold(text: str) -> str:
    """The text with width and case folded, of the same length. Two texts that differ only so are one for a search.

    >>> fold("ＧＤＰ增长７％，（第３批）")
    'gdp增长7%,(第3批)'
    """
    return text.translate(_FOLDED)


def token_form(text: str) -> str:
    """The text folded, with the characters that it has in tokens."""
    return text.translate(_TOKEN_FORM)


def index_text(text: str) -> str:
    """The tokens of a text, separated by spaces.

    >>> index_text("脱贫脱贫").split()
    ['every', '脱贫', '贫脱', '脱贫', '脱', '贫']
    """
    form = token_form(text)
    pairs = [" "] * (3 * max(0, len(form) - 1))  # by slices: half the time of a string for each pair
    pairs[::3], pairs[1::3] = form[:-1], form[1:]
    return f"{EVERY} {''.join(pairs)}{' '.join(dict.fromkeys(form))}"


def phrase(word: str) -> str:
    """What the index is asked for a word of at least one character.

    >>> phrase("扶贫攻坚"), phrase("坚")
    ('"扶贫 贫攻 攻坚"', '"坚"')
    """
    form = token_form(word)
    return f'"{" ".join(map(add, form, form[1:])) or form}"'


@cache
def token_forms() -> tuple[tuple[str, str], ...]:
    """(character, its form in tokens) of each character that is written otherwise there; for queries in SQL alone."""
    candidates = (character for row in _rows() if _has_forms(row) for character in row)
    forms = ((character, token_form(character)) for character in candidates)
    return tuple((character, form) for character, form in forms if form != character)


def _rows() -> Iterator[str]:
    """The characters of _FOLDED_RANGES, 64 in a row."""
    for numbers in _FOLDED_RANGES:
        for begin in range(0, len(numbers), 64):
            yield "".join(map(chr, numbers[begin : begin + 64]))


def _has_forms(row: str) -> bool:
    """Whether some of these characters may have another form. False for most rows, at the price of one string."""
    if row.isascii() or row[0] >= chr(_ASCII):  # punctuation, and what stands for it: no matter of width or case
        return True
    return not (unicodedata.is_normalized("NFKC", row) and row.lower() == row == row.casefold())


def _fold_character(character: str) -> str:
    if "\ud800" <= character <= "\udfff" or 0 <= ord(character) - _ASCII < 0x80:
        return _UNKNOWN
    before = ""
    while character != before:  # until nothing changes: K (of Kelvin) becomes K, then k
        before = character
        compatible = unicodedata.normalize("NFKC", character)
        character = compatible if len(compatible) == 1 else character
        # Only one of the two: Cherokee letters are folded to capitals and lowered to small letters.
        character = next((form for form in (character.casefold(), character.lower()) if len(form) == 1), character)
    return character
