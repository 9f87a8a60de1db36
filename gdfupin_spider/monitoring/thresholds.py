"""The figures by which a crawl is compared with those before it; the operator may set them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """When a figure is so unlike those of earlier crawls that a person should look."""

    history: int = 10
    """It is compared with the median of at most so many earlier crawls of the same kind ..."""
    at_least: int = 3
    """... and only where there are so many of them."""
    enough: int = 20
    """A share of fewer articles or pages than this says nothing."""
    points: float = 0.10
    """A share has fallen or risen when it is farther than this from the median ..."""
    floor: int = 5
    """... and so many articles or pages stand behind the difference."""
    fewer: float = 0.10
    """A number has fallen when more than this share of the median is missing, and at least `floor`."""
    more: float = 0.50
    """Other requests to an article, or recurring lines, have risen when there are so much more of them."""
    quiet: float = 2.0
    """Nothing new for so many times the longest silence of the site's last two years is unusually long ..."""
    quiet_days: int = 7
    """... and at least so many days."""
    quiet_doublings: int = 3
    """It is said again when the silence has doubled, so often; a site that has ended is let rest."""
