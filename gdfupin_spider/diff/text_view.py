"""Changes for terminals. Page text is hostile: all of it goes through `shown`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..messages.record_words import counted, word
from ..messages.text import N_, T_, enumeration, joined, translated
from ..search.snippets import UNMARKED, MarkedWords
from ..terminal import pluralized, shown
from .difference import KINDS, ComparedArticle, Difference
from .edits import beginning, field, field_runs, shortened, text_edits
from .grouping import ChangeGroup
from .text_diff import TextRun

COLOURS = {
    "added": "green",
    "edited": "yellow",
    "moved": "cyan",
    "gone": "red",
    "reappeared": "magenta",
    "reread": "blue",
}
NO_CHANGES = N_("no changes")
NAMED = 5
"""Pages of a group that are named."""
_STYLES = {"same": "", "cut": "red strike", "put": "green"}
_SIGNS = {"same": "{}", "cut": "[-{}-]", "put": "{{+{}+}}"}


def one(item: Difference | ChangeGroup, colour: bool, words: MarkedWords = UNMARKED) -> RenderableType:
    """One change or group; without colour `[-deleted-]` and `{+inserted+}` are marked. `words` are underlined."""
    head, *rest = (_underlined(line, words) for line in lines(item, colour))
    return Group(head, *(Padding(line, (0, 0, 0, 2)) for line in rest), Text())


def _underlined(line: Text, words: MarkedWords) -> Text:
    folded = words.folding(line.plain)
    for each in words.words:
        at = folded.find(each)
        while at >= 0:
            line.stylize("underline", at, at + len(each))
            at = folded.find(each, at + 1)
    return line


def lines(item: Difference | ChangeGroup, colour: bool) -> Iterator[Text]:
    """The same as lines of any length; the first one names the change."""
    if isinstance(item, ChangeGroup):
        yield from _group(item, colour)
        return
    change, head = item, Text()
    head.append(translated(word(change.kind)), style=f"bold {COLOURS[change.kind]}")
    head.append(f" {translated(word(change.weight))}" if change.weight == "cosmetic" else "", style="dim")
    head.append(f"  {shown(change.title)}", style="bold")
    head.append(f"  {shown(change.section)}" if change.section else "", style="cyan")
    yield head
    yield from _lines(change, colour)


def _lines(change: Difference, colour: bool) -> Iterator[Text]:
    yield Text(f"{shown(change.url)}  {change.id}", style="dim")
    yield Text(shown(change.evidence), style="italic")
    now = change.newest
    if change.kind in ("edited", "reread"):
        if change.old and change.new:
            yield from _edits(change.old, change.new, change.fields, colour)
        elif change.kind == "reread":
            yield Text(
                T_("{fields}; no longer read as an article", fields=_fields(change))
                if change.old
                else T_("{fields}; newly read as an article", fields=_fields(change))
            )
        else:
            yield Text(
                T_("{fields}; the text after is not available", fields=_fields(change))
                if change.old
                else T_("{fields}; the text before is not available", fields=_fields(change))
            )
    elif change.kind == "moved":
        if change.section_before and change.section and change.section_before != change.section:
            yield _named("section", _runs(field_runs("section", change.section_before, change.section), colour))
        if change.url_before != change.url:
            yield _named("from", Text(shown(change.url_before or "")))
    elif now is not None:
        facts = "  ".join(filter(None, (now["date"], now["source"], now["author"])))
        yield Text(shown(facts))
        yield Text(shown(beginning(now["body"])), style="dim")


def _fields(change: Difference) -> str:
    return enumeration(map(word, change.fields))


def _group(group: ChangeGroup, colour: bool) -> Iterator[Text]:
    first, count = group.first, len(group.changes)
    moved = first.kind == "moved"
    head = Text(translated(word(first.kind)), style=f"bold {COLOURS[first.kind]}")
    head.append(f" {translated(word(first.weight))}" if first.weight == "cosmetic" else "", style="dim")
    what = (
        T_("{count:,} articles, to another address or section", count=count)
        if moved
        else T_("the same edit of {count:,} articles", count=count)
    )
    yield head.append(f"  {what}", style="bold")
    if first.old and first.new:
        yield from _edits(first.old, first.new, first.fields, colour)
    for change in group.changes[:NAMED]:
        before = f"{shown(change.url_before)} → " if change.url_before and change.url_before != change.url else ""
        yield Text(shown(change.title), style="bold").append(f"  {before}{shown(change.url)}  {change.id}", style="dim")
    if count > NAMED:
        yield Text(
            T_(
                "and {count:,} more; --kind {kind}, or --format html or jsonl, shows all",
                count=count - NAMED,
                kind=first.kind,
            ),
            style="dim",
        )


def _edits(old: ComparedArticle, new: ComparedArticle, names: Sequence[str], colour: bool) -> Iterator[Text]:
    for name in names:
        if name == "body":
            yield from _body(old["body"], new["body"], colour)
        else:
            yield _named(name, _runs(field_runs(name, field(old, name), field(new, name)), colour))


def _body(old: str, new: str, colour: bool) -> Iterator[Text]:
    edits = text_edits(old, new)
    for edit in edits.sentences:
        line = Text("  ")
        if edit.kind == "moved":
            line.append(
                T_("⇅ sentence {old} is now {new}: ", old=edit.old.start + 1, new=edit.new.start + 1),
                style="cyan",
            )
        else:
            line.append(T_("{word}: ", word=word(edit.kind)), style="dim")
        yield line.append_text(_runs(tuple(shortened(edit.runs)), colour))
    if not edits.sentences:
        yield Text("  " + T_("the text is divided into other paragraphs"), style="dim")
    elif edits.same:
        yield Text("  " + T_("… {sentences} the same", sentences=pluralized(edits.same, "sentence")), style="dim")


def signed(some: Iterable[TextRun]) -> str:
    """Runs as plain text: `[-deleted-]`, `{+inserted+}`."""
    return "".join(_SIGNS[run.kind].format(run.text) for run in some)


def _named(name: str, value: Text) -> Text:
    return Text(T_("{word}: ", word=word(name)), style="bold").append_text(value)


def _runs(some: Iterable[TextRun], colour: bool) -> Text:
    line = Text()
    for run in some:
        text = shown(run.text)
        if run.kind != "same":
            text = text.replace("\n", "¶\n")  # that a paragraph was divided must be seen
        line.append(text if colour else _SIGNS[run.kind].format(text), style=_STYLES[run.kind] if colour else "")
    return line


class ChangeCounts:
    """Changes counted by section and kind."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.cosmetic = 0

    def add(self, change: Difference) -> None:
        self.counts[change.section or "", change.kind] += 1
        self.cosmetic += change.weight == "cosmetic"

    def take(self, other: "ChangeCounts") -> None:
        """Adds the counts of another one."""
        self.counts += other.counts
        self.cosmetic += other.cosmetic

    @property
    def total(self) -> int:
        return self.counts.total()

    def line(self, no_changes: str = NO_CHANGES) -> str:
        """`3 added, 2 edited (1 of them cosmetic), 1 gone`. `no_changes`: the sentence where there are none."""
        parts: list[str] = []
        for kind in KINDS:
            if count := sum(n for (_, each), n in self.counts.items() if each == kind):
                part = counted(str(count), kind)
                if kind == "edited" and self.cosmetic:
                    part = N_("{edits} ({cosmetic} of them cosmetic)", edits=part, cosmetic=self.cosmetic)
                parts.append(part)
        return joined(parts) or no_changes

    def table(self) -> Table:
        """A table with a row for each section and a column for each kind."""
        table = Table(header_style="bold", box=None, padding=(0, 2, 0, 0))
        table.add_column(T_("section"), no_wrap=True)
        for kind in KINDS:
            table.add_column(translated(word(kind)), justify="right", style=COLOURS[kind])
        sections = sorted({section for section, _ in self.counts}, key=lambda each: (-self._of(each), each))
        for section in sections:
            cells = [str(self.counts[section, kind] or "·") for kind in KINDS]
            table.add_row(Text(shown(section) or T_("(none)")), *cells)
        return table

    def _of(self, section: str) -> int:
        return sum(count for (each, _), count in self.counts.items() if each == section)
