"""Checks the decisions of persons: every line of `reviews.jsonl`, and the captures they are about."""

from pathlib import Path

from .. import warc
from ..errors import ArchiveError
from ..messages.text import N_
from ..storage.reviews import FILE, load
from ..warc import Damage
from .findings import Finding, OnFinding


def prove_reviews(output: Path, on_finding: OnFinding) -> int:
    """Returns the number of whole decisions."""
    path = output / FILE

    def damaged(damage: Damage) -> None:
        on_finding(Finding("reviews", path, damage.offset, damage.reason, damage=not damage.tail))

    count = 0
    for offset, review in load(output, damaged):
        count += 1
        try:
            capture = warc.read_at(output / "crawls" / review.capture.warc, review.capture.offset)
        except ArchiveError as error:
            reason = N_("its capture cannot be read: {error}", error=error)
        else:
            if capture.proof.payload_sha256 == review.capture.payload_sha256:
                continue
            reason = N_("the payload of its capture has another digest")
        on_finding(Finding("reviews", path, offset, reason))
    return count
