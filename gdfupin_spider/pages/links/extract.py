"""The links of a page: href, onclick, `javascript:`, frames, refreshes."""

import functools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ..dom import js_calls
from ..dom.document import Anchor, Document, fold
from ..dom.file_types import ATTACHMENT, NOT_A_PAGE
from ..dom.scripts import literal
from ..rule import PatternRule, Rule, cleared_by_rules
from ..text import dates
from .urls import absolute, identity_key, is_trap

Role = Literal["link", "next", "frame", "refresh"]
_STRING = re.compile(r""""([^"\\\n]*)"\s*(\+?)|'([^'\\\n]*)'\s*(\+?)""")
"""A string literal and whether it is concatenated: `'show.asp?id=' +`."""
_ADDRESS = PatternRule(
    "address-in-script",
    "A literal in a script is an address if it looks like one: `show.asp?id=3`, `/news/1.html`.",
    r"^(?:https?://|[./?]|[\w\-%/.\u4e00-\u9fff]+(?:\.(?:s?html?|aspx?|php|jsp|do|action|cgi)\b|/|\?\w))",
    re.I,
    pages="gdfupin/rows-opened-by-javascript-address gdfupin/pager-javascript-with-an-address",
)
_GLUED_DATE = PatternRule(
    "date-behind-title",
    "The `title` attribute of a row may have the date behind the title: `通知(2014-1-3)`.",
    r"[\s(（\[【]*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\s)）\]】]*$",
    pages="gdfupin/rows-title-with-a-date-glued-on",
)
_REFRESH = PatternRule(
    "meta-refresh",
    "A meta refresh leads to another address.",
    r"(?:url\s*=\s*)?['\"]?(.*)",
    re.I | re.S,
    pages="gdfupin/home-a-meta-refresh gdfupin/refresh-with-a-sentence",
)
_REDIRECT = PatternRule(
    "script-redirect",
    'A script on a page without text may lead to another address: `location.href="index.asp"`.',
    r"""(?:(?:window|self|top|parent|document)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=\s*("[^"\n]*"|'[^'\n]*')|location\s*\.\s*(?:replace|assign)\s*\(\s*("[^"\n]*"|'[^'\n]*')\s*\)""",
    pages="gdfupin/home-a-script-redirect",
)
_FUNCTION = PatternRule(
    "redirect-in-function",
    "A redirect inside a function is not run when the page opens.",
    r"\bfunction\b|=>",
    pages="gdfupin/unknown-redirect-inside-a-function",
)


class Link(NamedTuple):  # a NamedTuple, made in a third of the time of a frozen dataclass; a page has fifty
    """A link worth following."""

    url: str
    """Absolute, exactly as it must be sent."""
    text: str = ""
    """Printed text of the link, folded."""
    title: str | None = None
    """Longer title in a `title` attribute, else None."""
    date: str | None = None
    """`YYYY-MM-DD` printed in the link's row, else None."""
    role: Role = "link"
    body: bytes | None = None
    """Body of a POST; None for GET."""

    @property
    def key(self) -> str:
        """The key for equal links: the identity key, with the form data of a POST."""
        key = identity_key(self.url)
        return key if self.body is None else f"{key} {self.body.decode('latin-1')}"


def written_address(anchor: Anchor) -> str | None:
    """The address of a link as written: its href, or the literal address in its script. None without one."""
    href = anchor.attribute("href").strip()
    if href and href[0] not in "#jJ":
        return href  # a shortcut for most links
    lower = href[:11].lower()
    if href and href[0] != "#" and lower != "javascript:":
        return href
    for code in (href[11:] if lower == "javascript:" else "", anchor.attribute("onclick")):
        if code and (found := address_in_code(code)):
            return found
    return None


def address_in_code(code: str) -> str | None:
    """The literal address that a script jumps to; None if it is computed.

    >>> address_in_code("window.open('show.asp?id=3','','width=600')")
    'show.asp?id=3'
    >>> address_in_code("location.href='list.asp?page='+n") is None
    True
    """
    for match in _STRING.finditer(code):
        text = match[1] if match[1] is not None else match[3]
        if text and not (match[2] or match[4]) and code[: match.start()].rstrip()[-1:] != "+" and _ADDRESS.match(text):
            return text
    return None


_TITLE_ATTRIBUTE = Rule(
    "title-attribute",
    "A row may cut the title, and its link have the whole one in the attribute `title`.",
    pages="gdfupin/rows-cut-with-dots-and-whole-in-title gdfupin/rows-title-with-label-and-author",
)


def full_title(anchor: Anchor) -> str | None:
    """The title attribute if it is longer than the text, without a date at its end; else None.

    Inner quotes cut an attribute short (`title="丰收•喜悦"2016…"`), so a shorter one is ignored.
    """
    if not _TITLE_ATTRIBUTE.on:
        return None
    title = fold(anchor.attribute("title"))
    if not title or (title == anchor.text and title[-1] not in ".…"):
        return None  # a shortcut for most links
    if "20" in title or "19" in title:
        title = _GLUED_DATE.sub("", title) or title
    for word in ("标题：", "标题:", "文章标题：", "文章标题:") if "标题" in title else ():
        if title.startswith(word):
            title = title.removeprefix(word).partition(" ")[0]
    shown = anchor.text.rstrip(".… ")
    return title if len(title) > len(shown) and title.startswith(shown[:4]) else None


def extract_links(doc: Document, url: str, encoding: str, refresh: str | None = None) -> tuple[Link, ...]:
    """The links of a page in order, absolute, each URL once, without traps, files and other protocols than HTTP.

    Of several links to one URL the first gives place and role, and the first with text the text: an `<area>` or a picture
    is often above the row with the title. `refresh`: the Refresh header of the response.
    """
    base = absolute(doc.base, url, encoding) or url if doc.base else url
    found: dict[str, Link] = {}
    for frame in doc.frames:
        if target := absolute(frame.get("src") or "", base, encoding):
            found.setdefault(target, Link(target, frame.get("name") or "", role="frame"))
    for target in refreshes(doc, base, encoding, refresh):
        found.setdefault(target, Link(target, role="refresh"))
    for tag, attrs, _ in doc.fields:
        if (
            tag == "option"
            and (value := attrs.get("value", "").strip())
            and _ADDRESS.match(value)
            and not value.isdigit()
        ):
            target = absolute(value, base, encoding)
            if target and target not in found and not is_trap(target, attrs.get("text", "")):
                found[target] = Link(target, attrs.get("text", ""))
    for printed in _script_written_links(doc):
        place = absolute(printed, base, encoding)
        if (
            place
            and place not in found
            and not (ATTACHMENT.search(printed) or NOT_A_PAGE.search(printed) or is_trap(place, ""))
        ):
            found[place] = Link(place)
    for anchor in doc.anchors:
        written = written_address(anchor) or js_calls.jump(doc, anchor)
        if written is None:
            continue
        resolved = absolute(written, base, encoding)
        if resolved is None or ((first := found.get(resolved)) is not None and (first.text or not anchor.text)):
            continue
        leads_to_page = _remembered if len(written) + len(anchor.text) < _LONG else _leads_to_page
        if not leads_to_page(written, resolved, anchor.text):
            continue
        line = doc.lines[anchor.line] if anchor.line < len(doc.lines) else None
        date = (
            dates.find_date(line.text)
            if line is not None and line.size < 200 and "20" in line.text and line.anchors
            else None
        )
        day = date.day if date else None
        if first is None:
            found[resolved] = Link(resolved, anchor.text, full_title(anchor), day)
        else:
            found[resolved] = first._replace(
                text=anchor.text, title=full_title(anchor) or first.title, date=day or first.date
            )
    return tuple(found.values())


_LONG = 500
"""Characters of an address and its text that are not remembered."""


def _leads_to_page(written: str, resolved: str, text: str) -> bool:
    return not (ATTACHMENT.search(written) or NOT_A_PAGE.search(written) or is_trap(resolved, text))


_remembered = functools.lru_cache(maxsize=2048)(_leads_to_page)
"""`_leads_to_page` for short addresses: all pages of a site have its menus."""
cleared_by_rules(_remembered.cache_clear)


_HREF = PatternRule(
    "link-written-by-script",
    "Menus are often written by a script, with complete links.",
    r"<a\s[^<>]*?href\s*=\s*\\?[\"']?([^\"'\\\s<>+]+)\\?[\"'\s>]",
    re.I,
    pages="gdfupin/home-with-odd-addresses-and-traps",
)


def _script_written_links(doc: Document) -> Iterator[str]:
    """Complete links in the text that a script writes into the page, as in many menus."""
    for _, script in doc.scripts:
        if "document.write" in script and len(script) < 50_000:
            yield from (match for match in _HREF.findall(script) if match[0] != "#" and ":" not in match[:11])


def refreshes(doc: Document, base: str, encoding: str, header: str | None = None) -> list[str]:
    """Targets of a Refresh header, of meta refresh, and of scripts on a page without text that only redirect."""
    metas = (meta for meta in doc.metas if meta.get("http-equiv", "").strip().lower() == "refresh")
    contents = (header or "", *(meta.get("content", "") for meta in metas))
    found = [
        match[1][:-1] if match[1].endswith(("'", '"')) else match[1]
        for content in contents
        if "url" in content.lower() and (match := _REFRESH.match(content[content.lower().index("url") :].strip()))
    ]
    if not any(line.text for line in doc.lines) or sum(line.size for line in doc.lines) < 80:
        for _, script in doc.scripts:
            if len(script) < 2000 and not _FUNCTION.search(script):
                found += [literal(match[1] or match[2]) for match in _REDIRECT.finditer(script)]
    return [target for href in found if (target := absolute(href, base, encoding)) and target != base]
