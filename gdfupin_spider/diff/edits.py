"""An edit in the pieces that people read: short fields as wholes, texts by sentence, numbers and names that changed first."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .align import aligned
from .difference import ComparedArticle, Difference
from .text_diff import TextRun, runs, sentences, text_diff, units

EditKind = Literal["added", "deleted", "edited", "moved"]
WHOLE = ("date", "source", "author", "section")
"""Fields that are compared as wholes: a name with one other character is another name."""
LISTS = ("captions", "attachment names")
"""Fields with one element a line; those that changed are shown."""
AROUND = 24
"""Characters of unchanged text shown on each side of a change."""
WORD = 12
"""Characters of a word or name at most."""
CLOSE = 250_000
"""Most pairs of characters that are compared to find one replacement that was made several times: an edit is seldom longer."""
_KINDS: dict[str, EditKind] = {"put": "added", "cut": "deleted", "changed": "edited", "moved": "moved"}
_NUMBER = re.compile(r"\d|[〇零一二两三四五六七八九十百千万亿]+")
_NO_WORD = re.compile(r"[\W_]")


@dataclass(frozen=True, slots=True)
class SentenceEdit:
    """One sentence that was added, deleted, edited or moved; two that were joined, or one that was divided."""

    kind: EditKind
    runs: tuple[TextRun, ...]
    """Its text. Of a moved one, with its edits."""
    old: range
    """Numbers of the old text's sentences, from 0."""
    new: range

    @property
    def replacements(self) -> tuple[tuple[str, str], ...]:
        """(deleted, inserted) of each place."""
        return tuple(replacements(self.runs))


@dataclass(frozen=True, slots=True)
class TextEdits:
    """The edits of one text."""

    sentences: tuple[SentenceEdit, ...]
    """Those with changed numbers first, then those in which words such as names were replaced, then others; each in the order of the
    text. Empty: only the division into paragraphs changed."""
    same: int
    """Number of sentences that are the same."""


@lru_cache(maxsize=1024)  # a page of changes groups by them, then shows them
def text_edits(old: str, new: str) -> TextEdits:
    """The edits from one body to another."""
    blocks = text_diff("\n".join(sentences(old)), "\n".join(sentences(new)))
    found = [
        SentenceEdit(_KINDS[each.kind], each.runs, each.old, each.new)
        for each in blocks
        if each.kind != "same" and any(run.text for run in each.runs)
    ]
    same = sum(len(block.new) for block in blocks if block.kind == "same") if blocks else len(sentences(new))
    return TextEdits(tuple(sorted(found, key=_rank)), same)


def field_runs(name: str, old: str, new: str) -> tuple[TextRun, ...]:
    """The runs of a field that is not the body.

    >>> [(run.kind, run.text) for run in field_runs("source", "新华社", "新华网")]
    [('cut', '新华社'), ('put', '新华网')]
    """
    if name in LISTS:
        changed = [block.runs for block in text_diff(old, new) if any(run.kind != "same" for run in block.runs)]
        between = (TextRun("same", "; "),)
        return tuple(run for n, some in enumerate(changed) for run in ((*between, *some) if n else some) if run.text)
    if name not in WHOLE:
        return runs(old, new)
    both: tuple[TextRun, ...] = (TextRun("cut", old), TextRun("put", new))
    return tuple(run for run in both if run.text)


def replacements(some: Sequence[TextRun]) -> Iterator[tuple[str, str]]:
    """(deleted, inserted) of each place where a text changed; one of them can be empty.

    >>> list(replacements(runs("共12户脱贫", "共15户脱贫了")))
    [('12', '15'), ('', '了')]
    """
    gone = ""
    for run in some:
        if run.kind == "cut":
            gone = run.text
        elif run.kind == "put":
            yield gone, run.text
            gone = ""
        elif gone:
            yield gone, ""
            gone = ""
    if gone:
        yield gone, ""


def signature(change: Difference) -> tuple[tuple[str, str, str], ...] | None:
    """(field, deleted, inserted) of each replacement of an edit, once, however often a page has it; of texts without the field.

    Equal for the same replacements on two pages. None where an edit has another form.
    """
    if change.kind != "edited" or change.old is None or change.new is None:
        return None
    found: set[tuple[str, str, str]] = set()
    for name in change.fields:
        if name == "body":
            edits = text_edits(change.old["body"], change.new["body"]).sentences
            if not edits or any(edit.kind == "moved" for edit in edits):
                return None
            pairs = [pair for edit in edits for pair in edit.replacements]
        else:
            pairs = list(replacements(field_runs(name, field(change.old, name), field(change.new, name))))
        found |= {(name, *pair) if name in WHOLE else ("", *_smallest(*pair)) for pair in pairs}
    return tuple(sorted(found))


def rank_of(old: ComparedArticle, new: ComparedArticle, names: Sequence[str]) -> int:
    """What changed in these fields: 0: numbers; 1: words such as names; 2: others. The least of all of them."""
    found: list[int] = []
    for name in names:
        if name == "body":
            found += [_rank(edit) for edit in text_edits(old["body"], new["body"]).sentences[:1]]
        else:
            some = field_runs(name, field(old, name), field(new, name))
            found += [_weight(gone, come) for gone, come in replacements(some)]
    return min(found, default=2)


def _smallest(gone: str, come: str) -> tuple[str, str]:
    """The replacement that was made several times close together, where one place is shown; else the same.

    >>> _smallest("省市省", "省级市省级"), _smallest("甲乙", "丙丁")
    (('', '级'), ('甲乙', '丙丁'))
    """
    if len(gone) * len(come) > CLOSE:
        return gone, come
    old, new = units(gone), units(come)
    pairs = {("".join(old[a:b]), "".join(new[c:d])) for same, a, b, c, d in aligned(old, new) if not same}
    return pairs.pop() if len(pairs) == 1 else (gone, come)


def field(record: ComparedArticle, name: str) -> str:
    """A field of the content digest as text; empty if the page has none."""
    match name:
        case "captions":
            return "\n".join(image["caption"] or "" for image in record["images"])
        case "attachment names":
            return "\n".join(file["name"] for file in record["attachments"])
    values: dict[str, object] = {**record}
    return str(values[name] or "")


def shortened(some: Sequence[TextRun]) -> Iterator[TextRun]:
    """The runs with unchanged text cut to a few characters around changes; of a text without changes, its beginning."""
    if all(run.kind == "same" for run in some):
        text = "".join(run.text for run in some)
        yield TextRun("same", text if len(text) <= 2 * AROUND else f"{text[:AROUND]}…")
        return
    for n, run in enumerate(some):
        head = 0 if n == 0 else AROUND
        tail = 0 if n == len(some) - 1 else AROUND
        if run.kind == "same" and len(run.text) > head + tail + 1:
            yield TextRun("same", f"{run.text[:head]}…{run.text[len(run.text) - tail :]}")
        else:
            yield run


def beginning(text: str, length: int = 80) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else f"{line[:length]}…"


def _rank(edit: SentenceEdit) -> int:
    """0: a number changed; 1: a word was replaced by another one; 2: others."""
    if edit.kind not in ("edited", "moved"):
        return 2
    return min((_weight(gone, come) for gone, come in edit.replacements), default=2)


def _weight(gone: str, come: str) -> int:
    if any(_is_number(text) for text in (gone, come)):
        return 0
    is_word = all(0 < len(text) <= WORD and not _NO_WORD.search(text) for text in (gone, come))
    return 1 if is_word else 2


def _is_number(text: str) -> bool:
    """Whether a changed text has digits, or consists of Chinese numerals."""
    return any(char.isdigit() and char.isascii() for char in text) or _NUMBER.fullmatch(text) is not None
