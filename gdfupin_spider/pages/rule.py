"""Rules of reading: what is observed about such sites or about HTML, each with a name, a reason, and pages that need it.

A rule is an object beside the code that uses it: a pattern, a list of words, a limit, or a switch in front of a step. A rule that
is off never matches. Nothing but `Rule.off` switches a rule, and nothing but tests uses that: a test reads the pages of each
rule without it and demands another result (tests/pages/test_rules.py). docs/rules.md is generated from the rules.
"""

import contextlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import AnyStr, Generic, TypeVar

_REGISTRY: "dict[str, Rule]" = {}
_CACHES: list[Callable[[], object]] = []


class Rule:
    """A rule as a switch: code asks `on` before the step that the rule is about."""

    __slots__ = ("module", "name", "on", "pages", "sentence")

    def __init__(self, name: str, sentence: str, pages: str = "") -> None:
        if name in _REGISTRY:
            raise ValueError(f"two rules have the name {name!r}")
        self.name = name
        self.sentence = sentence
        """What the rule observes, about which sites or which quirk of HTML."""
        self.pages = tuple(pages.split())
        """Pages of tests/corpus that read differently without the rule, as `profile/name`."""
        self.on = True
        self.module = _module_of_caller()
        """Dotted name of the module that the rule is in."""
        _REGISTRY[name] = self

    def __repr__(self) -> str:
        return f"<rule {self.name}{'' if self.on else ' (off)'}>"

    @contextlib.contextmanager
    def off(self) -> Iterator[None]:
        """Within the context the rule never matches, in all threads."""
        self._switch(False)
        try:
            yield
        finally:
            self._switch(True)

    def _switch(self, on: bool) -> None:
        self.on = on
        for clear in _CACHES:
            clear()


class PatternRule(Rule, Generic[AnyStr]):
    """A rule that is a regular expression. Its methods are those of the compiled expression, at the same cost."""

    __slots__ = ("_compiled", "findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub")

    def __init__(
        self, name: str, sentence: str, pattern: AnyStr, flags: "re.RegexFlag | int" = 0, pages: str = ""
    ) -> None:
        super().__init__(name, sentence, pages)
        self._compiled: re.Pattern[AnyStr] = re.compile(pattern, flags)
        self._use(self._compiled)

    def _use(self, pattern: "re.Pattern[AnyStr]") -> None:
        self.pattern: AnyStr = pattern.pattern
        self.match: Callable[..., re.Match[AnyStr] | None] = pattern.match
        self.search: Callable[..., re.Match[AnyStr] | None] = pattern.search
        self.fullmatch: Callable[..., re.Match[AnyStr] | None] = pattern.fullmatch
        self.finditer: Callable[..., Iterator[re.Match[AnyStr]]] = pattern.finditer
        self.findall: Callable[..., list[AnyStr]] = pattern.findall
        self.split: Callable[..., list[AnyStr]] = pattern.split
        self.sub: Callable[..., AnyStr] = pattern.sub

    def _switch(self, on: bool) -> None:
        never = "(?!)" if isinstance(self._compiled.pattern, str) else b"(?!)"
        self._use(self._compiled if on else re.compile(never))
        super()._switch(on)


class WordRule(Rule):
    """A rule that is a list of words: `text in RULE`, or faster `text in RULE.words`."""

    __slots__ = ("_all", "words")

    def __init__(self, name: str, sentence: str, words: str | Iterable[str], pages: str = "") -> None:
        """`words`: a text is divided at white space."""
        super().__init__(name, sentence, pages)
        self._all = tuple(words.split() if isinstance(words, str) else words)
        self.words = frozenset(self._all)

    def __contains__(self, text: object) -> bool:
        return text in self.words

    def _switch(self, on: bool) -> None:
        self.words = frozenset(self._all) if on else frozenset()
        super()._switch(on)


_Number = TypeVar("_Number", int, float)


class LimitRule(Rule, Generic[_Number]):
    """A rule that is a number: `line.size > RULE.value`. While it is off, the value is one that decides nothing."""

    __slots__ = ("_limit", "_neutral", "value")

    def __init__(self, name: str, sentence: str, value: _Number, neutral: _Number, pages: str = "") -> None:
        super().__init__(name, sentence, pages)
        self.value: _Number = value
        self._limit: _Number = value
        self._neutral: _Number = neutral

    def _switch(self, on: bool) -> None:
        self.value = self._limit if on else self._neutral
        super()._switch(on)


def registered() -> tuple[Rule, ...]:
    """The rules of all modules that are imported, in the order of their files."""
    return tuple(sorted(_REGISTRY.values(), key=lambda rule: rule.module))


def cleared_by_rules(clear: Callable[[], object]) -> None:
    """Names a cache whose content depends on rules: it is cleared when one is switched."""
    _CACHES.append(clear)


def _module_of_caller() -> str:
    """The name of the module that makes a rule: the first one outside this file."""
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] == __name__ and frame.f_back is not None:
        frame = frame.f_back
    return str(frame.f_globals["__name__"])
