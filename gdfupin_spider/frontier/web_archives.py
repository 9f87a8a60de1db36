"""Web archives that captures are fetched from, and how fast: `[archives]` of operator.toml."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebArchives:
    """The table [archives] of operator.toml. The pace is for each archive, over all commands on this machine."""

    wayback: str = "https://web.archive.org"
    """Address of the Wayback Machine, or of a server that speaks as it does."""
    commoncrawl_index: str = "https://index.commoncrawl.org/collinfo.json"
    """Address of the list of Common Crawl's indexes."""
    commoncrawl_data: str = "https://data.commoncrawl.org"
    """Where Common Crawl's index files and WARC files are."""
    cdx: tuple[str, ...] = ()
    """Further archives: addresses of their CDX servers. `gdfupin scout` asks them, too."""
    index_per_minute: float = 24
    """Index queries a minute: 80 % of the 30 that the staff of the Wayback Machine allow."""
    playbacks_per_minute: float = 480
    """Captures a minute: 80 % of the 600 that they allow."""
    inventory_days: float = 30
    """An inventory that is older is walked again."""
    retry_days: float = 30
    """Captures that an archive withholds, lacks or cannot show are asked for again after this time."""
