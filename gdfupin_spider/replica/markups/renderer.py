"""What every markup must say about itself, and the table of pages that follows from it."""

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
"""Stands for a session id in the addresses a page prints; the server puts a fresh one in its place."""
VISITS = "00VISITS00"
"""Stands for the visitor counter."""
CLOCK = "00CLOCK00"
"""Stands for the time of day."""
HOST = "00HOST00"
"""Stands for the host the page was asked from, in absolute links."""


@dataclass(frozen=True)
class ServedPage:
    """One page of the site, written when it is asked for."""

    write: Callable[[], str]
    changed: date
    """The day it last changed."""


@dataclass(frozen=True)
class SiteState:
    """What a dress is put around."""

    section_lists: SectionLists
    day: date
    """The day of the epoch: home page and listings last changed on it."""
    extras: tuple[tuple[str, str], ...] = ()
    """Text and address of links that lead astray, printed on every page that lists something."""


class Renderer(ABC):
    """One markup: addresses, labels, words around the content. Addresses are origin-form (`/list.asp?ClassID=3`)."""

    about: ClassVar[str]
    """The markup in one line."""
    encoding: ClassVar[str]
    """What the bytes are, as Python names it; a page may declare something else."""
    content_type: ClassVar[str] = "text/html"
    per_page: ClassVar[int] = 15
    splits: ClassVar[bool] = False
    """Whether long articles are spread over pages."""
    folds_case: ClassVar[bool] = False
    """Whether the server ignores the case of paths and query keys, as IIS does."""
    sessions: ClassVar[frozenset[str]] = frozenset({"sid"})
    """Query keys that carry a session id."""

    def __init__(self, state: SiteState) -> None:
        self.section_lists = state.section_lists
        self.day = state.day
        self.extras = state.extras

    @abstractmethod
    def article_at(self, story: Story, section: str, part: int = 1) -> str:
        """Address of a page of an article as listed in a section, without session id."""

    @abstractmethod
    def listing_at(self, section: str, page: int = 1) -> str: ...

    @abstractmethod
    def static_page_at(self, static_page: StaticPage) -> str: ...

    @abstractmethod
    def file_at(self, file: str) -> str:
        """Address of a picture or attachment."""

    @abstractmethod
    def breadcrumb(self, story: Story, section: str) -> tuple[str, ...]:
        """The breadcrumb's steps as printed, the home page left out."""

    @abstractmethod
    def info(self, story: Story) -> str:
        """The line of date and source as printed, runs of white space as the page prints them."""

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
        """Status and page for an address that leads to nothing."""

    def encode(self, text: str) -> bytes:
        """A page's bytes."""
        return text.encode(self.encoding, "xmlcharrefreplace")

    def aliases(self) -> Mapping[str, str]:
        """Further addresses of pages, to the address they are known by."""
        return {}

    def more(self) -> Iterator[tuple[str, ServedPage]]:
        """Pages that only this markup has: frames, channel pages."""
        yield from ()

    def parts(self, story: Story) -> int:
        """Over how many pages an article goes."""
        return len(story.parts()) if self.splits else 1

    def key(self, target: str) -> str:
        """An address as the server knows it: no session id, keys in order, case folded where it does not count."""
        split = urlsplit(target)
        if self.folds_case:
            pairs = [(name.lower(), value) for name, value in parse_qsl(split.query, True, encoding="latin-1")]
            path = split.path.lower()
        else:
            pairs, path = parse_qsl(split.query, True, encoding="latin-1"), split.path
        kept = sorted(f"{name}={value}" for name, value in pairs if name.lower() not in self.sessions)
        return path.partition(";jsessionid=")[0] + ("?" + "&".join(kept) if kept else "")

    def pages_by_key(self) -> dict[str, ServedPage]:
        """Every page of the site by `key` of its address."""
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
    """`2013-02-30`; nothing where there is no date."""
    return mark.join((f"{day[0]}", f"{day[1]:02}", f"{day[2]:02}")) if day else ""


def short(day: tuple[int, int, int] | None, mark: str = "-") -> str:
    """`2013-2-30`; nothing where there is no date."""
    return mark.join(map(str, day)) if day else ""


def labelled(pairs: list[tuple[str, str | None]], bare: bool, gap: str) -> str:
    """Label and value after value, `gap` between. A label without value stays unless the story is `bare`.

    >>> labelled([("时间:", "2021-1-13"), ("来源:", None)], bare=False, gap="  ")
    '时间:2021-1-13  来源:'
    """
    return gap.join(label + (value or "") for label, value in pairs if value or not bare)


def quoted(text: str) -> str:
    """Text for a double-quoted attribute."""
    return esc(text).replace('"', "&quot;").replace("'", "&#39;")
