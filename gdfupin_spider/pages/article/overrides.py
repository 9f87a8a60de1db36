"""A profile's overrides: what a CSS or XPath expression finds takes the place of what the lines say.

For the day somebody sees the real markup and the words are not enough. Each field stands for itself, but `info_line`:
date, source and author are read from it, unless they are overridden, too. Where the lines know no info line and `body`
is not overridden, the body begins behind what the other expressions found. A page on which both `title` and `body`
find something is an article, whatever its words say.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from ...items import Capture, Issue
from ...profiles import Profile, is_xpath
from ..dom.document import Block, Document, Element, Line, fold
from ..text import dates
from ..words import Words
from . import labels, line_class
from .body import Body, find_body
from .breadcrumb import Breadcrumb, is_home, split
from .structure import ArticleStructure, read_structure

ARTICLE = frozenset(("title", "body"))
"""Where both are overridden and found, the page is an article."""
_PRINTS_NOTHING = frozenset(("script", "style", "template", "noscript", "noframes", "select", "textarea", "title"))
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}


@dataclass(frozen=True, slots=True)
class Selection:
    """What an expression found."""

    pieces: tuple[str, ...]
    """The printed text of each node, folded; none of them empty."""
    lines: tuple[Line, ...]
    """The lines these nodes print, in page order."""
    nodes: tuple[Element, ...]

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


def read_with_overrides(doc: Document, words: Words, profile: Profile) -> ArticleStructure:
    """The layout of a page, by its lines and by the profile's overrides."""
    by_lines = read_structure(doc, words)
    return apply_overrides(by_lines, doc, words, profile) if profile.overrides else by_lines


def apply_overrides(by_lines: ArticleStructure, doc: Document, words: Words, profile: Profile) -> ArticleStructure:
    """The layout with each overridden field in place; `unfound` names those whose expression found nothing."""
    found = {
        name: selection
        for name, expression in profile.overrides.items()
        if (selection := select(doc, expression)) is not None
    }
    changed = by_lines
    if selection := found.get("breadcrumb"):
        changed = replace(changed, breadcrumb=_breadcrumb(selection, words))
    if selection := found.get("title"):
        if selection.text:
            changed = replace(changed, title=selection.text, title_lines=tuple(line.index for line in selection.lines))
        else:
            del found["title"]
    if selection := found.get("info_line"):
        changed = _with_byline(changed, selection, words)
    if selection := found.get("source"):
        changed = replace(changed, source=_value("source", selection.text, words))
    if selection := found.get("author"):
        changed = replace(changed, author=_value("author", selection.text, words))
    if selection := found.get("date"):
        date = dates.find_date(selection.text) or dates.eight_digit_date(selection.text)
        if date is None:
            del found["date"]
        else:
            changed = replace(changed, date=date)
    if selection := found.get("body"):
        lines = tuple(line for line in selection.lines if line.text or line_class.has_picture_or_file(line))
        if lines:
            changed = replace(changed, body=Body(lines, lines[-1].index + 1, "the profile's override"))
        else:
            del found["body"]
    elif changed.byline is None or changed.byline is not by_lines.byline or by_lines.title is None:
        changed = _with_body_behind(
            changed, doc, words, [found[name] for name in ("title", "info_line") if name in found]
        )
    if "body" not in found:
        changed = _without(changed, [line for selection in found.values() for line in selection.lines])
    unfound = tuple(name for name in profile.overrides if name not in found)
    score = max(changed.score, 10.0) if found.keys() >= ARTICLE else changed.score
    return replace(changed, overridden=frozenset(found), unfound=unfound, score=score)


def notes(changed: ArticleStructure, capture: Capture, profile: Profile) -> list[Issue]:
    """A note for each expression that found nothing on this page."""
    return [
        Issue(
            "note",
            "override-finds-nothing",
            capture.url,
            f"overrides.{name} = {profile.overrides[name]!r} finds nothing here; the lines decide"[:300],
            capture.proof,
        )
        for name in changed.unfound
    ]


def select(doc: Document, expression: str) -> Selection | None:
    """What an expression finds on a page; None where that is nothing, or nothing that is printed or shows something."""
    blocks = {block.element: block for block in doc.contents.blocks if block.element is not None}
    first = next(iter(blocks), None)
    if first is None:
        return None
    try:
        result = _compiled(expression)(first.getroottree())
    except etree.XPathError:
        return None  # a function or prefix that does not exist: known only when it is asked
    results: list[Any] = result if isinstance(result, list) else [result]
    nodes: list[Element] = []
    pieces: list[str] = []
    lines: dict[int, Line] = {}
    for one in results:
        if isinstance(one, etree._Element):
            text = printed(one)
            nodes.append(one)
            lines.update((line.index, line) for line in _lines_of(blocks, one, text))
        else:
            text = fold(str(one))
            parent = one.getparent() if getattr(one, "is_text", False) else None
            if parent is not None:
                around = _lines_of(blocks, parent, text)
                lines.update((line.index, line) for line in around if line.text and line.text in text)
        if text:
            pieces.append(text)
    if not pieces and not lines:
        return None
    return Selection(tuple(pieces), tuple(line for _, line in sorted(lines.items())), tuple(nodes))


@functools.lru_cache(maxsize=64)
def _compiled(expression: str) -> etree.XPath:
    if is_xpath(expression):
        return etree.XPath(expression, namespaces=_NAMESPACES)
    from parsel.csstranslator import HTMLTranslator  # few profiles have overrides

    return etree.XPath(HTMLTranslator().css_to_xpath(expression), namespaces=_NAMESPACES)


def printed(element: Element) -> str:
    """What an element prints, folded; `<br>` and the bounds of paragraphs and cells are spaces."""
    pieces: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start":
            if node.tag in _PRINTS_NOTHING:
                walker.skip_subtree()
            else:
                pieces.append(node.text or "")
        elif node is not element:
            if node.tag in ("br", "p", "div", "td", "th", "tr", "li"):
                pieces.append(" ")
            pieces.append(node.tail or "")
    return fold("".join(pieces))


def _lines_of(blocks: Mapping[Element, Block], element: Element, text: str) -> Iterable[Line]:
    """The lines an element prints: those of its block; where it is part of a line, or goes over several, those it holds."""
    own = blocks.get(element)
    if own is not None:
        yield from own.lines
        return
    inside = {element, *element.iterdescendants()}
    for node in inside:
        if node in blocks:
            yield from blocks[node].lines
    around = next((node for node in element.iterancestors() if node in blocks), None)
    for line in blocks[around].lines if around is not None else ():
        if (line.text and line.text in text) or any(image in inside for image in line.images):
            yield line


def _with_byline(changed: ArticleStructure, selection: Selection, words: Words) -> ArticleStructure:
    byline = labels.read_labels(selection.text, words) or labels.Byline(0, -1, selection.text)
    if selection.lines:
        byline.first, byline.last = selection.lines[0].index, selection.lines[-1].index
    else:
        byline.first, byline.last = 0, -1
    return replace(
        changed,
        byline=byline,
        date=byline.date(),
        source=byline.value("source") or byline.unlabelled_source(),
        author=byline.value("author"),
    )


def _value(name: str, text: str, words: Words) -> str | None:
    """The value in a piece of text: behind its label where it has one, else all of it; None where it is empty."""
    byline = labels.read_labels(text, words)
    if byline is not None and byline.has_label(name):
        return byline.value(name)
    return text or None


def _breadcrumb(selection: Selection, words: Words) -> Breadcrumb:
    """Steps by the nodes where there are several, by links and separators where there is one."""
    first, last = (selection.lines[0].index, selection.lines[-1].index) if selection.lines else (0, -1)
    if len(selection.pieces) > 1:
        steps = list(selection.pieces)
    else:
        text = selection.text
        if label := words.breadcrumb.match(text):
            text = text[label.end() :].strip(" :：")
        links = [printed(link) for node in selection.nodes for link in node.iter("a")]
        steps, _ = split(text, links)
    home = bool(steps) and (is_home(steps[0]) or steps[0] == words.site)
    return Breadcrumb(first, last, tuple(steps[1:] if home else steps), any(line.linked for line in selection.lines))


def _with_body_behind(
    changed: ArticleStructure, doc: Document, words: Words, selections: Sequence[Selection]
) -> ArticleStructure:
    """The layout with the body that begins behind the last of what was found."""
    lines = [line for selection in selections for line in selection.lines]
    if not lines:
        return changed
    last = max(lines, key=lambda line: line.index)
    return replace(changed, body=find_body(doc, last.index + 1, last.block, words))


def _without(changed: ArticleStructure, taken: Sequence[Line]) -> ArticleStructure:
    """The layout whose body has no line that an expression found to be something else."""
    places = {line.index for line in taken}
    lines = tuple(line for line in changed.body.lines if line.index not in places)
    return (
        changed if len(lines) == len(changed.body.lines) else replace(changed, body=replace(changed.body, lines=lines))
    )
