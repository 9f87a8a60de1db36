"""Shows changes at the terminal, or writes them in one of the formats."""

import io
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Literal, get_args

from rich.console import Console
from rich.text import Text

from ..terminal import shown
from . import text_view
from .difference import Difference
from .feeds import Feed, atom, for_readers, jsonfeed
from .html_page import page
from .query import DiffQuery
from .tables import cells, jsonl
from .text_view import ChangeCounts

Format = Literal["text", "jsonl", "csv", "html", "atom", "jsonfeed"]
FEW = 1000
"""Most changes that are sorted: some 10 MB of articles."""
FORMATS: tuple[Format, ...] = get_args(Format)


def counted(changes: Iterable[Difference], tally: ChangeCounts) -> Iterator[Difference]:
    """The same changes; counts them as they pass."""
    for change in changes:
        tally.add(change)
        yield change


def by_section(changes: Iterable[Difference]) -> Iterator[Difference]:
    """Sorted by section, kind and date, newest first, for the first FEW changes; all others unsorted."""
    rest = iter(changes)
    some = sorted(islice(rest, FEW), key=_date, reverse=True)
    some.sort(key=lambda each: (each.section or "", text_view.KINDS.index(each.kind)))
    yield from some
    yield from rest


def _date(change: Difference) -> str:
    return (article["date"] or "") if (article := change.newest) else ""


def show(question: DiffQuery, console: Console, *, stat: bool = False) -> ChangeCounts:
    """Prints changes and a summary; `stat`: only counts by section."""
    tally = ChangeCounts()
    console.print(Text(f"{shown(question.before)} → {shown(question.after)} (evidence is in UTC)", style="dim"))
    console.print(Text(shown(question.coverage.text()), style="dim"), soft_wrap=True)
    colour = console.color_system is not None
    for change in by_section(counted(question.changes(), tally)):
        if not stat and console.is_terminal:
            console.print(text_view.one(change, colour))
        elif not stat:
            head, *rest = text_view.lines(change, colour)
            console.print(head, *(Text("  ") + line for line in rest), "", sep="\n", soft_wrap=True)
    if stat and tally.total:
        console.print(tally.table())
    others = f" of these; {question.left_out:,} others" if question.left_out and not tally.total else ""
    console.print(Text(f"{tally.line()}{others}", style="bold"))
    return tally


def pieces(question: DiffQuery, form: Format, feed: Feed, tally: ChangeCounts, *, stat: bool = False) -> Iterator[str]:
    """The changes as text in one of the formats, piece by piece."""
    found = question.changes()
    changes = counted(for_readers(found) if form in ("atom", "jsonfeed") else found, tally)
    match form:
        case "jsonl":
            yield from jsonl(changes, question.proofs)
        case "csv":
            yield from cells(changes, question.proofs)
        case "html":
            yield page(by_section(changes), question.before, question.after, question.coverage.text())
        case "atom":
            yield atom(feed, changes)
        case "jsonfeed":
            yield jsonfeed(feed, changes)
        case "text":
            plain = Console(file=io.StringIO(), markup=False, highlight=False, emoji=False, width=120)
            tally.take(show(question, plain, stat=stat))
            assert isinstance(plain.file, io.StringIO)
            yield plain.file.getvalue()
