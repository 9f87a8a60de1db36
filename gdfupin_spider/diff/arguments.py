"""What the user names: a crawl, a release, a date, a file; and where somebody stopped last time."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ..catalog import Catalog, Point, after_crawl, as_of
from ..errors import NoSuchCrawl, NotArticles, NotNamed
from ..storage.durable import write_whole
from ..storage.lookup import resolve

_AGO = re.compile(r"(\d{1,6})(h|d|w)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?")
BOOKMARKS = "changes-seen.json"
"""In the output: where each name stopped."""


@dataclass(frozen=True)
class NamedPoint:
    """A point of the archive."""

    point: Point
    name: str


@dataclass(frozen=True)
class NamedFiles:
    """A set of articles outside of the catalog."""

    path: Path
    name: str


def named(asked: str, output: Path, catalog: Catalog | None) -> NamedPoint | NamedFiles:
    """What the user means: a crawl, `latest`, a release of the output, a day or time (UTC), a file or folder.

    A day stands for its end, so for all that was captured until then. Raises NotNamed.
    """
    if catalog is not None:
        crawl = newest_crawl(output, catalog) if asked == "latest" else asked
        if crawl and (point := after_crawl(catalog, crawl)):
            return NamedPoint(point, crawl)
    release = output / "releases" / asked
    if re.fullmatch(r"[\w.-]+", asked) and release.is_dir() and not (set(asked) <= {"."}):
        return NamedFiles(release, f"release {asked}")
    if time := moment(asked):
        return NamedPoint(as_of(time), asked)
    path = Path(asked)
    if path.exists():
        return NamedFiles(path, asked)
    raise NotNamed(asked, output, crawls_of(catalog) if catalog else [])


def moment(asked: str) -> str | None:
    """A time of the catalog; None where it is none.

    >>> moment("2026-11-01"), moment("2026-11-01T08:00+08:00"), moment("latest")
    ('2026-11-01T23:59:59Z', '2026-11-01T00:00:00Z', None)
    """
    try:
        if _DAY.fullmatch(asked):
            datetime.fromisoformat(asked)
            return f"{asked}T23:59:59Z"
        if not _TIME.fullmatch(asked):
            return None
        time = datetime.fromisoformat(asked)
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(asked: str, now: datetime) -> str | None:
    """The time so long ago (`7d`, `36h`, `2w`), or the time that is named; None where it is neither.

    >>> ago("36h", datetime(2026, 11, 23, tzinfo=UTC))
    '2026-11-21T12:00:00Z'
    """
    match = _AGO.fullmatch(asked)
    if not match:
        return moment(asked)
    hours = int(match[1]) * {"h": 1, "d": 24, "w": 168}[match[2]]
    try:
        return (now - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except OverflowError:
        return "0001-01-01T00:00:00Z"


def crawls_of(catalog: Catalog) -> list[str]:
    """Names of the crawls that were folded."""
    return catalog.crawl_names()


def newest_crawl(output: Path, catalog: Catalog) -> str | None:
    """The newest crawl that found the site, of those that were folded; None where nothing was."""
    folded = crawls_of(catalog)
    try:
        name = resolve(output, "latest").name
    except NoSuchCrawl:
        name = ""
    return name if name in folded else next(reversed(folded), None)


@dataclass(frozen=True)
class Bookmark:
    """Where somebody stopped: the last capture there was, and the crawls there were."""

    point: Point
    crawls: frozenset[str]


def stop_now(catalog: Catalog) -> Bookmark | None:
    """Where whoever reads now will have stopped; None where there is nothing yet."""
    crawls = crawls_of(catalog)
    points = [point for name in crawls if (point := after_crawl(catalog, name))]
    return Bookmark(max(points), frozenset(crawls)) if points else None


def remembered(output: Path, name: str) -> Bookmark | None:
    """Where this name stopped; None: it never asked. Raises NotArticles where the file is damaged."""
    value = _kept(output).get(name)
    return Bookmark(Point(*value["point"]), frozenset(value["crawls"])) if value else None


def remember(output: Path, name: str, stop: Bookmark) -> None:
    """Raises CannotWrite."""
    kept = _kept(output) | {name: {"point": list(stop.point), "crawls": sorted(stop.crawls)}}
    write_whole(output / BOOKMARKS, json.dumps(kept, ensure_ascii=False, indent=2) + "\n")


def _kept(output: Path) -> dict[str, Any]:
    path = output / BOOKMARKS
    try:
        value = json.loads(path.read_bytes())
        for each in value.values():
            Point(*each["point"]), each["crawls"]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise NotArticles(path, f"it does not say where anybody stopped ({error}); delete it to begin anew") from error
    return dict(value)


def late_crawls(catalog: Catalog, stop: Bookmark) -> Iterator[str]:
    """Crawls that were not there then although they captured earlier: those of archives."""
    for name in crawls_of(catalog):
        point = after_crawl(catalog, name)
        if name not in stop.crawls and point and point <= stop.point:
            yield name
