"""Thresholds of the fold; the operator can set them."""

import dataclasses
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """When a missing article is gone, and when two bodies are one text."""

    gone_hours: float = 12
    """An address is gone when two crawls at least this far apart found it missing."""
    mass_share: float = 0.05
    """A crawl that finds more than this share of its articles missing is doubted ..."""
    mass_floor: int = 10
    """... if it misses at least this many articles."""
    mass_crawls: int = 3
    """The last of this many doubted crawls in a row is believed ..."""
    mass_days: float = 7
    """... if it began at least this many days after the first."""
    alike_share: float = 0.9
    """The least share of common characters of two bodies that are one text."""

    def text(self) -> str:
        """Stored in the catalog, which is derived again where it differs."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True)


def decode_rules(text: str | None) -> Rules | None:
    """The rules of `Rules.text`; None where the text is not such, or lacks a threshold.

    >>> decode_rules(Rules(mass_floor=3).text()), decode_rules("{}"), decode_rules("?")
    (Rules(gone_hours=12, mass_share=0.05, mass_floor=3, mass_crawls=3, mass_days=7, alike_share=0.9), None, None)
    """
    try:
        values = json.loads(text or "")
        return Rules(**{field.name: values[field.name] for field in dataclasses.fields(Rules)})
    except (TypeError, ValueError, KeyError):
        return None
