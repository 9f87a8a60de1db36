"""The result of verify as JSON and as text."""

from collections.abc import Iterator, Sequence

from ..messages.text import COLON, N_, joined
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
    yield from _some(N_("Repaired:"), found.repaired)
    yield from _some(N_("Lost:"), found.lost)
    yield from _some(N_("Damage:"), [each.sentence() for each in found.damage])
    for step in dict.fromkeys(finding.next for finding in found.damage):
        yield N_("Next: {step}", step=step)
    if found.damage:
        yield (
            N_(
                "If a loss is for ever: `gdfupin ack PLACE --reason TEXT`, where PLACE is the file below the "
                "archive, such as crawls/CRAWL/capture-00000.warc.gz, or FILE@BYTE"
            )
        )
    yield from _some(
        N_("Acknowledged:"),
        [joined((each.sentence(), each.acknowledged or ""), COLON) for each in found.acknowledged],
    )
    yield from _some(N_("Notes (no damage):"), [each.sentence() for each in found.notes])
    checked = [
        pluralized(found.crawls, "crawl"),
        pluralized(found.captures, "capture"),
        pluralized(found.lines, "line"),
        pluralized(found.readings, "reading"),
    ]
    others = (
        (found.reviews, pluralized(found.reviews, "review")),
        (found.releases, pluralized(found.releases, "release")),
        (found.stamps, pluralized(found.stamps, "time stamp")),
    )
    checked += [words for count, words in others if count]
    result: str = N_("no damage")
    if found.damage:
        result = pluralized(len(found.damage), "damaged place")
    elif found.catalog and not _about_catalog(found.damage):
        result = N_("no damage; the catalog matches its source lines")
    yield joined((joined(checked), result), COLON)


def _about_catalog(findings: Sequence[Finding]) -> bool:
    return any(finding.part == "catalog" for finding in findings)


def _some(title: str, what: Sequence[str]) -> Iterator[str]:
    if what:
        yield title
        yield from (joined(("  ", one), "") for one in what[:SHOWN])
    if len(what) > SHOWN:
        yield N_("  ... and {what} more; --json has all", what=len(what) - SHOWN)
