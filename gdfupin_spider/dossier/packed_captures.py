"""Which captures of an article go into its evidence. An article that was looked at for years has hundreds; few of them prove something."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, cast

from ..items import Proof, decode
from ..storage.proven_capture import ProvenCapture
from .dossier import Dossier, VersionSeen

MOST_ABSENT = 100
"""Captures without the article that are packed: as many of the first ones, which prove since when, as of the last ones."""


class LeftOut(NamedTuple):
    """A capture that is not packed."""

    capture: ProvenCapture
    why: str


@dataclass(frozen=True)
class PackedCaptures:
    """All captures of a dossier, those that are packed and the others; each in capture order."""

    packed: tuple[ProvenCapture, ...]
    left_out: tuple[LeftOut, ...]


def packed_captures(dossier: Dossier) -> PackedCaptures:
    """Of each version the first and the last capture and those that its record was read from, which a citation names; then those since
    the article was last seen, which did not find it. The others, and those that cannot be read, are left out."""
    why: dict[ProvenCapture, str | None] = {}
    for capture, reason in _judged(dossier):  # one of a second may belong to two versions: it is packed for either
        why[capture] = None if why.get(capture, reason) is None else reason
    return PackedCaptures(
        tuple(capture for capture, reason in why.items() if reason is None),
        tuple(LeftOut(capture, reason) for capture, reason in why.items() if reason is not None),
    )


def _judged(dossier: Dossier) -> Iterator[tuple[ProvenCapture, str | None]]:
    """Each capture, and why it is left out; None: it is not."""
    for version in dossier.versions:
        readable = [one for one in version.captures if one.payload_sha256 is not None]
        kept = {*readable[:1], *readable[-1:], *(one for one in readable if _is_read_from(version, one))}
        for one in version.captures:
            between = f"it is between the first and the last capture of version {version.number}"
            yield one, _unreadable(one) or (None if one in kept else between)
    readable = [one for one in dossier.absent if one.payload_sha256 is not None]
    half = MOST_ABSENT // 2
    kept = set(readable if len(readable) <= MOST_ABSENT else readable[:half] + readable[-half:])
    for one in dossier.absent:
        yield one, _unreadable(one) or (None if one in kept else f"it is none of the {half} first and {half} last ones")


def _unreadable(capture: ProvenCapture) -> str | None:
    return None if capture.payload_sha256 is not None else f"it cannot be read: {capture.problem}"


def _is_read_from(version: VersionSeen, capture: ProvenCapture) -> bool:
    places = (decode(Proof, place) for place in cast(list[dict[str, object]], version.record.get("captures") or []))
    return (capture.warc, capture.offset) in {(place.warc, place.offset) for place in places}
