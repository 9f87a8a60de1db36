"""Killed crawls are judged before they are folded: a hijacked site must not be published because its crawl was killed.

A crawl that ends compares itself with earlier ones and may be held back. One that was killed could not. Its pages are read again
from its WARC files and compared with the catalog as it is without it; the verdict is a line of `output/decisions.jsonl`.
"""

import logging
from functools import partial
from pathlib import Path

from .. import clock, pages
from ..catalog import Catalog, Rules, known
from ..catalog.sources import CATALOG
from ..catalog.update import catch_up
from ..frontier.build import number_at
from ..frontier.plan import Plan
from ..items import Article, Issue, PageSeen, Sighting
from ..messages.text import N_
from ..pages import Page
from ..profiles import Profile
from ..replay.replayer import replaying
from ..storage import holds
from ..storage.crawl_settings import settings_of
from ..storage.crawls import Crawl
from ..storage.holds import HeldCrawl, HoldDecision, held_crawls, unjudged
from ..storage.report import CrawlReport, Run
from ..warc import Damage
from .history import earlier
from .lookout import Lookout
from .monitors import held_by
from .thresholds import Thresholds

log = logging.getLogger(__name__)


class Nowhere:
    """Takes the lines of a reading and keeps none."""

    def article(self, record: Article) -> None: ...
    def sighting(self, record: Sighting) -> None: ...
    def page(self, record: PageSeen) -> None: ...
    def issue(self, record: Issue) -> None: ...


def judge_killed_crawls(output: Path, profile: Profile, rules: Rules, thresholds: Thresholds) -> None:
    """Stores a verdict about each killed crawl that has none. The caller holds the lock of the output and no crawl runs.

    Raises CatalogUnusable, CannotWrite, ArchiveError.
    """
    found = unjudged(output, clock.now())
    left = {crawl.name for crawl in found}
    for crawl in found:
        catch_up(output, profile, rules, without=left)
        alarms = _alarms(crawl, output, profile, thresholds)
        reason = N_("it was killed before it could be compared with earlier crawls")
        decision = HoldDecision(crawl.name, "hold" if alarms else "pass", reason, clock.stamp(), alarms)
        holds.append(output, decision)
        if alarms:
            log.error("Crawl %s, which was killed, is held back (%s)", crawl.name, ", ".join(alarms))
        left.discard(crawl.name)


def untold(output: Path) -> list[HeldCrawl]:
    """Killed crawls that are held back, and that no crawl which ended could tell of yet."""
    found = [held for held in held_crawls(output) if held.killed]
    reported = {name for report in earlier(output, "") for name in report.run.killed_held} if found else set()
    return [held for held in found if held.crawl not in reported]


def _alarms(crawl: Crawl, output: Path, profile: Profile, thresholds: Thresholds) -> tuple[str, ...]:
    """Names of the alarms because of which a killed crawl is held back."""
    settings = settings_of(crawl.path)
    with Catalog(output / CATALOG) as catalog:
        state = known(catalog)
        count = sum(catalog.counts().articles.values())
    lookout = Lookout(
        Plan(
            partial(number_at, profile),
            articles=state.articles,
            article_count=count,
            listings=state.listings,
            heads=state.heads,
            sections=state.sections,
            titles=state.titles,
        )
    )
    starts = {pages.identity_key(url) for url in settings.start_urls or profile.start_urls}

    def on_page(page: Page | None, sighting: Sighting | None, article: Article | None) -> None:
        lookout.judged(page, sighting, article, ())
        if page is not None and pages.identity_key(page.capture.url) in starts:
            lookout.start_page(page)
            parts = [link.url for link in page.links if link.role in ("frame", "refresh")]
            starts.update(pages.identity_key(url) for url in (*parts, *([page.to] if page.to else [])))

    damages: list[Damage] = []
    reading, ledger = replaying(crawl.path, profile, Nowhere(), on_page)
    reading.run(damages)
    run = Run(
        crawl=crawl.name,
        started=_began(crawl),
        reason="killed",
        looked=lookout.result(),
        new_articles=lookout.new_articles,
        identity=lookout.identity,
    )
    return held_by(earlier(output, crawl.name), CrawlReport(run, ledger.counts(), settings=settings), thresholds)


def _began(crawl: Crawl) -> str:
    """When a crawl began, by its name."""
    day, time = crawl.name[:8], crawl.name[9:15]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"
