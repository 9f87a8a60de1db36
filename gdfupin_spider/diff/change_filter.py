"""Which changes are wanted: by words, sections, sources and kinds. The words are queries of `gdfupin search`."""

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ..search.chinese_scripts import fold_script, folding
from ..search.folding import fold
from ..search.known_names import names_of_source
from ..search.query_text import Clause, parse, wanted
from ..search.snippets import MarkedWords
from .difference import ComparedArticle, Difference
from .text_diff import TextBlock, TextRun, runs, text_diff

Where = Literal["anywhere", "changed"]
"""Where words must be: in title or body, before or after; or only in text of them that was added or deleted."""
Span = tuple[int, int]
_BOUNDARY = "\ufffe"
"""Between two texts; no character, so that no word has it."""


class ChangedText:
    """Titles, bodies and names of one change, folded once for any number of filters."""

    def __init__(self, change: Difference, folding: Callable[[str], str] = fold) -> None:
        self._change, self._folding = change, folding
        self._records = [record for record in (change.old, change.new) if record is not None]

    @functools.cached_property
    def of_any_script(self) -> "ChangedText":
        """The same with traditional characters as simplified ones."""
        return ChangedText(self._change, fold_script)

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
    def _all(self) -> str:
        return _BOUNDARY.join(self._texts)

    def has(self, word: str, where: Where) -> bool:
        """Whether this folded word is there. Filters share words, so answers are kept."""
        answers = self._answers[where]
        if (known := answers.get(word)) is None:
            known = answers[word] = self._has(word, where)
        return known

    @functools.cached_property
    def _answers(self) -> Mapping[Where, dict[str, bool]]:
        return {"anywhere": {}, "changed": {}}

    def _has(self, word: str, where: Where) -> bool:
        if word not in self._all:
            return False
        if where == "anywhere" or self._change.kind in ("added", "gone", "reappeared"):
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


@dataclass(frozen=True)
class ChangeFilter:
    """Conditions on changes: of each non-empty field at least one value must match."""

    words: tuple[str, ...] = ()
    """Queries: words, `-word`, "phrases", OR."""
    sections: tuple[str, ...] = ()
    """Before or after."""
    sources: tuple[str, ...] = ()
    """As printed or by canonical name, before or after."""
    kinds: tuple[str, ...] = ()
    where: Where = "anywhere"
    """Where the words must be."""
    any_script: bool = False
    """Whether simplified and traditional characters are the same."""

    def holds(self, change: Difference, text: ChangedText | None = None) -> bool:
        """`text`: that of the change, where several filters share it."""
        if self.kinds and change.kind not in self.kinds:
            return False
        text = text or ChangedText(change)
        if self.sections and self._folded_sections.isdisjoint(text.sections):
            return False
        if self.sources and self._folded_sources.isdisjoint(text.sources):
            return False
        if not self.words:
            return True
        text = text.of_any_script if self.any_script else text
        return any(_found(clauses, text, self.where) for clauses in self._queries)

    @property
    def text(self) -> str:
        """The same text for the same conditions, in whatever order they were given; empty where there are none."""
        values = [sorted(set(some)) for some in (self.words, self.sections, self.sources, self.kinds)]
        script = ["any script"] if self.any_script else []
        return json.dumps([*values, self.where, *script], ensure_ascii=False) if any(values) else ""

    @functools.cached_property
    def marked(self) -> MarkedWords:
        """The words that are marked where changes are shown."""
        words = tuple(dict.fromkeys(word for clauses in self._queries for word in wanted(clauses)))
        return MarkedWords(words, folding(any_script=self.any_script))

    @functools.cached_property
    def _folded_sections(self) -> frozenset[str]:
        return frozenset(map(fold, self.sections))

    @functools.cached_property
    def _folded_sources(self) -> frozenset[str]:
        return frozenset(map(fold, self.sources))

    @functools.cached_property
    def _queries(self) -> tuple[tuple[Clause, ...], ...]:
        return tuple(parse(query, folding(any_script=self.any_script)) for query in self.words)


EVERYTHING = ChangeFilter()


def _found(clauses: Sequence[Clause], text: ChangedText, where: Where) -> bool:
    for clause in clauses:  # loops: 200 alerts on 1,000 changes come here 200,000 times
        for term in clause:
            if text.has(term.text, where) is not term.excluded:
                break
        else:
            return False
    return True


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
