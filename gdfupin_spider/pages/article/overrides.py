"""A profile's overrides: CSS or XPath expressions whose result replaces what the lines give.

They are for sites whose real markup is known and whose words are not enough. Each field is independent, except
`info_line`: date, source and author are read from it unless they have overrides too. If neither the lines nor an
override give a byline and `body` has no override, the body begins after what the other overrides found. A page on
which `title` and `body` both find something is an article, whatever its words.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from ...items import Capture, Issue
from ...messages.text import N_, shortened
from ...profiles import Profile, is_xpath
from ..dom.document import Block, Document, Element, Line, fold
from ..text import dates
from ..words import Words
from . import labels, line_class
from .body import Body, find_body
from .breadcrumb import Breadcrumb, is_home, split
from .structure import ArticleStructure, read_structure

ARTICLE = frozenset(("title", "body"))
"""If both are overridden and found, the page is an article."""
_PRINTS_NOTHING = frozenset(("script", "style", "template", "noscript", "noframes", "select", "textarea", "title"))
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}


@dataclass(frozen=True, slots=True)
class Selection:
    """The result of an expression."""

    pieces: tuple[str, ...]
    """Folded text of each node, without empty ones."""
    lines: tuple[Line, ...]
    """Lines that these nodes print, in page order."""
    nodes: tuple[Element, ...]

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


def read_with_overrides(doc: Document, words: Words, profile: Profile) -> ArticleStructure:
    """The structure of a page, by its lines and by the profile's overrides."""
    return with_overrides(read_structure(doc, words), doc, words, profile)


def with_overrides(known: ArticleStructure, doc: Document, words: Words, profile: Profile) -> ArticleStructure:
    """The structure with what the profile's overrides find in place of what is known."""
    return apply_overrides(known, doc, words, profile) if profile.overrides else known


def apply_overrides(by_lines: ArticleStructure, doc: Document, words: Words, profile: Profile) -> ArticleStructure:
    """The structure with each overridden field replaced. `unfound` has the fields whose expression found nothing."""
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
            changed = replace(changed, body=Body(lines, lines[-1].index + 1, N_("the profile's override")))
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
            shortened(
                N_(
                    "overrides.{name} = {expression!r} finds nothing here; the lines decide",
                    name=name,
                    expression=profile.overrides[name],
                ),
                300,
            ),
            capture.proof,
        )
        for name in changed.unfound
    ]


def select(doc: Document, expression: str) -> Selection | None:
    """The result of an expression; None if it has neither text nor lines."""
    blocks = {block.element: block for block in doc.contents.blocks if block.element is not None}
    first = next(iter(blocks), None)
    if first is None:
        return None
    try:
        result = _compiled(expression)(first.getroottree())
    except etree.XPathError:
        return None  # an unknown function or prefix, which shows only when it is evaluated
    results: Sequence[object] = result if isinstance(result, list) else [result]
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
            parent = one.getparent() if isinstance(one, etree._ElementUnicodeResult) and one.is_text else None
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
    from parsel.csstranslator import HTMLTranslator  # imported late: few profiles have overrides

    return etree.XPath(HTMLTranslator().css_to_xpath(expression), namespaces=_NAMESPACES)


def printed(element: Element) -> str:
    """The folded text of an element. `<br>` and the bounds of paragraphs and cells become spaces."""
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
    """The lines that an element prints: all lines of a block; for a part of a line, the lines that contain its text
    or images."""
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
    """The value in a text: after its label, or all of it without a label. None if it is empty."""
    byline = labels.read_labels(text, words)
    if byline is not None and byline.has_label(name):
        return byline.value(name)
    return text or None


def _breadcrumb(selection: Selection, words: Words) -> Breadcrumb:
    """The breadcrumb of a result: one step for each node, or one node divided at links and separators."""
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
    """The structure with the body that begins after the last line of the results."""
    lines = [line for selection in selections for line in selection.lines]
    if not lines:
        return changed
    last = max(lines, key=lambda line: line.index)
    return replace(changed, body=find_body(doc, last.index + 1, last.block, words))


def _without(changed: ArticleStructure, taken: Sequence[Line]) -> ArticleStructure:
    """The structure with a body without the lines that an expression found to be another field."""
    places = {line.index for line in taken}
    lines = tuple(line for line in changed.body.lines if line.index not in places)
    return (
        changed if len(lines) == len(changed.body.lines) else replace(changed, body=replace(changed.body, lines=lines))
    )
