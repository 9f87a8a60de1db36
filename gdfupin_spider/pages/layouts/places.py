"""Lines and blocks of a page by their paths, so that the same place is found on other pages of a shape."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ...profiles.layouts import PagePlace, PathKind
from ..dom.document import Block, Document, Line
from ..text.compared import plain

KINDS: tuple[PathKind, ...] = ("near", "classes", "indexed")
_NUMBER = re.compile(r"\d{3,}")
"""A number in a class or id that is the article's own (`post-1482`); shorter ones may tell two templates apart."""


class Places:
    """The paths of one page's blocks. Computed at once: blocks are in page order, parents before children."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        blocks = doc.contents.blocks
        self.paths: dict[PathKind, list[str]] = {kind: [""] * len(blocks) for kind in KINDS}
        near, classes, indexed = (self.paths[kind] for kind in KINDS)
        counts: list[dict[str, int]] = [{} for _ in blocks]
        for block in blocks:
            number = block.number
            parent = block.parent
            tag, name = block.tag, _name(block)
            if parent is None:
                continue
            above = parent.number
            if tag == "tbody":  # some pages write it, some do not
                near[number], classes[number], indexed[number] = near[above], classes[above], indexed[above]
                counts[number] = counts[above]
                continue
            siblings = counts[above]
            place = siblings[tag] = siblings.get(tag, 0) + 1
            classes[number] = f"{classes[above]}>{tag}{name}"
            indexed[number] = f"{indexed[above]}>{tag}{place}"
            near[number] = f"{tag}{name}" if name else f"{near[above]}>{tag}"
        self._lines: dict[PathKind, Mapping[str, Sequence[Line]]] = {}
        self._blocks: dict[PathKind, Mapping[str, Sequence[Block]]] = {}

    def path(self, kind: PathKind, block: Block) -> str:
        return self.paths[kind][block.number]

    def lines(self, kind: PathKind) -> Mapping[str, Sequence[Line]]:
        """Lines with text or pictures by the path of their block, in page order."""
        if kind not in self._lines:
            found = defaultdict(list)
            paths = self.paths[kind]
            for line in self.doc.lines:
                if line.text:
                    found[paths[line.block.number]].append(line)
            self._lines[kind] = found
        return self._lines[kind]

    def blocks(self, kind: PathKind) -> Mapping[str, Sequence[Block]]:
        """Blocks by their path, in page order. `tbody` counts as its table."""
        if kind not in self._blocks:
            found = defaultdict(list)
            paths = self.paths[kind]
            for block in self.doc.contents.blocks:
                if block.tag != "tbody":
                    found[paths[block.number]].append(block)
            self._blocks[kind] = found
        return self._blocks[kind]

    def at(self, place: PagePlace) -> tuple[Line, ...]:
        """The lines at a place; empty where the page has no such place."""
        if place.whole:
            blocks = self.blocks(place.kind).get(place.path, ())
            return tuple(blocks[place.k].lines) if place.k < len(blocks) else ()
        lines = self.lines(place.kind).get(place.path, ())
        return (lines[place.k],) if place.k < len(lines) else ()

    def block_at(self, place: PagePlace) -> Block | None:
        blocks = self.blocks(place.kind).get(place.path, ())
        return blocks[place.k] if place.k < len(blocks) else None


def shown(line: Line) -> str:
    """What a line prints, for comparison: its text as `plain` gives it, or the file name of its first picture.

    The same picture on most pages is template.
    """
    if line.text or not line.images:
        return plain(line.text)
    return f"<{(line.images[0].get('src') or '').rpartition('/')[2]}>"


def _name(block: Block) -> str:
    """Class and id of a block, for its path."""
    element = block.element
    if element is None:
        return ""
    written, own = element.get("class"), element.get("id")
    name = ""
    if written:
        name = "." + ".".join(sorted(set(written.split())))
    if own:
        name += f"#{own.strip()}"
    return _NUMBER.sub("0", name) if name else ""
