"""Reading one capture: its kind, its lines, its links, and the parts of an article."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..items import Article, Capture, Issue, Kind
from ..profiles import Profile
from ..profiles.layouts import ShapeEvidence
from . import kinds
from .article import line_class, overrides, undated
from .article.article_pages import find_article_pages
from .article.byline import COUNTER
from .article.structure import ArticleStructure, read_structure
from .dom.document import Document, Line
from .dom.lines import parse
from .layouts import apply as layouts
from .layouts.shape import shape
from .links import extract
from .links.extract import Link
from .links.urls import absolute, identity_key
from .listing.pager import find_pager
from .listing.rows import Rows, find_rows, printed_size
from .notebook import page_html
from .text.compared import plain
from .text.decode import Encoding, decode
from .words import words_of

_LOGIN = re.compile("登[录陆]|password|log in|sign in", re.I)
"""A login form. It may be a box beside the content of any page, or a wall in place of it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One capture as it was read."""

    capture: Capture
    profile: Profile
    kind: Kind
    why: str
    """One sentence: the reason for the kind."""
    encoding: Encoding
    doc: Document
    structure: ArticleStructure | None = None
    """The parts of an article; None on pages where they were not looked for."""
    links: tuple[Link, ...] = ()
    """Links worth following, in page order, without traps, files and other protocols than HTTP."""
    rows: tuple[Link, ...] = ()
    """The links to articles of a listing."""
    section: str | None = None
    page_number: int | None = None
    printed_total: int | None = None
    printed_pages: int | None = None
    next_page: Link | None = None
    """On a listing: the link to the page after this one. None on the last page, or if it is unknown."""
    is_last: bool = False
    """True if this is the last page of the listing."""
    next_part: str | None = None
    """On an article of several pages: URL of the page after this one."""
    first_part: str | None = None
    """On page 2 and later of such an article: URL of the first page."""
    to: str | None = None
    """Target URL of a redirect (kind `moved`)."""
    issues: tuple[Issue, ...] = field(default=())
    """Notes on reading it; from `read_page` also the refusals of the article."""
    article: Article | None = None
    """The article, as far as this page has it. Only `read_page` sets it: an article may go over several pages."""

    def _repr_html_(self) -> str:
        """For notebooks."""
        return page_html(self.kind, self.why, self.capture.url, self.article, self.rows, self.issues)

    @property
    def lines(self) -> Sequence[Line]:
        """The printed lines, each with the role that reading gave it."""
        return self.doc.lines


def read(capture: Capture, profile: Profile) -> Page:
    """Read a capture. Never raises: a page that cannot be classified has the kind `unknown`."""
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
    return _page_of(capture, profile, parse(text), encoding)


def _location(value: str) -> str:
    """The address of a Location header. Its raw Chinese is UTF-8 or GBK, decoded here as Latin-1, and is
    percent-encoded byte by byte."""
    if value.isascii():
        return value
    return "".join(char if char.isascii() else f"%{ord(char):02X}" for char in value)


def _page_of(capture: Capture, profile: Profile, doc: Document, encoding: Encoding) -> Page:
    words = words_of(profile)
    issues = decoding_notes(capture, encoding)
    found = list(extract.extract_links(doc, capture.url, encoding.name or "utf-8"))
    page = functools.partial(Page, capture, profile, encoding=encoding, doc=doc)
    structure = read_structure(doc, words)
    if profile.layouts and (found_by := layouts.find(doc, capture.url, profile.layouts, words, structure)) is not None:
        structure = layouts.with_layout(structure, found_by, doc, words)
    structure = overrides.with_overrides(structure, doc, words, profile)
    is_article, why = _is_article(structure, profile)
    others = profile.layouts.evidence.get(shape(capture.url))
    supported = others is not None and others.supports_articles
    if not is_article and undated.is_undated_article(structure, profile.section_names, supported):
        message = _prints_little_else(doc) and (kinds.block_message(doc, words) or kinds.gone_message(doc, words))
        is_article, why = (False, why) if message else (True, "title and text directly below the breadcrumb")
    contrary = _contradiction(structure, profile, others) if is_article and structure.layout is None else None
    is_article = is_article and contrary is None
    if contrary is not None:
        evidence = f"it reads as an article, {structure.title!r}, but {contrary}"
        issues += (Issue("note", "unsupported-article", capture.url, evidence[:300], capture.proof),)
    shared = others.shared_titles if others is not None and is_article and structure.layout is None else ()
    if structure.title is not None and plain(structure.title) in shared:
        evidence = f"{structure.title[:80]!r} is read as the title of several pages with such an address"
        issues += (Issue("note", "shared-title", capture.url, evidence, capture.proof),)
    size = printed_size(doc)
    crumb = structure.breadcrumb
    # Both are expensive, and most articles need neither.
    rows_of_page = functools.cache(
        lambda: find_rows(doc, capture.url, encoding.name or "utf-8", words, crumb.last + 1 if crumb else 0)
    )
    pager_of_page = functools.partial(find_pager, doc, capture.url, encoding.name or "utf-8", size)
    refused = None if is_article else kinds.block_message(doc, words)
    if refused and (listed := _list_lines(rows_of_page())):
        refused = kinds.block_message(doc, words, listed)
    forwards = (
        any(link.role in ("refresh", "frame") for link in found)
        and kinds.printed_characters(doc) < 80
        and not (refused and kinds.is_challenge(doc))
        and not kinds.gone_message(doc, words)
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
        empty = size.total == 0 or size.pages is not None  # an empty section prints the same words
        message = None if empty else kinds.gone_message(doc, words)
        if message and (listed := _list_lines(rows_of_page())):
            message = kinds.gone_message(doc, words, listed)
        if message and _prints_little_else(doc):
            return page("gone", f"prints {message!r} and no article", issues=issues)
        if (failed := kinds.server_error_message(doc)) and _prints_little_else(doc):
            return page("unknown", f"a server that failed: prints {failed!r}", issues=issues)
        if refused and _prints_little_else(doc):
            beside = len(doc.anchors) > 25 or (size.pages is not None and _list_lines(rows_of_page()))
            if not (beside and _LOGIN.search(refused)):
                return page("blocked", f"prints {refused!r} and no article", issues=issues)
    if (
        not forwards
        and not (is_article and profile.identity == ())
        and (
            strange := kinds.missing_identity(doc, words)
            or (
                not is_article
                and kinds.hijack_words(doc)
                and kinds.hijack_words(doc, _excluded_lines(structure, rows_of_page()))
            )
        )
    ):
        return page("foreign", strange, links=tuple(found), issues=issues)
    section = structure.section
    is_home = identity_key(capture.url) in {identity_key(url) for url in profile.start_urls} or re.fullmatch(
        r"[^/]+/(?:(?:index|default|main)\.\w+)?", identity_key(capture.url)
    )
    if is_home and not (is_article and structure.score >= 8):
        return page(
            "home",
            "the address of the home page",
            links=_with_pager(found, pager_of_page().links),
            rows=tuple(
                row for row in rows_of_page().links if row.date
            ),  # a home page also lists pages that are not articles
            section=None,
            issues=issues,
        )
    if is_article and (
        structure.overridden >= overrides.ARTICLE
        or structure.layout is not None
        or not _is_listing(doc, structure, rows_of_page)
    ):
        _mark_roles(doc, structure)
        following = find_article_pages(doc, capture.url, encoding.name or "utf-8", structure.body, structure.title)
        return page(
            "article",
            why,
            structure=structure,
            links=tuple(found),
            section=section,
            next_part=following.next,
            first_part=following.first,
            page_number=following.number,
            issues=issues,
        )
    rows, pager = rows_of_page().links, pager_of_page()
    dated = sum(1 for row in rows if row.date)
    if rows and (dated >= 3 or crumb or size.pages or pager.links):
        if crumb:
            section = crumb.steps[-1] if crumb.steps else None
        if section is None and crumb is None:
            section = next(
                (line.text for line in doc.lines if line.text in profile.section_names and not line.linked), None
            )
        return page(
            "listing", f"{len(rows)} rows that lead to articles", structure=structure, links=_with_pager(found, pager.links), rows=rows, section=section,
            page_number=size.page or pager.number, printed_total=size.total, printed_pages=size.pages or pager.pages, next_page=pager.next, is_last=pager.last, issues=issues,
        )  # fmt: skip
    return page(
        "unknown",
        contrary or "neither an article nor a list of articles",
        structure=structure,
        links=_with_pager(found, pager.links),
        section=section,
        issues=issues,
    )


def _is_article(structure: ArticleStructure, profile: Profile) -> tuple[bool, str]:
    if structure.overridden >= overrides.ARTICLE:
        return True, "title and body are where the profile's overrides say"
    if structure.layout is not None and structure.body.lines:
        return True, f"title and body are where layout {structure.layout} says"
    content = bool(structure.body.lines)
    byline = structure.byline
    if structure.title is None:
        labelled = byline is not None and byline.has_label("date") and byline.has_label("source")
        return labelled and structure.breadcrumb is not None and content, "an info line and a body, but no title"
    if byline is not None and (byline.has_label("date") or byline.has_label("source") or byline.bare_date):
        if not content and byline.bare_date is None and not any(pair.value for pair in byline.pairs):
            return False, "an info line without a single value, and no body"
        return True, f"title above the info line {byline.text[:60]!r}"
    if structure.breadcrumb and any(step in profile.section_names for step in structure.breadcrumb.steps):
        prose = sum(line.size - line.linked for line in structure.body.lines if line_class.is_prose(line))
        if prose >= 40 and prose > 2 * sum(line.linked for line in structure.body.lines):
            return True, f"prose below the breadcrumb of {structure.breadcrumb.steps[-1]}"
    return False, "no info line"


def _contradiction(structure: ArticleStructure, profile: Profile, others: ShapeEvidence | None) -> str | None:
    """Evidence of other pages against an article without layout, unless its byline has labels for date and source.

    On a site without layouts, where listings may not be recognised either, it counts only against a page without byline.
    """
    byline = structure.byline
    if structure.overridden >= overrides.ARTICLE or (
        byline is not None and byline.has_label("date") and byline.has_label("source")
    ):
        return None
    if others is None or others.supports_articles or not (profile.layouts.all or byline is None):
        return None
    return others.contradicts_articles


def _is_listing(doc: Document, structure: ArticleStructure, rows_of_page: Callable[[], Rows]) -> bool:
    """True if a page with the structure of an article is a listing: its rows fill the place of byline and body."""
    byline = structure.byline
    labelled = byline is not None and any(not COUNTER.match(pair.label) for pair in byline.pairs)
    if labelled and structure.title_lines:
        title = doc.lines[structure.title_lines[-1]]
        if title.linked < 0.3 * title.size:
            return False  # a title that is mostly not a link is not the title of a row
    rows = rows_of_page()
    count, dated = len(rows.links), sum(1 for row in rows.links if row.date)
    if not count or (count < 3 and not dated):
        return False
    if byline is not None and labelled:
        return count >= 3 and rows.first <= byline.first <= rows.last
    paragraphs = [line for line in structure.body.lines if line_class.is_prose(line)]
    prose = sum(line.size - line.linked for line in paragraphs)
    around = [line.index for line in paragraphs if not rows.first < line.index <= rows.last]
    in_rows = byline is not None and not labelled and rows.first < byline.first <= rows.last + 2
    if (
        (byline is None or in_rows)
        and 3 <= count <= dated + 1
        and all(rows.last < index <= rows.last + 2 for index in around)
    ):
        return True  # dated rows with a summary each, whatever the length of the summaries
    begin = byline.first if byline else structure.title_lines[-1] if structure.title_lines else 0
    beside = rows.first > max(structure.body.end, begin) or rows.last < begin
    titled = bool(structure.title_lines) and not any(doc.lines[index].linked for index in structure.title_lines)
    near = titled and byline is not None and 0 < byline.first - structure.title_lines[-1] <= 2
    sections = structure.breadcrumb.steps[-1:] if structure.breadcrumb else ()
    if (
        byline is not None
        and beside
        and (
            structure.score >= 6.4 or prose >= 40 or (near and structure.body.lines and structure.title not in sections)
        )
    ):
        return False  # a bare date above prose, below a line that equals `<title>`, or directly below a title
    return prose < 40 * count and (not beside or prose < 200)


def _excluded_lines(structure: ArticleStructure, rows: Rows) -> range:
    """Lines whose words do not describe the page itself: the dated rows of a list, or title and text below a
    breadcrumb."""
    if structure.breadcrumb and structure.title_lines and structure.body.lines:
        return range(structure.title_lines[0], structure.body.end)
    return _list_lines(rows)


def _list_lines(rows: Rows) -> range:
    """The lines of a list of articles, with the summary of its last row. Empty if fewer than two rows have a date,
    because then it may be a menu."""
    if sum(1 for row in rows.links if row.date) < 2:
        return range(0)
    return range(rows.first, rows.last + max(1, (rows.last - rows.first) // (len(rows.links) - 1)))


def _prints_little_else(doc: Document) -> bool:
    """True if the page has fewer than 400 characters of unlinked prose, so that a message on it is its content."""
    prose = sum(line.size - line.linked for line in doc.lines if line.size > 60 and line.linked < 0.3 * line.size)
    return prose < 400


def _with_pager(found: Sequence[Link], pager: Sequence[Link]) -> tuple[Link, ...]:
    keys = {link.key for link in pager}
    return (*(link for link in found if link.key not in keys), *pager)


def _mark_roles(doc: Document, structure: ArticleStructure) -> None:
    """Set the role of each line of an article, for `probe`."""
    if structure.breadcrumb:
        for index in range(structure.breadcrumb.first, structure.breadcrumb.last + 1):
            doc.lines[index].role = "breadcrumb"
    for index in structure.title_lines:
        doc.lines[index].role = "title"
    if structure.byline:
        for index in range(structure.byline.first, structure.byline.last + 1):
            doc.lines[index].role = "info"
    for line in structure.body.lines:
        line.role = "body"


def decoding_notes(capture: Capture, encoding: Encoding) -> tuple[Issue, ...]:
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
