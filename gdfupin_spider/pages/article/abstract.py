"""The abstract above a text: its first words once more, cut off. It is not part of the text."""

from collections.abc import Sequence

from ..dom.document import Line
from ..rule import PatternRule
from ..text.compared import plain

_CUT = PatternRule(
    "abstract",
    "DedeCMS and others print the beginning of the text, cut, between byline and text: `全省扶贫工作会议昨日召开...`.",
    r"(?:\.{2,}|…+|。{2,})$",
    pages="general/body-abstract-above-the-text",
)
_LEAST = 12
"""Characters from which on a line that repeats the beginning of the text is no accident."""


def without_abstract(body: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of a body without the abstract that its first line may be. One with a label (摘要), or with words of its
    own, is text."""
    if len(body) < 2:
        return tuple(body)
    text = plain(body[0].text)
    bare = _CUT.sub("", text)
    if not bare or bare == text:
        return tuple(body)
    if len(bare) < _LEAST:  # a short one repeats the whole first line
        return tuple(body[1:]) if plain(body[1].text) == bare else tuple(body)
    following = ""
    for line in body[1:]:
        following += plain(line.text)
        if len(following) >= len(bare):
            break
    return tuple(body[1:]) if following.startswith(bare) else tuple(body)
