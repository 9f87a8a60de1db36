"""Command line arguments: crawls, releases, dates, files; and the bookmarks of `--since last`."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from .. import data_files
from ..catalog import Catalog, Point, after_crawl, as_of
from ..clock import stamp
from ..errors import NoSuchCrawl, NotArticles, NotNamed
from ..items import WrongShape, decode
from ..messages.text import N_, enumeration
from ..storage.durable import write_whole
from ..storage.holds import held_crawls
from ..storage.lookup import resolve
from ..storage.report import read_crawl_report
from ..terminal import pluralized

_AGO = re.compile(r"0*([1-9]\d{0,5})(h|d|w)")
_PERIODS = {"h": "hour", "d": "day", "w": "week"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")
BOOKMARKS = "changes-seen.json"
"""File in the output with all bookmarks."""


@dataclass(frozen=True)
class NamedPoint:
    """A point of the archive."""

    point: Point
    name: str


@dataclass(frozen=True)
class NamedFiles:
    """A file or folder of articles."""

    path: Path
    name: str


def named(asked: str, output: Path, catalog: Catalog | None, zone: tzinfo) -> NamedPoint | NamedFiles:
    """Resolves an argument: a crawl, `latest`, a release of the output, a day or time, a file or folder.

    A day means its beginning in this zone. Raises NotNamed.
    """
    if catalog is not None:
        crawl = newest_crawl(output, catalog) if asked == "latest" else asked
        if crawl and (point := after_crawl(catalog, crawl)):
            return NamedPoint(point, crawl)
    release = output / "releases" / asked
    if re.fullmatch(r"[\w.-]+", asked) and release.is_dir() and not (set(asked) <= {"."}):
        return NamedFiles(release, N_("release {asked}", asked=asked))
    if time := moment(asked, zone):
        return NamedPoint(as_of(time), shown_name(asked, zone))
    path = Path(asked)
    if path.exists():
        return NamedFiles(path, asked)
    raise not_named(asked, output, catalog)


def not_named(asked: str, output: Path, catalog: Catalog | None) -> NotNamed:
    """The error for an argument that is nothing that can be compared."""
    held = next((each for each in held_crawls(output) if each.crawl == asked), None)
    why = ""
    if held is not None:
        why = (
            N_("it was rejected")
            if held.rejected
            else N_("it is held back ({alarms}): nothing of it is published", alarms=enumeration(held.alarms))
        )
    return NotNamed(asked, output, crawls_of(catalog) if catalog else [], why)


def moment(asked: str, zone: tzinfo) -> str | None:
    """The last second before a day begins in this zone, or a time, in the form of the catalog; None if it is neither.

    The second before, as a point of the archive includes its second. A time without a zone is UTC.

    >>> from datetime import timezone
    >>> china = timezone(timedelta(hours=8))
    >>> moment("2026-11-01", china), moment("2026-11-01T08:00+08:00", china), moment("latest", china)
    ('2026-10-31T15:59:59Z', '2026-11-01T00:00:00Z', None)
    """
    try:
        if _DAY.fullmatch(asked):
            return stamp(datetime.fromisoformat(asked).replace(tzinfo=zone) - timedelta(seconds=1))
        if not _TIME.fullmatch(asked):
            return None
        time = datetime.fromisoformat(asked)
        return stamp(time if time.tzinfo else time.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def ago(asked: str, now: datetime, zone: tzinfo) -> str | None:
    """The time before `now` by a duration (`7d`, `36h`, `2w`), or a day or time; None if it is neither.

    >>> ago("36h", datetime(2026, 11, 23, tzinfo=UTC), UTC)
    '2026-11-21T12:00:00Z'
    """
    match = _AGO.fullmatch(asked)
    if not match:
        return moment(asked, zone)
    hours = int(match[1]) * {"h": 1, "d": 24, "w": 168}[match[2]]
    try:
        return (now - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return "0001-01-01T00:00:00Z"


def shown_name(asked: str, zone: tzinfo) -> str:
    """A day with its time zone, a duration in words; all else as it was typed.

    >>> shown_name("2026-11-29", UTC), shown_name("7d", UTC), shown_name("latest", UTC)
    ('2026-11-29 (UTC)', '7 days ago', 'latest')
    """
    if match := _AGO.fullmatch(asked):
        return N_("{period} ago", period=_period(match))
    return f"{asked} ({zone})" if _DAY.fullmatch(asked) else asked


def since_then(asked: str, zone: tzinfo) -> str:
    """When nobody looked, in a sentence.

    >>> since_then("1w", UTC), since_then("2w", UTC), since_then("2026-11-29", UTC)
    ('in the last week', 'in the last 2 weeks', 'since 2026-11-29 (UTC)')
    """
    match = _AGO.fullmatch(asked)
    return (
        N_("in the last {period}", period=_period(match).removeprefix("1 "))
        if match
        else N_("since {asked}", asked=shown_name(asked, zone))
    )


def _period(match: re.Match[str]) -> str:
    return pluralized(int(match[1]), _PERIODS[match[2]])


def day_of(crawl: str, zone: tzinfo) -> str | None:
    """The day on which a crawl began in this zone, from its name; None where the name has no time.

    >>> from datetime import timezone
    >>> day_of("20261111T200000Z-live", timezone(timedelta(hours=8)))
    '2026-11-12'
    """
    try:
        began = datetime.strptime(crawl[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return began.astimezone(zone).date().isoformat()


def crawls_of(catalog: Catalog) -> list[str]:
    """Names of the folded crawls, in the order in which they began."""
    return catalog.crawl_names()


def newest_crawl(output: Path, catalog: Catalog) -> str | None:
    """The newest folded crawl that reached the site; None if no crawl was folded."""
    folded = crawls_of(catalog)
    try:
        name = resolve(output, "latest").name
    except NoSuchCrawl:
        name = ""
    return name if name in folded else next(reversed(folded), None)


def finished_at(output: Path, crawl: str, catalog: Catalog) -> str:
    """When a crawl ended, the update of the catalog included; of a killed one, the time of its last capture."""
    report = read_crawl_report(output / "crawls" / crawl)
    point = after_crawl(catalog, crawl)
    return report.run.finished if report and report.run.finished else point.captured_at if point else ""


@dataclass(frozen=True)
class Bookmark:
    """How far somebody has seen the changes: the last capture then, and the crawls that were folded."""

    point: Point
    crawls: frozenset[str]
    seen_at: str = ""
    """When it was set; UTC. Empty in bookmarks of older programs."""

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {"point": list(self.point), "crawls": sorted(self.crawls), "seen_at": self.seen_at}


def bookmark_now(catalog: Catalog, now: str) -> Bookmark | None:
    """The bookmark after reading everything, at the time `now`; None if the catalog is empty."""
    crawls = crawls_of(catalog)
    points = [point for name in crawls if (point := after_crawl(catalog, name))]
    return Bookmark(max(points), frozenset(crawls), now) if points else None


def load_bookmark(output: Path, name: str) -> Bookmark | None:
    """The bookmark of this name; None if it has none. Raises NotArticles if the file is damaged."""
    return _load_bookmarks(output).get(name)


def save_bookmark(output: Path, name: str, bookmark: Bookmark) -> None:
    """Raises NotArticles if the file is damaged, CannotWrite."""
    bookmarks = _load_bookmarks(output) | {name: bookmark}
    value = {name: each.encode() for name, each in bookmarks.items()}
    write_whole(output / BOOKMARKS, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _load_bookmarks(output: Path) -> dict[str, Bookmark]:
    path = output / BOOKMARKS
    try:
        value = data_files.json_value(data_files.content(path, data_files.METADATA))
        if not isinstance(value, dict):
            raise WrongShape(N_("no JSON object"))
        return {name: decode(Bookmark, each) for name, each in value.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise NotArticles(
            path, N_("not a file of bookmarks ({error}); delete it to start again", error=error)
        ) from error


def late_crawls(catalog: Catalog, bookmark: Bookmark) -> Iterator[str]:
    """Crawls that are new since the bookmark although their captures are older: those of web archives."""
    for name in crawls_of(catalog):
        point = after_crawl(catalog, name)
        if name not in bookmark.crawls and point and point <= bookmark.point:
            yield name
