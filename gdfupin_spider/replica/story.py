"""The content of a story without markup: typed blocks, never HTML."""

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
    """Rows of cells, including empty cells."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ListBlock:
    """Items of a list, without bullets and numbers."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture of the body, with the caption below it or None."""

    file: str
    caption: str | None = None


@dataclass(frozen=True)
class AttachmentLink:
    """A line with a link to a file; `lead` is the text before the link."""

    file: str
    name: str
    lead: str = ""


Block = Paragraph | Subhead | Table | ListBlock | Picture | AttachmentLink


@dataclass(frozen=True)
class Story:
    """One article as its editors meant it."""

    number: int
    """Running number on the site, ascending by the day of publication, with gaps."""
    title: tuple[str, ...]
    """Usually one line; a long title may have two."""
    sections: tuple[str, ...]
    """Sections with this article. A second one makes a second URL with another breadcrumb."""
    online: date
    """Day of publication, which decides its place in listings and a static URL."""
    blocks: tuple[Block, ...]
    day: tuple[int, int, int] | None
    """Printed date, which may not exist in the calendar; None if no date is printed."""
    clock: tuple[int, int, int] = (9, 0, 0)
    """Time of day, for markups that print one."""
    subtitle: str | None = None
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    """Name in a 责任编辑 line after the body; not part of the article."""
    breaks: tuple[int, ...] = ()
    """Indexes of the first block of page 2, 3 …, for markups that split long articles."""
    pinned: bool = False
    bare: bool = False
    """True if a missing source or date has no label either."""
    touched: date | None = None
    """Day of the last edit, if it is later than the publication."""
    case: str | None = None
    """The awkward property in a few words; None for an ordinary story."""

    @property
    def heading(self) -> str:
        """The whole title on one line."""
        return fold(" ".join([*self.title, *([self.subtitle] if self.subtitle else [])]))

    @property
    def date(self) -> str | None:
        """`YYYY-MM-DD`; None if no date, or an impossible one, is printed."""
        if self.day is None:
            return None
        try:
            return date(*self.day).isoformat()
        except ValueError:
            return None

    @property
    def body(self) -> str:
        """The text as a reader must return it: one paragraph per line."""
        return "\n".join(line for block in self.blocks for line in lines(block))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Picture))

    @property
    def files(self) -> tuple[AttachmentLink, ...]:
        return tuple(block for block in self.blocks if isinstance(block, AttachmentLink))

    def parts(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each page."""
        edges = [0, *self.breaks, len(self.blocks)]
        return tuple(self.blocks[a:b] for a, b in itertools.pairwise(edges))


def lines(block: Block) -> list[str]:
    """The lines that a block prints, spaces folded. Cells of a row are separated by tabs; an empty row is omitted."""
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
    """The text with all white space (also U+3000) folded to single spaces, and none at the ends.

    >>> fold("　摄影　 某某 ")
    '摄影 某某'
    """
    return " ".join(text.split())
