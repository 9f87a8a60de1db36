"""Where the site can still be had, all sources together, and the command to type next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ... import clock, pages
from ...catalog import Catalog
from ...catalog.coverage import KnownUrl, addresses, sections
from ...catalog.sources import CATALOG
from ...frontier.scope import Scope
from ...frontier.web_archives import WebArchives
from ...items import as_dict
from ...messages.text import N_, enumeration
from ...monitoring.id_gaps import runs
from ...profiles import Profile
from ...storage.lock import OutputLock
from ..archives.address_kinds import AddressKinds
from ..archives.web_archive import all_options
from .archive_look import look_at
from .estimates import ArticleEstimate, captured_twice, numbered, printed
from .holdings import ArchiveHoldings
from .live_site import LiveSite, looked_at

CRAWLS = 3
"""Crawls of an archive that are compared with each other."""


@dataclass(frozen=True, slots=True)
class NextCommand:
    """A command to type next, without --output."""

    command: str
    why: str


@dataclass(frozen=True)
class ScoutReport:
    """The result of a scout."""

    at: str
    """UTC."""
    live: LiveSite
    held_articles: int
    held_crawls: int
    archives: tuple[ArchiveHoldings, ...]
    estimates: tuple[ArticleEstimate, ...]
    next: tuple[NextCommand, ...]
    """The best first."""

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            "at": self.at,
            "live": as_dict(self.live),
            "held": {"articles": self.held_articles, "crawls": self.held_crawls},
            "archives": [archive.encode() for archive in self.archives],
            "estimates": [as_dict(estimate) for estimate in self.estimates],
            "next": [as_dict(command) for command in self.next],
        }


def scouted(
    output: Path,
    profile: Profile,
    settings: WebArchives,
    crawls: int,
    *,
    say: Callable[[str], None] = lambda text: None,
) -> ScoutReport:
    """Asks all sources, one after the other. What cannot be reached is named, and the others go on.

    `crawls`: number of crawls in the output. Raises CrawlRunning, CannotWrite, CatalogUnusable.
    """
    say(N_("looking at the live site"))
    live = looked_at(profile)
    kinds, scope = AddressKinds(output, profile), Scope(profile)
    archives = []
    with OutputLock(output, "gdfupin scout"):
        for option in all_options(settings):
            say(N_("asking {option}", option=option))
            archives.append(look_at(option, output, profile, settings, kinds, scope, say=say))
    known, totals, articles = _known(output)
    samples = {archive.name: archive.article_keys for archive in archives if archive.article_keys}
    held = frozenset(pages.identity_key(each.url) for each in known if each.is_article)
    if held:
        samples["held"] = held
    estimates = [*captured_twice(samples), *_by_crawl(archives), *printed(totals), *_numbered(known, archives)]
    return ScoutReport(
        clock.stamp(),
        live,
        articles,
        crawls,
        tuple(archives),
        tuple(estimates),
        tuple(next_commands(live, archives, articles, profile)),
    )


def _known(output: Path) -> tuple[list[KnownUrl], list[tuple[str, int]], int]:
    """Addresses, printed totals by section, and the number of articles of the catalog; nothing where there is none."""
    if not (output / CATALOG).exists():
        return [], [], 0
    with Catalog(output / CATALOG) as catalog:
        totals = [(each.section, each.printed_total) for each in sections(catalog) if each.printed_total]
        return list(addresses(catalog)), totals, sum(catalog.counts().articles.values())


def _by_crawl(archives: Sequence[ArchiveHoldings]) -> list[ArticleEstimate]:
    """Estimates from the largest crawls of archives that tell crawls apart. One archive finds what it found before, so these
    are rather too low."""
    found: list[ArticleEstimate] = []
    for archive in archives:
        largest = sorted(archive.article_keys_by_crawl.items(), key=lambda each: (-len(each[1]), each[0]))[:CRAWLS]
        found += captured_twice(dict(largest))
    return found


def _numbered(known: Sequence[KnownUrl], archives: Sequence[ArchiveHoldings]) -> list[ArticleEstimate]:
    """The largest run of numbers in addresses of articles, of all sources together."""
    is_article: dict[str, bool] = {}
    for each in known:
        key = pages.identity_key(each.url)
        is_article[key] = is_article.get(key, False) or each.is_article
    for archive in archives:
        is_article |= dict.fromkeys(archive.article_keys, True)
    # identity keys: http and https, with and without www., are one run
    found = runs((f"http://{key}", article) for key, article in sorted(is_article.items()))
    return [numbered(run.pattern, run.first, run.last, run.articles, run.others) for run in found[:1]]


def next_commands(
    live: LiveSite, archives: Sequence[ArchiveHoldings], held: int, profile: Profile
) -> list[NextCommand]:
    """The commands to type next, the best first. `held`: number of articles of the catalog."""
    commands: list[NextCommand] = []
    url = next(iter(profile.start_urls), live.fetches[0].url if live.fetches else "")
    start = f" --start-url {live.start_url}" if live.start_url else ""
    match live.verdict:
        case "alive":
            commands.append(
                NextCommand(f"gdfupin crawl{start}", N_("the site is alive: what is there today comes first"))
            )
        case "moved":
            host = urlsplit(live.start_url or "").netloc
            commands.append(NextCommand(f"gdfupin crawl{start}", N_("the site is at {host} now", host=host)))
        case _:
            pass
    with_captures = [archive for archive in archives if archive.captures]
    with_news = [archive for archive in with_captures if archive.new_articles]
    if len(with_news) > 1:
        best = max(with_news, key=lambda archive: archive.missing_articles)
        why = N_(
            "{with_news} archives have articles that are not held; {name} most, {missing_articles:,}",
            with_news=len(with_news),
            name=best.name,
            missing_articles=best.missing_articles,
        )
        commands.append(NextCommand("gdfupin crawl --from best", why))
    elif with_captures:
        best = max(with_captures, key=lambda archive: (archive.missing_articles, archive.captures))
        what = (
            N_("{missing_articles:,} articles that are not held", missing_articles=best.missing_articles)
            if best.new_articles
            else N_("{captures:,} captures of pages", captures=best.captures)
        )
        commands.append(
            NextCommand(
                f"gdfupin crawl --from {best.option} --plan",
                N_("{name} has {what}", name=best.name, what=what),
            )
        )
    if live.verdict == "walled":
        commands.append(NextCommand(f"gdfupin probe {url}", N_("the site answers with a block page: look at it")))
    refused = [archive.name for archive in archives if archive.error is not None]
    if not commands and refused:
        commands.append(
            NextCommand("gdfupin scout", N_("again later: {refused} cannot be asked now", refused=enumeration(refused)))
        )
    if not commands and held:
        commands.append(NextCommand("gdfupin status", N_("no source has more; {held:,} articles are held", held=held)))
    if not commands:
        commands.append(
            NextCommand(
                "gdfupin import PATH", N_("no source has anything: files that somebody saved are all that is left")
            )
        )
    return commands
