"""The interface of a markup, and the table of its pages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

from ..body_styles import esc
from ..content import SECTIONS
from ..page_template import LOGIN, SITEMAP, STATIC_PAGES, StaticPage
from ..section_lists import SectionLists
from ..story import Story

SESSION = "00SESSION00"
"""Placeholder of a session id in printed addresses; the server replaces it."""
VISITS = "00VISITS00"
"""Placeholder of the visitor counter."""
CLOCK = "00CLOCK00"
"""Placeholder of the time of day."""
HOST = "00HOST00"
"""Placeholder of the requested host in absolute links."""


@dataclass(frozen=True)
class ServedPage:
    """One page of the site, rendered on request."""

    write: Callable[[], str]
    changed: date
    """Day of its last change."""


@dataclass(frozen=True)
class SiteState:
    """The content that a markup renders."""

    section_lists: SectionLists
    day: date
    """Day of the epoch, on which home page and listings last changed."""
    extras: tuple[tuple[str, str], ...] = ()
    """Text and address of links to crawler traps, printed on every listing page."""


class Renderer(ABC):
    """One markup: addresses, labels, and text around the content. Addresses are origin-form (`/list.asp?ClassID=3`)."""

    about: ClassVar[str]
    """Description in one line."""
    encoding: ClassVar[str]
    """Python's name of the real encoding; a page may declare another one."""
    content_type: ClassVar[str] = "text/html"
    per_page: ClassVar[int] = 15
    splits: ClassVar[bool] = False
    """True if long articles are split over pages."""
    folds_case: ClassVar[bool] = False
    """True if the server ignores the case of paths and query keys, like IIS."""
    sessions: ClassVar[frozenset[str]] = frozenset({"sid"})
    """Query keys of session ids."""

    def __init__(self, state: SiteState) -> None:
        self.section_lists = state.section_lists
        self.day = state.day
        self.extras = state.extras

    @abstractmethod
    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        """Address of a page of an article in a section, without session id."""

    @abstractmethod
    def listing_at(self, section: str, page: int = 1) -> str: ...

    @abstractmethod
    def static_page_at(self, static_page: StaticPage) -> str: ...

    @abstractmethod
    def file_at(self, file: str) -> str:
        """Address of a picture or attachment."""

    @abstractmethod
    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        """Steps of the breadcrumb as printed, without the home page."""

    @abstractmethod
    def byline(self, story: Story) -> str:
        """The byline as printed, with its runs of white space."""

    @abstractmethod
    def write_article(self, story: Story, section: str, part: int) -> str: ...

    @abstractmethod
    def write_listing(self, section: str, page: int) -> str: ...

    @abstractmethod
    def write_home(self) -> str: ...

    @abstractmethod
    def write_static_page(self, static_page: StaticPage) -> str: ...

    @abstractmethod
    def not_found(self) -> tuple[int, str]:
        """Status and page for an unknown address."""

    def encode(self, text: str) -> bytes:
        """The bytes of a page."""
        return text.encode(self.encoding, "xmlcharrefreplace")

    def aliases(self) -> Mapping[str, str]:
        """Alternative addresses, each with the address it stands for."""
        return {}

    def more(self) -> Iterator[tuple[str, ServedPage]]:
        """Pages that only this markup has: frames, channel pages."""
        yield from ()

    def parts(self, story: Story) -> int:
        """Number of pages of an article."""
        return len(story.parts()) if self.splits else 1

    def key(self, target: str) -> str:
        """Key of an address: without session id, query keys sorted, case folded if the server ignores it."""
        split = urlsplit(target)
        if self.folds_case:
            pairs = [(name.lower(), value) for name, value in parse_qsl(split.query, True, encoding="latin-1")]
            path = split.path.lower()
        else:
            pairs, path = parse_qsl(split.query, True, encoding="latin-1"), split.path
        kept = sorted(f"{name}={value}" for name, value in pairs if name.lower() not in self.sessions)
        return path.partition(";jsessionid=")[0] + ("?" + "&".join(kept) if kept else "")

    def pages_by_key(self) -> dict[str, ServedPage]:
        """All pages of the site by `key` of their address."""
        found: dict[str, ServedPage] = {self.key("/"): ServedPage(self.write_home, self.day)}
        for story in self.section_lists.stories:
            for section in story.sections:
                for part in range(1, self.parts(story) + 1):
                    write = partial(self.write_article, story, section, part)
                    found[self.key(self.article_at(story, section, part))] = ServedPage(
                        write, max(story.online, story.touched or story.online)
                    )
        for section in SECTIONS:
            for page in range(1, self.section_lists.pages(section, self.per_page) + 1):
                found[self.key(self.listing_at(section, page))] = ServedPage(
                    partial(self.write_listing, section, page), self.day
                )
        for static_page in (*STATIC_PAGES, SITEMAP, LOGIN):
            found[self.key(self.static_page_at(static_page))] = ServedPage(
                partial(self.write_static_page, static_page), date(2009, 2, 1)
            )
        for address, served in self.more():
            found[self.key(address)] = served
        for alias, address in self.aliases().items():
            found[self.key(alias)] = found[self.key(address)]
        return found


def padded(day: tuple[int, int, int] | None, mark: str = "-") -> str:
    """`2013-02-30`; empty without date."""
    return mark.join((f"{day[0]}", f"{day[1]:02}", f"{day[2]:02}")) if day else ""


def short(day: tuple[int, int, int] | None, mark: str = "-") -> str:
    """`2013-2-30`; empty without date."""
    return mark.join(map(str, day)) if day else ""


def labelled(pairs: list[tuple[str, str | None]], bare: bool, gap: str) -> str:
    """Labels with values, separated by `gap`. A label without value is omitted if the story is `bare`.

    >>> labelled([("时间:", "2021-1-13"), ("来源:", None)], bare=False, gap="  ")
    '时间:2021-1-13  来源:'
    """
    return gap.join(label + (value or "") for label, value in pairs if value or not bare)


def quoted(text: str) -> str:
    """Text escaped for a double-quoted attribute."""
    return esc(text).replace('"', "&quot;").replace("'", "&#39;")
