"""Reading one capture: its kind, its lines, its links, and the parts of an article."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..items import Article, Capture, Issue, Kind
from ..messages.text import N_, SEMICOLON, joined, shortened
from ..profiles import Profile
from . import kinds
from .article.article_pages import find_article_pages
from .article.structure import ArticleStructure
from .dom.document import Document, Line
from .evidence import Evidence
from .links.extract import Link
from .notebook import page_html
from .text.decode import Encoding
from .text.unpack import TOO_MUCH


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
    rule: str | None = None
    """Name of the rule that decided the kind (`kinds.KINDS`); None: no rule matches, and the kind is `unknown`."""
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
    unread: str | None = None
    """Why the page was not read, a sentence: it exceeds the deadline. None for all other pages."""
    article: Article | None = None
    """The article, as far as this page has it. Only `read_page` sets it: an article may go over several pages."""

    def _repr_html_(self) -> str:
        """For notebooks."""
        return page_html(self.kind, self.why, self.capture.url, self.article, self.rows, self.issues)

    @property
    def lines(self) -> Sequence[Line]:
        """The printed lines, each with the role that reading gave it."""
        return self.doc.lines

    @property
    def printed_identity(self) -> frozenset[str]:
        """The identity words of the profile that its title or its lines have."""
        texts = (self.doc.title, *(line.text for line in self.lines))
        return frozenset(word for word in self.profile.identity if any(word in text for text in texts))


def read(capture: Capture, profile: Profile) -> Page:
    """Read a capture. Never raises: a page that cannot be classified has the kind `unknown`."""
    evidence = Evidence(capture, profile)
    kind, why, rule = kinds.decide(evidence)
    page = functools.partial(Page, capture, profile, kind, why, rule=rule.name if rule else None)
    looks_at = rule.looks_at if rule else "content"
    if looks_at == "response":
        return page(encoding=Encoding("", ()), doc=Document(), to=kinds.target_of(evidence))
    issues = (*decoding_notes(capture, evidence.encoding), *evidence.notes)
    page = functools.partial(page, encoding=evidence.encoding, doc=evidence.doc, issues=issues)
    if looks_at == "message":
        return page(links=evidence.links if kind == "foreign" else ())
    match kind:
        case "home":  # it also lists pages that are not articles
            rows = tuple(row for row in evidence.rows.links if row.date)
            return page(links=_with_pager(evidence.links, evidence.pager.links), rows=rows)
        case "article":
            return _article(page, evidence)
        case "listing":
            return _listing(page, evidence)
    links = _with_pager(evidence.links, evidence.pager.links)
    return page(structure=evidence.structure, links=links, section=evidence.structure.section)


def _article(page: Callable[..., Page], evidence: Evidence) -> Page:
    structure = evidence.structure
    _mark_roles(evidence.doc, structure)
    following = find_article_pages(evidence.doc, evidence.capture.url, evidence.codec, structure.body)
    return page(
        structure=structure,
        links=evidence.links,
        section=structure.section,
        next_part=following.next,
        first_part=following.first,
        page_number=following.number,
    )


def _listing(page: Callable[..., Page], evidence: Evidence) -> Page:
    size, pager, crumb = evidence.size, evidence.pager, evidence.structure.breadcrumb
    if crumb:
        section = crumb.steps[-1] if crumb.steps else None
    else:
        names = evidence.profile.section_names
        section = next((line.text for line in evidence.doc.lines if line.text in names and not line.linked), None)
    return page(
        structure=evidence.structure,
        links=_with_pager(evidence.links, pager.links),
        rows=evidence.rows.links,
        section=section,
        page_number=size.page or pager.number,
        printed_total=size.total,
        printed_pages=size.pages or pager.pages,
        next_page=pager.next,
        is_last=pager.last,
    )


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
        text = N_(
            "{count:d} broken bytes read as {encoding}; {evidence}",
            count=encoding.replaced,
            encoding=encoding.name,
            evidence=joined(encoding.evidence, SEMICOLON),
        )
        notes.append(Issue("note", "broken-bytes", capture.url, shortened(text, 300), capture.proof))
    if encoding.unpack_error:
        what = "too-costly" if TOO_MUCH in encoding.unpack_error else "broken-content-encoding"
        notes.append(Issue("note", what, capture.url, shortened(encoding.unpack_error, 300), capture.proof))
    return tuple(notes)
