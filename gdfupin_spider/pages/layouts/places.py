"""Lines and blocks of a page by their paths, so that the same place is found on other pages of a shape."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from ...profiles.layouts import PagePlace, PathKind
from ..dom.document import Block, Document, Line
from ..text.compared import plain

KINDS: tuple[PathKind, ...] = ("near", "classes", "indexed")
LONGEST_TITLE = 200
"""Characters above which a line is no title."""
_NUMBER = re.compile(r"\d{3,}")
"""A number in a class or id that is the article's own (`post-1482`); shorter ones may tell two templates apart."""


class Places:
    """The paths of one page's blocks, computed when a kind is asked for."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self._paths: dict[PathKind, list[str]] = {}
        self._lines: dict[PathKind, Mapping[str, Sequence[Line]]] = {}
        self._blocks: dict[PathKind, Mapping[str, Sequence[Block]]] = {}

    def paths(self, kind: PathKind) -> list[str]:
        """The path of each block, by its number. `tbody` has the path of its table: some pages write it, some do not."""
        if kind not in self._paths:
            self._paths[kind] = _PATHS[kind](self.doc.contents.blocks)
        return self._paths[kind]

    def path(self, kind: PathKind, block: Block) -> str:
        return self.paths(kind)[block.number]

    def lines(self, kind: PathKind) -> Mapping[str, Sequence[Line]]:
        """Lines with text or pictures by the path of their block, in page order."""
        if kind not in self._lines:
            found = defaultdict(list)
            paths = self.paths(kind)
            for line in self.doc.lines:
                if line.text:
                    found[paths[line.block.number]].append(line)
            self._lines[kind] = found
        return self._lines[kind]

    def blocks(self, kind: PathKind) -> Mapping[str, Sequence[Block]]:
        """Blocks by their path, in page order. `tbody` counts as its table."""
        if kind not in self._blocks:
            found = defaultdict(list)
            paths = self.paths(kind)
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


def _near(blocks: Sequence[Block]) -> list[str]:
    paths = [""] * len(blocks)
    for block in blocks[1:]:  # parents come before their children
        assert block.parent is not None
        above = paths[block.parent.number]
        if block.tag == "tbody":
            paths[block.number] = above
        else:
            name = _name(block)
            paths[block.number] = f"{block.tag}{name}" if name else f"{above}>{block.tag}"
    return paths


def _classes(blocks: Sequence[Block]) -> list[str]:
    paths = [""] * len(blocks)
    for block in blocks[1:]:
        assert block.parent is not None
        above = paths[block.parent.number]
        paths[block.number] = above if block.tag == "tbody" else f"{above}>{block.tag}{_name(block)}"
    return paths


def _indexed(blocks: Sequence[Block]) -> list[str]:
    paths = [""] * len(blocks)
    counts: list[dict[str, int]] = [{} for _ in blocks]
    for block in blocks[1:]:
        assert block.parent is not None
        above = block.parent.number
        if block.tag == "tbody":
            paths[block.number], counts[block.number] = paths[above], counts[above]
            continue
        number = counts[above][block.tag] = counts[above].get(block.tag, 0) + 1
        paths[block.number] = f"{paths[above]}>{block.tag}{number}"
    return paths


_PATHS: Mapping[PathKind, Callable[[Sequence[Block]], list[str]]] = {
    "near": _near,
    "classes": _classes,
    "indexed": _indexed,
}


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
