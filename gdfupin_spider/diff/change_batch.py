"""Some changes together, of which many filters each ask which have a word: 200 alerts on 1,000 changes are 200,000 pairs."""

import functools
from collections.abc import Callable, Collection, Sequence

from ..search.chinese_scripts import fold_script
from ..search.folding import fold
from .changed_text import ChangedText, Where
from .difference import Difference

MOST = 1000
"""Changes of a batch; their texts are in memory."""


class ChangeBatch:
    """Changes by number, from 0. Each answer is computed once."""

    def __init__(self, changes: Sequence[Difference], folding: Callable[[str], str] = fold) -> None:
        self.changes = changes
        self.all = frozenset(range(len(changes)))
        """The numbers of all changes."""
        self._texts = [ChangedText(change, folding) for change in changes]
        self._known: dict[tuple[str, object], frozenset[int]] = {}

    def of_kinds(self, kinds: Collection[str]) -> frozenset[int]:
        return frozenset(n for n, change in enumerate(self.changes) if change.kind in kinds)

    def of_sections(self, folded: frozenset[str]) -> frozenset[int]:
        """Those that were or are in one of these sections."""
        return self._once(("sections", folded), lambda text: not folded.isdisjoint(text.sections))

    def of_sources(self, folded: frozenset[str]) -> frozenset[int]:
        """Those with one of these sources, before or after."""
        return self._once(("sources", folded), lambda text: not folded.isdisjoint(text.sources))

    def with_word(self, word: str, where: Where, *, any_script: bool) -> frozenset[int]:
        """Those that have a folded word. `any_script`: traditional characters are taken for simplified ones."""
        if any_script:
            return self._of_any_script.with_word(word, where, any_script=False)
        key = where, word
        if key not in self._known:
            if where == "anywhere":
                self._known[key] = frozenset(n for n, whole in enumerate(self._wholes) if word in whole)
            else:
                some = self.with_word(word, "anywhere", any_script=False)
                self._known[key] = frozenset(n for n in some if self._texts[n].is_changed(word))
        return self._known[key]

    @functools.cached_property
    def _wholes(self) -> list[str]:
        return [text.whole for text in self._texts]

    @functools.cached_property
    def _of_any_script(self) -> "ChangeBatch":
        return ChangeBatch(self.changes, fold_script)

    def _once(self, key: tuple[str, object], holds: Callable[[ChangedText], bool]) -> frozenset[int]:
        if key not in self._known:
            self._known[key] = frozenset(n for n, text in enumerate(self._texts) if holds(text))
        return self._known[key]
