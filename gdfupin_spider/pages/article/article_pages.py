"""The pages of an article of several pages, recognised by their URLs and the printed page numbers."""

import re
from collections import Counter
from dataclasses import dataclass

from ..dom.document import Document
from ..dom.js_calls import code_of
from ..links.extract import address_in_code, written_address
from ..links.urls import absolute, identity_key
from ..listing.pager import FIRST, NEXT, NUMBER
from ..rule import PatternRule
from .body import Body


@dataclass(frozen=True, slots=True)
class ArticlePagination:
    """Links between the pages of one article, as seen from one of them."""

    next: str | None = None
    first: str | None = None
    number: int | None = None


_PART_NAME = PatternRule(
    "part-in-file-name",
    "The pages of one article have its file name with a number: `123_2.html`, `123(2).html`.",
    r"^(.*?)(?:[_\-(（](\d{1,2})[)）]?)?(\.\w{2,5})?$",
    pages="gdfupin/parts-numbers-in-brackets gdfupin/parts-last-page-alone-names-its-first",
)
_PART_STEP = PatternRule(
    "part-in-path",
    "The pages of one article have its path with a number as a further step: `204/2.html`.",
    r"^(\d{1,2})(?:\.\w{2,5})?$",
    pages="gdfupin/parts-number-as-a-further-step",
)
_PART_FIELD = PatternRule(
    "part-in-query",
    "A query field that all pages of an article have counts if it is named for pages: `id=7&page=3`.",
    r"^(?:p|k|pg|pn|ye|yema|part|page[ds]?|page_?no|page_?(?:index|num)|cur_?page|current_?page)$",
    re.I,
    pages="gdfupin/parts-next-page-links-only",
)
_TOKEN = PatternRule(
    "part-with-session",
    "A query field with a long value is a session id, whatever its name; links between pages of an article differ in it.",
    r"(?=.*\d)[0-9a-zA-Z\-]{16,}",
    pages="gdfupin/parts-with-a-fresh-session-in-each-link",
)
_MOST = 40
"""Maximum number of pages."""


@dataclass(frozen=True, slots=True)
class _Relation:
    """How the addresses of two pages of one article differ: in one number, which the first page may lack."""

    own: int | None
    other: int | None
    certain: bool = True
    """False where the number may as well be that of an article; then only printed page numbers count."""


def _relation(own: str, other: str) -> _Relation | None:
    """The relation between two identity keys; None if they are not of one article.

    >>> _relation("a.cn/show_7.html", "a.cn/show_7_2.html"), _relation("a.cn/a.asp?id=7&pn=2", "a.cn/a.asp?id=7")
    (_Relation(own=None, other=2, certain=True), _Relation(own=2, other=None, certain=True))
    """
    own_path, _, own_query = own.partition("?")
    other_path, _, other_query = other.partition("?")
    if own_path == other_path:
        return _in_query(_fields(own_query), _fields(other_query))
    return _in_path(own_path, other_path) if _fields(own_query) == _fields(other_query) else None


def _fields(query: str) -> dict[str, str]:
    """The fields of a query without session ids."""
    pieces = (piece.partition("=") for piece in query.split("&") if piece)
    return {name: value for name, _, value in pieces if not _TOKEN.fullmatch(value)}


def _in_query(own: dict[str, str], other: dict[str, str]) -> _Relation | None:
    different = [name for name in own.keys() | other.keys() if own.get(name) != other.get(name)]
    if len(different) != 1:
        return None
    name = different[0]
    numbers = [fields[name] for fields in (own, other) if name in fields]
    if not all(number.isdecimal() and int(number) <= _MOST for number in numbers) or name.lower().endswith("id"):
        return None
    here, there = (int(fields[name]) if name in fields else None for fields in (own, other))
    return _Relation(here, there, here is None or there is None or _PART_FIELD.match(name) is not None)


def _in_path(own: str, other: str) -> _Relation | None:
    for longer, shorter in ((other, own), (own, other)):
        begin = shorter.rstrip("/") + "/"
        if longer.startswith(begin) and (match := _PART_STEP.match(longer[len(begin) :])):
            return _Relation(None, int(match[1])) if longer is other else _Relation(int(match[1]), None)
    (own_folder, _, own_name), (other_folder, _, other_name) = own.rpartition("/"), other.rpartition("/")
    if own_folder != other_folder:
        return None
    if (here := _PART_STEP.match(own_name)) and (there := _PART_STEP.match(other_name)):
        return _Relation(int(here[1]), int(there[1]), certain=False)
    own_stem, own_number = _stem(own_name)
    other_stem, other_number = _stem(other_name)
    if other_stem == own_name:
        return _Relation(None, other_number)
    if own_stem == other_name:
        return _Relation(own_number, None)
    if own_stem == other_stem and own_number is not None and other_number is not None:
        return _Relation(own_number, other_number) if max(own_number, other_number) <= _MOST else None
    return None


def _stem(name: str) -> tuple[str, int | None]:
    """A file name without the number of its page, and that number.

    >>> _stem("123_2.html"), _stem("123.html")
    (('123.html', 2), ('123.html', None))
    """
    match = _PART_NAME.match(name)
    return (match[1] + (match[3] or ""), int(match[2])) if match and match[2] else (name, None)


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that may lead to another page of the article."""

    url: str
    relation: _Relation
    printed: int | None
    """The page number that is its text."""
    onward: bool
    """Whether its text is 下一页."""

    def page(self, from_zero: bool) -> int:
        """The number of the page that it leads to."""
        return _page(self.relation.other, from_zero)


def _page(number: int | None, from_zero: bool) -> int:
    """The page that a number in an address means; the first page may have none."""
    return 1 if number is None else number + from_zero


def find_article_pages(doc: Document, url: str, encoding: str, body: Body) -> ArticlePagination:
    """The other pages of this article: links with a number or 下一页 as text, whose URL differs by that number."""
    if not body.lines:
        return ArticlePagination()
    links = _links(doc, url, encoding, range(body.lines[0].index, body.end + 13))
    if any(not link.relation.certain for link in links):
        # The numbers may be those of articles: printed page numbers, or a link to the first page, make them certain.
        numbers = {
            link.relation.other for link in links if link.printed is not None and link.printed == link.relation.other
        }
        first = any(link.relation.other is None for link in links)
        links = [link for link in links if link.relation.certain or first or len(numbers) >= 2 or 1 in numbers]
    if not links:
        return ArticlePagination()
    counts = Counter(link.relation.own for link in links)
    own = min(counts, key=lambda number: (-counts[number], number or 0))
    links = [link for link in links if link.relation.own == own]
    others = {link.relation.other for link in links}
    # Some sites count from 0: the first page has no number or 0, and the second one has 1.
    from_zero = (
        0 in (own, *others)
        or (own == 1 and None in others)
        or any(link.printed is not None and link.relation.other == link.printed - 1 for link in links)
        or (own is None and any(link.onward and link.relation.other == 1 for link in links))
    )
    here = _page(own, from_zero)
    siblings: dict[int, str] = {}
    for link in links:
        page = link.page(from_zero)
        if page != here and (link.printed == page or (link.printed is None and (page == here + 1) == link.onward)):
            siblings.setdefault(page, link.url)
    if here > 1 and min(siblings, default=here) >= here:
        return ArticlePagination()
    return ArticlePagination(
        siblings.get(here + 1), siblings[min(siblings)] if here > 1 else None, here if siblings else None
    )


def _links(doc: Document, url: str, encoding: str, lines: range) -> list[_Link]:
    """The links in these lines whose text is a page number, or names the next, previous or first page."""
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    own = identity_key(url)
    found = []
    for anchor in doc.anchors:
        if anchor.line not in lines:
            continue
        number, onward = NUMBER.match(anchor.text), NEXT.match(anchor.text)
        if not (number or onward or FIRST.match(anchor.text)):
            continue
        href = written_address(anchor) or (address_in_code(code_of(anchor)) if code_of(anchor) else None)
        target = absolute(href, base, encoding) if href else None
        relation = _relation(own, identity_key(target)) if target else None
        if target is not None and relation is not None:
            found.append(_Link(target, relation, int(number[1]) if number else None, onward is not None))
    return found
