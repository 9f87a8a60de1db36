"""What a story says, without a word about how it is marked up: typed blocks, never HTML."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of prose."""

    text: str
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True)
class Subhead:
    """A heading within the body."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of cells; empty cells count."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ListBlock:
    """Items of a list; bullets and numbers are not part of the text."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture of the body with the caption printed below it, if any."""

    file: str
    caption: str | None = None


@dataclass(frozen=True)
class AttachmentLink:
    """A line that links to a file; `lead` is printed before the link, outside of it."""

    file: str
    name: str
    lead: str = ""


Block = Paragraph | Subhead | Table | ListBlock | Picture | AttachmentLink


@dataclass(frozen=True)
class Story:
    """One article as the editors of the site meant it."""

    number: int
    """Running number of the site, ascending with the day it was put online, with gaps."""
    title: tuple[str, ...]
    """Usually one line; a long title may be set in two."""
    sections: tuple[str, ...]
    """Where it is listed. A second one makes a second address with another breadcrumb."""
    online: date
    """The day it was put online: decides where listings show it and what a static address looks like."""
    blocks: tuple[Block, ...]
    day: tuple[int, int, int] | None
    """The date it prints; may be one that no calendar has. None: the page does not say."""
    clock: tuple[int, int, int] = (9, 0, 0)
    """The time printed by the markups that print one."""
    subtitle: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    """Named in a 责任编辑 line behind the body; not part of the article."""
    breaks: tuple[int, ...] = ()
    """Indexes of the blocks that begin page 2, 3 … where a markup spreads long articles over pages."""
    pinned: bool = False
    bare: bool = False
    """Where source (or date) is missing its label is not printed either."""
    touched: date | None = None
    """The day it was last edited, where that is not the day it went online."""
    case: str | None = None
    """What makes the story awkward, in a few words; None for an ordinary one."""

    @property
    def heading(self) -> str:
        """The whole title on one line."""
        return fold(" ".join([*self.title, *([self.subtitle] if self.subtitle else [])]))

    @property
    def date(self) -> str | None:
        """`YYYY-MM-DD`; None where none or an impossible one is printed."""
        if self.day is None:
            return None
        try:
            return date(*self.day).isoformat()
        except ValueError:
            return None

    @property
    def body(self) -> str:
        """The text as a reader must give it: one paragraph a line."""
        return "\n".join(line for block in self.blocks for line in lines(block))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Picture))

    @property
    def files(self) -> tuple[AttachmentLink, ...]:
        return tuple(block for block in self.blocks if isinstance(block, AttachmentLink))

    def parts(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks page by page."""
        edges = [0, *self.breaks, len(self.blocks)]
        return tuple(self.blocks[a:b] for a, b in itertools.pairwise(edges))


def lines(block: Block) -> list[str]:
    """The lines a block prints, spaces folded; tabs divide the cells of a table's row, a row without text is none."""
    match block:
        case Paragraph(text) | Subhead(text):
            return [fold(text)]
        case Table(rows):
            return ["\t".join(fold(cell) for cell in row) for row in rows if any(map(fold, row))]
        case ListBlock(items):
            return [fold(item) for item in items]
        case Picture(_, caption):
            return [fold(caption)] if caption else []
        case AttachmentLink(_, name, lead):
            return [fold(lead + name)]


def fold(text: str) -> str:
    """White space, the full-width space too, folded to single spaces; none at the ends.

    >>> fold("　摄影　 某某 ")
    '摄影 某某'
    """
    return " ".join(text.split())
