"""One page and one layout of its shape: what the other files of the package ask about its lines."""

from collections.abc import Mapping, Set

from ...profiles.layouts import Layout
from ..dom.document import Document, Line
from ..text.compared import without_digits
from ..words import Words
from .layout_index import LayoutIndex, index_of
from .places import Places, shown


class PageByLayout:
    """A page with a layout that may fit it."""

    def __init__(self, doc: Document, url: str, places: Places, layout: Layout, words: Words) -> None:
        self.doc, self.url, self.places, self.layout, self.words = doc, url, places, layout, words
        self.index: LayoutIndex = index_of(layout)
        self._paths = places.paths("classes")

    def path(self, line: Line) -> str:
        """The path of a line by classes."""
        return self._paths[line.block.number]

    def is_prose(self, line: Line) -> bool:
        """Whether text is usually where the line is."""
        return self._paths[line.block.number] in self.index.prose

    def is_template(self, line: Line) -> bool:
        """Whether most pages of the layout have the line."""
        return self._is_one_of(line, self.index.template)

    def is_aside(self, line: Line) -> bool:
        """Whether some pages have the line beside their text."""
        return self._is_one_of(line, self.index.asides)

    def _is_one_of(self, line: Line, known: Mapping[str, Set[str]]) -> bool:
        texts = known.get(self.path(line))
        if texts is None:
            return False  # checked first: folding the text of every line takes long
        text = shown(line)
        return text in texts or (bool(line.text) and without_digits(text) in texts)
