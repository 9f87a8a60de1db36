"""The archive after a crawl: records within the report of the crawl."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class MassLoss:
    """A crawl whose missing articles are not believed to be gone."""

    crawl: str
    why: Literal["home", "mass"]
    """`home`: the home page was foreign or blocked; `mass`: too many articles were missing at once."""
    known: int | None = None
    """Articles that the crawl requested; None for `home`."""
    missing: int | None = None
    """Those of them that were missing."""


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """Contents of the catalog."""

    articles: Mapping[str, int]
    """By status."""
    versions: int = 0
    sightings: int = 0
    doubt: MassLoss | None = None
    """Of the crawl whose report this is."""


@dataclass(frozen=True, slots=True)
class SectionCompleteness:
    """One section: what its listings print, what the archive has, what is missing."""

    printed_total: int | None
    """The newest number of articles that its listings print."""
    printed_pages: int | None
    listed: int
    """Articles that its listings ever linked to, and linked addresses without an article."""
    articles: int
    """Those of them that are articles of the archive."""
    missing: Mapping[str, int]
    """Number of missing articles by reason."""
    examples: Mapping[str, tuple[str, ...]]
    """Some of their URLs by reason."""
    origins: Mapping[str, int] = field(default_factory=dict)
    """Number of `articles` that each origin showed; empty where all captures have one origin."""


@dataclass(frozen=True, slots=True)
class IdRun:
    """Consecutive numbers in URLs, as sites give them to their articles."""

    pattern: str
    """The URL without scheme, `{n}` in place of the number and `#` in place of other digits."""
    first: int
    last: int
    articles: int
    others: int
    """Known numbers without an article: pages that are missing, blocked, unreadable, or not requested yet."""
    unknown: int
    """Numbers that no known URL has."""
    longest: tuple[tuple[int, int], ...]
    """The longest gaps: first and last unknown number."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """When the site last published something, compared with its usual intervals. Days are `YYYY-MM-DD`."""

    newest: str | None = None
    """The newest date of an article that is not in the future."""
    silent_days: int | None = None
    """Days since then."""
    longest_silence: int | None = None
    """Days: the longest interval without articles in the two years before; None where there are too few to know."""
    found_at: str | None = None
    """When the archive last got a new article; UTC."""


@dataclass(frozen=True)
class Completeness:
    """How much of the site the archive has."""

    events: Mapping[str, int] = field(default_factory=dict)
    """Changes of all crawls by kind."""
    sections: Mapping[str, SectionCompleteness] = field(default_factory=dict)
    unlisted: int = 0
    """Articles that no listing links to."""
    runs: tuple[IdRun, ...] = ()
    fresh: Freshness = Freshness()
    fields: Mapping[str, int] = field(default_factory=dict)
    """Articles, and those that have a date, source, author, section."""
    encodings: Mapping[str, int] = field(default_factory=dict)
    """Article lines by encoding."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something an operator should look at."""

    name: str
    """Name of the monitor; for a section `name: section`."""
    message: str
    """One sentence with the figures."""
    since: str
    """Start of the first crawl of those in a row that raised it; UTC."""
    acknowledged: str | None = None
    """The reason why somebody acknowledged it (`gdfupin ack`): it does not change the exit code."""


@dataclass(frozen=True, slots=True)
class Monitors:
    """A crawl compared with earlier ones."""

    compared_with: int = 0
    """Number of those crawls."""
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class GapExample:
    """One gap in a report."""

    url: str
    what: str
    since: str
    """Start of the first crawl that reported it; UTC."""


@dataclass(frozen=True, slots=True)
class OpenGaps:
    """The gaps after a crawl, compared with those before it; `gaps.jsonl` has all. Acknowledged ones are counted only there."""

    open: int = 0
    """Gaps that are open and not acknowledged."""
    acknowledged: int = 0
    """Gaps that are open and acknowledged."""
    new: int = 0
    """Of `open`: those that no earlier crawl reported, or for another reason."""
    healed: int = 0
    """Gaps before this crawl that are closed now."""
    since: str | None = None
    """Start of the first crawl that reported the oldest of `open`; UTC."""
    new_examples: tuple[GapExample, ...] = ()
    """The first few of `new`."""
    healed_examples: tuple[GapExample, ...] = ()
    """The first few of `healed`."""


@dataclass(frozen=True)
class Aftermath:
    """The archive after a crawl. A field is None where the catalog could not be updated, or the comparison failed."""

    changes: Mapping[str, int] | None = None
    """Changes first seen by this crawl, by kind."""
    catalog: CatalogCounts | None = None
    completeness: Completeness | None = None
    monitors: Monitors | None = None
    open_gaps: OpenGaps | None = None
    """None in reports of older programs, and where no start page was read."""
    read_again: str | None = None
    """Folder, below the output, of the reading that the counts describe: the crawl learned layouts and was read again with
    them. None: the counts are those of the crawl's own lines."""
