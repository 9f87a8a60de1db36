"""The records that a reader must make of the replica, computed from its content and never from its HTML."""

from dataclasses import dataclass
from urllib.parse import urljoin

from ..items import Attachment, Image, content_digest
from .markups.renderer import Renderer
from .story import Story, fold

BASE = "http://www.gdfupin.org.cn/"


@dataclass(frozen=True)
class Address:
    """One URL of an article, with what depends on it."""

    url: str
    """Absolute URL of the first page, without session id."""
    section: str
    breadcrumb: tuple[str, ...]
    parts: tuple[str, ...]
    """URLs of all pages in order, including the first."""


@dataclass(frozen=True)
class Truth:
    """One article. A crawl may report it under any one of its URLs."""

    number: int
    """Running number on the site, the same in every markup and epoch."""
    case: str | None
    """Its awkward property; None for an ordinary story."""
    addresses: tuple[Address, ...]
    """Its URLs, the one of its own section first."""
    title: str
    date: str | None
    source: str | None
    author: str | None
    info_line: str
    body: str
    images: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    encoding: str

    @property
    def url(self) -> str:
        return self.addresses[0].url

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(address.url for address in self.addresses)

    @property
    def section(self) -> str:
        return self.addresses[0].section

    @property
    def breadcrumb(self) -> tuple[str, ...]:
        return self.addresses[0].breadcrumb

    @property
    def pages(self) -> int:
        """Number of its pages."""
        return len(self.addresses[0].parts)

    def content_sha256(self, section: str | None = None) -> str:
        """The content digest for the URL in `section` (default: its own section)."""
        return content_digest(
            self.title, self.date, self.source, self.author, section or self.section, self.body,
            tuple(image.caption for image in self.images), tuple(file.name for file in self.attachments),
        )  # fmt: skip


def records(renderer: Renderer, base: str) -> list[Truth]:
    """The articles of a site, by running number."""
    return [_record(story, renderer, base) for story in renderer.section_lists.stories]


def _record(story: Story, renderer: Renderer, base: str) -> Truth:
    addresses = tuple(
        Address(
            url=urljoin(base, renderer.article_at(story, section)),
            section=section,
            breadcrumb=renderer.breadcrumb(story, section),
            parts=tuple(
                urljoin(base, renderer.article_at(story, section, n + 1)) for n in range(renderer.parts(story))
            ),
        )
        for section in story.sections
    )
    return Truth(
        number=story.number,
        case=story.case,
        addresses=addresses,
        title=story.heading,
        date=story.date,
        source=story.source,
        author=story.author,
        info_line=fold(renderer.byline(story)),
        body=story.body,
        images=tuple(
            Image(urljoin(base, renderer.file_at(picture.file)), fold(picture.caption) if picture.caption else None)
            for picture in story.pictures
        ),
        attachments=tuple(
            Attachment(urljoin(base, renderer.file_at(file.file)), fold(file.name)) for file in story.files
        ),
        encoding=renderer.encoding,
    )
