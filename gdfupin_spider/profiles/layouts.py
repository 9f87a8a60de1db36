"""Layouts: what the pages of one shape of a site have in common. Learned from captures, kept as one JSON file each.

A layout has the places of title, date and body on the pages of one address pattern, and the lines of their template. The
module holds the records and their files; `pages/layouts/` learns and applies them.
"""

import functools
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from .. import data_files
from ..errors import ArchiveError
from ..items import WrongShape, as_dict, decode
from ..messages.text import N_

PathKind = Literal["near", "classes", "indexed"]
"""How a path names blocks: from the nearest block with a class or id; by all tags and classes; by tags and positions."""


@dataclass(frozen=True, slots=True, order=True)
class PagePlace:
    """A place on a page: the k-th line, or the k-th block, of all that have a path."""

    kind: PathKind
    path: str
    k: int
    """From 0, in page order."""
    whole: bool = False
    """Whether the block as a whole is meant, not one line in it."""


@dataclass(frozen=True, slots=True)
class Support:
    """The evidence for a layout, counted in pages that were looked at."""

    pages: int
    """Pages of the shape with this title place."""
    labelled: int
    """Of these, pages whose title a link elsewhere prints."""
    title_right: int
    title_wrong: int
    """Pages where the title place agrees, or does not agree, with what links print."""
    date_right: int = 0
    date_wrong: int = 0
    counterexamples: tuple[str, ...] = ()
    """URLs of up to five pages that disagree."""
    examples: tuple[str, ...] = ()
    """URLs of up to three pages that agree."""


@dataclass(frozen=True)
class Layout:
    """What the pages of one shape have in common."""

    shapes: tuple[str, ...]
    """The address patterns of its pages: see `pages.layouts.shape`."""
    title: PagePlace
    body: PagePlace
    """The block of the body."""
    dates: tuple[PagePlace, ...]
    """The places of the date of publication, the best supported one first. Empty: the pages print none."""
    date_below: bool
    """Whether the date is below the text."""
    only_dates: bool
    """Whether hardly anything but a date, or labels, is ever where the date is."""
    month_first: bool | None
    """Order of dates such as 10/11/2008, known from unambiguous ones of other pages; None: unknown."""
    template: tuple[tuple[str, str], ...]
    """Lines that are the same on most pages: path, and text with digits as 0; the digits of dates stay."""
    asides: tuple[tuple[str, str], ...]
    """The same of lines that only some pages have: they are no text where they are below it."""
    prose_paths: tuple[str, ...]
    """Paths (by classes) of lines that are usually unlinked text; links on them are part of the body."""
    heads: tuple[str, ...]
    """Paths of short lines between title and text that are no text, such as a cell with the name of the reporter."""
    below_text: tuple[str, ...]
    """Paths of lines that are only below a heading after the text, such as comments of readers."""
    tails: tuple[tuple[str, int], ...]
    """Paths of lines that end the body's block and are mostly links (`Next: …`), and how many a page has: no text."""
    support: Support

    @functools.cached_property  # every article page that is read with the layout names it
    def digest(self) -> str:
        """First 12 hex digits of the SHA-256 of all that shapes reading: everything but its support."""
        return _digest({name: value for name, value in as_dict(self).items() if name != "support"}, 12)


@dataclass(frozen=True, slots=True)
class ShapeEvidence:
    """What the pages of one shape are, counted without layouts."""

    shape: str
    pages: int
    listings: int
    """Pages that read as a listing."""
    listed: int
    """Pages that a row of a listing leads to."""
    shared_titles: tuple[str, ...] = ()
    """Titles that three or more pages seem to have, as `plain` gives them: most are no titles."""
    labelled: int = 0
    """Pages whose title some link prints."""
    agreeing: int = 0
    """Of these, pages on which the title that the page alone gives is that text, or begins with it where it is cut."""

    @property
    def supports_articles(self) -> bool:
        """Whether links print the titles of these pages: they are articles, even without an info line."""
        return self.agreeing >= 2 and self.agreeing >= 0.7 * self.labelled and self.agreeing >= 0.5 * self.pages

    @property
    def contradicts_articles(self) -> str | None:
        """Evidence that a page of the shape is not an article; None without such evidence."""
        if self.pages >= ENOUGH and self.listings >= 0.7 * self.pages:
            return N_(
                "{listings} of {pages} pages with such an address are listings",
                listings=self.listings,
                pages=self.pages,
            )
        if not self.listed:
            return N_("no row of any listing leads to a page with such an address")
        return None


ENOUGH = 10
"""Pages of a shape from which on their kinds count."""
SITE_FILE = "site.json"


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """`site.json`: what was learned from, and what the shapes of the site are."""

    pages: int = 0
    """Captures of pages that were learned from."""
    shapes: tuple[ShapeEvidence, ...] = ()
    """Empty where no crawl was whole: what no listing of half a site leads to may well be an article."""


@dataclass(frozen=True, slots=True)
class Layouts:
    """What was learned about a site: its layouts, and the kinds of its shapes."""

    all: tuple[Layout, ...] = ()
    site: SiteEvidence = SiteEvidence()
    by_shape: dict[str, tuple[Layout, ...]] = field(default_factory=dict)
    evidence: dict[str, ShapeEvidence] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """First 8 hex digits of a SHA-256 over all that shapes reading; empty where nothing was learned."""
        return _digest([[layout.digest for layout in self.all], as_dict(self.site)["shapes"]], 8) if self else ""

    def __bool__(self) -> bool:
        return bool(self.all or self.evidence)


NONE = Layouts()


def layouts_of(found: Iterable[Layout], site: SiteEvidence = SiteEvidence()) -> Layouts:
    """The layouts in a fixed order, those of most pages first."""
    ordered = tuple(sorted(found, key=lambda layout: (-layout.support.pages, layout.shapes, layout.title)))
    by_shape: dict[str, tuple[Layout, ...]] = {}
    for layout in ordered:
        for shape in layout.shapes:
            by_shape[shape] = (*by_shape.get(shape, ()), layout)
    return Layouts(ordered, site, by_shape, {evidence.shape: evidence for evidence in site.shapes})


def _digest(value: object, digits: int) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:digits]


def _json(layout: Layout) -> str:
    return json.dumps(as_dict(layout), ensure_ascii=False, indent=1) + "\n"


def load(folder: Path) -> Layouts:
    """The layouts of `output/layouts/`; none where there is no such folder. Raises ArchiveError."""
    found: list[Layout] = []
    site = SiteEvidence()
    for file in sorted(folder.glob("*.json")):
        try:
            known = data_files.json_value(data_files.content(file, data_files.METADATA))
            if file.name == SITE_FILE:
                site = decode(SiteEvidence, known)
            else:
                found.append(decode(Layout, known))
        except (OSError, ValueError, WrongShape) as error:
            raise ArchiveError(
                file, N_("is no layout ({error}); delete the file, then `gdfupin layouts --learn`", error=error)
            ) from None
    return layouts_of(found, site)


def digest_in(file: Path) -> str | None:
    """The digest of the layout in a file; None where it has none."""
    try:
        return decode(Layout, json.loads(file.read_bytes())).digest
    except (OSError, ValueError, WrongShape):
        return None


def files(layouts: Layouts) -> dict[str, str]:
    """File names and contents of `output/layouts/`."""
    site = json.dumps(as_dict(layouts.site), ensure_ascii=False, indent=1) + "\n"
    return {f"{layout.digest}.json": _json(layout) for layout in layouts.all} | {SITE_FILE: site}
