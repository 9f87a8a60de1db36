"""The plan of an import from an archive: which captures are fetched, in which order, and what is left out and why.

Listings of every year come first, because they name articles; then articles that are missing; then what may be one; then
further versions. Of a run of captures of one address with one payload the oldest is enough, but for those that decide whether an
article was gone (`absence_proof`). Made in memory: 300,000 rows take 330 MB.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ... import pages
from ...frontier.scope import Scope
from ..held import Held
from .absence_proof import GONE, AbsenceProof
from .address_kinds import AddressKind, AddressKinds
from .cdx_rows import IndexRow
from .memento import NO_CONTENT, is_media, is_robots
from .outcomes import Outcomes

_FURTHER = re.compile(r"[_-]\d{1,2}(?=\.[a-z]{2,5}$)|(?<=[?&])(?:page|pageno|page_no|currpage|pn|p)=\d+&?", re.I)
"""What the address of a further page has more than that of the first."""
Usable = Callable[[IndexRow], bool]
"""Whether the archive may give a capture; false where it refused lately."""
Group = Literal["listings", "articles", "unknown", "versions", "gone and moved", "media"]
GROUPS: tuple[Group, ...] = ("listings", "articles", "unknown", "versions", "gone and moved", "media")
"""In the order in which they are fetched."""
LEFT_OUT = (
    "held", "same content", "no content", "media", "robots.txt", "other hosts", "other years", "other kinds", "refused before",
)  # fmt: skip
"""Why rows are left out. same content: the payload of the capture before. no content: archived 403, 429, 5xx. other years, other
kinds: not asked for. refused before: withheld, missing or failed in an earlier run."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for."""

    since: str | None = None
    """`YYYYMMDDhhmmss` or its beginning."""
    until: str | None = None
    """The same, included."""
    only: Literal["articles", "listings"] | None = None
    media: bool = False
    missing_only: bool = False
    """A payload that is held of whatever time is not fetched for an older date."""

    def has_time(self, row: IndexRow) -> bool:
        return (self.since is None or row.timestamp >= self.since) and (
            self.until is None or row.timestamp[: len(self.until)] <= self.until
        )

    def has_kind(self, kind: AddressKind) -> bool:
        """Unknown pages count as articles."""
        return self.only is None or (kind == "listing") == (self.only == "listings")


@dataclass(frozen=True, slots=True)
class PlannedCapture:
    """A capture to fetch."""

    group: Group
    row: IndexRow
    again: bool = False
    """It is held, and fetched again for another page of its article."""


@dataclass(frozen=True)
class ArchivePlan:
    """What is fetched, and what not."""

    captures: tuple[PlannedCapture, ...]
    rows: int
    """Rows of the inventory."""
    left_out: Counter[str]
    """Rows that are not fetched, by a word of LEFT_OUT."""
    per_minute: float

    @property
    def minutes(self) -> float:
        """At the pace of the archive."""
        return len(self.captures) / self.per_minute

    def by_group(self) -> dict[Group, int]:
        counts = Counter(each.group for each in self.captures)
        return {group: counts[group] for group in GROUPS if counts[group]}

    def by_year(self) -> dict[int, int]:
        return dict(sorted(Counter(each.row.year for each in self.captures).items()))

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "rows": self.rows,
            "captures": len(self.captures),
            "groups": self.by_group(),
            "years": {str(year): count for year, count in self.by_year().items()},
            "left_out": {reason: self.left_out[reason] for reason in LEFT_OUT if self.left_out[reason]},
            "minutes": round(self.minutes, 1),
        }


def plan(
    rows: Iterable[IndexRow],
    wanted: Wanted,
    kinds: AddressKinds,
    held: Held,
    outcomes: Outcomes,
    scope: Scope,
    per_minute: float,
    now: datetime,
    gone_hours: float,
) -> ArchivePlan:
    """The plan for the rows of an inventory. Equal rows and an equal archive give equal plans.

    `gone_hours`: between two 404s that make an article gone.
    """
    left_out: Counter[str] = Counter()
    by_address: dict[str, list[IndexRow]] = defaultdict(list)
    count = 0
    for row in rows:
        count += 1
        if (reason := unwanted(row, wanted, scope)) is not None:
            left_out[reason] += 1
        else:
            by_address[pages.identity_key(row.url)].append(row)
    planned: list[PlannedCapture] = []

    def usable(row: IndexRow) -> bool:
        return outcomes.recent(row, now) is None

    kinds.learn(address[0].url for address in by_address.values())
    kind_of: dict[str, AddressKind] = {}
    for key, address in by_address.items():
        address.sort(key=lambda row: (row.timestamp, row.url, row.digest))
        kind_of[key] = "other" if is_media(address[0]) else kinds.kind(address[0].url)
    may_be_gone = (
        (address, kinds.missing_since(address[0].url))
        for key, address in by_address.items()
        if kind_of[key] != "listing" and not is_media(address[0])
    )
    proof = AbsenceProof.of(may_be_gone, usable, timedelta(hours=gone_hours))
    for key, address in by_address.items():
        kind = kind_of[key]
        if is_media(address[0]):
            planned += _media(address, held, usable, left_out)
        elif wanted.has_kind(kind):
            planned += _address(address, kind, held, usable, left_out, proof, missing_only=wanted.missing_only)
        else:
            left_out["other kinds"] += len(address)
    planned = _with_families(planned, by_address, held)
    return ArchivePlan(tuple(planned), count, left_out, per_minute)


def _with_families(
    planned: list[PlannedCapture], by_address: dict[str, list[IndexRow]], held: Held
) -> list[PlannedCapture]:
    """The captures in order, the pages of an article together.

    A crawl folder is read by itself: where some pages of an article are held in another folder, they are fetched again.
    """
    families: dict[str, list[str]] = defaultdict(list)
    for key in by_address:
        families[_family(key, by_address)].append(key)
    rows = {(pages.identity_key(each.row.url), each.row.timestamp) for each in planned}
    for each in list(planned):
        family = families[_family(pages.identity_key(each.row.url), by_address)]
        if len(family) < 2 or each.group in ("listings", "media", "gone and moved"):
            continue
        for key in family:
            nearest = _nearest(each.row, by_address[key])
            name = key, nearest.timestamp if nearest else ""
            if nearest is not None and name not in rows and held.has(nearest.url, nearest.captured_at):
                rows.add(name)
                planned.append(PlannedCapture(each.group, nearest, again=True))
    first: dict[tuple[Group, str], str] = {}
    for each in planned:
        place = each.group, _family(pages.identity_key(each.row.url), by_address)
        first[place] = min(first.get(place, each.row.timestamp), each.row.timestamp)

    def order(each: PlannedCapture) -> tuple[int, str, str, str, str, str]:
        family = _family(pages.identity_key(each.row.url), by_address)
        row = each.row
        return GROUPS.index(each.group), first[each.group, family], family, row.timestamp, row.url, row.digest

    return sorted(planned, key=order)


def _family(key: str, known: Container[str]) -> str:
    """The identity key of the first page of an article that an address may be a further page of: `42_2.html` of `42.html`."""
    base = _FURTHER.sub("", key).rstrip("?&")
    return base if base in known else key


def _nearest(row: IndexRow, others: list[IndexRow]) -> IndexRow | None:
    """The capture with content that is nearest in time to a row."""
    content = [each for each in others if each.status in (200, None)]
    return min(content, key=lambda each: abs(int(each.timestamp) - int(row.timestamp)), default=None)


def unwanted(row: IndexRow, wanted: Wanted, scope: Scope) -> str | None:
    """Why a row is left out whatever is held: a word of LEFT_OUT; None: it is not."""
    if not (scope.media(row.url) if is_media(row) else scope.page(row.url)):
        return "other hosts"
    if not wanted.has_time(row):
        return "other years"
    if row.status in NO_CONTENT:
        return "no content"
    if is_robots(row.url):
        return "robots.txt"
    return "media" if is_media(row) and not wanted.media else None


def _media(rows: list[IndexRow], held: Held, usable: Usable, left_out: Counter[str]) -> Iterator[PlannedCapture]:
    """Each payload of a picture or file once."""
    seen: set[str] = set()
    for row in rows:
        if not usable(row):
            left_out["refused before"] += 1
            continue
        if row.digest in seen or row.status not in (200, None):
            left_out["same content"] += 1
        elif held.has(row.url, row.captured_at) or (row.digest and held.has_payload(row.url, row.digest)):
            left_out["held"] += 1
        else:
            yield PlannedCapture("media", row)
        seen.add(row.digest)


def _address(
    rows: list[IndexRow],
    kind: AddressKind,
    held: Held,
    usable: Usable,
    left_out: Counter[str],
    proof: AbsenceProof,
    *,
    missing_only: bool,
) -> Iterator[PlannedCapture]:
    """The captures of one address that are fetched. `rows`: in time order."""
    known = any(held.has(row.url, row.captured_at) or held.has_payload(row.url, row.digest) for row in rows)
    years: set[int] = set()
    for row in _changes(rows, usable, left_out, proof):
        if row.status is not None and row.status != 200:
            group: Group = "gone and moved"
        elif kind == "listing":
            group = "versions" if row.year in years else "listings"
            years.add(row.year)
        elif known:
            group = "versions"
        else:
            group = "articles" if kind == "article" else "unknown"
            known = True
        enough = missing_only and row not in proof.rows and row.status not in GONE
        if held.has(row.url, row.captured_at) or (enough and held.has_payload(row.url, row.digest)):
            left_out["held"] += 1
        else:
            yield PlannedCapture(group, row)


def _changes(rows: list[IndexRow], usable: Usable, left_out: Counter[str], proof: AbsenceProof) -> Iterator[IndexRow]:
    """The oldest usable capture of each run of captures with one payload. Redirects, which often alternate with the page they
    lead to (http, https, `www.`), do not end a run; a page that was gone does. Of a run of 404s also the one that confirms it."""
    content: str | None = None
    moved: str | None = None
    gone: IndexRow | None = None  # the first of a run of 404s, as long as none confirms it
    for row in rows:
        if not usable(row):
            left_out["refused before"] += 1
            continue
        if row.status is not None and 300 <= row.status < 400:
            same, moved = moved == row.digest, row.digest
        else:
            payload = row.digest if row.status in (200, None) else f"status {row.status}"
            same, content = content == payload and payload != "", payload
            if not same:
                gone = row if row.status in GONE else None
            elif gone is not None and proof.confirms(row, gone):
                same, gone = False, None
        if same and row not in proof.rows:
            left_out["same content"] += 1
        else:
            yield row
