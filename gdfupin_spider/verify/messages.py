"""What verify says, for people and for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from .findings import Finding
from .output import Verified

SHOWN = 25
"""So many findings of a sort are shown to a person; --json has all of them."""


def as_dict(found: Verified) -> dict[str, Any]:
    """Everything, as one JSON object."""
    return {
        "whole": not found.damage,
        "crawls": found.crawls,
        "captures": found.captures,
        "lines": found.lines,
        "readings": found.readings,
        "catalog_compared": found.catalog,
        "damage": [finding.as_dict() for finding in found.damage],
        "notes": [finding.as_dict() for finding in found.notes],
        "repaired": found.repaired,
        "lost": found.lost,
    }


def told(found: Verified) -> Iterator[str]:
    """Line by line, what a person reads."""
    yield from _some("Repaired", found.repaired)
    yield from _some("Lost", found.lost)
    yield from _some("Damage", found.damage)
    for step in dict.fromkeys(finding.next for finding in found.damage):
        yield f"Next: {step}"
    yield from _some("To be known, and no damage", found.notes)
    catalog = "; the catalog is what its lines fold to" if found.catalog and not _about_catalog(found.damage) else ""
    yield (
        f"{found.crawls} crawls, {found.captures:,} captures, {found.lines:,} lines, {found.readings} readings: "
        + (
            f"damage in {len(found.damage)} place{'s' * (len(found.damage) != 1)}"
            if found.damage
            else f"whole{catalog}"
        )
    )


def _about_catalog(findings: Sequence[Finding]) -> bool:
    return any(finding.part == "catalog" for finding in findings)


def _some(title: str, what: Sequence[object]) -> Iterator[str]:
    if what:
        yield f"{title}:"
        yield from (f"  {one}" for one in what[:SHOWN])
    if len(what) > SHOWN:
        yield f"  ... and {len(what) - SHOWN} more; --json has all"
