"""How the archive stands: the figures behind `gdfupin status`. It only reads, also while a crawl runs."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .. import pages
from ..catalog import Catalog, coverage
from ..catalog.sources import CATALOG, LineFolder, choose
from ..errors import NothingThere
from ..frontier.recheck import SLACK, Schedule, due_at
from ..items import as_dict
from ..profiles import Profile
from ..storage.crawls import Crawl, crawls
from ..storage.durable import free_bytes
from ..storage.lock import holder
from .completeness import completeness

SHOWN = 7
"""So many of the newest crawls are told of."""
KINDS = ("added", "edited", "moved", "gone", "reappeared")


def status(output: Path, profile: Profile, now: datetime, schedule: Schedule | None = None) -> dict[str, Any]:
    """Everything `gdfupin status --json` says. Raises NothingThere, which names the next step, and CatalogUnusable."""
    there = crawls(output)
    if not there:
        raise NothingThere(output, 0)
    if not (output / CATALOG).exists():
        raise NothingThere(output, len(there))
    held = holder(output)
    disk = {"used": _used(output), "free": free_bytes(output)}
    with Catalog(output / CATALOG) as catalog:
        happened = {found.crawl: found.events for found in coverage.happened(catalog)}
        newest = [_crawl(crawl, held, happened.get(crawl.name, Counter())) for crawl in there[: -SHOWN - 1 : -1]]
        return {
            "output": str(output),
            "reader": catalog.reader,
            "running": held,
            "stale": list(stale(output, profile, catalog, (held or {}).get("what"))),
            **as_dict(catalog.counts()),
            **completeness(catalog, now.date()),
            "rechecks": rechecks(catalog, now, schedule or Schedule()),
            "doubted": [as_dict(crawl) for crawl in catalog.doubted()],
            "crawls": len(there),
            "newest_crawls": newest,
            "alarms": next((each["alarms"] for each in newest if each["alarms"] is not None), []),
            "disk": disk,
        }


def rechecks(catalog: Catalog, now: datetime, schedule: Schedule) -> dict[str, int]:
    """Articles that are to be looked at again: by a crawl that began now, one of tomorrow, one in a week; at most so many."""
    at = [due_at(article, schedule) for article in catalog.articles()]
    ahead = {"due": 0, "within_a_day": 1, "within_a_week": 7}
    counts = {name: sum(when <= now + timedelta(days=days) + SLACK for when in at) for name, days in ahead.items()}
    return {**counts, "most_in_a_crawl": schedule.most(len(at))}


def stale(output: Path, profile: Profile, catalog: Catalog, running: str | None) -> Iterator[str]:
    """Why the catalog does not say what the crawls do, a reason each; none where it does. What runs now is not missed."""
    reader = pages.reader(profile)
    if catalog.reader != reader:
        yield f"it was read by {catalog.reader}, and today's reader is {reader}"
        return
    known = {each.crawl: (each.folder, each.bytes) for each in catalog.folded()}
    choice = choose(output, profile, running)
    yield from (f"{crawl.name} is to be read again" for crawl in choice.unread if crawl.name != running)
    for source in choice.sources:
        if source.name == running:
            continue
        folder, ends = known.get(source.name, ("", {}))
        if folder != source.folder:
            yield f"{source.name} is not in it" if not folder else f"{source.name} was read again"
        elif _has_more(source, ends):
            yield f"{source.name} has grown"
    gone = known.keys() - {source.name for source in choice.sources} - {crawl.name for crawl in choice.unread}
    yield from (f"{name} is not there any more" for name in sorted(gone))


def _has_more(source: LineFolder, ends: Mapping[str, int]) -> bool:
    """Whether there are whole lines behind those that were folded; half a last line stays for ever."""
    for kind in ("articles", "sightings", "pages", "issues"):
        end = ends.get(kind, 0)
        if source.size(kind) > end and next(source.lines(kind, end), None) is not None:
            return True
    return False


def _crawl(crawl: Crawl, held: dict[str, Any] | None, happened: Counter[str]) -> dict[str, Any]:
    """One crawl: how it ended, what it took, and what it brought to light by the catalog of today."""
    report = _report(crawl)
    runs = held is not None and held.get("what") == crawl.name
    monitors = report.get("monitors")
    return {
        "crawl": crawl.name,
        "state": "whole" if crawl.whole else ("running" if runs else "unfinished"),
        "started": report.get("started"),
        "seconds": report.get("seconds"),
        "reason": report.get("reason"),
        "exit_code": report.get("exit_code"),
        "requests": report.get("requests_total"),
        "gaps": report.get("gaps"),
        "changes": {kind: happened[kind] for kind in KINDS},
        "alarms": monitors["alarms"] if isinstance(monitors, dict) else ([] if crawl.whole else None),
    }


def _report(crawl: Crawl) -> dict[str, Any]:
    try:
        said = json.loads((crawl.path / "report.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _used(folder: Path) -> int:
    """Bytes of all files below a folder; what vanishes meanwhile is not counted."""
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    total += _used(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    except FileNotFoundError:
        return total
    return total
