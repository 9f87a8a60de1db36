"""A page as a stream of lines: parsed once, walked once, without recursion.

Block boundaries and `<br>` end a line;
what a reader does not see (scripts, styles, comments, hidden elements, form fields) prints nothing. Each line keeps the
block it stands in, its links and its pictures. Blocks know their parent and which lines they hold, so that later
questions of structure ("do both stand in one cell?") are comparisons of two numbers.
"""

import re
from itertools import chain

from lxml import etree

from .document import Anchor, Attributes, Block, Document, Element, Line, fold
from .scripts import written

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
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_INLINE, _BLOCK, _BREAK, _ANCHOR, _IMAGE, _MUTE, _ASIDE = range(7)
_FIELDS = frozenset(("input", "isindex", "frame", "meta", "base", "area"))
_DUTIES = {
    **dict.fromkeys(_BLOCKS, _BLOCK),
    **dict.fromkeys(_SILENT, _MUTE),
    **dict.fromkeys(_FIELDS, _ASIDE),
    **dict.fromkeys(("br", "hr"), _BREAK),
    **dict.fromkeys(("img", "image"), _IMAGE),
    "a": _ANCHOR,
}
_NEVER_HIDDEN = frozenset(("html", "body", "form", *_FIELDS))
_JUMPS = ("location", "open(", "href", "url")


def walk(root: Element, may_hide: bool = True, may_click: bool = True) -> Document:
    """The lines of a parsed page. Without recursion: the depth of a page of unclosed tags is that of its length.

    One loop, because it runs for every element of every page: what is rare has functions of its own. An element is
    closed when the next one turns out not to be its child. `may_hide` and `may_click` tell whether the page has hidden
    elements, or ones that jump when clicked, at all.
    """
    doc = Document()
    lines, block, append = doc.lines, doc.root, doc.lines.append
    page = block.page
    blocks = doc.page.blocks
    buffer: list[str] = []  # the pieces of the line that is being printed
    linked: list[str] = []  # those of them that are links
    images: tuple[Element, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    anchor: Anchor | None = None
    anchor_parts: list[str] = []
    opened: list[tuple[Element, int]] = []  # elements that are not closed yet, with their duties
    muted: Element | None = None  # the outermost of them that prints nothing
    pre = deepest = 0

    def end_line() -> None:
        nonlocal images, anchors
        text = " ".join("".join(buffer).split())
        buffer.clear()
        if text or images:
            append(
                Line(len(lines), text, block, anchors, images, len(" ".join("".join(linked).split())) if linked else 0)
            )
            linked.clear()
            images = ()
            # A link that goes on over the line's end belongs to the next line too.
            anchors = (anchor,) if anchor is not None else ()

    def end_anchor() -> None:
        nonlocal anchor, anchors
        if anchor is not None:
            anchor.text = " ".join("".join(anchor_parts).split())
            anchor_parts.clear()
            if not anchor.text and not anchor.images and anchor in anchors:
                anchors = tuple(other for other in anchors if other is not anchor)
            anchor = None

    def preformatted(text: str) -> None:
        first, *rest = text.split("\n")
        buffer.append(first)
        for piece in rest:
            end_line()
            buffer.append(piece)

    for element in chain(root.iter(etree.Element), (None,)):
        parent = element.getparent() if element is not None else None
        while opened and opened[-1][0] is not parent:
            closed, duty = opened.pop()
            if muted is not None:
                if closed is not muted:
                    continue
                muted = None
            elif duty == _BLOCK:
                if buffer or images:
                    end_line()
                if pre and block.tag == "pre":
                    pre -= 1
                block.end = len(lines)
                block = block.parent or block
            elif duty == _ANCHOR:
                end_anchor()
            text = closed.tail
            if text is not None and (buffer or not text.isspace()):
                if pre and "\n" in text:
                    preformatted(text)
                    continue
                buffer.append(text)
                if anchor is not None:
                    linked.append(text)
                    anchor_parts.append(text)
        if element is None:
            break
        tag = element.tag
        duty = _DUTIES.get(tag, _INLINE)
        opened.append((element, duty))
        if len(opened) > deepest:
            deepest = len(opened)
        if muted is not None:
            continue
        if may_hide and tag not in _NEVER_HIDDEN and _is_hidden(element):
            _mute(doc, element, "hidden")
            muted = element
            if duty == _BLOCK:
                opened[-1] = (element, _INLINE)
            continue
        if duty == _INLINE:
            pass
        elif duty == _BLOCK:
            if anchor_parts:
                end_anchor()  # a link that was never closed: it does not go on over the next block
            if buffer or images:
                end_line()
            block = Block(tag, block, len(lines), element, page, len(blocks))
            blocks.append(block)
            if tag == "pre":
                pre += 1
            elif tag == "form":
                doc.fields.append(("form", _attributes(element), len(lines)))
        elif duty == _BREAK:
            if buffer or images:
                end_line()
        elif duty == _ANCHOR:
            end_anchor()
            if element.get("href") is not None or element.get("onclick") is not None:  # else a mark, often never closed
                anchor = Anchor("a", element, len(lines))
                doc.anchors.append(anchor)
                anchors = (*anchors, anchor)
        elif duty == _IMAGE:
            images = (*images, element)
            if anchor is not None:
                anchor.images += 1
        elif duty == _MUTE:
            if said := _mute(doc, element, tag):
                buffer.append(said)
            muted = element
            continue
        else:
            _aside(doc, element, tag)
        if may_click and duty != _ANCHOR and element.get("onclick") is not None:
            _click(doc, element, tag)
        text = element.text
        if text is not None and (buffer or not text.isspace()):
            if pre and "\n" in text:
                preformatted(text)
                continue
            buffer.append(text)
            if anchor is not None:
                linked.append(text)
                anchor_parts.append(text)
    end_anchor()
    end_line()
    doc.root.end, doc.deepest = len(lines), deepest
    return doc


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    return (style is not None and _HIDDEN.search(style) is not None) or element.get("hidden") is not None


def _attributes(element: Element) -> Attributes:
    return {str(name): str(value) for name, value in element.items()}


def _inner_text(element: Element) -> str:
    return fold("".join(map(str, element.itertext())))


def _mute(doc: Document, element: Element, tag: str) -> str:
    """An element that prints nothing: its scripts, options, frames and folded links are kept for other questions.

    Gives back what a script prints after all.
    """
    at = len(doc.lines)
    if tag == "script":
        script = element.text or ""
        if script:
            doc.scripts.append((at, script))
        return written(script)
    if tag == "style":
        return ""
    if tag == "title":
        doc.title = doc.title or fold(element.text or "")
        return ""
    if tag == "noscript" or tag == "noframes":
        doc.noscript += _inner_text(element) + "\n"
    for inner in element.iter("iframe", "select", "option", "a"):
        if inner.tag == "iframe":
            doc.frames.append(_attributes(inner))
        elif inner.tag == "a":
            if tag == "hidden":
                doc.anchors.append(Anchor("a", inner, at, _inner_text(inner)))
        else:
            attrs = _attributes(inner)
            if inner.tag == "option":
                attrs["text"] = _inner_text(inner)
            doc.fields.append((str(inner.tag), attrs, at))
    return ""


def _aside(doc: Document, element: Element, tag: str) -> None:
    """An element that prints nothing and holds nothing, but says something."""
    at = len(doc.lines)
    if tag == "area":
        doc.anchors.append(Anchor(tag, element, at, fold(element.get("alt") or element.get("title") or "")))
    elif tag == "frame":
        doc.frames.append(_attributes(element))
    elif tag == "meta":
        doc.metas.append(_attributes(element))
    elif tag == "base":
        doc.base = doc.base or element.get("href")
    else:
        doc.fields.append(("input", _attributes(element), at))


def _click(doc: Document, element: Element, tag: str) -> None:
    """An element other than a link that jumps when clicked."""
    code = element.get("onclick") or ""
    if any(word in code for word in _JUMPS):
        text = _inner_text(element) or fold(element.get("value") or element.get("title") or "")
        anchor = Anchor(tag, element, len(doc.lines), text)
        doc.anchors.append(anchor)
        doc.clicks.append(anchor)


_PARSER = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)


_DEEP = 500
"""Open elements at once beyond which a page is one of unclosed tags; the deepest real page we know has some sixty."""
_DRESS = re.compile(rb"</?(?:font|span|b|strong|i|u|em)(?:\s[^<>]*)?>", re.I)
_BREAK_END = re.compile(rb"</br\s*/?>", re.I)
_STRAY = re.compile(rb"</p\s*>", re.I)
_OUTER = re.compile(rb"</?(?:body|html)(?:\s[^<>]*)?>", re.I)


def parse(text: str) -> Document:
    """The lines of a page. Never raises: whatever it is given, it reads what it can.

    What the parser would lose is mended first, or, where only the reading shows it, read again.
    """
    data = text.encode("utf-8", "replace")
    lower = data.lower()
    ends = [at for sign in (b"</body", b"</html") if (at := lower.find(sign)) >= 0]
    if ends and _OUTER.sub(b"", data[min(ends) :]).strip():
        data = _OUTER.sub(b"<br>", data)  # an included file brought an end of its own; the parser would stop there
    if b"</br" in lower:
        data = _BREAK_END.sub(b"<br>", data)
    hides, clicks = b"none" in lower or b"hidden" in lower, b"onclick" in lower
    doc = _parsed(data, hides, clicks)
    if doc.deepest > _DEEP:
        data = _DRESS.sub(
            b"", data
        )  # elements that are never closed nest without end; the parser gives up at some depth
        doc = _parsed(data, hides, clicks)
    if doc.paragraphs < lower.count(b"</p"):
        doc = _parsed(_STRAY.sub(rb"\g<0><br>", data), hides, clicks)  # an end without a beginning ends a line too
    for clicked in doc.clicks:
        _link_rows(doc, clicked)
    return doc


def _link_rows(doc: Document, clicked: Anchor) -> None:
    """A row or item that jumps when clicked is a link as a whole; its text that of its first line."""
    block = next((block for block in doc.page.blocks if block.element is clicked.element), None)
    inside = [line for line in block.lines if line.text] if block is not None else []
    if not inside or len(inside) > 4 or any(line.anchors for line in inside):
        return
    line = inside[0]
    line.anchors, line.linked, clicked.text = (clicked,), line.size, line.text


def _parsed(data: bytes, may_hide: bool, may_click: bool) -> Document:
    try:
        root = etree.fromstring(data, _PARSER)
    except etree.LxmlError:
        return Document()
    if root is None:
        return Document()
    doc = walk(root, may_hide, may_click)
    doc.paragraphs = sum(1 for _ in root.iter("p"))
    return doc
