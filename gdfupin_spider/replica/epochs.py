"""The site at one epoch, and the changes that an observer must find between two epochs."""

import functools
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from .content import SECTIONS
from .events import DAYS, REDESIGN, happened, is_in_extract
from .markups import RENDERERS
from .markups.renderer import Renderer, SiteState
from .section_lists import SectionLists
from .truth import BASE, Truth, records

_NEXT = {
    "asp-tables": "static-cms",
    "static-cms": "shtml",
    "frames": "aspnet",
    "aspnet": "static-cms",
    "shtml": "asp-tables",
}
"""The markup after the redesign."""


@functools.cache
def site(markup: str, epoch: int = 0, extras: tuple[tuple[str, str], ...] = (), *, extract: bool = False) -> Renderer:
    """The site that started in `markup`, at one epoch. `extract`: a third of its articles, all that are special among them."""
    renderer = RENDERERS[markup if epoch < REDESIGN else _NEXT[markup]]
    stories = tuple(story for story in happened(epoch) if not extract or is_in_extract(story))
    return renderer(SiteState(SectionLists(stories), DAYS[epoch], extras))


def truth(markup: str, base: str = BASE, epoch: int = 0, *, extract: bool = False) -> list[Truth]:
    """Every article of the site at that epoch, by running number."""
    return records(site(markup, epoch, extract=extract), base)


def listings(markup: str, base: str = BASE, epoch: int = 0) -> list[str]:
    """URLs of all listing pages, by section and page."""
    renderer = site(markup, epoch)
    return [
        urljoin(base, renderer.listing_at(section, page))
        for section in SECTIONS
        for page in range(1, renderer.section_lists.pages(section, renderer.per_page) + 1)
    ]


@dataclass(frozen=True)
class ExpectedChange:
    """One changed article. An article that was moved and edited has two changes."""

    kind: Literal["added", "edited", "moved", "gone", "reappeared"]
    number: int
    """Running number on the site, the key in either truth."""
    url: str
    """URL at the later epoch; for `gone` at the earlier one."""
    title: str
    fields: tuple[str, ...] = ()
    """Edited fields, named as in the content digest, without the section."""


def changes(markup: str, before: int, after: int, base: str = BASE, *, extract: bool = False) -> list[ExpectedChange]:
    """The changes that an observer of all epochs up to `before` finds at `after`, by running number."""
    old = {record.number: record for record in truth(markup, base, before, extract=extract)}
    new = {record.number: record for record in truth(markup, base, after, extract=extract)}
    seen = {story.number for epoch in range(before) for story in happened(epoch)}
    found: list[ExpectedChange] = []
    for number in sorted(old.keys() | new.keys()):
        then, now = old.get(number), new.get(number)
        if now is None:
            assert then is not None
            found.append(ExpectedChange("gone", number, then.url, then.title))
        elif then is None:
            found.append(ExpectedChange("reappeared" if number in seen else "added", number, now.url, now.title))
        else:
            if fields := _edited(then, now):
                found.append(ExpectedChange("edited", number, now.url, now.title, fields))
            if then.urls != now.urls or then.section != now.section:
                found.append(ExpectedChange("moved", number, now.url, now.title))
    return found


def _edited(then: Truth, now: Truth) -> tuple[str, ...]:
    """Names of the fields whose content differs; URLs of files are not content."""

    def content(record: Truth) -> dict[str, object]:
        return {
            "title": record.title,
            "date": record.date,
            "source": record.source,
            "author": record.author,
            "body": record.body,
            "captions": [image.caption for image in record.images],
            "attachment names": [file.name for file in record.attachments],
        }

    return tuple(name for name, value in content(then).items() if value != content(now)[name])
