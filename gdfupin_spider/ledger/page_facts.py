"""What is asked of a page once it is read: for the verdict on it, and for the counts of the report.

A parsed page stays in the process that read it, since it cannot be sent cheaply. Its facts can: they have no markup and no
payload, so that several processes read pages and one judges and writes them, in capture order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from ..items import Capture, Issue, Kind, PageSeen, Reading
from ..pages import Page
from ..pages.text.compared import plain, without_digits
from .articles import extract
from .boilerplate import number_of, printed_keys

FORWARD_SIZE = 80
"""Characters of a page with a refresh from which it has text of its own."""


class RowFacts(NamedTuple):
    """A row of a listing or home page."""

    url: str
    text: str
    title: str | None


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The facts of one page. They can be pickled."""

    capture: Capture
    """Without its payload."""
    kind: Kind
    why: str
    is_part: bool
    """Whether it is page 2 or later of an article."""
    to: str | None
    forward: str | None
    """Where a page without text of its own leads by a refresh or a script."""
    frames: tuple[str, ...]
    """URLs of its frames."""
    issues: tuple[Issue, ...]
    rows: tuple[RowFacts, ...]
    """Of a listing or home page."""
    seen: PageSeen
    """Its line, if it is not an article."""
    reading: Reading | None
    """Of an article: what its pages gave. None for other pages."""
    layout: Literal["fits", "differs", "misfit"] | None
    """How the layouts of the site fit; None where the parts of an article were not looked for."""
    own_text: int | None
    """A hash of the text of a page that was not understood; None for other pages."""
    printed: frozenset[int]
    """Keys of the lines that a listing or home page prints."""


def facts_of(page: Page, further: Sequence[Page] = (), missing: str | None = None, *, read: bool = True) -> PageFacts:
    """The facts of a page. Of the first page of an article, `further` are its other pages, and `missing` is the URL of one
    that could not be fetched. `read`: False where the article is not asked for."""
    is_article = page.kind == "article" and page.first_part is None
    layout: Literal["fits", "differs", "misfit"] | None = None
    if page.structure is not None:
        layout = "misfit" if page.structure.layout is None else "differs" if page.structure.doubts else "fits"
    return PageFacts(
        capture=replace(page.capture, payload=b"", length=page.capture.size),
        kind=page.kind,
        why=page.why,
        is_part=page.first_part is not None,
        to=page.to,
        forward=forward(page),
        frames=tuple(link.url for link in page.links if link.role == "frame"),
        issues=page.issues,
        rows=tuple(RowFacts(row.url, row.text, row.title) for row in page.rows),
        seen=seen(page),
        reading=extract((page, *further), missing) if is_article and read else None,
        layout=layout,
        own_text=own_text(page),
        printed=printed_keys(page),
    )


def forward(page: Page) -> str | None:
    """Where a page without text of its own leads by a refresh or a script; None for any other page.

    As for a redirect, the first target counts; the others are links.
    """
    target = next((link.url for link in page.links if link.role == "refresh"), None)
    return target if target is not None and sum(line.size for line in page.lines) < FORWARD_SIZE else None


def seen(page: Page) -> PageSeen:
    """The line of a non-article page."""
    capture = page.capture
    return PageSeen(
        url=capture.url,
        kind=page.kind,
        status=capture.status,
        section=page.section,
        page_number=page.page_number,
        printed_total=page.printed_total,
        printed_pages=page.printed_pages,
        article_links=tuple(row.url for row in page.rows),
        end=page.is_last,
        captured_at=capture.captured_at,
        capture=capture.proof,
        etag=capture.header("etag"),
        last_modified=capture.header("last-modified"),
        to=page.to,
        next_page=page.next_page.url if page.next_page else None,
        row_dates=tuple(row.date for row in page.rows) if any(row.date for row in page.rows) else (),
    )


def is_unknown(page: Page) -> bool:
    """Whether a page has content that was not understood. Error statuses, messages, frames and empty pages are
    understood.

    `structure` is None where the kind was decided before the parts of an article were looked for.
    """
    if page.kind != "unknown" or page.capture.status != 200 or page.structure is None:
        return False
    return bool(page.lines) and not any(link.role in ("frame", "refresh") for link in page.links)


def own_text(page: Page) -> int | None:
    """A hash of the lines of a page that are not mostly links, without digits; None for a page that was understood."""
    if not is_unknown(page):
        return None
    lines = (line.text for line in page.lines if line.linked < 0.5 * line.size)
    return number_of(without_digits(plain("".join(lines))))
