"""What a release is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..catalog import Catalog, CrawlState
from ..catalog.decisions import Decisions, decisions_of
from ..catalog.withdrawn import Withdrawn, withdrawn_in
from ..monitoring.release_floors import ReleaseFloors
from ..profiles import Profile
from ..storage.publication import Publication
from .manifest import CrawlInput
from .metadata import CrawlUsed


@dataclass(frozen=True)
class ReleaseInputs:
    """The crawls of an archive, what persons decided, and what its operator set."""

    output: Path
    profile: Profile
    catalog: Catalog
    """Open."""
    crawls: tuple[CrawlInput, ...]
    decisions: Decisions
    withdrawn: Withdrawn
    floors: ReleaseFloors
    publication: Publication

    @property
    def date(self) -> str:
        """`YYYY-MM-DD` of the newest crawl, from its name or else from its last capture."""
        return _date(self.crawls)

    @property
    def is_demo(self) -> bool:
        return any("demo" in each.crawl.origins for each in self.crawls)

    @property
    def title(self) -> str:
        """Of the data set."""
        return f"{self.profile.title}（演示数据 demo data）" if self.is_demo else self.profile.title

    @property
    def decided(self) -> tuple[str, str]:
        """Digests of the reviews and of the withdrawals."""
        return self.decisions.digest, self.withdrawn.digest


def inputs_of(
    output: Path, profile: Profile, catalog: Catalog, floors: ReleaseFloors, publication: Publication
) -> ReleaseInputs:
    """All folded crawls, and all decisions. Raises ArchiveError."""
    crawls = tuple(_folded(crawl) for crawl in catalog.crawls())
    decisions, withdrawn = decisions_of(output), withdrawn_in(output, catalog)
    return ReleaseInputs(output, profile, catalog, crawls, decisions, withdrawn, floors, publication)


def _folded(state: CrawlState) -> CrawlInput:
    used = CrawlUsed(state.name, state.began, state.ended, state.origins, state.sightings, state.articles)
    return CrawlInput(used, dict(state.folded))


def _date(used: Sequence[CrawlInput]) -> str:
    return max((_day(each.crawl) for each in used), default="1970-01-01")


def _day(crawl: CrawlUsed) -> str:
    digits = crawl.name[:8]
    if len(digits) == 8 and digits.isdecimal() and crawl.name[8:9] == "T":
        return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    return (crawl.ended or crawl.began or "1970-01-01")[:10]
