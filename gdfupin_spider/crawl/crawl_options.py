"""The options of a crawl, from the command line and Scrapy's settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..profiles import Profile
from ..storage.crawl_settings import CrawlSettings, Scalar
from ..storage.durable import FREE_FLOOR

RECORDED_SETTINGS = (
    "DOWNLOAD_DELAY",
    "CONCURRENT_REQUESTS",
    "DOWNLOAD_TIMEOUT",
    "ROBOTSTXT_OBEY",
    "USER_AGENT",
    "GDFUPIN_PAGE_BYTES",
    "GDFUPIN_MEDIA_BYTES",
)
"""Scrapy settings that are written into warcinfo and report.json; all others are left out, as they may hold secrets."""


@dataclass(frozen=True)
class CrawlOptions:
    """The options of a crawl."""

    output: Path
    profile: Profile
    start_urls: tuple[str, ...]
    given: tuple[str, ...] = ()
    """Start URLs that the operator gave; those of the profile are not included."""
    limit: int = 0
    """The crawl ends after this number of articles; 0: no limit."""
    minutes: float = 0
    """The crawl ends after this number of minutes; 0: no limit."""
    pages: int = 0
    """The crawl ends after this number of requests for pages; 0: no limit but that of `[limits]`."""
    media: bool = True
    requisites: bool = False
    """Style sheets, scripts and pictures of the template are fetched, too, so that playback looks like the site."""
    clock_ok: bool = False
    """The clock of this machine is right, whatever the server says."""
    demo: bool = False
    """The site is the replica: everything that is captured is marked as demo data."""
    full: bool = False
    """All listings are followed to their ends, and non-article pages are requested again."""
    recheck: str = "due"
    """Which known articles are requested again: those that are `due`, `all`, or `none`."""
    private_hosts: bool = False
    """The profile may name private addresses, such as 127.0.0.1."""
    layout_pages: int = 10
    """Minimum number of pages of a crawl that learns layouts; 0: none learns."""
    give_up_after: int = 30
    """The crawl ends when this number of addresses in a row could not be fetched."""
    free_bytes: int = FREE_FLOOR
    """The crawl ends before the disk has less free space than this."""
    settings: Mapping[str, Scalar] = field(default_factory=dict)
    """Values of RECORDED_SETTINGS."""

    def recorded(self) -> CrawlSettings:
        """The settings that reports and WARC files record."""
        return CrawlSettings(
            self.profile.name,
            self.start_urls,
            self.limit,
            self.minutes,
            self.pages,
            self.media,
            self.full,
            self.recheck,
            self.settings,
            self.requisites,
        )
