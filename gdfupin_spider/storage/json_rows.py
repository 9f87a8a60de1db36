"""Types of decoded JSON lines, for the loops over all lines of an archive, where a record for each would take too long.

The keys are the fields of the records in `items` (checked by tests/test_types.py). A row is a plain dictionary, as
`json.loads` returns it: its values are not checked. Who reads files of unknown origin uses `items.decode`.
"""

from typing import NotRequired, TypedDict

from ..items import Kind, Level, Origin, Outcome, content_digest


class ProofRow(TypedDict):
    """`items.Proof`."""

    warc: str
    offset: int
    payload_sha256: str


class ImageRow(TypedDict):
    """`items.Image`."""

    url: str
    caption: str | None


class AttachmentRow(TypedDict):
    """`items.Attachment`."""

    url: str
    name: str


class ContentRow(TypedDict):
    """The fields of an article that its content digest is made of."""

    title: str
    date: str | None
    source: str | None
    author: str | None
    section: str | None
    body: str
    images: list[ImageRow]
    attachments: list[AttachmentRow]


def digest_of(row: ContentRow) -> str:
    """The content digest of a row, computed: hex SHA-256. Raises KeyError and TypeError where a field is missing or odd."""
    captions = tuple(image["caption"] for image in row["images"])
    names = tuple(file["name"] for file in row["attachments"])
    return content_digest(
        row["title"], row["date"], row["source"], row["author"], row["section"], row["body"], captions, names
    )


class ArticleRow(ContentRow):
    """`items.Article`: a line of `articles.jsonl`."""

    id: str
    url: str
    breadcrumb: list[str]
    info_line: str | None
    content_sha256: str
    captured_at: str
    origin: Origin
    captures: list[ProofRow]
    encoding: str
    reader: str


class SightingRow(TypedDict):
    """`items.Sighting`: a line of `sightings.jsonl`."""

    id: str
    url: str
    outcome: Outcome
    captured_at: str
    origin: Origin
    capture: ProofRow
    etag: str | None
    last_modified: str | None
    same_as: str | None
    to: str | None


class PageRow(TypedDict):
    """`items.PageSeen`: a line of `pages.jsonl`."""

    url: str
    kind: Kind
    status: int
    section: str | None
    page_number: int | None
    printed_total: int | None
    printed_pages: int | None
    article_links: list[str]
    end: bool
    captured_at: str
    capture: ProofRow
    etag: str | None
    last_modified: str | None
    to: str | None
    next_page: str | None
    row_dates: NotRequired[list[str | None]]
    """Not in lines of version 0.1.0."""


class IssueRow(TypedDict):
    """`items.Issue`: a line of `issues.jsonl`."""

    level: Level
    what: str
    url: str
    evidence: str
    capture: NotRequired[ProofRow | None]
