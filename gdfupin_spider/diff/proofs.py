"""The captures that prove both sides of a change: what was answered before and after, and where that is kept."""

from pathlib import Path
from typing import cast

from ..catalog import Catalog, SightingState
from ..items import Origin, Proof, WrongShape, decode
from ..storage.proven_capture import ProvenCapture, proven
from .difference import ComparedArticle, Difference


class ChangeProofs:
    """Finds them in the WARC files of an archive. Of files there is only what their records have: no status."""

    def __init__(self, output: Path | None = None, catalog: Catalog | None = None) -> None:
        """Without `catalog` the records of the changes are asked alone."""
        self._output, self._catalog = output, catalog

    def of(self, change: Difference) -> tuple[ProvenCapture | None, ProvenCapture | None]:
        """(before, after): the captures at `seen_before` and `seen_after`; None where nothing was observed or recorded.

        Of an article that is gone, the one after is that which confirmed it.
        """
        return self._side(change, change.old, change.seen_before), self._side(change, change.new, change.seen_after)

    def _side(self, change: Difference, record: ComparedArticle | None, at: str | None) -> ProvenCapture | None:
        if self._output is None or self._catalog is None:
            return _recorded(record)
        if at is None:
            return None
        # Two captures of one second: the one that proves something.
        sightings = sorted(self._catalog.sightings(change.id, at, at), key=lambda sighting: sighting.word is None)
        return _seen(self._output, sightings[0]) if sightings else None


def _seen(output: Path, sighting: SightingState) -> ProvenCapture:
    file = f"{sighting.crawl}/{sighting.warc}"
    return proven(output, sighting.captured_at, sighting.outcome, cast(Origin, sighting.origin), file, sighting.offset)


def _recorded(record: ComparedArticle | None) -> ProvenCapture | None:
    """The first capture of a record. A file may come from a stranger: its paths are shown, never opened."""
    if record is None:
        return None
    try:
        proof = decode(Proof, next(iter(record.get("captures") or ())))
    except (WrongShape, StopIteration, TypeError):
        return None
    origin = cast(Origin, record.get("origin", "live"))
    return ProvenCapture(
        record["captured_at"], "read", origin, record["url"], None, proof.warc, proof.offset, proof.payload_sha256, None
    )
