"""The pager of a listing: links to its other pages.

A pager may consist of links, a `<select>`, a form, a script call with a number, or only a printed count beside the
URL of page 2. All become URLs here; the crawl decides which of them are new.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from ..dom.document import Anchor, Document
from ..dom.file_links import source
from ..dom.forms import PAGE_FIELD, Form, form_at, forms, selects
from ..dom.js_calls import JUMP, code_of, evaluate, function, jump
from ..links.extract import Link, written_address
from ..links.urls import absolute, identity_key
from ..rule import PatternRule, Rule
from .rows import ListingSize

NEXT = PatternRule(
    "pager-next",
    "Links to the next page: `下一页`, `[下页]`, `Next`, `>>`.",
    r"^[\s\[【(（<]*(?:下\s*一?\s*[页頁]|后\s*一?\s*页|下一张|next(?:\s*page)?|[»›>＞→]{1,2}|下\s*页)[\s\]】)）>»›→↓▼]*$",
    re.I,
    pages="gdfupin/pager-full-width-digits gdfupin/pager-javascript-with-an-address",
)
_LAST = PatternRule(
    "pager-last",
    "Links to the last page: `尾页`, `末页`.",
    r"^[\s\[【(（]*(?:尾\s*[页頁]|末\s*[页頁]|最后(?:一页)?|最末页|最尾页|last|[»>]{1,2}\|)[\s\]】)）]*$",
    re.I,
    pages="gdfupin/pager-xiaye-weiye-moye gdfupin/pager-in-pictures-with-alt",
)
FIRST = PatternRule(
    "pager-back",
    "Links to the first or previous page of an article: `首页`, `上一页`.",
    r"^[\s\[【(（]*(?:首\s*[页頁]|第一页|最前页|first|上\s*一?\s*[页頁]|前\s*一?\s*页|prev(?:ious)?|[«‹<]{1,2})[\s\]】)）]*$",
    re.I,
    pages="gdfupin/parts-next-page-links-only",
)
NUMBER = PatternRule(
    "pager-number",
    "Links named by a page number: `3`, `[3]`, `第3页`.",
    r"^[\s\[【(（]*(?:第\s*)?(\d{1,4})(?:\s*页)?(?:\s*[/／]\s*(?:共\s*)?\d{1,4}(?:\s*页)?)?[\s\]】)）]*$",
    pages="gdfupin/pager-function-by-number-sends-a-form gdfupin/pager-of-numbers-in-brackets-without-count",
)
_CREATE = PatternRule(
    "pager-created",
    'A pager script with the count and the file name in its call: `createPageHTML(27, 0, "index", "html")`.',
    r"\bcreatePage\w*\s*\(\s*(?:['\"][^'\"]*['\"]\s*,\s*)?(\d{1,5})\s*,\s*(\d{1,5})\s*,\s*['\"]([^'\"]*)['\"]\s*,\s*['\"](\w+)['\"]",
    pages="gdfupin/pager-made-by-script-alone gdfupin/pager-made-by-script-on-page-three",
)
_COUNTED = PatternRule(
    "pager-counted",
    "A pager script with counters that writes the links itself: `var countPage = 27;`.",
    r"\bcountPage\s*=\s*(\d{1,5})\b",
    pages="gdfupin/pager-script-that-counts-pages",
)
_CURRENT = re.compile(r"\bcurrentPage\s*=\s*(\d{1,5})\b")
"""Its current page, from 0: `var currentPage = 0;`."""
_STEM = re.compile(r"href=\\?[\"'](\w+?)(?:[\"']\s*\+\s*[\"'])?_[\"']\s*\+")
"""The file name in the links that it writes: `href="index"+"_"+`."""
_SUFFIX = re.compile(r"\.(?:[\"']\s*\+\s*[\"'])?(s?html?)\b")
"""Their extension: `".html"`."""
_NEXT_PICTURE = PatternRule(
    "pager-picture",
    "A picture without text means 下一页 by its file name: `images/next.gif`, `xyy.gif`.",
    r"(?:^|/)(?:next_?page|next|xia_?yi?_?ye|xyy)[\w-]{0,3}\.(?:gif|png|jpe?g)$",
    re.I,
    pages="gdfupin/pager-picture-without-alt",
)
_CALL = PatternRule(
    "pager-call",
    "A click that calls a function with a page number: `goPage(3)`, `return turn(this,'3');`.",
    r"^\s*(?:return\s+)?(?:this\.)?([A-Za-z_$][\w$.]*)\s*\(\s*(?:this\s*,\s*)?['\"]?(\d{1,5})['\"]?\s*(?:,[^()]*)?\)\s*;?\s*(?:return\s+false;?)?\s*$",
    pages="gdfupin/pager-function-by-number-sends-a-form",
)
_BARE_CALL = PatternRule(
    "pager-bare-call",
    "A click on 下一页 that calls a function without argument: `nextPage()`.",
    r"\s*([A-Za-z_$][\w$]*)\s*\(\s*\)",
    pages="gdfupin/pager-function-without-argument-sends-a-form",
)
_POSTBACK = PatternRule(
    "pager-postback",
    "A click of ASP.NET that sends a form: `__doPostBack('Pager','3')`.",
    r"__doPostBack\s*\(\s*['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]\s*\)",
    pages="gdfupin/pager-of-asp-net",
)
MOST_PAGES = 3000
"""Maximum number of page URLs made from a printed count; 12 years of a busy section have far fewer."""
_MOST_BYTES = 2_000_000
"""Bytes of the addresses and form data of all links of a pager. The form data of ASP.NET has some kilobytes for each link."""


@dataclass(frozen=True, slots=True)
class Pager:
    """The other pages of a listing."""

    links: tuple[Link, ...] = ()
    """Links to other pages of this listing, role `next`, in the order found."""
    number: int | None = None
    """Printed number of this page, or None."""
    pages: int | None = None
    next: Link | None = None
    """The link to the page after this one. None on the last page, or if it is unknown."""
    last: bool = False
    """True if this is the last page."""


def find_pager(doc: Document, url: str, encoding: str, size: ListingSize) -> Pager:
    """The pager of a listing, empty if it has none."""
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    found: dict[str, Link] = {}
    own = identity_key(url)
    known_forms = forms(doc)
    left = _MOST_BYTES

    def add(href: str | None, text: str, body: bytes | None = None) -> str | None:
        nonlocal left
        target = absolute(href, base, encoding) if href is not None and left > 0 else None
        if target is None:
            return None
        left -= len(target) + len(body or b"")
        link = Link(target, text, role="next", body=body)
        if body is not None or identity_key(target) != own:
            found.setdefault(link.key, link)
        return target

    following: str | None = None
    numbers: list[int] = []
    calls: list[tuple[str, int, str, Anchor]] = []
    for anchor in doc.anchors:
        text = anchor.text or anchor.attribute("title") or _picture_text(anchor)
        number = NUMBER.match(text)
        if not (number or NEXT.match(text) or _LAST.match(text) or NEXT.match(anchor.attribute("title"))):
            continue
        if left <= 0:
            break
        href = written_address(anchor)
        if href is not None:
            target = add(href, text)
            if target and NEXT.match(text):
                following = following or target
            if number and target:
                numbers.append(int(number[1]))
            continue
        code = code_of(anchor)
        if (call := _CALL.match(code)) and not call[1].startswith("history"):
            calls.append((call[1], int(call[2]), text, anchor))
        elif match := _POSTBACK.search(code):
            if (form := form_at(known_forms, anchor.line)) is not None:
                add(
                    form.action or url,
                    text,
                    form.encoded({"__EVENTTARGET": match[1], "__EVENTARGUMENT": match[2]}, encoding),
                )
        elif code and (call := _BARE_CALL.match(code)) and size.page and NEXT.match(text):
            calls.append((call[1], size.page + 1, text, anchor))
        elif code:
            add(_address_of_function(doc, anchor), text)
    for called, called_with, text, anchor in calls:
        if left <= 0:
            break
        href, body = _called_page(doc, known_forms, called, called_with, encoding)
        add(href or _address_of_function(doc, anchor), text, body)
    for href, text, body in _select_pages(doc, known_forms, url, encoding):
        add(href, text, body)
        if left <= 0:
            break
    for href, text in chain(_created_by_script(doc), _counted_by_script(doc)):
        add(href, text)
        if left <= 0:
            break
    if size.pages and size.pages > 1:
        for href, text in _counted_pages(url, following, list(found.values()), size):
            add(href, text)
        if not found and size.page and size.page > 1 and (own_pattern := _number_pattern(url, size.page, "")):
            for number in (*range(1, size.page), *range(size.page + 1, min(size.pages, MOST_PAGES) + 1)):
                add(f"{own_pattern[0]}{number}{own_pattern[1]}", str(number))
        if not found:
            for href, text, body in _page_form(known_forms, url, size, encoding):
                add(href, text, body)
                if left <= 0:
                    break
    links = tuple(found.values())
    return Pager(links, size.page, size.pages, *_next_and_last(links, size))


def _next_and_last(links: Sequence[Link], size: ListingSize) -> tuple[Link | None, bool]:
    """The link named 下一页, else the link with this page's number + 1; and whether this is the last page.

    If the page prints no number, its number is the first one without a link.
    """
    named = next((link for link in links if NEXT.match(link.text)), None)
    if named is not None or (size.page is not None and size.page == size.pages):
        return named, named is None
    numbered = {int(match[1]): link for link in reversed(links) if (match := NUMBER.match(link.text))}
    here = size.page or next(number for number in range(1, len(numbered) + 2) if number not in numbered)
    return numbered.get(here + 1), len(numbered) == len(links) and max(numbered, default=0) < here


_PAGER_PICTURE_TEXT = Rule(
    "pager-picture-text",
    "A link that is a picture has its text in `alt` or `title`.",
    pages="gdfupin/pager-picture-without-alt gdfupin/pager-in-pictures-with-alt",
)


def _picture_text(anchor: Anchor) -> str:
    """The text of a link that is a picture (`<img src=next.gif alt=下一页>`), or its meaning by the file name."""
    if not _PAGER_PICTURE_TEXT.on:
        return ""
    image = next(iter(anchor.element.iter("img")), None) if anchor.images else None
    if image is None:
        return ""
    return image.get("alt") or image.get("title") or ("下一页" if _NEXT_PICTURE.search(source(image)) else "")


# --- scripts ----------------------------------------------------------------------------------------------------------


def _created_by_script(doc: Document) -> Iterator[tuple[str, str]]:
    """Pages of a call `createPageHTML(27, 0, "index", "html")`: page k, from 0, is `index_k.html`. The page has no
    links to them."""
    for _, script in doc.scripts:
        for match in _CREATE.finditer(script):
            if script[: match.start()].rstrip().endswith("function"):
                continue
            count, here = min(int(match[1]), MOST_PAGES), int(match[2])
            for number in range(count):
                if number != here:
                    yield f"{match[3]}{f'_{number}' if number else ''}.{match[4]}", str(number + 1)


def _counted_by_script(doc: Document) -> Iterator[tuple[str, str]]:
    """Pages of a script with counters (`var countPage = 27; var currentPage = 0;`) that writes links to
    `index_k.html`."""
    for _, script in doc.scripts:
        if (count := _COUNTED.search(script)) and (here := _CURRENT.search(script)):
            stem, suffix = _STEM.search(script), _SUFFIX.search(script)
            if stem is not None and suffix is not None:
                for number in range(min(int(count[1]), MOST_PAGES)):
                    if number != int(here[1]):
                        yield f"{stem[1]}{f'_{number}' if number else ''}.{suffix[1]}", str(number + 1)


_PAGER_FUNCTION = Rule(
    "pager-function",
    "A click may call a function of the page that opens the address for any argument.",
    pages="gdfupin/pager-function-with-an-action-and-a-word",
)


def _address_of_function(doc: Document, anchor: Anchor) -> str | None:
    """The address that the called function of the page jumps to, for any argument; None if it sends a form."""
    if not _PAGER_FUNCTION.on:
        return None
    called = re.match(r"\s*(?:return\s+)?([A-Za-z_$][\w$]*)\s*\(", code_of(anchor))
    known = function(doc, called[1]) if called is not None else None
    return None if known is None or ".submit" in known.code.partition("function ")[0] else jump(doc, anchor)


def _called_page(
    doc: Document, known_forms: Sequence[Form], name: str, number: int, encoding: str
) -> tuple[str | None, bytes | None]:
    """URL and form data to which a function of the page leads for a page number; both None if unknown."""
    called = function(doc, name)
    if called is None:
        return None, None
    parameter, code = called.parameters[0], called.code
    if jump := JUMP.search(code):
        href = evaluate(jump[1], {parameter: str(number)})
        if href is not None and ".submit" not in code:
            return href, None
    if ".submit" in code and (form := form_at(known_forms, None)) is not None:
        values = (
            {field: str(number) for field in re.findall(r"\.\s*(\w+)\s*\.\s*value\s*=\s*" + re.escape(parameter), code)}
            if parameter
            else {}
        )
        values |= {
            field: str(number)
            for field in re.findall(r"getElementById\(\s*['\"](\w+)['\"]\s*\)\s*\.\s*value\s*=", code)
        }
        if not values:
            values = {field: str(number) for field in form.values if PAGE_FIELD.match(field)}
        if values:
            return form.request(values, encoding)
    return None, None


# --- select boxes and forms -------------------------------------------------------------------------------------------


_PAGER_SELECT = Rule(
    "pager-select",
    "A `<select>` offers the pages by address or number.",
    pages="gdfupin/pager-select-of-numbers-with-an-address-in-its-script gdfupin/pager-select-of-numbers-in-a-form",
)


def _select_pages(
    doc: Document, known_forms: Sequence[Form], url: str, encoding: str
) -> Iterator[tuple[str, str, bytes | None]]:
    """Pages that a `<select>` offers, by URL or by number."""
    if not _PAGER_SELECT.on:
        return
    for select, options in selects(doc):
        change = select.get("onchange", "")
        values = [(option.get("value", option.get("text", "")).strip(), option.get("text", "")) for option in options]
        numeric = len(values) >= 2 and all(value.isdigit() for value, _ in values)
        if numeric:
            if jump := JUMP.search(
                change.replace("this.options[this.selectedIndex].value", "n")
                .replace("options[selectedIndex].value", "n")
                .replace("this.value", "n")
                .replace("value", "n")
            ):
                for value, text in values:
                    if (href := evaluate(jump[1], {"n": value})) is not None:
                        yield href, text, None
                continue
            if call := re.match(r"\s*(?:javascript:)?\s*([A-Za-z_$][\w$]*)\s*\(", change):
                for value, text in values:
                    href2, body = _called_page(doc, known_forms, call[1], int(value), encoding)
                    if href2 is not None:
                        yield href2, text, body
                    elif ".submit" in change:
                        break
            name = select.get("name", "")
            form = next((form for form in known_forms if name in form.values), None)
            if form is not None and PAGE_FIELD.match(name):
                form.action = form.action or url
                for value, text in values:
                    href3, body = form.request({name: value}, encoding)
                    yield href3, text, body
        elif (change and any(word in change for word in ("location", "open", "jump", "Jump", "go", "href"))) or all(
            NUMBER.match(text) for _, text in values
        ):
            for value, text in values:
                # Only numbers: a select of sections or of other sites has names as texts.
                if value and NUMBER.match(text) and not value.isdigit():
                    yield value, text, None


_PAGER_FORM = Rule(
    "pager-form",
    "A form with a page field is the whole pager.",
    pages="gdfupin/pager-form-to-type-a-number-and-nothing-else",
)


def _page_form(
    known_forms: Sequence[Form], url: str, size: ListingSize, encoding: str
) -> Iterator[tuple[str, str, bytes | None]]:
    """One request for each page of a form with a page field, if the pager has nothing else."""
    if not _PAGER_FORM.on:
        return
    assert size.pages is not None
    for form in known_forms:
        name = next((name for name in form.values if PAGE_FIELD.match(name)), None)
        if name is not None:
            form.action = form.action or url
            for number in range(1, min(size.pages, MOST_PAGES) + 1):
                if number != size.page:
                    href, body = form.request({name: str(number)}, encoding)
                    yield href, str(number), body
            return


# --- counting ---------------------------------------------------------------------------------------------------------

_DIGITS = re.compile(r"\d+")


_PAGER_BY_COUNT = Rule(
    "pager-by-count",
    "One address of another page and the printed count give the addresses of all pages.",
    pages="gdfupin/pager-count-and-one-address-in-mid-list gdfupin/pager-of-numbers-dede",
)


def _counted_pages(
    url: str, following: str | None, known: Sequence[Link], size: ListingSize
) -> Iterator[tuple[str, str]]:
    """All pages up to the printed count, if one URL shows the pattern: it differs from this page's by its number."""
    if not _PAGER_BY_COUNT.on:
        return
    if not size.pages or size.pages > MOST_PAGES:
        return
    here = size.page or 1
    samples = [(following, here + 1)] if following else []
    samples += [(link.url, int(match[1])) for link in known if link.body is None and (match := NUMBER.match(link.text))]
    for sample, number in samples:
        pattern = _number_pattern(sample, number, url) if sample else None
        if pattern is not None:
            head, tail = pattern
            if any(
                _LAST.match(link.text)
                and link.url != f"{head}{size.pages}{tail}"
                and link.url.startswith(head)
                and link.url.endswith(tail)
                for link in known
            ):
                return  # the last page has another number: the numbers run downwards
            for page in range(1, size.pages + 1):
                if page != here and page != 1:
                    yield f"{head}{page}{tail}", str(page)
            return


def _number_pattern(sample: str, number: int, url: str) -> tuple[str, str] | None:
    """The text before and after the page number in a URL: its last number of that value which this page's URL does
    not have in the same place. None without one."""
    for match in reversed(list(_DIGITS.finditer(sample))):
        if int(match[0]) == number and not match[0].startswith("0"):
            head, tail = sample[: match.start()], sample[match.end() :]
            if url.startswith(head) and url[len(head) :].startswith(match[0] + tail):
                continue  # this page's own URL has it too
            return head, tail
    return None
