"""Differences of two Chinese texts: by paragraphs, then by runs of characters.

There are no word spaces to lean on: within a paragraph characters are compared, numbers, dates and Latin words as wholes;
single characters that happen to be the same between two changes are no reason to break them up.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .align import aligned

_UNIT = re.compile(
    r"\d{2,4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|\d+(?:[.,:/·．，：／-]\d+)*[%％‰]?"
    r"|[A-Za-zＡ-Ｚａ-ｚÀ-ɏ]+(?:['’-][A-Za-zＡ-Ｚａ-ｚÀ-ɏ]+)*|[^\S\n]+|.[\u0300-\u036f\u200d\ufe0f]*",
    re.S,
)
_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]?[”’」』）)]*", re.S)
RunKind = Literal["same", "cut", "put"]
_KINDS: tuple[RunKind, ...] = ("same", "cut", "put")
PAIRED = 0.4
"""Least similarity of two paragraphs that are one, edited."""
MOVED = 0.7
"""Least similarity of two paragraphs that are one, moved."""
COMPARED = 2500
"""Most pairs of paragraphs compared in one gap; in larger gaps paragraphs are paired in order."""
LONG = 20_000
"""Characters of a paragraph beyond which sentences are aligned first."""


@dataclass(frozen=True, slots=True)
class TextRun:
    """Characters that are equal, deleted or inserted."""

    kind: RunKind
    text: str


@dataclass(frozen=True, slots=True)
class TextBlock:
    """One or several paragraphs of one kind."""

    kind: Literal["same", "cut", "put", "changed", "moved"]
    old: range
    """Paragraphs of the old text, from 0; empty if inserted."""
    new: range
    """Paragraphs of the new text; empty if deleted."""
    runs: tuple[TextRun, ...]
    """Their text, with a line end between paragraphs. Moved paragraphs can also be changed."""


def text_diff(old: str, new: str) -> list[TextBlock]:
    """Both texts as blocks, in the order of the new one; empty if they are equal."""
    if old == new:
        return []
    olds, news = old.split("\n"), new.split("\n")
    blocks: list[TextBlock] = []
    for same, a, b, c, d in aligned(olds, news):
        if same:
            blocks.append(TextBlock("same", range(a, b), range(c, d), (TextRun("same", "\n".join(olds[a:b])),)))
        else:
            blocks += _gap(olds, news, range(a, b), range(c, d))
    return _moved(blocks)


def before(blocks: Iterable[TextBlock]) -> str:
    """The old text."""
    ordered = sorted((block for block in blocks if block.old), key=lambda block: block.old.start)
    return "\n".join("".join(run.text for run in block.runs if run.kind != "put") for block in ordered)


def after(blocks: Iterable[TextBlock]) -> str:
    """The new text."""
    ordered = sorted((block for block in blocks if block.new), key=lambda block: block.new.start)
    return "\n".join("".join(run.text for run in block.runs if run.kind != "cut") for block in ordered)


def runs(old: str, new: str) -> tuple[TextRun, ...]:
    """The runs from one paragraph or title to another.

    >>> [(run.kind, run.text) for run in runs("共有2019年12户", "共有2020年12户")]
    [('same', '共有'), ('cut', '2019年'), ('put', '2020年'), ('same', '12户')]
    """
    return tuple(_runs(old, new))


def sentences(text: str) -> list[str]:
    """The sentences of all paragraphs.

    >>> sentences("会议召开。“要落实！”他说\\n各地行动")
    ['会议召开。', '“要落实！”', '他说', '各地行动']
    """
    return [sentence for line in text.split("\n") for sentence in _SENTENCE.findall(line) if sentence]


def units(text: str) -> list[str]:
    """What is compared within a sentence: characters; numbers, dates and Latin words as wholes.

    >>> units("在2019年3.5%")
    ['在', '2019年', '3.5%']
    """
    return _UNIT.findall(text)


# --- paragraphs ------------------------------------------------------------------------------------------------------


def _gap(olds: Sequence[str], news: Sequence[str], old: range, new: range) -> list[TextBlock]:
    """Blocks of the unequal paragraphs between two equal ones."""
    if not old or not new:
        return [_alone(olds, n, "cut") for n in old] + [_alone(news, n, "put") for n in new]
    paired = list(_paired(olds, news, old, new))
    if len(old) != len(new) and _length(olds, old) + _length(news, new) < LONG:
        joined = _block(olds, news, old, new)  # a paragraph that was divided, or two that were joined
        kept = sum(len(run.text) for run in joined.runs if run.kind == "same")
        if kept > 1.2 * sum(len(run.text) for block in paired for run in block.runs if run.kind == "same"):
            return [joined]
    return paired


def _length(paragraphs: Sequence[str], some: range) -> int:
    return sum(len(paragraphs[n]) for n in some)


def _alone(paragraphs: Sequence[str], n: int, kind: Literal["cut", "put"]) -> TextBlock:
    at, nowhere = range(n, n + 1), range(0)
    old, new = (at, nowhere) if kind == "cut" else (nowhere, at)
    return TextBlock(kind, old, new, (TextRun(kind, paragraphs[n]),))


def _block(
    olds: Sequence[str], news: Sequence[str], old: range, new: range, kind: Literal["changed", "moved"] = "changed"
) -> TextBlock:
    one, other = ("\n".join(all_[n] for n in some) for all_, some in ((olds, old), (news, new)))
    return TextBlock(kind, old, new, runs(one, other))


def _paired(olds: Sequence[str], news: Sequence[str], old: range, new: range) -> Iterator[TextBlock]:
    """Pairs of similar paragraphs in order, with the greatest total similarity."""
    rows, columns = len(old), len(new)
    if rows * columns > COMPARED:
        pairs = [(n, n) for n in range(min(rows, columns)) if alike(olds[old[n]], news[new[n]]) >= PAIRED]
    else:
        score = [[alike(olds[i], news[j]) for j in new] for i in old]
        best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
        for i in range(rows - 1, -1, -1):
            for j in range(columns - 1, -1, -1):
                pair = score[i][j] + best[i + 1][j + 1] if score[i][j] >= PAIRED else 0.0
                best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
        pairs = []
        i = j = 0
        while i < rows and j < columns:
            if score[i][j] >= PAIRED and best[i][j] == score[i][j] + best[i + 1][j + 1]:
                pairs.append((i, j))
                i, j = i + 1, j + 1
            elif best[i][j] == best[i + 1][j]:
                i += 1
            else:
                j += 1
    at = to = 0
    for i, j in (*pairs, (rows, columns)):
        yield from (_alone(olds, old[n], "cut") for n in range(at, i))
        yield from (_alone(news, new[n], "put") for n in range(to, j))
        if i < rows:
            yield _block(olds, news, old[i : i + 1], new[j : j + 1])
        at, to = i + 1, j + 1


def _moved(blocks: list[TextBlock]) -> list[TextBlock]:
    """Pairs deleted and inserted paragraphs as moved ones."""
    cuts = {n: block.runs[0].text for n, block in enumerate(blocks) if block.kind == "cut"}
    puts = {n: block.runs[0].text for n, block in enumerate(blocks) if block.kind == "put"}
    where: dict[str, list[int]] = {}
    for n, text in reversed(cuts.items()):
        if text.strip():
            where.setdefault(text, []).append(n)
    came = {n: where[text].pop() for n, text in puts.items() if where.get(text)}
    left = cuts.keys() - came.values()
    if len(left) * (len(puts) - len(came)) <= COMPARED:
        for n in puts.keys() - came.keys():
            likest = max(left, key=lambda cut: (alike(cuts[cut], puts[n]), -cut), default=None)
            if likest is not None and alike(cuts[likest], puts[n]) >= MOVED:
                came[n] = likest
                left.remove(likest)
    gone = set(came.values())
    found: list[TextBlock] = []
    for n, block in enumerate(blocks):
        if n in came:
            old = blocks[came[n]].old
            found.append(TextBlock("moved", old, block.new, runs(cuts[came[n]], puts[n])))
        elif n not in gone:
            found.append(block)
    return found


def alike(old: str, new: str) -> float:
    """Similarity of two paragraphs: share of common pairs of adjacent characters, 0 to 1.

    >>> alike("扶贫工作会议", "扶贫工作会议"), alike("甲乙丙", "丁戊己")
    (1.0, 0.0)
    """
    if old == new:
        return 1.0
    if min(len(old), len(new)) * 4 < max(len(old), len(new)):
        return 0.0
    one, other = Counter(zip(old, f"{old[1:]}\n", strict=True)), Counter(zip(new, f"{new[1:]}\n", strict=True))
    return 2 * (one & other).total() / (len(old) + len(new))


# --- runs of characters ----------------------------------------------------------------------------------------------


def _runs(old: str, new: str, *, by_sentence: bool = True) -> Iterator[TextRun]:
    cut = by_sentence and len(old) + len(new) > 2 * LONG
    split = _SENTENCE if cut else _UNIT
    one, other = ([unit for unit in split.findall(text) if unit] for text in (old, new))
    pieces: list[tuple[str, str, str]] = []  # (the same, cut, put): one of the first or both of the others
    for same, a, b, c, d in aligned(one, other):
        if same:
            pieces.append(("".join(one[a:b]), "", ""))
        else:
            pieces.append(("", "".join(one[a:b]), "".join(other[c:d])))
    if cut:
        fine = ([TextRun("same", stayed)] if stayed else _finer(gone, come) for stayed, gone, come in pieces)
        yield from _merged(run for some in fine for run in some)
    else:
        for piece in _slid(_calm(pieces)):
            yield from (TextRun(kind, text) for kind, text in zip(_KINDS, piece, strict=True) if text)


def _finer(gone: str, come: str) -> Iterable[TextRun]:
    """Runs of unequal sentences, by character: there are texts of 20,000 characters without a full stop."""
    if gone and come:
        return _runs(gone, come, by_sentence=False)
    return [TextRun(kind, text) for kind, text in zip(_KINDS[1:], (gone, come), strict=True) if text]


def _merged(found: Iterable[TextRun]) -> Iterator[TextRun]:
    for kind, some in groupby(found, key=lambda run: run.kind):
        yield TextRun(kind, "".join(run.text for run in some))


def _calm(pieces: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Merges short equal runs between two changes into the changes."""
    stack: list[tuple[str, str, str]] = []
    for piece in pieces:
        stack.append(piece)
        while len(stack) >= 3 and not stack[-1][0]:
            (_, gone, come), (same, _, _), (_, more_gone, more_come) = stack[-3:]
            if not same or _weight(same) > min(max(len(gone), len(come)), max(len(more_gone), len(more_come))):
                break
            stack[-3:] = [("", gone + same + more_gone, come + same + more_come)]
    return stack


def _weight(text: str) -> int:
    """Weight of an equal run; punctuation and white space weigh little."""
    return sum(2 if unicodedata.category(char)[0] in "LN" else 1 for char in text) - 1


def _slid(pieces: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Shifts a deletion or insertion that fits several positions to a sentence boundary."""
    found = list(pieces)
    for n in range(1, len(found) - 1):
        (left, _, _), (_, gone, come), (right, _, _) = found[n - 1 : n + 2]
        text = gone or come
        if not left or not right or (gone and come):
            continue
        back = 0
        while back < min(len(left), len(text)) and left[-1 - back] == text[-1 - back % len(text)]:
            back += 1
        ahead = 0
        while ahead < min(len(right), len(text)) and right[ahead] == text[ahead % len(text)]:
            ahead += 1
        whole = left + text + right
        places = range(len(left) - back, len(left) + ahead + 1)
        start = max(places, key=lambda at: (_edge(whole, at) + _edge(whole, at + len(text)), -abs(at - len(left))))
        if start != len(left):
            moved = whole[start : start + len(text)]
            found[n - 1] = whole[:start], "", ""
            found[n] = "", moved if gone else "", moved if come else ""
            found[n + 1] = whole[start + len(text) :], "", ""
    return [piece for piece in found if any(piece)]


def _edge(text: str, at: int) -> int:
    """Quality of a split position."""
    if at in (0, len(text)):
        return 3
    kinds = unicodedata.category(text[at - 1]), unicodedata.category(text[at])
    if text[at - 1] in "\n。！？；" or text[at] == "\n":
        return 3
    if kinds[0] in ("Po", "Pe", "Pf") or kinds[1] in ("Ps", "Pi"):
        return 2
    return -3 if kinds[0][0] == kinds[1][0] == "N" or all(kind in ("Lu", "Ll") for kind in kinds) else 0
