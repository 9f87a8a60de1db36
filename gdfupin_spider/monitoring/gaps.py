"""The gaps after a crawl for its report: how many are open, new, healed, acknowledged."""

from collections.abc import Sequence

from ..ledger.gap_tracker import GapChanges
from ..storage.acknowledgements import Acknowledgements
from ..storage.aftermath import GapExample, OpenGaps
from ..storage.open_gaps import OpenGap

EXAMPLES = 5


def compared_gaps(changes: GapChanges, known: Acknowledgements) -> OpenGaps:
    """The figures of a crawl. Acknowledged gaps are neither new nor healed."""
    gaps = [gap for gap in changes.open if gap.level != "note"]
    acknowledged = {gap.url for gap in (*gaps, *changes.new, *changes.healed) if known.of_url(gap.url)}
    still = [gap for gap in gaps if gap.url not in acknowledged]
    new = [gap for gap in changes.new if gap.url not in acknowledged]
    healed = [gap for gap in changes.healed if gap.url not in acknowledged]
    return OpenGaps(
        open=len(still),
        acknowledged=len(gaps) - len(still),
        new=len(new),
        healed=len(healed),
        since=min((gap.since for gap in still), default=None),
        new_examples=_examples(new),
        healed_examples=_examples(healed),
    )


def _examples(gaps: Sequence[OpenGap]) -> tuple[GapExample, ...]:
    return tuple(GapExample(gap.url, gap.what, gap.since) for gap in gaps[:EXAMPLES])
