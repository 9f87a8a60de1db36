"""Which changes are wanted: by words, sections, sources and kinds. The words are queries of `gdfupin search`."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ..search.chinese_scripts import folding
from ..search.folding import fold
from ..search.query_text import Clause, parse, wanted
from ..search.snippets import MarkedWords
from .change_batch import ChangeBatch
from .changed_text import Where
from .difference import Difference


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

    def holds(self, change: Difference) -> bool:
        return bool(self.among(ChangeBatch([change])))

    def among(self, batch: ChangeBatch) -> frozenset[int]:
        """The numbers of the changes that meet all conditions."""
        found = batch.of_kinds(self.kinds) if self.kinds else batch.all
        if self.sections:
            found &= batch.of_sections(self._folded_sections)
        if self.sources:
            found &= batch.of_sources(self._folded_sources)
        if self.words:
            found &= frozenset[int]().union(*(self._with_words(clauses, batch) for clauses in self._queries))
        return found

    def _with_words(self, clauses: Sequence[Clause], batch: ChangeBatch) -> frozenset[int]:
        found = batch.all
        for clause in clauses:
            has = ((term, batch.with_word(term.text, self.where, any_script=self.any_script)) for term in clause)
            found &= frozenset[int]().union(*(batch.all - some if term.excluded else some for term, some in has))
        return found

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
