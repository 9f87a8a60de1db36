"""Counts the pages that the layouts of the site do not fit: a redesign shows there first."""

from ..messages.record_words import word
from ..messages.text import N_, shortened
from ..pages.layouts.shape import shape
from ..profiles.layouts import Layouts
from ..storage.counts import Example, LayoutFit
from .page_facts import PageFacts

EXAMPLES = 5
"""Maximum number of examples in the report."""


class LayoutFitCounter:
    """Counts articles, and pages that could not be classified, by whether a layout fits. Nothing without layouts."""

    def __init__(self, layouts: Layouts) -> None:
        self._layouts = layouts
        self._known = self._misfits = self._differing = self._other = 0
        self._examples: list[Example] = []

    def add(self, page: PageFacts) -> None:
        """Counts a page once it is judged; further pages of an article are left out."""
        if not self._layouts.all or page.layout is None or page.kind not in ("article", "unknown"):
            return
        if shape(page.capture.url) not in self._layouts.by_shape:
            self._other += page.kind == "article"
            return
        self._known += 1
        if page.layout == "misfit":
            self._misfits += 1
            if len(self._examples) < EXAMPLES:
                evidence = N_("no layout fits; read as {kind}: {why}", kind=word(page.kind), why=page.why)
                self._examples.append(Example(page.capture.url, shortened(evidence, 300)))
        else:
            self._differing += page.layout == "differs"

    def result(self) -> LayoutFit:
        """The counts until now."""
        return LayoutFit(self._known, self._misfits, self._differing, self._other, tuple(self._examples))
