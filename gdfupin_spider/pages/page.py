"""A page, read once: what kind it is, what it prints, where it leads. And the article that one or several pages make."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..items import Article, Attachment, Capture, Image, Issue, Kind, Proof, Reading, content_digest
from ..profiles import Profile, load
from . import body as bodies
from . import info as infos
from . import kinds, links, listing, media, overrides, paging
from . import layout as layouts
from .decode import Encoding, decode
from .lines import Document, Line, parse
from .links import Link
from .urls import absolute, article_id, identity_key
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
    issues = _decode_notes(capture, encoding)
    found = list(links.of(doc, capture.url, encoding.name or "utf-8"))
    page = functools.partial(Page, capture, profile, encoding=encoding, doc=doc)
    layout = overrides.read(doc, words, profile)
    is_article, why = _is_article(layout, profile)
    refused = None if is_article else kinds.blocked(doc, words)
    size = listing.size(doc)
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
        if not empty and (said := kinds.gone(doc, words)) and _prints_little_else(doc):
            return page("gone", f"prints {said!r} and no article", issues=issues)
        if refused and _prints_little_else(doc) and not (_LOGIN.search(refused) and len(doc.anchors) > 25):
            return page("blocked", f"prints {refused!r} and no article", issues=issues)
    if (
        not forwards
        and not (is_article and profile.identity == ())
        and (strange := kinds.foreign(doc, words) or (not is_article and kinds.foreign_words(doc)))
    ):
        return page("foreign", strange, links=tuple(found), issues=issues)
    crumb = layout.breadcrumb
    table = listing.rows(doc, capture.url, encoding.name or "utf-8", words, crumb.last + 1 if crumb else 0)
    rows = table.links
    pager = paging.find(doc, capture.url, encoding.name or "utf-8", size)
    section = layout.section
    is_home = identity_key(capture.url) in {identity_key(url) for url in profile.start_urls} or re.fullmatch(
        r"[^/]+/(?:(?:index|default|main)\.\w+)?", identity_key(capture.url)
    )
    if is_home and not (is_article and layout.sure >= 8):
        return page(
            "home",
            "the address of the home page",
            links=_with_pager(found, pager.links),
            rows=rows,
            section=None,
            issues=issues,
        )
    if is_article and (layout.overridden >= overrides.ARTICLE or not _is_listing(doc, layout, table)):
        _mark(doc, layout)
        following = paging.parts(doc, capture.url, encoding.name or "utf-8", layout.body, layout.title)
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
    if rows and (len(rows) >= 3 or crumb or size.pages or pager.links):
        if crumb:
            section = crumb.steps[-1] if crumb.steps else None
        if section is None and crumb is None:
            section = next(
                (line.text for line in doc.lines if line.text in profile.section_names and not line.linked), None
            )
        return page(
            "listing", f"{len(rows)} rows that lead to articles", layout=layout, links=_with_pager(found, pager.links), rows=rows, section=section,
            page_number=size.page or pager.number, printed_total=size.total, printed_pages=size.pages or pager.pages, issues=issues,
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
        prose = sum(line.size - line.linked for line in layout.body.lines if bodies.is_prose(line))
        if prose >= 40 and prose > 2 * sum(line.linked for line in layout.body.lines):
            return True, f"prose below the breadcrumb of {layout.breadcrumb.steps[-1]}"
    return False, "no info line"


def _is_listing(doc: Document, layout: layouts.Layout, rows: listing.Rows) -> bool:
    """Whether what looks like an article is a list: its rows fill the place where info line and body would be."""
    count, dated = len(rows.links), sum(1 for row in rows.links if row.date)
    if not count or (count < 3 and not dated):
        return False
    info = layout.info
    if info is not None and any(not infos.COUNTER.match(label) for _, label, _ in info.claims):
        title = doc.lines[layout.title_lines[-1]] if layout.title_lines else None
        return (
            count >= 3 and rows.first <= info.first <= rows.last and (title is None or title.linked >= 0.3 * title.size)
        )  # of a row
    prose = sum(line.size - line.linked for line in layout.body.lines if bodies.is_prose(line))
    begin = info.first if info else layout.title_lines[-1] if layout.title_lines else 0
    beside = rows.first > max(layout.body.end, begin) or rows.last < begin
    if info is not None and beside and (layout.sure >= 6.4 or prose >= 40):
        return False  # a bare date above prose, or below a line that `<title>` says too
    return prose < 40 * count and (not beside or prose < 200)


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


def _decode_notes(capture: Capture, encoding: Encoding) -> tuple[Issue, ...]:
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


def next_part(pages: Sequence[Page]) -> str | None:
    """Address of the next page of an article of several, given those read so far in page order; None at its end."""
    if not pages or len(pages) >= 100:
        return None
    following = pages[-1].next_part
    seen = {identity_key(page.capture.url) for page in pages}
    return following if following and identity_key(following) not in seen else None


def article(pages: Sequence[Page]) -> Reading:
    """The article that these pages make, in page order; the first of them decides all fields but the body."""
    first = pages[0]
    capture, profile, layout = first.capture, first.profile, first.layout
    issues = [issue for page in pages for issue in page.issues]

    def refuse(what: str, evidence: str) -> Reading:
        return Reading(None, (*issues, Issue("refusal", what, capture.url, evidence[:300], capture.proof)))

    if layout is None or layout.title is None:
        return refuse(
            "no-title",
            "no line above the info line can be the title"
            if layout and layout.info
            else "no info line and no title found",
        )
    text: list[str] = []
    images: list[Image] = []
    attachments: list[Attachment] = []
    for page in pages:
        if page.layout is None:
            continue
        body_lines = page.layout.body.lines
        text += bodies.paragraphs(body_lines)
        images += media.images(page.doc, body_lines, page.capture.url, page.encoding.name)
        attachments += media.attachments(body_lines, page.doc, page.capture.url, page.encoding.name)
    body = "\n".join(text)
    images = list({image.url: image for image in images}.values())
    attachments = list({attachment.url: attachment for attachment in attachments}.values())
    if not body and not images and not attachments:
        return refuse(
            "no-body",
            f"neither text nor picture nor file behind {layout.info.text[:80]!r}"
            if layout.info
            else "no text behind the title",
        )
    if structure := _broken_structure(first):
        return refuse("no-structure", structure)
    date = layout.date.day if layout.date else None
    issues += overrides.notes(layout, capture, profile)
    if layout.date is not None and layout.date.problem:
        issues.append(Issue("note", "impossible-date", capture.url, layout.date.problem, capture.proof))
    if layout.info and layout.info.unclaimed:
        issues.append(
            Issue(
                "note",
                "unclaimed-info",
                capture.url,
                f"{layout.info.unclaimed[:80]!r} in {layout.info.text[:160]!r}",
                capture.proof,
            )
        )
    section = layout.section
    captions = tuple(image.caption for image in images)
    names = tuple(attachment.name for attachment in attachments)
    return Reading(
        Article(
            id=article_id(profile.name, capture.url),
            url=capture.url,
            title=layout.title,
            date=date,
            source=layout.source,
            author=layout.author,
            section=section,
            breadcrumb=layout.breadcrumb.steps if layout.breadcrumb else (),
            info_line=layout.info.text if layout.info else None,
            body=body,
            images=tuple(images),
            attachments=tuple(attachments),
            content_sha256=content_digest(
                layout.title, date, layout.source, layout.author, section, body, captions, names
            ),
            captured_at=capture.captured_at,
            origin=capture.origin,
            captures=tuple(page.capture.proof for page in pages),
            encoding=first.encoding.name,
            reader=reader(profile),
        ),
        tuple(issues),
    )


def _broken_structure(page: Page) -> str | None:
    """What inside a body says that its bounds were not found: a second breadcrumb, info line or menu with links."""
    assert page.layout is not None
    names = page.profile.section_names
    menu = [line.text for line in page.layout.body.lines if line.linked and line.text in names]
    if len(menu) >= 4:
        return f"a menu inside the body: {' '.join(menu[:6])}"
    words = words_of(page.profile)
    for line in page.layout.body.lines:
        if line.linked and len(line.anchors) >= 2 and words.breadcrumb.match(line.text):
            return f"a second breadcrumb inside the body: {line.text[:80]!r}"
    return None


def read_bytes(
    payload: bytes, content_type: str | None = None, url: str | None = None, profile: str = "gdfupin"
) -> dict[str, object]:
    """What a reader finds in the bytes of one article page; the door for measuring.

    `profile` is a bundled name or the path of a file. Answers also for a page that a crawl would refuse: what was not
    found is None, `body` then the empty string, and `issues` says what was noted.
    """
    known = load(profile)
    text, encoding = decode(payload, content_type)
    doc = parse(text)
    layout = overrides.read(doc, words_of(known), known)
    url = url or "http://localhost/"
    lines = layout.body.lines
    capture = Capture(url, "1970-01-01T00:00:00Z", 200, (), b"", Proof("", 0, ""))
    issues = _decode_notes(capture, encoding)
    issues += tuple(overrides.notes(layout, capture, known))
    if layout.date is not None and layout.date.problem:
        issues += (Issue("note", "impossible-date", url, layout.date.problem),)
    return {
        "title": layout.title,
        "date": layout.date.day if layout.date else None,
        "source": layout.source,
        "author": layout.author,
        "section": layout.section,
        "breadcrumb": list(layout.breadcrumb.steps) if layout.breadcrumb else [],
        "info_line": layout.info.text if layout.info else None,
        "body": "\n".join(bodies.paragraphs(lines)),
        "images": [
            {"url": image.url, "caption": image.caption} for image in media.images(doc, lines, url, encoding.name)
        ],
        "attachments": [
            {"url": file.url, "name": file.name} for file in media.attachments(lines, doc, url, encoding.name)
        ],
        "encoding": encoding.name,
        "issues": [{"level": issue.level, "what": issue.what, "evidence": issue.evidence} for issue in issues],
    }
