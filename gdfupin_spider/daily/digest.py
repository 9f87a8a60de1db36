"""What a digest has: changes with their excerpts, the week in figures, the health of the archive. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..diff import KINDS, Difference
from ..diff.edits import beginning, field_runs, shortened, text_edits
from ..diff.edits import field as field_of
from ..diff.text_diff import TextRun
from ..monitoring.status import Status
from .state import UncertainMessage

LISTED = 60
"""Changes that are listed; more are counted."""
EXCERPTS = 3
"""Of one edit."""
BODY = 80
"""Characters of the beginning of a new article."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of text of a change."""

    field: str
    """Name of the field; empty: the body."""
    runs: tuple[TextRun, ...]


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One change."""

    kind: str
    title: str
    url: str
    date: str | None
    section: str | None
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class DigestChanges:
    """The changes since the last digest."""

    counts: Mapping[str, int]
    """By kind."""
    items: tuple[DigestItem, ...]
    """By kind, the newest first; the first LISTED."""

    @property
    def left(self) -> int:
        """Changes that are only counted."""
        return sum(self.counts.values()) - len(self.items)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days in figures."""

    counts: Mapping[str, int]
    """By kind."""
    sections: Mapping[str, int]
    """Changes by section, most first; the first ten."""

    @classmethod
    def of(cls, changes: Sequence[Difference]) -> "Week":
        sections = Counter(change.section or "" for change in changes)
        return cls(_counts(changes), dict(sections.most_common(10)))


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the archive."""

    last_look: str | None
    """When a crawl last could look at the site; UTC."""
    could_look: bool
    """Whether the newest crawl could."""
    articles: Mapping[str, int]
    """By status."""
    alarms: tuple[str, ...]
    """Sentences."""
    gaps: int
    held: tuple[str, ...]
    """Crawls that wait for a decision."""
    used: int
    free: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything that one digest has."""

    site: str
    day: str
    """In the time zone of the site."""
    changes: DigestChanges
    alerts: tuple[str, ...] = ()
    """Titles of the alerts that fired."""
    doubts: tuple[UncertainMessage, ...] = ()
    failures: tuple[str, ...] = ()
    """Steps that failed, with the reason."""
    week: Week | None = None
    health: Health | None = None
    is_public: bool = field(default=False)
    """For the readers: nothing about the machine."""

    def for_readers(self) -> "Digest":
        """Without what is the operator's."""
        return replace(self, alerts=(), doubts=(), failures=(), week=None, is_public=True)


def digest_of(changes: Sequence[Difference]) -> DigestChanges:
    """The changes as a digest has them."""
    newest = sorted(changes, key=_date, reverse=True)
    ordered = sorted(newest, key=lambda change: KINDS.index(change.kind))
    return DigestChanges(_counts(changes), tuple(map(_item, ordered[:LISTED])))


def health_of(found: Status, looked: str | None, could_look: bool) -> Health:
    """The state of the archive, of the figures of `gdfupin status`; `looked`, `could_look`: of `last_look`."""
    return Health(
        looked,
        could_look,
        found.catalog.articles,
        tuple(f"{each.name}: {each.message}" for each in found.alarms if each.acknowledged is None),
        found.open_gaps.open if found.open_gaps is not None else 0,
        tuple(each.crawl for each in found.held),
        found.disk.used,
        found.disk.free,
    )


def _counts(changes: Sequence[Difference]) -> Mapping[str, int]:
    counts = Counter(change.kind for change in changes)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _date(change: Difference) -> str:
    return (article["date"] or "") if (article := change.newest) else ""


def _item(change: Difference) -> DigestItem:
    article = change.newest
    excerpts = tuple(_excerpts(change))[:EXCERPTS]
    return DigestItem(
        change.kind, change.title, change.url, article["date"] if article else None, change.section, excerpts
    )


def _excerpts(change: Difference) -> Iterator[Excerpt]:
    """Of an edit its passages, numbers and names first; of a new article its beginning; of a moved one where it was."""
    if change.kind == "moved" and change.url_before:
        yield Excerpt("url", (TextRun("cut", change.url_before), TextRun("put", change.url)))
    if change.kind == "added" and change.new is not None:
        yield Excerpt("", (TextRun("same", beginning(change.new["body"], BODY)),))
    if change.kind != "edited" or change.old is None or change.new is None:
        return
    for name in change.fields:
        if name == "body":
            for edit in text_edits(change.old["body"], change.new["body"]).sentences:
                yield Excerpt("", tuple(shortened(edit.runs)))
        else:
            yield Excerpt(name, field_runs(name, field_of(change.old, name), field_of(change.new, name)))
