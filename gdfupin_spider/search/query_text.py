"""What people type into a search: words, `-word`, "phrases", OR. Nothing that can be typed is an error."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .chinese_scripts import phrase_of_scripts
from .folding import EVERY, fold, phrase

SPACE = " \t\n\r\u00a0\u3000"
"""What separates words."""
_PART = re.compile(rf'(?P<without>-(?=[^{SPACE}]))?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^{SPACE}]+))')
OR = "OR"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase."""

    text: str
    """Folded; not empty."""
    excluded: bool = False
    """Written with `-`: texts without it are found."""


Clause = tuple[Term, ...]
"""Alternatives, as OR joins them; at least one."""


def parse(text: str, folding: Callable[[str], str] = fold) -> tuple[Clause, ...]:
    """The clauses that must all hold, their words folded. White space separates words; a phrase begins and ends with `"`.

    A `"` that is not closed makes a phrase to the end. A `-` that nothing follows is a word, and so is an OR that does not
    stand between two words. Without words there is no clause, and everything is found.

    >>> parse('扶贫 -协会 "两不愁 三保障')
    ((Term(text='扶贫', excluded=False),), (Term(text='协会', excluded=True),), (Term(text='两不愁 三保障', excluded=False),))
    >>> [[term.text for term in clause] for clause in parse("OR 村 OR ＧＤＰ -")]
    [['or'], ['村', 'gdp'], ['-']]
    """
    parts = [found for found in _PART.finditer(text) if found["phrase"] != ""]
    clauses: list[Clause] = []
    joins = False
    for number, found in enumerate(parts):
        if found[0] == OR and clauses and not joins and number + 1 < len(parts):
            joins = True
            continue
        term = Term(folding(found["phrase"] or found["word"]), bool(found["without"]))
        clauses[-1:] = [(*clauses[-1], term)] if joins else [*clauses[-1:], (term,)]
        joins = False
    return tuple(clauses)


def contradiction(clauses: Sequence[Clause]) -> str | None:
    """A word that must be there and has another one inside that must not; None where there is none."""
    alone = [clause[0] for clause in clauses if len(clause) == 1]
    refused = [term.text for term in alone if term.excluded]
    return next((term.text for term in alone if not term.excluded and any(each in term.text for each in refused)), None)


def match_expression(clauses: Sequence[Clause], column: str | None = None, *, any_script: bool = False) -> str:
    """The same for FTS5 `MATCH`. `column`: `title` or `body` alone. `any_script`: in simplified and traditional characters.

    FTS5 knows no NOT without a left side, so a clause with excluded terms is turned round: not (all of these without any of those).

    >>> match_expression(parse("扶贫 村 OR 镇 -协会"))
    '("扶贫") AND ("村" OR "镇") NOT ("协会")'
    >>> match_expression(parse("-协会"), "title")
    'title : (every NOT ("协会"))'
    """
    asked = phrase_of_scripts if any_script else phrase
    held: list[str] = []
    refused: list[str] = []
    for clause in clauses:
        found, excluded = ([asked(term.text) for term in clause if term.excluded is flag] for flag in (False, True))
        if not excluded:
            held.append(f"({' OR '.join(found)})")
        else:
            without = f" NOT ({' OR '.join(found)})" if found else ""
            refused.append(f"{' AND '.join(excluded)}{without}")
    expression = " AND ".join(held) or EVERY
    if refused:
        one = refused[0] if len(refused) == 1 else " OR ".join(f"({each})" for each in refused)
        expression = f"{expression} NOT ({one})"
    return f"{column} : ({expression})" if column is not None else expression


def wanted(clauses: Sequence[Clause]) -> tuple[str, ...]:
    """The folded terms that are shown and marked in what is found, each once."""
    return tuple(dict.fromkeys(term.text for clause in clauses for term in clause if not term.excluded))


def holds(clauses: Sequence[Clause], texts: Sequence[str]) -> bool:
    """Whether folded texts have what is asked for. A word must be within one of them.

    >>> [holds(parse("扶贫 村 OR 镇 -协会"), texts) for texts in (["扶贫", "一个镇"], ["扶贫协会", "村"], ["扶", "贫村"])]
    [True, False, False]
    """
    return all(any(_is_in(term.text, texts) is not term.excluded for term in clause) for clause in clauses)


def _is_in(word: str, texts: Sequence[str]) -> bool:
    return any(word in text for text in texts)


def normalised(clauses: Sequence[Clause]) -> str:
    """One text for all queries that ask the same in other words: folded, sorted, each clause once. Parsing it gives those clauses.

    >>> normalised(parse("村 OR 镇 -协会　ＧＤＰ 镇 OR 村"))
    '"gdp" "村" OR "镇" -"协会"'
    """
    texts = {f" {OR} ".join(sorted({_written(term) for term in clause}, key=_by_word)) for clause in clauses}
    return " ".join(sorted(texts, key=_by_word))


def _by_word(text: str) -> tuple[bool, str]:
    return text.startswith("-"), text


def _written(term: Term) -> str:
    """In quotation marks, unless it contains one: then it is a word that begins with none, and has no white space."""
    return "-" * term.excluded + (term.text if '"' in term.text else f'"{term.text}"')
