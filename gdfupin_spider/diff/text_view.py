"""Changes for terminals. Page text is hostile: all of it goes through `shown`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..terminal import shown
from .difference import ComparedArticle, Difference
from .passages import beginning, passages
from .text_diff import TextRun, runs, text_diff

COLOURS = {
    "added": "green",
    "edited": "yellow",
    "moved": "cyan",
    "gone": "red",
    "reappeared": "magenta",
    "reread": "blue",
}
KINDS = tuple(COLOURS)
_STYLES = {"same": "", "cut": "red strike", "put": "green"}
_SIGNS = {"same": "{}", "cut": "[-{}-]", "put": "{{+{}+}}"}


def one(change: Difference, colour: bool) -> RenderableType:
    """One change; without colour `[-deleted-]` and `{+inserted+}` are marked."""
    head, *rest = lines(change, colour)
    return Group(head, *(Padding(line, (0, 0, 0, 2)) for line in rest), Text())


def lines(change: Difference, colour: bool) -> Iterator[Text]:
    """The same as lines of any length; the first one names the change."""
    head = Text()
    head.append(change.kind, style=f"bold {COLOURS[change.kind]}")
    head.append(f" {change.weight}" if change.weight == "cosmetic" else "", style="dim")
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
            yield Text(f"{', '.join(change.fields)}; {'no longer' if change.old else 'newly'} read as an article")
        else:
            yield Text(f"{', '.join(change.fields)}; the text {'after' if change.old else 'before'} is not available")
    elif change.kind == "moved":
        if change.section_before and change.section and change.section_before != change.section:
            yield _named("section", _runs(runs(change.section_before, change.section), colour))
        if change.url_before != change.url:
            yield _named("from", Text(shown(change.url_before or "")))
    elif now is not None:
        facts = "  ".join(filter(None, (now["date"], now["source"], now["author"])))
        yield Text(shown(facts))
        yield Text(shown(beginning(now["body"])), style="dim")


def _edits(old: ComparedArticle, new: ComparedArticle, names: Sequence[str], colour: bool) -> Iterator[Text]:
    for name in names:
        if name == "body":
            yield from _body(old["body"], new["body"], colour)
        else:
            yield _named(name, _runs(runs(field(old, name), field(new, name)), colour))


def _body(old: str, new: str, colour: bool) -> Iterator[Text]:
    for passage in passages(text_diff(old, new)):
        block = passage.block
        if block is None:
            yield Text(f"  … {passage.left_out} paragraph{'s' if passage.left_out > 1 else ''} the same", style="dim")
            continue
        line = Text("  ")
        if block.kind == "moved":
            line.append(f"⇅ paragraph {block.old.start + 1} is now {block.new.start + 1}: ", style="cyan")
        line.append_text(_runs(block.runs, colour))
        yield line


def signed(some: Iterable[TextRun]) -> str:
    """Runs as plain text: `[-deleted-]`, `{+inserted+}`."""
    return "".join(_SIGNS[run.kind].format(run.text) for run in some)


def _named(name: str, value: Text) -> Text:
    return Text(f"{name}: ", style="bold").append_text(value)


def _runs(some: Iterable[TextRun], colour: bool) -> Text:
    line = Text()
    for run in some:
        text = shown(run.text)
        if run.kind != "same":
            text = text.replace("\n", "¶\n")  # that a paragraph was divided must be seen
        line.append(text if colour else _SIGNS[run.kind].format(text), style=_STYLES[run.kind] if colour else "")
    return line


def field(record: ComparedArticle, name: str) -> str:
    """A field of the content digest as text; empty if the page has none."""
    match name:
        case "captions":
            return "\n".join(image["caption"] or "" for image in record["images"])
        case "attachment names":
            return "\n".join(file["name"] for file in record["attachments"])
    values: Mapping[str, object] = record
    return str(values[name] or "")


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

    def line(self) -> str:
        """`3 added, 2 edited (1 of them cosmetic), 1 gone`."""
        parts: list[str] = []
        for kind in KINDS:
            if count := sum(n for (_, each), n in self.counts.items() if each == kind):
                of_them = f" ({self.cosmetic} of them cosmetic)" if kind == "edited" and self.cosmetic else ""
                parts.append(f"{count} {kind}{of_them}")
        return ", ".join(parts) or "no changes"

    def table(self) -> Table:
        """A table with a row for each section and a column for each kind."""
        table = Table(header_style="bold", box=None, padding=(0, 2, 0, 0))
        table.add_column("section", no_wrap=True)
        for kind in KINDS:
            table.add_column(kind, justify="right", style=COLOURS[kind])
        sections = sorted({section for section, _ in self.counts}, key=lambda each: (-self._of(each), each))
        for section in sections:
            cells = [str(self.counts[section, kind] or "·") for kind in KINDS]
            table.add_row(Text(shown(section) or "(none)"), *cells)
        return table

    def _of(self, section: str) -> int:
        return sum(count for (each, _), count in self.counts.items() if each == section)
