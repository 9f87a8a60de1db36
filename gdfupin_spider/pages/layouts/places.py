"""Lines and blocks of a page by their paths, so that the same place is found on other pages of a shape."""

import itertools
import re
from collections.abc import Iterator, Sequence

from ...profiles.layouts import PagePlace, PathKind
from ..dom.document import Block, Document, Line
from ..links.urls import absolute, identity_key
from ..text.compared import plain

KINDS: tuple[PathKind, ...] = ("near", "classes", "indexed")
LONGEST_TITLE = 200
"""Characters above which a line is no title."""
_NUMBER = re.compile(r"\d{3,}")
"""A number in a class or id that is the article's own (`post-1482`); shorter ones may tell two templates apart."""


class Places:
    """The paths of one page's blocks, each computed when it is asked for."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self._known: dict[PathKind, dict[int, str]] = {kind: {} for kind in KINDS}
        self._steps: dict[int, str] = {}
        self._indexed: list[str] = []

    def path(self, kind: PathKind, block: Block) -> str:
        """The path of a block. `tbody` has the path of its table: some pages write it, some do not."""
        if kind == "indexed":
            self._indexed = self._indexed or _indexed(self.doc.contents.blocks)
            return self._indexed[block.number]
        known = self._known[kind]
        found = known.get(block.number)
        if found is None:
            above = block.parent
            if above is None:
                found = ""
            elif block.tag == "tbody":
                found = self.path(kind, above)
            else:
                step = self._step(block)
                named = kind == "near" and step != block.tag
                found = step if named else f"{self.path(kind, above)}>{step}"
            known[block.number] = found
        return found

    def at(self, place: PagePlace) -> tuple[Line, ...]:
        """The lines at a place; empty where the page has no such place."""
        if place.whole:
            block = self.block_at(place)
            return tuple(block.lines) if block is not None else ()
        line = next(itertools.islice(self.along(place), place.k, None), None)
        return (line,) if line is not None else ()

    def along(self, place: PagePlace) -> Iterator[Line]:
        """All lines with the path of a place, in page order."""
        return (line for line in self.doc.lines if line.text and self._is_at(place, line.block))

    def block_at(self, place: PagePlace) -> Block | None:
        """The block at a place; None where the page has no such place."""
        here = (block for block in self.doc.contents.blocks if block.tag != "tbody" and self._is_at(place, block))
        return next(itertools.islice(here, place.k, None), None)

    def _is_at(self, place: PagePlace, block: Block) -> bool:
        if place.kind != "indexed" and block.tag != "tbody" and not place.path.endswith(self._step(block)):
            return False  # the last step is known without the steps above
        return self.path(place.kind, block) == place.path

    def _step(self, block: Block) -> str:
        """Tag, classes and id of a block."""
        step = self._steps.get(block.number)
        if step is None:
            step = self._steps[block.number] = block.tag + _name(block)
        return step


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


def shown(line: Line) -> str:
    """What a line prints, for comparison: its text as `plain` gives it, or the file name of its first picture.

    The same picture on most pages is template.
    """
    if line.text or not line.images:
        return plain(line.text)
    return f"<{(line.images[0].get('src') or '').rpartition('/')[2]}>"


def links_to_itself(line: Line, url: str) -> bool:
    """Whether all links of a line lead to its own page, as some titles do."""
    own = identity_key(url)
    targets = [absolute(anchor.attribute("href"), url) for anchor in line.anchors]
    return bool(targets) and all(target is not None and identity_key(target) == own for target in targets)


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
