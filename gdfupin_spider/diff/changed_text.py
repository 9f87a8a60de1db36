"""The text of a change, and which of it was added or deleted."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from ..search.folding import fold
from ..search.known_names import names_of_source
from .difference import ComparedArticle, Difference
from .text_diff import TextBlock, TextRun, runs, text_diff

Where = Literal["anywhere", "changed"]
"""Where words must be: in title or body, before or after; or only in text of them that was added or deleted."""
Span = tuple[int, int]
_BOUNDARY = "\ufffe"
"""Between two texts; no character, so that no word has it."""


class ChangedText:
    """Titles, bodies and names of one change, folded."""

    def __init__(self, change: Difference, folding: Callable[[str], str]) -> None:
        self._change, self._folding = change, folding
        self._records = [record for record in (change.old, change.new) if record is not None]

    @functools.cached_property
    def sections(self) -> frozenset[str]:
        """Folded; before and after."""
        names = self._change.section, self._change.section_before, *(record["section"] for record in self._records)
        return frozenset(fold(name) for name in names if name)

    @functools.cached_property
    def sources(self) -> frozenset[str]:
        """Folded, as printed and by canonical name; before and after."""
        return frozenset(name for record in self._records for name in names_of_source(record["source"]))

    @functools.cached_property
    def _texts(self) -> list[str]:
        return [self._folding(record[name]) for record in self._records for name in ("title", "body")]

    @functools.cached_property
    def whole(self) -> str:
        """All of it, folded; no word is in two texts together."""
        return _BOUNDARY.join(self._texts)

    def is_changed(self, word: str) -> bool:
        """Whether this folded word, which is there, is in text that was added or deleted."""
        if self._change.kind in ("added", "gone", "reappeared"):
            return True
        length = len(word)
        return any(
            word in text[max(0, begin - length + 1) : end + length - 1]
            for text, spans in zip(self._texts, self._spans, strict=True)
            for begin, end in spans
        )

    @functools.cached_property
    def _spans(self) -> list[list[Span]]:
        """Where each text differs. A span of no characters is where something was inserted or deleted on the other side."""
        old, new = self._change.old, self._change.new
        if old is None or new is None or self._change.kind not in ("edited", "reread"):
            return [[] for _ in self._texts]
        title, body = _title_blocks(old, new), text_diff(old["body"], new["body"])
        return [
            list(_spans(blocks, kind))
            for kind, order in (("cut", _by_old), ("put", _by_new))
            for blocks in (order(title), order(body))
        ]


def _title_blocks(old: ComparedArticle, new: ComparedArticle) -> list[TextBlock]:
    one = range(1)
    found = runs(old["title"], new["title"]) if old["title"] != new["title"] else (TextRun("same", old["title"]),)
    return [TextBlock("changed", one, one, found)]


def _by_old(blocks: Iterable[TextBlock]) -> list[TextBlock]:
    return sorted((block for block in blocks if block.old), key=lambda block: block.old.start)


def _by_new(blocks: Iterable[TextBlock]) -> list[TextBlock]:
    return sorted((block for block in blocks if block.new), key=lambda block: block.new.start)


def _spans(blocks: Iterable[TextBlock], kind: str) -> Iterator[Span]:
    """The runs of this kind, as places of the text; those of the other side have no length."""
    at = 0
    for block in blocks:
        for run in block.runs:
            length = len(run.text) if run.kind in ("same", kind) else 0
            if run.kind != "same":
                yield at, at + length
            at += length
        at += 1  # the line end
