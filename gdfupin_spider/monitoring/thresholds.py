"""When a difference between a crawl and earlier ones is an alarm: `[monitors]` of operator.toml."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The table [monitors]. docs/operating.md lists the monitors that use each value."""

    history: int = 10
    """Maximum number of earlier crawls of the same kind whose median is compared."""
    min_history: int = 3
    """Minimum number of them; with fewer nothing is compared."""
    min_sample: int = 20
    """Shares of fewer articles or pages than this are not compared."""
    share_change: float = 0.10
    """Alarm where a share differs from the median by more than this (0.10: 10 percentage points) ..."""
    min_change: int = 5
    """... and the difference is at least this number of articles, pages or lines."""
    count_drop: float = 0.10
    """Alarm where a count is lower than the median by more than this share of it, and by more than `min_change`."""
    count_rise: float = 0.50
    """Alarm where the requests for each article, or the recurring lines, exceed the median by more than this share."""
    flood_factor: float = 5.0
    """Alarm where a crawl finds more than this number of times the usual maximum of new articles a day ..."""
    flood_min: int = 20
    """... and at least this number of them."""
    smaller_share: float = 0.50
    """Alarm where a crawl makes fewer requests than this share of the smallest of the compared crawls."""
    silence_factor: float = 2.0
    """Alarm where nothing was published for this number of times the longest silence of the two years before ..."""
    silence_min_days: int = 7
    """... and for at least this number of days."""
    silence_repeats: int = 3
    """The alarm is repeated this number of times, each time the silence has doubled; then the site has ended."""
    misfit_share: float = 0.20
    """Alarm where more than this share of the pages whose address pattern has a layout fit none."""
