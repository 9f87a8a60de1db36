"""The places of words in a text, for people: a few stretches with marks. Positions of the folded text are those of the text."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from .folding import fold

Marked = tuple[tuple[str, bool], ...]
"""Pieces of text in order; True: a word that was searched."""
_LENGTH = 120
"""Characters of a snippet, without its marks."""
_BEFORE = 30
"""Characters before the first word."""
_LINE_ENDS = str.maketrans(dict.fromkeys("\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029", " "))


class MarkedWords(NamedTuple):
    """Words that are marked in texts, and how these are folded; as arguments of the functions below."""

    words: tuple[str, ...] = ()
    """Folded so."""
    folding: Callable[[str], str] = fold


UNMARKED = MarkedWords()


def marked_title(title: str, words: Sequence[str], folding: Callable[[str], str] = fold) -> Marked:
    """The whole title, with marks.

    >>> marked_title("ＧＤＰ增长", ["gdp"])
    (('ＧＤＰ', True), ('增长', False))
    """
    return tuple(_pieces(title, _spans(folding(title), words)))


def snippet(body: str, words: Sequence[str], folding: Callable[[str], str] = fold) -> Marked:
    """The stretch with most of the words, each line end a space; the beginning of the text where none is in it.

    >>> snippet("今年修路，路修好了。", ["修路"])
    (('今年', False), ('修路', True), ('，路修好了。', False))
    """
    spans = _spans(folding(body), words)
    begin = max(0, _densest(spans) - _BEFORE)
    end = min(len(body), begin + _LENGTH)
    inside = [(max(first, begin) - begin, min(last, end) - begin) for first, last in spans if begin <= first < end]
    pieces = list(_pieces(body[begin:end].translate(_LINE_ENDS), inside))
    if begin > 0:
        pieces.insert(0, ("…", False))
    if end < len(body):
        pieces.append(("…", False))
    return tuple(pieces)


def plain(marked: Marked, before: str = "", after: str = "") -> str:
    """As one text, with these marks around the words."""
    return "".join(f"{before}{text}{after}" if is_word else text for text, is_word in marked)


def _spans(folded: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where words are, in order; those that touch are one."""
    found: list[tuple[int, int]] = []
    for word in words:
        at = folded.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = folded.find(word, at + 1)
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _densest(spans: Sequence[tuple[int, int]]) -> int:
    """Where the stretch with most marked places begins; the first one of several."""
    best, most, behind = 0, 0, 0
    for number, (first, _) in enumerate(spans):
        behind = max(behind, number)
        while behind < len(spans) and spans[behind][1] <= first + _LENGTH - _BEFORE:
            behind += 1
        if behind - number > most:
            best, most = first, behind - number
    return best if spans and most else spans[0][0] if spans else 0


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    at = 0
    for first, last in spans:
        if first > at:
            yield text[at:first], False
        yield text[first:last], True
        at = last
    if at < len(text):
        yield text[at:], False
