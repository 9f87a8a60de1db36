"""Elements that a browser does not show: by their style, by a style sheet of the page, or by a script.

Hacked sites have links and text for search engines in such elements. Pictures are not judged by size and opacity,
because scripts load and show them late.
"""

import re
from collections.abc import Callable, Iterator
from typing import cast

from lxml import etree

from ..rule import PatternRule, Rule, WordRule
from .document import Element

HIDING = (
    b"none", b"hidden", b"-999", b"000px", b"opacity:0", b"opacity: 0", b"font-size:0", b"font-size: 0", b"<marquee",
)  # fmt: skip
"""Without one of these, in lower case, a page hides nothing; a quick test."""
_SIGNS = ("none", "hidden", "opacity", ":-", ": -", "font-size:0", "font-size: 0")
"""The same for one style; strings, because a search for each takes less time than one expression."""
_HIDDEN = PatternRule(
    "hidden-by-style",
    "An element with `display:none` or `visibility:hidden` prints nothing; hacked sites fill it with links.",
    r"display\s*:\s*none|visibility\s*:\s*hidden",
    pages="gdfupin/hidden-elements-in-the-body gdfupin/body-hidden-text-in-eleven-ways",
)
_NUMBER = r"\s*:\s*-\s*(?:999\d*|[3-9]\d{3}|\d{5,})(?:\.\d+)?\s*(?:px|pt|em|rem)?\s*(?:;|!|$)"
_OUTSIDE = PatternRule(
    "hidden-by-margin",
    "A large negative margin or indent moves an element off the screen: `text-indent:-9999px`.",
    rf"(?:text-indent|margin-left|margin-top|margin){_NUMBER}",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)
_PLACED_OUTSIDE = PatternRule(
    "hidden-by-position",
    "A large negative position moves an element off the screen: `position:absolute;left:-9999px`.",
    rf"(?<![\w-])(?:left|top|right|bottom){_NUMBER}",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)
_NO_SIZE = PatternRule(
    "hidden-by-font-size",
    "Text with font size 0 cannot be seen.",
    r"font-size\s*:\s*0(?:\.0+)?\s*(?:px|pt|em|rem|%)?\s*(?:;|!|$)",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)
_NO_OPACITY = PatternRule(
    "hidden-by-opacity",
    "Text with opacity 0 cannot be seen.",
    r"(?<![\w-])opacity\s*[:=]\s*0(?:\.0+)?\s*(?:;|!|$|\))",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)
_NO_BOX = PatternRule(
    "hidden-by-box",
    "A box of no height or width that cuts its content shows nothing.",
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*[01]\s*(?:px|pt)?\s*(?:;|!|$)",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)
_CUT = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden")
_HIDDEN_NAME = PatternRule(
    "hidden-attribute",
    "The attribute `hidden` hides an element.",
    rb"hidden[\s=>/]",
    pages="gdfupin/hidden-elements-in-the-body gdfupin/body-hidden-text-in-eleven-ways",
)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SIMPLE = re.compile(r"\s*[a-z]*([.#][\w-]+)\s*", re.I)
"""A selector of one class or id: `.hid`, `div#ad`."""
_SCRIPT_HIDES = re.compile(
    r"""document\s*\.\s*getElementById\(\s*["']([\w-]+)["']\s*\)\s*\.\s*style\s*\.\s*(?:display\s*=\s*["']none|visibility\s*=\s*["']hidden)"""
)
_STYLES, _HIDDENS, _CLASSES, _IDS = (
    etree.XPath("/descendant::*/@style"),
    etree.XPath("/descendant::*/@hidden"),
    etree.XPath("/descendant::*/@class"),
    etree.XPath("/descendant::*/@id"),
)
_SIZES = WordRule(
    "hidden-marquee",
    "Nothing can be read in a `<marquee>` of so few pixels.",
    "0 1 2 3 4",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)
_WRITTEN_OPENING = re.compile(
    rb"""<script[^<>]*>\s*document\s*\.\s*write(?:ln)?\s*\(\s*(["'])(<(div|span|p|font|marquee|ul)\s[^<>]*?(?:display\s*:\s*none|visibility\s*:\s*hidden)[^<>]*>)\1\s*\)\s*;?\s*</script\s*>""",
    re.I,
)
_WRITTEN_CLOSING = re.compile(
    rb"""<script[^<>]*>\s*document\s*\.\s*write(?:ln)?\s*\(\s*(["'])<\\?/(div|span|p|font|marquee|ul)\s*>\1\s*\)\s*;?\s*</script\s*>""",
    re.I,
)


def hidden_elements(root: Element, signs: bytes) -> set[Element]:
    """The elements that a page hides. `signs` is the ASCII of its source in lower case, which tells what need not be
    searched for."""
    hidden = bearers(_STYLES, root, _may_hide)
    hidden = {element for element in hidden if _hides((element.get("style") or "").lower(), element)}
    if _HIDDEN_NAME.search(signs):
        hidden |= bearers(_HIDDENS, root)
    if b"<style" in signs:
        hidden |= _hidden_by_sheets(root)
    if b".style." in signs:
        hidden |= _hidden_by_scripts(root)
    if b"<marquee" in signs:
        hidden |= {
            box
            for box in root.iter("marquee")
            if any((box.get(name) or "") in _SIZES.words for name in ("height", "width"))
        }
    return hidden


def bearers(attributes: etree.XPath, root: Element, means: Callable[[str], bool] = lambda value: True) -> set[Element]:
    """The elements with such an attribute whose value satisfies `means`."""
    found = cast(list[etree._ElementUnicodeResult], attributes(root))
    meant = {value for value in set(found) if means(value)}  # most elements of a page share a few styles
    return {bearer for value in found if value in meant and (bearer := value.getparent()) is not None}


_HIDDEN_BOX_BY_SCRIPT = Rule(
    "hidden-box-by-script",
    "Scripts may write the tags of a hidden box around text of the page.",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)


def with_written_boxes(data: bytes) -> bytes:
    """The page with the tags of hidden boxes that scripts write around its text."""
    if not _HIDDEN_BOX_BY_SCRIPT.on:
        return data
    if not (_WRITTEN_OPENING.search(data) and _WRITTEN_CLOSING.search(data)):
        return data
    return _WRITTEN_CLOSING.sub(rb"</\2>", _WRITTEN_OPENING.sub(rb"\2", data))


def _may_hide(style: str) -> bool:
    style = style.lower()
    return any(sign in style for sign in _SIGNS)


def _hides(style: str, element: Element | None = None) -> bool:
    """True if a style, in lower case, hides the text of its element."""
    if ("none" in style or "hidden" in style) and _HIDDEN.search(style):
        return True
    if "-" in style and (_OUTSIDE.search(style) or ("position" in style and _PLACED_OUTSIDE.search(style))):
        return True
    pictures = element is not None and next(element.iter("img"), None) is not None
    if pictures or element is None:
        return False
    if "opacity" in style and _NO_OPACITY.search(style):
        return True
    if "hidden" in style and "padding" not in style and _CUT.search(style) and _NO_BOX.search(style):
        return True
    return (
        "font-size" in style
        and _NO_SIZE.search(style) is not None
        and not any(
            "font" in (part.get("style") or part.get("class") or part.tag) for part in element.iterdescendants()
        )
    )


_HIDDEN_BY_SHEET = Rule(
    "hidden-by-sheet",
    "A style sheet of the page may hide a class or id; it counts if no other rule or script names it.",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)


def _hidden_by_sheets(root: Element) -> set[Element]:
    """The elements of which a style sheet of the page hides the class or id, and no other rule or script names it."""
    if not _HIDDEN_BY_SHEET.on:
        return set()
    hiding: set[str] = set()
    others: set[str] = set()
    for sheet in root.iter("style"):
        text = sheet.text or ""
        if (sheet.get("media") or "").lower() not in ("", "all", "screen"):
            continue
        for selectors, declarations in _rules(text):
            declarations = declarations.lower()
            hides = _hides(declarations)
            for selector in selectors.split(","):
                simple = _SIMPLE.fullmatch(selector)
                if hides and simple:
                    hiding.add(simple[1])
                elif "display" in declarations or "visibility" in declarations:
                    others.update(re.findall(r"[.#][\w-]+", selector))
    hiding -= others
    if not hiding:
        return set()
    code = "".join(script.text or "" for script in root.iter("script"))
    hiding = {name for name in hiding if name[1:] not in code}
    classes = {name[1:] for name in hiding if name[0] == "."}
    ids = {name[1:] for name in hiding if name[0] == "#"}
    return (bearers(_CLASSES, root, lambda value: not classes.isdisjoint(value.split())) if classes else set()) | (
        bearers(_IDS, root, ids.__contains__) if ids else set()
    )


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of each rule outside `@media` and other blocks of rules."""
    if "none" not in sheet and "hidden" not in sheet and "-" not in sheet:
        return
    depth = start = 0
    sheet = _COMMENT.sub("", sheet).replace("<!--", "").replace("-->", "")
    for match in re.finditer(r"[{}]", sheet):
        depth += 1 if match[0] == "{" else -1
        if depth <= 0:
            rule = _RULE.fullmatch(sheet[start : match.end()])
            if rule and "@" not in rule[1]:
                yield rule[1], rule[2]
            depth, start = 0, match.end()


_HIDDEN_BY_SCRIPT = Rule(
    "hidden-by-script",
    "A script may hide an element as soon as it runs.",
    pages="gdfupin/body-hidden-text-in-eleven-ways",
)


def _hidden_by_scripts(root: Element) -> set[Element]:
    """The elements that a script hides as soon as it is run; code in functions and conditions is not run then."""
    if not _HIDDEN_BY_SCRIPT.on:
        return set()
    ids: set[str] = set()
    for script in root.iter("script"):
        code = script.text or ""
        if ".style" in code and "function" not in code and "if" not in code and "=>" not in code:
            ids.update(match[1] for match in _SCRIPT_HIDES.finditer(code))
    return bearers(_IDS, root, ids.__contains__) if ids else set()
