"""A page as a stream of lines: parsed once, walked once, without recursion.

The parser's events are turned into lines directly, without building a tree. Block boundaries and `<br>` end a line;
what a reader does not see (scripts, styles, comments, hidden elements, form fields) prints nothing. Each line keeps the
block it stands in, its links and its pictures. Blocks know their parent and which lines they hold, so that later
questions of structure ("do both stand in one cell?") are comparisons of two numbers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from .scripts import written

Attributes = dict[str, str]


class Block:
    """A block element: its tag, its parent, and the half-open range of lines it holds."""

    __slots__ = ("attrs", "children", "depth", "end", "parent", "start", "tag")

    def __init__(self, tag: str, parent: "Block | None", start: int, attrs: Attributes) -> None:
        self.tag, self.parent, self.attrs = tag, parent, attrs
        self.start = start
        self.end = start
        """One behind the last line; equal to `start` where the block prints nothing."""
        self.depth: int = parent.depth + 1 if parent else 0
        self.children: list[Block] = []
        if parent:
            parent.children.append(self)

    def __repr__(self) -> str:
        return f"<{self.tag}>[{self.start}:{self.end}]"

    def ancestors(self) -> Iterable["Block"]:
        """This block and those around it, outwards."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.parent

    def inside(self, tag: str) -> "Block | None":
        """The nearest block of that tag around or at this one."""
        return next((block for block in self.ancestors() if block.tag == tag), None)


class Anchor:
    """A link, or an element that a script makes one: attributes, text, and the line it begins in."""

    __slots__ = ("attrs", "images", "line", "tag", "text")

    def __init__(self, tag: str, attrs: Attributes, line: int) -> None:
        self.tag, self.attrs, self.line = tag, attrs, line
        self.text = ""
        self.images = 0

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attrs.get('href', '')!r} {self.text!r}>"


class Line:
    """One printed line."""

    __slots__ = ("anchors", "block", "images", "index", "linked", "role", "size", "text")

    def __init__(self, index: int, text: str, block: Block, anchors: list[Anchor], images: list[Attributes], linked: int) -> None:
        self.index, self.text, self.block = index, text, block
        self.anchors, self.images = anchors, images
        self.size = len(text)
        self.linked = min(linked, self.size)
        """How many of its characters are links."""
        self.role = ""
        """What reading took it for: `breadcrumb`, `title`, `info`, `body`, `end`, or empty."""

    def __repr__(self) -> str:
        return f"{self.index}: {self.text!r} in {self.block!r}"


@dataclass(slots=True)
class Document:
    """What the parser saw of one page."""

    lines: list[Line] = field(default_factory=list)
    root: Block = field(default_factory=lambda: Block("html", None, 0, {}))
    title: str = ""
    """The `<title>`, folded."""
    anchors: list[Anchor] = field(default_factory=list)
    """Every link of the page in order, also those that print nothing."""
    frames: list[Attributes] = field(default_factory=list)
    """`frame` and `iframe` elements."""
    metas: list[Attributes] = field(default_factory=list)
    fields: list[tuple[str, Attributes, int]] = field(default_factory=list)
    """`form`, `input`, `select`, `option` elements: tag, attributes (option text under `text`), line."""
    scripts: list[tuple[int, str]] = field(default_factory=list)
    """Line the script stands before, and its text."""
    base: str | None = None
    """The address of `<base href>`."""
    noscript: str = ""
    """What a reader without scripts would see."""

    def prose(self) -> list[int]:
        """Running sums of unlinked characters: those of lines i to j are `[j] - [i]`."""
        return list(accumulate((line.size - line.linked for line in self.lines), initial=0))


_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main map marquee menu nav ol p pre section summary table "
    "tbody td tfoot th thead tr ul".split()
)
_SILENT = frozenset("script style template object applet audio video canvas svg math textarea button noscript noframes iframe title option select".split())
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_VOID = frozenset(("input", "area", "frame", "meta", "base", "img", "image", "isindex"))
_OTHERS = _VOID - {"img", "image"}
_FIELDS = frozenset(("input", "iframe", "form", "html", "body"))  # hidden or not, what they hold counts
_JUMPS = ("location", "open(", "href", "url")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u2060\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


def fold(text: str) -> str:
    """Text as a reader sees it: any white space (also `&nbsp;` and U+3000) is one space, none at the ends.

    >>> fold("\\u3000\\u3000不让一家\\xa0\\xa0 受寒\\ufeff ")
    '不让一家 受寒'
    """
    text = " ".join(text.split())
    return text if text.isascii() or not _has_zero_width(text) else " ".join(text.translate(_ZERO_WIDTH).split())


_has_zero_width = re.compile("[\ufeff\u200b-\u200f\u2060\u00ad\u202a-\u202e\u2066-\u2069]").search


class _Sink:
    """Receives the parser's events and grows the document."""

    def __init__(self) -> None:
        self.doc = Document()
        self.block = self.doc.root
        self.buffer: list[str] = []
        self.anchors: list[Anchor] = []
        self.images: list[Attributes] = []
        self.linked = 0
        self.anchor: Anchor | None = None
        self.anchor_parts: list[str] = []
        self.clickable: list[Anchor] = []  # open elements other than <a> that jump on a click
        self.silent = 0  # depth at or below an element that prints nothing
        self.silent_tag = ""
        self.silent_parts: list[str] = []
        self.silent_item: Attributes | Anchor | None = None  # the option or hidden link whose text is being read
        self.pre = 0

    # -- events

    def start(self, tag: str, attrs: Attributes) -> None:
        if self.silent:
            self.silent += 1
            self._silent_start(tag, attrs)
            return
        if attrs and ("style" in attrs or "hidden" in attrs) and tag not in _FIELDS and _is_hidden(attrs):
            self.silent, self.silent_tag = 1, "hidden"
            self._silent_start(tag, attrs)
            return
        if tag in _BLOCKS:
            self._end_line()
            self.block = Block(tag, self.block, len(self.doc.lines), attrs)
            if tag == "pre":
                self.pre += 1
            elif tag == "form":
                self.doc.fields.append((tag, attrs, len(self.doc.lines)))
        elif tag == "br" or tag == "hr":
            self._end_line()
        elif tag == "a":
            self._end_anchor()
            self.anchor = Anchor(tag, attrs, len(self.doc.lines))
            self.doc.anchors.append(self.anchor)
            self.anchors.append(self.anchor)
            return
        elif tag == "img" or tag == "image":
            self.images.append(attrs)
            if self.anchor is not None:
                self.anchor.images += 1
        elif tag in _SILENT:
            self.silent, self.silent_tag = 1, tag
            self._silent_start(tag, attrs)
            return
        elif tag in _OTHERS:
            self._note(tag, attrs)
        if "onclick" in attrs and any(word in attrs["onclick"] for word in _JUMPS):
            anchor = Anchor(tag, attrs, len(self.doc.lines))
            anchor.text = fold(attrs.get("value") or attrs.get("title") or "")
            self.doc.anchors.append(anchor)
            if tag not in _VOID:
                self.clickable.append(anchor)

    def end(self, tag: str) -> None:
        if self.silent:
            self.silent -= 1
            if not self.silent:
                self._silent_end()
            return
        if tag in _BLOCKS:
            self._end_line()
            block = self.block
            if block.tag == tag and block.parent is not None:
                block.end = len(self.doc.lines)
                self.block = block.parent
                if tag == "pre":
                    self.pre -= 1
        elif tag == "a":
            self._end_anchor()
        if self.clickable and self.clickable[-1].tag == tag:
            anchor = self.clickable.pop()
            if not anchor.text:
                here = self.doc.lines[anchor.line].text if anchor.line < len(self.doc.lines) else "".join(self.buffer)
                anchor.text = fold(here)

    def data(self, text: str) -> None:
        if self.silent:
            self.silent_parts.append(text)
        elif self.pre and "\n" in text:
            first, *rest = text.split("\n")
            self._print(first)
            for piece in rest:
                self._end_line()
                self._print(piece)
        else:
            self._print(text)

    def close(self) -> Document:
        self._end_anchor()
        self._end_line()
        for block in self.block.ancestors():
            block.end = len(self.doc.lines)
        return self.doc

    # -- what they lead to

    def _print(self, text: str) -> None:
        self.buffer.append(text)
        if self.anchor is not None:
            self.anchor_parts.append(text)
            self.linked += len(text.strip())

    def _end_line(self) -> None:
        if self.buffer or self.images:
            text = fold("".join(self.buffer))
            self.buffer.clear()
            if text or self.images:
                lines = self.doc.lines
                lines.append(Line(len(lines), text, self.block, self.anchors, self.images, self.linked))
                self.images = []
                # A link that goes on over the line's end belongs to the next line too.
                self.anchors = [self.anchor] if self.anchor is not None else []
            self.linked = 0

    def _end_anchor(self) -> None:
        if self.anchor is not None:
            self.anchor.text = fold("".join(self.anchor_parts))
            if not self.anchor.text and not self.anchor.images and self.anchor in self.anchors:
                self.anchors.remove(self.anchor)
            self.anchor = None
            self.anchor_parts = []

    def _note(self, tag: str, attrs: Attributes) -> None:
        doc = self.doc
        if tag == "input" or tag == "isindex":
            doc.fields.append(("input", attrs, len(doc.lines)))
        elif tag == "area":
            anchor = Anchor(tag, attrs, len(doc.lines))
            anchor.text = fold(attrs.get("alt") or attrs.get("title") or "")
            doc.anchors.append(anchor)
        elif tag == "frame":
            doc.frames.append(attrs)
        elif tag == "meta":
            doc.metas.append(attrs)
        elif tag == "base" and doc.base is None:
            doc.base = attrs.get("href")

    def _silent_start(self, tag: str, attrs: Attributes) -> None:
        """Inside what prints nothing only addresses count: frames, the options of a pager, links of a folded menu."""
        doc = self.doc
        if tag == "iframe":
            doc.frames.append(attrs)
        elif tag == "select" or tag == "option":
            self._silent_text()
            self.silent_item = dict(attrs)
            doc.fields.append((tag, self.silent_item, len(doc.lines)))
        elif tag == "a" and self.silent_tag == "hidden":
            self._silent_text()
            self.silent_item = Anchor(tag, attrs, len(doc.lines))
            doc.anchors.append(self.silent_item)

    def _silent_text(self) -> None:
        item, self.silent_item = self.silent_item, None
        if isinstance(item, Anchor):
            item.text = fold("".join(self.silent_parts))
        elif item is not None:
            item["text"] = fold("".join(self.silent_parts))
        if item is not None or self.silent_tag in ("select", "hidden"):
            self.silent_parts = []

    def _silent_end(self) -> None:
        self._silent_text()
        tag, text = self.silent_tag, "".join(self.silent_parts)
        self.silent_tag, self.silent_parts = "", []
        if tag == "script":
            self.doc.scripts.append((len(self.doc.lines), text))
            if "document.write" in text and (said := written(text)):
                self._print(said)
        elif tag == "noscript" or tag == "noframes":
            self.doc.noscript += fold(text) + "\n"
        elif tag == "title" and not self.doc.title:
            self.doc.title = fold(text)


def _is_hidden(attrs: Attributes) -> bool:
    if "hidden" in attrs and attrs["hidden"].lower() != "until-found":
        return True
    style = attrs.get("style")
    return style is not None and ("isplay" in style.lower() or "isibility" in style.lower()) and _HIDDEN.search(style) is not None


def parse(text: str) -> Document:
    """The lines of a page. Never raises: whatever it is given, it reads what it can."""
    sink = _Sink()
    parser = etree.HTMLParser(target=sink, huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        document = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return sink.close()
    return document if isinstance(document, Document) else sink.close()
