"""Whether links lead to files, and whether images are content or decoration."""

import re

from .document import Anchor, Element
from .file_types import ATTACHMENT

_SIZE = re.compile(r"\s*(\d+)(?!\s*%|\d)")
"""A width or height in pixels: `16`, `16px`; not in percent."""
_ICON = re.compile(
    r"[/_\-.](?:icon|ico|logo|banner|btn|button|bg|spacer|blank|dot|line|arrow|share|print|close|top|bottom|left|right|nav|menu|ewm|qrcode|space|pixel|loading|grey|counter)(?:[/_\-.\d]|$)",
    re.I,
)
"""Parts of file names of decoration: `/images/top_bg.gif`, `/icon/word.gif`."""


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


_BUTTON = re.compile(r"history|\bgo\(\s*-\s*1|window\s*\.\s*(?:close|print)|^\s*(?:print|close|doPrint)\s*\(", re.I)
"""Scripts of buttons that go back, print or close."""


def _does(element: Element, attribute: str) -> bool:
    """True if a click goes back, prints or closes the page."""
    code = element.get(attribute)
    if code is None or (attribute == "href" and code[:11].lower() != "javascript:"):
        return False
    return _BUTTON.search(code.removeprefix("javascript:")) is not None


def _is_corner(cell: Element) -> bool:
    """True if the image of a cell is the corner of a frame: alone in it, beside an empty cell with a background."""
    if len(cell) > 1:
        return False
    return any(
        other is not None
        and len(other) == 0
        and not (other.text or "").strip()
        and (other.get("background") is not None or "background" in (other.get("style") or ""))
        for other in (cell.getnext(), cell.getprevious())
    )


def source(image: Element) -> str:
    """URL of an image as written; for lazy loading the real one instead of the placeholder."""
    late = next(
        (
            value
            for name in ("data-original", "data-src", "data-lazy-src", "original", "file", "zoomfile")
            if (value := image.get(name))
        ),
        None,
    )
    return late or image.get("src") or ""
