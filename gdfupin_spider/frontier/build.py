"""Makes the plan of a crawl from the archive: the catalog, the reports of earlier crawls, the WARC of unfinished ones.

A crawl that did not finish (killed, interrupted, `--limit`) has not followed all links of its pages. The pages are parsed
again from its WARC, without network access, and links without a response are requested by the next crawl.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from .. import deadline, pages, warc
from ..catalog import ArticleState, Catalog, Known, known
from ..catalog.facts import number_of
from ..catalog.sources import CATALOG
from ..clock import stamp
from ..ledger.response_faults import HOPELESS, response_fault
from ..pages import Page
from ..pages.dom.file_types import MEDIA_PATH
from ..profiles import Profile
from ..storage.crawls import AHEAD, Crawl, crawls, crawls_of_site, is_ahead
from ..storage.holds import decisions, is_held
from ..storage.line_file import lines
from ..storage.open_gaps import OpenGap
from ..storage.report import read_crawl_report
from .plan import Marks, Plan, Recheck
from .recheck import SLACK, Schedule, due

SPARES = 10
"""Articles that a crawl looks at in addition if most of those that are due are missing."""
LEFT = frozenset({"suspected", "gone", "moved"})
"""States of addresses at which an article was not when they were last looked at."""
TURNED_AWAY = frozenset({"SiteUnreachable", "SiteForeign", "WrongClock"})
"""Reasons of crawls that ended before they had any links to follow."""


@dataclass(frozen=True)
class Past:
    """A summary of the reports of earlier live crawls."""

    unfinished: tuple[Crawl, ...] = ()
    """Crawls since the last one that finished."""
    full_at: datetime | None = None
    """When the last finished full crawl began; None without any."""
    no_media: tuple[Crawl, ...] = ()
    """Crawls that may lack pictures and attachments: unfinished, with --no-media, or with gaps."""


def past(output: Path, now: datetime) -> Past:
    """Reads the reports of all live crawls of this output. Crawls of a clock that was ahead count as the oldest ones."""
    unfinished: list[Crawl] = []
    no_media: list[Crawl] = []
    full_at: datetime | None = None
    decided = decisions(output)
    for crawl in crawls_of_site(output, now):
        report = read_crawl_report(crawl.path)
        if report is not None and report.run.reason in TURNED_AWAY:
            continue
        if is_held(crawl.name, report, decided):
            continue
        if report is None or report.run.reason != "finished":
            unfinished.append(crawl)
            no_media.append(crawl)
            continue
        unfinished.clear()
        if report.settings.full and not is_ahead(crawl, now):
            full_at = datetime.fromisoformat(report.run.started)
        if not report.settings.media or report.counts.gaps:
            no_media.append(crawl)
    return Past(tuple(unfinished), full_at, tuple(no_media))


def plan(
    output: Path,
    profile: Profile,
    schedule: Schedule,
    now: datetime,
    *,
    full: bool,
    recheck: str,
    media: bool,
    gaps: Iterable[OpenGap] = (),
) -> Plan:
    """The plan of a crawl that begins now. Raises CatalogUnusable.

    `full`: a full crawl was requested; without it a crawl is full if the last full one is long ago. `recheck`: which
    articles are requested again: those that are `due`, `all`, or `none`. `gaps`: those that are open; what is not due is
    requested only by a full crawl that was requested, or with `all`.
    """
    number, earlier = partial(number_at, profile), past(output, now)
    late = full or recheck == "all"
    waiting = frozenset(
        number(gap.url) for gap in gaps if gap.level != "refusal" and not late and gap.due() > now + SLACK
    )
    full = full or earlier.full_at is None or now - earlier.full_at >= timedelta(days=schedule.full_days) - SLACK
    spares: tuple[Recheck, ...] = ()
    with Catalog(output / CATALOG) as catalog:
        state = known(catalog, HOPELESS, now=now)
        count = sum(catalog.counts().articles.values())
        walk_all = full or bool(earlier.unfinished)
        # a conditional request would return no links to follow
        walked = {n: head.url for n, head in state.heads.items() if head.walked and not walk_all}
        marks = {n: _marks(catalog, profile, url) for n, url in walked.items()}
        if recheck == "all":
            rechecks = [Recheck(url) for article in catalog.articles() for url in catalog.aliases(article.id)]
        else:
            articles = catalog.articles(until=stamp(now + AHEAD)) if recheck == "due" else ()
            owing = due(articles, now, schedule, catalog.failed_looks())
            rechecks = [_recheck(catalog, output, profile, article) for article in owing]
            rechecks = [each for each in rechecks if number(each.url) not in waiting]
            spares = _spares(catalog, owing, now) if recheck == "due" else ()
    owed = {n: url for n, url in state.owed.items() if not MEDIA_PATH.search(url.partition("?")[0])}
    for crawl in earlier.unfinished:
        owed |= {n: url for url in frontier(crawl, profile) if _is_unknown(n := number(url), state)}
    fetched = frozenset(number(url) for url in _fetched(output)) if media else frozenset()
    return Plan(
        number=number,
        full=full,
        articles=state.articles,
        article_count=count,
        passed=state.passed,
        listings=state.listings,
        sections=state.sections,
        titles=state.titles,
        contents=state.contents,
        heads=state.heads,
        # a crawl that was killed within a listing knows its first new rows, but not those after them
        walk_all=walk_all,
        waiting=waiting,
        owed=tuple(url for n, url in owed.items() if n not in waiting),
        marks=marks,
        rechecks=tuple(rechecks),
        spares=spares,
        media=fetched,
        owed_media=tuple(_unfetched(earlier.no_media, number, fetched | waiting)) if media else (),
    )


def _recheck(catalog: Catalog, output: Path, profile: Profile, article: ArticleState) -> Recheck:
    return Recheck(article.url, _marks(catalog, profile, article.url, output), _others(catalog, article))


def _spares(catalog: Catalog, due_now: Iterable[ArticleState], now: datetime) -> tuple[Recheck, ...]:
    """Live articles beside those that are due: the ones that were looked at the longest ago."""
    taken = {article.id for article in due_now}
    rest = [each for each in catalog.articles("live", until=stamp(now + AHEAD)) if each.id not in taken]
    rest.sort(key=lambda article: (article.looked_at or "", article.id))
    return tuple(Recheck(each.url, others=_others(catalog, each)) for each in rest[:SPARES])


def _others(catalog: Catalog, article: ArticleState) -> tuple[str, ...]:
    """The other addresses of an article at which it may be.

    Of an article that is there, those that it left are not: a site that was redesigned five times has five addresses of each
    article, and one that is alive. Of a missing one all are: it is gone when it is at none of them.
    """
    others = [alias for alias in catalog.addresses(article.id) if alias.url != article.url]
    if article.missing_since is None:
        others = [alias for alias in others if (state := catalog.address(alias.id)) is None or state.state not in LEFT]
    return tuple(alias.url for alias in others)


def _marks(catalog: Catalog, profile: Profile, url: str, output: Path | None = None) -> Marks:
    """The validators of the page at an address. `output`: given for articles; those of several pages have none."""
    state = catalog.address(pages.article_id(profile.name, url))
    if state is None or (output is not None and _has_parts(catalog, output, state.article)):
        return Marks()
    return Marks(state.etag, state.last_modified)


def _has_parts(catalog: Catalog, output: Path, article: str | None) -> bool:
    """Whether an article has several pages: the validators of the first page do not cover the others."""
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
    """Links of the pages in the WARC of a crawl that the crawl did not fetch. Damaged records are skipped."""
    done: set[str] = set()
    linked: dict[str, str] = {}
    for capture in warc.read(crawl.path, lambda damage: None, without="media"):
        if capture.purpose not in ("page", "part") or capture.method != "GET":
            continue
        page = deadline.read(capture, profile)
        if response_fault(capture, page) is None:
            done.add(pages.identity_key(capture.url))
        linked |= {pages.identity_key(url): url for url in _targets(page)}
    yield from (url for key, url in linked.items() if key not in done)


def _targets(page: Page) -> Iterator[str]:
    """URLs of all rows, links and redirects of a page."""
    yield from (row.url for row in page.rows)
    if page.kind != "foreign":
        yield from (link.url for link in page.links if link.role == "link")
    yield from (url for url in (page.to, page.first_part) if url is not None)


def _is_unknown(n: int, state: Known) -> bool:
    return not (n in state.articles or n in state.passed or n in state.listings)


def _fetched(output: Path) -> Iterator[str]:
    """URLs of pictures and attachments with a response, except server errors."""
    for crawl in crawls(output):
        for _, line in lines(crawl.path / "media.jsonl", lambda damage: None):
            if line["status"] < 500:
                yield line["url"]


def _unfetched(
    sources: Iterable[Crawl], number: Callable[[str], int], fetched: frozenset[int]
) -> Iterator[tuple[str, str]]:
    """(URL, URL of the article) of pictures and attachments in article lines that are not `fetched`."""
    for crawl in sources:
        for _, line in lines(crawl.path / "articles.jsonl", lambda damage: None):
            for file in (*line["images"], *line["attachments"]):
                if number(file["url"]) not in fetched:
                    yield file["url"], line["url"]
