"""The parsed page: its printed lines, the blocks that contain them, its links and form fields."""

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
    """A block element: its tag, its parent, and the half-open range of lines it contains."""

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
        """Index after the last line; equal to `start` if the block prints nothing."""
        self.depth: int = parent.depth + 1 if parent is not None else 0
        self.contents = contents
        self.number = number
        self.following = number + 1
        """Number of the first block after the end of this one."""
        self.data_row: bool | None = None
        """Cached answer of `tables.is_data_row`; None before the first call."""

    def __repr__(self) -> str:
        return f"<{self.tag}>[{self.start}:{self.end}]"

    @property
    def children(self) -> "list[Block]":
        """The child blocks."""
        found = []
        blocks = self._contents().blocks
        number = self.number + 1
        while number < self.following:
            found.append(block := blocks[number])
            number = block.following
        return found

    @property
    def lines(self) -> "list[Line]":
        """The lines it contains."""
        return self._contents().lines[self.start : self.end]

    def _contents(self) -> _Contents:
        contents = self.contents()
        assert contents is not None, "a block outlived its document"
        return contents

    def attribute(self, name: str) -> str:
        """The value of an attribute; empty where it is absent."""
        return (self.element.get(name) or "") if self.element is not None else ""

    def ancestors(self) -> Iterable["Block"]:
        """This block and its ancestors, outwards."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    def inside(self, tag: str) -> "Block | None":
        """The nearest block of that tag among this block and its ancestors."""
        block: Block | None = self
        while block is not None:
            if block.tag == tag:
                return block
            block = block.parent
        return None


class Anchor:
    """A link, or an element with a script that acts as one: its element, its text, and the line where it begins."""

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
        """Number of characters that are links."""
        self.role = ""
        """Its role on an article page: `breadcrumb`, `title`, `info`, `body`, or empty."""

    def __repr__(self) -> str:
        return f"{self.index}: {self.text!r} in {self.block!r}"


@dataclass(slots=True)
class Document:
    """The content of one parsed page."""

    contents: _Contents = field(default_factory=_Contents)
    root: Block = field(init=False)
    title: str = ""
    """Text of `<title>`, folded."""
    anchors: list[Anchor] = field(default_factory=list)
    """All links in page order, including those that print nothing."""
    clicks: list[Anchor] = field(default_factory=list)
    """Those of the links that are other elements with a script."""
    frames: list[Attributes] = field(default_factory=list)
    """`frame` and `iframe` elements."""
    metas: list[Attributes] = field(default_factory=list)
    """`meta` elements with `http-equiv`."""
    fields: list[tuple[str, Attributes, int]] = field(default_factory=list)
    """`form`, `input`, `select` and `option` elements: tag, attributes (text of an option under `text`), index of the
    line."""
    scripts: list[tuple[int, str]] = field(default_factory=list)
    """Index of the line after the script, and its text."""
    functions: dict[str, tuple[int, int, str]] | None = None
    """Functions of the scripts by name: index of the script, where the code begins, parameters. None before they are asked for."""
    base: str | None = None
    """URL of `<base href>`."""
    deepest: int = 0
    """Maximum number of elements open at once around an inline element."""
    hidden: list[str] = field(default_factory=list)
    """Texts of elements that a browser does not show."""
    is_data: bool = False
    """True if the whole answer is XML data with rows for a list of another page."""
    unread_data: str | None = None
    """The beginning of XML data with links in a script that could not be read; None without any."""
    cut: str | None = None
    """What of the page was not read because it exceeds a bound; None if all was read."""
    noscript: str = ""
    """Text of `<noscript>` and `<noframes>`."""

    @property
    def lines(self) -> list[Line]:
        """The printed lines."""
        return self.contents.lines

    def __post_init__(self) -> None:
        # A weak reference: a cycle would keep each page in memory until the next garbage collection.
        self.root = Block("html", None, 0, None, weakref.ref(self.contents), 0)
        self.contents.blocks.append(self.root)


def fold(text: str) -> str:
    """Text with each run of white space (also `&nbsp;` and U+3000) as one space, and none at the ends.

    Zero-width characters were removed before, when the bytes were decoded.

    >>> fold("\\u3000\\u3000不让一家\\xa0\\xa0 受寒 ")
    '不让一家 受寒'
    """
    return " ".join(text.split())
