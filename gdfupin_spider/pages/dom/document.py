"""What the parser saw of a page: its printed lines, the blocks they stand in, its links and fields."""

import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

Attributes = dict[str, str]


Element = etree._Element


class _Contents:
    """All blocks of a page in the order they begin, and all its lines."""

    __slots__ = ("__weakref__", "blocks", "lines")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.lines: list[Line] = []


class Block:
    """A block element: its tag, its parent, and the half-open range of lines it holds."""

    __slots__ = ("contents", "data_row", "depth", "element", "end", "following", "number", "parent", "start", "tag")

    def __init__(
        self,
        tag: str,
        parent: "Block | None",
        start: int,
        element: Element | None,
        contents: "weakref.ref[_Contents]",
        number: int,
    ) -> None:
        self.tag = tag
        self.parent = parent
        self.element = element
        self.start = start
        self.end = start
        """One behind the last line; equal to `start` where the block prints nothing."""
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.contents = contents
        self.number = number
        self.following = number + 1
        """Number of the first block that begins behind its end."""
        self.data_row: bool | None = None
        """Whether it is a table's row of data; None until somebody asked."""

    def __repr__(self) -> str:
        return f"<{self.tag}>[{self.start}:{self.end}]"

    @property
    def children(self) -> "list[Block]":
        """The blocks directly inside."""
        found = []
        blocks = self._contents().blocks
        number = self.number + 1
        while number < self.following:
            found.append(block := blocks[number])
            number = block.following
        return found

    @property
    def lines(self) -> "list[Line]":
        """The lines it holds."""
        return self._contents().lines[self.start : self.end]

    def _contents(self) -> _Contents:
        contents = self.contents()
        assert contents is not None, "a block outlived its document"
        return contents

    def attribute(self, name: str) -> str:
        """The value of an attribute; empty where it is absent."""
        return (self.element.get(name) or "") if self.element is not None else ""

    def ancestors(self) -> Iterable["Block"]:
        """This block and those around it, outwards."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    def inside(self, tag: str) -> "Block | None":
        """The nearest block of that tag around or at this one."""
        block: Block | None = self
        while block is not None:
            if block.tag == tag:
                return block
            block = block.parent
        return None


class Anchor:
    """A link, or an element that a script makes one: its element, text, and the line it begins in."""

    __slots__ = ("element", "images", "line", "tag", "text")

    def __init__(self, tag: str, element: Element, line: int, text: str = "") -> None:
        self.tag, self.element, self.line = tag, element, line
        self.text = text
        self.images = 0

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attribute('href')!r} {self.text!r}>"

    def attribute(self, name: str) -> str:
        """The value of an attribute; empty where it is absent."""
        return self.element.get(name) or ""


class Line:
    """One printed line."""

    __slots__ = ("anchors", "block", "images", "index", "linked", "role", "size", "text")

    def __init__(
        self, index: int, text: str, block: Block, anchors: tuple[Anchor, ...], images: tuple[Element, ...], linked: int
    ) -> None:
        self.index, self.text, self.block = index, text, block
        self.anchors, self.images = anchors, images
        self.size = len(text)
        self.linked = linked if linked < self.size else self.size
        """How many of its characters are links."""
        self.role = ""
        """What reading took it for: `breadcrumb`, `title`, `info`, `body`, `end`, or empty."""

    def __repr__(self) -> str:
        return f"{self.index}: {self.text!r} in {self.block!r}"


@dataclass(slots=True)
class Document:
    """What the parser saw of one page."""

    contents: _Contents = field(default_factory=_Contents)
    root: Block = field(init=False)
    title: str = ""
    """The `<title>`, folded."""
    anchors: list[Anchor] = field(default_factory=list)
    """Every link of the page in order, also those that print nothing."""
    clicks: list[Anchor] = field(default_factory=list)
    """Those of them that are other elements with a script."""
    frames: list[Attributes] = field(default_factory=list)
    """`frame` and `iframe` elements."""
    metas: list[Attributes] = field(default_factory=list)
    """`meta` elements with `http-equiv`."""
    fields: list[tuple[str, Attributes, int]] = field(default_factory=list)
    """`form`, `input`, `select`, `option` elements: tag, attributes (option text under `text`), line."""
    scripts: list[tuple[int, str]] = field(default_factory=list)
    """Line the script stands before, and its text."""
    base: str | None = None
    """The address of `<base href>`."""
    deepest: int = 0
    """How many elements were open at once, at most, around one that is no block."""
    noscript: str = ""
    """What a reader without scripts would see."""

    @property
    def lines(self) -> list[Line]:
        """What it prints."""
        return self.contents.lines

    def __post_init__(self) -> None:
        # Blocks know their page weakly: a ring would keep each page in memory until the collector comes round.
        self.root = Block("html", None, 0, None, weakref.ref(self.contents), 0)
        self.contents.blocks.append(self.root)


def fold(text: str) -> str:
    """Text as a reader sees it: any white space (also `&nbsp;` and U+3000) is one space, none at the ends.

    Characters without width are taken out before, when the bytes are decoded.

    >>> fold("\\u3000\\u3000不让一家\\xa0\\xa0 受寒 ")
    '不让一家 受寒'
    """
    return " ".join(text.split())
