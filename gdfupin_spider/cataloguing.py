"""Bringing the catalog of an output up to date, and what is said of it: the verb `gdfupin catalog`."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from . import pages
from .catalog import Catalog, Rules, dump
from .crawls import OutputLock
from .folding import choose, fold
from .profiles import Profile
from .replay import replay

SHOWN = 20
"""So many lines that were passed over are named."""


def bring_up_to_date(
    output: Path,
    profile: Profile,
    rules: Rules | None = None,
    *,
    rebuild: bool = False,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, Any]:
    """Reads again what today's reader has not read, then folds; what came of it, for people and machines.

    Raises CrawlRunning, CatalogUnusable, CannotWrite, ArchiveError.
    """
    with OutputLock(output, "gdfupin catalog"):
        unread = choose(output, profile).unread
        for crawl in unread:
            say(f"reading {crawl.name} again: its lines are not of {pages.reader(profile)}")
            replay(crawl, profile, output)
        folded, choice = fold(output, profile, rules, rebuild=rebuild, progress=_now_and_then(say))
    with Catalog(output / "catalog.sqlite") as catalog:
        return {
            "catalog": str(output / "catalog.sqlite"),
            "reader": catalog.reader,
            "crawls": len(choice.sources),
            "read_again": [crawl.name for crawl in unread],
            "folded_again": folded.again,
            "new_lines": folded.lines,
            "articles_told": folded.articles,
            "problems": len(folded.problems),
            "examples": [f"{p.folder}/{p.kind}.jsonl at byte {p.offset}: {p.reason}" for p in folded.problems[:SHOWN]],
            **catalog.counts(),
            "doubted": [
                {"crawl": name, "why": why, "known": known, "missing": lost}
                for name, why, known, lost in catalog.doubted()
            ],
        }


def _now_and_then(say: Callable[[str], None]) -> Callable[[int], None]:
    """Says a count of lines each time another fifty thousand are done."""
    said = 0

    def tell(lines: int) -> None:
        nonlocal said
        if lines - said >= 50_000:
            said = lines
            say(f"{lines:,} lines folded")

    return tell


def dumped(output: Path) -> Iterator[str]:
    """The canonical dump of the catalog, line by line. Raises CatalogUnusable."""
    with Catalog(output / "catalog.sqlite") as catalog:
        yield from dump(catalog.db)


def told(report: dict[str, Any]) -> Sequence[str]:
    """What a person reads of it."""
    standing = ", ".join(f"{count:,} {status}" for status, count in report["articles"].items()) or "no articles"
    lines = [
        f"{standing}; {report['versions']:,} versions, {report['sightings']:,} sightings, {report['crawls']} crawls",
        f"{report['new_lines']:,} new lines, {report['articles_told']:,} articles told anew",
    ]
    if report["folded_again"]:
        lines.append(f"Everything was folded again: {report['folded_again']}")
    lines += [
        f"No disappearance is taken from {each['crawl']}: "
        + (
            "its home page was foreign or blocked"
            if each["why"] == "home"
            else f"{each['missing']} of {each['known']} articles were missing at once"
        )
        for each in report["doubted"]
    ]
    if report["problems"]:
        lines += [f"{report['problems']} lines were passed over:", *report["examples"]]
    return [*lines, report["catalog"]]
