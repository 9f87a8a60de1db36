"""Lines and blocks of a page by their paths, so that the same place is found on other pages of a shape."""

import functools
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
    """The paths of one page's blocks, computed when they are asked for."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self._paths: dict[PathKind, list[str]] = {}

    def paths(self, kind: PathKind) -> list[str]:
        """The paths of all blocks, by the number of the block. `tbody` has the path of its table: some pages write it,
        some do not."""
        if kind not in self._paths:
            blocks = self.doc.contents.blocks
            if kind == "indexed":
                self._paths["indexed"] = _indexed(blocks)
            else:
                self._paths["near"], self._paths["classes"] = _named(blocks)
        return self._paths[kind]

    def path(self, kind: PathKind, block: Block) -> str:
        """The path of a block."""
        return self.paths(kind)[block.number]

    def at(self, place: PagePlace) -> tuple[Line, ...]:
        """The lines at a place; empty where the page has no such place."""
        if place.whole:
            block = self.block_at(place)
            return tuple(block.lines) if block is not None else ()
        line = next(itertools.islice(self.along(place), place.k, None), None)
        return (line,) if line is not None else ()

    def along(self, place: PagePlace) -> Iterator[Line]:
        """All lines with the path of a place, in page order."""
        paths = self.paths(place.kind)
        return (line for line in self.doc.lines if line.text and paths[line.block.number] == place.path)

    def block_at(self, place: PagePlace) -> Block | None:
        """The block at a place; None where the page has no such place."""
        blocks = zip(self.doc.contents.blocks, self.paths(place.kind), strict=True)
        here = (block for block, path in blocks if path == place.path and block.tag != "tbody")
        return next(itertools.islice(here, place.k, None), None)


def _named(blocks: Sequence[Block]) -> tuple[list[str], list[str]]:
    """The paths from the nearest block with a class or id, and those by all tags, classes and ids."""
    near, classes = [""], [""]
    known: dict[tuple[str, str], str] = {}  # siblings share one string: a page may have 100,000 of them
    for block in blocks[1:]:
        assert block.parent is not None
        assert block.element is not None
        tag, number = block.tag, block.parent.number
        above, above_near = classes[number], near[number]
        if tag == "tbody":
            classes.append(above)
            near.append(above_near)
            continue
        written, own = block.element.get("class"), block.element.get("id")
        step = tag + _name(written, own) if written or own else tag
        path = known.get((above, step)) or known.setdefault((above, step), f"{above}>{step}")
        classes.append(path)
        if step != tag:
            near.append(step)
        elif above_near is above:
            near.append(path)
        else:
            near.append(known.get((above_near, tag)) or known.setdefault((above_near, tag), f"{above_near}>{tag}"))
    return near, classes


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


@functools.lru_cache(maxsize=256)  # the pages of a site share a few classes
def _name(written: str | None, own: str | None) -> str:
    """The classes and the id of a block, for its path."""
    name = ""
    if written:
        name = "." + ".".join(sorted(set(written.split())))
    if own:
        name += f"#{own.strip()}"
    return _NUMBER.sub("0", name)
