"""The result of verify as JSON and as text."""

from collections.abc import Iterator, Sequence

from ..terminal import pluralized
from .findings import Finding
from .output import Verified

SHOWN = 25
"""Number of findings of one sort in the text; --json has all."""


def encode(found: Verified) -> dict[str, object]:
    """As one JSON object."""
    return {
        "whole": not found.damage,
        "crawls": found.crawls,
        "captures": found.captures,
        "lines": found.lines,
        "readings": found.readings,
        "reviews": found.reviews,
        "stamps": found.stamps,
        "releases": found.releases,
        "catalog_compared": found.catalog,
        "damage": [finding.encode() for finding in found.damage],
        "acknowledged": [finding.encode() for finding in found.acknowledged],
        "notes": [finding.encode() for finding in found.notes],
        "repaired": found.repaired,
        "lost": found.lost,
    }


def report_lines(found: Verified) -> Iterator[str]:
    """The text, line by line."""
    yield from _some("Repaired", found.repaired)
    yield from _some("Lost", found.lost)
    yield from _some("Damage", found.damage)
    for step in dict.fromkeys(finding.next for finding in found.damage):
        yield f"Next: {step}"
    if found.damage:
        yield (
            "If a loss is for ever: `gdfupin ack PLACE --reason TEXT`, where PLACE is the file below the archive, such as "
            "crawls/CRAWL/capture-00000.warc.gz, or FILE@BYTE"
        )
    yield from _some("Acknowledged", [f"{finding}: {finding.acknowledged}" for finding in found.acknowledged])
    yield from _some("Notes (no damage)", found.notes)
    catalog = "; the catalog matches its source lines" if found.catalog and not _about_catalog(found.damage) else ""
    reviews = f", {pluralized(found.reviews, 'review')}" if found.reviews else ""
    reviews += f", {pluralized(found.releases, 'release')}" if found.releases else ""
    reviews += f", {pluralized(found.stamps, 'time stamp')}" if found.stamps else ""
    yield (
        f"{pluralized(found.crawls, 'crawl')}, {pluralized(found.captures, 'capture')}, {pluralized(found.lines, 'line')}, {pluralized(found.readings, 'reading')}{reviews}: "
        + (pluralized(len(found.damage), "damaged place") if found.damage else f"no damage{catalog}")
    )


def _about_catalog(findings: Sequence[Finding]) -> bool:
    return any(finding.part == "catalog" for finding in findings)


def _some(title: str, what: Sequence[object]) -> Iterator[str]:
    if what:
        yield f"{title}:"
        yield from (f"  {one}" for one in what[:SHOWN])
    if len(what) > SHOWN:
        yield f"  ... and {len(what) - SHOWN} more; --json has all"
