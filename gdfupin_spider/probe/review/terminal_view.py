"""Open pages for terminals. Page text is hostile: all of it goes through `shown`."""

from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ...messages.record_words import named, word
from ...messages.recorded import recorded
from ...messages.text import COLON, SEMICOLON, T_, enumeration, joined, translated
from ...storage.reviews import FIELDS
from ...terminal import pluralized, shown
from ..roles import role_word
from .open_items import ReviewItem
from .page_view import FieldCandidate, PageView

SHORT = 160
"""Characters of a value or of a line."""
ROLE = 10
"""Columns of the role of a line."""


def table(items: Sequence[ReviewItem], more: int) -> RenderableType:
    """A list. `more`: number of open pages that are not in it."""
    rows = Table(header_style="bold", box=None, padding=(0, 2, 0, 0))
    for name in ("id", "open", "why", "title and address"):
        rows.add_column(translated(word(name)), overflow="fold", no_wrap=name == "id")
    for item in items:
        why = "\n".join(named(what, "\n") for what in dict.fromkeys(note.what for note in item.notes))
        text = Text(shown(item.title or T_("(held back)")), style="" if item.title else "yellow")
        text.append(f"\n{shown(item.url)}", style="dim")
        rows.add_row(item.id, translated(enumeration(map(word, item.open_fields))), shown(why), text)
    count = len(items) + more
    line = translated(pluralized(count, "open page")) + (
        T_(", the first {items} of them", items=len(items)) if more else ""
    )
    return Group(rows, Text(line, style="bold")) if items else Text(line)


def one(view: PageView) -> RenderableType:
    """One page: why it is open, what it prints around title and body, and the candidates of each field."""
    item = view.item
    head = Text()
    head.append(f"{item.id}  ", style="bold").append(f"{shown(item.url)}\n", style="dim")
    state = T_("held back") if item.held_back else T_("an article")
    head.append(T_("{state}; read as {kind}: {why}\n", state=state, kind=word(view.kind), why=shown(view.why)))
    for note in item.notes:
        head.append(f"{shown(named(note.what))}{translated(COLON)}", style="yellow").append(
            f"{shown(recorded(note.evidence))}\n"
        )
    return Group(head, _printed(view), *(_field(view, name) for name in FIELDS))


def _printed(view: PageView) -> Text:
    text, wanted, last = Text(), set(view.around), None
    for line in view.lines:
        if line.number not in wanted:
            continue
        if last is not None and line.number > last + 1:
            text.append("      …\n", style="dim")
        last = line.number
        text.append(f"{line.number:>5} {set_cell_size(role_word(line.role), ROLE)} ", style="dim")
        text.append(f"{_short(line.text)}\n", style="bold" if line.role == "title" else "")
    return text


def _field(view: PageView, name: str) -> Text:
    text = Text()
    mark = T_("  (open)") if name in view.item.open_fields else ""
    text.append(f"{shown(word(name))}{mark}\n", style="bold yellow" if mark else "bold")
    for number, candidate in enumerate(view.candidates[name], 1):
        text.append(f"  {number}. ").append(_value(candidate))
        text.append(f"   {shown(joined(candidate.evidence, SEMICOLON))}\n", style="dim")
    return text


def _value(candidate: FieldCandidate) -> Text:
    if candidate.value is None:
        return Text(T_("(none)"), style="italic")
    return Text(_short(candidate.value.replace("\n", " ¶ ")))


def _short(text: str) -> str:
    return shown(text if len(text) <= SHORT else f"{text[: SHORT // 2]} … {text[-SHORT // 2 :]}")
