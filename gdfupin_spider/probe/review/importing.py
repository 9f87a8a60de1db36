"""Takes decisions that were made elsewhere: lines of the HTML form, or of another copy of the archive."""

import json
from collections.abc import Iterable
from pathlib import Path

from ... import pages, warc
from ...errors import ArchiveError, WrongReview
from ...items import WrongShape
from ...messages.text import N_, joined
from ...profiles import Profile
from ...storage.reviews import Review, append, decode_review, load

SHOWN = 10
"""Wrong lines that the message lists."""


def import_reviews(output: Path, profile: Profile, texts: Iterable[str], name: str) -> list[Review]:
    """Appends the decisions of these lines and returns those that are new. Each must be of a capture of this archive.

    Nothing is appended where a line is wrong. `name`: of the file, for messages. Raises WrongReview, CannotWrite.
    """
    known = {review for _, review in load(output, lambda damage: None)}
    found: dict[Review, None] = {}
    wrong: list[str] = []
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
            if not isinstance(value, dict):
                raise WrongShape(N_("not a JSON object"))
            review = decode_review(value)
            _check(output, profile, review)
        except (ValueError, ArchiveError) as error:
            wrong.append(N_("line {number}: {error}", number=number, error=error))
            continue
        found[review] = None
    if wrong:
        more = N_("\n  and {wrong} more", wrong=len(wrong) - SHOWN) if len(wrong) > SHOWN else ""
        listed = joined((joined(("\n  ", each), "") for each in wrong[:SHOWN]), "")
        raise WrongReview(
            name,
            N_(
                "nothing was imported; {wrong} of its lines are no decisions:{listed}{more}",
                wrong=len(wrong),
                listed=listed,
                more=more,
            ),
        )
    new = [review for review in found if review not in known]
    append(output, new)
    return new


def _check(output: Path, profile: Profile, review: Review) -> None:
    """Raises ArchiveError or WrongShape where a decision is not about a capture of this archive."""
    crawl, _, file = review.capture.warc.partition("/")
    if not file or {crawl, file} & {"", ".", ".."} or "/" in file:
        raise WrongShape(N_("{warc!r} is not a WARC file of a crawl", warc=review.capture.warc))
    capture = warc.read_at(output / "crawls" / crawl / file, review.capture.offset)
    if capture.proof.payload_sha256 != review.capture.payload_sha256:
        raise WrongShape(
            N_("its capture has another payload: {payload_sha256}", payload_sha256=capture.proof.payload_sha256)
        )
    if pages.identity_key(capture.url) != pages.identity_key(review.url):
        raise WrongShape(N_("its capture is of {url}, not of {reviewed}", url=capture.url, reviewed=review.url))
