"""The site at one epoch, and what an observer must find to have changed between two."""

import functools
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin

from .content import SECTIONS
from .events import DAYS, REDESIGN, happened
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
"""What a markup is replaced by when the site is redesigned."""


@functools.cache
def site(markup: str, epoch: int = 0, extras: tuple[tuple[str, str], ...] = ()) -> Renderer:
    """The site that began in `markup`, at one epoch."""
    renderer = RENDERERS[markup if epoch < REDESIGN else _NEXT[markup]]
    return renderer(SiteState(SectionLists(happened(epoch)), DAYS[epoch], extras))


def truth(markup: str, base: str = BASE, epoch: int = 0) -> list[Truth]:
    """Every article that the site has in that markup at that epoch, by running number."""
    return records(site(markup, epoch), base)


def listings(markup: str, base: str = BASE, epoch: int = 0) -> list[str]:
    """Addresses of every listing page, section by section, page by page."""
    renderer = site(markup, epoch)
    return [
        urljoin(base, renderer.listing_at(section, page))
        for section in SECTIONS
        for page in range(1, renderer.section_lists.pages(section, renderer.per_page) + 1)
    ]


@dataclass(frozen=True)
class Change:
    """One article that is not what or where it was. An article may be moved and edited at once: two changes."""

    kind: Literal["added", "edited", "moved", "gone", "reappeared"]
    number: int
    """The site's running number, to find the article by in either truth."""
    url: str
    """Its address at the later epoch; at the earlier one where it is gone."""
    title: str
    fields: tuple[str, ...] = ()
    """What was edited, in the words of the content digest, without the section."""


def changes(markup: str, before: int, after: int, base: str = BASE) -> list[Change]:
    """What an observer who saw all epochs up to `before` finds at `after`, by running number."""
    old = {record.number: record for record in truth(markup, base, before)}
    new = {record.number: record for record in truth(markup, base, after)}
    seen = {story.number for epoch in range(before) for story in happened(epoch)}
    found: list[Change] = []
    for number in sorted(old.keys() | new.keys()):
        then, now = old.get(number), new.get(number)
        if now is None:
            assert then is not None
            found.append(Change("gone", number, then.url, then.title))
        elif then is None:
            found.append(Change("reappeared" if number in seen else "added", number, now.url, now.title))
        else:
            if fields := _edited(then, now):
                found.append(Change("edited", number, now.url, now.title, fields))
            if then.urls != now.urls or then.section != now.section:
                found.append(Change("moved", number, now.url, now.title))
    return found


def _edited(then: Truth, now: Truth) -> tuple[str, ...]:
    """Names of the fields whose content differs; addresses of files are no content."""

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
