"""The rows of the table `captures`: what proves that a version was there, or that an article was not.

Of each version: the records that it was read from, and its first and last sighting. Of the article: all captures that did not find
it. So the table grows with versions and absences, not with crawls. Only the records of absences are read from their WARC files,
for status and digest; those of a version that it was not read from have their place alone.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from ..catalog import Catalog, SightingState
from ..items import Origin, as_dict
from ..storage.proven_capture import proven
from .records import ReleasedCapture, VersionRow

Row = dict[str, object]


def released_captures(output: Path, catalog: Catalog, id_: str, versions: Sequence[VersionRow]) -> list[Row]:
    """The fields of ReleasedCapture, of one article, in capture order. `versions`: those that have a line."""
    sightings = catalog.proofs(id_)
    seen = {_place(sighting): sighting for sighting in sightings if sighting.word == "alive"}
    read = {(version["version"], each["warc"], each["offset"]) for version in versions for each in version["captures"]}
    rows = [row for version in versions for row in _read_from(version, seen)]
    for sighting in sightings:
        number = _version(versions, sighting)
        if sighting.word != "alive":
            rows.append(_absent(output, id_, sighting))
        elif (number, *_place(sighting)) not in read:
            rows.append(_row(id_, sighting, number))
    rows.sort(key=lambda row: (row.captured_at, row.warc, row.offset, row.version or 0))
    return [as_dict(row) | {"number": number} for number, row in enumerate(rows, 1)]


def is_unread(row: Row) -> bool:
    """Whether status and digest of a row are null because the WARC file could not be read."""
    return row["payload_sha256"] is None and row["outcome"] in ("missing", "moved")


def _read_from(version: VersionRow, seen: dict[tuple[str, int], SightingState]) -> Iterator[ReleasedCapture]:
    for page, capture in enumerate(version["captures"], 1):
        sighting = seen.get((capture["warc"], capture["offset"]))
        yield ReleasedCapture(
            id=version["id"],
            number=0,
            version=version["version"],
            page=page,
            outcome=sighting.outcome if sighting else "read",
            status=None,
            url=version["url"],
            captured_at=version["captured_at"],
            origin=version["origin"],
            **capture,
        )


def _absent(output: Path, id_: str, sighting: SightingState) -> ReleasedCapture:
    capture = proven(
        output,
        sighting.captured_at,
        sighting.outcome,
        cast(Origin, sighting.origin),
        _place(sighting)[0],
        sighting.offset,
    )
    return _row(id_, sighting, None, capture.status, capture.payload_sha256)


def _row(
    id_: str, sighting: SightingState, version: int | None, status: int | None = None, payload: str | None = None
) -> ReleasedCapture:
    return ReleasedCapture(
        id=id_,
        number=0,
        version=version,
        page=None,
        outcome=sighting.outcome,
        status=status,
        url=sighting.url,
        captured_at=sighting.captured_at,
        origin=sighting.origin,
        warc=_place(sighting)[0],
        offset=sighting.offset,
        payload_sha256=payload,
    )


def _place(sighting: SightingState) -> tuple[str, int]:
    return f"{sighting.crawl}/{sighting.warc}", sighting.offset


def _version(versions: Sequence[VersionRow], sighting: SightingState) -> int | None:
    seen = (each for each in versions if each["first_seen"] <= sighting.captured_at <= each["last_seen"])
    return next((each["version"] for each in seen), None)
