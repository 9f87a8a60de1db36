"""The order in which `crawl --from best` asks the archives: the one that probably has most of the missing articles comes first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ...frontier.scope import Scope
from ...frontier.web_archives import WebArchives
from ...messages.text import N_, joined
from ...profiles import Profile
from ...storage.lock import OutputLock
from ..archives.address_kinds import AddressKinds
from .archive_look import look_at
from .holdings import ArchiveHoldings


@dataclass(frozen=True, slots=True)
class RankedSource:
    """One archive in the order."""

    source: str
    """Value of --from."""
    missing_articles: int
    """Addresses that seem to be articles and are not held."""
    why: str
    """For people."""
    refused: bool = False
    """Whether its index cannot be asked now: it comes last."""


def ranked(
    sources: Iterable[str],
    output: Path,
    profile: Profile,
    settings: WebArchives,
    *,
    ask: bool = True,
    say: Callable[[str], None] = lambda text: None,
) -> list[RankedSource]:
    """The archives in order. Of equal ones the first of `sources` comes first.

    `ask`: some answers of each index are read where its inventory is not whole; else what is on the disk decides. Raises
    CrawlRunning, CannotWrite.
    """
    kinds, scope = AddressKinds(output, profile), Scope(profile)
    with OutputLock(output, "gdfupin crawl --from best"):
        found = [_ranked(look_at(each, output, profile, settings, kinds, scope, ask=ask, say=say)) for each in sources]
    return sorted(found, key=lambda each: (each.refused, -each.missing_articles))


def _ranked(holdings: ArchiveHoldings) -> RankedSource:
    if holdings.error is not None:
        return RankedSource(
            holdings.option, 0, N_("its index cannot be asked now: {error}", error=holdings.error), refused=True
        )
    why = N_(
        "{missing_articles:,} articles that are not held, {captures:,} captures in its index",
        missing_articles=holdings.missing_articles,
        captures=holdings.captures,
    )
    if holdings.sample is not None:
        sample = N_(" (by {asked} of its {of} monthly indexes)", asked=holdings.sample.asked, of=holdings.sample.of)
        why = joined((why, sample), "")
    elif holdings.note is not None:
        why = joined((why, N_(" ({note})", note=holdings.note)), "")
    return RankedSource(holdings.option, holdings.missing_articles, why)
