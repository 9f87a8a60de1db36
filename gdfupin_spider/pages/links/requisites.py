"""What a page needs to look as it did: style sheets, scripts, and pictures of its template."""

import re
from collections.abc import Iterator

from lxml import etree

from ..dom.bounds import bounded
from ..dom.document import Element
from .urls import absolute, is_trap

MOST = 300
"""URLs of one page or style sheet; a page of a template has some thirty."""
_PARSER = etree.HTMLParser(huge_tree=True, encoding="utf-8")
_ADDRESSES = etree.XPath(
    "//link[contains(translate(@rel, 'STYLEHICON', 'stylehicon'), 'stylesheet') or contains(translate(@rel, 'ICON', 'icon'), 'icon')]/@href"
    " | //script/@src | //img/@src | //input[translate(@type, 'IMAGE', 'image') = 'image']/@src | //*/@background"
)
_STYLES = etree.XPath("//style/text() | //*/@style")
_BASE = etree.XPath("string(//base/@href)")
_IN_STYLE = re.compile(
    r"""url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""", re.IGNORECASE
)

_FILE = re.compile(r"\.(?:css|js|gif|jpe?g|png|bmp|ico|svg|webp|woff2?|ttf|eot)(?:[?#]|$)", re.IGNORECASE)
"""Files perform no action, whatever their name: `img/login.gif`, `js/search.js`."""


def of_page(text: str, url: str, encoding: str) -> tuple[str, ...]:
    """Absolute URLs of the requisites of a page, in page order, each once; at most MOST. Never raises."""
    try:
        root: Element | None = etree.fromstring(bounded(text.encode("utf-8", "replace"))[0], _PARSER)
    except etree.LxmlError:
        root = None
    if root is None:
        return ()
    base = absolute(str(_BASE(root)), url, encoding) or url
    addresses = [str(address) for address in _ADDRESSES(root)]  # type: ignore[union-attr]
    addresses += [address for style in _STYLES(root) for address in _in_style(str(style))]  # type: ignore[union-attr]
    return _absolute(addresses, base, encoding)


def of_style_sheet(text: str, url: str, encoding: str) -> tuple[str, ...]:
    """Absolute URLs of the pictures and further style sheets that a style sheet names, each once; at most MOST.

    >>> of_style_sheet('@import "a.css"; td {background: url(../img/bg.gif)}', "http://a.cn/css/main.css", "utf-8")
    ('http://a.cn/css/a.css', 'http://a.cn/img/bg.gif')
    """
    return _absolute(_in_style(text), url, encoding)


def _in_style(style: str) -> Iterator[str]:
    for found in _IN_STYLE.finditer(style):
        yield next(filter(None, found.groups()), "")


def _absolute(addresses: Iterator[str] | list[str], base: str, encoding: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for address in addresses:
        if not address.strip() or address.strip().lower().startswith(("data:", "javascript:", "#")):
            continue
        url = absolute(address.strip(), base, encoding)
        if url is not None and (_FILE.search(url) or not is_trap(url, "")):
            found[url] = None
        if len(found) >= MOST:
            break
    return tuple(found)
