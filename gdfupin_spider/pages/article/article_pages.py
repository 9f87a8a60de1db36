"""The pages of an article of several pages, recognised by their URLs and the printed page numbers."""

import re
from dataclasses import dataclass

from ..dom.document import Document
from ..dom.js_calls import code_of
from ..links.extract import address_in_code, written_address
from ..links.urls import absolute, identity_key
from ..listing.pager import FIRST, NEXT, NUMBER
from .body import Body


@dataclass(frozen=True, slots=True)
class ArticlePagination:
    """Links between the pages of one article, as seen from one of them."""

    next: str | None = None
    first: str | None = None
    number: int | None = None


_PART_NAME = re.compile(r"^(.*?)(?:[_\-(（](\d{1,2})[)）]?)?(\.\w{2,5})$")
"""A file name with the number of the page: `123_2.html`."""
_PART_FIELD = re.compile(
    r"(?:^|&)(?:page|p|pg|pageno|page_no|curpage|currentpage|pageindex|pagenum|k)=(\d{1,2})(?=&|$)", re.I
)
"""A query field with the number of the page: `id=7&page=3`."""


def stem(url: str) -> tuple[str, int]:
    """The common part of the URLs of one article's pages, and the page number of this URL (1 if it has none).

    >>> stem("http://a.cn/n/123_2.html"), stem("http://a.cn/n/123.html")
    (('a.cn/n/123.html', 2), ('a.cn/n/123.html', 1))
    >>> stem("http://a.cn/show.asp?id=7&page=3")
    ('a.cn/show.asp?id=7', 3)
    """
    return _stem(identity_key(url))


def _stem(key: str) -> tuple[str, int]:
    path, _, query = key.partition("?")
    number = 1
    if query and (match := _PART_FIELD.search(query)):
        number = int(match[1])
        query = _PART_FIELD.sub("", query).strip("&")
    else:
        folder, slash, name = path.rpartition("/")
        if (match := _PART_NAME.match(name)) and match[2]:
            number = int(match[2])
            path = f"{folder}{slash}{match[1]}{match[3]}"
    return path + (f"?{query}" if query else ""), number


def _places(own: str, other: str) -> tuple[int, int] | None:
    """The page numbers of two identity keys of one article; None if they are not of one article.

    >>> _places("a.cn/show_7.html", "a.cn/show_7_2.html"), _places("a.cn/show_7_2.html", "a.cn/show_7.html")
    ((1, 2), (2, 1))
    """
    if own == other:
        return None
    own_stem, own_number = _stem(own)
    other_stem, other_number = _stem(other)
    if other_stem == own and other_number > 1:
        return 1, other_number
    if own_stem == other and own_number > 1:
        return own_number, 1
    if own_stem == other_stem and own_number != other_number and max(own_number, other_number) <= 40:
        return own_number, other_number
    return None


def find_article_pages(doc: Document, url: str, encoding: str, body: Body, title: str | None) -> ArticlePagination:
    """The other pages of this article: links with a number or 下一页 as text, whose URL differs by that number."""
    if not body.lines:
        return ArticlePagination()
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    own = identity_key(url)
    siblings: dict[int, str] = {}
    forward: str | None = None
    back = False
    here = 1
    for anchor in doc.anchors:
        if not body.lines[0].index <= anchor.line <= body.end + 12:
            continue
        number = NUMBER.match(anchor.text)
        onward, backward = NEXT.match(anchor.text), FIRST.match(anchor.text)
        if not (number or onward or backward):
            continue
        href = written_address(anchor) or (address_in_code(code_of(anchor)) if code_of(anchor) else None)
        target = absolute(href, base, encoding) if href else None
        places = _places(own, identity_key(target)) if target else None
        if target is None or places is None:
            continue
        here, target_number = places
        if onward and target_number == here + 1:
            forward = forward or target
        elif backward and target_number < here:
            back = True
            siblings.setdefault(target_number, target)
        elif number is not None and int(number[1]) in (target_number, target_number + 1):
            siblings[int(number[1])] = target
    if not siblings and forward is None:
        return ArticlePagination()
    # The number without link is this page. Some sites count files from 0, so the printed number counts.
    missing = [number for number in range(1, max([*siblings, 1]) + 2) if number not in siblings]
    current = missing[0] if any(number <= 2 for number in siblings) and not back else here
    if current > 1 and min(siblings, default=current) >= current:
        return ArticlePagination()
    following = siblings.get(current + 1) or forward
    return ArticlePagination(following, siblings[min(siblings)] if current > 1 else None, current)
