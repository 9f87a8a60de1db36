"""Which layout a page fits, and which evidence decided each field: layout, page alone, printed label, override.

Each kind of evidence is asked by itself, as if there were no other; what it gives is compared with the value that was taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ..messages.record_words import word
from ..messages.text import N_, SEMICOLON, joined, shortened
from ..pages import Page
from ..pages.article.body import Body
from ..pages.article.byline import COUNTER
from ..pages.article.structure import ArticleStructure
from ..pages.evidence import Evidence
from ..pages.layouts import apply
from ..pages.layouts.apply import Found
from ..pages.layouts.shape import shape
from ..pages.text.compared import plain
from ..profiles import with_layouts
from ..profiles.layouts import NONE
from ..terminal import pluralized

Source = Literal["override", "layout", "label", "page"]
"""`label`: a printed label such as 来源; `page`: headings, breadcrumb and neighbours on the page alone."""
Decision = Literal["override", "both", "layout", "label", "page", "none"]
"""`both`: layout and page agree, the page by a label or without. `none`: nothing supports a value."""
WORDS: dict[Decision, str] = {
    "override": N_("the profile's override"),
    "both": N_("layout and page"),
    "layout": N_("the layout"),
    "label": N_("a printed label"),
    "page": N_("the page alone"),
    "none": N_("nothing"),
}
NAMES = ("title", "date", "source", "body")
LONGEST = 70
"""Characters shown of a value; no body has more."""


@dataclass(frozen=True, slots=True)
class OtherValue:
    """What another kind of evidence gives for a field."""

    by: Source
    value: str | None
    """None: it gives no value."""


@dataclass(frozen=True, slots=True)
class FieldEvidence:
    """A field, what decided it, and what else was found for it."""

    field: str
    value: str | None
    """Of a body: its first and last words, and its number of lines."""
    decided_by: Decision
    others: tuple[OtherValue, ...]
    """Evidence that gives another value."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The layout of a page."""

    shape: str
    """Address pattern of the page."""
    digest: str | None
    """None: no layout fits."""
    shapes: tuple[str, ...]
    """Address patterns of the layout."""
    pages: int
    """Pages that support it."""
    title_right: int
    labelled: int
    """Pages whose title a link prints; `title_right` of them have it at the layout's place."""
    known: int
    """Layouts of the address pattern, fitting or not."""

    @property
    def sentence(self) -> str:
        """The fit in words."""
        if self.digest is not None:
            shapes = ", ".join(self.shapes[:3]) + (" ..." if len(self.shapes) > 3 else "")
            return N_(
                "{layout} of {shapes}: learned from {pages}, {right:d} of {labelled:d} titles agree with links",
                layout=self.digest,
                shapes=shapes,
                pages=pluralized(self.pages, "page"),
                right=self.title_right,
                labelled=self.labelled,
            )
        if self.known:
            return N_("none of the {count:d} layouts of {shape} fits this page", count=self.known, shape=self.shape)
        return N_("none was learned for addresses like {shape}", shape=self.shape)


def page_layout(page: Page) -> PageLayout:
    """The layout that a page fits."""
    pattern, layouts = shape(page.capture.url), page.profile.layouts
    known = layouts.by_shape.get(pattern, ())
    digest = page.structure.layout if page.structure is not None else None
    layout = next((each for each in known if each.digest == digest), None)
    if layout is None:
        return PageLayout(pattern, None, (), 0, 0, 0, len(known))
    support = layout.support
    return PageLayout(
        pattern, layout.digest, layout.shapes, support.pages, support.title_right, support.labelled, len(known)
    )


def field_evidence(page: Page) -> tuple[FieldEvidence, ...]:
    """The evidence for each field of an article, or of a page that could be one; empty for other pages."""
    taken = page.structure
    if taken is None or page.kind not in ("article", "unknown"):
        return ()
    bare = with_layouts(replace(page.profile, overrides={}), NONE)
    asked = Evidence(page.capture, bare)
    alone = asked.structure
    found = apply.find(asked.doc, page.capture.url, page.profile.layouts, asked.words, alone)
    return tuple(_of(name, taken, alone, found) for name in NAMES)


def _of(name: str, taken: ArticleStructure, alone: ArticleStructure, found: Found | None) -> FieldEvidence:
    value = _values(taken)[name]
    given: list[OtherValue] = []
    if found is not None and (name != "source"):  # a source has no place of its own
        given.append(OtherValue("layout", _by_layout(found, name)))
    by: Source = "label" if _is_labelled(name, taken, value) else "page"
    own = value if by == "label" and name == "source" else _values(alone)[name]
    given.append(OtherValue(by if _same(own, value) else "page", own))
    agreeing = [each.by for each in given if value is not None and _same(each.value, value)]
    others = tuple(each for each in given if not _same(each.value, value))
    return FieldEvidence(name, value, _decision(name, taken, value, agreeing), others)


def _decision(name: str, taken: ArticleStructure, value: str | None, agreeing: Sequence[Source]) -> Decision:
    if name in taken.overridden:
        return "override"
    if value is None:
        return "none"
    if len(agreeing) > 1:
        return "both"
    if agreeing:
        return agreeing[0]
    return "label" if _is_labelled(name, taken, value) else "page"


def _values(structure: ArticleStructure) -> dict[str, str | None]:
    return {
        "title": structure.title,
        "date": structure.date.day if structure.date is not None else None,
        "source": structure.source,
        "body": _extent(structure.body),
    }


def _by_layout(found: Found, name: str) -> str | None:
    if name == "title":
        return found.title
    if name == "date":
        return found.date.date.day if found.date is not None else None
    return _extent(found.body)


def _extent(body: Body) -> str | None:
    """The first and last words of a body, and its number of lines; None for an empty one."""
    texts = [line.text for line in body.lines if line.text]
    if not body.lines:
        return None
    count = pluralized(len(body.lines), "line")
    if not texts:
        return N_("pictures only ({lines})", lines=count)
    return N_("{first} … {last} ({lines})", first=texts[0][:24], last=texts[-1][-24:], lines=count)


def _is_labelled(name: str, structure: ArticleStructure, value: str | None) -> bool:
    """Whether the byline prints the value of a field after a label."""
    byline = structure.byline
    if byline is None or value is None or name not in ("date", "source"):
        return False
    if name == "source":
        return _same(byline.value("source"), value)
    day = byline.date()
    labelled = any(pair.field == "date" and not COUNTER.match(pair.label) for pair in byline.pairs)
    return labelled and day is not None and day.day == value


def _same(one: str | None, other: str | None) -> bool:
    return one is other or (one is not None and other is not None and plain(one) == plain(other))


def in_words(evidence: FieldEvidence) -> str:
    """One line: what decided, and what else was found."""
    value = shortened(evidence.value, LONGEST) if evidence.value is not None else word("none")
    parts = [
        N_("{value}  by {what}", value=value, what=WORDS[evidence.decided_by])
        if evidence.decided_by != "none"
        else N_("none: nothing supports a value")
    ]
    for other in evidence.others:
        what = WORDS[other.by]
        if other.value is None:
            parts.append(N_("{what} gives nothing", what=what))
        else:
            parts.append(N_("{what} gives {value!r}", what=what, value=shortened(other.value, LONGEST)))
    return joined(parts, SEMICOLON)
