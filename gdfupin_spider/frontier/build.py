"""The plan of a crawl, out of the archive: the catalog, the reports of earlier crawls, and what unfinished ones left.

A crawl that did not finish (killed, interrupted, `--limit`) has pages of which not every link was followed. They are
read again from its WARC, without the network, and what they lead to is owed; so the next crawl completes it.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from .. import pages, warc
from ..catalog import ArticleState, Catalog, Known, known
from ..catalog.facts import number_of
from ..catalog.sources import CATALOG
from ..ledger.response_faults import HOPELESS, response_fault
from ..pages import Page
from ..pages.dom.file_types import MEDIA_PATH
from ..profiles import Profile
from ..storage.crawls import Crawl, crawls
from ..storage.line_file import lines
from ..storage.report import read_crawl_report
from .plan import Marks, Plan, Recheck
from .recheck import SLACK, Schedule, due

TURNED_AWAY = frozenset({"SiteUnreachable", "SiteForeign"})
"""Ends of crawls that met nothing they could leave unfinished."""


@dataclass(frozen=True)
class Past:
    """What the reports of the live crawls there are say."""

    unfinished: tuple[Crawl, ...] = ()
    """Those since the last one that finished."""
    full_at: datetime | None = None
    """When the last full crawl that finished began."""
    no_media: tuple[Crawl, ...] = ()
    """Those that may not have all pictures and files they met: unfinished, with --no-media, or with gaps."""


def past(output: Path) -> Past:
    """What came of the live crawls of this output."""
    unfinished: list[Crawl] = []
    no_media: list[Crawl] = []
    full_at: datetime | None = None
    for crawl in crawls(output):
        report = read_crawl_report(crawl.path)
        if report is not None and (report.run.reason in TURNED_AWAY or report.run.origin not in ("live", "demo")):
            continue
        if report is None or report.run.reason != "finished":
            unfinished.append(crawl)
            no_media.append(crawl)
            continue
        unfinished.clear()
        if report.settings.full:
            full_at = datetime.fromisoformat(report.run.started)
        if not report.settings.media or report.counts.gaps:
            no_media.append(crawl)
    return Past(tuple(unfinished), full_at, tuple(no_media))


def plan(
    output: Path, profile: Profile, schedule: Schedule, now: datetime, *, full: bool, recheck: str, media: bool
) -> Plan:
    """The plan of a crawl that begins now. `full`: it is asked for; else it is where the last one is long ago.

    `recheck`: which articles are looked at again: those that are `due`, `all`, or `none`.

    Raises CatalogUnusable.
    """
    number, earlier = partial(number_at, profile), past(output)
    full = full or earlier.full_at is None or now - earlier.full_at >= timedelta(days=schedule.full_days) - SLACK
    with Catalog(output / CATALOG) as catalog:
        there = known(catalog, HOPELESS)
        walk_all = full or bool(earlier.unfinished)
        # what must be walked on from must come whole
        walked = {n: head.url for n, head in there.heads.items() if head.walked and not walk_all}
        marks = {n: _marks(catalog, profile, url) for n, url in walked.items()}
        if recheck == "all":
            rechecks = [Recheck(url) for one in catalog.articles() for url in catalog.aliases(one.id)]
        else:
            owing = due(catalog.articles(), now, schedule) if recheck == "due" else []
            rechecks = [_recheck(catalog, output, profile, one) for one in owing]
    owed = {n: url for n, url in there.owed.items() if not MEDIA_PATH.search(url.partition("?")[0])}
    for crawl in earlier.unfinished:
        owed |= {n: url for url in frontier(crawl, profile) if _is_unknown(n := number(url), there)}
    fetched = frozenset(number(url) for url in _fetched(output)) if media else frozenset()
    return Plan(
        number=number,
        full=full,
        articles=there.articles,
        passed=there.passed,
        listings=there.listings,
        heads=there.heads,
        # whoever was killed on the way down a listing saw new rows, and not what was behind them
        walk_all=walk_all,
        owed=tuple(owed.values()),
        marks=marks,
        rechecks=tuple(rechecks),
        media=fetched,
        owed_media=tuple(_unfetched(earlier.no_media, number, fetched)) if media else (),
    )


def _recheck(catalog: Catalog, output: Path, profile: Profile, article: ArticleState) -> Recheck:
    others = tuple(url for url in catalog.aliases(article.id) if url != article.url)
    return Recheck(article.url, _marks(catalog, profile, article.url, output), others)


def _marks(catalog: Catalog, profile: Profile, url: str, output: Path | None = None) -> Marks:
    """What the page at an address was given. `output`: it is an article's, where only one of one page has any."""
    state = catalog.address(pages.article_id(profile.name, url))
    if state is None or (output is not None and _has_parts(catalog, output, state.article)):
        return Marks()
    return Marks(state.etag, state.last_modified)


def _has_parts(catalog: Catalog, output: Path, article: str | None) -> bool:
    """Whether an article goes over several pages, of whose others the first one's marks say nothing."""
    *_, last = catalog.versions(article)
    if last.line is None:
        return True
    with (output / last.line.folder / "articles.jsonl").open("rb") as file:
        file.seek(last.line.offset)
        return len(json.loads(file.readline())["captures"]) > 1


def number_at(profile: Profile, url: str) -> int:
    """The catalog's number of the address of a URL."""
    return number_of(pages.article_id(profile.name, url))


def frontier(crawl: Crawl, profile: Profile) -> Iterator[str]:
    """What the pages in a crawl's WARC lead to and the crawl did not fetch. Damage is passed over."""
    done: set[str] = set()
    led: dict[str, str] = {}
    for capture in warc.read(crawl.path, lambda damage: None):
        if capture.purpose not in ("page", "part") or capture.method != "GET":
            continue
        page = pages.read(capture, profile)
        if response_fault(capture, page) is None:
            done.add(pages.identity_key(capture.url))
        led |= {pages.identity_key(url): url for url in _leads(page)}
    yield from (url for key, url in led.items() if key not in done)


def _leads(page: Page) -> Iterator[str]:
    yield from (row.url for row in page.rows)
    if page.kind != "foreign":
        yield from (link.url for link in page.links if link.role == "link")
    yield from (url for url in (page.to, page.first_part) if url is not None)


def _is_unknown(n: int, there: Known) -> bool:
    return not (n in there.articles or n in there.passed or n in there.listings)


def _fetched(output: Path) -> Iterator[str]:
    """URLs of pictures and attachments that some crawl has got an answer for."""
    for crawl in crawls(output):
        for _, line in lines(crawl.path / "media.jsonl", lambda damage: None):
            if line["status"] < 500:
                yield line["url"]


def _unfetched(
    from_: Iterable[Crawl], number: Callable[[str], int], fetched: frozenset[int]
) -> Iterator[tuple[str, str]]:
    for crawl in from_:
        for _, line in lines(crawl.path / "articles.jsonl", lambda damage: None):
            for file in (*line["images"], *line["attachments"]):
                if number(file["url"]) not in fetched:
                    yield file["url"], line["url"]
