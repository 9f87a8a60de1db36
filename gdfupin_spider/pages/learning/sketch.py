"""One page as far as learning needs it: its lines with their paths. A hundred sketches take less memory than two pages."""

from dataclasses import dataclass

from ..article import labels
from ..article.line_class import has_picture_or_file, is_dated_link
from ..dom.document import Block
from ..layouts.places import KINDS, Places, links_to_itself, shown
from ..page import Page
from ..text import dates
from ..text.compared import plain, without_digits
from ..words import words_of

LONGEST_DATE_LINE = 160
Key = tuple[int, str, int, bool]
"""A place: number of the kind of path, path, which of the lines or blocks with it, and whether the block is meant."""
Counts = tuple[dict[str, int], dict[str, int], dict[str, int]]


@dataclass(frozen=True, slots=True)
class SketchLine:
    """One line."""

    text: str
    """As `plain` gives it."""
    shown: str
    """The same; of a picture its file name."""
    paths: tuple[str, str, str]
    """Of its block, by the kinds of `places.KINDS`."""
    k: tuple[int, int, int]
    """Which of the lines with that path it is."""
    size: int
    linked: int
    content: bool
    """Whether it has a picture or a file."""
    day: str | None
    """The date it prints, where it is short enough for a byline."""
    doubtful: tuple[int, int, int] | None
    """The numbers of a date such as 10/11/2008, whose order of day and month the line does not show."""
    labelled: bool = False
    """Whether the date has a label, or one of a source beside it: `发布时间：2019-03-05`."""
    dated_link: bool = False
    """Whether the line is a link with a date beside it, as in a list of related articles."""

    @property
    def key(self) -> tuple[str, str]:
        """What is compared to find template: its path by classes, and what it prints with digits as 0, unless it is a date
        or a picture: the pictures of two articles often differ in a number only."""
        folded = self.text and self.day is None and self.doubtful is None
        return self.paths[1], without_digits(self.shown) if folded else self.shown

    @property
    def is_link(self) -> bool:
        return self.dated_link or self.linked > 0.6 * self.size


@dataclass(frozen=True, slots=True)
class SketchBlock:
    """One block with at least one line."""

    paths: tuple[str, str, str]
    k: tuple[int, int, int]
    start: int
    end: int
    """Range of `Sketch.lines`."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """One page."""

    url: str
    kind: str
    title_tag: str
    title: str | None
    """The title that the page alone gives, as `plain` gives it."""
    lines: tuple[SketchLine, ...]
    blocks: tuple[SketchBlock, ...]

    def at(self, key: Key) -> tuple[int, int] | None:
        """The range of lines at a place; None where the page has no such place."""
        kind, path, k, whole = key
        if whole:
            for block in self.blocks:
                if block.k[kind] == k and block.paths[kind] == path:
                    return block.start, block.end
            return None
        for index, line in enumerate(self.lines):
            if line.k[kind] == k and line.text and line.paths[kind] == path:
                return index, index + 1
        return None


def sketch(page: Page) -> Sketch:
    """The sketch of a page."""
    places, words = Places(page.doc), words_of(page.profile)
    counts: Counts = ({}, {}, {})
    lines: list[SketchLine] = []
    numbers: list[int] = []  # index in `lines` of the first line at or after each line of the page
    for line in page.doc.lines:
        numbers.append(len(lines))
        if not line.text and not has_picture_or_file(line):
            continue
        paths = _paths(places, line.block)
        k = _count(counts, paths, add=bool(line.text))
        day = doubtful = None
        dated_link = is_dated_link(line)
        if line.size <= LONGEST_DATE_LINE and line.linked < 0.5 * line.size and not dated_link:
            day, doubtful = date_in(line.text)
        byline = labels.read_labels(line.text, words) if day is not None else None
        lines.append(
            SketchLine(
                plain(line.text),
                shown(line),
                paths,
                k,
                line.size,
                0 if line.linked and links_to_itself(line, page.capture.url) else line.linked,
                has_picture_or_file(line),
                day,
                doubtful,
                byline is not None and (byline.has_label("date") or byline.has_label("source")),
                dated_link,
            )
        )
    numbers.append(len(lines))
    block_counts: Counts = ({}, {}, {})
    blocks = []
    for block in page.doc.contents.blocks:
        if block.tag == "tbody":
            continue
        paths = _paths(places, block)
        k = _count(block_counts, paths)
        start, end = numbers[block.start], numbers[block.end]
        if end > start:
            blocks.append(SketchBlock(paths, k, start, end))
    return Sketch(
        page.capture.url,
        page.kind,
        plain(page.doc.title),
        plain(page.structure.title) if page.structure and page.structure.title else None,
        tuple(lines),
        tuple(blocks),
    )


def date_in(text: str) -> tuple[str | None, tuple[int, int, int] | None]:
    """The date in a text, or the numbers of one whose order of month and day is unknown."""
    found = dates.find_date(text)
    if found is None:
        return None, None
    return (found.day, None) if found.day is not None else (None, dates.slashed_numbers(text))


def _count(counts: Counts, paths: tuple[str, str, str], add: bool = True) -> tuple[int, int, int]:
    """How often each path was counted before; `add` counts them once more."""
    one, two, three = (count.get(path, 0) for count, path in zip(counts, paths, strict=True))
    if add:
        for count, path in zip(counts, paths, strict=True):
            count[path] = count.get(path, 0) + 1
    return one, two, three


def _paths(places: Places, block: Block) -> tuple[str, str, str]:
    near, classes, indexed = (places.path(kind, block) for kind in KINDS)
    return near, classes, indexed
