"""One page as a person sees it who decides: what it prints, and the candidates of each field with what speaks for them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ... import deadline, pages, warc
from ...catalog import Catalog
from ...catalog.admitted import article_of
from ...catalog.decisions import Decisions, key_of
from ...errors import ArchiveError
from ...items import Capture, Proof
from ...messages.text import N_
from ...pages import Page, identity_key
from ...profiles import Profile, with_layouts
from ...profiles.layouts import NONE
from ...storage.line_file import line_at, lines
from ...storage.reviews import FIELDS, PAGE
from .open_items import ReviewItem

AROUND = 3
"""Lines that are shown before and after title, beginning and end of the body."""
ROWS = 2
"""Listings whose row of a page is read."""
FIRST = 60
"""Lines that are shown of a page without title and body."""


@dataclass(frozen=True, slots=True)
class FieldCandidate:
    """A possible value of a field."""

    value: str | None
    """Null: the page has none."""
    evidence: tuple[str, ...]
    """What gives this value."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line that the page prints."""

    number: int
    role: str
    """breadcrumb, title, info, body, or empty."""
    text: str


@dataclass(frozen=True, slots=True)
class PageView:
    """A page with its candidates."""

    item: ReviewItem
    kind: str
    why: str
    """The reason of its kind, as a sentence."""
    reader: str
    lines: tuple[PrintedLine, ...]
    """All lines that the page prints."""
    around: tuple[int, ...]
    """Numbers of the lines near title and body."""
    read: Mapping[str, str | None]
    """By field: the value of the current reader, without decisions."""
    current: Mapping[str, str | None]
    """By field: the value that holds now."""
    candidates: Mapping[str, tuple[FieldCandidate, ...]]
    """By field: possible values, the current one first."""
    others: tuple[tuple[str, Proof], ...] = ()
    """Of an article: key and first capture of each other payload that it had."""


@dataclass(frozen=True, slots=True)
class _ListingRow:
    listing: str
    title: str
    date: str | None
    section: str | None


def view_of(output: Path, catalog: Catalog, decisions: Decisions, profile: Profile, item: ReviewItem) -> PageView:
    """Raises ArchiveError where its capture cannot be read."""
    return next(views_of(output, catalog, decisions, profile, [item]))


def views_of(
    output: Path, catalog: Catalog, decisions: Decisions, profile: Profile, items: Sequence[ReviewItem]
) -> Iterator[PageView]:
    """The pages in their order. Raises ArchiveError where a capture cannot be read."""
    rows = _rows(output, catalog, profile, {identity_key(item.url) for item in items})
    for item in items:
        capture = warc.read_at(output / "crawls" / item.capture.warc, item.capture.offset)
        view = _view(catalog, decisions, profile, item, capture, rows.get(identity_key(item.url), []))
        yield replace(view, others=tuple(_other_payloads(output, catalog, item))) if item.record is not None else view


def _other_payloads(output: Path, catalog: Catalog, item: ReviewItem) -> Iterator[tuple[str, Proof]]:
    known = {item.payload_sha256}
    for place in catalog.lines_of(item.id):
        line = line_at(output / place.folder / "articles.jsonl", place.offset)
        if (key := key_of(line)) not in known:
            known.add(key)
            yield key, Proof(**line["captures"][0])


def _view(
    catalog: Catalog,
    decisions: Decisions,
    profile: Profile,
    item: ReviewItem,
    capture: Capture,
    rows: Iterable[_ListingRow],
) -> PageView:
    page = deadline.read(capture, profile)
    read = _read_values(item, page, profile)
    decided = decisions.of(item.payload_sha256)
    current = {name: decided[name].value if name in decided else read[name] for name in FIELDS}
    found: dict[str, dict[str | None, list[str]]] = {name: {} for name in FIELDS}

    def add(name: str, value: str | None, evidence: str) -> None:
        found[name].setdefault(value, []).append(evidence)

    layout = page.structure.layout if page.structure else None
    reader = pages.reader(profile)
    by = (
        N_("read by {reader}, layout {layout}", reader=reader, layout=layout)
        if layout
        else N_("read by {reader}", reader=reader)
    )
    for name in FIELDS:
        if name in decided:
            review = decided[name]
            note = N_("decided by {reviewer} on {day}", reviewer=review.reviewer, day=review.reviewed_at[:10])
            add(name, review.value, note)
        add(name, read[name], by)
    if layout:
        alone = _page_values(deadline.read(capture, with_layouts(profile, NONE)), profile)
        for name, value in alone.items():
            if value is not None and (name != "body" or _is_single(item)):
                add(name, value, N_("the page alone gives it"))
    for row in rows:
        where = N_("the row of {url}", url=row.listing)
        if row.title:
            add("title", row.title, where)
        if row.date:
            add("date", row.date, where)
        if row.section:
            add("section", row.section, N_("the listing {url} is of this section", url=row.listing))
    if page.doc.title:
        add("title", page.doc.title, "`<title>`")
    state = catalog.article(item.id)
    for section in state.sections if state else ():
        add("section", section, N_("a listing of this section links to it"))
    for review in decisions.all():
        if review.id == item.id and review.payload_sha256 != item.payload_sha256 and review.field != PAGE:
            note = N_(
                "decided by {reviewer} on {day} for an earlier payload",
                reviewer=review.reviewer,
                day=review.reviewed_at[:10],
            )
            add(review.field, review.value, note)
    candidates = {
        name: tuple(
            FieldCandidate(value, tuple(dict.fromkeys(evidence)))
            for value, evidence in sorted(values.items(), key=lambda pair: pair[0] != current[name])
        )
        for name, values in found.items()
    }
    roles = _roles(page)
    printed = tuple(
        PrintedLine(line.index, line.role or roles.get(line.index, ""), line.text)
        for line in page.doc.lines
        if line.text
    )
    return PageView(item, page.kind, page.why, reader, printed, tuple(_around(page)), read, current, candidates)


def _read_values(item: ReviewItem, page: Page, profile: Profile) -> dict[str, str | None]:
    if item.record is not None and not item.held_back:
        return {name: None if item.record.get(name) is None else str(item.record[name]) for name in FIELDS}
    return _page_values(page, profile)


def _page_values(page: Page, profile: Profile) -> dict[str, str | None]:
    """The values of a page, whether it is an article or not; null where it has none."""
    article = article_of(page.capture, profile)
    if article is not None:
        return {name: getattr(article, name) for name in FIELDS}
    structure = page.structure
    if structure is None:
        return dict.fromkeys(FIELDS)
    body = "\n".join(line.text for line in structure.body.lines if line.text)
    return {
        "title": structure.title,
        "date": structure.date.day if structure.date else None,
        "source": structure.source,
        "author": structure.author,
        "section": structure.section,
        "body": body or None,
    }


def _is_single(item: ReviewItem) -> bool:
    """Whether the article is on one page, so that this page has its whole body."""
    captures = item.record.get("captures") if item.record is not None else None
    return not isinstance(captures, list) or len(captures) == 1


def _roles(page: Page) -> dict[int, str]:
    """By number of the line: its role if the page is an article; reading sets roles on articles only."""
    structure = page.structure
    if structure is None:
        return {}
    body = {line.index: "body" for line in structure.body.lines}
    return body | dict.fromkeys(structure.title_lines, "title")


def _around(page: Page) -> Iterator[int]:
    """Numbers of the lines near the title, and at the beginning and the end of the body."""
    structure, last = page.structure, len(page.doc.lines)
    marks: list[int] = list(structure.title_lines) if structure else []
    if structure and structure.body.lines:
        marks += [structure.body.lines[0].index, structure.body.lines[-1].index]
    if not marks:
        yield from range(min(FIRST, last))
        return
    yield from sorted({n for mark in marks for n in range(mark - AROUND, mark + AROUND + 1) if 0 <= n < last})


def _rows(output: Path, catalog: Catalog, profile: Profile, wanted: set[str]) -> dict[str, list[_ListingRow]]:
    """By identity key: the rows of listings that lead to these pages, of at most ROWS listings each, newest crawls first."""
    listings: dict[str, list[Proof]] = {}
    for folded in reversed(catalog.folded()):
        for _, page in lines(output / folded.folder / "pages.jsonl", lambda damage: None):
            if page.get("kind") != "listing":
                continue
            for url in page.get("article_links", ()):
                known = listings.setdefault(key, []) if (key := identity_key(url)) in wanted else None
                if known is not None and len(known) < ROWS:
                    known.append(Proof(**page["capture"]))
    by_listing: dict[Proof, set[str]] = {}
    for key, proofs in listings.items():
        for proof in proofs:
            by_listing.setdefault(proof, set()).add(key)
    found: dict[str, list[_ListingRow]] = {}
    for proof, keys in by_listing.items():
        try:
            listing = deadline.read(warc.read_at(output / "crawls" / proof.warc, proof.offset), profile)
        except ArchiveError:
            continue
        for row in listing.rows:
            if (key := identity_key(row.url)) in keys:
                title = row.title or row.text
                found.setdefault(key, []).append(_ListingRow(listing.capture.url, title, row.date, listing.section))
    return found
