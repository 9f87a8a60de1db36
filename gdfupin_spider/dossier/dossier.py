"""The history of one article, found by any id or address that it ever had."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .. import pages
from ..archive import Archive, Record
from ..catalog import ArticleState, SightingState
from ..errors import ArticleWithdrawn, NotArchived
from ..items import Capture, Origin, Proof, as_dict, decode
from ..messages.text import N_
from ..profiles import Profile
from ..storage.proven_capture import ProvenCapture, proven
from ..terminal import pluralized

_ID = re.compile(r"[A-Za-z0-9_-]+-[0-9a-f]{12}")
_PAGES = {
    "home": N_("the home page"),
    "listing": "a listing",
    "file": "a file",
    "unknown": N_("a page of another kind"),
}
EVER = ("", "9999")
"""Two times that have everything between them."""


@dataclass(frozen=True)
class VersionSeen:
    """One version: its record, and the captures that showed it."""

    number: int
    first_seen: str
    last_seen: str
    record: Record
    """Its line; only `id` and `content_sha256` if the line was lost with a killed crawl."""
    captures: tuple[ProvenCapture, ...]
    """From its first to its last sighting, and the further pages that its record was read from; in capture order."""


@dataclass(frozen=True)
class Dossier:
    """One article."""

    state: ArticleState
    addresses: tuple[str, ...]
    """All its URLs, the one of its id first."""
    versions: tuple[VersionSeen, ...]
    """Oldest first."""
    absent: tuple[ProvenCapture, ...]
    """Captures since it was last seen that did not find it: what proves a disappearance."""

    def version(self, number: int | None) -> VersionSeen:
        """The version of this number; the newest one where None. Raises NotArchived."""
        if number is None:
            return self.versions[-1]
        for version in self.versions:
            if version.number == number:
                return version
        raise NotArchived(
            self.state.id,
            N_(
                "it has {versions}, and none is number {number}",
                versions=pluralized(len(self.versions), "version"),
                number=number,
            ),
        )

    def encode(self) -> dict[str, object]:
        """For JSON."""
        return {
            **as_dict(self.state),
            "addresses": list(self.addresses),
            "versions": [
                {
                    "version": each.number,
                    "first_seen": each.first_seen,
                    "last_seen": each.last_seen,
                    "record": each.record,
                    "captures": [as_dict(capture) for capture in each.captures],
                }
                for each in self.versions
            ],
            "absent": [as_dict(capture) for capture in self.absent],
        }


def dossier_of(archive: Archive, profile: Profile, name: str) -> Dossier:
    """The article with this id or URL, of today or of earlier.

    Raises NotArchived, which says what is known of it, and ArticleWithdrawn.
    """
    id_ = id_of(profile, name)
    if (withdrawal := archive.withdrawal(id_)) is not None:
        raise ArticleWithdrawn(name, withdrawal.date, withdrawal.reason)
    state = archive.state(id_)
    if state is None:
        raise NotArchived(name, _why_not(archive, profile, name, id_))
    sightings = list(archive.sightings(state.id, *EVER))
    return Dossier(
        state,
        tuple(archive.addresses(state.id)),
        tuple(_versions(archive, state, sightings)),
        tuple(
            _proven(archive.path, sighting)
            for sighting in sightings
            if _is_absent(sighting) and sighting.captured_at > state.last_seen
        ),
    )


def payload_of(archive: Archive, version: VersionSeen) -> Capture:
    """The capture that the record of a version was read from: of an article of several pages, that of the first one.

    Raises NotArchived, ArchiveError.
    """
    captures = cast(list[dict[str, object]], version.record.get("captures") or [])
    if not captures:
        raise NotArchived(str(version.record["id"]), N_("the line of this version was lost with a killed crawl"))
    return archive.capture(decode(Proof, captures[0]))


def id_of(profile: Profile, name: str) -> str:
    """The id that an id or URL refers to. Raises NotArchived where it is neither."""
    if name.lower().startswith(("http://", "https://")):
        return pages.article_id(profile.name, name)
    if _ID.fullmatch(name) is None:
        raise NotArchived(
            name,
            N_("it is neither an id (gdfupin-1a2b3c4d5e6f) nor a URL; `gdfupin articles` prints both of all articles"),
        )
    return name


def _why_not(archive: Archive, profile: Profile, name: str, id_: str) -> str:
    known = archive.address_state(id_)
    if known is None:
        listed = next((each for each in archive.missing() if pages.article_id(profile.name, each.url) == id_), None)
        return (
            N_(
                "a listing of {section} names it, but the archive has no answer from it ({why})",
                section=listed.section or "the site",
                why=listed.why,
            )
            if listed is not None
            else N_(
                "the archive knows no such article, and no listing names it; `gdfupin articles` prints those "
                "that it has"
            )
        )
    if (page := _PAGES.get(known.outcome)) is not None:
        return N_("the archive knows this address, but it is {page}, not an article", page=page)
    return N_(
        "the archive knows this address, but no article was ever read there; the last outcome is {outcome}",
        outcome=known.outcome,
    )


def _is_absent(sighting: SightingState) -> bool:
    return sighting.word in ("missing", "moved")


def _versions(archive: Archive, state: ArticleState, sightings: list[SightingState]) -> Iterator[VersionSeen]:
    for record in archive.versions(state.id):
        first, last = str(record["first_seen"]), str(record["last_seen"])
        seen = (
            sighting for sighting in sightings if sighting.word == "alive" and first <= sighting.captured_at <= last
        )
        number = cast(int, record["version"])
        captures = [_proven(archive.path, sighting) for sighting in seen]
        places = {(one.warc, one.offset) for one in captures}
        captures += [one for one in _read_from(archive.path, record) if (one.warc, one.offset) not in places]
        yield VersionSeen(number, first, last, record, tuple(sorted(captures, key=lambda one: one.captured_at)))


def _read_from(output: Path, record: Record) -> Iterator[ProvenCapture]:
    """The captures that a record was read from. An article of several pages is sighted by its first one alone."""
    for place in cast(list[dict[str, object]], record.get("captures") or []):
        proof = decode(Proof, place)
        first_seen, origin = str(record["captured_at"]), cast(Origin, record["origin"])
        yield proven(output, first_seen, "read", origin, proof.warc, proof.offset)


def _proven(output: Path, sighting: SightingState) -> ProvenCapture:
    file = f"{sighting.crawl}/{sighting.warc}"
    return proven(output, sighting.captured_at, sighting.outcome, cast(Origin, sighting.origin), file, sighting.offset)
