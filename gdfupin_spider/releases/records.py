"""The records in the files of a release."""

from dataclasses import dataclass
from typing import Literal, TypedDict

from ..catalog import Alias
from ..items import Article
from ..profiles.gazetteer import Level, PlaceRow
from ..storage.json_rows import ArticleRow

Status = Literal["live", "suspected", "gone", "archived"]


@dataclass(frozen=True)
class NamedPlace:
    """A place that an article names."""

    code: str
    """GB/T 2260, on the date of the article."""
    name: str
    """Its full name on that date."""
    level: Level
    """`prefecture` (cities and autonomous prefectures) or `county` (counties, districts, cities in a prefecture)."""
    mentions: int
    """In title and body."""
    in_title: bool
    """Whether the title names it."""
    ambiguous: bool
    """Whether another place may be meant: several have the name, and the article does not settle which."""


@dataclass(frozen=True, slots=True)
class Released(Article):
    """The row of the table `articles`: the newest version of an article, and its status.

    `id` is that of its earliest captured address; all other fields of Article are those of the line that was read.
    """

    aliases: tuple[Alias, ...]
    """All addresses of the article; first the one that `id` is made of."""
    version: int
    """Number of this version, from 1 in the order of first sightings."""
    first_seen: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: the first sighting of the article, in any version."""
    last_seen: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: the last sighting of the article, at any address."""
    status: Status
    """`live`, `suspected` (missing once), `gone` (missing in two crawls), `archived` (never seen live)."""
    sections: tuple[str, ...]
    """Sections of all listings that ever linked to the article; sorted, each once. `section` is what the page prints."""
    reviewed: tuple[str, ...]
    """Fields that a person accepted or corrected: title, date, source, author, section, body; see `corrections.jsonl`."""
    source_name: str | None
    """One name for all ways in which a source is printed, by a table; null where the page prints none or the table has none."""
    reprint_group: str | None
    """Id of the first article among those with nearly the same text, in this release; null where no other article has it."""
    reprint_first: bool
    """True for the first article of each group and for articles without a group: together they have each text once."""
    places: tuple[NamedPlace, ...]
    """Counties, cities and prefectures of Guangdong and the provinces it supported that title and body name, by first mention."""


@dataclass(frozen=True, slots=True)
class ReleasedVersion(Article):
    """The row of the table `versions`: the content of an article from one sighting to another."""

    version: int
    """Number of this version, from 1 in the order of first sightings."""
    first_seen: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: the first sighting of this version."""
    last_seen: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: the last sighting of this version."""
    sightings: int
    """Number of sightings of this version."""
    reviewed: tuple[str, ...]
    """Fields that a person accepted or corrected: title, date, source, author, section, body; see `corrections.jsonl`."""


@dataclass(frozen=True, slots=True)
class ReleasedCapture:
    """The row of the table `captures`: a WARC record that a version was read from, that saw it first or last, or that did not
    find the article."""

    id: str
    """Id of the article."""
    number: int
    """In the order of captures, from 1."""
    version: int | None
    """The version that it showed; null where it did not find the article, or where the line of that version was lost."""
    page: int | None
    """Page of the article, from 1, where the version was read from this record; else null."""
    outcome: str
    """`read`; `not_modified`: the site said that it is unchanged; `missing` or `moved`: the article was not there."""
    status: int | None
    """HTTP, of `missing` and of `moved`; null for others, and where the WARC file could not be read."""
    url: str
    """As requested; of an article of several pages, the address of the first one."""
    captured_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC; of the first page."""
    origin: str
    """`live`, `wayback`, `commoncrawl`, `warc`; `demo`: made by the replica."""
    warc: str
    """`<crawl>/capture-00000.warc.gz`"""
    offset: int
    """Byte offset of the response record in that file."""
    payload_sha256: str | None
    """Hex SHA-256 of the body bytes as stored; null where the version was not read from this record, or the WARC file could not
    be read."""


@dataclass(frozen=True, slots=True)
class PrintedOfChange:
    """What the row of the table `changes` has after the fields of a change: `diff.tables.row`."""

    date: str | None
    """As printed, after; of `gone`, before."""
    source: str | None
    """As printed, after; of `gone`, before."""


@dataclass(frozen=True, slots=True)
class ProofOfChange:
    """What follows these in a row of `changes`, once for each side, as `proof_before_` and `proof_after_`: the capture that proves it."""

    captured_at: str | None
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: the capture that proves this side, of `gone` after the one that confirmed it; null, as all its
    columns, where nothing was observed."""
    url: str | None
    """As requested; this, status and digest are null where the WARC file could not be read."""
    status: int | None
    """HTTP."""
    warc: str | None
    """`<crawl>/capture-00000.warc.gz`"""
    offset: int | None
    """Byte offset of the response record in that file."""
    payload_sha256: str | None
    """Hex SHA-256 of the body bytes as stored."""


@dataclass(frozen=True, slots=True)
class ReleasedSource:
    """The row of the table `sources`: a source as printed."""

    source: str
    """As printed."""
    source_name: str | None
    """Its canonical name; null where the table has none."""
    kind: str | None
    """newspaper, magazine, agency, website, broadcaster, government, association; `site`: the site itself."""
    region: str | None
    """Where it is published: 全国, a province or a city; `-` for the site itself."""
    rule: str
    """How the name was found: `table`, the rule that took away what is printed beside it, or `unknown`."""
    articles: int
    """Articles that print it, in their newest version."""


@dataclass(frozen=True, slots=True)
class ReleasedSection:
    """The row of the table `sections`: a section that an article prints, or whose listings link to one."""

    section: str
    """As printed."""
    articles: int
    """Articles that print it, in their newest version."""
    linked: int
    """Articles that its listings ever linked to."""
    first_date: str | None
    """`YYYY-MM-DD`: the earliest date of the articles that print it."""
    last_date: str | None
    """`YYYY-MM-DD`: the latest date of the articles that print it."""
    printed_total: int | None
    """Number of articles that its listing prints; null if it prints none."""
    listed: int
    """Addresses that its listings ever linked to, articles or not."""
    walked_at: str | None
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC: when a crawl last followed its listings to their end; null: never."""


@dataclass(frozen=True, slots=True)
class ReleasedReprints:
    """The row of the table `reprints`: a group of articles with nearly the same text."""

    reprint_group: str
    """Id of its first article."""
    articles: int
    """Articles in the group, two or more."""
    sources: int
    """Different canonical names of their sources."""
    first_date: str | None
    """`YYYY-MM-DD`: the earliest printed date in the group."""
    last_date: str | None
    """`YYYY-MM-DD`: the latest printed date in the group."""


@dataclass(frozen=True)
class _OfArticle:
    """The key of a row for each of several things of an article."""

    id: str
    """Id of the article."""
    number: int
    """In the order of first mentions, from 1."""


@dataclass(frozen=True)
class ReleasedPlace(NamedPlace, _OfArticle):
    """The row of the table `places`: a place that an article names; an element of its field `places`."""


@dataclass(frozen=True, slots=True)
class ReleasedTombstone:
    """The row of the table `tombstones`: an article that was withdrawn. It is in no other table."""

    id: str
    """Id that the article has, or had in earlier releases."""
    aliases: tuple[str, ...]
    """Ids of all its addresses, sorted."""
    date: str
    """Day of the withdrawal."""
    reason: str
    """Why, as the operator wrote."""
    content_sha256: tuple[str, ...]
    """Content digest of each version, first to last: whoever has a copy can prove which one it is."""
    payload_sha256: tuple[str, ...]
    """Payload digests of the captures that these versions were read from, each once, in this order."""


@dataclass(frozen=True, slots=True)
class ReleasedReview:
    """The line of `corrections.jsonl`: what a person decided about a field of a version, or about a page."""

    id: str
    """Id of the article; of a rejected page, the id that an article at its address would have."""
    version: int
    """Number of the version; 0 for a rejected page, which is in no other file."""
    url: str
    """The address of the page that was reviewed."""
    field: str
    """title, date, source, author, section or body; `page`: whether the page is an article."""
    decision: str
    """`accept`: the value that was read is right; `correct`: another one is; `reject`: the page is not an article."""
    value_read: str | None
    """The value that was read; null where there was none."""
    value: str | None
    """The value of the release; null where there is none, and for `page`."""
    reviewer: str
    """Who decided, as they signed."""
    reviewed_at: str
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC."""
    reader: str
    """The reader whose value was reviewed."""
    payload_sha256: str
    """The payload that was reviewed; of an article of several pages, a SHA-256 over their digests."""
    note: str | None
    """Remark of the reviewer."""


class AliasRow(TypedDict):
    """`catalog.Alias`."""

    id: str
    url: str
    sections: list[str]


class ReleasedRow(ArticleRow):
    """`Released` as a decoded line; the fields in its order."""

    aliases: list[AliasRow]
    version: int
    first_seen: str
    last_seen: str
    status: str
    sections: list[str]
    reviewed: list[str]
    source_name: str | None
    reprint_group: str | None
    reprint_first: bool
    places: list[PlaceRow]


class VersionRow(ArticleRow):
    """`ReleasedVersion` as a decoded line; the fields in its order."""

    version: int
    first_seen: str
    last_seen: str
    sightings: int
    reviewed: list[str]
