"""Whether links lead to files, and whether images are content or decoration."""

import re

from ..rule import PatternRule, Rule
from .document import Anchor, Element
from .file_types import ATTACHMENT

_SIZE = PatternRule(
    "small-picture",
    "A picture smaller than 60 pixels by its own attributes is decoration.",
    r"\s*(\d+)(?!\s*%|\d)",
    pages="gdfupin/picture-small-ornaments-between-paragraphs gdfupin/attachment-beside-its-word",
)
_ICON = PatternRule(
    "picture-named-like-decoration",
    "Pictures are decoration if a part of their address says so: `/images/top_bg.gif`.",
    r"[/_\-.](?:icon|ico|logo|banner|btn|button|bg|spacer|blank|dot|line|arrow|share|print|close|top|bottom|left|right|nav|menu|ewm|qrcode|space|pixel|loading|grey|counter)(?:[/_\-.\d]|$)",
    re.I,
    pages="gdfupin/picture-small-ornaments-between-paragraphs",
)


def is_file(anchor: Anchor) -> bool:
    """True if a link leads to a file, by its address or by its text (`附件1.doc` behind a download script)."""
    href = anchor.attribute("href")
    return bool(href) and (ATTACHMENT.search(href.strip()) is not None or ATTACHMENT.search(anchor.text) is not None)


def is_ornament(image: Element) -> bool:
    """True if an image is decoration: small by its own attributes, named like a button, or a button."""
    for name in ("width", "height"):
        if (size := _SIZE.match(image.get(name) or "")) and int(size[1]) < 60:
            return True
    if _ICON.search(f"/{source(image)}"):
        return True
    around = image.getparent()
    if around is None or around.tag not in ("a", "td"):
        return _does(image, "onclick")
    if around.tag == "a":
        return _does(around, "href") or _does(around, "onclick")
    return _does(image, "onclick") or _is_corner(around)


_BUTTON = PatternRule(
    "picture-goes-back",
    "A picture whose click goes back, prints or closes the page is a button.",
    r"history|\bgo\(\s*-\s*1|window\s*\.\s*(?:close|print)|^\s*(?:print|close|doPrint)\s*\(",
    re.I,
    pages="gdfupin/picture-small-ornaments-between-paragraphs",
)


def _does(element: Element, attribute: str) -> bool:
    """True if a click goes back, prints or closes the page."""
    code = element.get(attribute)
    if code is None or (attribute == "href" and code[:11].lower() != "javascript:"):
        return False
    return _BUTTON.search(code.removeprefix("javascript:")) is not None


_CORNER_OF_FRAME = Rule(
    "corner-of-frame",
    "A picture alone in a cell beside an empty cell with a background is the corner of a frame.",
    pages="general/body-in-a-frame-of-nine-cells-and-pictures-as-buttons",
)


def _is_corner(cell: Element) -> bool:
    """True if the image of a cell is the corner of a frame: alone in it, beside an empty cell with a background."""
    if not _CORNER_OF_FRAME.on:
        return False
    if cell[0].getnext() is not None:  # len() counts all children, for each of them
        return False
    return any(
        other is not None
        and len(other) == 0
        and not (other.text or "").strip()
        and (other.get("background") is not None or "background" in (other.get("style") or ""))
        for other in (cell.getnext(), cell.getprevious())
    )


_LAZY_PICTURE = Rule(
    "lazy-picture",
    "For lazy loading, the real address of a picture is in another attribute than `src`.",
    pages="gdfupin/picture-loaded-late",
)


def source(image: Element) -> str:
    """URL of an image as written; for lazy loading the real one instead of the placeholder."""
    if not _LAZY_PICTURE.on:
        return image.get("src") or ""
    late = next(
        (
            value
            for name in ("data-original", "data-src", "data-lazy-src", "original", "file", "zoomfile")
            if (value := image.get(name))
        ),
        None,
    )
    return late or image.get("src") or ""
