"""From HTML text to lines: parsed once, walked once, without recursion.

Block boundaries and `<br>` end a line. Invisible elements (scripts, styles, comments, hidden elements, form fields)
print nothing. Each line keeps its block, its links and its pictures. Blocks know their parent and their range of
lines, so that questions of structure (are both in one cell?) are comparisons of two numbers.
"""

import re
from collections.abc import Iterable, Set
from itertools import chain, islice
from typing import cast

from lxml import etree

from ..rule import LimitRule, PatternRule, Rule, WordRule
from .bounds import DEEPEST, MOST_SPANNED, bounded
from .datastore import is_answer, unread_data, with_datastores
from .document import Anchor, Attributes, Block, Document, Element, Line, fold
from .file_links import is_file
from .hiding import HIDING, bearers, hidden_elements, with_written_boxes
from .noscript import with_raw_noscript
from .scripts import links_in, text_of, written_markup

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "html",
        "legend",
        "li",
        "main",
        "map",
        "marquee",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "template",
        "object",
        "applet",
        "audio",
        "video",
        "canvas",
        "svg",
        "math",
        "textarea",
        "button",
        "noscript",
        "noframes",
        "iframe",
        "title",
        "option",
        "select",
    ]
)
_BLOCK, _PRE, _FORM, _ANCHOR, _INLINE, _IMAGE, _MUTE, _BREAK, _ASIDE = range(9)
"""The role of an element for the walk, the commonest first. Up to _FORM it is a block."""
_FIELDS = frozenset(("input", "isindex", "frame", "meta", "base", "area"))
_DUTIES = {
    **dict.fromkeys(_BLOCKS, _BLOCK),
    "pre": _PRE,
    "form": _FORM,
    **dict.fromkeys(_SILENT, _MUTE),
    **dict.fromkeys(_FIELDS, _ASIDE),
    **dict.fromkeys(("br", "hr"), _BREAK),
    **dict.fromkeys(("img", "image"), _IMAGE),
    "a": _ANCHOR,
}
_NEVER_HIDDEN = frozenset(("html", "body", "form", *_FIELDS))
"""Elements whose content is read even if their style hides them."""
_JUMPS = WordRule(
    "click-that-opens",
    "An element other than a link opens a page if its `onclick` has one of these words.",
    ("location", "open(", "href", "url"),
    pages="gdfupin/rows-that-are-rows-which-jump gdfupin/pager-onclick-with-an-address",
)
_BEHIND = etree.Element("behind")
"""A sentinel after the last element of a page, which closes all that are still open."""


def walk(root: Element, hidden: Set[Element] = frozenset(), clicked: Set[Element] = frozenset()) -> Document:
    """The lines of a parsed page, given its hidden elements and those with a jump on click.

    Not recursive: on a page of unclosed tags the depth equals the length. One loop, because it runs for every element
    of every page; rare cases have functions of their own. An element is closed when the next one turns out not to be
    its descendant.
    """
    doc = Document()
    lines, block, append = doc.lines, doc.root, doc.lines.append
    contents = block.contents
    blocks = doc.contents.blocks
    buffer: list[str] = []  # text pieces of the current line
    linked: list[str] = []  # those of them inside links
    images: list[Element] = []
    anchors: list[Anchor] = []
    anchor: Anchor | None = None  # the open link, which is the last in `anchors`
    anchor_parts: list[str] = []  # its text in lines before the current one
    since = 0  # index in `buffer` where its pieces begin
    spanned = 0  # lines that it has spanned
    inner: Element | None = None  # innermost open element
    around: list[Element | None] = []  # its ancestors, outermost first
    muted: Element | None = None  # outermost open element that prints nothing
    pre = deepest = 0
    duty_of = _DUTIES.get

    def end_line() -> None:
        nonlocal since, spanned
        if not anchors and not linked and anchor is None:  # most lines have no link
            text = " ".join("".join(buffer).split())
            buffer.clear()
            if text or images:
                append(Line(len(lines), text, block, (), tuple(images), 0))
                images.clear()
            return
        if anchor is not None:
            pieces = buffer[since:]
            linked.extend(pieces)
            anchor_parts.extend(pieces)
            since = 0
        text = " ".join("".join(buffer).split())
        if text or images:
            # A line with links is usually linked as a whole.
            size = len(text) if len(linked) == len(buffer) else len(" ".join("".join(linked).split())) if linked else 0
            if anchor is not None and not anchor.images and not "".join(anchor_parts).strip():
                anchors.pop()
                anchor.line = len(lines) + 1  # the link begins on the next line
            append(Line(len(lines), text, block, tuple(anchors), tuple(images), size))
            images.clear()
            anchors.clear()
            if anchor is not None:
                anchors.append(anchor)  # a link that spans several lines belongs to each of them
        buffer.clear()
        linked.clear()
        if anchor is not None:
            spanned += 1
            if spanned == MOST_SPANNED:
                end_anchor()

    def end_anchor() -> None:
        nonlocal anchor
        assert anchor is not None
        pieces = buffer[since:]
        linked.extend(pieces)
        if anchor_parts:
            pieces = anchor_parts + pieces
            anchor_parts.clear()
        anchor.text = " ".join("".join(pieces).split())
        if not anchor.text and not anchor.images:
            anchors.pop()
        anchor = None

    def preformatted(text: str) -> None:
        first, *rest = text.split("\n")
        buffer.append(first)
        for piece in rest:
            end_line()
            buffer.append(piece)

    for element in chain(root.iter(etree.Element), (_BEHIND,)):
        parent = element.getparent()
        while inner is not None and inner is not parent:
            closed, inner = inner, around.pop()
            if muted is not None:
                if closed is not muted:
                    continue
                muted = None
            elif closed is block.element:
                if buffer or images:
                    end_line()
                if pre and block.tag == "pre":
                    pre -= 1
                block.end, block.following = len(lines), len(blocks)
                block = block.parent or block
            elif anchor is not None and closed is anchor.element:
                end_anchor()
            text = closed.tail
            if text is not None and (buffer or not text.isspace()):
                if pre and "\n" in text:
                    preformatted(text)
                    continue
                buffer.append(text)
        around.append(inner)
        inner = element
        if muted is not None:
            continue
        tag = element.tag
        duty = duty_of(tag, _INLINE)
        if hidden and element in hidden:
            _mute(doc, element, "hidden")
            muted = element
            continue
        if duty <= _FORM:
            if anchor is not None and (anchor_parts or len(buffer) > since):
                end_anchor()  # an unclosed link ends at the next block
            if buffer or images:
                end_line()
            if block.depth < DEEPEST:
                block = Block(tag, block, len(lines), element, contents, len(blocks))
                blocks.append(block)
                if duty == _PRE:
                    pre += 1
            if duty == _FORM:
                doc.fields.append(("form", _attributes(element), len(lines)))
        elif duty == _ANCHOR:
            if anchor is not None:
                end_anchor()
            if (
                element.get("href") is not None or element.get("onclick") is not None
            ):  # otherwise a named anchor, often unclosed
                anchor = Anchor("a", element, len(lines))
                since, spanned = len(buffer), 0
                doc.anchors.append(anchor)
                anchors.append(anchor)
        elif duty == _INLINE:
            if len(around) > deepest:
                deepest = len(around)
        elif duty == _IMAGE:
            images.append(element)
            if anchor is not None:
                anchor.images += 1
        elif duty == _MUTE:
            if markup := _mute(doc, element, tag):
                buffer.append(text_of(markup))
                if "href" in markup.lower():
                    anchors[:0] = _written_files(markup, len(lines))
            muted = element
            continue
        elif duty == _BREAK:
            if buffer or images:
                end_line()
        else:
            _aside(doc, element, tag)
        if clicked and element in clicked:
            _click(doc, element, tag)
        text = element.text
        if text is not None and (buffer or not text.isspace()):
            if pre and "\n" in text:
                preformatted(text)
                continue
            buffer.append(text)
    if anchor is not None:
        end_anchor()
    end_line()
    doc.root.end, doc.root.following, doc.deepest = len(lines), len(blocks), deepest
    return doc


def _attributes(element: Element) -> Attributes:
    return dict(cast(Iterable[tuple[str, str]], element.items()))


def _inner_text(element: Element) -> str:
    return fold("".join(map(str, element.itertext())))


_MOST_INSIDE = 200
"""Elements inside a link or option whose text is its text; an unclosed one has all that follows inside."""


def _short_text(element: Element) -> str:
    pieces = [element.text or ""]
    for event, inner in islice(etree.iterwalk(element, ("start", "end")), 1, 2 * _MOST_INSIDE):
        if inner is element:
            break
        pieces.append((inner.text if event == "start" else inner.tail) or "")
    return fold("".join(pieces))


def _mute(doc: Document, element: Element, tag: str) -> str:
    """Record the scripts, options, frames and links of an element that prints nothing.

    Returns the markup that a script prints.
    """
    at = len(doc.lines)
    if tag == "script":
        script = element.text or ""
        if script:
            doc.scripts.append((at, script))
        return written_markup(script)
    if tag == "style":
        return ""
    if tag == "title":
        doc.title = doc.title or fold(element.text or "")
        return ""
    if tag == "hidden":
        doc.hidden.append(_inner_text(element))
    if tag == "noscript" or tag == "noframes":
        doc.noscript += _inner_text(element) + "\n"
    for inner in element.iter("iframe", "select", "option", "a"):
        if inner.tag == "iframe":
            doc.frames.append(_attributes(inner))
        elif inner.tag == "a":
            if tag == "hidden":
                doc.anchors.append(Anchor("a", inner, at, _short_text(inner)))
        else:
            attrs = _attributes(inner)
            if inner.tag == "option":
                attrs["text"] = _short_text(inner)
            doc.fields.append((str(inner.tag), attrs, at))
    return ""


_FILES_WRITTEN_BY_SCRIPT = Rule(
    "files-written-by-script",
    "Scripts may write the links to attachments.",
    pages="gdfupin/attachments-written-by-script",
)


def _written_files(markup: str, at: int) -> list[Anchor]:
    """The links to files in markup that a script prints, for the line `at`."""
    if not _FILES_WRITTEN_BY_SCRIPT.on:
        return []
    links = (Anchor("a", etree.Element("a", href=href), at, text) for href, text in links_in(markup) if _is_text(href))
    return [link for link in links if is_file(link)]


def _is_text(text: str) -> bool:
    """True if text may be the value of an attribute: it has no control characters."""
    return text.isprintable()


_LONGEST_BASE = 2_000
"""Characters of a `<base href>`; all addresses of the page begin with it."""


def _aside(doc: Document, element: Element, tag: str) -> None:
    """Record an empty element that prints nothing: area, frame, meta, base, input."""
    at = len(doc.lines)
    if tag == "area":
        doc.anchors.append(Anchor(tag, element, at, fold(element.get("alt") or element.get("title") or "")))
    elif tag == "frame":
        doc.frames.append(_attributes(element))
    elif tag == "meta":
        if element.get("http-equiv") is not None:  # nothing uses the others
            doc.metas.append(_attributes(element))
    elif tag == "base":
        href = element.get("href") or ""
        doc.base = doc.base or (href if len(href) <= _LONGEST_BASE else None)
    else:
        doc.fields.append(("input", _attributes(element), at))


def _click(doc: Document, element: Element, tag: str) -> None:
    """Record an element other than `<a>` with a jump on click."""
    text = _short_text(element) or fold(element.get("value") or element.get("title") or "")
    anchor = Anchor(tag, element, len(doc.lines), text)
    doc.anchors.append(anchor)
    doc.clicks.append(anchor)


_PARSER = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
_DEEP = LimitRule(
    "unclosed-tags",
    "More elements open at once than this are tags that are never closed; the parser gives up at some depth.",
    500,
    10**6,
    pages="gdfupin/body-of-unclosed-tags",
)
_DRESS = re.compile(rb"</?(?:font|span|b|strong|i|u|em)(?:\s[^<>]*)?>", re.I)
"""Tags without meaning for lines; removed from pages of unclosed tags."""
_BREAK_END = PatternRule(
    "closing-break",
    "Browsers read `</br>` as `<br>`; the parser ignores it.",
    rb"</br\s*/?>",
    re.I,
    pages="gdfupin/error-breaks-written-as-end-tags",
)
_STRAY = PatternRule(
    "stray-end-of-paragraph",
    "An end tag `</p>` without a start tag ends a line.",
    rb"</p\s*>",
    re.I,
    pages="gdfupin/error-paragraphs-that-only-end",
)
_OUTER = PatternRule(
    "included-pages",
    "An included file has an end tag of `body` or `html` of its own, at which the parser would stop.",
    rb"</?(?:body|html)(?:\s[^<>]*)?>",
    re.I,
    pages="gdfupin/body-a-notice-with-signature-and-date gdfupin/body-is-a-question-and-answer",
)
_CLOSING = re.compile(rb"</(?:(body|html)|(p\s*>)|br)")
"""End tags that the parser mishandles: `</body>`, `</p>`, `</br>`."""
_HIGH_BYTES = bytes(range(0x80, 0x100))
"""The bytes of all characters but ASCII."""
_PARAGRAPHS = etree.XPath("count(//p)")
_CLICKS = etree.XPath("/descendant::*/@onclick[not(parent::a)]")


def parse(text: str) -> Document:
    """The lines of a page. Never raises; reads what it can.

    Markup that the parser would lose is repaired before parsing, or, if only the result shows it, repaired and parsed
    again.
    """
    has_data = "<datastore" in text
    is_data = has_data and is_answer(text)
    if has_data:
        text = with_datastores(text)
    data, cut = bounded(text.encode("utf-8", "replace"))
    lower = data.lower()
    if b"<noscript" in lower and len(raw := with_raw_noscript(data, lower)) != len(data):
        data, lower = raw, raw.lower()
    end, strays, breaks = -1, 0, False
    for closing in _CLOSING.finditer(lower):  # one search for three questions
        if closing[2]:
            strays += 1
        elif not closing[1]:
            breaks = True
        elif end < 0:
            end = closing.start()
    if end >= 0 and _OUTER.sub(b"", data[end:]).strip():
        data = _OUTER.sub(b"<br>", data)  # an included file has an end tag of its own, at which the parser would stop
    if breaks:
        data = _BREAK_END.sub(b"<br>", data)
    signs = lower.translate(None, _HIGH_BYTES)  # half of a Chinese page, and searched for more than ten words
    if b"document.write" in signs and b"none" in signs:
        data = with_written_boxes(data)
    root = _tree(data)
    doc = _walked(root, signs)
    if doc.deepest > _DEEP.value:
        # Unclosed elements nest without limit; the parser gives up at some depth.
        data = _DRESS.sub(b"", data)
        root = _tree(data)
        doc = _walked(root, signs)
    if strays and root is not None and cast(float, _PARAGRAPHS(root)) < strays:
        doc = _walked(_tree(_STRAY.sub(rb"\g<0><br>", data)), signs)  # an end tag without start tag ends a line too
    _link_rows(doc)
    doc.is_data, doc.cut = is_data, cut
    if b"/xml" in signs:
        doc.unread_data = unread_data(text)
    return doc


_CLICKABLE_ROWS = Rule(
    "clickable-rows",
    "A row or item that opens a page on a click is a link as a whole.",
    pages="gdfupin/rows-that-are-rows-which-jump",
)


def _link_rows(doc: Document) -> None:
    """Make a row or item with a jump on click a link as a whole, with the text of its first line."""
    if not _CLICKABLE_ROWS.on:
        return
    if not doc.clicks:
        return
    blocks = {block.element: block for block in doc.contents.blocks}
    for clicked in doc.clicks:
        block = blocks.get(clicked.element)
        if block is None:
            continue
        texts = (doc.lines[index] for index in range(block.start, block.end) if doc.lines[index].text)
        inside = list(islice(texts, 5))
        if not inside or len(inside) > 4 or any(line.anchors for line in inside):
            continue
        line = inside[0]
        line.anchors, line.linked, clicked.text = (clicked,), line.size, line.text


def _tree(data: bytes) -> Element | None:
    try:
        return etree.fromstring(data, _PARSER)
    except etree.LxmlError:
        return None


def _walked(root: Element | None, signs: bytes) -> Document:
    """The lines of a tree. `signs` is the ASCII of its source in lower case, which tells what need not be searched for."""
    if root is None:
        return Document()
    hidden: set[Element] = set()
    if any(sign in signs for sign in HIDING):
        hidden = hidden_elements(root, signs)
        hidden = {element for element in hidden if element.tag not in _NEVER_HIDDEN}
    clicked = bearers(_CLICKS, root, _jumps) if b"onclick" in signs else set()
    return walk(root, hidden, clicked)


def _jumps(code: str) -> bool:
    return any(word in code for word in _JUMPS.words)
