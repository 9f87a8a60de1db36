"""The decisions of persons about the versions of a release, for `corrections.jsonl`."""

from collections.abc import Iterator, Mapping
from typing import cast

from ..catalog.decisions import Decisions, key_of
from ..storage.reviews import PAGE, Review
from .records import ReleasedReview, VersionRow


def released_reviews(version: VersionRow, decisions: Decisions) -> Iterator[ReleasedReview]:
    """The decisions that hold for one version, by field."""
    for _, review in sorted(decisions.of(key_of(cast(Mapping[str, object], version))).items()):
        yield _released(review, version["id"], version["version"])


def rejections(decisions: Decisions) -> Iterator[ReleasedReview]:
    """Pages that persons rejected: they are in no other file."""
    for review in decisions.all():
        if review.field == PAGE and review.decision == "reject":
            yield _released(review, review.id, 0)


def _released(review: Review, id_: str, version: int) -> ReleasedReview:
    return ReleasedReview(
        id=id_,
        version=version,
        url=review.url,
        field=review.field,
        decision=review.decision,
        value_read=review.reviewed_value,
        value=review.value,
        reviewer=review.reviewer,
        reviewed_at=review.reviewed_at,
        reader=review.reader,
        payload_sha256=review.payload_sha256,
        note=review.note,
    )
