"""What the pages of a crawl or reading became: records within its report."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..items import Level


@dataclass(frozen=True, slots=True)
class Example:
    """One of the pages behind a count."""

    url: str
    evidence: str


@dataclass(frozen=True, slots=True)
class IssueCount:
    """Issues of one kind."""

    level: Level
    what: str
    count: int
    examples: tuple[Example, ...] = ()
    """The first few."""


@dataclass(frozen=True, slots=True)
class SectionCounts:
    """One section as a crawl saw it."""

    printed_total: int | None = None
    """The largest number of articles that its listings print (共N条)."""
    printed_pages: int | None = None
    """The largest number of pages that its listings print (页次:1/N)."""
    listing_pages: int = 0
    """Listing pages read."""
    listed: int = 0
    """Distinct addresses in their rows."""
    read: int = 0
    """Article lines."""


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """A line that many bodies have, up to its digits: perhaps boilerplate."""

    line: str
    articles: int
    share: float
    """Of all articles, 0 to 1."""
    other_pages: int
    """Listings and home pages that print it, too."""
    url: str
    """An article that has it."""


@dataclass(frozen=True, slots=True)
class RecurringLines:
    """All lines that recur in bodies."""

    count: int = 0
    examples: tuple[RecurringLine, ...] = ()
    """The most frequent ones."""


@dataclass(frozen=True, slots=True)
class TitleDifference:
    """A listing row and the page it links to that print different titles."""

    url: str
    listed: str
    title: str


@dataclass(frozen=True, slots=True)
class TitleCheck:
    """Titles in listings, compared with those of the articles."""

    compared: int = 0
    """Rows whose article was read."""
    disagree: int = 0
    """Articles whose row has another title."""
    examples: tuple[TitleDifference, ...] = ()


@dataclass(frozen=True, slots=True)
class BoilerplateCheck:
    """Results of `ledger.boilerplate`."""

    articles: int = 0
    """Article lines that were checked."""
    recurring_lines: RecurringLines = RecurringLines()
    titles: TitleCheck = TitleCheck()


@dataclass(frozen=True, slots=True)
class SpamCheck:
    """Results of `ledger.spam`."""

    articles: int = 0
    """Article lines with words of gambling or pharmacy advertisements."""
    examples: tuple[Example, ...] = ()
    """The first few, with the words."""


@dataclass(frozen=True, slots=True)
class LayoutFit:
    """Whether the layouts of the site fit its pages. Articles and pages of unknown kind are counted; all 0 without layouts."""

    pages: int = 0
    """Pages whose address pattern has a layout."""
    misfits: int = 0
    """Those of them that no layout fits: they were read alone."""
    differing: int = 0
    """Those of them where a layout fits, and the page alone gives another title, date or body."""
    other_shapes: int = 0
    """Articles whose address pattern has no layout, beside `pages`."""
    examples: tuple[Example, ...] = ()
    """The first few misfits."""


@dataclass(frozen=True, slots=True)
class UnknownShape:
    """An address pattern of which many pages are neither article nor listing."""

    shape: str
    """As in the profile's `article_urls`: `show.asp?id=0`."""
    unknown: int
    pages: int
    """All pages with the pattern that have content."""
    url: str
    """URL of an unknown page: the lowest one, whatever the order of the pages."""


@dataclass(frozen=True)
class Counts:
    """What the pages of a crawl or reading became."""

    articles: int = 0
    """Article lines."""
    pages: Mapping[str, int] = field(default_factory=dict)
    """Pages by kind."""
    sightings: Mapping[str, int] = field(default_factory=dict)
    """Sightings by outcome."""
    issues: tuple[IssueCount, ...] = ()
    coverage: Mapping[str, SectionCounts] = field(default_factory=dict)
    """By section; the empty string is for listings that name none."""
    years: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Article lines by section and year (`YYYY`; empty where the page has no date)."""
    fields: Mapping[str, int] = field(default_factory=dict)
    """Article lines that have a date, source, author, section."""
    encodings: Mapping[str, int] = field(default_factory=dict)
    """Article lines by encoding, as Python names it."""
    broken: int = 0
    """Article lines with U+FFFD in title or body."""
    leaks: BoilerplateCheck = BoilerplateCheck()
    gaps: int = 0
    """Refusals and failures."""
    layouts: LayoutFit = LayoutFit()
    spam: SpamCheck = SpamCheck()
    unknown_shapes: tuple[UnknownShape, ...] = ()
    """Each is a gap, too."""
