"""The figures by which the fold judges; the operator may set them."""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """When something that is not there is believed to be gone, and when two bodies are one."""

    gone_hours: float = 12
    """An address is gone when two crawls, at least so far apart, found it missing."""
    mass_share: float = 0.05
    """Where more than this share of the articles looked at is missing at once, the site is doubted, not they."""
    mass_floor: int = 10
    """Fewer than so many missing articles are no mass."""
    mass_crawls: int = 3
    """So many such crawls in a row are believed ..."""
    mass_days: float = 7
    """... where the last began at least so long after the first."""
    alike_share: float = 0.9
    """A body that is at least so much alike carries the same article on."""

    def text(self) -> str:
        """For comparing: the catalog is derived again where this differs."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)
