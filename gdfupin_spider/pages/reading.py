"""From pages to a record: the article that one or several pages make, or why it is refused; and the door for measuring."""

from collections.abc import Sequence
from dataclasses import replace

from ..items import Article, Attachment, Capture, Image, Issue, Proof, Reading
from ..profiles import load
from .article import labels, media, overrides
from .dom.lines import parse
from .dom.tables import paragraphs
from .links.urls import article_id, identity_key
from .page import Page, decode_notes, reader
from .text.decode import decode
from .words import words_of


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
        text += paragraphs(body_lines)
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
    if layout.info and layout.info.unclaimed and layout.info.unclaimed != layout.source:
        issues.append(
            Issue(
                "note",
                "unclaimed-info",
                capture.url,
                f"{layout.info.unclaimed[:80]!r} in {layout.info.text[:160]!r}",
                capture.proof,
            )
        )
    if quoted := _quoted_landmarks(pages):
        issues.append(Issue("note", "landmark-in-text", capture.url, "; ".join(quoted)[:300], capture.proof))
    section = layout.section
    record = Article(
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
        content_sha256="",
        captured_at=capture.captured_at,
        origin=capture.origin,
        captures=tuple(page.capture.proof for page in pages),
        encoding=first.encoding.name,
        reader=reader(profile),
    )
    return Reading(replace(record, content_sha256=record.digest()), tuple(issues))


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
        if line.size <= 120 and (":" in line.text or "：" in line.text) and (info := labels.read(line.text, words)):
            day = info.date()
            if info.says("date") and day is not None and day.day and info.value("source"):
                return f"a second info line inside the body: {line.text[:80]!r}"
    return None


def _quoted_landmarks(pages: Sequence[Page]) -> list[str]:
    """Lines of the body that begin as a landmark does, and are text all the same: three of them, for somebody to look."""
    words = words_of(pages[0].profile)
    found = []
    for page in pages:
        for line in page.layout.body.lines if page.layout else ():
            ends = words.own_end is not None and words.own_end.match(line.text)
            if ends or ((match := words.breadcrumb.match(line.text)) and match["colon"]):
                found.append(repr(line.text[:60]))
            elif line.size <= labels.LONGEST and (":" in line.text or "：" in line.text):
                info = labels.read(line.text, words)
                if info is not None and info.claims and info.claims[0][0] in ("date", "source"):
                    found.append(repr(line.text[:60]))
    return found[:3]


def read_bytes(
    payload: bytes, content_type: str | None = None, url: str | None = None, profile: str = "gdfupin"
) -> dict[str, object]:
    """What a reader finds in the bytes of one article page; the door for measuring.

    `profile` is a bundled name or the path of a file. Answers also for a page that a crawl would refuse: what was not
    found is None, `body` then the empty string, and `issues` says what was noted.
    """
    known, url = load(profile), url or "http://localhost/"
    text, encoding = decode(payload, content_type)
    doc = parse(text)
    layout = overrides.read(doc, words_of(known), known)
    lines = layout.body.lines
    capture = Capture(url, "1970-01-01T00:00:00Z", 200, (), b"", Proof("", 0, ""))
    issues = decode_notes(capture, encoding)
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
        "body": "\n".join(paragraphs(lines)),
        "images": [
            {"url": image.url, "caption": image.caption} for image in media.images(doc, lines, url, encoding.name)
        ],
        "attachments": [
            {"url": file.url, "name": file.name} for file in media.attachments(lines, doc, url, encoding.name)
        ],
        "encoding": encoding.name,
        "issues": [{"level": issue.level, "what": issue.what, "evidence": issue.evidence} for issue in issues],
    }
