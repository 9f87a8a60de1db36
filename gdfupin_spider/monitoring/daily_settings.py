"""What `gdfupin daily` does, step by step: `[daily]` of operator.toml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from ..messages.text import N_
from .channels import SECRET

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST = 36_500
"""Days of a setting: a century, and no overflow."""
OWN = ("crawls", "index", "layouts", "readings", "releases", "stamps")
"""Folders of an archive, which hold nothing else."""
_ARCHIVE = re.compile(r"(?:best|wayback|commoncrawl(?:=\S+)?|cdx=https?://\S+)?")


@dataclass(frozen=True, slots=True)
class DailySettings:
    """The table [daily]. Steps with a switch are done unless it is false; those with a folder unless it is empty."""

    crawl: bool = True
    """Crawl the live site."""
    archives: str = "best"
    """Web archive that is asked where the live site is gone: best, wayback, commoncrawl, cdx=URL; empty: none ..."""
    archives_after_days: int = 7
    """... after this number of days without a crawl that could read the site; 0: after each crawl."""
    verify: bool = True
    """Check the captures and lines of crawls that no run has checked yet."""
    release: bool = True
    """Make a release if an article changed. Needs the extra `datasets`."""
    allow: tuple[str, ...] = ()
    """Checks that may fail, as of `gdfupin release --allow`: their names, or NAME:TEXT for single problems."""
    keep: int = 30
    """Releases that are kept, of those that were named by their date; 0: all. Releases with a name of their own are never deleted."""
    feeds: str = "feeds"
    """Folder of the feeds, below the archive if it is relative; empty: no feeds."""
    feed_days: int = 30
    """Days of changes in a feed."""
    site: str = ""
    """Folder of the reading room as static files, below the archive if it is relative; empty: none. Needs the extra `web`."""
    base_url: str = ""
    """Address of the folder of the site, for the sitemap and for links that must be absolute."""
    feeds_url: str = ""
    """Address of the folder of the feeds, for links of feeds to themselves and for feeds.opml."""
    notify: bool = True
    """Send messages about problems, alarms and gaps."""
    alerts: bool = True
    """Send the messages of [[alerts]]."""
    digest: bool = True
    """Send a digest of what changed, once a day at most. Days without changes have none."""
    digest_hour: int = 0
    """No digest before this hour of the day (0 to 23), in the time zone of the site; the changes are in the next one. A timer that runs only
    before it never sends one."""
    language: str = ""
    """Language of digests and feeds: zh or en; empty: as LANG of the environment."""
    weekly: str = "monday"
    """Day of the week whose digest also has the week in figures, and is sent in any case; empty: none."""
    readers: tuple[str, ...] = field(default=(), repr=False, metadata=SECRET)
    """Apprise URLs of the readers' channel: it gets the changes of a digest, and nothing about the health of the archive."""
    silent_days: int = 7
    """After this number of days without a message the readers hear that the archive is alive, and when it last looked; 0: never."""
    ping: bool = True
    """Request the ping URL of [notify] at the end."""
    log_megabytes: float = 5.0
    """Size at which daily.log is renamed to daily.log.1 ..."""
    log_files: int = 5
    """... and number of such older files."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """(key, what is wrong with its value)"""
        if not _ARCHIVE.fullmatch(self.archives):
            yield (
                "archives",
                N_("must be best, wayback, commoncrawl, cdx=URL or empty, not {archives!r}", archives=self.archives),
            )
        if self.digest_hour > 23:
            yield "digest_hour", N_("must be an hour from 0 to 23, not {digest_hour}", digest_hour=self.digest_hour)
        if self.language not in ("", "zh", "en"):
            yield "language", N_("must be zh, en or empty, not {language!r}", language=self.language)
        if self.weekly not in ("", *DAYS):
            yield "weekly", N_("must be a day such as monday, or empty, not {weekly!r}", weekly=self.weekly)
        for key, url in (("base_url", self.base_url), ("feeds_url", self.feeds_url)):
            if url and not re.match(r"https?://[^/\s]+", url):
                yield key, N_("must be an address with http or https, not {url!r}", url=url)
        if self.feed_days < 1:
            yield "feed_days", N_("must be 1 or more")
        for key in ("feed_days", "silent_days", "archives_after_days"):
            if getattr(self, key) > LONGEST:
                yield key, N_("must be {longest:,} days or less", longest=LONGEST)
        for key, name in (("feeds", self.feeds), ("site", self.site)):
            if name and (PurePath(name).parts[:1] or ("",))[0] in ("", "..", *OWN):
                yield (
                    key,
                    N_("must be a folder of its own below the archive, or an absolute path, not {name!r}", name=name),
                )
        if self.site and PurePath(self.site) == PurePath(self.feeds):
            yield "site", N_("must be another folder than that of feeds")
