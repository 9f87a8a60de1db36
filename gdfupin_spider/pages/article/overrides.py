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
from . import body as bodies
from . import breadcrumb as breadcrumbs
from . import labels, line_class, structure
from .body import Body
from .breadcrumb import Breadcrumb
from .structure import Layout

ARTICLE = frozenset(("title", "body"))
"""Where both are overridden and found, the page is an article."""
_PRINTS_NOTHING = frozenset(("script", "style", "template", "noscript", "noframes", "select", "textarea", "title"))
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}


@dataclass(frozen=True, slots=True)
class Found:
    """What an expression found."""

    pieces: tuple[str, ...]
    """The printed text of each node, folded; none of them empty."""
    lines: tuple[Line, ...]
    """The lines these nodes print, in page order."""
    nodes: tuple[Element, ...]

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


def read(doc: Document, words: Words, profile: Profile) -> Layout:
    """The layout of a page, by its lines and by the profile's overrides."""
    by_lines = structure.read(doc, words)
    return apply(by_lines, doc, words, profile) if profile.overrides else by_lines


def apply(by_lines: Layout, doc: Document, words: Words, profile: Profile) -> Layout:
    """The layout with each overridden field in place; `unfound` names those whose expression found nothing."""
    found = {name: hit for name, expression in profile.overrides.items() if (hit := find(doc, expression)) is not None}
    made = by_lines
    if hit := found.get("breadcrumb"):
        made = replace(made, breadcrumb=_breadcrumb(hit, words))
    if hit := found.get("title"):
        if hit.text:
            made = replace(made, title=hit.text, title_lines=tuple(line.index for line in hit.lines))
        else:
            del found["title"]
    if hit := found.get("info_line"):
        made = _with_info(made, hit, words)
    if hit := found.get("source"):
        made = replace(made, source=_value("source", hit.text, words))
    if hit := found.get("author"):
        made = replace(made, author=_value("author", hit.text, words))
    if hit := found.get("date"):
        date = dates.find(hit.text) or dates.compact(hit.text)
        if date is None:
            del found["date"]
        else:
            made = replace(made, date=date)
    if hit := found.get("body"):
        lines = tuple(line for line in hit.lines if line.text or line_class.shows_something(line))
        if lines:
            made = replace(made, body=Body(lines, lines[-1].index + 1, "the profile's override"))
        else:
            del found["body"]
    elif made.info is None or made.info is not by_lines.info or by_lines.title is None:
        made = _with_body_behind(made, doc, words, [found[name] for name in ("title", "info_line") if name in found])
    if "body" not in found:
        made = _without(made, [line for hit in found.values() for line in hit.lines])
    unfound = tuple(name for name in profile.overrides if name not in found)
    sure = max(made.sure, 10.0) if found.keys() >= ARTICLE else made.sure
    return replace(made, overridden=frozenset(found), unfound=unfound, sure=sure)


def notes(made: Layout, capture: Capture, profile: Profile) -> list[Issue]:
    """A note for each expression that found nothing on this page."""
    return [
        Issue(
            "note",
            "override-finds-nothing",
            capture.url,
            f"overrides.{name} = {profile.overrides[name]!r} finds nothing here; the lines decide"[:300],
            capture.proof,
        )
        for name in made.unfound
    ]


def find(doc: Document, expression: str) -> Found | None:
    """What an expression finds on a page; None where that is nothing, or nothing that is printed or shows something."""
    blocks = {block.element: block for block in doc.page.blocks if block.element is not None}
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
            said = printed(one)
            nodes.append(one)
            lines.update((line.index, line) for line in _lines_of(blocks, one, said))
        else:
            said = fold(str(one))
            parent = one.getparent() if getattr(one, "is_text", False) else None
            if parent is not None:
                around = _lines_of(blocks, parent, said)
                lines.update((line.index, line) for line in around if line.text and line.text in said)
        if said:
            pieces.append(said)
    if not pieces and not lines:
        return None
    return Found(tuple(pieces), tuple(line for _, line in sorted(lines.items())), tuple(nodes))


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


def _lines_of(blocks: Mapping[Element, Block], element: Element, said: str) -> Iterable[Line]:
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
        if (line.text and line.text in said) or any(image in inside for image in line.images):
            yield line


def _with_info(made: Layout, hit: Found, words: Words) -> Layout:
    info = labels.read(hit.text, words) or labels.Info(0, -1, hit.text)
    if hit.lines:
        info.first, info.last = hit.lines[0].index, hit.lines[-1].index
    else:
        info.first, info.last = 0, -1
    return replace(
        made,
        info=info,
        date=info.date(),
        source=info.value("source") or info.named_source(),
        author=info.value("author"),
    )


def _value(name: str, text: str, words: Words) -> str | None:
    """The value in a piece of text: behind its label where it has one, else all of it; None where it is empty."""
    info = labels.read(text, words)
    if info is not None and info.says(name):
        return info.value(name)
    return text or None


def _breadcrumb(hit: Found, words: Words) -> Breadcrumb:
    """Steps by the nodes where there are several, by links and separators where there is one."""
    first, last = (hit.lines[0].index, hit.lines[-1].index) if hit.lines else (0, -1)
    if len(hit.pieces) > 1:
        steps = list(hit.pieces)
    else:
        text = hit.text
        if label := words.breadcrumb.match(text):
            text = text[label.end() :].strip(" :：")
        links = [printed(link) for node in hit.nodes for link in node.iter("a")]
        steps, _ = breadcrumbs.split(text, links)
    home = bool(steps) and (breadcrumbs.is_home(steps[0]) or steps[0] == words.site)
    return Breadcrumb(first, last, tuple(steps[1:] if home else steps), any(line.linked for line in hit.lines))


def _with_body_behind(made: Layout, doc: Document, words: Words, hits: Sequence[Found]) -> Layout:
    """The layout with the body that begins behind the last of what was found."""
    lines = [line for hit in hits for line in hit.lines]
    if not lines:
        return made
    last = max(lines, key=lambda line: line.index)
    return replace(made, body=bodies.find(doc, last.index + 1, last.block, words))


def _without(made: Layout, taken: Sequence[Line]) -> Layout:
    """The layout whose body has no line that an expression found to be something else."""
    places = {line.index for line in taken}
    lines = tuple(line for line in made.body.lines if line.index not in places)
    return made if len(lines) == len(made.body.lines) else replace(made, body=replace(made.body, lines=lines))
