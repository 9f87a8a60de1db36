"""The reports of earlier crawls, as far as the monitors need them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..storage.crawls import crawls
from .monitors import TOLD

MOST = 400
"""So many of the newest are read: among a year of daily crawls are those that walked everything once a month."""
_KEPT = {*TOLD, "reason", "catalog", "monitors"} - {"leaks", "coverage"}


def earlier(output: Path, crawl: str) -> list[dict[str, Any]]:
    """Of the whole crawls of an output but this one, oldest first. A report that cannot be read is passed over."""
    found = []
    for each in [each for each in crawls(output) if each.whole and each.name != crawl][-MOST:]:
        try:
            found.append(slim(json.loads((each.path / "report.json").read_bytes())))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue  # written by an older program, or by hand: nothing can be held against it
    return found


def slim(report: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is large and not compared. Raises KeyError and the like where it is no report of today's shape."""
    leaks, fresh = report["leaks"], (report["completeness"] or {}).get("fresh")
    return {
        **{key: report[key] for key in _KEPT if key in report},
        "leaks": {
            "recurring_lines": {"count": leaks["recurring_lines"]["count"]},
            "titles": {key: leaks["titles"][key] for key in ("compared", "disagree")},
        },
        "coverage": {
            section: {key: covered[key] for key in ("printed_total", "listing_pages", "listed")}
            for section, covered in report["coverage"].items()
        },
        "completeness": {"fresh": fresh},
    }
