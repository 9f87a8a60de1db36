"""Shows changes at the terminal, or writes them in one of the formats."""

import io
from collections.abc import Iterable, Iterator
from typing import Literal, get_args

from rich.console import Console
from rich.text import Text

from ..messages.text import T_, translated
from ..terminal import pluralized, shown
from . import text_view
from .difference import Difference
from .feeds import Feed, atom, for_readers, jsonfeed
from .grouping import arranged
from .html_page import page
from .named_withdrawals import withdrawn_lines
from .query import DiffQuery
from .tables import cells, jsonl
from .text_view import ChangeCounts

Format = Literal["text", "jsonl", "csv", "html", "atom", "jsonfeed"]
FORMATS: tuple[Format, ...] = get_args(Format)


def counted(changes: Iterable[Difference], tally: ChangeCounts) -> Iterator[Difference]:
    """The same changes; counts them as they pass."""
    for change in changes:
        tally.add(change)
        yield change


def show(question: DiffQuery, console: Console, *, stat: bool = False) -> ChangeCounts:
    """Prints changes and a summary; `stat`: only counts by section."""
    tally = ChangeCounts()
    compared = T_("{before} → {after} (evidence is in UTC)", before=shown(question.before), after=shown(question.after))
    console.print(Text(compared, style="dim"), soft_wrap=True)
    console.print(Text(shown(question.coverage.text()), style="dim"), soft_wrap=True)
    colour = console.color_system is not None
    found = counted(question.changes(), tally)
    for item in found if stat else arranged(found, fold_moves=question.folds_moves):
        if stat:
            continue
        if console.is_terminal:
            console.print(text_view.one(item, colour, question.words))
        else:
            head, *rest = text_view.lines(item, colour)
            console.print(head, *(Text("  ") + line for line in rest), "", sep="\n", soft_wrap=True)
    if stat and tally.total:
        console.print(tally.table())
    for each in withdrawn_lines(question.withdrawn):
        console.print(Text(shown(each)), soft_wrap=True)
    line = tally.line(T_("no other changes") if question.withdrawn else question.coverage.no_changes)
    if question.left_out and not tally.total:
        line = T_("no change matches; {changes}", changes=pluralized(question.left_out, "other change"))
    console.print(Text(translated(line), style="bold"))
    return tally


def pieces(
    question: DiffQuery,
    form: Format,
    feed: Feed,
    tally: ChangeCounts,
    *,
    stat: bool = False,
    warcs: str | None = None,
) -> Iterator[str]:
    """The changes as text in one of the formats, piece by piece. `warcs`: see `html_page.page`."""
    found = question.changes()
    changes = counted(for_readers(found) if form in ("atom", "jsonfeed") else found, tally)
    match form:
        case "jsonl":
            yield from jsonl(changes, question.proofs)
        case "csv":
            yield from cells(changes, question.proofs)
        case "html":
            yield page(
                changes,
                question.before,
                question.after,
                question.coverage,
                question.proofs,
                warcs,
                fold_moves=question.folds_moves,
                words=question.words,
                withdrawn=question.withdrawn,
                site=feed.title if feed.home else "",
            )
        case "atom":
            yield atom(feed, changes)
        case "jsonfeed":
            yield jsonfeed(feed, changes)
        case "text":
            plain = Console(file=io.StringIO(), markup=False, highlight=False, emoji=False, width=120)
            tally.take(show(question, plain, stat=stat))
            assert isinstance(plain.file, io.StringIO)
            yield plain.file.getvalue()
