"""From the pages of an article to its record, or the reason why it is refused; and the functions of the Python API."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..items import Article, Attachment, Capture, Image, Issue, Proof, Reading, content_digest
from ..messages.text import N_, SEMICOLON, joined, shortened
from ..profiles import Profile, load
from .article import labels, media, overrides
from .dom.lines import parse
from .dom.tables import paragraphs
from .links.urls import article_id, identity_key
from .page import Page, decoding_notes, read
from .reader_id import reader
from .text.decode import decode
from .words import words_of

_LONG = 20
"""Characters of a paragraph that two pages of an article do not have by accident."""
UNKNOWN_TIME = "1970-01-01T00:00:00Z"
"""Capture time of a payload that was given without one."""


def next_part(pages: Sequence[Page]) -> str | None:
    """URL of the next page of an article, given the pages read so far in page order. None at its end, after 100
    pages, or if the URL was read already."""
    if not pages or len(pages) >= 100:
        return None
    following = pages[-1].next_part
    seen = {identity_key(page.capture.url) for page in pages}
    return following if following and identity_key(following) not in seen else None


def article(pages: Sequence[Page]) -> Reading:
    """The record of an article, given its pages in order. The first page decides all fields except body, images and
    attachments."""
    first = pages[0]
    capture, profile, structure = first.capture, first.profile, first.structure
    issues = [issue for page in pages for issue in page.issues]

    def refuse(what: str, evidence: str) -> Reading:
        return Reading(None, (*issues, Issue("refusal", what, capture.url, shortened(evidence, 300), capture.proof)))

    if structure is None or structure.title is None:
        return refuse(
            "no-title",
            N_("no line above the info line can be the title")
            if structure and structure.byline
            else N_("no info line and no title found"),
        )
    text: list[str] = []
    images: list[Image] = []
    attachments: list[Attachment] = []
    begun: set[str] = set()  # long paragraphs of the first page that has any
    for page in pages:
        if page.structure is None:
            continue
        body_lines = page.structure.body.lines
        own = paragraphs(body_lines)
        if page is not first and begun and begun <= set(own):
            continue  # page 2 of the comments below an article prints the text of the article again
        begun = begun or {paragraph for paragraph in own if len(paragraph) >= _LONG}
        text += own
        images += media.images(page.doc, body_lines, page.capture.url, page.encoding.name)
        attachments += media.attachments(body_lines, page.doc, page.capture.url, page.encoding.name)
    body = "\n".join(text)
    images = list({image.url: image for image in images}.values())
    attachments = list({attachment.url: attachment for attachment in attachments}.values())
    if not body and not images and not attachments:
        return refuse(
            "no-body",
            N_("neither text nor picture nor file behind {line!r}", line=structure.byline.text[:80])
            if structure.byline
            else N_("no text behind the title"),
        )
    if defect := _broken_structure(first):
        return refuse("no-structure", defect)
    date = structure.date.day if structure.date else None
    issues += overrides.notes(structure, capture, profile)
    issues += (
        Issue("note", what, capture.url, shortened(evidence, 300), capture.proof) for what, evidence in structure.doubts
    )
    if structure.date is not None and structure.date.problem:
        issues.append(Issue("note", "impossible-date", capture.url, structure.date.problem, capture.proof))
    if structure.byline and structure.byline.unclaimed and structure.byline.unclaimed != structure.source:
        unclaimed, line = structure.byline.unclaimed[:80], structure.byline.text[:160]
        text_of_note = N_("{words!r} in {line!r}", words=unclaimed, line=line)
        issues.append(Issue("note", "unclaimed-info", capture.url, text_of_note, capture.proof))
    if quoted := _quoted_landmarks(pages):
        issues.append(
            Issue("note", "landmark-in-text", capture.url, shortened(joined(quoted, SEMICOLON), 300), capture.proof)
        )
    section = structure.section
    captions, names = tuple(image.caption for image in images), tuple(file.name for file in attachments)
    record = Article(
        id=article_id(profile.name, capture.url),
        url=capture.url,
        title=structure.title,
        date=date,
        source=structure.source,
        author=structure.author,
        section=section,
        breadcrumb=structure.breadcrumb.steps if structure.breadcrumb else (),
        info_line=structure.byline.text if structure.byline else None,
        body=body,
        images=tuple(images),
        attachments=tuple(attachments),
        content_sha256=content_digest(
            structure.title, date, structure.source, structure.author, section, body, captions, names
        ),
        captured_at=capture.captured_at,
        origin=capture.origin,
        captures=tuple(page.capture.proof for page in pages),
        encoding=first.encoding.name,
        reader=reader(profile),
    )
    return Reading(record, tuple(issues))


def _broken_structure(page: Page) -> str | None:
    """Evidence inside the body that its bounds are wrong: a menu, or a second breadcrumb or byline. None without such
    evidence."""
    assert page.structure is not None
    names = page.profile.section_names
    menu = [line.text for line in page.structure.body.lines if line.linked and line.text in names]
    if len(menu) >= 4:
        return N_("a menu inside the body: {menu}", menu=" ".join(menu[:6]))
    words = words_of(page.profile)
    for line in page.structure.body.lines:
        if line.linked and len(line.anchors) >= 2 and words.breadcrumb.match(line.text):
            return N_("a second breadcrumb inside the body: {line!r}", line=line.text[:80])
        if (
            line.size <= 120
            and (":" in line.text or "：" in line.text)
            and (byline := labels.read_labels(line.text, words))
        ):
            day = byline.date()
            if byline.has_label("date") and day is not None and day.day and byline.value("source"):
                return N_("a second info line inside the body: {line!r}", line=line.text[:80])
    return None


def _quoted_landmarks(pages: Sequence[Page]) -> list[str]:
    """Up to three lines of the body that begin like a landmark but were read as text, for a note."""
    words = words_of(pages[0].profile)
    found = []
    for page in pages:
        for line in page.structure.body.lines if page.structure else ():
            ends = words.own_end is not None and words.own_end.match(line.text)
            match = words.breadcrumb.match(line.text) if words.may_be_breadcrumb(line.text) else None
            if ends or (match and match["colon"]):
                found.append(N_("{value!r}", value=line.text[:60]))
            elif line.size <= labels.LONGEST and (":" in line.text or "：" in line.text):
                byline = labels.read_labels(line.text, words)
                if byline is not None and byline.pairs and byline.pairs[0].field in ("date", "source"):
                    found.append(N_("{value!r}", value=line.text[:60]))
    return found[:3]


def read_article(
    payload: bytes,
    content_type: str | None = None,
    url: str | None = None,
    profile: str | Path | Profile = "gdfupin",
) -> dict[str, object]:
    """The fields of one article page, given its payload alone, as JSON values.

    `payload`: the body as received. `content_type`: the Content-Type header, for its charset; the payload decides where
    they disagree. `url`: makes addresses of pictures and files absolute. `profile`: a bundled name or the path of a TOML
    file. Also returns fields of pages that a crawl would refuse (`read_page` tells the kind): a missing field is None, a
    missing body is the empty string. Raises ProfileError.

    There is no deadline: the time grows with the page (some 5 seconds for 10 MB, a page within the bounds of SECURITY.md), and an
    expression of a profile's `overrides` may take for ever. For pages or profiles of strangers use `gdfupin read`, which has one.

    >>> page = "<h1>省扶贫办召开会议</h1><p>加入时间:2021-1-13 来源:南方日报</p><p>会议总结了全年的工作。</p>"
    >>> article = read_article(page.encode("gb18030"), "text/html; charset=gb2312")
    >>> article["title"], article["date"], article["source"]
    ('省扶贫办召开会议', '2021-01-13', '南方日报')
    """
    known, url = profile if isinstance(profile, Profile) else load(profile), url or "http://localhost/"
    text, encoding = decode(payload, content_type)
    doc = parse(text)
    structure = overrides.read_with_overrides(doc, words_of(known), known)
    lines = structure.body.lines
    capture = Capture(url, UNKNOWN_TIME, 200, (), b"", Proof("", 0, ""))
    issues = decoding_notes(capture, encoding)
    issues += tuple(overrides.notes(structure, capture, known))
    if structure.date is not None and structure.date.problem:
        issues += (Issue("note", "impossible-date", url, structure.date.problem),)
    return {
        "title": structure.title,
        "date": structure.date.day if structure.date else None,
        "source": structure.source,
        "author": structure.author,
        "section": structure.section,
        "breadcrumb": list(structure.breadcrumb.steps) if structure.breadcrumb else [],
        "info_line": structure.byline.text if structure.byline else None,
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


def read_page(
    payload: bytes,
    url: str,
    *,
    status: int = 200,
    headers: Sequence[tuple[str, str]] = (),
    profile: str | Path | Profile = "gdfupin",
) -> Page:
    """One response, read: its kind and why, links, listing rows, next page; and the article where it is one.

    `payload`: the body as received. `url`: the address that was requested. `headers`: names and values of the response;
    Content-Type, Content-Encoding and Location are used. `profile`: a bundled name or the path of a TOML file. An odd page
    never raises, it has the kind `unknown`; ProfileError is raised. There is no deadline: see `read_article`.

    >>> page = read_page("<p>该文章不存在</p>".encode(), "http://www.gdfupin.org.cn/show.asp?id=7")
    >>> page.kind, page.article
    ('gone', None)
    """
    known = profile if isinstance(profile, Profile) else load(profile)
    proof = Proof("", 0, hashlib.sha256(payload).hexdigest())
    page = read(Capture(url, UNKNOWN_TIME, status, tuple(headers), payload, proof), known)
    if page.kind != "article":
        return page
    reading = article((page,))
    return replace(page, article=reading.article, issues=reading.issues)
