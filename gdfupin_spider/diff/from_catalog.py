"""Changes between two points of an archive, with article records and evidence."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple, cast

from .. import warc
from ..catalog import BEGIN, Catalog, Change, Place, Point, SightingState, changes
from ..catalog.decisions import decisions_of
from ..catalog.rereads import rereads, values_between
from ..catalog.withdrawn import withdrawn_in
from ..errors import ArchiveError
from ..messages.text import N_
from ..storage.json_rows import ContentRow
from . import observed
from .article_check import record_of
from .difference import ComparedArticle, Difference
from .sets import Head, names_of
from .significance import weight


class ArchiveLines:
    """Access to article lines and WARC records of an output by its catalog."""

    def __init__(self, output: Path, catalog: Catalog) -> None:
        self.output, self.catalog, self._decisions = output, catalog, decisions_of(output)
        self.withdrawn = withdrawn_in(output, catalog)

    def record(self, article: str, sha256: str | None, url: str) -> ComparedArticle | None:
        """The article with this digest, preferably read at this address; None if no line of it was kept."""
        place = self.place(article, sha256, url)
        return self.read(place) if place else None

    def place(self, article: str, sha256: str | None, url: str) -> Place | None:
        """The position of that line."""
        return self.catalog.line(article, sha256, url) if sha256 else None

    def read(self, place: Place) -> ComparedArticle:
        """The article whose line is there. Raises ArchiveError, NotArticles."""
        path = self.output / place.folder / "articles.jsonl"
        try:
            with path.open("rb") as file:
                file.seek(place.offset)
                value = json.loads(file.readline())
        except OSError as error:
            raise ArchiveError(path, error.strerror or str(error)) from error
        except ValueError as error:
            raise ArchiveError(
                path, N_("not an article line: {error}; run `gdfupin catalog`", error=error), place.offset
            ) from error
        record = record_of(value, path, f"byte {place.offset}")
        applied = self._decisions.applied(cast(Mapping[str, object], record))
        return cast(ComparedArticle, {**applied.record, "reviewed": list(applied.reviewed)})

    def reviewed(self) -> frozenset[str]:
        """Ids of articles that persons decided about."""
        found = (self.catalog.resolve(review.id) for review in self._decisions.all())
        return frozenset(id_ for id_ in found if id_)

    def sightings(self, article: str, since: str, until: str) -> list[observed.SightingWithStatus]:
        """All sightings of an article between two times, both included."""
        return [
            observed.SightingWithStatus(each.captured_at, each.outcome, each.word, each.origin, self._status(each))
            for each in self.catalog.sightings(article, since, until)
        ]

    def _status(self, sighting: SightingState) -> int | None:
        """The HTTP status of a response that proved an article missing; None for others, and where the WARC is not here."""
        if sighting.word != "missing":
            return None
        try:
            return warc.read_at(self.output / "crawls" / sighting.crawl / sighting.warc, sighting.offset).status
        except ArchiveError:
            return None


def differences_of(archive: ArchiveLines, found: Iterable[Change]) -> Iterator[Difference]:
    """The changes of the catalog with texts, weight and evidence."""
    for change in found:
        values = {each.name: getattr(change, each.name) for each in fields(Change)}
        old = archive.record(change.id, change.before, change.url_before or change.url)
        new = archive.record(change.id, change.after, change.url)
        sightings = archive.sightings(change.id, change.seen_before or change.seen_after, change.seen_after)
        edit = change.kind == "edited"
        # If a killed crawl lost a line, the edit cannot be proven cosmetic.
        weighed = (weight(old, new) if old and new else "substantive") if edit else None
        origin = "demo" if any(sighting.origin == "demo" for sighting in sightings) else "live"
        evidence = observed.stamped(observed.of_archive(change, sightings), origin)
        if new is not None:
            values["title"] = new["title"]
        yield Difference(**values, weight=weighed, evidence=evidence, old=old, new=new)


def rereads_between(archive: ArchiveLines, since: str, until: str) -> Iterator[Difference]:
    """What readings changed that were complete after `since` and up to `until` (UTC), by article id."""
    for reread in rereads(archive.output, archive.catalog, since, until):
        old, new = (archive.read(place) if place else None for place in (reread.before, reread.after))
        now = new or old
        assert now is not None
        # What a person decided holds in both readings.
        values = values_between(cast(ContentRow | None, old), cast(ContentRow | None, new))
        if not values:
            continue
        evidence = N_(
            "the capture of {day}, read again {read_at} by {reader}; before by {before}",
            day=reread.captured_at[:10],
            read_at=reread.read_at[:10],
            reader=reread.reader_after,
            before=reread.reader_before,
        )
        state = archive.catalog.article(reread.id)
        yield Difference(
            kind="reread",
            id=reread.id,
            url=state.url if state else now["url"],
            title=now["title"],
            section=now["section"],
            fields=tuple(each.field for each in values),
            before=old["content_sha256"] if old else None,
            after=new["content_sha256"] if new else None,
            seen_before=reread.captured_at,
            seen_after=reread.captured_at,
            url_before=None,
            section_before=None,
            missing_since=None,
            weight=None,
            evidence=observed.stamped(evidence, str(now.get("origin"))),
            reader_before=reread.reader_before,
            reader_after=reread.reader_after,
            values=values,
            old=old,
            new=new,
        )


class AsOf:
    """The articles of an archive at one point; a `sets.ArticleSet`."""

    def __init__(self, archive: ArchiveLines, until: Point, name: str) -> None:
        self.name, self._archive = name, archive
        known = list(changes(archive.catalog, BEGIN, until))
        gone = {change.id for change in known if change.kind == "gone"}
        self._articles = [
            _ArticleAsOf(each, "gone" if each.id in gone else "live", archive.place(each.id, each.after, each.url))
            for each in known
            if each.kind == "added" and each.after and each.id not in archive.withdrawn
        ]
        self._reviewed = archive.reviewed()

    def heads(self) -> Iterator[Head]:
        for each in self._articles:
            digest = each.change.after or ""
            if each.change.id in self._reviewed and each.place:  # the digest of what persons made of it
                digest = self._archive.read(each.place)["content_sha256"]
            yield Head(each.change.id, digest, each.change.url, each.status)

    def aliases(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        for row, each in enumerate(self._articles):
            yield row, names_of(self._archive.catalog.aliases(each.change.id))

    def records(self, rows: Sequence[int]) -> Iterator[ComparedArticle]:
        for change, status, place in (self._articles[row] for row in rows):
            if place is None:
                raise ArchiveError(change.id, N_("its line is missing; run `gdfupin catalog`"))
            yield {**self._archive.read(place), "id": change.id, "url": change.url, "status": status}


class _ArticleAsOf(NamedTuple):
    """An article at one point."""

    change: Change
    """Its `added` change since the beginning."""
    status: str
    place: Place | None
