"""A page, read once: what kind it is, what it prints, where it leads. And the article that one or several pages make."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..items import Capture, Issue, Kind
from ..profiles import Profile
from . import kinds
from .article import article_pages, line_class, overrides
from .article import byline as infos
from .article import structure as layouts
from .dom.document import Document, Line
from .dom.lines import parse
from .links import extract
from .links.extract import Link
from .links.urls import absolute, identity_key
from .listing import pager as paging
from .listing import rows as listing
from .text.decode import Encoding, decode
from .words import words_of

_LOGIN = re.compile("登[录陆]|password|log in|sign in", re.I)
"""Words that a box at the side of any page may print, and a wall before all."""
READER = 1
"""Number of this reader. Raised whenever the same bytes may read differently; noted under *Data* in CHANGELOG."""


@dataclass(frozen=True, slots=True)
class Page:
    """One capture, understood."""

    capture: Capture
    profile: Profile
    kind: Kind
    why: str
    """One sentence: what decided the kind."""
    encoding: Encoding
    doc: Document
    layout: layouts.Layout | None = None
    """The parts of an article, on pages that were looked at for one."""
    links: tuple[Link, ...] = ()
    """Every link worth following, in page order; traps, files and what is not HTTP are not among them."""
    rows: tuple[Link, ...] = ()
    """A listing's links to articles."""
    section: str | None = None
    page_number: int | None = None
    printed_total: int | None = None
    printed_pages: int | None = None
    next_page: Link | None = None
    """On a page of a listing: the link one page on; None on the last one, or where none can be told."""
    is_last: bool = False
    """Whether the listing ends on this page."""
    next_part: str | None = None
    """On a page of an article of several pages: address of the next of them."""
    first_part: str | None = None
    """On page 2 and later of an article of several pages: address of the first."""
    to: str | None = None
    """Where a moved page leads."""
    issues: tuple[Issue, ...] = field(default=())

    @property
    def lines(self) -> Sequence[Line]:
        """What the page prints, line by line, each with the role that reading gave it."""
        return self.doc.lines


def reader(profile: Profile) -> str:
    """Who reads: number of the reader, name of the profile, and the first digits of the profile file's digest."""
    return f"{READER}+{profile.name}.{profile.digest}"


def read(capture: Capture, profile: Profile) -> Page:
    """What a capture shows. Never raises on odd input: an odd page is a page of kind `unknown`."""
    nothing = functools.partial(Page, capture, profile, encoding=Encoding("", ()), doc=Document())
    content_type = capture.header("content-type")
    if 300 <= capture.status < 400 and (location := capture.header("location")):
        target = absolute(_location(location), capture.url)
        if target is None:
            return nothing("unknown", f"status {capture.status} leads to {location[:80]!r}, which is no web address")
        return nothing("moved", f"status {capture.status}", to=target)
    if capture.status in (404, 410):
        return nothing("gone", f"status {capture.status}")
    if capture.status in (401, 403, 405, 406, 418, 421, 429, 451):
        return nothing("blocked", f"status {capture.status}")
    if not capture.payload.strip():
        return nothing("unknown", f"status {capture.status} and nothing else")
    if kinds.is_file_type(content_type, capture.payload) and capture.header("content-encoding") is None:
        return nothing("file", f"served as {content_type}")
    text, encoding = decode(capture.payload, content_type, capture.header("content-encoding"))
    return _understand(capture, profile, parse(text), encoding)


def _location(value: str) -> str:
    """A Location header's address: raw Chinese in it is UTF-8 or GBK, here still byte by byte."""
    if value.isascii():
        return value
    return "".join(char if char.isascii() else f"%{ord(char):02X}" for char in value)


def _understand(capture: Capture, profile: Profile, doc: Document, encoding: Encoding) -> Page:
    words = words_of(profile)
    issues = decode_notes(capture, encoding)
    found = list(extract.of(doc, capture.url, encoding.name or "utf-8"))
    page = functools.partial(Page, capture, profile, encoding=encoding, doc=doc)
    layout = overrides.read(doc, words, profile)
    is_article, why = _is_article(layout, profile)
    size = listing.size(doc)
    crumb = layout.breadcrumb
    # Both take their time, and most articles need neither.
    find_rows = functools.cache(
        lambda: listing.rows(doc, capture.url, encoding.name or "utf-8", words, crumb.last + 1 if crumb else 0)
    )
    find_pager = functools.partial(paging.find, doc, capture.url, encoding.name or "utf-8", size)
    refused = None if is_article else kinds.blocked(doc, words)
    if refused and (listed := _listed(find_rows())):
        refused = kinds.blocked(doc, words, listed)
    forwards = (
        any(link.role in ("refresh", "frame") for link in found)
        and kinds.own_text(doc) < 80
        and not (refused and kinds.turns_away(doc))
        and not kinds.gone(doc, words)
    )
    if capture.status >= 400:
        at_door = (
            refused is not None
            and _prints_little_else(doc)
            and (capture.status < 500 or capture.status in (503, 521, 566, 567))
        )
        return page(
            "blocked" if at_door else "unknown",
            f"status {capture.status}" + (f": {refused}" if at_door else ""),
            issues=issues,
        )
    if not is_article and not forwards:
        empty = size.total == 0 or size.pages is not None  # a section without articles says so in the same words
        said = None if empty else kinds.gone(doc, words)
        if said and (listed := _listed(find_rows())):
            said = kinds.gone(doc, words, listed)
        if said and _prints_little_else(doc):
            return page("gone", f"prints {said!r} and no article", issues=issues)
        if (failed := kinds.broken(doc)) and _prints_little_else(doc):
            return page("unknown", f"a server that failed: prints {failed!r}", issues=issues)
        if refused and _prints_little_else(doc):
            beside = len(doc.anchors) > 25 or (size.pages is not None and _listed(find_rows()))
            if not (beside and _LOGIN.search(refused)):
                return page("blocked", f"prints {refused!r} and no article", issues=issues)
    if (
        not forwards
        and not (is_article and profile.identity == ())
        and (
            strange := kinds.foreign(doc, words)
            or (not is_article and kinds.foreign_words(doc) and kinds.foreign_words(doc, _own(layout, find_rows())))
        )
    ):
        return page("foreign", strange, links=tuple(found), issues=issues)
    section = layout.section
    is_home = identity_key(capture.url) in {identity_key(url) for url in profile.start_urls} or re.fullmatch(
        r"[^/]+/(?:(?:index|default|main)\.\w+)?", identity_key(capture.url)
    )
    if is_home and not (is_article and layout.sure >= 8):
        return page(
            "home",
            "the address of the home page",
            links=_with_pager(found, find_pager().links),
            rows=tuple(row for row in find_rows().links if row.date),  # a home page lists much else
            section=None,
            issues=issues,
        )
    if is_article and (layout.overridden >= overrides.ARTICLE or not _is_listing(doc, layout, find_rows)):
        _mark(doc, layout)
        following = article_pages.parts(doc, capture.url, encoding.name or "utf-8", layout.body, layout.title)
        return page(
            "article",
            why,
            layout=layout,
            links=tuple(found),
            section=section,
            next_part=following.next,
            first_part=following.first,
            page_number=following.number,
            issues=issues,
        )
    rows, pager = find_rows().links, find_pager()
    dated = sum(1 for row in rows if row.date)
    if rows and (dated >= 3 or crumb or size.pages or pager.links):
        if crumb:
            section = crumb.steps[-1] if crumb.steps else None
        if section is None and crumb is None:
            section = next(
                (line.text for line in doc.lines if line.text in profile.section_names and not line.linked), None
            )
        return page(
            "listing", f"{len(rows)} rows that lead to articles", layout=layout, links=_with_pager(found, pager.links), rows=rows, section=section,
            page_number=size.page or pager.number, printed_total=size.total, printed_pages=size.pages or pager.pages, next_page=pager.next, is_last=pager.last, issues=issues,
        )  # fmt: skip
    return page(
        "unknown",
        "neither an article nor a list of articles",
        layout=layout,
        links=_with_pager(found, pager.links),
        section=section,
        issues=issues,
    )


def _is_article(layout: layouts.Layout, profile: Profile) -> tuple[bool, str]:
    if layout.overridden >= overrides.ARTICLE:
        return True, "title and body are where the profile's overrides say"
    content = bool(layout.body.lines)
    info = layout.info
    if layout.title is None:
        labelled = info is not None and info.says("date") and info.says("source")
        return labelled and layout.breadcrumb is not None and content, "an info line and a body, but no title"
    if info is not None and (info.says("date") or info.says("source") or info.bare):
        if not content and info.bare is None and not any(value for _, _, value in info.claims):
            return False, "an info line without a single value, and no body"
        return True, f"title above the info line {info.text[:60]!r}"
    if layout.breadcrumb and any(step in profile.section_names for step in layout.breadcrumb.steps):
        prose = sum(line.size - line.linked for line in layout.body.lines if line_class.is_prose(line))
        if prose >= 40 and prose > 2 * sum(line.linked for line in layout.body.lines):
            return True, f"prose below the breadcrumb of {layout.breadcrumb.steps[-1]}"
    return False, "no info line"


def _is_listing(doc: Document, layout: layouts.Layout, find_rows: Callable[[], listing.Rows]) -> bool:
    """Whether what looks like an article is a list: its rows fill the place where info line and body would be."""
    info = layout.info
    labelled = info is not None and any(not infos.COUNTER.match(label) for _, label, _ in info.claims)
    if labelled and layout.title_lines:
        title = doc.lines[layout.title_lines[-1]]
        if title.linked < 0.3 * title.size:
            return False  # not that of a row, whatever rows there are
    rows = find_rows()
    count, dated = len(rows.links), sum(1 for row in rows.links if row.date)
    if not count or (count < 3 and not dated):
        return False
    if info is not None and labelled:
        return count >= 3 and rows.first <= info.first <= rows.last
    paragraphs = [line for line in layout.body.lines if line_class.is_prose(line)]
    prose = sum(line.size - line.linked for line in paragraphs)
    around = [line.index for line in paragraphs if not rows.first < line.index <= rows.last]
    if info is None and 3 <= count <= dated + 1 and all(rows.last < index <= rows.last + 2 for index in around):
        return True  # however long the summaries are that stand below each dated row
    begin = info.first if info else layout.title_lines[-1] if layout.title_lines else 0
    beside = rows.first > max(layout.body.end, begin) or rows.last < begin
    titled = bool(layout.title_lines) and not any(doc.lines[index].linked for index in layout.title_lines)
    near = titled and info is not None and 0 < info.first - layout.title_lines[-1] <= 2
    sections = layout.breadcrumb.steps[-1:] if layout.breadcrumb else ()
    if (
        info is not None
        and beside
        and (layout.sure >= 6.4 or prose >= 40 or (near and layout.body.lines and layout.title not in sections))
    ):
        return False  # a bare date above prose, or below a line that `<title>` says too, or directly below a title
    return prose < 40 * count and (not beside or prose < 200)


def _own(layout: layouts.Layout, rows: listing.Rows) -> range:
    """The lines that speak of anything without the page being of it: dated rows, or title and text below a breadcrumb."""
    if layout.breadcrumb and layout.title_lines and layout.body.lines:
        return range(layout.title_lines[0], layout.body.end)
    return _listed(rows)


def _listed(rows: listing.Rows) -> range:
    """The lines of a list of articles that is sure to be one, with the summary behind its last title: two rows or more
    have a date."""
    if sum(1 for row in rows.links if row.date) < 2:
        return range(0)
    return range(rows.first, rows.last + max(1, (rows.last - rows.first) // (len(rows.links) - 1)))


def _prints_little_else(doc: Document) -> bool:
    """Whether the message is what the page is about: outside links there is not much prose beside it."""
    prose = sum(line.size - line.linked for line in doc.lines if line.size > 60 and line.linked < 0.3 * line.size)
    return prose < 400


def _with_pager(found: Sequence[Link], pager: Sequence[Link]) -> tuple[Link, ...]:
    keys = {link.key for link in pager}
    return (*(link for link in found if link.key not in keys), *pager)


def _mark(doc: Document, layout: layouts.Layout) -> None:
    """Writes each line's role beside it, for people who look."""
    if layout.breadcrumb:
        for index in range(layout.breadcrumb.first, layout.breadcrumb.last + 1):
            doc.lines[index].role = "breadcrumb"
    for index in layout.title_lines:
        doc.lines[index].role = "title"
    if layout.info:
        for index in range(layout.info.first, layout.info.last + 1):
            doc.lines[index].role = "info"
    for line in layout.body.lines:
        line.role = "body"


def decode_notes(capture: Capture, encoding: Encoding) -> tuple[Issue, ...]:
    notes = []
    if encoding.replaced:
        notes.append(
            Issue(
                "note",
                "broken-bytes",
                capture.url,
                f"{encoding.replaced} broken bytes read as {encoding.name}; {'; '.join(encoding.evidence)}"[:300],
                capture.proof,
            )
        )
    if encoding.unpack_error:
        notes.append(Issue("note", "broken-content-encoding", capture.url, encoding.unpack_error[:300], capture.proof))
    return tuple(notes)
